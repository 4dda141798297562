// SPDX-License-Identifier: Apache-2.0
#include "services/render/xml.h"

namespace gongkai::render {

std::string Escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        if (static_cast<unsigned char>(c) >= 0x20) {
          out += c;
        } else if (c == '\n' || c == '\t' || c == '\r') {
          out += ' ';
        }
    }
  }
  return out;
}

}  // namespace gongkai::render
