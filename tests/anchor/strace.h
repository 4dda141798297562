// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_TESTS_ANCHOR_STRACE_H_
#define GONGKAI_TESTS_ANCHOR_STRACE_H_

#include <sys/types.h>

#include <map>
#include <string>
#include <vector>

#include "tests/end_to_end/process.h"

// Programs that die, or are told of an error, at a system call of choice.
namespace gongkai::test {

// What happens at the `when`-th call of one kind in any of the threads.
struct Fault {
  std::string call;  // fsync, rename …
  std::string what;  // signal=SIGKILL, error=EIO …
  int when = 1;

  std::string ToText() const;
};

// The command line that runs `program` with the fault.
std::vector<std::string> Under(const Fault& fault,
                               const std::vector<std::string>& program);

// Strikes a program that runs already; counted from its making on.
class Striking {
 public:
  Striking(const Fault& fault, pid_t program);

 private:
  Process strace_;
};

// How often a run of `program` makes each of `calls`; and how often before it
// first opens a file whose path ends with `mark`.
struct Calls {
  std::map<std::string, int> all;
  std::map<std::string, int> before;
};
Calls CallsOf(const std::vector<std::string>& program,
              const std::vector<std::string>& calls, const std::string& mark);

// Whether every fault is to be tried, by GONGKAI_SWEEP=full, or some.
bool FullSweep();

}  // namespace gongkai::test

#endif  // GONGKAI_TESTS_ANCHOR_STRACE_H_
