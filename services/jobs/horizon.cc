// SPDX-License-Identifier: Apache-2.0
#include "services/jobs/horizon.h"

#include <algorithm>
#include <string>

#include "absl/time/clock.h"
#include "services/base/log.h"

namespace gongkai::jobs {

Horizon::Horizon(storage::Proofs& proofs, const Options& options)
    : proofs_(proofs), options_(options), thread_([this] { Run(); }) {}

Horizon::~Horizon() { Stop(); }

void Horizon::Stop() {
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
  }
  if (thread_.joinable()) thread_.join();
}

void Horizon::Run() {
  while (true) {
    Look();
    absl::MutexLock lock(&mutex_);
    if (mutex_.AwaitWithTimeout(absl::Condition(&stopping_), options_.every)) {
      return;
    }
  }
}

void Horizon::Look() {
  const absl::Time now = absl::Now();
  const auto health = proofs_.Health(now + options_.every);
  // A database that is away is told of by whoever needs it.
  if (!health.ok()) return;
  {
    absl::MutexLock lock(&mutex_);
    seen_ = *health;
  }
  const absl::Duration waits = Unanchored();
  if (options_.alarm == absl::ZeroDuration() || waits < options_.alarm) {
    alarmed_ = absl::InfinitePast();
    return;
  }
  if (now - alarmed_ < options_.repeat) return;
  alarmed_ = now;
  Log(Severity::kError, "unanchored",
      {{"seconds", absl::ToInt64Seconds(waits)},
       {"size", health->size},
       {"signed_size", health->signed_size},
       {"anchored_size", health->anchored_size}});
}

std::optional<storage::LogHealth> Horizon::seen() const {
  absl::MutexLock lock(&mutex_);
  return seen_;
}

absl::Duration Horizon::Unanchored() const {
  absl::MutexLock lock(&mutex_);
  if (!seen_.has_value() || !seen_->unanchored_since.has_value()) {
    return absl::ZeroDuration();
  }
  return std::max(absl::ZeroDuration(), absl::Now() - *seen_->unanchored_since);
}

absl::Duration Horizon::AnchorAge() const {
  absl::MutexLock lock(&mutex_);
  if (!seen_.has_value() || !seen_->anchored_time.has_value()) {
    return absl::ZeroDuration();
  }
  return std::max(absl::ZeroDuration(), absl::Now() - *seen_->anchored_time);
}

}  // namespace gongkai::jobs
