// SPDX-License-Identifier: Apache-2.0
// The written forms of strings that are not free text.

#include <algorithm>
#include <cstdint>

#include "services/api/validate.h"
#include "services/base/dates.h"
#include "services/base/ids.h"

namespace gongkai::api {
namespace {

bool IsAlnum(char c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
         (c >= 'a' && c <= 'z');
}

bool AllOf(std::string_view text, std::string_view besides) {
  return std::all_of(text.begin(), text.end(), [&](char c) {
    return IsAlnum(c) || besides.find(c) != std::string_view::npos;
  });
}

bool IsAgency(std::string_view text) {
  return text.size() >= 2 && text.size() <= 12 &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
         });
}

// Decodes one code point of valid UTF-8 and moves on.
char32_t Next(std::string_view text, size_t& pos) {
  const auto lead = static_cast<unsigned char>(text[pos++]);
  int more = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : lead >= 0xC0 ? 1 : 0;
  char32_t cp = more == 0 ? lead : lead & (0x3F >> more);
  for (; more > 0 && pos < text.size(); --more) {
    cp = (cp << 6) | (static_cast<unsigned char>(text[pos++]) & 0x3F);
  }
  return cp;
}

bool IsHan(char32_t cp) {
  return (cp >= 0x4E00 && cp <= 0x9FFF) || (cp >= 0x3400 && cp <= 0x4DBF) ||
         (cp >= 0x20000 && cp <= 0x323AF) || (cp >= 0xF900 && cp <= 0xFAFF) ||
         cp == 0x3007;  // 〇
}

bool IsDocumentSign(char32_t cp) {
  constexpr std::u32string_view kSigns =
      U"()[]<>（）〔〕【】［］〈〉《》「」『』“”"
      U"-_./:·、，—－―：第 ";
  return kSigns.find(cp) != std::u32string_view::npos;
}

// Latin letters with marks, full-width letters and digits.
bool IsOtherLetter(char32_t cp) {
  return (cp >= 0xC0 && cp <= 0x24F && cp != 0xD7 && cp != 0xF7) ||
         (cp >= 0xFF10 && cp <= 0xFF19) || (cp >= 0xFF21 && cp <= 0xFF3A) ||
         (cp >= 0xFF41 && cp <= 0xFF5A);
}

bool IsDocumentNumber(std::string_view text) {
  for (size_t pos = 0; pos < text.size();) {
    const char32_t cp = Next(text, pos);
    const bool plain = cp < 0x80 && IsAlnum(static_cast<char>(cp));
    if (!plain && !IsHan(cp) && !IsDocumentSign(cp) && !IsOtherLetter(cp)) {
      return false;
    }
  }
  return true;
}

bool IsCaseName(std::string_view text) {
  // A bare number names a case to a person, not in the contract.
  return text.starts_with("agencies/") && ParseCaseName(text).ok();
}

}  // namespace

std::string_view FormDefect(std::string_view text, v1::Format format) {
  switch (format) {
    case v1::DATE:
      return ParseDay(text).ok() ? "" : "a day of 1949 to 2199 as YYYY-MM-DD";
    case v1::UUID:
      return IsUuid(text) ? "" : "a UUID in lower-case text";
    case v1::AGENCY:
      return IsAgency(text) ? ""
                            : "the code of an agency: 2 to 12 upper-case "
                              "letters and digits";
    case v1::CASE_NAME:
      return IsCaseName(text) ? "" : "agencies/{agency}/cases/{number}";
    case v1::ACCOUNT:
      return AllOf(text, "._-") ? "" : "letters, digits, '.', '_' and '-'";
    case v1::CODE:
      return AllOf(text, "._:/+-")
                 ? ""
                 : "letters, digits, '.', '_', ':', '/', '+' and '-'";
    case v1::PAGE_TOKEN:
      return AllOf(text, "_-=") ? "" : "a page token as it was given out";
    case v1::DOCUMENT_NUMBER:
      return IsDocumentNumber(text)
                 ? ""
                 : "Chinese, Latin letters, digits and brackets";
    case v1::LOCALE:
      return AllOf(text, "-") ? "" : "a locale tag";
    case v1::FILTER:
      return AllOf(text, " =<>!&|()\"._-") ? "" : "a filter expression";
    default:
      return "";
  }
}

}  // namespace gongkai::api
