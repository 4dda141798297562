// SPDX-License-Identifier: Apache-2.0
// The service and PostgreSQL die at random moments under load; whoever got no
// answer asks again with the same request. Afterwards every acknowledged act is
// there exactly once. GONGKAI_KILLS sets how often each of them dies.
#include <atomic>
#include <cstdlib>
#include <deque>
#include <iostream>
#include <map>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "gtest/gtest.h"
#include "tests/act/whole.h"
#include "tests/end_to_end/house.h"
#include "tests/end_to_end/main_line.h"
#include "tests/support/test_service.h"

namespace gongkai::test {
namespace {

constexpr int kCallers = 16;
constexpr int kSharedCases = 4;
// Acts between two deaths, at most.
constexpr int kActsBetween = 40;
constexpr absl::Duration kPatience = absl::Seconds(90);

int Kills() {
  const char* text = std::getenv("GONGKAI_KILLS");
  return text == nullptr ? 5 : std::atoi(text);
}

// Sixteen callers that carry cases of their own from receipt to archive and
// add to shared ones between.
class Load {
 public:
  struct Acknowledged {
    std::string number;
    int64_t version = 0;
  };

  explicit Load(const House& house) : house_(house) {
    const auto stub = house.NewStub();
    for (int i = 0; i < kSharedCases; ++i) {
      v1::Receipt receipt;
      if (Send(*stub, "handler", NewApplication("众人之案。"), &receipt)) {
        shared_.push_back(receipt.name());
      }
    }
    for (int i = 0; i < kCallers; ++i) {
      threads_.emplace_back([this, i] { Run(static_cast<unsigned>(i)); });
    }
  }
  ~Load() { Stop(); }
  Load(const Load&) = delete;
  Load& operator=(const Load&) = delete;

  // Waits until `n` more requests are acknowledged; false when nobody gets
  // anywhere.
  bool AwaitMore(int n) { return AwaitCount(acknowledged_count_, n); }
  // Waits until one more caller is told that the service is away and when to
  // come again.
  bool AwaitTold() { return AwaitCount(told_, 1); }

  // Every caller finishes the request under way, however often it must ask.
  void Stop() {
    stopping_ = true;
    for (std::thread& thread : threads_) {
      if (thread.joinable()) thread.join();
    }
  }

  // After Stop.
  const std::map<std::string, Acknowledged>& acknowledged() const {
    return acknowledged_;
  }
  const std::vector<std::string>& faults() const { return faults_; }
  int archived() const { return archived_; }
  int asked_again() const { return asked_again_; }
  int told() {
    absl::MutexLock lock(&mutex_);
    return told_;
  }

 private:
  bool AwaitCount(const int& counter, int n) {
    absl::MutexLock lock(&mutex_);
    const int wanted = counter + n;
    const auto reached = [&counter, wanted] { return counter >= wanted; };
    return mutex_.AwaitWithTimeout(absl::Condition(&reached), kPatience);
  }

  void Run(unsigned seed) {
    std::mt19937 random(seed);
    const auto stub = house_.NewStub();
    while (!stopping_) Live(random, *stub);
  }

  void Live(std::mt19937& random, v1::CaseService::Stub& stub) {
    v1::Receipt receipt;
    if (!Send(stub, "handler", NewApplication("一人之案。"), &receipt)) return;
    const std::string name = receipt.name();
    for (const Step& step : MainLine()) {
      if (random() % 3 == 0) AddToShared(random, stub);
      if (stopping_) return;
      v1::PerformActRequest request = NewAct(name, step.act);
      request.set_expected_version(receipt.version());
      if (!Send(stub, step.role, request, &receipt)) return;
    }
    ++archived_;
  }

  void AddToShared(std::mt19937& random, v1::CaseService::Stub& stub) {
    v1::Act act;
    act.mutable_log_contact()->set_note("来电。");
    v1::Receipt receipt;
    Send(stub, "handler", NewAct(shared_[random() % shared_.size()], act),
         &receipt);
  }

  // Asks until there is an answer; false when it is a refusal.
  template <typename Request>
  bool Send(v1::CaseService::Stub& stub, const std::string& role,
            const Request& request, v1::Receipt* receipt) {
    for (;;) {
      const grpc::Status status = Call(house_, stub, role, request, receipt);
      absl::MutexLock lock(&mutex_);
      if (status.ok()) {
        acknowledged_[request.request_id()] = {receipt->number(),
                                               receipt->version()};
        ++acknowledged_count_;
        return true;
      }
      const Told told = Details(status);
      const bool passing =
          status.error_code() == grpc::StatusCode::UNAVAILABLE ||
          status.error_code() == grpc::StatusCode::RESOURCE_EXHAUSTED ||
          status.error_code() == grpc::StatusCode::DEADLINE_EXCEEDED;
      // A storm on a shared case: the caller named no version, so it may ask
      // again. Where a version was named, a retry of an act that was done must
      // give its receipt and never this.
      const bool storm = status.error_code() == grpc::StatusCode::ABORTED &&
                         Unversioned(request);
      if (!passing && !storm) {
        faults_.push_back(role + ": " + told.reason + " " +
                          status.error_message());
        return false;
      }
      ++asked_again_;
      if (told.retry) {
        ++told_;
        // The pause that the service asked for; nothing ends it.
        const bool never = false;
        mutex_.AwaitWithTimeout(absl::Condition(&never), *told.retry);
      }
    }
  }

  static bool Unversioned(const v1::PerformActRequest& request) {
    return request.expected_version() == 0;
  }
  static bool Unversioned(const v1::ReceiveApplicationRequest&) {
    return false;
  }

  const House& house_;
  std::vector<std::string> shared_;
  std::atomic<bool> stopping_ = false;
  std::atomic<int> archived_ = 0;
  absl::Mutex mutex_;
  int acknowledged_count_ = 0;
  int told_ = 0;
  int asked_again_ = 0;
  std::map<std::string, Acknowledged> acknowledged_;
  std::vector<std::string> faults_;
  std::vector<std::thread> threads_;
};

class Crash : public ::testing::Test {
 protected:
  Crash() : house_({.durable = true, .calendar = false}) {
    house_.SignInEverybody();
  }

  int Some() { return 1 + static_cast<int>(random_() % kActsBetween); }

  // What the callers were told is what the database holds.
  void CheckEveryAcknowledgedActIsThereOnce(Load& load, int deaths) {
    const Whole whole = ReadWhole(house_.postgres(), house_.database());
    EXPECT_TRUE(whole.faults.empty()) << FaultsOf(whole);
    EXPECT_EQ(load.faults().size(), 0u) << load.faults().front();
    for (const auto& [request, told] : load.acknowledged()) {
      ASSERT_EQ(whole.requests.count(request), 1u) << told.number;
      const Whole::Place& place = whole.requests.find(request)->second;
      EXPECT_EQ(place.number, told.number);
      EXPECT_EQ(place.seq, told.version) << told.number;
    }
    int64_t of_cases = 0;
    for (const auto& [number, types] : whole.histories) {
      of_cases += static_cast<int64_t>(types.size());
    }
    // Every caller finished its last request: nothing is there besides.
    EXPECT_EQ(of_cases, static_cast<int64_t>(load.acknowledged().size()));
    std::cout << deaths << " deaths, " << load.acknowledged().size()
              << " acknowledged, each there once; " << load.asked_again()
              << " asked again, " << load.told() << " told when to; "
              << whole.cases << " cases, " << load.archived() << " archived\n";
  }

  House house_;
  std::mt19937 random_{std::random_device{}()};
};

TEST_F(Crash, OfTheServiceLosesNothingAndDoublesNothing) {
  Load load(house_);
  const int kills = Kills();
  for (int i = 0; i < kills; ++i) {
    ASSERT_TRUE(load.AwaitMore(Some())) << "after death " << i;
    house_.KillServer();
    house_.StartServer();
  }
  ASSERT_TRUE(load.AwaitMore(1));
  load.Stop();
  EXPECT_GT(load.asked_again(), 0);
  CheckEveryAcknowledgedActIsThereOnce(load, kills);
}

TEST_F(Crash, OfPostgresLosesNothingAndTheServiceRecoversByItself) {
  Load load(house_);
  const int kills = Kills();
  absl::Duration slowest;
  for (int i = 0; i < kills; ++i) {
    ASSERT_TRUE(load.AwaitMore(Some())) << "after death " << i;
    house_.postgres().Stop("immediate");
    EXPECT_TRUE(load.AwaitTold()) << "nobody was told when to come again";
    house_.postgres().Start();
    const absl::Time back = absl::Now();
    ASSERT_TRUE(load.AwaitMore(1));
    slowest = std::max(slowest, absl::Now() - back);
  }
  load.Stop();
  EXPECT_LE(slowest, absl::Seconds(5));
  std::cout << "slowest recovery " << slowest << " after PostgreSQL\n";
  CheckEveryAcknowledgedActIsThereOnce(load, kills);
}

}  // namespace
}  // namespace gongkai::test
