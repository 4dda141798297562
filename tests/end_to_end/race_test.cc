// SPDX-License-Identifier: Apache-2.0
// Many callers at the same case and with the same request, through the shipped
// service: one winner per version, one event per request.
#include <atomic>
#include <iostream>
#include <latch>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "absl/time/clock.h"
#include "gtest/gtest.h"
#include "services/base/ids.h"
#include "tests/act/whole.h"
#include "tests/end_to_end/house.h"
#include "tests/end_to_end/main_line.h"
#include "tests/support/test_service.h"

namespace gongkai::test {
namespace {

constexpr int kCallers = 50;
constexpr int kDuplicates = 1000;

class Race : public ::testing::Test {
 protected:
  static House& TheHouse() {
    static House house;
    return house;
  }

  Race() : stub_(TheHouse().NewStub()) {
    for (int i = 0; i < kCallers; ++i) {
      stubs_.push_back(TheHouse().NewStub());
    }
  }

  // Every caller at once, each on a connection of its own.
  template <typename Do>
  void AllAtOnce(const Do& call) {
    std::latch ready(kCallers);
    std::vector<std::thread> threads;
    for (int i = 0; i < kCallers; ++i) {
      threads.emplace_back([&, i] {
        ready.arrive_and_wait();
        call(i, *stubs_[static_cast<size_t>(i)]);
      });
    }
    for (std::thread& thread : threads) thread.join();
  }

  std::string MustReceive(const std::string& content) {
    v1::Receipt receipt;
    const grpc::Status status =
        Call(TheHouse(), *stub_, "handler", NewApplication(content), &receipt);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return receipt.name();
  }

  std::unique_ptr<v1::CaseService::Stub> stub_;
  std::vector<std::unique_ptr<v1::CaseService::Stub>> stubs_;
};

TEST_F(Race, FiftyCallersAdvancingOneCaseHaveOneWinnerPerVersion) {
  const std::string name = MustReceive("五十人同时办理的申请。");
  int64_t version = 1;
  std::map<std::string, int> losers;
  for (const Step& step : MainLine()) {
    std::mutex mutex;
    std::vector<v1::Receipt> winners;
    AllAtOnce([&](int, v1::CaseService::Stub& stub) {
      v1::PerformActRequest request = NewAct(name, step.act);
      request.set_expected_version(version);
      v1::Receipt receipt;
      const grpc::Status status =
          Call(TheHouse(), stub, step.role, request, &receipt);
      const std::scoped_lock lock(mutex);
      if (status.ok()) {
        winners.push_back(receipt);
      } else {
        ++losers[Details(status).reason];
        EXPECT_EQ(status.error_code(), grpc::StatusCode::ABORTED)
            << status.error_message();
      }
    });
    ASSERT_EQ(winners.size(), 1u)
        << step.role << " " << step.act.ShortDebugString();
    EXPECT_EQ(winners[0].version(), version + 1);
    version = winners[0].version();
  }
  const v1::GetCaseResponse end = MustGet(TheHouse(), *stub_, name);
  EXPECT_EQ(end.case_().phase(), v1::ARCHIVED);
  EXPECT_EQ(end.history_size(), static_cast<int>(MainLine().size()) + 1);
  // Whoever came too late was told that the version is stale, and nothing else.
  EXPECT_EQ(losers.size(), 1u);
  EXPECT_EQ(losers["VERSION_STALE"],
            static_cast<int>(MainLine().size()) * (kCallers - 1));
  std::cout << MainLine().size() << " versions, one winner each of " << kCallers
            << " callers, " << losers["VERSION_STALE"] << " told stale\n";
}

TEST_F(Race, FiftyCallersWithoutAVersionAllAddToTheSameCase) {
  const std::string name = MustReceive("不问版本的沟通。");
  v1::Act act;
  act.mutable_log_contact()->set_note("来电。");
  std::mutex mutex;
  std::set<int64_t> versions;
  AllAtOnce([&](int, v1::CaseService::Stub& stub) {
    const v1::PerformActRequest request = NewAct(name, act);
    v1::Receipt receipt;
    grpc::Status status;
    // A storm is told ABORTED: the same request may come again.
    do {
      status = Call(TheHouse(), stub, "handler", request, &receipt);
    } while (status.error_code() == grpc::StatusCode::ABORTED);
    EXPECT_TRUE(status.ok()) << status.error_message();
    const std::scoped_lock lock(mutex);
    versions.insert(receipt.version());
  });
  EXPECT_EQ(versions.size(), static_cast<size_t>(kCallers));
  EXPECT_EQ(MustGet(TheHouse(), *stub_, name).case_().version(), kCallers + 1);
}

TEST_F(Race, AThousandDuplicatesOfOneActAreOneEventAndOneReceipt) {
  const std::string name = MustReceive("同一请求重发一千次。");
  v1::Act act;
  act.mutable_log_contact()->set_note("来电。");
  const v1::PerformActRequest request = NewAct(name, act);
  std::mutex mutex;
  std::map<std::string, int> receipts;
  AllAtOnce([&](int, v1::CaseService::Stub& stub) {
    for (int i = 0; i < kDuplicates / kCallers; ++i) {
      v1::Receipt receipt;
      const grpc::Status status =
          Call(TheHouse(), stub, "handler", request, &receipt);
      EXPECT_TRUE(status.ok()) << status.error_message();
      const std::scoped_lock lock(mutex);
      ++receipts[receipt.SerializeAsString()];
    }
  });
  ASSERT_EQ(receipts.size(), 1u);
  EXPECT_EQ(receipts.begin()->second, kDuplicates);
  EXPECT_EQ(MustGet(TheHouse(), *stub_, name).history_size(), 2);

  v1::PerformActRequest other = request;
  other.mutable_act()->mutable_log_contact()->set_note("去电。");
  v1::Receipt receipt;
  const grpc::Status reused =
      Call(TheHouse(), *stub_, "handler", other, &receipt);
  EXPECT_EQ(reused.error_code(), grpc::StatusCode::ALREADY_EXISTS);
  EXPECT_EQ(Details(reused).reason, "REQUEST_ID_REUSED");

  // Another process remembers it as well. The connections that lie idle do not
  // hold up the end of this one.
  const absl::Time asked = absl::Now();
  EXPECT_EQ(TheHouse().StopServer(), 0);
  EXPECT_LT(absl::Now() - asked, absl::Seconds(10));
  TheHouse().StartServer();
  grpc::Status again;
  do {
    again = Call(TheHouse(), *stub_, "handler", request, &receipt);
  } while (again.error_code() == grpc::StatusCode::UNAVAILABLE);
  ASSERT_TRUE(again.ok()) << again.error_message();
  EXPECT_EQ(receipt.SerializeAsString(), receipts.begin()->first);
  EXPECT_EQ(MustGet(TheHouse(), *stub_, name).history_size(), 2);
}

TEST_F(Race, AThousandDuplicatesOfOneApplicationAreOneCase) {
  const v1::ReceiveApplicationRequest request =
      NewApplication("同一申请重发一千次。");
  std::mutex mutex;
  std::map<std::string, int> receipts;
  AllAtOnce([&](int, v1::CaseService::Stub& stub) {
    for (int i = 0; i < kDuplicates / kCallers; ++i) {
      v1::Receipt receipt;
      grpc::Status status;
      // UNAVAILABLE is the word for "another is carrying it out".
      do {
        status = Call(TheHouse(), stub, "handler", request, &receipt);
      } while (status.error_code() == grpc::StatusCode::UNAVAILABLE);
      EXPECT_TRUE(status.ok()) << status.error_message();
      const std::scoped_lock lock(mutex);
      ++receipts[receipt.SerializeAsString()];
    }
  });
  ASSERT_EQ(receipts.size(), 1u);
  EXPECT_EQ(receipts.begin()->second, kDuplicates);

  v1::ReceiveApplicationRequest other = request;
  other.mutable_application()->set_content("另一件。");
  v1::Receipt receipt;
  const grpc::Status reused =
      Call(TheHouse(), *stub_, "handler", other, &receipt);
  EXPECT_EQ(reused.error_code(), grpc::StatusCode::ALREADY_EXISTS);
}

// Runs last: reads all that the others left.
TEST_F(Race, LeavesTheDatabaseWhole) {
  const Whole whole = ReadWhole(TheHouse().postgres(), TheHouse().database());
  EXPECT_TRUE(whole.faults.empty()) << FaultsOf(whole);
  EXPECT_GT(whole.events, 0);
  for (auto it = whole.requests.begin(); it != whole.requests.end();
       it = whole.requests.upper_bound(it->first)) {
    EXPECT_EQ(whole.requests.count(it->first), 1u) << it->first;
  }
}

}  // namespace
}  // namespace gongkai::test
