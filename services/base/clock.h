// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_BASE_CLOCK_H_
#define GONGKAI_SERVICES_BASE_CLOCK_H_

#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"

namespace gongkai {

// The time of the server. Thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual absl::Time Now() = 0;
};

// The machine's clock, made strictly increasing in whole microseconds, so that
// two records never share an instant.
class SystemClock : public Clock {
 public:
  absl::Time Now() override;

 private:
  absl::Mutex mutex_;
  absl::Time last_ = absl::InfinitePast();
};

// A clock that a test sets.
class ManualClock : public Clock {
 public:
  explicit ManualClock(absl::Time start) : now_(start) {}
  // Each call is one microsecond after the one before.
  absl::Time Now() override;
  void Set(absl::Time time);

 private:
  absl::Mutex mutex_;
  absl::Time now_;
};

}  // namespace gongkai

#endif  // GONGKAI_SERVICES_BASE_CLOCK_H_
