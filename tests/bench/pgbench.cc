// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/pgbench.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "services/base/status_macros.h"
#include "tests/bench/program.h"

namespace gongkai::bench {
namespace {

namespace fs = std::filesystem;

// Connections are made before the clock starts; this much for them.
constexpr absl::Duration kSlack = absl::Milliseconds(500);

// Takes the transactions that ended between `from` and `to` out of a log:
// client, number, microseconds, script, second and microsecond of the end.
void ReadLog(const fs::path& path, absl::Time from, absl::Time to, Run& run) {
  std::ifstream in(path);
  int64_t client = 0, number = 0, script = 0, second = 0, micro = 0;
  double took = 0;
  std::string line;
  while (std::getline(in, line)) {
    std::istringstream fields(line);
    if (!(fields >> client >> number >> took >> script >> second >> micro)) {
      ++run.errors;
      continue;
    }
    const absl::Time end =
        absl::FromUnixSeconds(second) + absl::Microseconds(micro);
    run.most_by_one = std::max(run.most_by_one, number);
    if (end < from || end >= to) continue;
    ++run.calls;
    run.latencies_us.push_back(took);
  }
}

}  // namespace

std::vector<std::string> Pgbench::Arguments(const Job& job, int callers,
                                            absl::Duration length) const {
  std::vector<std::string> arguments = {
      options_.program,
      "-n",
      "-M",
      "prepared",
      "-c",
      std::to_string(callers),
      "-j",
      callers > 1 ? "2" : "1",
      "-T",
      std::to_string(absl::ToInt64Seconds(length + absl::Milliseconds(999))),
      "-f",
      job.script,
      "-D",
      absl::StrCat("callers=", callers)};
  for (const auto& [name, value] : job.variables) {
    arguments.insert(arguments.end(), {"-D", absl::StrCat(name, "=", value)});
  }
  return arguments;
}

absl::StatusOr<Run> Pgbench::Measure(const Job& job, int callers,
                                     const Window& window) const {
  const fs::path folder = fs::path(options_.folder) / "pgbench";
  std::error_code error;
  fs::remove_all(folder, error);
  fs::create_directories(folder, error);
  std::vector<std::string> arguments =
      Arguments(job, callers, window.warm + window.length + kSlack);
  arguments.insert(arguments.end(), {"-l", "--log-prefix", folder / "log"});
  arguments.push_back(absl::StrCat(options_.host, " dbname=", job.database,
                                   " user=", job.user));
  const std::string output = fs::path(options_.folder) / "pgbench.out";
  ASSIGN_OR_RETURN(const pid_t pid, StartProgram(arguments, output));
  // Wait for the time itself: the window is a matter of the clock.
  absl::SleepFor(window.warm + kSlack / 2);
  const auto& p = options_.processes;
  const Usage before = ReadUsage(pid, p.server, p.postmaster);
  const absl::Time from = absl::Now();
  absl::SleepFor(window.length);
  Run run;
  run.used = ReadUsage(pid, p.server, p.postmaster) - before;
  const absl::Time to = absl::Now();
  run.seconds = absl::ToDoubleSeconds(to - from);
  RETURN_IF_ERROR(AwaitProgram(pid, output));
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    ReadLog(entry.path(), from, to, run);
  }
  fs::remove_all(folder, error);
  return run;
}

absl::StatusOr<std::vector<std::pair<std::string, double>>> Pgbench::PerCommand(
    const Job& job, int callers, const Window& window) const {
  std::vector<std::string> arguments =
      Arguments(job, callers, window.warm + window.length);
  arguments.push_back("-r");
  arguments.push_back(absl::StrCat(options_.host, " dbname=", job.database,
                                   " user=", job.user));
  const std::string output = fs::path(options_.folder) / "pgbench.out";
  ASSIGN_OR_RETURN(const std::string report, RunProgram(arguments, output));
  std::vector<std::pair<std::string, double>> commands;
  std::istringstream lines(report);
  std::string line;
  bool reached = false;
  while (std::getline(lines, line)) {
    if (line.find("statement latencies") != std::string::npos) {
      reached = true;
      continue;
    }
    if (!reached) continue;
    std::istringstream fields(line);
    double took = 0;
    int64_t failures = 0;
    std::string rest;
    if (!(fields >> took >> failures) || !std::getline(fields, rest)) continue;
    const std::string text(absl::StripAsciiWhitespace(rest));
    if (!text.starts_with("\\")) commands.emplace_back(text, took);
  }
  return commands;
}

}  // namespace gongkai::bench
