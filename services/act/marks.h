// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_ACT_MARKS_H_
#define GONGKAI_SERVICES_ACT_MARKS_H_

#include "services/auth/walls.h"
#include "services/casework/case.h"
#include "storage/store.h"

// What decides who may come near a case: of the case itself, or as its index
// row has it.
namespace gongkai::act {

inline auth::CaseMarks MarksOf(const casework::Case& c) {
  return {c.department, c.labels, c.restricted_to};
}

inline auth::CaseMarks MarksOf(const storage::CaseRow& row) {
  return {row.department, row.labels, row.restricted_to};
}

// Whether a row may be shown in a list to a caller who has the access in the
// agency.
inline bool IsShownTo(const auth::Caller& caller, const storage::CaseRow& row,
                      auth::Access access) {
  return auth::MaySee(caller, MarksOf(row), access).ok();
}

}  // namespace gongkai::act

#endif  // GONGKAI_SERVICES_ACT_MARKS_H_
