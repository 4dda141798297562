// SPDX-License-Identifier: Apache-2.0
#include "services/api/case_service.h"

#include <utility>

#include "services/api/batch.h"
#include "services/base/refusal.h"

namespace gongkai::api {
namespace {

using Bytes = grpc::ByteBuffer;
using Context = grpc::CallbackServerContext;
using Unary = grpc::ServerUnaryReactor;
using S = v1::CaseService;

using Base = S::WithRawCallbackMethod_ReceiveApplication<
    S::WithRawCallbackMethod_BatchReceive<S::WithRawCallbackMethod_PerformAct<
        S::WithRawCallbackMethod_ListLawfulActs<
            S::WithRawCallbackMethod_GetCase<S::WithRawCallbackMethod_ListCases<
                S::WithRawCallbackMethod_SearchCases<
                    S::WithRawCallbackMethod_ListSimilarCases<
                        S::WithRawCallbackMethod_WatchCases<
                            S::WithRawCallbackMethod_ExplainTimeLimit<
                                S::WithRawCallbackMethod_GetProgress<
                                    S::Service>>>>>>>>>>>;

class CaseService final : public Base {
 public:
  CaseService(Desk& desk, act::Performer& performer, act::Reader& reader,
              WatchHub& hub, std::function<void()> written)
      : desk_(desk),
        performer_(performer),
        reader_(reader),
        hub_(hub),
        written_(std::move(written)) {}

  Unary* ReceiveApplication(Context* context, const Bytes* request,
                            Bytes* reply) override {
    return ServeUnary<v1::ReceiveApplicationRequest>(
        desk_, "ReceiveApplication", Lane::kActs, context, request, reply,
        [this](const auto& caller, const auto& asked, absl::Time deadline) {
          auto response = performer_.Receive(caller, asked, deadline);
          if (response.ok()) written_();
          return response;
        });
  }

  Unary* PerformAct(Context* context, const Bytes* request,
                    Bytes* reply) override {
    return ServeUnary<v1::PerformActRequest>(
        desk_, "PerformAct", Lane::kActs, context, request, reply,
        [this](const auto& caller, const auto& asked, absl::Time deadline) {
          return Perform(caller, asked, deadline);
        });
  }

  grpc::ServerReadReactor<Bytes>* BatchReceive(Context* context,
                                               Bytes* reply) override {
    return NewBatch(desk_, performer_, written_, context, reply);
  }

  Unary* ListLawfulActs(Context* context, const Bytes* request,
                        Bytes* reply) override {
    return Read<v1::ListLawfulActsRequest>("ListLawfulActs", Lane::kReads,
                                           context, request, reply,
                                           &act::Reader::ListLawfulActs);
  }

  Unary* GetCase(Context* context, const Bytes* request,
                 Bytes* reply) override {
    return Read<v1::GetCaseRequest>("GetCase", Lane::kReads, context, request,
                                    reply, &act::Reader::GetCase);
  }

  Unary* ListCases(Context* context, const Bytes* request,
                   Bytes* reply) override {
    return Read<v1::ListCasesRequest>("ListCases", Lane::kReads, context,
                                      request, reply, &act::Reader::ListCases);
  }

  Unary* SearchCases(Context* context, const Bytes* request,
                     Bytes* reply) override {
    return Read<v1::SearchCasesRequest>("SearchCases", Lane::kReads, context,
                                        request, reply,
                                        &act::Reader::SearchCases);
  }

  Unary* ListSimilarCases(Context* context, const Bytes* request,
                          Bytes* reply) override {
    return Read<v1::ListSimilarCasesRequest>("ListSimilarCases", Lane::kReports,
                                             context, request, reply,
                                             &act::Reader::ListSimilarCases);
  }

  Unary* ExplainTimeLimit(Context* context, const Bytes* request,
                          Bytes* reply) override {
    return Read<v1::ExplainTimeLimitRequest>("ExplainTimeLimit", Lane::kReads,
                                             context, request, reply,
                                             &act::Reader::ExplainTimeLimit);
  }

  Unary* GetProgress(Context* context, const Bytes* request,
                     Bytes* reply) override {
    return Read<v1::GetProgressRequest>("GetProgress", Lane::kReads, context,
                                        request, reply,
                                        &act::Reader::GetProgress);
  }

  grpc::ServerWriteReactor<Bytes>* WatchCases(Context* context,
                                              const Bytes* request) override {
    return hub_.Watch(desk_, context, request);
  }

 private:
  absl::StatusOr<v1::PerformActResponse> Perform(
      const auth::Caller& caller, const v1::PerformActRequest& request,
      absl::Time deadline) {
    if (request.act().act_case() == v1::Act::ACT_NOT_SET) {
      v1::Refusal refusal;
      refusal.set_reason(v1::ACT_MISSING);
      refusal.set_field("act");
      return Refuse(refusal);
    }
    absl::StatusOr<v1::Receipt> receipt =
        performer_.Perform(caller, request, deadline);
    if (!receipt.ok()) return receipt.status();
    written_();
    v1::PerformActResponse response;
    *response.mutable_receipt() = *std::move(receipt);
    return response;
  }

  template <typename Request, typename Method>
  Unary* Read(std::string_view name, Lane lane, Context* context,
              const Bytes* request, Bytes* reply, Method method) {
    return ServeUnary<Request>(
        desk_, name, lane, context, request, reply,
        [this, method](const auto& caller, const auto& asked,
                       absl::Time deadline) {
          return (reader_.*method)(caller, asked, deadline);
        });
  }

  Desk& desk_;
  act::Performer& performer_;
  act::Reader& reader_;
  WatchHub& hub_;
  const std::function<void()> written_;
};

}  // namespace

std::unique_ptr<grpc::Service> NewCaseService(Desk& desk,
                                              act::Performer& performer,
                                              act::Reader& reader,
                                              WatchHub& hub,
                                              std::function<void()> written) {
  return std::make_unique<CaseService>(desk, performer, reader, hub,
                                       std::move(written));
}

}  // namespace gongkai::api
