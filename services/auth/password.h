// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_AUTH_PASSWORD_H_
#define GONGKAI_SERVICES_AUTH_PASSWORD_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace gongkai::auth {

// What a password costs whoever tries it (argon2id): passes over the memory,
// and its size. The default takes about a tenth of a second of one core.
struct PasswordCost {
  int ops = 3;
  int mib = 64;
};

// Hashes and verifies. Thread-safe; who calls sees to it that one works at a
// time.
class PasswordHasher {
 public:
  explicit PasswordHasher(PasswordCost cost);

  // A PHC string. RESOURCE_EXHAUSTED without memory for it.
  absl::StatusOr<std::string> Hash(std::string_view password);
  bool Verify(const std::string& hash, std::string_view password);
  // The work of Verify where there is nothing to verify; false.
  bool VerifyNothing(std::string_view password);
  // The hash was made at another cost.
  bool IsOutdated(const std::string& hash) const;

  // Passwords hashed or verified since the start.
  int64_t count() const { return count_.load(); }

 private:
  const PasswordCost cost_;
  std::string nothing_;
  std::atomic<int64_t> count_{0};
};

// What a password has to be like (口令策略, GB/T 22239-2019 8.1.4.1 a).
struct PasswordPolicy {
  int least = 12;  // code points
  int most = 128;
  // Of lower case, upper case, digits, others; not asked for from `long_from`
  // code points on.
  int classes = 3;
  int long_from = 20;
  // Earlier passwords that may not come again.
  int remembered = 5;
  // Zero for no end.
  absl::Duration max_age = absl::Hours(24) * 90;
};

// OK, or PASSWORD_TOO_WEAK with the rule that is broken; the password itself is
// in no status. Not the one about earlier passwords.
absl::Status CheckPassword(const PasswordPolicy& policy,
                           std::string_view password, std::string_view account);

// PASSWORD_TOO_WEAK for a rule, in words for a reader.
absl::Status WeakPassword(std::string_view wanted);

// Whether a password set at `set` is over.
bool IsExpired(const PasswordPolicy& policy, absl::Time set, absl::Time now);

}  // namespace gongkai::auth

#endif  // GONGKAI_SERVICES_AUTH_PASSWORD_H_
