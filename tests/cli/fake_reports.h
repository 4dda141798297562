// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_TESTS_CLI_FAKE_REPORTS_H_
#define GONGKAI_TESTS_CLI_FAKE_REPORTS_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/synchronization/mutex.h"
#include "gongkai/v1/case_service.grpc.pb.h"
#include "gongkai/v1/report_service.grpc.pb.h"
#include "grpcpp/grpcpp.h"

namespace gongkai::cli {

// Reports as far as the command line can tell them apart: a worklist of two
// pages, a return whose cells are numbered, tables in pieces. On a Unix socket
// in `folder`; keeps what it was asked.
class FakeReports final : public v1::ReportService::Service {
 public:
  explicit FakeReports(const std::string& folder);
  ~FakeReports() override;

  const std::string& address() const { return address_; }

  // The requests, each as a line of its debug text.
  std::vector<std::string> asked() const;
  // The next returns break an identity.
  void Unbalance();
  // Reports go on until they are cancelled.
  void NeverEnd();
  // Advice is away.
  void GoAway();
  bool cancelled() const;

 private:
  using Context = grpc::ServerContext;
  grpc::Status ListWork(Context* context, const v1::ListWorkRequest* request,
                        v1::ListWorkResponse* response) override;
  grpc::Status CountWork(Context* context, const v1::CountWorkRequest* request,
                         v1::CountWorkResponse* response) override;
  grpc::Status GetReturn(Context* context, const v1::GetReturnRequest* request,
                         v1::GetReturnResponse* response) override;
  grpc::Status ListReturnCases(Context* context,
                               const v1::ListReturnCasesRequest* request,
                               v1::ListReturnCasesResponse* response) override;
  grpc::Status FileReturn(Context* context,
                          const v1::FileReturnRequest* request,
                          v1::FileReturnResponse* response) override;
  grpc::Status CompareReturns(Context* context,
                              const v1::CompareReturnsRequest* request,
                              v1::CompareReturnsResponse* response) override;
  grpc::Status RunReport(
      Context* context, const v1::RunReportRequest* request,
      grpc::ServerWriter<v1::RunReportResponse>* writer) override;
  grpc::Status AdviseDraft(Context* context,
                           const v1::AdviseDraftRequest* request,
                           v1::AdviseDraftResponse* response) override;

  // Every act is done.
  class Cases final : public v1::CaseService::Service {
    grpc::Status PerformAct(Context* context,
                            const v1::PerformActRequest* request,
                            v1::PerformActResponse* response) override;
  };

  void Note(const google::protobuf::Message& request);

  const std::string address_;
  mutable absl::Mutex mutex_;
  std::vector<std::string> asked_ ABSL_GUARDED_BY(mutex_);
  bool unbalanced_ ABSL_GUARDED_BY(mutex_) = false;
  bool endless_ ABSL_GUARDED_BY(mutex_) = false;
  bool away_ ABSL_GUARDED_BY(mutex_) = false;
  bool cancelled_ ABSL_GUARDED_BY(mutex_) = false;
  Cases cases_;
  std::unique_ptr<grpc::Server> server_;
};

}  // namespace gongkai::cli

#endif  // GONGKAI_TESTS_CLI_FAKE_REPORTS_H_
