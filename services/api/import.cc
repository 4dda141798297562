// SPDX-License-Identifier: Apache-2.0
#include "services/api/import.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "gongkai/v1/report_service.pb.h"
#include "services/api/failures.h"
#include "services/base/refusal.h"

namespace gongkai::api {
namespace {

using Bytes = grpc::ByteBuffer;

// What is handed to a worker at once: whichever is reached first.
constexpr size_t kChunkRows = 1000;
constexpr size_t kChunkBytes = 1 << 20;
// One commit of all rows.
constexpr absl::Duration kLongest = absl::Minutes(10);

class Import final : public grpc::ServerReadReactor<Bytes> {
 public:
  Import(Desk& desk, act::Importer& importer, std::function<void()> written,
         grpc::CallbackServerContext* context, Bytes* reply)
      : desk_(desk),
        importer_(importer),
        written_(std::move(written)),
        context_(context),
        reply_(reply),
        call_(desk.Open("ImportCases", *context, false)) {
    const absl::Status admitted = desk_.Admits(call_);
    if (admitted.ok()) {
      StartRead(&piece_);
    } else {
      End(admitted);
    }
  }

  void OnReadDone(bool ok) override {
    if (ok) {
      chunk_bytes_ += piece_.Length();
      chunk_.push_back(piece_);
      piece_.Clear();
      if (chunk_.size() < kChunkRows && chunk_bytes_ < kChunkBytes) {
        StartRead(&piece_);
        return;
      }
    } else {
      ended_ = true;
    }
    // In the lane of reports: a register takes longer than any act. The first
    // chunk waits for a place like any call; later ones have it.
    const auto job = [this] { WorkOff(); };
    const bool taken = caller_.has_value()
                           ? desk_.pool().Continue(Lane::kReports, job)
                           : desk_.pool().TrySubmit(Lane::kReports, job);
    if (!taken) End(TooBusy());
  }

  void OnDone() override { delete this; }

 private:
  void WorkOff() {
    absl::Status status = StillWanted(*context_, call_);
    // Before every chunk anew, as in BatchReceive.
    if (status.ok()) {
      auto caller = desk_.Enter(call_, *context_);
      if (caller.ok()) caller_ = *std::move(caller);
      status = caller.status();
    }
    if (status.ok()) status = ReadChunk();
    if (!status.ok()) {
      End(status);
    } else if (ended_) {
      End(TakeIn());
    } else {
      StartRead(&piece_);
    }
  }

  absl::Status ReadChunk() {
    bytes_ += chunk_bytes_;
    if (bytes_ > kMaxImportBytes) {
      return RefuseField("", absl::StrCat("at most ", kMaxImportBytes >> 20,
                                          " MiB in one import"));
    }
    for (const Bytes& bytes : chunk_) {
      v1::ImportCasesRequest request;
      const absl::Status shape = desk_.Read(call_, *caller_, bytes, request);
      const absl::Status status =
          head_ ? AddRow(request, shape) : TakeHead(request, shape);
      if (!status.ok()) return status;
    }
    chunk_.clear();
    chunk_bytes_ = 0;
    return absl::OkStatus();
  }

  absl::Status TakeHead(const v1::ImportCasesRequest& request,
                        const absl::Status& shape) {
    if (!request.has_head() || request.has_past_case()) {
      return RefuseField(request.has_head() ? "past_case" : "head",
                         "a first piece with the head alone");
    }
    if (!shape.ok()) return shape;
    head_ = request.head();
    return absl::OkStatus();
  }

  absl::Status AddRow(v1::ImportCasesRequest& request,
                      const absl::Status& shape) {
    if (static_cast<int64_t>(rows_.size()) >= act::kMaxImportRows) {
      return RefuseField("past_case",
                         absl::StrCat("at most ", act::kMaxImportRows,
                                      " cases in one import"));
    }
    if (request.has_head()) {
      return RefuseField("head", "nothing after the first piece");
    }
    if (shape.ok() && !request.has_past_case()) {
      return RefuseField("past_case", "a case in every piece after the head");
    }
    rows_.push_back({std::move(*request.mutable_past_case()), shape});
    return absl::OkStatus();
  }

  absl::Status TakeIn() {
    if (!head_) return RefuseField("head", "a first piece with the head alone");
    const auto imported =
        importer_.Import(*caller_, *head_, rows_,
                         std::min(call_.deadline, absl::Now() + kLongest));
    if (!imported.ok()) return imported.status();
    if (imported->imported > 0) written_();
    v1::ImportCasesResponse response;
    response.set_imported(imported->imported);
    response.set_repeated(imported->repeated);
    for (const act::ImportFailure& failure : imported->failures) {
      if (static_cast<size_t>(response.failures_size()) >=
          kMostImportFailures) {
        break;
      }
      *response.add_failures() =
          FailureOf(failure.row, "", failure.status, call_.locale);
    }
    for (const v1::ReturnViolation& one : imported->unbalanced) {
      *response.add_unbalanced() = one;
    }
    bool own_buffer = false;
    const grpc::Status serialized =
        grpc::GenericSerialize<grpc::ProtoBufferWriter,
                               google::protobuf::Message>(response, reply_,
                                                          &own_buffer);
    return serialized.ok() ? absl::OkStatus()
                           : absl::InternalError(serialized.error_message());
  }

  void End(const absl::Status& status) { Finish(desk_.Close(call_, status)); }

  Desk& desk_;
  act::Importer& importer_;
  const std::function<void()> written_;
  grpc::CallbackServerContext* const context_;
  Bytes* const reply_;
  Call call_;
  // Reading and working take turns: never both at once.
  std::optional<auth::Caller> caller_;
  Bytes piece_;
  std::vector<Bytes> chunk_;
  size_t chunk_bytes_ = 0;
  size_t bytes_ = 0;
  bool ended_ = false;
  std::optional<v1::ImportCasesRequest::Head> head_;
  std::vector<act::ImportRow> rows_;
};

}  // namespace

grpc::ServerReadReactor<grpc::ByteBuffer>* NewImport(
    Desk& desk, act::Importer& importer, std::function<void()> written,
    grpc::CallbackServerContext* context, grpc::ByteBuffer* reply) {
  return new Import(desk, importer, std::move(written), context, reply);
}

}  // namespace gongkai::api
