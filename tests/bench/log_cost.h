// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_TESTS_BENCH_LOG_COST_H_
#define GONGKAI_TESTS_BENCH_LOG_COST_H_

#include <string>

#include "absl/status/statusor.h"
#include "tests/bench/figures.h"
#include "tests/bench/load.h"
#include "tests/bench/workloads.h"

namespace gongkai::bench {

// Three services over copies of one database, measured by turns. One is as it
// is shipped, its log sequenced, signed and anchored; in the database of the
// second nothing is queued for a log, so that its sequencer finds nothing to
// do; in that of the third only reads are not recorded.
struct LogSetup {
  std::string with_address;
  std::string without_address;
  std::string unrecorded_address;
  // Folders of set-up codes, as LoadClient takes them.
  std::string with_codes;
  std::string without_codes;
  std::string unrecorded_codes;
  pid_t with_server = 0;
  pid_t without_server = 0;
  pid_t unrecorded_server = 0;
  pid_t postmaster = 0;
  // Connection string of the database with the log, as the auditor.
  std::string with_database;
  Contents contents;
  int rounds = 20;
  int callers = 16;
  // Callers who read cases beside those who act.
  int readers = 4;
  Window window;
};

struct LogCost {
  // Acts alone, with the log by without it.
  Middle acts;
  // Acts beside readers whose every read is recorded, by beside readers whose
  // reads are not.
  Middle acts_beside_reads;
  double with_rate = 0;     // acts a second, median
  double without_rate = 0;  // the same
  // Processor milliseconds per act, all parts together.
  double with_cpu = 0;
  double without_cpu = 0;
  // Seconds from the recording of an event to the anchored checkpoint that
  // holds it, the longest seen and the median of what was sampled.
  double longest_anchoring = 0;
  double usual_anchoring = 0;
};

absl::StatusOr<LogCost> MeasureLogCost(const LogSetup& setup);

// The lines that ops/bench prints.
std::string LogCostText(const LogSetup& setup, const LogCost& cost);

}  // namespace gongkai::bench

#endif  // GONGKAI_TESTS_BENCH_LOG_COST_H_
