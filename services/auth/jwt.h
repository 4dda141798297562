// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_AUTH_JWT_H_
#define GONGKAI_SERVICES_AUTH_JWT_H_

#include <openssl/evp.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "services/auth/provider.h"

// Tokens of an identity provider: JSON Web Tokens (RFC 7519) signed in the
// compact form (RFC 7515), by keys that the provider publishes (RFC 7517). Less
// is taken than those allow: what has two readings is refused. Pure.
namespace gongkai::auth {

// A token, and the set of a provider's keys, may not be longer, in bytes.
inline constexpr size_t kLongestJwt = 16'000;
inline constexpr size_t kLongestKeySet = 256 * 1024;

// What a token must keep to be believed. Each refusal names one of them.
enum class JwtRule {
  kSize,
  kForm,
  kHeader,
  kExtension,
  kType,
  kAlgorithm,
  kKey,
  kSignature,
  kClaims,
  kIssuer,
  kAudience,
  kParty,
  kSubject,
  kIssued,
  kNotBefore,
  kExpiry,
  kLifetime,
};
inline constexpr int kJwtRules = static_cast<int>(JwtRule::kLifetime) + 1;
// The rule in words, as a refusal says it in `wanted`.
std::string_view RuleText(JwtRule rule);

// Algorithms of a signature. A key is for one of them; none of them is a secret
// that both sides have.
enum class JwtAlgorithm { kRs256, kPs256, kEs256 };

struct JwtKey {
  std::string kid;
  JwtAlgorithm algorithm = JwtAlgorithm::kRs256;
  std::shared_ptr<EVP_PKEY> key;
};

// The keys a provider signs with now.
class JwtKeySet {
 public:
  // Reads a JWK set. Keys for other uses, of other kinds, without `kid`, too
  // short or malformed are left out. INVALID_ARGUMENT when it is no set, names
  // something twice, or no key is left.
  static absl::StatusOr<JwtKeySet> Parse(std::string_view json);
  // Null when there is none.
  const JwtKey* Find(std::string_view kid) const;
  const std::vector<JwtKey>& keys() const { return keys_; }

 private:
  std::vector<JwtKey> keys_;
};

// What is asked of a token.
struct JwtWanted {
  std::string issuer;
  std::string audience;
  // By which the clocks of two houses may differ.
  absl::Duration leeway = absl::Seconds(60);
  // From `iat` to `exp` at most.
  absl::Duration longest_life = absl::Hours(24);
};

// What the header of a token names as its key, unchecked; empty when it cannot
// be read.
std::string KidOf(std::string_view token);

// Believes a token, or PROVIDER_TOKEN_REFUSED with the text of the rule that it
// breaks. `expires` of what it says is when it would no longer be believed,
// the leeway counted in.
absl::StatusOr<ProviderClaims> CheckJwt(std::string_view token,
                                        const JwtKeySet& keys,
                                        const JwtWanted& wanted,
                                        absl::Time now);

}  // namespace gongkai::auth

#endif  // GONGKAI_SERVICES_AUTH_JWT_H_
