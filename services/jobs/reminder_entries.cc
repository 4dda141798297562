// SPDX-License-Identifier: Apache-2.0
#include "services/jobs/reminder_entries.h"

#include <set>

#include "absl/strings/str_cat.h"
#include "gongkai/v1/report.pb.h"
#include "services/base/dates.h"
#include "services/base/ids.h"
#include "services/report/reminding.h"
#include "services/report/work.h"

namespace gongkai::jobs {
namespace {

std::string MailTo(const RemindingDay& day, std::string_view account) {
  if (day.terms.mail_domain().empty()) return "";
  return absl::StrCat(ToAbsl(account), "@", day.terms.mail_domain());
}

storage::InboxEntry EntryFor(const RemindingDay& day,
                             std::string_view account) {
  storage::InboxEntry entry;
  entry.agency = day.agency;
  entry.account = std::string(account);
  entry.made_time = day.now;
  entry.remind_date = day.today;
  entry.mail_to = MailTo(day, account);
  return entry;
}

}  // namespace

std::string KeyOf(const storage::InboxEntry& entry) {
  if (entry.kind == v1::REMIND_DIGEST) {
    return absl::StrCat("digest\n", entry.agency, "\n", entry.account, "\n",
                        FormatDay(entry.remind_date));
  }
  return absl::StrCat("limit\n", entry.agency, "\n", entry.account, "\n",
                      entry.stream, "\n", entry.limit_kind, "\n", entry.ordinal,
                      "\n", entry.due ? FormatDay(*entry.due) : "", "\n",
                      entry.rule_days);
}

std::vector<storage::InboxEntry> EntriesOf(const RemindingDay& day,
                                           const storage::WorkRow& row) {
  std::vector<storage::InboxEntry> entries;
  if (!row.limit.due) return entries;
  const absl::CivilDay due = *row.limit.due;
  std::set<std::string> made;
  for (const v1::ReminderRule& rule :
       report::RulesDue(day.rules, static_cast<v1::LimitKind>(row.limit.kind),
                        day.calendar, due, day.today)) {
    for (const std::string& account :
         act::ReceiversOf(day.staff, rule.to(), row.row)) {
      storage::InboxEntry entry = EntryFor(day, account);
      entry.kind = v1::REMIND_LIMIT;
      entry.stream = row.place.stream;
      entry.number = row.place.number;
      entry.limit_kind = row.limit.kind;
      entry.ordinal = row.limit.ordinal;
      entry.due = due;
      entry.rule_days = rule.days();
      entry.left = day.calendar.WorkdaysBetween(day.today, due);
      entry.remind_date = report::RemindDay(day.calendar, due, rule.days());
      // Who is manager and head at once is reminded once for one day.
      if (!made.insert(KeyOf(entry)).second) continue;
      entry.id = UuidFrom(KeyOf(entry));
      entries.push_back(std::move(entry));
    }
  }
  return entries;
}

storage::InboxEntry DigestFor(const RemindingDay& day,
                              std::string_view account) {
  storage::InboxEntry entry = EntryFor(day, account);
  entry.kind = v1::REMIND_DIGEST;
  entry.id = UuidFrom(KeyOf(entry));
  return entry;
}

void CountIn(const RemindingDay& day, const storage::WorkRow& row,
             storage::InboxEntry& digest) {
  switch (report::LevelOf(row.limit.due, day.today, day.calendar,
                          report::LevelsOf(day.terms))) {
    case v1::LEVEL_OVERDUE:
      ++digest.overdue;
      return;
    case v1::LEVEL_RED:
      ++digest.red;
      return;
    case v1::LEVEL_YELLOW:
      ++digest.yellow;
      return;
    default:
      return;
  }
}

}  // namespace gongkai::jobs
