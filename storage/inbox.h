// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_STORAGE_INBOX_H_
#define GONGKAI_STORAGE_INBOX_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"

namespace gongkai::storage {

// One entry of an inbox: nothing of a person but the account it is for.
struct InboxEntry {
  int64_t place = 0;  // given when it is put in, growing
  std::string id;     // UUID
  std::string agency;
  std::string account;
  int kind = 0;  // v1::ReminderKind
  // Of a limit: the case and the limit.
  std::string stream;
  std::string number;
  int limit_kind = 0;
  int ordinal = 0;
  std::optional<absl::CivilDay> due;
  // Days before the last day at which its rule reminds.
  int rule_days = 0;
  int left = 0;
  // Of a digest.
  int64_t overdue = 0;
  int64_t red = 0;
  int64_t yellow = 0;
  // The working day it is for.
  absl::CivilDay remind_date;
  absl::Time made_time;
  std::optional<absl::Time> read_time;
  // Where its mail goes; empty when it gets none.
  std::string mail_to;
  // How often it was lent out to be mailed and not given back, this time
  // included.
  int attempts = 0;
};

// What still waits to be mailed.
struct MailBacklog {
  int64_t waiting = 0;
  std::optional<absl::Time> oldest;  // when it was made
};

// Inboxes. Thread-safe. Errors as in store.h.
class InboxBook {
 public:
  virtual ~InboxBook() = default;

  // Puts in those that are not there yet: one for an account, case, limit,
  // ordinal, last day and rule; one digest for an account and working day.
  // Returns how many were new. Places become visible in their order: whoever
  // has seen one never misses a lower one that was committed later.
  virtual absl::StatusOr<int> PutEntries(const std::vector<InboxEntry>& entries,
                                         absl::Time deadline) = 0;
  // Of one account, newest first, before `before` (0: from the newest).
  virtual absl::StatusOr<std::vector<InboxEntry>> Inbox(
      std::string_view agency, std::string_view account, bool unread_only,
      int64_t before, int limit, absl::Time deadline) = 0;
  // Of one account, oldest first, after a place.
  virtual absl::StatusOr<std::vector<InboxEntry>> InboxAfter(
      std::string_view agency, std::string_view account, int64_t after,
      int limit, absl::Time deadline) = 0;
  virtual absl::StatusOr<int64_t> CountUnread(std::string_view agency,
                                              std::string_view account,
                                              absl::Time deadline) = 0;
  // The last place of all.
  virtual absl::StatusOr<int64_t> LastPlace(absl::Time deadline) = 0;
  // Marks entries of the account as read; none named means all. How many were
  // not read before.
  virtual absl::StatusOr<int64_t> MarkRead(std::string_view agency,
                                           std::string_view account,
                                           const std::vector<std::string>& ids,
                                           absl::Time now,
                                           absl::Time deadline) = 0;

  // Mails not yet handed over and not lent to another until now, oldest first:
  // lends them to the caller for `lease`. Of all agencies.
  virtual absl::StatusOr<std::vector<InboxEntry>> TakeMails(
      int limit, absl::Time now, absl::Duration lease, absl::Time deadline) = 0;
  // The mail server took it.
  virtual absl::Status MailDone(std::string_view agency, std::string_view id,
                                absl::Time now, absl::Time deadline) = 0;
  // It did not: lends it out again from `again` on, or never when that is
  // absent.
  virtual absl::Status MailFailed(std::string_view agency, std::string_view id,
                                  const std::optional<absl::Time>& again,
                                  absl::Time now, absl::Time deadline) = 0;
  // Nothing was tried, or there was no talking to the mail server: lends it
  // out again from `from` on, and this time does not count as an attempt.
  virtual absl::Status GiveBackMail(std::string_view agency,
                                    std::string_view id, absl::Time from,
                                    absl::Time deadline) = 0;
  // Mails neither handed over nor given up.
  virtual absl::StatusOr<MailBacklog> MailsWaiting(absl::Time deadline) = 0;
};

}  // namespace gongkai::storage

#endif  // GONGKAI_STORAGE_INBOX_H_
