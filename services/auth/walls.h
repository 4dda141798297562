// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_AUTH_WALLS_H_
#define GONGKAI_SERVICES_AUTH_WALLS_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "gongkai/v1/types.pb.h"
#include "services/auth/identity.h"
#include "services/auth/matrix.h"

namespace gongkai::auth {

// What of a case decides who may come near it, besides its agency.
struct CaseMarks {
  std::string department;          // empty before it is assigned
  std::vector<int> labels;         // of v1::Label
  std::vector<std::string> named;  // accounts; empty when not restricted
};

// OK when one of the caller's roles gives `access` to a case with these marks:
// it is held in the whole agency or the case's department, and is cleared for
// each label. NO_SUCH_CASE of a case restricted to others, LABEL_NOT_CLEARED,
// else CAPACITY_MISSING. The agency has been looked at already. A job sees all.
absl::Status MaySee(const Caller& caller, const CaseMarks& marks,
                    Access access);

// The capacities that the caller's roles give on a case with these marks.
std::vector<v1::Capacity> CapacitiesOn(const Caller& caller,
                                       const CaseMarks& marks);

// The departments whose cases alone the caller has the access to; empty when
// it is not limited to any.
std::vector<std::string> DepartmentsFor(const Caller& caller, Access access);

}  // namespace gongkai::auth

#endif  // GONGKAI_SERVICES_AUTH_WALLS_H_
