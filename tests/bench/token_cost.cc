// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/token_cost.h"

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "services/base/dates.h"
#include "tests/accounts/account_house.h"

namespace gongkai::bench {
namespace {

using test::AccountHouse;
using test::Person;
using test::TestService;

constexpr double kBar = 0.95;

void Must(const grpc::Status& status, const char* what) {
  if (status.ok()) return;
  std::fprintf(stderr, "%s: %s\n", what, status.error_message().c_str());
  std::exit(1);
}

// One of the two services, and how its callers say who they are.
class Side {
 public:
  using Say = std::function<void(grpc::ClientContext&)>;
  Side(TestService& service, int callers, Say say)
      : service_(service), say_(std::move(say)) {
    for (int i = 0; i < callers; ++i) {
      stubs_.push_back(v1::CaseService::NewStub(service.NewChannel()));
    }
  }

  // Registers each of the cases once.
  void Act(const std::vector<std::string>& names) {
    act_rates.push_back(Rate(names.size(), [&](auto& stub, size_t i) {
      grpc::ClientContext context;
      say_(context);
      v1::PerformActRequest request;
      request.set_name(names[i]);
      request.set_request_id(service_.NewRequestId());
      request.set_occurred_date(FormatDay(ShanghaiDay(service_.clock().Now())));
      request.mutable_act()->mutable_register_()->set_officer("li");
      v1::PerformActResponse response;
      Must(stub.PerformAct(&context, request, &response), "act");
    }));
  }

  void Read(const std::vector<std::string>& names, int reads) {
    read_rates.push_back(Rate(reads, [&](auto& stub, size_t i) {
      grpc::ClientContext context;
      say_(context);
      v1::GetCaseRequest request;
      request.set_name(names[i % names.size()]);
      v1::GetCaseResponse response;
      Must(stub.GetCase(&context, request, &response), "read");
    }));
  }

  std::vector<double> act_rates, read_rates;

 private:
  template <typename Call>
  double Rate(size_t calls, Call call) {
    std::atomic<size_t> next{0};
    std::vector<std::thread> callers;
    const absl::Time begun = absl::Now();
    for (auto& stub : stubs_) {
      callers.emplace_back([&] {
        for (size_t i = next++; i < calls; i = next++) call(*stub, i);
      });
    }
    for (std::thread& caller : callers) caller.join();
    return static_cast<double>(calls) /
           absl::ToDoubleSeconds(absl::Now() - begun);
  }

  TestService& service_;
  const Say say_;
  std::vector<std::unique_ptr<v1::CaseService::Stub>> stubs_;
};

// Cases to act on, received behind the wire.
std::vector<std::string> NewCases(TestService& service, int cases) {
  const auth::Caller caller{
      "li", "li", {v1::ROLE_HANDLER}, TestService::kAgency, "bench"};
  std::vector<v1::ReceiveApplicationRequest> requests;
  for (int i = 0; i < cases; ++i) {
    requests.push_back(
        service.Application(absl::StrCat("申请公开第", i, "件。")));
  }
  std::vector<std::string> names;
  for (const auto& row : service.service().performer().ReceiveMany(
           caller, requests, absl::Now() + absl::Minutes(1))) {
    if (row.status.ok()) names.push_back(row.name);
  }
  return names;
}

Middle Ratios(const std::vector<double>& tokens,
              const std::vector<double>& told) {
  std::vector<double> ratios;
  for (size_t i = 0; i < tokens.size(); ++i) {
    ratios.push_back(tokens[i] / told[i]);
  }
  return MiddleOf(std::move(ratios));
}

}  // namespace

TokenCost MeasureTokenCost(const TokenSetup& setup) {
  AccountHouse house;
  const Person li = house.Staff("li", {v1::ROLE_HANDLER});
  TestService::Options options;
  options.calendar = false;
  options.database = house.test().database();
  TestService beside(options);
  beside.clock().Set(house.clock().Now());
  Side tokens(house.test(), setup.callers, [&](grpc::ClientContext& context) {
    context.AddMetadata("authorization", "Bearer " + li.token);
  });
  Side told(beside, setup.callers, [](grpc::ClientContext& context) {
    TestService::Identify({}, context);
  });
  for (int round = 0; round < setup.rounds + 1; ++round) {
    std::fprintf(stderr, "   round %d of %d\n", round, setup.rounds);
    const bool tokens_first = round % 2 == 0;
    for (const bool by_token : {tokens_first, !tokens_first}) {
      Side& side = by_token ? tokens : told;
      const auto names = NewCases(by_token ? house.test() : beside, setup.acts);
      side.Act(names);
      side.Read(names, setup.reads);
    }
    // The first round warms.
    if (round > 0) continue;
    for (Side* side : {&tokens, &told}) {
      side->act_rates.clear();
      side->read_rates.clear();
    }
  }
  TokenCost cost;
  cost.acts = Ratios(tokens.act_rates, told.act_rates);
  cost.reads = Ratios(tokens.read_rates, told.read_rates);
  cost.act_rate = MiddleOf(tokens.act_rates).median;
  cost.read_rate = MiddleOf(tokens.read_rates).median;
  return cost;
}

std::string TokenCostText(const TokenSetup& setup, const TokenCost& cost) {
  const auto line = [](const char* what, const Middle& ratio, double rate) {
    return absl::StrFormat("%-34s %.3f [%.3f-%.3f] >%.2f %s, %.0f/s\n", what,
                           ratio.median, ratio.low, ratio.high, kBar,
                           ratio.median > kBar ? "ok" : "MISSED", rate);
  };
  return absl::StrCat(
      absl::StrFormat("%d rounds by turns, %d callers; by token, of callers "
                      "who are told; medians with interval\n",
                      setup.rounds, setup.callers),
      line("acts", cost.acts, cost.act_rate),
      line("reads, each recorded", cost.reads, cost.read_rate));
}

}  // namespace gongkai::bench
