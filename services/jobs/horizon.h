// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_JOBS_HORIZON_H_
#define GONGKAI_SERVICES_JOBS_HORIZON_H_

#include <optional>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "storage/proofs.h"

namespace gongkai::jobs {

// Watches how far the log is proved to the outside (防护地平线): what is
// younger than the newest anchored checkpoint is protected by nobody. Says so
// in the log of the service while that takes too long. Thread-safe.
class Horizon {
 public:
  struct Options {
    // How often it looks.
    absl::Duration every = absl::Seconds(5);
    // For how long an entry may wait until it is outside; zero raises no alarm.
    absl::Duration alarm = absl::Minutes(1);
    // Between two lines of the alarm.
    absl::Duration repeat = absl::Minutes(1);
  };

  Horizon(storage::Proofs& proofs, const Options& options);
  ~Horizon();
  Horizon(const Horizon&) = delete;
  Horizon& operator=(const Horizon&) = delete;

  void Stop();

  // What was seen last; nothing before the first look.
  std::optional<storage::LogHealth> seen() const;
  // How long the oldest entry that is not anchored has waited; zero when all
  // are.
  absl::Duration Unanchored() const;
  // Since the newest checkpoint was anchored; zero when none was.
  absl::Duration AnchorAge() const;

 private:
  void Run();
  void Look();

  storage::Proofs& proofs_;
  const Options options_;
  mutable absl::Mutex mutex_;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::optional<storage::LogHealth> seen_ ABSL_GUARDED_BY(mutex_);
  // Used by the thread alone.
  absl::Time alarmed_ = absl::InfinitePast();
  std::thread thread_;
};

}  // namespace gongkai::jobs

#endif  // GONGKAI_SERVICES_JOBS_HORIZON_H_
