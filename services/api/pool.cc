// SPDX-License-Identifier: Apache-2.0
#include "services/api/pool.h"

#include <algorithm>
#include <utility>

namespace gongkai::api {
namespace {

constexpr int kSignInLane = static_cast<int>(Lane::kSignIn);

}  // namespace

std::string_view LaneName(Lane lane) {
  switch (lane) {
    case Lane::kActs:
      return "acts";
    case Lane::kReads:
      return "reads";
    case Lane::kReports:
      return "reports";
    case Lane::kSignIn:
      return "sign_in";
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
    tracks_[kSignInLane].most_running = std::max(1, limits.sign_in);
    tracks_[kSignInLane].most_queued = limits.sign_in_queue;
  }
  workers_ = workers;
  for (int i = 0; i < workers; ++i) {
    threads_.emplace_back([this] { Work(false); });
  }
  for (int i = 0; i < std::max(1, limits.sign_in); ++i) {
    threads_.emplace_back([this] { Work(true); });
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
  (lane == Lane::kSignIn ? sign_in_work_ : work_).Signal();
  return true;
}

void Pool::Stop() {
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
    work_.SignalAll();
    sign_in_work_.SignalAll();
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

int Pool::NextLane(bool sign_in) const {
  const auto open = [this](int lane) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    const Track& track = tracks_[lane];
    return !track.queue.empty() && track.running < track.most_running;
  };
  if (sign_in) return open(kSignInLane) ? kSignInLane : -1;
  for (int i = 0; i < kLanes; ++i) {
    const int lane = (turn_ + i) % kLanes;
    if (lane != kSignInLane && open(lane)) return lane;
  }
  return -1;
}

bool Pool::Ready(bool sign_in) const {
  for (int lane = 0; lane < kLanes; ++lane) {
    const bool ours = (lane == kSignInLane) == sign_in;
    if (ours && !tracks_[lane].queue.empty()) return true;
  }
  return false;
}

void Pool::Work(bool sign_in) {
  absl::CondVar& woken = sign_in ? sign_in_work_ : work_;
  absl::MutexLock lock(&mutex_);
  while (true) {
    const int lane = NextLane(sign_in);
    if (lane < 0) {
      if (stopping_ && !Ready(sign_in)) return;
      woken.Wait(&mutex_);
      continue;
    }
    Track& track = tracks_[lane];
    Job job = std::move(track.queue.front());
    track.queue.pop_front();
    ++track.running;
    if (!sign_in) turn_ = (lane + 1) % kLanes;
    mutex_.Unlock();
    job();
    job = nullptr;
    mutex_.Lock();
    // What this lane held back may begin now; this worker looks first.
    --track.running;
    if (stopping_) woken.SignalAll();
  }
}

}  // namespace gongkai::api
