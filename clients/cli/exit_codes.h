// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_CLIENTS_CLI_EXIT_CODES_H_
#define GONGKAI_CLIENTS_CLI_EXIT_CODES_H_

#include "absl/status/status.h"

namespace gongkai::cli {

// What the program tells the shell, one number per class of error. The
// numbers are part of the contract with scripts.
enum class ExitCode {
  kOk = 0,
  kCheckFailed = 1,  // a check of a script, or a service that does not serve
  kUsage = 2,        // the command line itself
  kBadData = 3,      // INVALID_ARGUMENT, OUT_OF_RANGE, a broken row of a file
  kNotFound = 4,     // NOT_FOUND
  kRefused = 5,      // FAILED_PRECONDITION: not lawful now
  kStale = 6,        // ABORTED, ALREADY_EXISTS: read again, or a new request
  kNotAllowed = 7,   // PERMISSION_DENIED, UNAUTHENTICATED
  kAway = 8,         // UNAVAILABLE, RESOURCE_EXHAUSTED, DEADLINE_EXCEEDED
  kOther = 9,
};

// Marks a status as an error of the command line itself.
inline constexpr char kUsageMark[] = "gongkai.cli.usage";

// The class of a status.
inline ExitCode ExitCodeOf(const absl::Status& status) {
  if (status.GetPayload(kUsageMark).has_value()) return ExitCode::kUsage;
  switch (status.code()) {
    case absl::StatusCode::kOk:
      return ExitCode::kOk;
    case absl::StatusCode::kInvalidArgument:
    case absl::StatusCode::kOutOfRange:
      return ExitCode::kBadData;
    case absl::StatusCode::kNotFound:
      return ExitCode::kNotFound;
    case absl::StatusCode::kFailedPrecondition:
      return ExitCode::kRefused;
    case absl::StatusCode::kAborted:
    case absl::StatusCode::kAlreadyExists:
      return ExitCode::kStale;
    case absl::StatusCode::kPermissionDenied:
    case absl::StatusCode::kUnauthenticated:
      return ExitCode::kNotAllowed;
    case absl::StatusCode::kUnavailable:
    case absl::StatusCode::kResourceExhausted:
    case absl::StatusCode::kDeadlineExceeded:
      return ExitCode::kAway;
    default:
      return ExitCode::kOther;
  }
}

}  // namespace gongkai::cli

#endif  // GONGKAI_CLIENTS_CLI_EXIT_CODES_H_
