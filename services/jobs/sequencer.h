// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_JOBS_SEQUENCER_H_
#define GONGKAI_SERVICES_JOBS_SEQUENCER_H_

#include <functional>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "storage/store.h"

namespace gongkai::jobs {

// Gives every queued event its place in the log (排序), soon after it was
// written. Runs in every server; the store lets one work at a time.
// Thread-safe.
class Sequencer {
 public:
  struct Options {
    // Events placed in one transaction.
    int batch = 1000;
    // How soon the queue is looked at when nobody pokes.
    absl::Duration idle = absl::Milliseconds(200);
    // Rest between two looks, so that acts that come together share one.
    absl::Duration gather = absl::Milliseconds(20);
    // Rest after an error.
    absl::Duration rest = absl::Seconds(1);
  };

  // `grown` is called when the log has grown.
  Sequencer(storage::Log& log, const Options& options,
            std::function<void()> grown);
  ~Sequencer();
  Sequencer(const Sequencer&) = delete;
  Sequencer& operator=(const Sequencer&) = delete;

  // Something was queued.
  void Poke();
  // Finishes the batch under way.
  void Stop();
  // Since when the queue has not been seen empty; zero when it is.
  absl::Duration Lag() const;

 private:
  void Run();
  // How long to rest before the next look; zero when there is more.
  absl::Duration Look();

  storage::Log& log_;
  const Options options_;
  const std::function<void()> grown_;
  mutable absl::Mutex mutex_;
  bool poked_ ABSL_GUARDED_BY(mutex_) = false;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  // First look after the last that found the queue empty.
  absl::Time behind_since_ ABSL_GUARDED_BY(mutex_) = absl::InfiniteFuture();
  std::thread thread_;
};

}  // namespace gongkai::jobs

#endif  // GONGKAI_SERVICES_JOBS_SEQUENCER_H_
