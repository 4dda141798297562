// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_ACT_SIGN_IN_OPTIONS_H_
#define GONGKAI_SERVICES_ACT_SIGN_IN_OPTIONS_H_

#include <string>

#include "absl/time/time.h"
#include "services/auth/password.h"

namespace gongkai::act {

// What an operator may set of signing in (DB-01, DB-02).
struct SignInOptions {
  // An access token, a session without a refresh, a session in any case.
  absl::Duration access = absl::Minutes(10);
  absl::Duration idle = absl::Minutes(30);
  absl::Duration session = absl::Hours(8);
  // Failures at one account within `window` that lock it for `lock`, twice as
  // long each time.
  int failures = 5;
  absl::Duration window = absl::Minutes(15);
  absl::Duration lock = absl::Minutes(15);
  // Failures from one address within a minute that lock it for a minute.
  int source_failures = 30;
  // How long a set-up code serves.
  absl::Duration set_up = absl::Hours(72);
  // Sign-ins that may wait while another's password is hashed.
  int most_waiting = 8;
  auth::PasswordCost cost;
  auth::PasswordPolicy policy;
  // Of the identity provider's tokens; empty without a provider.
  std::string issuer;
};

}  // namespace gongkai::act

#endif  // GONGKAI_SERVICES_ACT_SIGN_IN_OPTIONS_H_
