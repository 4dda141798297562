// SPDX-License-Identifier: Apache-2.0
#include "services/act/reconcile_numbers.h"

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "services/base/dates.h"
#include "services/base/ids.h"

namespace gongkai::act {

NumberBook::NumberBook(storage::Scan& scan, const Findings& findings)
    : scan_(scan), findings_(findings) {
  for (const storage::CounterRow& row : scan.Counters()) {
    last_[{row.agency, row.year}] = row.last;
  }
}

std::optional<std::pair<NumberBook::Year, int64_t>> NumberBook::Read(
    std::string_view agency, std::string_view number) {
  // AGENCY-YYYY-NNNNN
  if (!number.starts_with(agency)) return std::nullopt;
  const std::string_view rest = number.substr(agency.size());
  if (rest.size() < 6 || rest[0] != '-' || rest[5] != '-') return std::nullopt;
  int year = 0;
  int64_t serial = 0;
  if (!absl::SimpleAtoi(ToAbsl(rest.substr(1, 4)), &year) ||
      !absl::SimpleAtoi(ToAbsl(rest.substr(6)), &serial) ||
      CaseNumber(agency, year, serial) != number) {
    return std::nullopt;
  }
  return std::pair(Year(agency, year), serial);
}

int64_t NumberBook::LastOf(const Year& year) const {
  const auto it = last_.find(year);
  return it == last_.end() ? 0 : it->second;
}

bool NumberBook::IsBeyond(std::string_view agency,
                          std::string_view number) const {
  const auto read = Read(agency, number);
  return read.has_value() && read->second > LastOf(read->first);
}

void NumberBook::TellMissing(const Year& year, int64_t from, int64_t to) const {
  const auto number = [&](int64_t serial) {
    return CaseNumber(year.first, static_cast<int>(year.second), serial);
  };
  findings_({year.first, absl::StrCat("year ", year.second), 0,
             from == to
                 ? absl::StrFormat("the number %s was given and no case has it",
                                   number(from))
                 : absl::StrFormat("the numbers %s to %s were given and no "
                                   "case has them",
                                   number(from), number(to))});
}

void NumberBook::Check() const {
  // Numbers of several years come mixed, those of one in order.
  std::map<Year, int64_t> next;
  const auto numbers = scan_.Numbers();
  storage::NumberRow row;
  std::string before;
  while (numbers->Next(row)) {
    const auto read = Read(row.agency, row.number);
    const std::string here = absl::StrCat(row.agency, "/", row.number);
    if (here == before) {
      findings_({row.agency, absl::StrCat("case ", row.number), 0,
                 "two cases have this number"});
    }
    before = here;
    if (!read.has_value()) continue;
    const auto& [year, serial] = *read;
    if (serial > LastOf(year)) continue;
    int64_t& expected = next.try_emplace(year, 1).first->second;
    if (serial > expected) TellMissing(year, expected, serial - 1);
    expected = serial + 1;
  }
  for (const auto& [year, last] : last_) {
    const int64_t expected = next.try_emplace(year, 1).first->second;
    if (expected <= last) TellMissing(year, expected, last);
  }
}

}  // namespace gongkai::act
