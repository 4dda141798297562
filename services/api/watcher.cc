// SPDX-License-Identifier: Apache-2.0
#include "services/api/watcher.h"

#include <algorithm>
#include <utility>

#include "absl/time/clock.h"

namespace gongkai::api {

void Watcher::Begin() {
  absl::MutexLock lock(&mutex_);
  if (!over_) StartSendInitialMetadata();
}

bool Watcher::Offer(const google::protobuf::Message& change) {
  absl::MutexLock lock(&mutex_);
  if (over_) return true;
  if (queue_.size() >= most_queued_) {
    full_since_ = std::min(full_since_, absl::Now());
    was_full_ = true;
    return false;
  }
  grpc::ByteBuffer bytes;
  bool own_buffer = false;
  grpc::GenericSerialize<grpc::ProtoBufferWriter, google::protobuf::Message>(
      change, &bytes, &own_buffer);
  queue_.push_back(std::move(bytes));
  if (!writing_) WriteNext();
  return true;
}

void Watcher::WriteNext() {
  writing_ = true;
  StartWrite(&queue_.front());
}

void Watcher::OnWriteDone(bool ok) {
  bool room = false;
  {
    absl::MutexLock lock(&mutex_);
    writing_ = false;
    queue_.pop_front();
    full_since_ = absl::InfiniteFuture();
    if (ok && !over_ && !queue_.empty()) WriteNext();
    room = was_full_ && queue_.size() <= most_queued_ / 2;
    if (room) was_full_ = false;
  }
  if (room) room_();
}

void Watcher::OnCancel() { End(absl::CancelledError("the caller has gone")); }

void Watcher::End(const absl::Status& status) {
  {
    absl::MutexLock lock(&mutex_);
    if (over_) return;
    over_ = true;
    if (admitting_) {
      ended_ = status;
      return;
    }
  }
  Finish(desk_.Close(call_, status));
}

void Watcher::BeginAdmission() {
  absl::MutexLock lock(&mutex_);
  admitting_ = true;
}

void Watcher::EndAdmission() {
  absl::Status status;
  {
    absl::MutexLock lock(&mutex_);
    admitting_ = false;
    if (!over_) return;
    status = ended_;
  }
  Finish(desk_.Close(call_, status));
}

bool Watcher::over() const {
  absl::MutexLock lock(&mutex_);
  return over_;
}

absl::Duration Watcher::StalledFor(absl::Time now) const {
  absl::MutexLock lock(&mutex_);
  return std::max(absl::ZeroDuration(), now - full_since_);
}

}  // namespace gongkai::api
