// SPDX-License-Identifier: Apache-2.0
#include "services/document/plain_words.h"

#include <algorithm>
#include <cstdint>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_replace.h"
#include "services/audit/encoding.h"
#include "services/base/dates.h"
#include "services/base/utf8.h"

namespace gongkai::document {
namespace {

// The code point that begins valid UTF-8, and how many bytes it takes.
struct CodePoint {
  uint32_t value = 0;
  size_t bytes = 1;
};
CodePoint FirstOf(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text[0]);
  if (lead < 0x80) return {lead, 1};
  const size_t bytes = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  uint32_t value = lead & (0x7F >> bytes);
  for (size_t i = 1; i < bytes && i < text.size(); ++i) {
    value = value << 6 | (static_cast<unsigned char>(text[i]) & 0x3F);
  }
  return {value, bytes};
}

bool IsHidden(uint32_t c) {
  if (c == '\n' || c == '\t') return false;
  // Controls, soft hyphen, marks of direction, what has no width, tags.
  return c < 0x20 || (c >= 0x7F && c <= 0x9F) || c == 0x00AD || c == 0x061C ||
         c == 0x180E || (c >= 0x200B && c <= 0x200F) ||
         (c >= 0x2028 && c <= 0x202E) || (c >= 0x2060 && c <= 0x206F) ||
         c == 0xFEFF || (c >= 0xE0000 && c <= 0xE007F);
}

}  // namespace

std::string Visible(std::string_view text) {
  if (!IsUtf8(text)) {
    return absl::StrCat("［非文字：", audit::ToHex(text), "］");
  }
  std::string visible;
  visible.reserve(text.size());
  while (!text.empty()) {
    const CodePoint c = FirstOf(text);
    const size_t bytes = std::min(c.bytes, text.size());
    if (IsHidden(c.value)) {
      absl::StrAppendFormat(&visible, "［U+%04X］", c.value);
    } else {
      visible.append(text.substr(0, bytes));
    }
    text.remove_prefix(bytes);
  }
  return visible;
}

std::string ToHtml(std::string_view text) {
  return absl::StrReplaceAll(ToAbsl(text), {{"&", "&amp;"},
                                            {"<", "&lt;"},
                                            {">", "&gt;"},
                                            {"\"", "&quot;"},
                                            {"'", "&#39;"}});
}

}  // namespace gongkai::document
