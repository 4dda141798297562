// SPDX-License-Identifier: Apache-2.0
// gongkai-token-bench: what the tokens of callers cost. It needs nothing but
// the programs of PostgreSQL; GONGKAI_SOURCE_DIR is the folder of the project.
#include <cstdio>

#include "CLI/CLI.hpp"
#include "tests/bench/token_cost.h"

int main(int argc, char** argv) {
  gongkai::bench::TokenSetup setup;
  CLI::App app("What it costs to know callers by tokens");
  app.add_option("--rounds", setup.rounds)->check(CLI::Range(1, 1000));
  app.add_option("--callers", setup.callers)->check(CLI::Range(1, 64));
  app.add_option("--acts", setup.acts)->check(CLI::Range(1, 100'000));
  app.add_option("--reads", setup.reads)->check(CLI::Range(1, 100'000));
  CLI11_PARSE(app, argc, argv);
  const auto cost = gongkai::bench::MeasureTokenCost(setup);
  std::fputs(gongkai::bench::TokenCostText(setup, cost).c_str(), stdout);
  return 0;
}
