// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_AUTH_MATRIX_H_
#define GONGKAI_SERVICES_AUTH_MATRIX_H_

#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "gongkai/v1/types.pb.h"
#include "services/auth/identity.h"

namespace gongkai::auth {

// What is asked of the service apart from acts.
enum class Access {
  kReadCase,   // a case with its personal text and history
  kListCases,  // lists and summaries without personal text
  kSearch,     // search and likeness: personal text
  kReadCalendar,
  kLoadCalendar,
  kExportCase,    // a case as evidence, with its personal text
  kReadTrail,     // a case as of any past moment, and who saw it
  kReadLog,       // how far the log is signed and anchored
  kDecideFork,    // stating and confirming a fork of the log
  kReceive,       // taking applications in
  kAct,           // acts on cases; which, the statute table and capacities say
  kReadProgress,  // how far a case has come, without personal text
  kRevealPersonal,  // identity number, telephone, addresses whole, for a
                    // purpose
  kKeepAccounts,    // opening, closing, resetting, granting, certificates
  kConfirmGrant,    // being the second person of a grant
  kReadAccounts,    // accounts and what was done to them
  kReadTerms,
  kKeepTerms,  // the terms of an agency
};

// One row of the permission matrix (权限矩阵): what a role may be and see.
struct RoleRow {
  v1::Role role;
  std::vector<v1::Capacity> capacities;
  std::vector<Access> access;
};

// The whole matrix; nothing else decides access.
const std::vector<RoleRow>& Matrix();

// Every capacity that the caller's roles give, without repeats.
std::vector<v1::Capacity> CapacitiesOf(const Caller& caller);

// The capacity in which the caller has the access: the first of the first role
// that gives it; CAPACITY_UNSPECIFIED when that role has none or there is no
// such role.
v1::Capacity CapacityFor(const Caller& caller, Access access);

// OK, or CAPACITY_MISSING. A caller of another agency gets the same answer as
// one without the right.
absl::Status MayAccess(const Caller& caller, std::string_view agency,
                       Access access);

}  // namespace gongkai::auth

#endif  // GONGKAI_SERVICES_AUTH_MATRIX_H_
