// SPDX-License-Identifier: Apache-2.0
#include "services/act/inbox.h"

#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "services/act/pages.h"
#include "services/base/dates.h"
#include "services/base/ids.h"
#include "services/base/refusal.h"
#include "services/base/status_macros.h"

namespace gongkai::act {
namespace {

constexpr int kPage = 50;

// What a page token is bound to: whose inbox, and which of it.
std::string QueryOf(const auth::Caller& caller,
                    const v1::ListRemindersRequest& request) {
  return absl::StrCat("inbox\n", caller.agency, "\n", caller.account, "\n",
                      request.unread_only() ? "unread" : "all");
}

}  // namespace

v1::Reminder ReminderOf(const storage::InboxEntry& entry) {
  v1::Reminder reminder;
  reminder.set_id(entry.id);
  reminder.set_kind(static_cast<v1::ReminderKind>(entry.kind));
  if (!entry.number.empty()) {
    reminder.set_name(CaseName(entry.agency, entry.number));
  }
  reminder.set_limit(static_cast<v1::LimitKind>(entry.limit_kind));
  reminder.set_ordinal(entry.ordinal);
  if (entry.due) reminder.set_due_date(FormatDay(*entry.due));
  reminder.set_left(entry.left);
  reminder.set_overdue(entry.overdue);
  reminder.set_red(entry.red);
  reminder.set_yellow(entry.yellow);
  reminder.set_remind_date(FormatDay(entry.remind_date));
  reminder.set_made_time(FormatInstant(entry.made_time));
  if (entry.read_time) reminder.set_read_time(FormatInstant(*entry.read_time));
  reminder.set_rule_days(entry.rule_days);
  reminder.set_place(entry.place);
  return reminder;
}

InboxDesk::InboxDesk(storage::InboxBook& book, Clock& clock,
                     std::string token_key)
    : book_(book), clock_(clock), token_key_(std::move(token_key)) {}

absl::StatusOr<v1::ListRemindersResponse> InboxDesk::List(
    const auth::Caller& caller, const v1::ListRemindersRequest& request,
    absl::Time deadline) {
  const std::string query = QueryOf(caller, request);
  ASSIGN_OR_RETURN(const Place place,
                   ReadToken(token_key_, query, request.page_token()));
  int64_t before = 0;
  if (!place.key.empty() && !absl::SimpleAtoi(place.key, &before)) {
    return Refuse(v1::PAGE_TOKEN_FOREIGN);
  }
  const int size = request.page_size() == 0 ? kPage : request.page_size();
  ASSIGN_OR_RETURN(
      std::vector<storage::InboxEntry> entries,
      book_.Inbox(caller.agency, caller.account, request.unread_only(), before,
                  size + 1, deadline));
  v1::ListRemindersResponse response;
  if (static_cast<int>(entries.size()) > size) {
    entries.pop_back();
    response.set_next_page_token(
        MakeToken(token_key_, query, {absl::StrCat(entries.back().place), ""}));
  }
  for (const storage::InboxEntry& entry : entries) {
    *response.add_reminders() = ReminderOf(entry);
  }
  ASSIGN_OR_RETURN(const int64_t unread,
                   book_.CountUnread(caller.agency, caller.account, deadline));
  response.set_unread(unread);
  return response;
}

absl::StatusOr<v1::MarkRemindersResponse> InboxDesk::Mark(
    const auth::Caller& caller, const v1::MarkRemindersRequest& request,
    absl::Time deadline) {
  ASSIGN_OR_RETURN(const int64_t marked,
                   book_.MarkRead(caller.agency, caller.account,
                                  {request.ids().begin(), request.ids().end()},
                                  clock_.Now(), deadline));
  v1::MarkRemindersResponse response;
  response.set_marked(marked);
  return response;
}

absl::StatusOr<int64_t> InboxDesk::Last(absl::Time deadline) {
  return book_.LastPlace(deadline);
}

absl::StatusOr<std::vector<v1::Reminder>> InboxDesk::After(
    const auth::Caller& caller, int64_t place, int limit, absl::Time deadline) {
  ASSIGN_OR_RETURN(
      const std::vector<storage::InboxEntry> entries,
      book_.InboxAfter(caller.agency, caller.account, place, limit, deadline));
  std::vector<v1::Reminder> reminders;
  reminders.reserve(entries.size());
  for (const storage::InboxEntry& entry : entries) {
    reminders.push_back(ReminderOf(entry));
  }
  return reminders;
}

}  // namespace gongkai::act
