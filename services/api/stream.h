// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_API_STREAM_H_
#define GONGKAI_SERVICES_API_STREAM_H_

#include <algorithm>
#include <cstddef>
#include <deque>
#include <functional>
#include <string_view>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "google/protobuf/message.h"
#include "grpcpp/grpcpp.h"
#include "services/api/call.h"

namespace gongkai::api {

// An answer that a worker gives piece by piece (流式应答). A few pieces wait
// for the reader; a worker that has more waits with them, until the reader
// takes one, goes, or has taken nothing for too long. Owns itself: gone when
// gRPC has done with it.
class PieceStream final : public grpc::ServerWriteReactor<grpc::ByteBuffer> {
 public:
  // Of a call that names no deadline, or a later one.
  static constexpr absl::Duration kLongest = absl::Minutes(10);

  PieceStream(Desk& desk, const Call& call) : desk_(desk), call_(call) {}

  // Takes one piece. CANCELLED when the caller has gone, DEADLINE_EXCEEDED when
  // the deadline passed, TOO_BUSY when he takes nothing for half a minute.
  absl::Status Send(const google::protobuf::Message& piece);
  // Waits until everything was taken; errors as above.
  absl::Status Drain();
  // Ends the stream; the last that a worker does with it.
  void End(const absl::Status& status) { Finish(desk_.Close(call_, status)); }

  Call& call() { return call_; }

  void OnWriteDone(bool ok) override;
  void OnCancel() override;
  void OnDone() override { delete this; }

 private:
  // Waits until at most `most` pieces wait.
  absl::Status AwaitQueue(size_t most) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  Desk& desk_;
  Call call_;
  absl::Mutex mutex_;
  // The first is being written.
  std::deque<grpc::ByteBuffer> queue_ ABSL_GUARDED_BY(mutex_);
  bool gone_ ABSL_GUARDED_BY(mutex_) = false;
};

// What a streaming method hands its pieces to.
using SendPiece = std::function<absl::Status(const google::protobuf::Message&)>;

// Hands pieces to `stream` as long as `caller`, who was identified at the
// moment `mark`, still is who he was: looked at before the first piece and each
// second.
SendPiece WhileStanding(Desk& desk, PieceStream& stream,
                        const auth::Caller& caller);

// One call with many answers, the whole way: as ServeUnary, with
//   absl::Status run(const auth::Caller&, const Request&, const Call&,
//                    const SendPiece&)
// which ends when a piece is not taken.
template <typename Request, typename Run>
grpc::ServerWriteReactor<grpc::ByteBuffer>* ServeStream(
    Desk& desk, std::string_view method, Lane lane,
    grpc::CallbackServerContext* context, const grpc::ByteBuffer* bytes,
    Run run) {
  Call opened = desk.Open(method, *context, false);
  opened.deadline =
      std::min(opened.deadline, opened.begun + PieceStream::kLongest);
  absl::Status admitted = desk.Admits(opened);
  auto* stream = new PieceStream(desk, opened);
  const auto work = [&desk, stream, context, bytes, run]() -> absl::Status {
    const Call& call = stream->call();
    absl::Status status = StillWanted(*context, call);
    if (!status.ok()) return status;
    const absl::StatusOr<auth::Caller> caller = desk.Enter(call, *context);
    if (!caller.ok()) return caller.status();
    Request request;
    status = desk.Read(call, *caller, *bytes, request);
    if (!status.ok()) return status;
    status = run(*caller, request, call, WhileStanding(desk, *stream, *caller));
    return status.ok() ? stream->Drain() : status;
  };
  if (admitted.ok() &&
      !desk.pool().TrySubmit(lane, [stream, work] { stream->End(work()); })) {
    admitted = TooBusy();
  }
  if (!admitted.ok()) stream->End(admitted);
  return stream;
}

}  // namespace gongkai::api

#endif  // GONGKAI_SERVICES_API_STREAM_H_
