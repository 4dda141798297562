// SPDX-License-Identifier: Apache-2.0
#include "tests/proxy/front.h"

#include <arpa/inet.h>
#include <httplib.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "tests/end_to_end/house.h"

namespace gongkai::test {
namespace {

[[noreturn]] void Die(const std::string& what) {
  std::cerr << "front: " << what << std::endl;
  std::_Exit(1);
}

sockaddr_in Loopback(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<uint16_t>(port));
  return address;
}

bool IsFree(int port) {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const sockaddr_in address = Loopback(port);
  const bool free = bind(fd, reinterpret_cast<const sockaddr*>(&address),
                         sizeof(address)) == 0;
  close(fd);
  return free;
}

// A figure of /proc/PID/status, which is in KiB, as MiB.
double StatusFigure(pid_t pid, const std::string& name) {
  std::istringstream status(ReadText(absl::StrCat("/proc/", pid, "/status")));
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with(name + ":"))
      return std::stod(line.substr(name.size() + 1)) / 1024;
  }
  Die(absl::StrCat("process ", pid, " has no ", name));
}

}  // namespace

int FreePort() {
  static int next = 20000 + getpid() % 10000;
  while (!IsFree(next)) ++next;
  return next++;
}

Front::Front(const std::string& service,
             const std::vector<std::string>& settings)
    : port_(FreePort()), metrics_port_(FreePort()) {
  char path[] = "/tmp/gongkai-front-XXXXXX";
  if (mkdtemp(path) == nullptr) Die("no folder under /tmp");
  folder_ = path;
  // The sources may lie where the unprivileged user cannot go.
  const std::string config = folder_ + "/haproxy.cfg";
  WriteText(config, ReadText(SourceDir() + "/ops/haproxy.cfg"));
  chmod(folder_.c_str(), 0755);
  std::vector<std::string> command;
  if (geteuid() == 0) {
    command = {"/usr/bin/setpriv", "--reuid=haproxy", "--regid=haproxy",
               "--clear-groups", "--pdeathsig=KILL"};
  }
  command.insert(command.end(), {"/usr/sbin/haproxy", "-db", "-f", config});
  std::vector<std::string> environment = settings;
  environment.push_back("GONGKAI_PROXY_BIND=" + address());
  environment.push_back("GONGKAI_PROXY_SERVICE=" + service);
  environment.push_back(
      absl::StrCat("GONGKAI_PROXY_METRICS=127.0.0.1:", metrics_port_));
  process_ = std::make_unique<Process>(command, environment);
  const absl::Time end = absl::Now() + absl::Seconds(10);
  while (Counter("haproxy_server_check_status{proxy=\"gongkai_service\","
                 "server=\"service\",state=\"L7OK\"}") != 1) {
    if (absl::Now() > end) Die("does not start\n" + process_->err());
    absl::SleepFor(absl::Milliseconds(20));
  }
}

Front::~Front() {
  process_.reset();
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

std::string Front::address() const { return absl::StrCat("127.0.0.1:", port_); }

double Front::Counter(const std::string& line) const {
  httplib::Client client("127.0.0.1", metrics_port_);
  const auto answer = client.Get("/metrics");
  if (!answer) return -1;
  double sum = 0;
  std::istringstream lines(answer->body);
  for (std::string one; std::getline(lines, one);) {
    if (one.starts_with(line)) sum += std::stod(one.substr(one.rfind(' ')));
  }
  return sum;
}

double Resident(pid_t pid) { return StatusFigure(pid, "VmRSS"); }
double PeakResident(pid_t pid) { return StatusFigure(pid, "VmHWM"); }

void ForgetPeak(pid_t pid) {
  WriteText(absl::StrCat("/proc/", pid, "/clear_refs"), "5");
}

}  // namespace gongkai::test
