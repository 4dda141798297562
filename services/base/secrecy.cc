// SPDX-License-Identifier: Apache-2.0
#include "services/base/secrecy.h"

#include <utf8proc.h>

#include <algorithm>
#include <array>
#include <string>

#include "services/base/text.h"

namespace gongkai {
namespace {

constexpr std::string_view kStar = "★";
constexpr std::array<std::string_view, 5> kMarks = {"绝密★", "机密★", "秘密★",
                                                    "絕密★", "機密★"};

// Blanks within a line, and what has no width.
bool IsBlank(utf8proc_int32_t cp) {
  if (cp == '\t') return true;
  const auto category = utf8proc_category(cp);
  return category == UTF8PROC_CATEGORY_ZS || category == UTF8PROC_CATEGORY_CF;
}

std::string WithoutBlanks(std::string_view text) {
  std::string kept;
  size_t at = 0;
  while (at < text.size()) {
    utf8proc_int32_t cp = -1;
    const auto n = utf8proc_iterate(
        reinterpret_cast<const utf8proc_uint8_t*>(text.data()) + at,
        static_cast<utf8proc_ssize_t>(text.size() - at), &cp);
    if (n <= 0) break;
    if (!IsBlank(cp)) kept.append(text.substr(at, static_cast<size_t>(n)));
    at += static_cast<size_t>(n);
  }
  return kept;
}

}  // namespace

bool BearsSecrecyMark(std::string_view text) {
  // No other form of the star means the same, and few texts have one.
  if (text.find(kStar) == std::string_view::npos) return false;
  const std::string plain = WithoutBlanks(FoldForms(text));
  return std::any_of(kMarks.begin(), kMarks.end(), [&](std::string_view mark) {
    return plain.find(mark) != std::string::npos;
  });
}

}  // namespace gongkai
