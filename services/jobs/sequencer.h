// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_JOBS_SEQUENCER_H_
#define GONGKAI_SERVICES_JOBS_SEQUENCER_H_

#include <functional>
#include <optional>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "storage/store.h"

namespace gongkai::jobs {

// Gives every queued entry its place in the log and its leaf in the tree
// (排序), soon after it was written. Runs in every server; the store lets one
// work at a time. A tree that it does not know, after a start, a restore or
// another server's work, is taken up only when `admit` says that it may: until
// then the queue waits and loses nothing. Thread-safe.
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

  // Whether the log may go on from the tree of this head. `known` is the head
  // that this sequencer left, if any.
  using Admit = std::function<absl::Status(const storage::TreeHead& head,
                                           const storage::TreeHead* known,
                                           absl::Time deadline)>;

  // `grown` is called when the log has grown.
  Sequencer(storage::Log& log, const Options& options, Admit admit,
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
  // Whether the log stands still because its tree was not admitted.
  bool stopped() const;

 private:
  void Run();
  // How long to rest before the next look; zero when there is more.
  absl::Duration Look();

  absl::StatusOr<storage::Sequenced> Place(absl::Time deadline);

  storage::Log& log_;
  const Options options_;
  const Admit admit_;
  const std::function<void()> grown_;
  mutable absl::Mutex mutex_;
  bool poked_ ABSL_GUARDED_BY(mutex_) = false;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  // First look after the last that found the queue empty.
  absl::Time behind_since_ ABSL_GUARDED_BY(mutex_) = absl::InfiniteFuture();
  bool not_admitted_ ABSL_GUARDED_BY(mutex_) = false;
  // The tree as this sequencer left it; used by its thread alone.
  std::optional<storage::TreeHead> known_;
  std::thread thread_;
};

}  // namespace gongkai::jobs

#endif  // GONGKAI_SERVICES_JOBS_SEQUENCER_H_
