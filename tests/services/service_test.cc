// SPDX-License-Identifier: Apache-2.0
// The service over a real channel: promises of the contract that are not law.

#include <set>
#include <string>
#include <thread>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/test_service.h"

namespace gongkai {
namespace {

using test::Details;
using test::TestService;
using testing::HasSubstr;

TestService& Shared() {
  static auto* const service = new TestService();
  return *service;
}

v1::Act Register(const std::string& officer) {
  v1::Act act;
  act.mutable_register_()->set_officer(officer);
  return act;
}

v1::PerformActRequest Registering(TestService& service,
                                  const std::string& name) {
  v1::PerformActRequest request;
  request.set_name(name);
  request.set_request_id(service.NewRequestId());
  request.set_occurred_date("2024-03-20");
  *request.mutable_act() = Register("li");
  return request;
}

grpc::Status Perform(TestService& service, const v1::PerformActRequest& request,
                     v1::PerformActResponse* response) {
  grpc::ClientContext context;
  TestService::Identify({}, context);
  return service.cases().PerformAct(&context, request, response);
}

TEST(Service, AReceiptNamesTheCaseAndItsLimits) {
  TestService& service = Shared();
  const v1::Receipt receipt = service.Receive("申请公开。").receipt();
  EXPECT_THAT(receipt.name(), HasSubstr("agencies/SHGXW/cases/SHGXW-2024-"));
  EXPECT_EQ(receipt.version(), 1);
  EXPECT_EQ(receipt.phase(), v1::RECEIVED);
  std::string due;
  for (const v1::Limit& limit : receipt.limits()) {
    if (limit.kind() == v1::REPLY) due = limit.due_date();
  }
  // 20 working days from 20 March 2024, over Qingming with its make-up Sunday.
  EXPECT_EQ(due, "2024-04-18");
}

TEST(Service, TheSameRequestGivesTheSameReceipt) {
  TestService& service = Shared();
  const std::string name = service.Receive("申请公开。").receipt().name();
  const v1::PerformActRequest request = Registering(service, name);
  v1::PerformActResponse first;
  v1::PerformActResponse second;
  ASSERT_TRUE(Perform(service, request, &first).ok());
  ASSERT_TRUE(Perform(service, request, &second).ok());
  EXPECT_EQ(first.SerializeAsString(), second.SerializeAsString());
  EXPECT_EQ(service.Get(name).version(), 2);
}

TEST(Service, AnotherBodyUnderTheSameIdIsRefused) {
  TestService& service = Shared();
  const std::string name = service.Receive("申请公开。").receipt().name();
  v1::PerformActRequest request = Registering(service, name);
  v1::PerformActResponse response;
  ASSERT_TRUE(Perform(service, request, &response).ok());
  *request.mutable_act() = Register("wang");
  const grpc::Status status = Perform(service, request, &response);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::ALREADY_EXISTS);
  EXPECT_EQ(Details(status).reason, "REQUEST_ID_REUSED");
}

TEST(Service, ADuplicateStormLeavesOneEvent) {
  TestService& service = Shared();
  const std::string name = service.Receive("申请公开。").receipt().name();
  const v1::PerformActRequest request = Registering(service, name);
  std::vector<std::thread> callers;
  std::vector<std::string> receipts(32);
  for (size_t i = 0; i < receipts.size(); ++i) {
    callers.emplace_back([&, i] {
      v1::PerformActResponse response;
      if (Perform(service, request, &response).ok()) {
        receipts[i] = response.SerializeAsString();
      }
    });
  }
  for (std::thread& caller : callers) caller.join();
  EXPECT_EQ(std::set<std::string>(receipts.begin(), receipts.end()).size(), 1u);
  EXPECT_FALSE(receipts[0].empty());
  EXPECT_EQ(service.Get(name).version(), 2);
}

TEST(Service, AStaleVersionIsAborted) {
  TestService& service = Shared();
  const std::string name = service.Receive("申请公开。").receipt().name();
  v1::PerformActRequest request = Registering(service, name);
  request.set_expected_version(7);
  v1::PerformActResponse response;
  const grpc::Status status = Perform(service, request, &response);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::ABORTED);
  EXPECT_EQ(Details(status).reason, "VERSION_STALE");
  EXPECT_EQ(service.Get(name).version(), 1);
}

TEST(Service, ARefusalTellsPhaseAndReadsInBothLanguages) {
  TestService& service = Shared();
  const std::string name = service.Receive("申请公开。").receipt().name();
  v1::Act act;
  act.mutable_close();
  TestService::As chinese;
  chinese.language = "zh-CN";
  const auto zh = Details(service.Perform(chinese, name, act));
  EXPECT_EQ(zh.reason, "NOT_IN_THIS_PHASE");
  EXPECT_EQ(zh.metadata.at("phase"), "RECEIVED");
  EXPECT_EQ(zh.locale, "zh-CN");
  EXPECT_THAT(zh.sentence, HasSubstr("阶段：已接收"));
  const auto en = Details(service.Perform({}, name, act));
  EXPECT_EQ(en.locale, "en");
  EXPECT_THAT(en.sentence, HasSubstr("phase: received"));
}

TEST(Service, WithoutTheCapacityNothingIsToldOfTheCase) {
  TestService& service = Shared();
  const std::string name = service.Receive("申请公开。").receipt().name();
  const auto get = [&](const TestService::As& as, const std::string& which) {
    grpc::ClientContext context;
    TestService::Identify(as, context);
    v1::GetCaseRequest request;
    request.set_name(which);
    v1::GetCaseResponse response;
    const grpc::Status status =
        service.cases().GetCase(&context, request, &response);
    EXPECT_FALSE(response.has_case_());
    return status;
  };
  TestService::As other;
  other.agency = "BJGXW";
  const grpc::Status foreign = get(other, name);
  EXPECT_EQ(foreign.error_code(), grpc::StatusCode::PERMISSION_DENIED);
  // The answer for a case that is not there is the same.
  const grpc::Status none = get(other, "agencies/SHGXW/cases/SHGXW-2024-99999");
  EXPECT_EQ(none.error_message(), foreign.error_message());
  for (const char* admin : {"system_admin", "security_admin", "audit_admin"}) {
    TestService::As as;
    as.roles = admin;
    EXPECT_EQ(get(as, name).error_code(), grpc::StatusCode::PERMISSION_DENIED);
  }
  EXPECT_EQ(get({}, "agencies/SHGXW/cases/SHGXW-2024-99999").error_code(),
            grpc::StatusCode::NOT_FOUND);
}

TEST(Service, CallsAreCountedByMethodActAndCode) {
  TestService& service = Shared();
  const std::string name = service.Receive("申请公开。").receipt().name();
  ASSERT_TRUE(service.Perform({}, name, Register("li")).ok());
  EXPECT_FALSE(service.Perform({}, name, Register("li")).ok());
  const std::string text = service.service().metrics().Text();
  for (const char* code : {"OK", "FAILED_PRECONDITION"}) {
    EXPECT_THAT(text,
                HasSubstr("gongkai_calls_total{act=\"register\",code=\"" +
                          std::string(code) + "\",method=\"PerformAct\"}"));
  }
  EXPECT_THAT(text, HasSubstr("gongkai_call_seconds_bucket"));
  EXPECT_THAT(text, HasSubstr("gongkai_lane_queued{lane=\"acts\"}"));
  EXPECT_THAT(text, HasSubstr("gongkai_sequencer_lag_seconds"));
}

TEST(Service, AClosedAddressIsAnErrorNotAPartner) {
  TestService& service = Shared();
  server::Config config;
  config.database = "host=/nonexistent";
  config.listen = "127.0.0.1:" + std::to_string(service.service().port());
  EXPECT_FALSE(server::Service::Start(config, service.clock()).ok());
}

}  // namespace
}  // namespace gongkai
