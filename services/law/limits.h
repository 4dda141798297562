// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_LAW_LIMITS_H_
#define GONGKAI_SERVICES_LAW_LIMITS_H_

#include <string>
#include <vector>

#include "absl/time/civil_time.h"
#include "gongkai/v1/types.pb.h"
#include "services/law/calendar.h"
#include "services/law/facts.h"
#include "services/law/rulebook.h"

namespace gongkai::law {

// What an agency has set for itself (READINGS.md in this folder). A zero
// leaves the rulebook's figure.
struct AgencyTerms {
  int correction_days = 0;        // Reading A9, proposed length of T4
  int registration_days = 0;      // T2
  int other_agency_cap_days = 0;  // Reading A12, T8b
};

// Why a day stands in the ledger as it does.
enum class DayNote {
  kTrigger,   // day 0, not counted (CPL 85)
  kCounted,   // counts as day n
  kRest,      // weekend or day off, not counted
  kExcluded,  // working day left out: consultation (REG 33(3)), correction or
              // payment awaited
  kRestart,   // day 0 of a limit that starts afresh
  kExtended,  // first day beyond the first limit, by extension
  kLast,      // last day, counts as day n
  kRolled,    // last day was a day off: moved on
  kDone,      // the duty was done, or fell away, on this day
  kLate,      // working or calendar day after the last day
};

// One day of the ledger (期限台账).
struct LedgerLine {
  absl::CivilDay day;
  DayNote note = DayNote::kCounted;
  // Running number of the counted day; of kLate, the number of units late; 0
  // on days that do not count.
  int count = 0;
  v1::DayKind kind = v1::WORKDAY;
  // Name of the holiday and number of the notice, or what suspends: Chinese.
  std::string reason;
  // Article or notice for the note.
  std::string article;
  bool provisional = false;
};

// One limit of a case on the day it was asked for.
struct Limit {
  v1::LimitKind kind = v1::LIMIT_KIND_UNSPECIFIED;
  // 1-based among the limits of this kind in the case; consultations and
  // dockets keep the ordinal of their fact.
  int ordinal = 1;
  v1::Whose whose = v1::WHOSE_UNSPECIFIED;
  v1::LimitState state = v1::LIMIT_STATE_UNSPECIFIED;
  // Day 0 of the present count.
  absl::CivilDay start;
  // Last day in time. Empty while suspended without a certain end.
  MaybeDay due;
  // The day the duty was done or fell away.
  MaybeDay ended;
  // The count crosses an unpublished year.
  bool provisional = false;
  // Units of the whole count, extensions included.
  int length = 0;
  v1::LimitUnit unit = v1::WORKING_DAYS;
  // Positive when late (done or still missing): working days of a limit
  // counted in them, calendar days of any other.
  int late_by = 0;
  std::string article;
  std::string rule_set;

  // Neither met nor void: still to be done.
  bool live() const;
};

// Derives every limit of a case from its facts, as they stand at the end of
// `as_of`, in the order of kind and ordinal. Pure: equal arguments give equal
// results. `as_of` decides only between RUNNING, SUSPENDED and MISSED; `due`
// does not depend on it, except that a consultation still open holds the
// reply limit without a last day when its own end is not certain.
// Receipt-bound limits follow the set in force on the day of receipt (reading
// A37), others the set in force on the day of their trigger.
std::vector<Limit> DeriveLimits(const Facts& facts, const Rulebook& rules,
                                const Calendar& calendar,
                                const AgencyTerms& terms, absl::CivilDay as_of);

// The day-by-day account of one limit from its first trigger to the later of
// its last day and the day it was done, or `as_of` while it is open; to the day
// it fell away when it did. At most eleven years; a limit of years shows its
// first and last day only. Empty when the case has no such limit.
std::vector<LedgerLine> ExplainLimit(const Facts& facts, const Rulebook& rules,
                                     const Calendar& calendar,
                                     const AgencyTerms& terms,
                                     absl::CivilDay as_of, v1::LimitKind kind,
                                     int ordinal);

// The limit of `kind` and `ordinal` among `limits`, or null.
const Limit* FindLimit(const std::vector<Limit>& limits, v1::LimitKind kind,
                       int ordinal = 1);

// The days on which an agency's yearly duties fall: T13 and T14 (REG 49) for
// the report on `year`.
std::vector<Limit> YearlyLimits(int year, const Rulebook& rules,
                                const Calendar& calendar);

// T12: the last day to publish information made or changed on `made`
// (REG 26, 44). Kind unspecified before 2019-05-15.
Limit PublicationLimit(absl::CivilDay made, const Rulebook& rules,
                       const Calendar& calendar);

}  // namespace gongkai::law

#endif  // GONGKAI_SERVICES_LAW_LIMITS_H_
