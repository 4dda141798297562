// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_CASEWORK_DECIDE_H_
#define GONGKAI_SERVICES_CASEWORK_DECIDE_H_

#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "gongkai/v1/case.pb.h"
#include "services/casework/statute.h"

namespace gongkai::casework {

// What an act becomes.
struct Decision {
  v1::Event event;
  // The act opens a sub-case: its reply is due in this many working days, 0
  // for the ordinary limit.
  bool opens_sub_case = false;
  int ordered_reply_days = 0;
};

// Judges an act: the event that records it, or the refusal. Total and pure.
// Tested in this order: the act exists, capacity, phase, dates, conditions on
// the case, conditions on the content. Refusals carry v1::Refusal.
absl::StatusOr<Decision> Decide(const Matter& matter);

// Whether the act `act` (an otherwise empty act of that case) is open to a
// holder of `held` on `matter.occurred`.
v1::LawfulAct JudgeOpenness(const Rule& rule, const Matter& matter,
                            const Capacities& held);

// The capacity, of those held, in which the act is done: the one that its
// content asks for (a review step, an override), else the first of the row.
std::optional<v1::Capacity> CapacityToUse(const v1::Act& act,
                                          const Capacities& held);

}  // namespace gongkai::casework

#endif  // GONGKAI_SERVICES_CASEWORK_DECIDE_H_
