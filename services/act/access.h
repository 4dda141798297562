// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_ACT_ACCESS_H_
#define GONGKAI_SERVICES_ACT_ACCESS_H_

#include <atomic>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "gongkai/v1/matter.pb.h"
#include "services/act/registry.h"
#include "services/auth/identity.h"
#include "services/auth/matrix.h"
#include "services/auth/walls.h"
#include "services/base/clock.h"
#include "services/base/ids.h"
#include "storage/proofs.h"

namespace gongkai::act {

// An act or a read that was refused.
struct Refusing {
  std::string agency;
  // In which the caller would have acted; unspecified when none fits.
  v1::Capacity capacity = v1::CAPACITY_UNSPECIFIED;
  // All but the reason.
  v1::Access access;
  absl::Status status;
};

// Records who saw personal text and who was refused (访问记录). Callers who
// come together share one commit. Thread-safe.
class AccessRecorder {
 public:
  AccessRecorder(storage::AccessBook& book, Registry& registry, Clock& clock);

  // Records a read of cases of `agency`; durable when OK. Whoever shows
  // personal text does so only then. DEADLINE_EXCEEDED when the deadline
  // passed: the record may be there or not.
  absl::Status Record(const auth::Caller& caller, std::string_view agency,
                      const v1::Access& access, absl::Time deadline);

  // OK, or CAPACITY_MISSING, which is recorded: whether the caller may read
  // this of `agency`, by `method`. `number` is of the one case asked for.
  absl::Status Admit(const auth::Caller& caller, std::string_view method,
                     std::string_view agency, std::string_view number,
                     auth::Access access, absl::Time deadline);
  // The same for one case, once its marks are known: NO_SUCH_CASE of one that
  // is restricted to others, LABEL_NOT_CLEARED, CAPACITY_MISSING.
  absl::Status AdmitTo(const auth::Caller& caller, std::string_view method,
                       const CaseRef& ref, const auth::CaseMarks& marks,
                       auth::Access access, absl::Time deadline);

  // Records a refusal and returns it. Left out are those that say nothing of
  // what the caller wanted to do: a busy or absent service, a stale version, a
  // field of wrong form. A refusal stands whether or not it could be recorded.
  absl::Status Refused(const auth::Caller& caller, const Refusing& refusing,
                       absl::Time deadline);
  // The same for many.
  void RefusedAll(const auth::Caller& caller,
                  const std::vector<Refusing>& refusals, absl::Time deadline);

  // Refusals that could not be recorded since the start.
  int64_t unrecorded() const { return unrecorded_.load(); }

 private:
  // One caller's records on their way.
  struct Waiting {
    std::vector<storage::AccessRow> rows;
    absl::Time deadline;
    bool taken = false;
    bool done = false;
    absl::Status status;
  };
  using Group = std::vector<std::shared_ptr<Waiting>>;

  absl::Status Write(std::vector<storage::AccessRow> rows, absl::Time deadline);
  // Takes all that wait, `mine` among them, into one commit.
  void Lead(const std::shared_ptr<Waiting>& mine)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  Group Take(const std::shared_ptr<Waiting>& mine)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  storage::AccessBook& book_;
  Registry& registry_;
  Clock& clock_;
  std::atomic<int64_t> unrecorded_{0};
  absl::Mutex mutex_;
  std::deque<std::shared_ptr<Waiting>> waiting_ ABSL_GUARDED_BY(mutex_);
  bool led_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace gongkai::act

#endif  // GONGKAI_SERVICES_ACT_ACCESS_H_
