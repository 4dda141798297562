// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_TESTS_BENCH_REPORT_HOUSE_H_
#define GONGKAI_TESTS_BENCH_REPORT_HOUSE_H_

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "gongkai/v1/case_service.grpc.pb.h"
#include "gongkai/v1/report_service.grpc.pb.h"
#include "services/base/clock.h"
#include "services/server/service.h"
#include "tests/bench/report_cost.h"

namespace gongkai::bench {

// The service in this process over one database of the bench, whose clock
// stands at the end of the decade, reached over a real channel.
class ReportHouse {
 public:
  static absl::StatusOr<std::unique_ptr<ReportHouse>> Start(
      const ReportSetup& setup, const std::string& database);

  // As head of the disclosure office of an agency: the rows of the answer.
  absl::StatusOr<int64_t> Overdue(const std::string& agency, bool beneath,
                                  const std::string& as_of = "");
  absl::StatusOr<int64_t> Count(const std::string& agency, bool beneath);
  absl::StatusOr<int64_t> Return(const std::string& agency, bool beneath,
                                 int year);

  // Receives so many applications at an agency; the names of their cases.
  std::vector<std::string> Receive(const std::string& agency, int cases);
  // Notes contacts, on one case after the other, by so many callers until
  // `seconds` are over: acts a second.
  double Act(const std::vector<std::string>& names, int callers,
             double seconds);

 private:
  ReportHouse();
  std::shared_ptr<grpc::Channel> NewChannel() const;

  ManualClock clock_;
  std::atomic<size_t> next_{0};  // case to act on
  std::unique_ptr<server::Service> service_;
  std::unique_ptr<v1::ReportService::Stub> reports_;
};

}  // namespace gongkai::bench

#endif  // GONGKAI_TESTS_BENCH_REPORT_HOUSE_H_
