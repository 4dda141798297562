// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_TESTS_BENCH_TOKEN_COST_H_
#define GONGKAI_TESTS_BENCH_TOKEN_COST_H_

#include <string>

#include "tests/bench/figures.h"

namespace gongkai::bench {

// What it costs to know callers by tokens that can be revoked: two services in
// this process over one database of a cluster of their own, measured by turns.
// To one, callers show access tokens; the other is told who they are.
struct TokenSetup {
  int rounds = 20;
  int callers = 16;
  int acts = 600;    // in each leg
  int reads = 1000;  // in each leg
};

struct TokenCost {
  // By token, of those who are told.
  Middle acts;
  Middle reads;
  double act_rate = 0;   // by token, a second, median
  double read_rate = 0;  // the same
};

TokenCost MeasureTokenCost(const TokenSetup& setup);

// The lines to print.
std::string TokenCostText(const TokenSetup& setup, const TokenCost& cost);

}  // namespace gongkai::bench

#endif  // GONGKAI_TESTS_BENCH_TOKEN_COST_H_
