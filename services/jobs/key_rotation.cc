// SPDX-License-Identifier: Apache-2.0
#include "services/jobs/key_rotation.h"

#include <utility>
#include <vector>

#include "absl/time/clock.h"
#include "services/base/log.h"
#include "services/base/status_macros.h"

namespace gongkai::jobs {
namespace {

constexpr absl::Duration kTime = absl::Seconds(30);

}  // namespace

KeyRotation::KeyRotation(Sources sources, const Options& options)
    : from_(std::move(sources)),
      options_(options),
      thread_([this] { Run(); }) {}

KeyRotation::~KeyRotation() { Stop(); }

void KeyRotation::Stop() {
  {
    const absl::MutexLock lock(&mutex_);
    stopping_ = true;
  }
  if (thread_.joinable()) thread_.join();
}

void KeyRotation::Poke() {
  const absl::MutexLock lock(&mutex_);
  poked_ = true;
}

int64_t KeyRotation::waiting() const {
  const absl::MutexLock lock(&mutex_);
  return waiting_;
}

int64_t KeyRotation::done() const {
  const absl::MutexLock lock(&mutex_);
  return done_;
}

int64_t KeyRotation::stuck() const {
  const absl::MutexLock lock(&mutex_);
  return stuck_;
}

bool KeyRotation::Wait(absl::Duration time) {
  const absl::MutexLock lock(&mutex_);
  const auto woken = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return stopping_ || poked_;
  };
  mutex_.AwaitWithTimeout(absl::Condition(&woken), time);
  if (poked_) settled_ = 0;
  poked_ = false;
  return !stopping_;
}

void KeyRotation::Run() {
  do {
    if (from_.refresh) from_.refresh();
    const int newest = from_.sealer.newest();
    const absl::Time now = absl::Now();
    if (newest == settled_ && now - settled_time_ < options_.again) continue;
    // What is stuck stays so until somebody puts its key back.
    if (Round(newest) || stuck() > 0) {
      settled_ = newest;
      settled_time_ = now;
    }
  } while (Wait(options_.every));
}

bool KeyRotation::Round(int newest) {
  {
    const absl::MutexLock lock(&mutex_);
    stuck_ = 0;
  }
  Count(newest);
  const int64_t before = done();
  const bool keys = All([this, newest] { return RewrapSome(newest); });
  const bool secrets =
      !from_.reseal || All([this, newest] { return ResealSome(newest); });
  const bool parts = All([this] { return SealSome(); });
  const int64_t moved = done() - before;
  if (moved > 0) {
    Count(newest);
    Log(Severity::kInfo, "keys brought under the newest outer key",
        {{"outer", static_cast<int64_t>(newest)},
         {"moved", moved},
         {"waiting", waiting()}});
  }
  if (stuck() != told_stuck_) {
    told_stuck_ = stuck();
    Log(Severity::kError, "keys that do not open under their outer key",
        {{"keys", told_stuck_}});
  }
  return keys && secrets && parts;
}

bool KeyRotation::All(const std::function<absl::StatusOr<Pass>()>& some) {
  while (true) {
    const absl::StatusOr<Pass> pass = some();
    // A database that is away is told of by whoever needs it.
    if (!pass.ok()) return false;
    {
      const absl::MutexLock lock(&mutex_);
      done_ += pass->done;
      stuck_ += pass->stuck;
    }
    if (!pass->more) return true;
    if (pass->done == 0) return false;
    {
      // Short, and not woken by a poke.
      const absl::MutexLock lock(&mutex_);
      if (mutex_.AwaitWithTimeout(absl::Condition(&stopping_),
                                  options_.pause)) {
        return false;
      }
      // Those that are stuck come again in the next read.
      stuck_ -= pass->stuck;
    }
  }
}

absl::StatusOr<KeyRotation::Pass> KeyRotation::RewrapSome(int newest) {
  const absl::Time deadline = absl::Now() + kTime;
  ASSIGN_OR_RETURN(const auto found,
                   from_.keys.KeysNotUnder(newest, options_.batch, deadline));
  Pass pass;
  pass.more = static_cast<int>(found.size()) == options_.batch;
  for (const storage::KeyBook::StreamKey& one : found) {
    const auto fresh = from_.sealer.Rewrap(one.agency, one.stream, one.key);
    if (!fresh.ok()) {
      ++pass.stuck;
      continue;
    }
    // False when another was quicker, or the stream was erased meanwhile.
    RETURN_IF_ERROR(
        from_.keys.ReplaceKey(one.agency, one.stream, one.key, *fresh, deadline)
            .status());
    ++pass.done;
  }
  return pass;
}

absl::StatusOr<KeyRotation::Pass> KeyRotation::ResealSome(int newest) {
  const absl::Time deadline = absl::Now() + kTime;
  ASSIGN_OR_RETURN(const auto found, from_.keys.SecretsNotUnder(
                                         newest, options_.batch, deadline));
  Pass pass;
  pass.more = static_cast<int>(found.size()) == options_.batch;
  for (const storage::KeyBook::AccountSecret& one : found) {
    const auto fresh = from_.reseal(one.agency, one.account, one.sealed);
    if (!fresh.ok()) {
      ++pass.stuck;
      continue;
    }
    RETURN_IF_ERROR(from_.accounts
                        .PutCredential(one.agency, one.account, one.version,
                                       *fresh, deadline)
                        .status());
    ++pass.done;
  }
  return pass;
}

absl::StatusOr<KeyRotation::Pass> KeyRotation::SealSome() {
  ASSIGN_OR_RETURN(const int sealed,
                   from_.keys.SealPlain(options_.batch, absl::Now() + kTime));
  return Pass{sealed, 0, sealed == options_.batch};
}

void KeyRotation::Count(int newest) {
  const auto counts = from_.keys.CountKeys(absl::Now() + kTime);
  if (!counts.ok()) return;
  int64_t older = 0;
  for (const storage::KeyBook::KeyCount& one : *counts) {
    if (one.outer != newest) older += one.keys + one.secrets;
  }
  const absl::MutexLock lock(&mutex_);
  waiting_ = older;
}

}  // namespace gongkai::jobs
