// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_AUTH_PROVIDER_H_
#define GONGKAI_SERVICES_AUTH_PROVIDER_H_

#include <functional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace gongkai::auth {

// What a believed token of the office's identity provider says (OpenID
// Connect).
struct ProviderClaims {
  std::string issuer;
  std::string subject;
  absl::Time expires;
};

// Believes a token, or PROVIDER_TOKEN_REFUSED; UNAVAILABLE when the provider's
// keys cannot be had.
using CheckProviderToken = std::function<absl::StatusOr<ProviderClaims>(
    std::string_view token, absl::Time now)>;

// What an account is linked by: SHA-256 of issuer, newline, subject; 32 bytes.
std::string SubjectDigest(std::string_view issuer, std::string_view subject);

}  // namespace gongkai::auth

#endif  // GONGKAI_SERVICES_AUTH_PROVIDER_H_
