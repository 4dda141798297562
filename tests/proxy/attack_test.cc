// SPDX-License-Identifier: Apache-2.0
// Floods of HTTP/2 frames against the front of the service, while an honest
// caller goes on calling; and the same against the bare service, for the
// figures.
#include <algorithm>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "gtest/gtest.h"
#include "tests/end_to_end/house.h"
#include "tests/end_to_end/main_line.h"
#include "tests/proxy/front.h"

namespace gongkai::test {
namespace {

using nlohmann::json;

// An honest caller on one connection of its own: lists, and every fifth time
// hands in an application, some 20 calls a second. A call that is UNAVAILABLE
// is sent once more.
class HonestCaller {
 public:
  HonestCaller(const std::string& address, const House& house)
      : house_(house),
        stub_(v1::CaseService::NewStub(
            grpc::CreateChannel(address, grpc::InsecureChannelCredentials()))),
        thread_([this] { Run(); }) {}
  ~HonestCaller() { Stop(); }

  void Stop() {
    stop_ = true;
    if (thread_.joinable()) thread_.join();
  }

  // All after Stop.
  size_t calls() const { return latencies_.size(); }
  size_t failed() const { return failed_; }
  size_t repeated() const { return repeated_; }
  const std::string& last_error() const { return last_error_; }
  // In milliseconds; a repeated call from its first beginning.
  double Quantile(double q) {
    if (latencies_.empty()) return 0;
    std::sort(latencies_.begin(), latencies_.end());
    return latencies_[static_cast<size_t>(
        q * static_cast<double>(latencies_.size() - 1))];
  }

 private:
  void Run() {
    for (int n = 0; !stop_; ++n) {
      const v1::ReceiveApplicationRequest application =
          NewApplication("攻击之下的申请。");
      const absl::Time begin = absl::Now();
      grpc::Status status = Once(n, application);
      if (status.error_code() == grpc::StatusCode::UNAVAILABLE) {
        ++repeated_;
        absl::SleepFor(absl::Milliseconds(50));
        status = Once(n, application);
      }
      latencies_.push_back(absl::ToDoubleMilliseconds(absl::Now() - begin));
      if (!status.ok()) {
        ++failed_;
        last_error_ =
            absl::StrCat(status.error_code(), " ", status.error_message());
      }
      absl::SleepFor(absl::Milliseconds(45));
    }
  }

  grpc::Status Once(int n, const v1::ReceiveApplicationRequest& application) {
    grpc::ClientContext context;
    context.set_deadline(absl::ToChronoTime(absl::Now() + absl::Seconds(5)));
    house_.Identify("handler", context);
    if (n % 5 == 0) {
      v1::ReceiveApplicationResponse response;
      return stub_->ReceiveApplication(&context, application, &response);
    }
    v1::ListCasesRequest request;
    request.set_agency(House::kAgency);
    request.set_page_size(20);
    v1::ListCasesResponse response;
    return stub_->ListCases(&context, request, &response);
  }

  const House& house_;
  std::unique_ptr<v1::CaseService::Stub> stub_;
  std::vector<double> latencies_;
  size_t failed_ = 0;
  size_t repeated_ = 0;
  std::string last_error_;
  std::atomic<bool> stop_ = false;
  std::thread thread_;
};

std::string Seconds() {
  const char* value = std::getenv("GONGKAI_ATTACK_SECONDS");
  return value == nullptr ? "3.5" : value;
}

struct Kind {
  const char* name;
  const char* sources;
  const char* connections;
  // Whether the attacker is to find connections closed to him.
  bool closed;
  // Whether all calls of the honest caller have to succeed: not where the
  // attacker has so many addresses that he is held back by the bound of all.
  bool all_succeed;
};

// What an attack did, by the figures of attack.py.
json RunAttack(const Kind& kind, const std::string& address,
               const std::string& token) {
  const Finished attack =
      RunProgram({"/usr/bin/python3", SourceDir() + "/tests/proxy/attack.py",
                  kind.name, address, "--seconds", Seconds(), "--sources",
                  kind.sources, "--connections", kind.connections},
                 {"GONGKAI_ATTACK_TOKEN=" + token});
  EXPECT_EQ(attack.exit, 0) << attack.err;
  return json::parse(attack.out, nullptr, false);
}

struct Outcome {
  double before = 0;
  double peak = 0;
};

// One attack on `address` with an honest caller beside it.
Outcome Measure(const Kind& kind, const std::string& address,
                const House& house, const Front* front) {
  Outcome outcome;
  outcome.before = Resident(house.server_pid());
  ForgetPeak(house.server_pid());
  if (front != nullptr) ForgetPeak(front->pid());
  HonestCaller caller(address, house);
  const json attack = RunAttack(kind, address, house.Token("handler"));
  caller.Stop();
  outcome.peak = PeakResident(house.server_pid());
  const double seconds = attack.value("seconds", 1.0);
  std::printf(
      "%-13s %-6s %9.0f frames/s %7.0f conn/s | closed %6d | server %4.0f -> "
      "%4.0f MiB, proxy %4.0f MiB | honest %3zu calls, %zu failed, %zu "
      "repeated, p50 %.1f p99 %.1f ms\n",
      kind.name, front == nullptr ? "bare" : "behind",
      attack.value("frames", 0.0) / seconds,
      attack.value("connections", 0.0) / seconds,
      attack.value("closed_by_peer", 0), outcome.before, outcome.peak,
      front == nullptr ? 0.0 : PeakResident(front->pid()), caller.calls(),
      caller.failed(), caller.repeated(), caller.Quantile(0.5),
      caller.Quantile(0.99));
  std::fflush(stdout);
  if (front == nullptr) return outcome;
  if (kind.closed) {
    EXPECT_GT(attack.value("closed_by_peer", 0), 0);
  }
  if (kind.all_succeed) {
    EXPECT_GE(caller.calls(), 10u);
    EXPECT_EQ(caller.failed(), 0u) << caller.last_error();
    EXPECT_LT(caller.Quantile(0.99), 1000);
  }
  EXPECT_LT(outcome.peak, 2 * outcome.before + 200);
  EXPECT_LT(PeakResident(front->pid()), 600);
  return outcome;
}

// Takes calls back when they are under way: what costs the service most.
constexpr Kind kReset = {"reset_late", "4", "4", true, true};

class Attack : public ::testing::TestWithParam<Kind> {
 protected:
  static House& TheHouse() {
    static House house({.calendar = false, .port = FreePort()});
    return house;
  }
};

TEST_P(Attack, HonestCallersAreServedAndMemoryIsBounded) {
  const Front front(TheHouse().address(), {"GONGKAI_PROXY_REQUEST_TIME=1s"});
  Measure(GetParam(), front.address(), TheHouse(), &front);
}

INSTANTIATE_TEST_SUITE_P(
    Front, Attack,
    ::testing::Values(Kind{"reset", "4", "4", true, true},
                      Kind{"reset_whole", "4", "4", true, true},
                      Kind{"ping", "4", "4", true, true},
                      Kind{"settings", "4", "4", true, true},
                      Kind{"continuation", "4", "4", true, true},
                      Kind{"slow_headers", "8", "200", true, true},
                      Kind{"storm", "4", "64", false, true},
                      Kind{"zero_window", "4", "4", false, true}),
    [](const auto& one) { return std::string(one.param.name); });

TEST(AttackCompared, TheBareServiceGrowsMoreUnderTheSameResets) {
  House house({.calendar = false, .port = FreePort()});
  Outcome behind;
  {
    const Front front(house.address(), {});
    behind = Measure(kReset, front.address(), house, &front);
  }
  house.KillServer();
  house.StartServer();
  const Outcome bare = Measure(kReset, house.address(), house, nullptr);
  EXPECT_LT(behind.peak, bare.peak);
}

// Each address stays below its own bound: what holds is the bound of all.
TEST(AttackSpread, FromAHundredAddressesTheServiceStaysUp) {
  House house({.calendar = false, .port = FreePort()});
  const Front front(house.address(), {});
  Measure({"reset_late", "100", "100", false, false}, front.address(), house,
          &front);
  HonestCaller after(front.address(), house);
  absl::SleepFor(absl::Seconds(1));
  after.Stop();
  EXPECT_EQ(after.failed(), 0u) << after.last_error();
}

}  // namespace
}  // namespace gongkai::test
