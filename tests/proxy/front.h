// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_TESTS_PROXY_FRONT_H_
#define GONGKAI_TESTS_PROXY_FRONT_H_

#include <sys/types.h>

#include <memory>
#include <string>
#include <vector>

#include "grpcpp/grpcpp.h"
#include "tests/end_to_end/process.h"

namespace gongkai::test {

// A free port of loopback, below those that the system gives to outgoing
// connections.
int FreePort();

// HAProxy with ops/haproxy.cfg, as an unprivileged user, before a service.
// Trouble with starting ends the test binary.
class Front {
 public:
  // `settings` go before the defaults of the file, as `NAME=value`.
  Front(const std::string& service, const std::vector<std::string>& settings);
  ~Front();
  Front(const Front&) = delete;
  Front& operator=(const Front&) = delete;

  // Where callers come in.
  std::string address() const;
  pid_t pid() const { return process_->pid(); }
  // The sum of a counter of HAProxy's, by the beginning of its line.
  double Counter(const std::string& line) const;

 private:
  std::string folder_;
  int port_;
  int metrics_port_;
  std::unique_ptr<Process> process_;
};

// Memory of a process in MiB: now, and the most since ForgetPeak.
double Resident(pid_t pid);
double PeakResident(pid_t pid);
void ForgetPeak(pid_t pid);

}  // namespace gongkai::test

#endif  // GONGKAI_TESTS_PROXY_FRONT_H_
