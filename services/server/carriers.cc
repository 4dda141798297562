// SPDX-License-Identifier: Apache-2.0
#include "services/server/carriers.h"

#include <unistd.h>

#include <utility>

#include "absl/time/clock.h"
#include "services/base/log.h"

namespace gongkai::server {
namespace {

// For one checkpoint to one place.
constexpr absl::Duration kTime = absl::Seconds(30);
// For those under way at the end.
constexpr absl::Duration kLast = absl::Seconds(15);
constexpr absl::Duration kRepeat = absl::Minutes(1);

}  // namespace

Alarm::Alarm(std::string event, std::string place)
    : event_(std::move(event)), place_(std::move(place)) {}

void Alarm::Say(const absl::Status& status) {
  const absl::Time now = absl::Now();
  if (status.ok()) {
    if (bad_) Log(Severity::kInfo, event_, {{"place", place_}, {"code", "OK"}});
    bad_ = false;
    said_ = absl::InfinitePast();
    return;
  }
  bad_ = true;
  if (now - said_ < kRepeat) return;
  said_ = now;
  Log(Severity::kError, event_,
      {{"place", place_},
       {"code", std::string(absl::StatusCodeToString(status.code()))},
       {"detail", std::string(status.message())}});
}

Carriers::Carriers(
    jobs::Signer& signer,
    const std::vector<std::unique_ptr<jobs::AnchorPlace>>& places,
    absl::Duration every)
    : signer_(signer), every_(every) {
  absl::MutexLock lock(&mutex_);
  for (const auto& place : places) {
    ++running_;
    threads_.emplace_back([this, &place] { Run(*place); });
  }
}

Carriers::~Carriers() {
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
    const auto ended = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
      return running_ == 0;
    };
    if (!mutex_.AwaitWithTimeout(absl::Condition(&ended), kLast)) {
      Log(Severity::kWarning, "anchor_hangs", {});
      _exit(0);
    }
  }
  for (std::thread& thread : threads_) thread.join();
}

void Carriers::Run(jobs::AnchorPlace& place) {
  Alarm alarm("anchor", place.name());
  while (true) {
    alarm.Say(signer_.Carry(place, absl::Now() + kTime));
    absl::MutexLock lock(&mutex_);
    if (mutex_.AwaitWithTimeout(absl::Condition(&stopping_), every_)) {
      --running_;
      return;
    }
  }
}

}  // namespace gongkai::server
