// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_ACT_INBOX_H_
#define GONGKAI_SERVICES_ACT_INBOX_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "gongkai/v1/report.pb.h"
#include "gongkai/v1/report_service.pb.h"
#include "services/auth/identity.h"
#include "services/base/clock.h"
#include "storage/inbox.h"

namespace gongkai::act {

// An entry as its holder sees it.
v1::Reminder ReminderOf(const storage::InboxEntry& entry);

// Everybody's own inbox (提醒): nobody reads another's, a deputy his own and
// not his principal's. It holds nothing of a person. Thread-safe.
class InboxDesk {
 public:
  // `token_key` binds page tokens to their query.
  InboxDesk(storage::InboxBook& book, Clock& clock, std::string token_key);

  absl::StatusOr<v1::ListRemindersResponse> List(
      const auth::Caller& caller, const v1::ListRemindersRequest& request,
      absl::Time deadline);
  absl::StatusOr<v1::MarkRemindersResponse> Mark(
      const auth::Caller& caller, const v1::MarkRemindersRequest& request,
      absl::Time deadline);

  // For those who watch: the place of the last entry of all; and at most
  // `limit` of one's own after a place, in order.
  absl::StatusOr<int64_t> Last(absl::Time deadline);
  absl::StatusOr<std::vector<v1::Reminder>> After(const auth::Caller& caller,
                                                  int64_t place, int limit,
                                                  absl::Time deadline);

 private:
  storage::InboxBook& book_;
  Clock& clock_;
  const std::string token_key_;
};

}  // namespace gongkai::act

#endif  // GONGKAI_SERVICES_ACT_INBOX_H_
