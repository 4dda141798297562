// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_TESTS_BENCH_ROUNDS_H_
#define GONGKAI_TESTS_BENCH_ROUNDS_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "tests/bench/fill.h"
#include "tests/bench/pgbench.h"
#include "tests/bench/same_scripts.h"
#include "tests/bench/workloads.h"

namespace gongkai::bench {

// How and against what is measured.
struct Setup {
  std::string address;
  // Folder of set-up codes, as LoadClient takes it.
  std::string codes;
  Processes processes;
  // `host=…`, as Pgbench takes it.
  std::string host;
  // Folder of PostgreSQL's programs, of the bench's pgbench scripts, and for
  // passing files.
  std::string pg_bin;
  std::string scripts;
  std::string folder;
  // The service's database, and the copy of it for pgbench.
  std::string service_database;
  std::string copy_database;
  Contents contents;
  BulkOffice::Options office;

  int rounds = 5;
  Window window;
  std::vector<int> callers = {1, 16, 64};
  // Kinds to measure; empty is all.
  std::vector<std::string> only;
};

// One line of the bench: a kind of call at a number of callers, and what each
// round gave for the service, for plain and for same.
struct Measure {
  std::string kind;  // acts, receipts, histories, overdue, search
  std::string variant;
  int callers = 0;
  std::shared_ptr<Workload> workload;
  Pgbench::Job plain;
  Pgbench::Job same;
  // What is to be reached; none is not asked.
  std::optional<double> plain_bar;
  std::optional<double> same_bar;

  std::vector<Run> service_runs;
  std::vector<Run> plain_runs;
  std::vector<Run> same_runs;
};

struct Results {
  std::vector<Measure> measures;
  // Bytes of the database per case of six acts; 0 when not measured.
  double bytes_per_case = 0;
  int64_t cases_weighed = 0;
};

// Runs everything: rounds one after another, within a round each measure's
// three legs side by side, beginning with another leg in each round.
absl::StatusOr<Results> RunRounds(const Setup& setup);

// Acts alone for `length`, for a profile taken from outside.
absl::StatusOr<Run> RunActs(const Setup& setup, int callers,
                            absl::Duration length);

// Milliseconds that pgbench reports for each command of the acts of `same`.
absl::StatusOr<std::vector<std::pair<std::string, double>>> TimeStatements(
    const Setup& setup, int callers);

}  // namespace gongkai::bench

#endif  // GONGKAI_TESTS_BENCH_ROUNDS_H_
