// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_CASEWORK_PAST_CASE_H_
#define GONGKAI_SERVICES_CASEWORK_PAST_CASE_H_

#include "absl/status/status.h"
#include "absl/time/civil_time.h"
#include "gongkai/v1/event.pb.h"
#include "gongkai/v1/past.pb.h"
#include "services/casework/case.h"
#include "services/law/rulebook.h"

// Cases of an earlier register (历史案件): what makes one fit to be taken in,
// and what it becomes.
namespace gongkai::casework {

// The days of the case follow each other, none lies after `today`, and none
// before the regulation was in force (2008-05-01). PAST_DATES_MISFIT or
// DATE_IN_FUTURE name the field.
absl::Status CheckPastDates(const v1::PastCase& past, absl::CivilDay today);

// An outcome with a day on which handling ended and never without; the outcome
// and its grounds are of the law in force on the day of receipt. FIELD_INVALID,
// GROUND_MISFIT.
absl::Status CheckPastOutcome(const v1::PastCase& past,
                              const law::Rulebook& rules);

// The fields of a fee come together, the extension's too. FIELD_INVALID,
// PAST_DATES_MISFIT.
absl::Status CheckPastFee(const v1::PastCase& past, absl::CivilDay today);

// Reviews, lawsuits and complaints: opened after the receipt and in order,
// decided with a result that fits, appeals after a decided first instance.
// FIELD_INVALID, PAST_DATES_MISFIT, DATE_IN_FUTURE, RESULT_MISFIT.
absl::Status CheckPastDockets(const v1::PastCase& past, absl::CivilDay today);

// All of the above.
absl::Status CheckPast(const v1::PastCase& past, absl::CivilDay today,
                       const law::Rulebook& rules);

// The effect of the import: closed when handling has ended, awaiting payment
// while a fee is due, else received; registered since its receipt. Registers
// do not tell by what way a reply went: it counts from the day it left.
void CaseImported(const v1::PastCase& past, Case& c);

// The day that the next act of the main line may not lie before: the day of the
// event, of an import the last day of its main line.
absl::CivilDay MainDayOf(const v1::Event& event);

}  // namespace gongkai::casework

#endif  // GONGKAI_SERVICES_CASEWORK_PAST_CASE_H_
