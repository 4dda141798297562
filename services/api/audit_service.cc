// SPDX-License-Identifier: Apache-2.0
#include "services/api/audit_service.h"

#include <utility>

#include "gongkai/v1/audit_service.grpc.pb.h"

namespace gongkai::api {
namespace {

using Bytes = grpc::ByteBuffer;
using Context = grpc::CallbackServerContext;
using Unary = grpc::ServerUnaryReactor;
using S = v1::AuditService;

using Base =
    S::WithRawCallbackMethod_ExportCase<S::WithRawCallbackMethod_GetCaseTrail<
        S::WithRawCallbackMethod_GetLogState<S::WithRawCallbackMethod_StateFork<
            S::WithRawCallbackMethod_ConfirmFork<S::Service>>>>>;

class AuditService final : public Base {
 public:
  AuditService(Desk& desk, act::Performer& performer, act::AuditReader& reader,
               act::Exporter& exporter, std::function<void()> written)
      : desk_(desk),
        performer_(performer),
        reader_(reader),
        exporter_(exporter),
        written_(std::move(written)) {}

  Unary* ExportCase(Context* context, const Bytes* request,
                    Bytes* reply) override {
    return ServeUnary<v1::ExportCaseRequest>(
        desk_, "ExportCase", Lane::kReports, context, request, reply,
        [this](const auto& caller, const auto& asked, absl::Time deadline) {
          return exporter_.ExportCase(caller, asked, deadline);
        });
  }

  Unary* GetCaseTrail(Context* context, const Bytes* request,
                      Bytes* reply) override {
    return ServeUnary<v1::GetCaseTrailRequest>(
        desk_, "GetCaseTrail", Lane::kReads, context, request, reply,
        [this](const auto& caller, const auto& asked, absl::Time deadline) {
          return reader_.GetCaseTrail(caller, asked, deadline);
        });
  }

  Unary* GetLogState(Context* context, const Bytes* request,
                     Bytes* reply) override {
    return ServeUnary<v1::GetLogStateRequest>(
        desk_, "GetLogState", Lane::kReads, context, request, reply,
        [this](const auto& caller, const auto& asked, absl::Time deadline) {
          return reader_.GetLogState(caller, asked, deadline);
        });
  }

  Unary* StateFork(Context* context, const Bytes* request,
                   Bytes* reply) override {
    return ServeUnary<v1::StateForkRequest>(
        desk_, "StateFork", Lane::kActs, context, request, reply,
        [this](const auto& caller, const auto& asked, absl::Time deadline) {
          return Told(
              performer_.StateFork(caller, asked, reader_.Fork(), deadline));
        });
  }

  Unary* ConfirmFork(Context* context, const Bytes* request,
                     Bytes* reply) override {
    return ServeUnary<v1::ConfirmForkRequest>(
        desk_, "ConfirmFork", Lane::kActs, context, request, reply,
        [this](const auto& caller, const auto& asked, absl::Time deadline) {
          return Told(
              performer_.ConfirmFork(caller, asked, reader_.Fork(), deadline));
        });
  }

 private:
  // Wakes who waits for the log when something was written.
  absl::StatusOr<v1::ForkResponse> Told(
      absl::StatusOr<v1::ForkResponse> response) {
    if (response.ok()) written_();
    return response;
  }

  Desk& desk_;
  act::Performer& performer_;
  act::AuditReader& reader_;
  act::Exporter& exporter_;
  const std::function<void()> written_;
};

}  // namespace

std::unique_ptr<grpc::Service> NewAuditService(Desk& desk,
                                               act::Performer& performer,
                                               act::AuditReader& reader,
                                               act::Exporter& exporter,
                                               std::function<void()> written) {
  return std::make_unique<AuditService>(desk, performer, reader, exporter,
                                        std::move(written));
}

}  // namespace gongkai::api
