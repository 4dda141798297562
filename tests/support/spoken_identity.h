// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_TESTS_SUPPORT_SPOKEN_IDENTITY_H_
#define GONGKAI_TESTS_SUPPORT_SPOKEN_IDENTITY_H_

#include <string>

#include "services/api/identity.h"

namespace gongkai::test {

// Takes the caller's word for who he is, so that a test in this process can be
// anybody without an account. No shipped program holds it. Reads
// `x-gongkai-account`, `x-gongkai-person` (the account when absent),
// `x-gongkai-roles` (names of v1.Role in lower case without `role_`, divided by
// commas; `handler@fagui` for the cases of one department) and
// `x-gongkai-agency` (a code, or `*` for every agency).
class SpokenIdentity : public api::Identifier {
 public:
  absl::StatusOr<act::Identified> Identify(const api::Wire& wire,
                                           absl::Time deadline) override;
  std::string SeemsToBe(const api::Wire& wire) override;
};

}  // namespace gongkai::test

#endif  // GONGKAI_TESTS_SUPPORT_SPOKEN_IDENTITY_H_
