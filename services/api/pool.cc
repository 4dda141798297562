// SPDX-License-Identifier: Apache-2.0
#include "services/api/pool.h"

#include <algorithm>
#include <utility>

namespace gongkai::api {

std::string_view LaneName(Lane lane) {
  switch (lane) {
    case Lane::kActs:
      return "acts";
    case Lane::kReads:
      return "reads";
    case Lane::kReports:
      return "reports";
  }
  return "";
}

Pool::Pool(const Limits& limits) {
  const int workers = std::max(2, limits.workers);
  {
    absl::MutexLock lock(&mutex_);
    for (Track& track : tracks_) {
      track.most_running = workers - 1;
      track.most_queued = limits.queue;
    }
    Track& reports = tracks_[static_cast<int>(Lane::kReports)];
    reports.most_running = std::min(limits.reports, workers - 1);
    reports.most_queued = std::max<size_t>(1, limits.queue / 16);
  }
  for (int i = 0; i < workers; ++i) {
    threads_.emplace_back([this] { Work(); });
  }
}

Pool::~Pool() { Stop(); }

bool Pool::TrySubmit(Lane lane, Job job) {
  return Submit(lane, std::move(job), false);
}

bool Pool::Continue(Lane lane, Job job) {
  return Submit(lane, std::move(job), true);
}

bool Pool::Submit(Lane lane, Job job, bool unbounded) {
  absl::MutexLock lock(&mutex_);
  Track& track = tracks_[static_cast<int>(lane)];
  if (stopping_) return false;
  if (!unbounded && track.queue.size() >= track.most_queued) return false;
  track.queue.push_back(std::move(job));
  work_.Signal();
  return true;
}

void Pool::Stop() {
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
    work_.SignalAll();
  }
  for (std::thread& thread : threads_) {
    if (thread.joinable()) thread.join();
  }
}

Pool::Load Pool::LoadOf(Lane lane) const {
  absl::MutexLock lock(&mutex_);
  const Track& track = tracks_[static_cast<int>(lane)];
  return {track.queue.size(), track.running};
}

int Pool::NextLane() const {
  for (int i = 0; i < kLanes; ++i) {
    const int lane = (turn_ + i) % kLanes;
    const Track& track = tracks_[lane];
    if (!track.queue.empty() && track.running < track.most_running) return lane;
  }
  return -1;
}

bool Pool::Ready() const {
  return std::any_of(tracks_.begin(), tracks_.end(),
                     [](const Track& track) { return !track.queue.empty(); });
}

void Pool::Work() {
  absl::MutexLock lock(&mutex_);
  while (true) {
    const int lane = NextLane();
    if (lane < 0) {
      if (stopping_ && !Ready()) return;
      work_.Wait(&mutex_);
      continue;
    }
    Track& track = tracks_[lane];
    Job job = std::move(track.queue.front());
    track.queue.pop_front();
    ++track.running;
    turn_ = (lane + 1) % kLanes;
    mutex_.Unlock();
    job();
    job = nullptr;
    mutex_.Lock();
    // What this lane held back may begin now; this worker looks first.
    --track.running;
    if (stopping_) work_.SignalAll();
  }
}

}  // namespace gongkai::api
