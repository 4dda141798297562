// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_TESTS_REMINDERS_WORKER_H_
#define GONGKAI_TESTS_REMINDERS_WORKER_H_

#include <sys/types.h>

#include <memory>
#include <string>

#include "absl/time/time.h"
#include "tests/end_to_end/process.h"

namespace gongkai::test {

// The job of reminding in processes of their own, to be killed as a power cut
// kills: this binary once more, which forks a new process for each run.
class Workers {
 public:
  // Of a database of the shared cluster.
  explicit Workers(const std::string& database);
  ~Workers();

  // Begins a run, by a clock that stands at `now`; its number.
  int Begin(absl::Time now);
  // Waits until a run has put something in for the nth time, or is done; false
  // when it was done before.
  bool AwaitPut(int run, int nth);
  // Ends a run by SIGKILL; true when it was not done yet.
  bool Kill(int run);
  // Waits until a run has got through all agencies.
  void AwaitDone(int run);

 private:
  bool IsDone(int run) const;

  std::string folder_;
  std::unique_ptr<Process> process_;
  int commands_ = -1;
  int runs_ = 0;
};

}  // namespace gongkai::test

#endif  // GONGKAI_TESTS_REMINDERS_WORKER_H_
