// SPDX-License-Identifier: Apache-2.0
// BatchReceive: good rows are kept, bad ones are named, nothing twice.

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/base/refusal.h"
#include "tests/support/spoken_identity.h"
#include "tests/support/temp_postgres.h"
#include "tests/support/test_service.h"

namespace gongkai {
namespace {

using test::TestService;
using testing::HasSubstr;

grpc::Status Send(TestService& service,
                  const std::vector<v1::ReceiveApplicationRequest>& rows,
                  v1::BatchReceiveResponse* response,
                  const TestService::As& as = {}) {
  grpc::ClientContext context;
  TestService::Identify(as, context);
  const auto writer = service.cases().BatchReceive(&context, response);
  for (const auto& row : rows) {
    if (!writer->Write(row)) break;
  }
  writer->WritesDone();
  return writer->Finish();
}

std::vector<v1::ReceiveApplicationRequest> Rows(TestService& service, int n) {
  std::vector<v1::ReceiveApplicationRequest> rows;
  for (int i = 0; i < n; ++i) {
    const std::string n_th = std::to_string(i);
    auto row = service.Application("申请公开第" + n_th + "号文件。");
    row.mutable_application()->mutable_applicant()->set_name("赵甲" + n_th);
    rows.push_back(std::move(row));
  }
  return rows;
}

TEST(Batch, OfTenThousandRowsOneBrokenIsNamedAndTheOthersAreKept) {
  TestService service;
  auto rows = Rows(service, 10'000);
  rows[4711].mutable_application()->mutable_applicant()->set_name("赵\u202e甲");
  v1::BatchReceiveResponse response;
  const grpc::Status status = Send(service, rows, &response);
  ASSERT_TRUE(status.ok()) << status.error_message();
  EXPECT_EQ(response.received(), 9'999);
  EXPECT_EQ(response.repeated(), 0);
  EXPECT_EQ(response.names_size(), 9'999);
  ASSERT_EQ(response.failures_size(), 1);
  const auto& failure = response.failures(0);
  EXPECT_EQ(failure.row(), 4711);
  EXPECT_EQ(failure.code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(failure.reason(), "FIELD_INVALID");
  EXPECT_EQ(failure.field(), "application.applicant.name");
  EXPECT_THAT(failure.message(), HasSubstr("a field breaks its rule"));
  // Numbers have no gap: the broken row took none.
  EXPECT_EQ(response.names(9'998), "agencies/SHGXW/cases/SHGXW-2024-09999");
}

TEST(Batch, TheSameRowsAgainChangeNothing) {
  TestService service;
  const auto rows = Rows(service, 450);
  v1::BatchReceiveResponse first;
  ASSERT_TRUE(Send(service, rows, &first).ok());
  EXPECT_EQ(first.received(), 450);
  v1::BatchReceiveResponse second;
  ASSERT_TRUE(Send(service, rows, &second).ok());
  EXPECT_EQ(second.received(), 0);
  EXPECT_EQ(second.repeated(), 450);
  EXPECT_EQ(second.failures_size(), 0);
  EXPECT_EQ(service.Receive("其后一件。").receipt().number(),
            "SHGXW-2024-00451");
}

TEST(Batch, RowsRefusedByTheLawAreNamedToo) {
  TestService service;
  auto rows = Rows(service, 3);
  rows[1].mutable_application()->set_receipt_date("2024-03-01");
  v1::BatchReceiveResponse response;
  ASSERT_TRUE(Send(service, rows, &response).ok());
  EXPECT_EQ(response.received(), 2);
  ASSERT_EQ(response.failures_size(), 1);
  EXPECT_EQ(response.failures(0).row(), 1);
  EXPECT_EQ(response.failures(0).request_id(), rows[1].request_id());
  EXPECT_EQ(response.failures(0).reason(), "RECEIPT_CONTRADICTS_CHANNEL");
}

// Everybody's session is over at one time.
class ForAWhile final : public test::SpokenIdentity {
 public:
  ForAWhile(Clock& clock, absl::Time until) : clock_(clock), until_(until) {}

  absl::StatusOr<act::Identified> Identify(const api::Wire& wire,
                                           absl::Time deadline) override {
    if (clock_.Now() >= until_) return Refuse(v1::SESSION_OVER);
    auto identified = SpokenIdentity::Identify(wire, deadline);
    if (identified.ok()) identified->until = until_;
    return identified;
  }

 private:
  Clock& clock_;
  const absl::Time until_;
};

TEST(Batch, EndsWithTheSessionAndWhatWasReceivedBeforeStays) {
  const absl::Time until = test::TestNoon() + absl::Minutes(10);
  TestService::Options options;
  options.identifier = [until](Clock& clock) {
    return std::make_unique<ForAWhile>(clock, until);
  };
  TestService service(options);
  const auto received = [&service] {
    auto& postgres = test::TempPostgres::Shared();
    return postgres.Run(postgres.Superuser(service.database()),
                        "SELECT count(*) FROM stream WHERE kind = 1");
  };
  const auto rows = Rows(service, 400);
  grpc::ClientContext context;
  TestService::Identify({}, context);
  v1::BatchReceiveResponse response;
  const auto writer = service.cases().BatchReceive(&context, &response);
  // The rows of a whole chunk, which are worked off before more is read.
  for (int i = 0; i < 200; ++i) ASSERT_TRUE(writer->Write(rows[i]));
  const absl::Time patience = absl::Now() + absl::Seconds(20);
  while (received() != "200" && absl::Now() < patience) {
    absl::SleepFor(absl::Milliseconds(10));
  }
  ASSERT_EQ(received(), "200");
  service.clock().Set(until);
  for (int i = 200; i < 400; ++i) {
    if (!writer->Write(rows[i])) break;
  }
  writer->WritesDone();
  const grpc::Status status = writer->Finish();
  EXPECT_EQ(status.error_code(), grpc::StatusCode::UNAUTHENTICATED);
  EXPECT_EQ(test::Details(status).reason, "SESSION_OVER");
  EXPECT_EQ(received(), "200");
}

TEST(Batch, AnEmptyBatchIsAnswered) {
  TestService service;
  v1::BatchReceiveResponse response;
  ASSERT_TRUE(Send(service, {}, &response).ok());
  EXPECT_EQ(response.received(), 0);
  EXPECT_EQ(response.failures_size(), 0);
}

TEST(Batch, WhoMayNotReceiveReceivesNothing) {
  TestService service;
  v1::BatchReceiveResponse response;
  TestService::As manager;
  manager.roles = "manager";
  const grpc::Status status =
      Send(service, Rows(service, 3), &response, manager);
  EXPECT_EQ(test::Details(status).reason, "METHOD_NOT_ALLOWED");
  // Who may, receives for his own agency alone.
  TestService::As other;
  other.agency = "BJGXW";
  ASSERT_TRUE(Send(service, Rows(service, 3), &response, other).ok());
  EXPECT_EQ(response.received(), 0);
  ASSERT_EQ(response.failures_size(), 3);
  EXPECT_EQ(response.failures(0).reason(), "CAPACITY_MISSING");
}

}  // namespace
}  // namespace gongkai
