// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_TESTS_BENCH_REPORT_COST_H_
#define GONGKAI_TESTS_BENCH_REPORT_COST_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "tests/bench/figures.h"

// What reports cost over a city's cases of ten years, and what they cost acts.
namespace gongkai::bench {

// A database that FillDecade filled, and the service over it in this process.
struct ReportSetup {
  // `host=…` of the cluster, and its databases, the smallest first.
  std::string host;
  std::vector<std::string> databases;
  // Agencies in them.
  int agencies = 200;
  std::string source = ".";
  std::string request_key;
  std::string vault;
  // How often each report is asked for, and its floor run.
  int times = 15;
  // Of acts beside reports, over the last database; 0 measures none.
  int rounds = 20;
  int callers = 16;
  double seconds = 2;
  // From one report to the next while acts are measured.
  double pause = 1;
};

// One report over one database.
struct ReportCost {
  std::string name;
  // Milliseconds: through the wire, and of the plain statement that reads the
  // same rows with nothing else.
  Middle ours;
  Middle floor;
  // Rows of the answer, or cases behind it; 0 where the call failed.
  int64_t rows = 0;
  // What is asked of it, milliseconds; 0 is nothing.
  double bar = 0;
};

struct DatabaseCosts {
  std::string database;
  int64_t cases = 0;
  int64_t events = 0;
  std::vector<ReportCost> reports;
};

struct ReportCosts {
  std::vector<DatabaseCosts> databases;
  // Acts beside a client of reports, of acts alone, and how many reports that
  // client got in all.
  Middle acts;
  double act_rate = 0;  // alone, a second
  int64_t reports = 0;
};

absl::StatusOr<ReportCosts> MeasureReportCosts(const ReportSetup& setup);

// The lines to print.
std::string ReportCostText(const ReportSetup& setup, const ReportCosts& costs);

}  // namespace gongkai::bench

#endif  // GONGKAI_TESTS_BENCH_REPORT_COST_H_
