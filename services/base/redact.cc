// SPDX-License-Identifier: Apache-2.0
#include "services/base/redact.h"

#include <utf8proc.h>

#include <algorithm>
#include <cstddef>
#include <vector>

namespace gongkai {
namespace {

constexpr std::string_view kGap = "▇";
constexpr size_t kLongRun = 11;
constexpr size_t kMobileDigits = 11;
constexpr size_t kIdentityDigits = 18;
constexpr size_t kLeastCardDigits = 16;
constexpr size_t kMostCardDigits = 19;
constexpr size_t kMostBlanks = 3;

// One character: where it stands, and what it is once width and script are
// taken off. `plain` is an ASCII character, 0 for any other, kNothing for one
// that takes no room.
constexpr char kOther = 0;
constexpr char kNothing = 1;
struct Char {
  size_t at = 0;
  char plain = kOther;
};

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsLatin(char c) {
  return IsDigit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

char PlainOf(utf8proc_int32_t cp) {
  if (cp < 0x80) {
    return cp < 0x20 ? kOther : static_cast<char>(cp);
  }
  if (cp >= 0x3400 && cp <= 0x9FFF) return kOther;  // most of any text
  switch (utf8proc_category(cp)) {
    case UTF8PROC_CATEGORY_CF:
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_ME:
      return kNothing;
    case UTF8PROC_CATEGORY_ZS:
      return ' ';
    case UTF8PROC_CATEGORY_PD:
      return '-';
    default:
      break;
  }
  utf8proc_int32_t parts[8];
  int last = 0;
  const auto n = utf8proc_decompose_char(
      cp, parts, 8,
      static_cast<utf8proc_option_t>(UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT),
      &last);
  if (n == 1 && parts[0] > 0x20 && parts[0] < 0x7F) {
    return static_cast<char>(parts[0]);
  }
  // Digits of other scripts have no ASCII form. Which digit it is matters only
  // in numbers that are written in groups.
  if (utf8proc_category(cp) == UTF8PROC_CATEGORY_ND) return '1';
  // Minus, and the signs of multiplication that stand for the X of a number.
  if (cp == 0x2212) return '-';
  return cp == 0x00D7 || cp == 0x2715 ? 'X' : kOther;
}

std::vector<Char> Read(std::string_view text) {
  std::vector<Char> chars;
  size_t at = 0;
  while (at < text.size()) {
    utf8proc_int32_t cp = -1;
    const auto n = utf8proc_iterate(
        reinterpret_cast<const utf8proc_uint8_t*>(text.data()) + at,
        static_cast<utf8proc_ssize_t>(text.size() - at), &cp);
    chars.push_back({at, n > 0 ? PlainOf(cp) : kOther});
    at += n > 0 ? static_cast<size_t>(n) : 1;
  }
  return chars;
}

// Digits in a row: from the first to the last character of them.
struct Group {
  size_t first = 0;
  size_t last = 0;
  std::string digits;
  // Only blanks and hyphens, and few, lie before the next.
  bool joined = false;
};

// Character after `i` that takes room; the number of characters when none does.
size_t After(const std::vector<Char>& chars, size_t i) {
  do {
    ++i;
  } while (i < chars.size() && chars[i].plain == kNothing);
  return i;
}

std::vector<Group> GroupsOf(const std::vector<Char>& chars) {
  std::vector<Group> groups;
  for (size_t i = 0; i < chars.size();) {
    if (!IsDigit(chars[i].plain)) {
      ++i;
      continue;
    }
    Group group;
    group.first = i;
    for (; i < chars.size() && IsDigit(chars[i].plain); i = After(chars, i)) {
      group.digits.push_back(chars[i].plain);
      group.last = i;
    }
    size_t blanks = 0;
    size_t next = i;
    while (next < chars.size() && blanks <= kMostBlanks &&
           (chars[next].plain == ' ' || chars[next].plain == '-' ||
            chars[next].plain == '.')) {
      ++blanks;
      next = After(chars, next);
    }
    group.joined = blanks > 0 && blanks <= kMostBlanks && next < chars.size() &&
                   IsDigit(chars[next].plain);
    groups.push_back(std::move(group));
  }
  return groups;
}

bool IsMobile(std::string_view digits) {
  return digits.size() == kMobileDigits && digits[0] == '1' && digits[1] >= '3';
}

int NumberIn(std::string_view digits, size_t from, size_t size) {
  int number = 0;
  for (const char c : digits.substr(from, size)) number = 10 * number + c - '0';
  return number;
}

// Whether 17 or 18 digits can be a resident's number: a day of birth in it.
bool HasBirthday(std::string_view digits) {
  const int year = NumberIn(digits, 6, 4);
  const int month = NumberIn(digits, 10, 2);
  const int day = NumberIn(digits, 12, 2);
  return year >= 1800 && year < 2200 && month >= 1 && month <= 12 && day >= 1 &&
         day <= 31;
}

// Whether groups i to j, `digits` together, are a card in fours, or its first
// six and the rest.
bool IsCard(const std::vector<Group>& groups, size_t i, size_t j,
            std::string_view digits) {
  if (digits.size() < kLeastCardDigits || digits.size() > kMostCardDigits) {
    return false;
  }
  if (j == i + 1) return groups[i].digits.size() == 6;
  bool years = true;
  for (size_t k = i; k < j; ++k) {
    if (groups[k].digits.size() != 4) return false;
    years = years && (groups[k].digits.starts_with("19") ||
                      groups[k].digits.starts_with("20"));
  }
  return groups[j].digits.size() <= 4 && !years;
}

bool IsX(const std::vector<Char>& chars, size_t i) {
  return i < chars.size() && (chars[i].plain == 'X' || chars[i].plain == 'x');
}

// From the first to the last character of what goes.
struct Span {
  size_t first = 0;
  size_t last = 0;
};

void FindNumbers(const std::vector<Char>& chars, std::vector<Span>* spans) {
  const std::vector<Group> groups = GroupsOf(chars);
  for (size_t i = 0; i < groups.size(); ++i) {
    if (groups[i].digits.size() >= kLongRun) {
      const size_t after = After(chars, groups[i].last);
      spans->push_back(
          {groups[i].first, IsX(chars, after) ? after : groups[i].last});
    }
    std::string digits = groups[i].digits;
    for (size_t j = i + 1;
         j < groups.size() && groups[j - 1].joined &&
         digits.size() + groups[j].digits.size() <= kMostCardDigits;
         ++j) {
      digits += groups[j].digits;
      size_t x = After(chars, groups[j].last);
      if (digits.size() == kIdentityDigits - 1 && x < chars.size() &&
          (chars[x].plain == ' ' || chars[x].plain == '-')) {
        x = After(chars, x);
      }
      const bool ends_in_x =
          digits.size() == kIdentityDigits - 1 && IsX(chars, x);
      const bool identity = (digits.size() == kIdentityDigits || ends_in_x) &&
                            HasBirthday(digits);
      if (identity || IsMobile(digits) || IsCard(groups, i, j, digits)) {
        spans->push_back({groups[i].first, ends_in_x ? x : groups[j].last});
      }
    }
  }
}

void FindAddresses(const std::vector<Char>& chars, std::vector<Span>* spans) {
  const auto local = [](char c) {
    return IsLatin(c) || c == kNothing ||
           std::string_view("!#$%&'*+-/=?^_`{|}~.").find(c) !=
               std::string_view::npos;
  };
  const auto domain = [](char c) {
    return IsLatin(c) || c == kNothing || c == '.' || c == '-';
  };
  for (size_t i = 0; i < chars.size(); ++i) {
    if (chars[i].plain != '@') continue;
    Span span{i, i};
    while (span.first > 0 && local(chars[span.first - 1].plain)) --span.first;
    while (span.last + 1 < chars.size() && domain(chars[span.last + 1].plain)) {
      ++span.last;
    }
    if (span.first < i) spans->push_back(span);
  }
}

}  // namespace

std::string WithoutNumbers(std::string_view text) {
  const std::vector<Char> chars = Read(text);
  std::vector<Span> spans;
  FindNumbers(chars, &spans);
  FindAddresses(chars, &spans);
  if (spans.empty()) return std::string(text);
  std::sort(spans.begin(), spans.end(),
            [](const Span& a, const Span& b) { return a.first < b.first; });
  std::string left;
  size_t next = 0;  // first character not yet looked at
  const auto at = [&](size_t i) {
    return i < chars.size() ? chars[i].at : text.size();
  };
  for (const Span& span : spans) {
    if (span.last < next) continue;
    if (span.first >= next) {
      left.append(text.substr(at(next), at(span.first) - at(next)));
      left.append(kGap);
    }
    next = span.last + 1;
  }
  left.append(text.substr(at(next)));
  return left;
}

}  // namespace gongkai
