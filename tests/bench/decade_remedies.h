// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_TESTS_BENCH_DECADE_REMEDIES_H_
#define GONGKAI_TESTS_BENCH_DECADE_REMEDIES_H_

#include <vector>

#include "services/law/calendar.h"
#include "tests/bench/decade_life.h"
#include "tests/bench/dice.h"

namespace gongkai::bench {

// Adds what reviews, lawsuits and complaints follow on a reply served before
// `day`, mostly none; not in the order of days among the other acts.
void WriteRemedies(Dice& dice, const law::Calendar& calendar,
                   absl::CivilDay day, std::vector<PlannedAct>& acts);

// Whether a docket among the acts is never decided.
bool HasOpenDocket(const std::vector<PlannedAct>& acts);

}  // namespace gongkai::bench

#endif  // GONGKAI_TESTS_BENCH_DECADE_REMEDIES_H_
