// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_BASE_SECRECY_H_
#define GONGKAI_SERVICES_BASE_SECRECY_H_

#include <string_view>

namespace gongkai {

// Whether valid UTF-8 bears the mark of a state secret (国家秘密标志): 绝密,
// 机密 or 秘密 and ★, with or without a period after it. Blanks, full-width and
// traditional forms make no difference; a line break ends a mark. It finds what
// is marked, never what is secret.
bool BearsSecrecyMark(std::string_view text);

}  // namespace gongkai

#endif  // GONGKAI_SERVICES_BASE_SECRECY_H_
