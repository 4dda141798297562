// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_STORAGE_POSTGRES_WATCHDOG_H_
#define GONGKAI_STORAGE_POSTGRES_WATCHDOG_H_

#include <cstdint>
#include <map>
#include <set>
#include <thread>
#include <utility>

#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"

namespace gongkai::storage {

// Calls off work whose deadline has passed. One thread for all: a statement
// timeout of the database would need a trip of its own for each deadline.
// Thread-safe.
class Watchdog {
 public:
  // Asks that the work on `subject` be called off; must not throw.
  using CallOff = void (*)(void* subject);

  explicit Watchdog(CallOff call_off);
  ~Watchdog();
  Watchdog(const Watchdog&) = delete;
  Watchdog& operator=(const Watchdog&) = delete;

  // Watches `subject` until Leave.
  int64_t Watch(void* subject, absl::Time deadline);

  // Ends the watch and returns whether the work was called off, in which case
  // the call has been made completely.
  bool Leave(int64_t watch);

 private:
  struct Entry {
    void* subject = nullptr;
    absl::Time deadline;
    bool calling = false;
    bool called_off = false;
  };

  void Run();

  const CallOff call_off_;
  absl::Mutex mutex_;
  absl::CondVar changed_;
  int64_t next_ = 1;
  bool stopping_ = false;
  std::map<int64_t, Entry> entries_;
  std::set<std::pair<absl::Time, int64_t>> queue_;
  std::thread thread_;
};

}  // namespace gongkai::storage

#endif  // GONGKAI_STORAGE_POSTGRES_WATCHDOG_H_
