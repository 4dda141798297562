// SPDX-License-Identifier: Apache-2.0
// gongkai-report-bench: what reports cost, over databases that `gongkai-bench
// decade` filled. ops/bench --reports drives it.
#include <cstdio>

#include "CLI/CLI.hpp"
#include "tests/bench/report_cost.h"

int main(int argc, char** argv) {
  gongkai::bench::ReportSetup setup;
  CLI::App app("What reports cost, and what they cost acts");
  app.add_option("--host", setup.host, "host=… of the cluster")->required();
  app.add_option("--databases", setup.databases, "The smallest first")
      ->delimiter(',')
      ->required();
  app.add_option("--agencies", setup.agencies)->check(CLI::Range(1, 999));
  app.add_option("--source", setup.source, "Folder of the project");
  app.add_option("--request-key", setup.request_key)->required();
  app.add_option("--vault", setup.vault)->required();
  app.add_option("--times", setup.times)->check(CLI::Range(3, 1000));
  app.add_option("--rounds", setup.rounds)->check(CLI::Range(0, 1000));
  app.add_option("--callers", setup.callers)->check(CLI::Range(1, 64));
  app.add_option("--seconds", setup.seconds)->check(CLI::Range(0.2, 60.0));
  app.add_option("--pause", setup.pause)->check(CLI::Range(0.0, 60.0));
  CLI11_PARSE(app, argc, argv);
  const auto costs = gongkai::bench::MeasureReportCosts(setup);
  if (!costs.ok()) {
    std::fprintf(stderr, "gongkai-report-bench: %s\n",
                 costs.status().ToString().c_str());
    return 1;
  }
  std::fputs(gongkai::bench::ReportCostText(setup, *costs).c_str(), stdout);
  return 0;
}
