// SPDX-License-Identifier: Apache-2.0
#include "services/api/report_service.h"

#include <utility>

#include "gongkai/v1/report_service.grpc.pb.h"
#include "services/api/import.h"
#include "services/api/stream.h"

namespace gongkai::api {
namespace {

using Bytes = grpc::ByteBuffer;
using Context = grpc::CallbackServerContext;
using Unary = grpc::ServerUnaryReactor;
using S = v1::ReportService;

using Base = S::WithRawCallbackMethod_ListWork<
    S::WithRawCallbackMethod_CountWork<S::WithRawCallbackMethod_GetReturn<
        S::WithRawCallbackMethod_ListReturnCases<
            S::WithRawCallbackMethod_FileReturn<
                S::WithRawCallbackMethod_CompareReturns<
                    S::WithRawCallbackMethod_RunReport<
                        S::WithRawCallbackMethod_AdviseDraft<
                            S::WithRawCallbackMethod_ImportCases<
                                S::WithRawCallbackMethod_ListReminders<
                                    S::WithRawCallbackMethod_MarkReminders<
                                        S::WithRawCallbackMethod_WatchReminders<
                                            S::Service>>>>>>>>>>>>;

Locale LocaleOfCall(const Context& context) {
  return LocaleOf(MetadataValue(context.client_metadata(), "accept-language"));
}

class ReportService final : public Base {
 public:
  ReportService(Desk& desk, ReportParts parts)
      : desk_(desk), parts_(std::move(parts)) {}

  Unary* ListWork(Context* context, const Bytes* request,
                  Bytes* reply) override {
    return ServeUnary<v1::ListWorkRequest>(
        desk_, "ListWork", Lane::kReads, context, request, reply,
        [this, locale = LocaleOfCall(*context)](
            const auto& caller, const auto& asked, absl::Time deadline) {
          return parts_.reader.ListWork(caller, asked, locale, deadline);
        });
  }

  Unary* CountWork(Context* context, const Bytes* request,
                   Bytes* reply) override {
    return Read<v1::CountWorkRequest>("CountWork", Lane::kReads, context,
                                      request, reply,
                                      &act::ReportReader::CountWork);
  }

  Unary* GetReturn(Context* context, const Bytes* request,
                   Bytes* reply) override {
    return Read<v1::GetReturnRequest>("GetReturn", Lane::kReports, context,
                                      request, reply,
                                      &act::ReportReader::GetReturn);
  }

  Unary* ListReturnCases(Context* context, const Bytes* request,
                         Bytes* reply) override {
    return Read<v1::ListReturnCasesRequest>(
        "ListReturnCases", Lane::kReports, context, request, reply,
        &act::ReportReader::ListReturnCases);
  }

  Unary* CompareReturns(Context* context, const Bytes* request,
                        Bytes* reply) override {
    return Read<v1::CompareReturnsRequest>("CompareReturns", Lane::kReports,
                                           context, request, reply,
                                           &act::ReportReader::CompareReturns);
  }

  Unary* AdviseDraft(Context* context, const Bytes* request,
                     Bytes* reply) override {
    return Read<v1::AdviseDraftRequest>("AdviseDraft", Lane::kReads, context,
                                        request, reply,
                                        &act::ReportReader::AdviseDraft);
  }

  // An act, in the lane of reports: it draws up the return that it files.
  Unary* FileReturn(Context* context, const Bytes* request,
                    Bytes* reply) override {
    return ServeUnary<v1::FileReturnRequest>(
        desk_, "FileReturn", Lane::kReports, context, request, reply,
        [this](const auto& caller, const auto& asked, absl::Time deadline) {
          auto response = parts_.filer.FileReturn(caller, asked, deadline);
          if (response.ok()) parts_.written();
          return response;
        });
  }

  grpc::ServerWriteReactor<Bytes>* RunReport(Context* context,
                                             const Bytes* request) override {
    return ServeStream<v1::RunReportRequest>(
        desk_, "RunReport", Lane::kReports, context, request,
        [this](const auto& caller, const auto& asked, const Call& call,
               const SendPiece& send) {
          return parts_.reader.RunReport(caller, asked, call.locale,
                                         call.deadline, send);
        });
  }

  grpc::ServerReadReactor<Bytes>* ImportCases(Context* context,
                                              Bytes* reply) override {
    return NewImport(desk_, parts_.importer, parts_.written, context, reply);
  }

  Unary* ListReminders(Context* context, const Bytes* request,
                       Bytes* reply) override {
    return ServeUnary<v1::ListRemindersRequest>(
        desk_, "ListReminders", Lane::kReads, context, request, reply,
        [this](const auto& caller, const auto& asked, absl::Time deadline) {
          return parts_.inbox.List(caller, asked, deadline);
        });
  }

  Unary* MarkReminders(Context* context, const Bytes* request,
                       Bytes* reply) override {
    return ServeUnary<v1::MarkRemindersRequest>(
        desk_, "MarkReminders", Lane::kReads, context, request, reply,
        [this](const auto& caller, const auto& asked, absl::Time deadline) {
          return parts_.inbox.Mark(caller, asked, deadline);
        });
  }

  grpc::ServerWriteReactor<Bytes>* WatchReminders(
      Context* context, const Bytes* request) override {
    return parts_.reminders.Watch(desk_, context, request);
  }

 private:
  template <typename Request, typename Method>
  Unary* Read(std::string_view name, Lane lane, Context* context,
              const Bytes* request, Bytes* reply, Method method) {
    return ServeUnary<Request>(
        desk_, name, lane, context, request, reply,
        [this, method](const auto& caller, const auto& asked,
                       absl::Time deadline) {
          return (parts_.reader.*method)(caller, asked, deadline);
        });
  }

  Desk& desk_;
  const ReportParts parts_;
};

}  // namespace

std::unique_ptr<grpc::Service> NewReportService(Desk& desk, ReportParts parts) {
  return std::make_unique<ReportService>(desk, std::move(parts));
}

}  // namespace gongkai::api
