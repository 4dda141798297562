// SPDX-License-Identifier: Apache-2.0
#include "services/auth/names.h"

#include <algorithm>

#include "services/base/text.h"
#include "services/base/utf8.h"

namespace gongkai::auth {
namespace {

constexpr size_t kShortest = 2;
constexpr size_t kLongest = 32;

bool IsLetter(char c) { return c >= 'a' && c <= 'z'; }

bool IsOfName(char c) {
  return IsLetter(c) || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
         c == '-';
}

}  // namespace

std::optional<std::string> NormalName(std::string_view typed) {
  if (!IsUtf8(typed)) return std::nullopt;
  std::string name = FoldForms(typed);
  if (name.size() < kShortest || name.size() > kLongest || !IsLetter(name[0]) ||
      !std::all_of(name.begin(), name.end(), IsOfName)) {
    return std::nullopt;
  }
  return name;
}

}  // namespace gongkai::auth
