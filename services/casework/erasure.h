// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_CASEWORK_ERASURE_H_
#define GONGKAI_SERVICES_CASEWORK_ERASURE_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "services/casework/statute.h"

// What an erasure of personal text destroys (删除个人信息, PIPL 47). All of it
// follows from the public record: nobody need read a text to have it destroyed.
namespace gongkai::casework {

// What an act of erasure is about: its proposal's basis and the events whose
// text would be destroyed, in order and without those destroyed before.
struct ErasurePlan {
  v1::ErasureBasis basis = v1::ERASURE_BASIS_UNSPECIFIED;
  std::vector<int64_t> events;
};

// The plan of `propose_erasure`, or of the proposal that `erase` names; absent
// when there is no such proposal that awaits its decision.
std::optional<ErasurePlan> PlanOf(const Matter& m);

// The proposal that `erase` names, null when none of that number awaits its
// decision.
const ErasureAsk* ProposalOf(const Matter& m);

// Whether one of `events` holds what the case is searched by: the application
// (or the import that stands for it), its correction, or a mend of their
// content.
bool CarryWords(const std::vector<PastEvent>& history,
                const std::vector<int64_t>& events);

// Whether one of `events` holds what the reply is made of: the application, its
// correction, the draft that stands, or a mend of these.
bool CarryReply(const Case& c, const std::vector<PastEvent>& history,
                const std::vector<int64_t>& events);

// Whether the text of the event `seq` is destroyed.
bool IsErased(const Case& c, int64_t seq);

// The last day on which a file must be kept that was archived on `archived`:
// the period begins with the year after it (reading A38). Absent when it is
// kept for good or no period is set.
law::MaybeDay KeptUntil(v1::Retention retention, absl::CivilDay archived);

// What the two events do to a case.
void ErasureProposed(const PastEvent& past, Case& c);
void Erased(const v1::Erasure& erasure, Case& c);

}  // namespace gongkai::casework

#endif  // GONGKAI_SERVICES_CASEWORK_ERASURE_H_
