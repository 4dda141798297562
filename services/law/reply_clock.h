// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_LAW_REPLY_CLOCK_H_
#define GONGKAI_SERVICES_LAW_REPLY_CLOCK_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/time/civil_time.h"
#include "services/law/calendar.h"
#include "services/law/facts.h"
#include "services/law/rulebook.h"

namespace gongkai::law {

// Days left out of the reply limit (REG 33(3); REG08 24(3)). Pauses may
// overlap: a day that lies in several is left out once.
struct Pause {
  absl::CivilDay first;
  // Empty while nobody knows when it ends.
  MaybeDay last;
  // Ended by an answer, not by a period that merely runs out.
  bool answered = false;
  std::string reason;  // Chinese
  std::string article;

  bool Covers(absl::CivilDay day) const {
    return first <= day && (!last || day <= *last);
  }
  // Whether the clock stands at the end of `day`. On the day of the answer it
  // stands no longer; a period without answer holds it through its last day.
  bool HoldsAtEndOf(absl::CivilDay day) const {
    if (day < first - 1) return false;
    if (!last) return true;
    return answered ? day < *last : day <= *last;
  }
};

// The clock of the reply (T5), built from the facts.
struct ReplyClock {
  const v1::RuleSet* set = nullptr;
  const v1::LimitRule* rule = nullptr;
  absl::CivilDay received;
  // Day 0 of the present count: `received`, or the day of the last restart.
  absl::CivilDay start;
  std::string restart_reason;  // Chinese; empty without restart
  std::string restart_article;
  int first_length = 0;  // working days without extension
  int length = 0;        // with it
  std::vector<Pause> pauses;
  // End of the first limit, and of the extended one. Empty while suspended
  // without a certain end.
  MaybeDay first_due;
  MaybeDay due;
  // `due` was set by a deferral (REG 35), not counted.
  bool deferred = false;
  bool provisional = false;
  MaybeDay done;    // replied, by the day that decides timeliness
  MaybeDay voided;  // the duty fell away

  // The pause that leaves `day` out, or null.
  const Pause* PauseOn(absl::CivilDay day) const;
};

// The day that decides whether the reply was in time: dispatch by post or
// electronically, signature when handed over or entrusted
// (国办公开办函〔2016〕235号). Empty while there is none.
MaybeDay TimelinessDay(const std::optional<ReplySent>& reply);

// Empty when the application was not received yet or no set has a reply limit
// on that day.
std::optional<ReplyClock> BuildReplyClock(const Facts& facts,
                                          const Rulebook& rules,
                                          const Calendar& calendar);

// The clock as it ran before the extension or the fee notice of the case:
// `act` is EXTENSION or FEE_NOTICE, and the facts hold it. Such an act is in
// time while that clock runs.
std::optional<ReplyClock> ReplyClockBefore(v1::LimitKind act,
                                           const Facts& facts,
                                           const Rulebook& rules,
                                           const Calendar& calendar);

}  // namespace gongkai::law

#endif  // GONGKAI_SERVICES_LAW_REPLY_CLOCK_H_
