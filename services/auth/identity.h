// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_AUTH_IDENTITY_H_
#define GONGKAI_SERVICES_AUTH_IDENTITY_H_

#include <string>
#include <vector>

#include "gongkai/v1/types.pb.h"

namespace gongkai::auth {

// Who calls (调用者), once identified.
struct Caller {
  // Opaque identifiers of the account and of the natural person behind it.
  std::string account;
  std::string person;
  std::vector<v1::Role> roles;
  // The agency the caller belongs to; `*` for jobs of the service itself.
  std::string agency;
  // How the identity was proved: `dev`, `clock`.
  std::string sign_in;
};

}  // namespace gongkai::auth

#endif  // GONGKAI_SERVICES_AUTH_IDENTITY_H_
