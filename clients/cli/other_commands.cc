// SPDX-License-Identifier: Apache-2.0
// `health`, and the tree that holds all commands.
#include <utility>

#include "clients/cli/commands.h"
#include "clients/cli/connect.h"

namespace gongkai::cli {
namespace {

absl::StatusOr<ExitCode> Health(const Run& run) {
  Connection connection(run.settings, "");
  const absl::Status status = connection.CheckHealth();
  if (ExitCodeOf(status) == ExitCode::kUsage) return status;
  if (!status.ok()) {
    run.err << run.Say("不在服务：", "not serving: ") << status.message()
            << '\n';
    return ExitCode::kCheckFailed;
  }
  run.out << run.Say("正常服务", "serving") << '\n';
  return ExitCode::kOk;
}

}  // namespace

Command HealthCommand(Locale locale) {
  return {.name = "health",
          .help = Say(locale, "服务是否可用（退出码 0 或 1）",
                      "Whether the service serves (exit 0 or 1)"),
          .run = Health};
}

Command Tree(Locale locale) {
  Command root;
  root.name = "gongkai";
  root.help = Say(locale, "公开：依申请公开办理",
                  "Gongkai: applications for "
                  "government information");
  root.commands = {
      CaseCommand(locale),    CalendarCommand(locale),   AuditCommand(locale),
      StatuteCommand(locale), RolesCommand(locale),      ScriptCommand(locale),
      HealthCommand(locale),  CompletionCommand(locale), SetUpCommand(locale),
      TotpCommand(locale),    DelegateCommand(locale),   AccountCommand(locale),
      AgencyCommand(locale),  InboxCommand(locale),      ReportCommand(locale)};
  for (Command& one : SessionCommands(locale)) {
    root.commands.push_back(std::move(one));
  }
  return root;
}

}  // namespace gongkai::cli
