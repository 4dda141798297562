// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_AUTH_METHODS_H_
#define GONGKAI_SERVICES_AUTH_METHODS_H_

#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "services/auth/identity.h"
#include "services/auth/matrix.h"

namespace gongkai::auth {

// Who may call a method at all.
enum class Door {
  kOpen,    // anybody: it proves who one is
  kSelf,    // whoever holds an account, whatever the roles
  kAccess,  // whose roles give one of the accesses
};

// One method of the contract (方法). What it may do to which case is decided
// behind the door.
struct MethodRow {
  std::string_view service;  // `CaseService`
  std::string_view method;   // `GetCase`
  Door door = Door::kAccess;
  std::vector<Access> any;
  // Answered on the port of administration, not on the common one.
  bool admin = false;
};

// Every method of every service; one that is not here is refused.
const std::vector<MethodRow>& Methods();

// The row of a method by its own name, which no two services share; null when
// there is none.
const MethodRow* MethodOf(std::string_view method);

// OK, or METHOD_NOT_ALLOWED: whether any of the caller's roles opens the door.
absl::Status MayCall(const Caller& caller, std::string_view method);

}  // namespace gongkai::auth

#endif  // GONGKAI_SERVICES_AUTH_METHODS_H_
