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
  kKeepTerms,      // the terms of an agency
  kReport,         // figures and lists over all cases, without personal text
  kReportBeneath,  // the same over the agencies beneath the caller's
  kFileReturn,     // filing the annual return
  kImport,         // taking in cases of an earlier register
};

// One row of the permission matrix (权限矩阵): what a role may be and see.
struct RoleRow {
  v1::Role role;
  std::vector<v1::Capacity> capacities;
  std::vector<Access> access;
  // Labels that the role is cleared for: it comes near no case with another.
  std::vector<v1::Label> cleared;
};

// The whole matrix; nothing else decides access.
const std::vector<RoleRow>& Matrix();

// The row of a role; null when it has none.
const RoleRow* RowOf(v1::Role role);
bool Gives(const RoleRow& row, Access access);

// The name of an access as it is printed: `read_case`.
std::string_view AccessName(Access access);
// Every access, in the order of the enum.
const std::vector<Access>& Accesses();

// Every capacity that the caller's roles give, without repeats.
std::vector<v1::Capacity> CapacitiesOf(const Caller& caller);

// The capacity in which the caller has the access: of the first role that gives
// it, the one that is meant for it, else its first; CAPACITY_UNSPECIFIED when
// there is no such role.
v1::Capacity CapacityFor(const Caller& caller, Access access);

// OK, or CAPACITY_MISSING: whether one of the caller's roles gives the access
// in the agency, for some of its cases at least (walls.h says for which). A
// caller of another agency gets the same answer as one without the right.
// Whoever is of the agency `CN` keeps accounts and terms of every agency, the
// national calendar and the log; `*` reaches all.
absl::Status MayAccess(const Caller& caller, std::string_view agency,
                       Access access);

}  // namespace gongkai::auth

#endif  // GONGKAI_SERVICES_AUTH_MATRIX_H_
