// SPDX-License-Identifier: Apache-2.0
#include "storage/postgres/watchdog.h"

#include "absl/time/clock.h"

namespace gongkai::storage {

Watchdog::Watchdog(CallOff call_off)
    : call_off_(call_off), thread_([this] { Run(); }) {}

Watchdog::~Watchdog() {
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
    changed_.SignalAll();
  }
  thread_.join();
}

int64_t Watchdog::Watch(void* subject, absl::Time deadline) {
  absl::MutexLock lock(&mutex_);
  const int64_t watch = next_++;
  Entry& entry = entries_[watch];
  entry.subject = subject;
  entry.deadline = deadline;
  const auto place = queue_.emplace(deadline, watch).first;
  // Deadlines mostly grow: the thread is seldom woken.
  if (place == queue_.begin()) changed_.SignalAll();
  return watch;
}

bool Watchdog::Leave(int64_t watch) {
  absl::MutexLock lock(&mutex_);
  const auto it = entries_.find(watch);
  while (it->second.calling) changed_.Wait(&mutex_);
  const bool called_off = it->second.called_off;
  queue_.erase({it->second.deadline, watch});
  entries_.erase(it);
  return called_off;
}

void Watchdog::Run() {
  absl::MutexLock lock(&mutex_);
  while (!stopping_) {
    if (queue_.empty()) {
      changed_.Wait(&mutex_);
      continue;
    }
    const auto [deadline, watch] = *queue_.begin();
    if (absl::Now() < deadline) {
      changed_.WaitWithDeadline(&mutex_, deadline);
      continue;
    }
    queue_.erase(queue_.begin());
    Entry& entry = entries_[watch];
    entry.calling = true;
    entry.called_off = true;
    mutex_.Unlock();
    call_off_(entry.subject);
    mutex_.Lock();
    // Leave waits while `calling`: the entry is still there.
    entry.calling = false;
    changed_.SignalAll();
  }
}

}  // namespace gongkai::storage
