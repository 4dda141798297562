// SPDX-License-Identifier: Apache-2.0
#include "services/base/dates.h"

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace gongkai {

absl::StatusOr<absl::CivilDay> ParseDay(std::string_view text) {
  const auto bad = [&] {
    return absl::InvalidArgumentError(
        absl::StrFormat("not a date of the form 2024-02-29: '%s'", text));
  };
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return bad();
  int parts[3] = {0, 0, 0};
  int part = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    if (i == 4 || i == 7) {
      ++part;
      continue;
    }
    if (text[i] < '0' || text[i] > '9') return bad();
    parts[part] = parts[part] * 10 + (text[i] - '0');
  }
  const absl::CivilDay day(parts[0], parts[1], parts[2]);
  // CivilDay normalizes 02-30 to 03-01: a changed part is a day that is not.
  if (day.month() != parts[1] || day.day() != parts[2] || parts[0] < 1949 ||
      parts[0] > 2199) {
    return bad();
  }
  return day;
}

absl::CivilDay DayOf(std::string_view text) {
  const auto day = ParseDay(text);
  return day.ok() ? *day : absl::CivilDay(1970, 1, 1);
}

std::string FormatDay(absl::CivilDay day) {
  return absl::StrFormat("%04d-%02d-%02d", day.year(), day.month(), day.day());
}

absl::CivilDay ShanghaiDay(absl::Time time) {
  return absl::ToCivilDay(time, absl::FixedTimeZone(8 * 60 * 60));
}

absl::StatusOr<absl::Time> ParseInstant(std::string_view text) {
  const auto bad = [] {
    return absl::InvalidArgumentError(
        "not an instant of the form 2024-02-29T08:00:00Z");
  };
  absl::Time time;
  std::string error;
  // The parser would also take blanks and words such as infinite-future.
  if (text.size() < 20 || !ParseDay(text.substr(0, 10)).ok() ||
      text[10] != 'T' ||
      text.find_first_not_of("0123456789-+:.TZ") != std::string_view::npos ||
      !absl::ParseTime(absl::RFC3339_full, ToAbsl(text), &time, &error)) {
    return bad();
  }
  return absl::FromUnixMicros(absl::ToUnixMicros(time));
}

std::string FormatInstant(absl::Time time) {
  return absl::FormatTime("%Y-%m-%dT%H:%M:%E6SZ", time, absl::UTCTimeZone());
}

}  // namespace gongkai
