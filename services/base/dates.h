// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_BASE_DATES_H_
#define GONGKAI_SERVICES_BASE_DATES_H_

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"

namespace gongkai {

// The one conversion between std::string_view and Abseil's own.
inline absl::string_view ToAbsl(std::string_view s) {
  return absl::string_view(s.data(), s.size());
}
inline std::string_view ToStd(absl::string_view s) {
  return std::string_view(s.data(), s.size());
}

// Reads `2024-02-29`. INVALID_ARGUMENT for another form, a day that does not
// exist, or a year outside 1949 to 2199.
absl::StatusOr<absl::CivilDay> ParseDay(std::string_view text);

// `text` is a date that has been validated; 1970-01-01 otherwise.
absl::CivilDay DayOf(std::string_view text);

// Writes `2024-02-29`.
std::string FormatDay(absl::CivilDay day);

// The civil day of an instant in Asia/Shanghai (UTC+8, no summer time since
// 1991).
absl::CivilDay ShanghaiDay(absl::Time time);

// Reads an instant of ISO 8601 with its zone, `2024-02-29T08:00:00Z` or
// `2024-02-29T16:00:00.5+08:00`, cut to microseconds. INVALID_ARGUMENT for
// another form or a year outside 1949 to 2199.
absl::StatusOr<absl::Time> ParseInstant(std::string_view text);

// Writes an instant as `2024-02-29T08:00:00.123456Z`.
std::string FormatInstant(absl::Time time);

}  // namespace gongkai

#endif  // GONGKAI_SERVICES_BASE_DATES_H_
