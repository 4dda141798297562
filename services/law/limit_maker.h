// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_LAW_LIMIT_MAKER_H_
#define GONGKAI_SERVICES_LAW_LIMIT_MAKER_H_

#include <optional>
#include <vector>

#include "absl/time/civil_time.h"
#include "services/law/limits.h"
#include "services/law/reply_clock.h"

namespace gongkai::law {

// How one limit is counted where the facts depart from the rule. Zeros leave
// the rule's figure.
struct Count {
  int length = 0;
  v1::LimitUnit unit = v1::LIMIT_UNIT_UNSPECIFIED;
};

// How one limit ended.
struct Ending {
  MaybeDay done;
  MaybeDay voided;
};

// Makes limits from rules, one after the other.
struct LimitMaker {
  const Facts& facts;
  const Rulebook& rules;
  const Calendar& calendar;
  const AgencyTerms& terms;
  absl::CivilDay as_of;
  std::vector<Limit> limits;

  // Appends the limit of `kind` under the set in force on `governed`, counted
  // from `start`. Returns it, or null when no set knows the kind then.
  Limit* Add(v1::LimitKind kind, int ordinal, absl::CivilDay governed,
             absl::CivilDay start, const Count& count, const Ending& ending);

  // As Add, with a last day that was not counted by the rule.
  Limit* AddUntil(v1::LimitKind kind, int ordinal, absl::CivilDay governed,
                  absl::CivilDay start, MaybeDay due, int length,
                  const Ending& ending);
};

// Sets state, end and lateness of `limit`, whose due is known.
void Settle(Limit& limit, const Ending& ending, const Calendar& calendar,
            absl::CivilDay as_of);

// Units of lateness from `due` to `day`: working days of a limit counted in
// them, a day off counting as the working day after it; calendar days of all
// others. Positive whenever `day` lies after `due`.
int LateBy(const Calendar& calendar, v1::LimitUnit unit, absl::CivilDay due,
           absl::CivilDay day);

// Appends T15 and T21 to T28 and T16 to T20: all that follow the reply, its
// absence, and the dockets. `reply` is the limit T5, or null.
void AddRemedyLimits(LimitMaker& maker, const Limit* reply);

}  // namespace gongkai::law

#endif  // GONGKAI_SERVICES_LAW_LIMIT_MAKER_H_
