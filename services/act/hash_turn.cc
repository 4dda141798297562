// SPDX-License-Identifier: Apache-2.0
#include "services/act/hash_turn.h"

#include "services/base/refusal.h"

namespace gongkai::act {
namespace {

constexpr int64_t kRetryMs = 500;

}  // namespace

absl::StatusOr<std::unique_ptr<HashTurns::Turn>> HashTurns::Take(
    absl::Time deadline) {
  absl::MutexLock lock(&mutex_);
  if (taken_ && waiting_ >= most_waiting_) {
    v1::Refusal refusal;
    refusal.set_reason(v1::TOO_BUSY);
    refusal.set_retry_ms(kRetryMs);
    return Refuse(refusal);
  }
  ++waiting_;
  const auto free = [this]()
                        ABSL_SHARED_LOCKS_REQUIRED(mutex_) { return !taken_; };
  const bool mine = mutex_.AwaitWithDeadline(absl::Condition(&free), deadline);
  --waiting_;
  if (!mine) {
    return absl::DeadlineExceededError(
        "the deadline passed before the password's turn");
  }
  taken_ = true;
  return std::make_unique<Turn>(*this);
}

int HashTurns::waiting() {
  absl::MutexLock lock(&mutex_);
  return waiting_;
}

void HashTurns::Give() {
  absl::MutexLock lock(&mutex_);
  taken_ = false;
}

}  // namespace gongkai::act
