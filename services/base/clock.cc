// SPDX-License-Identifier: Apache-2.0
#include "services/base/clock.h"

#include <algorithm>

namespace gongkai {

absl::Time SystemClock::Now() {
  const absl::Time now = absl::FromUnixMicros(absl::ToUnixMicros(absl::Now()));
  absl::MutexLock lock(&mutex_);
  last_ = std::max(now, last_ + absl::Microseconds(1));
  return last_;
}

absl::Time ManualClock::Now() {
  absl::MutexLock lock(&mutex_);
  now_ += absl::Microseconds(1);
  return now_;
}

void ManualClock::Set(absl::Time time) {
  absl::MutexLock lock(&mutex_);
  now_ = time;
}

}  // namespace gongkai
