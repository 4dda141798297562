// SPDX-License-Identifier: Apache-2.0
// What callers see of the front when nobody attacks: refusals in gRPC's own
// terms, watches that outlive its timeouts, a service that goes and comes.
#include "tests/proxy/front.h"

#include <memory>
#include <string>
#include <thread>

#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/end_to_end/house.h"
#include "tests/end_to_end/main_line.h"

namespace gongkai::test {
namespace {

using ::testing::HasSubstr;

class FrontTest : public ::testing::Test {
 protected:
  static House& TheHouse() {
    static House house({.calendar = false, .port = FreePort()});
    return house;
  }

  static std::unique_ptr<v1::CaseService::Stub> NewStub(const Front& front) {
    return v1::CaseService::NewStub(grpc::CreateChannel(
        front.address(), grpc::InsecureChannelCredentials()));
  }

  static grpc::Status List(v1::CaseService::Stub& stub) {
    grpc::ClientContext context;
    context.set_deadline(absl::ToChronoTime(absl::Now() + absl::Seconds(5)));
    TheHouse().Identify("handler", context);
    v1::ListCasesRequest request;
    request.set_agency(House::kAgency);
    v1::ListCasesResponse response;
    return stub.ListCases(&context, request, &response);
  }
};

TEST_F(FrontTest, ASourceBeyondItsBoundIsToldResourceExhausted) {
  const Front front(TheHouse().address(), {"GONGKAI_PROXY_SOURCE_REQUESTS=20"});
  const auto stub = NewStub(front);
  int served = 0;
  grpc::Status status = List(*stub);
  for (; status.ok() && served < 100; ++served) status = List(*stub);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_THAT(status.error_message(), HasSubstr("from this address"));
  EXPECT_EQ(served, 20);
}

TEST_F(FrontTest, AWatchOutlivesTheTimeoutOfStalledCallers) {
  const Front front(TheHouse().address(), {"GONGKAI_PROXY_STALL_TIME=500",
                                           "GONGKAI_PROXY_REQUEST_TIME=500"});
  const auto stub = NewStub(front);
  grpc::ClientContext context;
  context.set_deadline(absl::ToChronoTime(absl::Now() + absl::Seconds(20)));
  TheHouse().Identify("handler", context);
  v1::WatchCasesRequest request;
  request.set_agency(House::kAgency);
  const auto reader = stub->WatchCases(&context, request);
  absl::SleepFor(absl::Seconds(2));
  v1::Receipt receipt;
  const grpc::Status status =
      Call(TheHouse(), *stub, "handler", NewApplication("观察之下的申请。"),
           &receipt);
  ASSERT_TRUE(status.ok()) << status.error_message();
  v1::WatchCasesResponse change;
  ASSERT_TRUE(reader->Read(&change)) << reader->Finish().error_message();
  EXPECT_EQ(change.name(), receipt.name());
  context.TryCancel();
}

TEST_F(FrontTest, AServiceThatIsGoneIsUnavailableUntilItIsBack) {
  const Front front(TheHouse().address(), {});
  const auto stub = NewStub(front);
  EXPECT_TRUE(List(*stub).ok());
  TheHouse().KillServer();
  EXPECT_EQ(List(*stub).error_code(), grpc::StatusCode::UNAVAILABLE);
  TheHouse().StartServer();
  const absl::Time end = absl::Now() + absl::Seconds(10);
  while (!List(*stub).ok() && absl::Now() < end) {
    absl::SleepFor(absl::Milliseconds(50));
  }
  EXPECT_TRUE(List(*stub).ok());
}

}  // namespace
}  // namespace gongkai::test
