// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_BASE_UTF8_H_
#define GONGKAI_SERVICES_BASE_UTF8_H_

#include <string_view>

namespace gongkai {

// Whether `text` is valid UTF-8: no stray bytes, no overlong form, no
// surrogate.
bool IsUtf8(std::string_view text);

// Whether valid UTF-8 holds a white space of Unicode, line breaks among them.
bool HasSpace(std::string_view text);

}  // namespace gongkai

#endif  // GONGKAI_SERVICES_BASE_UTF8_H_
