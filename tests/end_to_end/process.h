// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_TESTS_END_TO_END_PROCESS_H_
#define GONGKAI_TESTS_END_TO_END_PROCESS_H_

#include <sys/types.h>

#include <array>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"

namespace gongkai::test {

// A program as a child, its output collected. It does not outlive the thread
// that started it. Trouble with starting ends the test binary. Thread-safe,
// but for Wait.
class Process {
 public:
  // `arguments` begins with the path of the program. `environment` is added to
  // that of the test, as `NAME=value`.
  Process(std::vector<std::string> arguments,
          const std::vector<std::string>& environment);
  // Kills it if it still runs.
  ~Process();
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  pid_t pid() const { return pid_; }
  void Signal(int signal) const;
  // Waits for its end: the exit code, or 128 and the number of the signal.
  int Wait();
  // Waits until it has written `text`; false when it ends or `time` passes
  // before.
  bool WaitFor(std::string_view text, absl::Duration time);

  std::string out() const;
  std::string err() const;

 private:
  void Collect(int from, std::string& into);

  pid_t pid_ = -1;
  int exit_ = -1;
  mutable absl::Mutex mutex_;
  std::string out_ ABSL_GUARDED_BY(mutex_);
  std::string err_ ABSL_GUARDED_BY(mutex_);
  int open_ ABSL_GUARDED_BY(mutex_) = 2;
  std::array<std::thread, 2> readers_;
};

// What a program left that has ended.
struct Finished {
  int exit = 0;
  std::string out;
  std::string err;
};

// Runs a program to its end.
Finished RunProgram(std::vector<std::string> arguments,
                    const std::vector<std::string>& environment);

}  // namespace gongkai::test

#endif  // GONGKAI_TESTS_END_TO_END_PROCESS_H_
