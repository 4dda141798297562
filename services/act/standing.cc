// SPDX-License-Identifier: Apache-2.0
#include "services/act/standing.h"

#include <utility>

#include "absl/time/clock.h"

namespace gongkai::act {

SharedStanding::SharedStanding(Count count, LookAgain look_again)
    : count_(std::move(count)), look_again_(std::move(look_again)) {}

absl::StatusOr<int64_t> SharedStanding::Revocation(absl::Time deadline) {
  absl::MutexLock lock(&mutex_);
  while (true) {
    if (next_ == nullptr) next_ = std::make_shared<Question>();
    const std::shared_ptr<Question> mine = next_;
    const auto ready = [&]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) {
      return mine->done || (!asking_ && !mine->begun);
    };
    if (!mutex_.AwaitWithDeadline(absl::Condition(&ready), deadline)) {
      return absl::DeadlineExceededError(
          "the deadline passed before the standing of the caller was known");
    }
    const bool led = !mine->done;
    if (led) Ask(mine, deadline);
    // It was the leader's time that ran out: who has more asks anew.
    if (!led && absl::IsDeadlineExceeded(mine->answer.status()) &&
        absl::Now() < deadline) {
      continue;
    }
    return mine->answer;
  }
}

int64_t SharedStanding::Mark() {
  absl::MutexLock lock(&mutex_);
  return begun_;
}

absl::StatusOr<int64_t> SharedStanding::RevocationAfter(int64_t mark,
                                                        absl::Time deadline) {
  {
    absl::MutexLock lock(&mutex_);
    if (answered_ > mark) return known_;
  }
  return Revocation(deadline);
}

void SharedStanding::Ask(const std::shared_ptr<Question>& question,
                         absl::Time deadline) {
  asking_ = true;
  question->begun = true;
  const int64_t number = ++begun_;
  // Whoever comes from here on is not served by this question.
  next_ = nullptr;
  mutex_.Unlock();
  absl::StatusOr<int64_t> answer = count_(deadline);
  if (answer.ok()) Note(*answer);
  mutex_.Lock();
  if (answer.ok()) {
    answered_ = number;
    known_ = *answer;
  }
  question->answer = std::move(answer);
  question->done = true;
  asking_ = false;
}

absl::Status SharedStanding::StillStands(const auth::Caller& caller,
                                         int64_t revocation,
                                         absl::Time deadline) {
  Note(revocation);
  if (caller.revocation < 0) return absl::OkStatus();
  return look_again_(caller, deadline);
}

void SharedStanding::Note(int64_t revocation) {
  int64_t known = newest_.load();
  while (known < revocation &&
         !newest_.compare_exchange_weak(known, revocation)) {
  }
}

}  // namespace gongkai::act
