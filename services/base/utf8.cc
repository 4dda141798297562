// SPDX-License-Identifier: Apache-2.0
#include "services/base/utf8.h"

#include <utf8proc.h>

namespace gongkai {
namespace {

bool IsSpace(utf8proc_int32_t cp) {
  if ((cp >= 0x09 && cp <= 0x0D) || cp == 0x85) return true;
  switch (utf8proc_category(cp)) {
    case UTF8PROC_CATEGORY_ZS:
    case UTF8PROC_CATEGORY_ZL:
    case UTF8PROC_CATEGORY_ZP:
      return true;
    default:
      return false;
  }
}

// Whether every code point of `text` can be read and `is_fine`.
template <typename Fine>
bool All(std::string_view text, Fine is_fine) {
  while (!text.empty()) {
    utf8proc_int32_t cp = -1;
    const auto n =
        utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                         static_cast<utf8proc_ssize_t>(text.size()), &cp);
    if (n <= 0 || !is_fine(cp)) return false;
    text.remove_prefix(static_cast<size_t>(n));
  }
  return true;
}

}  // namespace

bool IsUtf8(std::string_view text) {
  return All(text, [](utf8proc_int32_t) { return true; });
}

bool HasSpace(std::string_view text) {
  return !All(text, [](utf8proc_int32_t cp) { return !IsSpace(cp); });
}

}  // namespace gongkai
