// SPDX-License-Identifier: Apache-2.0
// gongkai-server: serves, migrates, registers agencies, signs and checks the
// log.

#include <signal.h>

#include <cstdio>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/time/clock.h"
#include "services/base/clock.h"
#include "services/base/ids.h"
#include "services/base/log.h"
#include "services/base/status_macros.h"
#include "services/server/config.h"
#include "services/server/harden.h"
#include "services/server/service.h"
#include "services/server/verbs.h"

namespace gongkai::server {
namespace {

// The signals that end the service, or make it look at its files, are taken by
// sigwait alone; threads made later inherit that.
sigset_t BlockSignals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGHUP);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  signal(SIGPIPE, SIG_IGN);
  return signals;
}

absl::Status Serve(const Config& config) {
  const sigset_t signals = BlockSignals();
  SystemClock clock;
  ASSIGN_OR_RETURN(const auto service, Service::Start(config, clock));
  int got = 0;
  while (sigwait(&signals, &got) == 0 && got == SIGHUP) {
    service->LookAtKeys();
  }
  service->Drain(absl::Seconds(config.drain_s));
  Log(Severity::kInfo, "ended", {{"signal", static_cast<int64_t>(got)}});
  return absl::OkStatus();
}

absl::Status Run(const Config& config) {
  switch (config.verb) {
    case Verb::kServe:
      return Serve(config);
    case Verb::kMigrate:
      return Migrate(config);
    case Verb::kAgencyAdd:
      return AddAgency(config);
    case Verb::kAudit:
      break;
  }
  return absl::InternalError("no such verb");
}

int Main(int argc, char** argv) {
  if (const absl::Status closed = KeepMemoryClose(); !closed.ok()) {
    std::fprintf(stderr, "gongkai-server: %s\n",
                 std::string(closed.message()).c_str());
    return 1;
  }
  Config config;
  const std::optional<int> over = ReadCommandLine(argc, argv, config);
  if (over.has_value()) return *over;
  if (config.verb == Verb::kAudit) return config.audit();
  const absl::Status status = Run(config);
  if (status.ok()) return 0;
  std::fprintf(stderr, "gongkai-server: %s\n",
               std::string(status.message()).c_str());
  return 1;
}

}  // namespace
}  // namespace gongkai::server

int main(int argc, char** argv) { return gongkai::server::Main(argc, argv); }
