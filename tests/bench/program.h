// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_TESTS_BENCH_PROGRAM_H_
#define GONGKAI_TESTS_BENCH_PROGRAM_H_

#include <sys/types.h>

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

// Other programs.
namespace gongkai::bench {

// Starts the program `arguments[0]`; what it says goes to the file `output`.
absl::StatusOr<pid_t> StartProgram(const std::vector<std::string>& arguments,
                                   const std::string& output);
// Waits for its end. INTERNAL with what it said unless that was a success.
absl::Status AwaitProgram(pid_t pid, const std::string& output);
// Both, and what it said.
absl::StatusOr<std::string> RunProgram(
    const std::vector<std::string>& arguments, const std::string& output);

}  // namespace gongkai::bench

#endif  // GONGKAI_TESTS_BENCH_PROGRAM_H_
