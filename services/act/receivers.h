// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_ACT_RECEIVERS_H_
#define GONGKAI_SERVICES_ACT_RECEIVERS_H_

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "gongkai/v1/terms.pb.h"
#include "services/auth/identity.h"
#include "storage/accounts.h"
#include "storage/store.h"

namespace gongkai::act {

// The open accounts of an agency's staff, each with the roles it holds itself.
using Staff = std::vector<auth::Caller>;

// Reads who reminders may go to (催办对象), and keeps it until any account
// anywhere was changed. Thread-safe.
class Receivers {
 public:
  Receivers(storage::Store& store, storage::AccountBook& book);

  absl::StatusOr<std::shared_ptr<const Staff>> StaffOf(std::string_view agency,
                                                       absl::Time deadline);

 private:
  struct Kept {
    int64_t revocation = -1;
    std::shared_ptr<const Staff> staff;
  };
  absl::StatusOr<Staff> Read(std::string_view agency, absl::Time deadline);
  absl::StatusOr<bool> HasPostElsewhere(const storage::FoundAccount& one,
                                        absl::Time deadline);

  storage::Store& store_;
  storage::AccountBook& book_;
  absl::Mutex mutex_;
  std::map<std::string, Kept, std::less<>> kept_ ABSL_GUARDED_BY(mutex_);
};

// Of those, the accounts that a reminder of a case goes to: the officer, else
// the managers of the department, else those of the whole agency; the heads of
// the disclosure office. Whoever may not see the case gets none; one whose
// officer is not there goes to the managers.
std::vector<std::string> ReceiversOf(const Staff& staff, v1::ReminderTo to,
                                     const storage::CaseRow& row);

// The accounts that get the digest of each morning: managers and the heads of
// the disclosure office, with these roles of theirs alone, so that each is told
// of the cases that these show.
Staff DigestReaders(const Staff& staff);

// Whether the case counts in the digest of one of them.
bool CountsFor(const auth::Caller& reader, const storage::CaseRow& row);

}  // namespace gongkai::act

#endif  // GONGKAI_SERVICES_ACT_RECEIVERS_H_
