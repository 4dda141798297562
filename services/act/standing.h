// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_ACT_STANDING_H_
#define GONGKAI_SERVICES_ACT_STANDING_H_

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "services/act/identities.h"

namespace gongkai::act {

// Standing for many who ask at once: callers that come together share one
// question to the database, which begins after each of them has come.
// Thread-safe.
class SharedStanding final : public Standing {
 public:
  // The count of revocations, as the database has it.
  using Count = std::function<absl::StatusOr<int64_t>(absl::Time deadline)>;
  // Whether the session or certificate of a caller, and what he holds, is
  // unchanged.
  using LookAgain =
      std::function<absl::Status(const auth::Caller&, absl::Time deadline)>;

  SharedStanding(Count count, LookAgain look_again);

  absl::StatusOr<int64_t> Revocation(absl::Time deadline) override;
  absl::Status StillStands(const auth::Caller& caller, int64_t revocation,
                           absl::Time deadline) override;

  // A moment; and the count at any moment after it, which costs nothing when
  // somebody has asked since.
  int64_t Mark() override;
  absl::StatusOr<int64_t> RevocationAfter(int64_t mark,
                                          absl::Time deadline) override;

  // The highest count that anybody here has seen: what was believed at a lower
  // one is to be looked at again.
  int64_t Newest() const { return newest_.load(); }

 private:
  // One question, and those who wait for its answer.
  struct Question {
    bool begun = false;
    bool done = false;
    absl::StatusOr<int64_t> answer = absl::UnknownError("not asked");
  };
  void Ask(const std::shared_ptr<Question>& question, absl::Time deadline)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Note(int64_t revocation);

  const Count count_;
  const LookAgain look_again_;
  std::atomic<int64_t> newest_{-1};
  absl::Mutex mutex_;
  // Collects those who come now; null when nobody waits.
  std::shared_ptr<Question> next_ ABSL_GUARDED_BY(mutex_);
  bool asking_ ABSL_GUARDED_BY(mutex_) = false;
  // Questions begun; the number of the last that was answered, and its answer.
  int64_t begun_ ABSL_GUARDED_BY(mutex_) = 0;
  int64_t answered_ ABSL_GUARDED_BY(mutex_) = 0;
  int64_t known_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace gongkai::act

#endif  // GONGKAI_SERVICES_ACT_STANDING_H_
