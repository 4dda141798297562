// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_API_WATCHER_H_
#define GONGKAI_SERVICES_API_WATCHER_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "gongkai/v1/case_service.pb.h"
#include "google/protobuf/message.h"
#include "grpcpp/grpcpp.h"
#include "services/api/call.h"

namespace gongkai::api {

// One stream of changes or reminders: a bounded queue that is written as fast
// as its reader reads. Lives until gRPC has done with it and the hub has let it
// go.
class Watcher final : public grpc::ServerWriteReactor<grpc::ByteBuffer> {
 public:
  // `room` is called when a queue that was full has emptied by half.
  Watcher(Desk& desk, Call call, size_t most_queued, std::function<void()> room)
      : desk_(desk),
        call_(call),
        most_queued_(most_queued),
        room_(std::move(room)) {}

  // Keeps itself until OnDone.
  void Hold(std::shared_ptr<Watcher> self) { self_ = std::move(self); }
  // Sends the headers: the place in the log is settled.
  void Begin();
  // False when the queue is full. True also when the stream is over.
  bool Offer(const google::protobuf::Message& change);
  // Ends the stream; only the first end counts.
  void End(const absl::Status& status);
  // While a worker lets the watcher in it reads what belongs to the call, which
  // is gone once the stream has been finished: an end waits for the worker.
  void BeginAdmission();
  void EndAdmission();
  bool over() const;
  // How long the queue has been full; zero while it is not.
  absl::Duration StalledFor(absl::Time now) const;

  const Call& call() const { return call_; }

  void OnWriteDone(bool ok) override;
  void OnCancel() override;
  void OnDone() override { self_.reset(); }

  // What of the cases is watched; nothing where it is something else. Set
  // before the hub knows of it.
  v1::WatchCasesRequest request;
  // Who watches. Set before the hub knows of it; the count of revocations in it
  // is of the hub's thread alone from then on.
  auth::Caller caller;
  // When it was last looked whether the caller still stands.
  absl::Time looked = absl::InfinitePast();
  // Up to where it has been served; negative until settled. Of the hub's
  // thread alone.
  int64_t cursor = -1;

 private:
  void WriteNext() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  Desk& desk_;
  const Call call_;
  const size_t most_queued_;
  const std::function<void()> room_;
  std::shared_ptr<Watcher> self_;
  mutable absl::Mutex mutex_;
  std::deque<grpc::ByteBuffer> queue_ ABSL_GUARDED_BY(mutex_);
  bool writing_ ABSL_GUARDED_BY(mutex_) = false;
  bool over_ ABSL_GUARDED_BY(mutex_) = false;
  bool admitting_ ABSL_GUARDED_BY(mutex_) = false;
  // How it ended while it was let in.
  absl::Status ended_ ABSL_GUARDED_BY(mutex_);
  bool was_full_ ABSL_GUARDED_BY(mutex_) = false;
  absl::Time full_since_ ABSL_GUARDED_BY(mutex_) = absl::InfiniteFuture();
};

}  // namespace gongkai::api

#endif  // GONGKAI_SERVICES_API_WATCHER_H_
