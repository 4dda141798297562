// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_REPORT_REMINDING_H_
#define GONGKAI_SERVICES_REPORT_REMINDING_H_

#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "gongkai/v1/terms.pb.h"
#include "services/law/calendar.h"

// When who is reminded of a last day (催办): pure arithmetic over an agency's
// own rules and calendar. Distances are in working days for limits of every
// unit: reminders go out on working days alone.
namespace gongkai::report {

// The rules of an agency; the usual three where it has set none.
std::vector<v1::ReminderRule> ReminderRulesOf(const v1::AgencyTerms& terms);

// Whether the rule is about limits of this kind.
bool IsAbout(const v1::ReminderRule& rule, v1::LimitKind kind);

// The working day on which a rule of `days` reminds of the last day `due`: so
// many working days before it (0: on it, or on the last working day before it
// when it is a day of rest); for a negative number so many after it.
absl::CivilDay RemindDay(const law::Calendar& calendar, absl::CivilDay due,
                         int days);

// The rules whose moment has come for a limit on `today`, those whose moment
// passed unused among them.
std::vector<v1::ReminderRule> RulesDue(
    const std::vector<v1::ReminderRule>& rules, v1::LimitKind kind,
    const law::Calendar& calendar, absl::CivilDay due, absl::CivilDay today);

// The last of the last days that lie at most `days` working days after `today`.
absl::CivilDay LastWithin(const law::Calendar& calendar, absl::CivilDay today,
                          int days);

// The last of the last days of which some rule may remind on `today`.
absl::CivilDay RemindHorizon(const std::vector<v1::ReminderRule>& rules,
                             const law::Calendar& calendar,
                             absl::CivilDay today);

// The time of a working day from which the agency's reminders go out, as time
// after midnight in Asia/Shanghai.
absl::Duration ReminderTimeOf(const v1::AgencyTerms& terms);

// Whether reminders and digests go out at `now`: on a working day of the
// calendar, from the agency's time on.
bool IsReminderTime(const law::Calendar& calendar, const v1::AgencyTerms& terms,
                    absl::Time now);

// FIELD_INVALID, naming the field, where what the terms say of reminders and
// levels does not fit together: a rule twice, an hour that is none, a domain
// that is none, urgent further off than near.
absl::Status CheckReminderTerms(const v1::AgencyTerms& terms);

}  // namespace gongkai::report

#endif  // GONGKAI_SERVICES_REPORT_REMINDING_H_
