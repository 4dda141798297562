// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_CASEWORK_VIEW_H_
#define GONGKAI_SERVICES_CASEWORK_VIEW_H_

#include <vector>

#include "absl/time/civil_time.h"
#include "gongkai/v1/case.pb.h"
#include "services/casework/case.h"
#include "services/law/limits.h"

namespace gongkai::casework {

// The case for a reader. Personal text comes from `history` where its private
// parts were read. `as_of` is the day for which `limits` were derived.
v1::Case ViewOf(const Case& c, const std::vector<PastEvent>& history,
                const std::vector<law::Limit>& limits,
                const law::Rulebook& rules, const law::Calendar& calendar,
                absl::CivilDay as_of);

// One limit for a reader; `left` counted from `as_of`.
v1::Limit ViewOfLimit(const law::Limit& limit, const law::Calendar& calendar,
                      absl::CivilDay as_of);

v1::LedgerLine ViewOfLine(const law::LedgerLine& line);

// The agency's own live limit that runs out first; null when there is none.
const law::Limit* FirstDue(const std::vector<law::Limit>& limits);

// Limits with last days that differ between two derivations of one case.
std::vector<v1::CalendarChange::Move> MovesBetween(
    const std::vector<law::Limit>& before,
    const std::vector<law::Limit>& after);

}  // namespace gongkai::casework

#endif  // GONGKAI_SERVICES_CASEWORK_VIEW_H_
