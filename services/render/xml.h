// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_RENDER_XML_H_
#define GONGKAI_SERVICES_RENDER_XML_H_

#include <string>
#include <string_view>

namespace gongkai::render {

// The text for between tags and in attributes: marks escaped, characters that
// XML 1.0 forbids left out.
std::string Escaped(std::string_view text);

}  // namespace gongkai::render

#endif  // GONGKAI_SERVICES_RENDER_XML_H_
