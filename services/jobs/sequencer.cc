// SPDX-License-Identifier: Apache-2.0
#include "services/jobs/sequencer.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/time/clock.h"
#include "services/base/log.h"
#include "services/base/status_macros.h"

namespace gongkai::jobs {
namespace {

constexpr absl::Duration kTime = absl::Seconds(10);

}  // namespace

Sequencer::Sequencer(storage::Log& log, const Options& options, Admit admit,
                     std::function<void()> grown)
    : log_(log),
      options_(options),
      admit_(std::move(admit)),
      grown_(std::move(grown)),
      thread_([this] { Run(); }) {}

Sequencer::~Sequencer() { Stop(); }

void Sequencer::Poke() {
  absl::MutexLock lock(&mutex_);
  poked_ = true;
}

void Sequencer::Stop() {
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
  }
  if (thread_.joinable()) thread_.join();
}

absl::Duration Sequencer::Lag() const {
  absl::MutexLock lock(&mutex_);
  return std::max(absl::ZeroDuration(), absl::Now() - behind_since_);
}

void Sequencer::Run() {
  absl::Duration rest = absl::ZeroDuration();
  while (true) {
    {
      absl::MutexLock lock(&mutex_);
      const auto woken = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
        return stopping_ || poked_;
      };
      const auto stopped = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
        return stopping_;
      };
      mutex_.AwaitWithTimeout(absl::Condition(&woken), rest);
      // A poke does not shorten the rest after an error.
      const absl::Duration least =
          rest == options_.rest ? options_.rest : options_.gather;
      if (rest > absl::ZeroDuration()) {
        mutex_.AwaitWithTimeout(absl::Condition(&stopped), least);
      }
      if (stopping_) return;
      poked_ = false;
    }
    rest = Look();
  }
}

absl::StatusOr<storage::Sequenced> Sequencer::Place(absl::Time deadline) {
  if (!known_.has_value()) {
    // Another server's tree, or that of an earlier run.
    ASSIGN_OR_RETURN(const storage::TreeHead head, log_.Head(deadline));
    RETURN_IF_ERROR(admit_(head, nullptr, deadline));
    known_ = head;
  }
  ASSIGN_OR_RETURN(storage::Sequenced done,
                   log_.Sequence(options_.batch, &*known_, deadline));
  if (done.moved) {
    RETURN_IF_ERROR(admit_(*done.head, &*known_, deadline));
    done.more = true;
  }
  if (done.head.has_value()) known_ = *done.head;
  return done;
}

absl::Duration Sequencer::Look() {
  const absl::Time begun = absl::Now();
  const absl::StatusOr<storage::Sequenced> placed = Place(begun + kTime);
  const bool done = placed.ok() && !placed->more;
  const bool refused = absl::IsFailedPrecondition(placed.status());
  {
    absl::MutexLock lock(&mutex_);
    behind_since_ =
        done ? absl::InfiniteFuture() : std::min(behind_since_, begun);
    if (placed.ok() || refused) not_admitted_ = refused;
  }
  if (!placed.ok()) {
    Log(refused ? Severity::kError : Severity::kWarning, "sequencer",
        {{"code",
          std::string(absl::StatusCodeToString(placed.status().code()))},
         {"detail",
          refused ? std::string(placed.status().message()) : std::string()}});
    return options_.rest;
  }
  if (placed->placed > 0) grown_();
  return done ? options_.idle : absl::ZeroDuration();
}

bool Sequencer::stopped() const {
  absl::MutexLock lock(&mutex_);
  return not_admitted_;
}

}  // namespace gongkai::jobs
