// SPDX-License-Identifier: Apache-2.0
// One caller takes nothing from another: rates, and calls at once.

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/temp_postgres.h"
#include "tests/support/test_service.h"

namespace gongkai::test {
namespace {

TestService::Options Limited() {
  TestService::Options options;
  options.calendar = false;
  options.limits = true;
  options.config.account_rate = 0;
  options.config.source_rate = 0;
  options.config.account_calls = 0;
  return options;
}

grpc::Status List(TestService& service, const std::string& account,
                  absl::Duration time = absl::Seconds(10),
                  const std::string& forwarded_for = "") {
  grpc::ClientContext context;
  TestService::As as;
  as.account = account;
  TestService::Identify(as, context);
  context.set_deadline(absl::ToChronoTime(absl::Now() + time));
  if (!forwarded_for.empty()) {
    context.AddMetadata("x-forwarded-for", forwarded_for);
  }
  v1::ListCasesRequest request;
  request.set_agency(TestService::kAgency);
  v1::ListCasesResponse response;
  return service.cases().ListCases(&context, request, &response);
}

TEST(Fair, WhoCallsTooOftenIsToldWhenToComeAgainAndNobodyElseIs) {
  TestService::Options options = Limited();
  options.config.account_rate = 5;
  TestService service(options);
  int refused = 0;
  Told told;
  for (int i = 0; i < 40; ++i) {
    const grpc::Status status = List(service, "flood");
    if (status.ok()) continue;
    ++refused;
    told = Details(status);
    EXPECT_EQ(status.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  }
  EXPECT_GT(refused, 10);
  EXPECT_EQ(told.reason, "RATE_EXCEEDED");
  ASSERT_TRUE(told.retry.has_value());
  EXPECT_GT(*told.retry, absl::ZeroDuration());
  EXPECT_LE(*told.retry, absl::Seconds(1));
  EXPECT_TRUE(List(service, "li").ok());
  absl::SleepFor(*told.retry + absl::Milliseconds(50));
  EXPECT_TRUE(List(service, "flood").ok());
}

TEST(Fair, AnAddressIsWhatTheProxySaysOfIt) {
  TestService::Options options = Limited();
  options.config.source_rate = 5;
  options.config.trusted_proxies = {"127.0.0.1"};
  TestService service(options);
  const auto call = [&](const std::string& from) {
    return Details(List(service, "li", absl::Seconds(10), from)).reason;
  };
  for (int i = 0; i < 40; ++i) call("192.0.2.7");
  EXPECT_EQ(call("192.0.2.7"), "RATE_EXCEEDED");
  // What the caller wrote before it stays his own word.
  EXPECT_EQ(call("198.51.100.1, 192.0.2.7"), "RATE_EXCEEDED");
  EXPECT_EQ(call("192.0.2.8"), "");
}

TEST(Fair, WhoseCallsHangHoldsUpNobodyElse) {
  TestService::Options options = Limited();
  options.config.account_calls = 3;
  options.config.connections = 13;  // seven workers, six of them for one lane
  TestService service(options);
  const std::string name = service.Receive("申请公开。").receipt().name();
  auto& postgres = TempPostgres::Shared();
  const std::string super = postgres.Superuser(service.database());
  // Reads of personal text wait for the book of access.
  std::atomic<bool> held{false};
  std::thread holder([&] {
    held.store(true);
    postgres.Run(super,
                 "BEGIN; LOCK TABLE access IN EXCLUSIVE MODE; "
                 "SELECT pg_sleep(3); COMMIT");
  });
  while (!held.load()) std::this_thread::yield();
  absl::SleepFor(absl::Milliseconds(300));
  std::atomic<int> busy{0};
  std::vector<std::thread> greedy;
  for (int i = 0; i < 12; ++i) {
    greedy.emplace_back([&] {
      grpc::ClientContext context;
      TestService::As as;
      as.account = "greedy";
      TestService::Identify(as, context);
      context.set_deadline(absl::ToChronoTime(absl::Now() + absl::Seconds(2)));
      v1::GetCaseRequest request;
      request.set_name(name);
      v1::GetCaseResponse response;
      const auto told =
          Details(service.cases().GetCase(&context, request, &response));
      if (told.reason == "TOO_BUSY") busy.fetch_add(1);
    });
  }
  absl::SleepFor(absl::Milliseconds(500));
  // Nine of the twelve were refused at once; another's call is answered.
  EXPECT_EQ(busy.load(), 9);
  const absl::Time begun = absl::Now();
  EXPECT_TRUE(List(service, "li").ok());
  EXPECT_LT(absl::Now() - begun, absl::Seconds(1));
  for (std::thread& one : greedy) one.join();
  holder.join();
  EXPECT_TRUE(List(service, "greedy").ok());
}

}  // namespace
}  // namespace gongkai::test
