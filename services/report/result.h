// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_REPORT_RESULT_H_
#define GONGKAI_SERVICES_REPORT_RESULT_H_

#include "gongkai/v1/types.pb.h"
#include "services/casework/case.h"
#include "services/law/facts.h"
#include "services/law/rulebook.h"

// How one case is counted in the annual return (FMT table 3).
namespace gongkai::report {

// The day on which handling ended: the reply first left (国办公开办函〔2016〕
// 235号), or the application was withdrawn or merged; not before the day of
// receipt. Empty while it is open.
law::MaybeDay FinishedDay(const casework::Case& c);

// The row of the result, 3 to 23, by the rule set in force on the day of
// receipt; a partial disclosure beats every other row (reading A28), and what
// ended without a reply is 23. 0 while open or not yet received.
int ResultRow(const casework::Case& c, const law::Rulebook& rules);

// Whether the return counts it: received, and no sub-case, which was counted
// when the case it reopens was (reading A31).
bool IsCounted(const casework::Case& c);

// The column of the applicant, 1 to 6; what is not told is 6 (other).
int ColumnOf(v1::ApplicantKind kind);

}  // namespace gongkai::report

#endif  // GONGKAI_SERVICES_REPORT_RESULT_H_
