// SPDX-License-Identifier: Apache-2.0
#include "services/api/batch.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "gongkai/v1/case_service.pb.h"
#include "services/api/failures.h"
#include "services/base/dates.h"
#include "services/base/refusal.h"

namespace gongkai::api {
namespace {

using Bytes = grpc::ByteBuffer;

// What is handed to a worker at once: whichever is reached first.
constexpr size_t kChunkRows = 200;
constexpr size_t kChunkBytes = 1 << 20;
constexpr absl::Duration kChunkTime = absl::Seconds(30);

class Batch final : public grpc::ServerReadReactor<Bytes> {
 public:
  Batch(Desk& desk, act::Performer& performer, std::function<void()> written,
        grpc::CallbackServerContext* context, Bytes* reply)
      : desk_(desk),
        performer_(performer),
        written_(std::move(written)),
        context_(context),
        reply_(reply),
        call_(desk.Open("BatchReceive", *context, false)) {
    const absl::Status admitted = desk_.Admits(call_);
    if (admitted.ok()) {
      StartRead(&row_);
    } else {
      End(admitted);
    }
  }

  void OnReadDone(bool ok) override {
    if (ok) {
      chunk_bytes_ += row_.Length();
      chunk_.push_back(row_);
      row_.Clear();
      if (chunk_.size() < kChunkRows && chunk_bytes_ < kChunkBytes) {
        StartRead(&row_);
        return;
      }
    } else {
      ended_ = true;
    }
    // The first chunk waits for a place like any call; later ones have it.
    const auto job = [this] { WorkOff(); };
    const bool taken = done_ == 0 ? desk_.pool().TrySubmit(Lane::kActs, job)
                                  : desk_.pool().Continue(Lane::kActs, job);
    if (!taken) End(TooBusy());
  }

  void OnDone() override { delete this; }

 private:
  void WorkOff() {
    absl::Status status = StillWanted(*context_, call_);
    // Before every chunk anew: a stream goes on no longer than its caller's
    // session, and with no more than the roles he has by now.
    if (status.ok() && (!caller_.has_value() || !chunk_.empty())) {
      auto caller = desk_.Enter(call_, *context_);
      if (caller.ok()) caller_ = *std::move(caller);
      status = caller.status();
    }
    if (status.ok()) status = ReceiveChunk();
    if (!status.ok()) {
      End(status);
    } else if (ended_ || full_) {
      Answer();
    } else {
      chunk_.clear();
      chunk_bytes_ = 0;
      StartRead(&row_);
    }
  }

  absl::Status ReceiveChunk() {
    std::vector<v1::ReceiveApplicationRequest> good;
    std::vector<int64_t> rows;
    for (const Bytes& bytes : chunk_) {
      const int64_t row = done_++;
      if (row >= kMaxBatchRows) {
        full_ = true;
        Name(row, "",
             RefuseField("", absl::StrCat("at most ", kMaxBatchRows,
                                          " rows in one batch")));
        break;
      }
      v1::ReceiveApplicationRequest request;
      const absl::Status shape = desk_.Read(call_, *caller_, bytes, request);
      if (shape.ok()) {
        good.push_back(std::move(request));
        rows.push_back(row);
      } else {
        // An id that is itself malformed is not echoed.
        Name(row, "", shape);
      }
    }
    if (good.empty()) return absl::OkStatus();
    const auto results = performer_.ReceiveMany(
        *caller_, good, std::min(call_.deadline, absl::Now() + kChunkTime));
    return Take(good, rows, results);
  }

  absl::Status Take(const std::vector<v1::ReceiveApplicationRequest>& good,
                    const std::vector<int64_t>& rows,
                    const std::vector<act::Performer::RowResult>& results) {
    bool any = false;
    for (size_t i = 0; i < results.size(); ++i) {
      const auto& result = results[i];
      if (absl::IsUnavailable(result.status)) return result.status;
      if (!result.status.ok()) {
        Name(rows[i], good[i].request_id(), result.status);
        continue;
      }
      any = true;
      if (result.repeated) {
        response_.set_repeated(response_.repeated() + 1);
      } else {
        response_.set_received(response_.received() + 1);
        response_.add_names(result.name);
      }
    }
    if (any) written_();
    return absl::OkStatus();
  }

  void Name(int64_t row, const std::string& request_id,
            const absl::Status& status) {
    *response_.add_failures() =
        FailureOf(row, request_id, status, call_.locale);
  }

  void Answer() {
    bool own_buffer = false;
    const grpc::Status written =
        grpc::GenericSerialize<grpc::ProtoBufferWriter,
                               google::protobuf::Message>(response_, reply_,
                                                          &own_buffer);
    End(written.ok() ? absl::OkStatus()
                     : absl::InternalError(written.error_message()));
  }

  void End(const absl::Status& status) { Finish(desk_.Close(call_, status)); }

  Desk& desk_;
  act::Performer& performer_;
  const std::function<void()> written_;
  grpc::CallbackServerContext* const context_;
  Bytes* const reply_;
  Call call_;
  // Reading and working take turns: never both at once.
  std::optional<auth::Caller> caller_;
  Bytes row_;
  std::vector<Bytes> chunk_;
  size_t chunk_bytes_ = 0;
  int64_t done_ = 0;
  bool ended_ = false;
  bool full_ = false;
  v1::BatchReceiveResponse response_;
};

}  // namespace

grpc::ServerReadReactor<grpc::ByteBuffer>* NewBatch(
    Desk& desk, act::Performer& performer, std::function<void()> written,
    grpc::CallbackServerContext* context, grpc::ByteBuffer* reply) {
  return new Batch(desk, performer, std::move(written), context, reply);
}

}  // namespace gongkai::api
