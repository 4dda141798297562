// SPDX-License-Identifier: Apache-2.0
#include "services/server/audit_verbs.h"

#include <cstdio>
#include <memory>
#include <string>

#include "CLI/CLI.hpp"
#include "services/server/audit_anchors.h"
#include "services/server/audit_create_log.h"
#include "services/server/audit_erasures.h"
#include "services/server/audit_fsck.h"
#include "services/server/audit_sign.h"

namespace gongkai::server {
namespace {

// One verb: `add` makes it in the group and gives it back, `run_verb` does it
// with what was read.
template <typename Options>
void AddVerb(CLI::App& audit, std::function<int()>& run,
             CLI::App& (*add)(CLI::App&, Options&),
             int (*run_verb)(const Options&)) {
  const auto options = std::make_shared<Options>();
  add(audit, *options).callback([options, run_verb, &run] {
    run = [options, run_verb] { return run_verb(*options); };
  });
}

}  // namespace

int Finish(const absl::Status& status) {
  if (status.ok()) return kSound;
  std::fprintf(stderr, "gongkai-server: %s\n",
               std::string(status.message()).c_str());
  return absl::IsDataLoss(status) || absl::IsFailedPrecondition(status)
             ? kAltered
             : kNotChecked;
}

void AddAuditVerbs(CLI::App& app, std::function<int()>& run) {
  CLI::App& audit = *app.add_subcommand(
      "audit", "What proves the log: keys, checkpoints, checks");
  audit.require_subcommand(1);
  AddVerb(audit, run, AddCreateLog, RunCreateLog);
  AddVerb(audit, run, AddSign, RunSign);
  AddVerb(audit, run, AddAnchors, RunAnchors);
  AddVerb(audit, run, AddFsck, RunFsck);
  AddVerb(audit, run, AddReconcile, RunReconcile);
  AddVerb(audit, run, AddErasures, RunErasures);
  AddVerb(audit, run, AddReplayErasures, RunReplayErasures);
}

}  // namespace gongkai::server
