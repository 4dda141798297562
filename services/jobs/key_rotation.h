// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_JOBS_KEY_ROTATION_H_
#define GONGKAI_SERVICES_JOBS_KEY_ROTATION_H_

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "storage/accounts.h"
#include "storage/sealer.h"

namespace gongkai::jobs {

// Brings every data key and every secret of an account under the newest outer
// key (密钥轮换), and seals private parts from before there were keys. Sealed
// texts stay as they are. As many may run over one database as there are
// servers. Thread-safe.
class KeyRotation {
 public:
  struct Options {
    // How often it looks for a newer outer key.
    absl::Duration every = absl::Seconds(5);
    // How often it looks for what another server, which had the newer key
    // later, left under an older one.
    absl::Duration again = absl::Minutes(5);
    // Keys in one read; and a pause after each, for those who serve.
    int batch = 200;
    absl::Duration pause = absl::Milliseconds(20);
  };
  struct Sources {
    storage::KeyBook& keys;
    storage::AccountBook& accounts;
    storage::Sealer& sealer;
    // Takes in a newer key file, if there is one. May be empty.
    std::function<void()> refresh;
    // The secrets of an account, sealed anew under the newest outer key. May be
    // empty.
    std::function<absl::StatusOr<std::string>(std::string_view agency,
                                              std::string_view account,
                                              std::string_view sealed)>
        reseal;
  };

  KeyRotation(Sources sources, const Options& options);
  ~KeyRotation();
  KeyRotation(const KeyRotation&) = delete;
  KeyRotation& operator=(const KeyRotation&) = delete;

  void Stop();
  // Looks at once and at everything, as after a signal.
  void Poke();

  // Data keys and secrets that are known to lie under an older outer key.
  int64_t waiting() const;
  // Those brought under a newer one, and parts sealed, since the start.
  int64_t done() const;
  // Those that did not open: their outer key is not here, or they were altered.
  int64_t stuck() const;

 private:
  // What one pass over a kind of thing did.
  struct Pass {
    int64_t done = 0;
    int64_t stuck = 0;
    bool more = false;
  };

  void Run();
  bool Wait(absl::Duration time);
  // True when it got to the end of everything.
  bool Round(int newest);
  absl::StatusOr<Pass> RewrapSome(int newest);
  absl::StatusOr<Pass> ResealSome(int newest);
  absl::StatusOr<Pass> SealSome();
  // Repeats `some` until it has no more, or makes no way.
  bool All(const std::function<absl::StatusOr<Pass>()>& some);
  void Count(int newest);

  const Sources from_;
  const Options options_;
  mutable absl::Mutex mutex_;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  bool poked_ ABSL_GUARDED_BY(mutex_) = false;
  int64_t waiting_ ABSL_GUARDED_BY(mutex_) = 0;
  int64_t done_ ABSL_GUARDED_BY(mutex_) = 0;
  int64_t stuck_ ABSL_GUARDED_BY(mutex_) = 0;
  // Used by the thread alone: under which outer key all was found, and when.
  int settled_ = 0;
  absl::Time settled_time_ = absl::InfinitePast();
  int64_t told_stuck_ = 0;
  std::thread thread_;
};

}  // namespace gongkai::jobs

#endif  // GONGKAI_SERVICES_JOBS_KEY_ROTATION_H_
