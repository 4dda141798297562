// SPDX-License-Identifier: Apache-2.0
#include "tests/anchor/strace.h"

#include <cstdlib>
#include <iostream>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "tests/anchor/log_house.h"
#include "tests/end_to_end/process.h"

namespace gongkai::test {
namespace {

constexpr char kStrace[] = "/usr/bin/strace";

}  // namespace

std::string Fault::ToText() const {
  return absl::StrCat(call, " ", when, " ", what);
}

std::vector<std::string> Under(const Fault& fault,
                               const std::vector<std::string>& program) {
  std::vector<std::string> line = {
      kStrace,
      "-f",
      "-o",
      "/dev/null",
      "-e",
      absl::StrCat("trace=", fault.call),
      "-e",
      absl::StrCat("inject=", fault.call, ":", fault.what,
                   ":when=", fault.when)};
  line.insert(line.end(), program.begin(), program.end());
  return line;
}

Striking::Striking(const Fault& fault, pid_t program)
    : strace_(Under(fault, {"-p", std::to_string(program)}), {}) {
  if (!strace_.WaitFor("attached", absl::Seconds(30))) {
    std::cerr << "strace: " << strace_.err() << std::endl;
    std::_Exit(1);
  }
}

Calls CallsOf(const std::vector<std::string>& program,
              const std::vector<std::string>& calls, const std::string& mark) {
  const TempFolder home;
  const std::string trace = home.path() + "/trace";
  std::vector<std::string> line = {
      kStrace, "-f",  "-qq",
      "-s",    "200", "-o",
      trace,   "-e",  absl::StrCat("trace=openat,", absl::StrJoin(calls, ","))};
  line.insert(line.end(), program.begin(), program.end());
  const Finished finished = RunProgram(line, {});
  if (finished.exit != 0) {
    std::cerr << "strace: " << finished.out << finished.err << std::endl;
    std::_Exit(1);
  }
  Calls counted;
  bool begun = false;
  for (absl::string_view row : absl::StrSplit(ReadWhole(trace), '\n')) {
    // The process, blanks, the call.
    row.remove_prefix(std::min(row.find(' '), row.size()));
    while (absl::ConsumePrefix(&row, " ")) {
    }
    begun = begun || row.find(mark + "\"") != absl::string_view::npos;
    for (const std::string& call : calls) {
      if (!absl::StartsWith(row, call + "(")) continue;
      ++counted.all[call];
      if (!begun) ++counted.before[call];
    }
  }
  return counted;
}

bool FullSweep() {
  const char* sweep = std::getenv("GONGKAI_SWEEP");
  return sweep != nullptr && std::string(sweep) == "full";
}

}  // namespace gongkai::test
