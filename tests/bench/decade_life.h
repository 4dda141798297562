// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_TESTS_BENCH_DECADE_LIFE_H_
#define GONGKAI_TESTS_BENCH_DECADE_LIFE_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/civil_time.h"
#include "gongkai/v1/act.pb.h"
#include "gongkai/v1/case_service.pb.h"
#include "services/law/calendar.h"
#include "services/law/rulebook.h"

// Lives as cases lead them in an office, drawn by a seed: channels, applicants,
// outcomes and grounds in the shares of published returns (annual returns of
// Suqian 2023 and 2024 and of a commission in Shanghai 2024, in
// data/annual_returns), with corrections, fees, consultations, extensions,
// withdrawals, late replies, dockets and records put right.
namespace gongkai::bench {

// One act of a life and who does it.
struct PlannedAct {
  absl::CivilDay day;
  std::string account;
  v1::Role role = v1::ROLE_UNSPECIFIED;
  v1::Act act;
};

// An application and the acts that follow, by day, each lawful when those
// before it were done.
struct PlannedLife {
  absl::CivilDay arrived;
  v1::ReceiveApplicationRequest application;
  std::vector<PlannedAct> acts;
};

// Draws lives. The same seed, agency and number give the same life. What it is
// given outlives it.
class LifePlanner {
 public:
  LifePlanner(uint64_t seed, const law::Calendar& calendar,
              const law::Rulebook& rules)
      : seed_(seed), calendar_(calendar), rules_(rules) {}

  // Application number `n`, which reaches `agency` on `day`. Its request has no
  // id yet.
  PlannedLife Plan(std::string_view agency, absl::CivilDay day,
                   uint64_t n) const;

 private:
  const uint64_t seed_;
  const law::Calendar& calendar_;
  const law::Rulebook& rules_;
};

}  // namespace gongkai::bench

#endif  // GONGKAI_TESTS_BENCH_DECADE_LIFE_H_
