// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_REPORT_WORK_H_
#define GONGKAI_SERVICES_REPORT_WORK_H_

#include <string>
#include <vector>

#include "absl/time/civil_time.h"
#include "gongkai/v1/report.pb.h"
#include "gongkai/v1/terms.pb.h"
#include "services/base/locale.h"
#include "services/casework/case.h"
#include "services/law/calendar.h"
#include "services/law/limits.h"
#include "services/law/rulebook.h"

// The worklist: which duties of the agency are open, and how near they are.
namespace gongkai::report {

// From how many working days before the last day a limit is near, and urgent.
struct Levels {
  int warning = 3;
  int urgent = 1;
};

// Those of the agency; zeros take 3 and 1. Urgent never begins before near.
Levels LevelsOf(const v1::AgencyTerms& terms);

// The level on `as_of` of a duty whose last day is `due`: the days left are
// working days whatever the limit itself counts in, as the terms say.
// LEVEL_UNSPECIFIED without a last day.
v1::Level LevelOf(law::MaybeDay due, absl::CivilDay as_of,
                  const law::Calendar& calendar, const Levels& levels);

// A case with what its limits follow. The references outlive it.
struct WorkCase {
  const casework::Case& c;
  const law::Rulebook& rules;
  const law::Calendar& calendar;
  const law::AgencyTerms& terms;
  Levels levels;
  // By which days left are counted: the agency's newest, which may be newer
  // than the one the case was last judged by. Null takes that one.
  const law::Calendar* days_left = nullptr;
};

// The agency's own duties that are open at the end of `as_of`, by kind and
// ordinal: the transfer to the archives (T29), years away, among them.
std::vector<v1::WorkItem> WorkItems(const WorkCase& work, absl::CivilDay as_of,
                                    Locale locale);

// The ledger in one sentence: what the last day is counted from, what was left
// out or added, how late it is. `ledger` is that of `limit`
// (law::ExplainLimit); empty only when it is.
std::string Why(const law::Limit& limit,
                const std::vector<law::LedgerLine>& ledger, Locale locale);

}  // namespace gongkai::report

#endif  // GONGKAI_SERVICES_REPORT_WORK_H_
