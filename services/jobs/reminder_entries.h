// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_JOBS_REMINDER_ENTRIES_H_
#define GONGKAI_SERVICES_JOBS_REMINDER_ENTRIES_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "gongkai/v1/terms.pb.h"
#include "services/act/receivers.h"
#include "services/law/calendar.h"
#include "storage/inbox.h"
#include "storage/reports.h"

namespace gongkai::jobs {

// What the entries of one agency are made of, on one day.
struct RemindingDay {
  std::string agency;
  const v1::AgencyTerms& terms;
  const law::Calendar& calendar;
  const std::vector<v1::ReminderRule>& rules;
  const act::Staff& staff;
  absl::CivilDay today;
  absl::Time now;
};

// One entry for each rule whose moment has come for the limit and each of its
// receivers; none of a limit without a last day. `left` is counted from today,
// `remind_date` is the day that the rule names.
std::vector<storage::InboxEntry> EntriesOf(const RemindingDay& day,
                                           const storage::WorkRow& row);

// The digest of one reader, with nothing counted yet.
storage::InboxEntry DigestFor(const RemindingDay& day,
                              std::string_view account);
// Counts a limit in it by the agency's levels.
void CountIn(const RemindingDay& day, const storage::WorkRow& row,
             storage::InboxEntry& digest);

// What makes an entry one of its kind: equal for equal reminders, whoever makes
// them. Its identifier is made of it.
std::string KeyOf(const storage::InboxEntry& entry);

}  // namespace gongkai::jobs

#endif  // GONGKAI_SERVICES_JOBS_REMINDER_ENTRIES_H_
