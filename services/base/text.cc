// SPDX-License-Identifier: Apache-2.0
#include "services/base/text.h"

#include <utf8proc.h>

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <unordered_set>

namespace gongkai {
namespace {

// Decodes the code point at `text[pos]` and moves on; -1 for invalid UTF-8.
utf8proc_int32_t Next(std::string_view text, size_t& pos) {
  utf8proc_int32_t cp = -1;
  const auto n = utf8proc_iterate(
      reinterpret_cast<const utf8proc_uint8_t*>(text.data()) + pos,
      static_cast<utf8proc_ssize_t>(text.size() - pos), &cp);
  if (n <= 0) return -1;
  pos += static_cast<size_t>(n);
  return cp;
}

bool IsBidiControl(utf8proc_int32_t cp) {
  return (cp >= 0x202A && cp <= 0x202E) || (cp >= 0x2066 && cp <= 0x2069) ||
         cp == 0x200E || cp == 0x200F || cp == 0x061C;
}

std::string Map(std::string_view text, utf8proc_option_t options) {
  utf8proc_uint8_t* out = nullptr;
  const auto n =
      utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                   static_cast<utf8proc_ssize_t>(text.size()), &out, options);
  std::unique_ptr<utf8proc_uint8_t, decltype(&std::free)> owner(out,
                                                                &std::free);
  if (n < 0) return std::string(text);
  return std::string(reinterpret_cast<char*>(out), static_cast<size_t>(n));
}

bool IsLetter(utf8proc_int32_t cp) {
  switch (utf8proc_category(cp)) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_MC:
    case UTF8PROC_CATEGORY_ND:
    case UTF8PROC_CATEGORY_NL:
    case UTF8PROC_CATEGORY_NO:
      return true;
    default:
      return false;
  }
}

std::string Encode(utf8proc_int32_t cp) {
  utf8proc_uint8_t buffer[4];
  const auto n = utf8proc_encode_char(cp, buffer);
  return std::string(reinterpret_cast<char*>(buffer), static_cast<size_t>(n));
}

}  // namespace

TextDefect FindDefect(std::string_view text, size_t max_chars, bool multiline) {
  size_t chars = 0;
  size_t pos = 0;
  while (pos < text.size()) {
    const utf8proc_int32_t cp = Next(text, pos);
    if (cp < 0) return TextDefect::kNotUtf8;
    if (cp == 0) return TextDefect::kNul;
    if (cp == '\n' || cp == '\r' || cp == '\t') {
      if (!multiline) return TextDefect::kLineBreak;
    } else if (cp < 0x20 || (cp >= 0x7F && cp <= 0x9F)) {
      return TextDefect::kControl;
    }
    if (IsBidiControl(cp)) return TextDefect::kBidiControl;
    if (++chars > max_chars) return TextDefect::kTooLong;
  }
  return TextDefect::kNone;
}

std::string_view DefectText(TextDefect defect) {
  switch (defect) {
    case TextDefect::kNone:
      return "";
    case TextDefect::kNotUtf8:
      return "is not valid UTF-8";
    case TextDefect::kNul:
      return "contains U+0000";
    case TextDefect::kControl:
      return "contains a control character";
    case TextDefect::kBidiControl:
      return "contains a bidirectional control, which changes how it is read";
    case TextDefect::kLineBreak:
      return "contains a line break or tab where one line is expected";
    case TextDefect::kTooLong:
      return "is longer than allowed";
  }
  return "";
}

size_t CodePoints(std::string_view text) {
  return static_cast<size_t>(std::count_if(
      text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

size_t DisplayWidth(std::string_view text) {
  size_t width = 0;
  size_t pos = 0;
  while (pos < text.size()) {
    const utf8proc_int32_t cp = Next(text, pos);
    if (cp < 0) return width + (text.size() - pos);
    width += static_cast<size_t>(std::max(0, utf8proc_charwidth(cp)));
  }
  return width;
}

std::string ToNfc(std::string_view text) {
  return Map(
      text, static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE));
}

std::string FoldForms(std::string_view text) {
  return Map(text, static_cast<utf8proc_option_t>(
                       UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_COMPAT |
                       UTF8PROC_CASEFOLD));
}

std::vector<std::string> Bigrams(std::string_view text) {
  const std::string folded = FoldForms(text);
  std::vector<std::string> words;
  std::unordered_set<std::string> seen;
  const auto add = [&](std::string word) {
    if (seen.insert(word).second) words.push_back(std::move(word));
  };
  std::string latin;             // run of ASCII letters and digits
  std::vector<std::string> run;  // run of other letters
  const auto flush = [&] {
    if (!latin.empty()) add(std::move(latin));
    latin.clear();
    if (run.size() == 1) add(run[0]);
    for (size_t i = 0; i + 1 < run.size(); ++i) add(run[i] + run[i + 1]);
    run.clear();
  };
  size_t pos = 0;
  while (pos < folded.size()) {
    const utf8proc_int32_t cp = Next(folded, pos);
    if (cp < 0) break;
    if (!IsLetter(cp)) {
      flush();
    } else if (cp < 0x80) {
      if (!run.empty()) flush();
      latin.push_back(static_cast<char>(cp));
    } else {
      if (!latin.empty()) flush();
      run.push_back(Encode(cp));
    }
  }
  flush();
  return words;
}

}  // namespace gongkai
