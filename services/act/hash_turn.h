// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_ACT_HASH_TURN_H_
#define GONGKAI_SERVICES_ACT_HASH_TURN_H_

#include <memory>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"

namespace gongkai::act {

// Whose turn it is to hash a password: one at a time, for a hash takes a core
// and much memory by design, and few who wait, so that guessing cannot exhaust
// the service. Thread-safe.
class HashTurns {
 public:
  explicit HashTurns(int most_waiting) : most_waiting_(most_waiting) {}

  // A turn; over when it goes.
  class Turn {
   public:
    explicit Turn(HashTurns& turns) : turns_(turns) {}
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;
    ~Turn() { turns_.Give(); }

   private:
    HashTurns& turns_;
  };
  // Waits for a turn. TOO_BUSY at once when enough wait already;
  // DEADLINE_EXCEEDED.
  absl::StatusOr<std::unique_ptr<Turn>> Take(absl::Time deadline);

  // How many wait now.
  int waiting();

 private:
  void Give();

  const int most_waiting_;
  absl::Mutex mutex_;
  int waiting_ ABSL_GUARDED_BY(mutex_) = 0;
  bool taken_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace gongkai::act

#endif  // GONGKAI_SERVICES_ACT_HASH_TURN_H_
