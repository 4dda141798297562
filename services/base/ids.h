// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_BASE_IDS_H_
#define GONGKAI_SERVICES_BASE_IDS_H_

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace gongkai {

// A new UUID of version 7 in lower-case text: sorted by `now` in microseconds,
// 64 random bits.
std::string NewUuid(absl::Time now);

// The UUID (version 8) that stands for `name`: its first 128 bits of SHA-256.
// The same name gives the same UUID everywhere, so that an import run twice
// asks for the same things.
std::string UuidFrom(std::string_view name);

// Whether `text` is a UUID in lower-case text.
bool IsUuid(std::string_view text);

// `n` random bytes of the operating system.
std::string RandomBytes(int n);

// The number of a case: `{AGENCY}-{YEAR}-{NNNNN}`, five digits or more.
std::string CaseNumber(std::string_view agency, int year, int64_t serial);

// The resource name `agencies/{agency}/cases/{number}`.
std::string CaseName(std::string_view agency, std::string_view number);

struct CaseRef {
  std::string agency;
  std::string number;
};
// Reads a resource name of a case, or a bare number, whose agency is the part
// before the first hyphen. INVALID_ARGUMENT for another form.
absl::StatusOr<CaseRef> ParseCaseName(std::string_view name);

}  // namespace gongkai

#endif  // GONGKAI_SERVICES_BASE_IDS_H_
