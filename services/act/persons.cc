// SPDX-License-Identifier: Apache-2.0
#include "services/act/persons.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "services/base/dates.h"
#include "services/law/numbers.h"

namespace gongkai::act {
namespace {

constexpr size_t kDigestBytes = 16;
constexpr size_t kMobileDigits = 11;

// A telephone as it is dialled here: its digits, without the country.
std::string Dialled(std::string_view telephone) {
  const std::string plain = law::NormalizeNumber(telephone);
  std::string digits;
  for (const char c : plain) {
    if (absl::ascii_isalnum(static_cast<unsigned char>(c))) digits.push_back(c);
  }
  const std::string_view all = digits;
  if (all.starts_with("0086")) return digits.substr(4);
  const bool abroad = plain.find('+') != std::string::npos;
  const bool mobile = all.size() == kMobileDigits + 2 && all.starts_with("861");
  if ((abroad || mobile) && all.starts_with("86")) return digits.substr(2);
  return digits;
}

std::vector<std::string> TelephonesIn(std::string_view field) {
  // Marks between numbers, as they are typed here.
  const std::string text = absl::StrReplaceAll(
      ToAbsl(field), {{"、", ","}, {"，", ","}, {"；", ","}, {"／", ","}});
  return absl::StrSplit(text, absl::ByAnyChar(",;/\n"), absl::SkipWhitespace());
}

bool Before(const storage::PersonKey& a, const storage::PersonKey& b) {
  return a.kind != b.kind ? a.kind < b.kind : a.digest < b.digest;
}

}  // namespace

std::optional<storage::PersonKey> PersonKeyOf(storage::PersonKeyKind kind,
                                              std::string_view number,
                                              const BlindIndex& index) {
  if (!index) return std::nullopt;
  const bool identity = kind == storage::PersonKeyKind::kIdentityNumber;
  const std::string value =
      identity ? law::NormalizeNumber(number) : Dialled(number);
  if (value.empty()) return std::nullopt;
  std::string digest =
      index(identity ? "case identity number" : "case telephone", value);
  digest.resize(kDigestBytes);
  return storage::PersonKey{kind, std::move(digest)};
}

std::vector<storage::PersonKey> PersonKeysOf(
    const std::vector<const v1::Person*>& persons, const BlindIndex& index) {
  std::vector<storage::PersonKey> keys;
  const auto add = [&](storage::PersonKeyKind kind, std::string_view number) {
    if (auto key = PersonKeyOf(kind, number, index)) {
      keys.push_back(*std::move(key));
    }
  };
  for (const v1::Person* person : persons) {
    add(storage::PersonKeyKind::kIdentityNumber, person->identity_number());
    for (const std::string& one : TelephonesIn(person->telephone())) {
      add(storage::PersonKeyKind::kTelephone, one);
    }
  }
  std::sort(keys.begin(), keys.end(), Before);
  keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
  return keys;
}

}  // namespace gongkai::act
