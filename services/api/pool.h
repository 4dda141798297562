// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_API_POOL_H_
#define GONGKAI_SERVICES_API_POOL_H_

#include <array>
#include <cstddef>
#include <deque>
#include <functional>
#include <string_view>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

namespace gongkai::api {

// What a call is to the pool: kinds do not wait behind each other.
enum class Lane { kActs = 0, kReads = 1, kReports = 2, kSignIn = 3 };
inline constexpr int kLanes = 4;
// `acts`, `reads`, `reports`, `sign_in`.
std::string_view LaneName(Lane lane);

// The workers that do what handlers may not: wait. As many as there are
// connections for them; work for more than that queues, up to a bound, and is
// refused beyond it. Lanes take turns; no lane may hold all workers, so that
// none starves another. Signing in is slow by design, and whoever does it is
// not known yet: it has workers of its own and no others. Thread-safe.
class Pool {
 public:
  struct Limits {
    // At least 2.
    int workers = 16;
    // Calls that may wait in each of the lanes acts and reads; reports get a
    // sixteenth, at least one.
    size_t queue = 1024;
    // Workers that reports may hold at once.
    int reports = 2;
    // Workers for signing in, beside the others, and calls that may wait for
    // them: at most a few seconds' work.
    int sign_in = 2;
    size_t sign_in_queue = 32;
  };
  using Job = std::function<void()>;

  explicit Pool(const Limits& limits);
  // Finishes what is queued.
  ~Pool();
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;

  // False when the lane is full or the pool is stopping; the job is not run.
  bool TrySubmit(Lane lane, Job job);
  // As TrySubmit, but never full: for a stream that has a place already.
  // False only when the pool is stopping.
  bool Continue(Lane lane, Job job);
  // Takes no more; returns when everything queued is done.
  void Stop();

  struct Load {
    size_t queued = 0;
    int running = 0;
  };
  Load LoadOf(Lane lane) const;
  // Without those for signing in.
  int workers() const { return workers_; }

 private:
  struct Track {
    std::deque<Job> queue;
    int running = 0;
    int most_running = 0;
    size_t most_queued = 0;
  };
  bool Submit(Lane lane, Job job, bool unbounded);
  // One worker's life, for signing in or for all the rest.
  void Work(bool sign_in);
  bool Ready(bool sign_in) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // The lane whose turn it is, or -1.
  int NextLane(bool sign_in) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  mutable absl::Mutex mutex_;
  std::array<Track, kLanes> tracks_ ABSL_GUARDED_BY(mutex_);
  int turn_ ABSL_GUARDED_BY(mutex_) = 0;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  absl::CondVar work_;
  absl::CondVar sign_in_work_;
  int workers_ = 0;
  std::vector<std::thread> threads_;
};

}  // namespace gongkai::api

#endif  // GONGKAI_SERVICES_API_POOL_H_
