// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_SERVER_CARRIERS_H_
#define GONGKAI_SERVICES_SERVER_CARRIERS_H_

#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "services/jobs/signer.h"

namespace gongkai::server {

// Says in the log that something does not go well: at once, then once a minute
// while that lasts, and when it is over. Used by one thread.
class Alarm {
 public:
  // `place` may be empty.
  Alarm(std::string event, std::string place);
  void Say(const absl::Status& status);

 private:
  const std::string event_;
  const std::string place_;
  bool bad_ = false;
  absl::Time said_ = absl::InfinitePast();
};

// Carries checkpoints to every place, each in a thread of its own: one that is
// away or hangs does not keep the others.
class Carriers {
 public:
  // What is given outlives it.
  Carriers(jobs::Signer& signer,
           const std::vector<std::unique_ptr<jobs::AnchorPlace>>& places,
           absl::Duration every);
  // Waits for those under way. When one hangs (a mount that is gone) the
  // process ends here, with 0: everything written is on the disk.
  ~Carriers();
  Carriers(const Carriers&) = delete;
  Carriers& operator=(const Carriers&) = delete;

 private:
  void Run(jobs::AnchorPlace& place);

  jobs::Signer& signer_;
  const absl::Duration every_;
  absl::Mutex mutex_;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  int running_ ABSL_GUARDED_BY(mutex_) = 0;
  std::vector<std::thread> threads_;
};

}  // namespace gongkai::server

#endif  // GONGKAI_SERVICES_SERVER_CARRIERS_H_
