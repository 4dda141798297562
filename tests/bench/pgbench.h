// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_TESTS_BENCH_PGBENCH_H_
#define GONGKAI_TESTS_BENCH_PGBENCH_H_

#include <map>
#include <string>

#include "absl/status/statusor.h"
#include "tests/bench/load.h"

namespace gongkai::bench {

// The bench of PostgreSQL, run on a script with prepared statements, two
// threads and one connection per caller.
class Pgbench {
 public:
  struct Options {
    std::string program;
    // `host=… dbname=… user=…` without the database and the user.
    std::string host;
    // Where its logs go.
    std::string folder;
    Processes processes;
  };
  explicit Pgbench(Options options) : options_(std::move(options)) {}

  struct Job {
    std::string script;  // file
    std::string database;
    std::string user;
    std::map<std::string, std::string> variables;
  };
  // Calls are the script's transactions that ended in the window.
  absl::StatusOr<Run> Measure(const Job& job, int callers,
                              const Window& window) const;

  // Milliseconds of each command of the script, by its own report over
  // `window.length`: pairs of the command's text and its mean.
  absl::StatusOr<std::vector<std::pair<std::string, double>>> PerCommand(
      const Job& job, int callers, const Window& window) const;

 private:
  std::vector<std::string> Arguments(const Job& job, int callers,
                                     absl::Duration length) const;
  const Options options_;
};

}  // namespace gongkai::bench

#endif  // GONGKAI_TESTS_BENCH_PGBENCH_H_
