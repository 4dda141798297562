// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_AUTH_TOTP_H_
#define GONGKAI_SERVICES_AUTH_TOTP_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "absl/time/time.h"

// The second factor (动态口令): RFC 6238 with HMAC-SHA-1, steps of 30 seconds
// and six digits, which every authenticator knows.
namespace gongkai::auth {

inline constexpr int kTotpKeyBytes = 20;

// The step that a moment lies in.
int64_t TotpStep(absl::Time now);

// The digits of a step; `digits` is 6 but in the vectors of the RFC.
std::string TotpDigits(std::string_view key, int64_t step, int digits = 6);

// The step whose digits `typed` are: the present one, the one before or the
// one after, but none up to `last_step`, for a step serves once. Absent when
// there is none. Looks at all of them whatever it finds.
std::optional<int64_t> MatchTotp(std::string_view key, std::string_view typed,
                                 absl::Time now, int64_t last_step);

// The address that an authenticator reads, `otpauth://totp/…`.
std::string TotpUri(std::string_view agency, std::string_view account,
                    std::string_view key);

}  // namespace gongkai::auth

#endif  // GONGKAI_SERVICES_AUTH_TOTP_H_
