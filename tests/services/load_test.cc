// SPDX-License-Identifier: Apache-2.0
// Under load and at the end: early refusal, deadlines, drain.

#include <functional>
#include <memory>
#include <pqxx/pqxx>
#include <string>
#include <thread>
#include <vector>

#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/temp_postgres.h"
#include "tests/support/test_service.h"

namespace gongkai {
namespace {

using test::Details;
using test::TempPostgres;
using test::TestService;

// Waits for what other threads do; the bound only ends a test that hangs.
bool Eventually(const std::function<bool()>& holds) {
  const absl::Time end = absl::Now() + absl::Seconds(60);
  while (!holds()) {
    if (absl::Now() > end) return false;
    std::this_thread::yield();
  }
  return true;
}

// Keeps every act waiting in the database until it is let go.
class HeldDatabase {
 public:
  explicit HeldDatabase(const TestService& service)
      : connection_(TempPostgres::Shared().Superuser(service.database())),
        transaction_(connection_) {
    transaction_.exec("LOCK TABLE stream IN ACCESS EXCLUSIVE MODE");
  }
  void LetGo() { transaction_.abort(); }

 private:
  pqxx::connection connection_;
  pqxx::work transaction_;
};

v1::Act Register() {
  v1::Act act;
  act.mutable_register_()->set_officer("li");
  return act;
}

// One act in a thread of its own.
class Acting {
 public:
  Acting(TestService& service, const std::string& name)
      : thread_([this, &service, name] {
          status_ = service.Perform({}, name, Register());
        }) {}
  ~Acting() {
    if (thread_.joinable()) thread_.join();
  }
  grpc::Status Await() {
    thread_.join();
    return status_;
  }

 private:
  grpc::Status status_;
  std::thread thread_;
};

size_t QueuedActs(TestService& service) {
  return service.service().pool().LoadOf(api::Lane::kActs).queued;
}
int RunningActs(TestService& service) {
  return service.service().pool().LoadOf(api::Lane::kActs).running;
}

TEST(Load, AFullLaneIsToldToComeAgain) {
  TestService::Options options;
  options.config.connections = 8;  // two workers, one of them for acts
  options.config.queue = 1;
  TestService service(options);
  std::vector<std::string> names;
  for (int i = 0; i < 3; ++i) {
    names.push_back(service.Receive("申请。").receipt().name());
  }
  HeldDatabase held(service);
  Acting running(service, names[0]);
  ASSERT_TRUE(Eventually([&] { return RunningActs(service) == 1; }));
  Acting queued(service, names[1]);
  ASSERT_TRUE(Eventually([&] { return QueuedActs(service) == 1; }));
  const absl::Time begun = absl::Now();
  const grpc::Status refused = service.Perform({}, names[2], Register());
  EXPECT_LT(absl::Now() - begun, absl::Seconds(5));
  EXPECT_EQ(refused.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_EQ(Details(refused).reason, "TOO_BUSY");
  ASSERT_TRUE(Details(refused).retry.has_value());
  EXPECT_GT(*Details(refused).retry, absl::ZeroDuration());
  held.LetGo();
  EXPECT_TRUE(running.Await().ok());
  EXPECT_TRUE(queued.Await().ok());
  EXPECT_TRUE(service.Perform({}, names[2], Register()).ok());
}

TEST(Load, ADeadlineEndsTheWorkInTheDatabaseToo) {
  TestService service;
  const std::string name = service.Receive("申请。").receipt().name();
  HeldDatabase held(service);
  grpc::ClientContext context;
  TestService::Identify({}, context);
  context.set_deadline(absl::ToChronoTime(absl::Now() + absl::Seconds(1)));
  v1::PerformActRequest request;
  request.set_name(name);
  request.set_request_id(service.NewRequestId());
  request.set_occurred_date("2024-03-20");
  *request.mutable_act() = Register();
  v1::PerformActResponse response;
  const absl::Time begun = absl::Now();
  const grpc::Status status =
      service.cases().PerformAct(&context, request, &response);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::DEADLINE_EXCEEDED);
  EXPECT_LT(absl::Now() - begun, absl::Seconds(5));
  // The lock is still held: only the deadline can have freed the worker.
  EXPECT_TRUE(Eventually([&] { return RunningActs(service) == 0; }));
  held.LetGo();
  EXPECT_EQ(service.Get(name).version(), 1);
  // The same request settles it.
  grpc::ClientContext again;
  TestService::Identify({}, again);
  EXPECT_TRUE(service.cases().PerformAct(&again, request, &response).ok());
  EXPECT_EQ(service.Get(name).version(), 2);
}

TEST(Load, DrainFinishesWhatIsUnderWayAndTakesNoMore) {
  TestService service;
  const std::string name = service.Receive("申请。").receipt().name();
  auto held = std::make_unique<HeldDatabase>(service);
  Acting acting(service, name);
  ASSERT_TRUE(Eventually([&] { return RunningActs(service) == 1; }));
  std::thread drain([&] { service.service().Drain(absl::Seconds(60)); });
  ASSERT_TRUE(
      Eventually([&] { return service.service().desk().shut(); }));
  const grpc::Status late = service.Perform({}, name, Register());
  EXPECT_EQ(late.error_code(), grpc::StatusCode::UNAVAILABLE);
  held->LetGo();
  EXPECT_TRUE(acting.Await().ok());
  drain.join();
  EXPECT_EQ(service.service().desk().in_flight(), 0);
}

TEST(Load, ADatabaseThatIsAwayIsUnavailableWithATimeToComeAgain) {
  TestService service;
  const std::string name = service.Receive("申请。").receipt().name();
  TempPostgres::Shared().Stop("fast");
  const grpc::Status away = service.Perform({}, name, Register());
  TempPostgres::Shared().Start();
  EXPECT_EQ(away.error_code(), grpc::StatusCode::UNAVAILABLE);
  EXPECT_EQ(Details(away).reason, "STORE_AWAY");
  EXPECT_TRUE(Details(away).retry.has_value());
  EXPECT_TRUE(Eventually([&] {
    return service.Perform({}, name, Register()).error_code() !=
           grpc::StatusCode::UNAVAILABLE;
  }));
  EXPECT_EQ(service.Get(name).version(), 2);
}

}  // namespace
}  // namespace gongkai
