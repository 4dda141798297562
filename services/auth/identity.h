// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_AUTH_IDENTITY_H_
#define GONGKAI_SERVICES_AUTH_IDENTITY_H_

#include <cstdint>
#include <string>
#include <vector>

#include "gongkai/v1/types.pb.h"

namespace gongkai::auth {

// A role as held: in the whole agency, or for the cases of one department.
struct HeldRole {
  // Implicit: a role by itself is held in the whole agency.
  HeldRole(v1::Role r) : role(r) {}  // NOLINT(google-explicit-constructor)
  HeldRole(v1::Role r, std::string d) : role(r), department(std::move(d)) {}

  v1::Role role;
  std::string department;  // empty for all

  bool operator==(const HeldRole&) const = default;
};

// Who calls (调用者), once identified.
struct Caller {
  // Opaque identifiers of the account and of the natural person behind it.
  std::string account;
  std::string person;
  std::vector<HeldRole> roles;
  // The agency the caller belongs to; `CN` for those who keep the whole
  // installation, `*` for jobs of the service itself.
  std::string agency;
  // How the identity was proved, as in v1::Actor.
  std::string sign_in;
  // The principal whose roles these are, when deputising (代理).
  std::string on_behalf_of = {};
  // The session, and where the call came from; empty for jobs.
  std::string session = {};
  std::string source = {};
  // The count of revocations at which all this was so; -1 for a caller that
  // cannot be revoked, such as a job.
  int64_t revocation = -1;
};

}  // namespace gongkai::auth

#endif  // GONGKAI_SERVICES_AUTH_IDENTITY_H_
