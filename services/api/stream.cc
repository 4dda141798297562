// SPDX-License-Identifier: Apache-2.0
#include "services/api/stream.h"

#include <memory>

#include "services/base/status_macros.h"

namespace gongkai::api {
namespace {

constexpr size_t kMostWaiting = 8;
constexpr absl::Duration kStall = absl::Seconds(30);
constexpr absl::Duration kLookAgain = absl::Seconds(1);

}  // namespace

absl::Status PieceStream::AwaitQueue(size_t most) {
  const absl::Time stalled = absl::Now() + kStall;
  const auto ready = [this, most]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) {
    return gone_ || queue_.size() <= most;
  };
  mutex_.AwaitWithDeadline(absl::Condition(&ready),
                           std::min(call_.deadline, stalled));
  if (gone_) return absl::CancelledError("the caller has gone");
  if (absl::Now() >= call_.deadline) {
    return absl::DeadlineExceededError("the deadline passed in the answer");
  }
  return queue_.size() <= most ? absl::OkStatus() : TooBusy();
}

absl::Status PieceStream::Send(const google::protobuf::Message& piece) {
  grpc::ByteBuffer bytes;
  bool own_buffer = false;
  const grpc::Status written =
      grpc::GenericSerialize<grpc::ProtoBufferWriter,
                             google::protobuf::Message>(piece, &bytes,
                                                        &own_buffer);
  if (!written.ok()) return absl::InternalError(written.error_message());
  absl::MutexLock lock(&mutex_);
  RETURN_IF_ERROR(AwaitQueue(kMostWaiting - 1));
  queue_.push_back(std::move(bytes));
  if (queue_.size() == 1) StartWrite(&queue_.front());
  return absl::OkStatus();
}

absl::Status PieceStream::Drain() {
  absl::MutexLock lock(&mutex_);
  return AwaitQueue(0);
}

void PieceStream::OnWriteDone(bool ok) {
  absl::MutexLock lock(&mutex_);
  queue_.pop_front();
  if (!ok) gone_ = true;
  if (!gone_ && !queue_.empty()) StartWrite(&queue_.front());
}

void PieceStream::OnCancel() {
  absl::MutexLock lock(&mutex_);
  gone_ = true;
}

SendPiece WhileStanding(Desk& desk, PieceStream& stream,
                        const auth::Caller& caller) {
  const auto looked = std::make_shared<absl::Time>(absl::InfinitePast());
  return [&desk, &stream, &caller,
          looked](const google::protobuf::Message& piece) -> absl::Status {
    const absl::Time now = absl::Now();
    if (now - *looked > kLookAgain) {
      RETURN_IF_ERROR(desk.doors().StoodAfter(desk.doors().Mark(), caller,
                                              stream.call().deadline));
      *looked = now;
    }
    return stream.Send(piece);
  };
}

}  // namespace gongkai::api
