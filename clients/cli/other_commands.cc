// SPDX-License-Identifier: Apache-2.0
// `roles`, `health`, and the tree that holds all commands.
#include <nlohmann/json.hpp>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_join.h"
#include "clients/cli/commands.h"
#include "clients/cli/connect.h"
#include "clients/cli/fields.h"
#include "clients/cli/print.h"
#include "services/auth/matrix.h"
#include "services/base/status_macros.h"

namespace gongkai::cli {
namespace {

std::string AccessText(auth::Access access, Locale locale) {
  switch (access) {
    case auth::Access::kReceive:
      return Say(locale, "收件", "receive applications");
    case auth::Access::kAct:
      return Say(locale, "办案行为", "act on cases");
    case auth::Access::kReadProgress:
      return Say(locale, "查阅进度", "read progress");
    case auth::Access::kRevealPersonal:
      return Say(locale, "查看完整个人信息", "see personal data whole");
    case auth::Access::kKeepAccounts:
      return Say(locale, "管理账号", "keep accounts");
    case auth::Access::kConfirmGrant:
      return Say(locale, "确认授权", "confirm grants");
    case auth::Access::kReadAccounts:
      return Say(locale, "查阅账号", "read accounts");
    case auth::Access::kReadTerms:
      return Say(locale, "查阅机关参数", "read terms");
    case auth::Access::kKeepTerms:
      return Say(locale, "管理机关参数", "keep terms");
    case auth::Access::kReadCase:
      return Say(locale, "查阅案件", "read cases");
    case auth::Access::kListCases:
      return Say(locale, "案件列表", "list cases");
    case auth::Access::kSearch:
      return Say(locale, "检索", "search");
    case auth::Access::kReadCalendar:
      return Say(locale, "查阅日历", "read the calendar");
    case auth::Access::kLoadCalendar:
      return Say(locale, "载入日历", "load the calendar");
    case auth::Access::kExportCase:
      return Say(locale, "导出证据", "export evidence");
    case auth::Access::kReadTrail:
      return Say(locale, "审计轨迹", "read the trail");
    case auth::Access::kReadLog:
      return Say(locale, "日志状态", "read the state of the log");
    case auth::Access::kDecideFork:
      return Say(locale, "日志分叉的陈述与确认", "decide on a fork");
  }
  return "";
}

absl::StatusOr<ExitCode> Roles(const Run& run) {
  const Locale locale = run.settings.locale;
  Table table({run.Say("角色", "role"), run.Say("名称", "term"),
               run.Say("履职身份", "capacities"), run.Say("查阅", "may see")});
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const auth::RoleRow& row : auth::Matrix()) {
    std::vector<std::string> capacities;
    for (const v1::Capacity capacity : row.capacities) {
      capacities.push_back(TermOf(capacity, locale));
    }
    std::vector<std::string> access;
    for (const auth::Access one : row.access) {
      access.push_back(AccessText(one, locale));
    }
    const std::string role =
        absl::AsciiStrToLower(v1::Role_Name(row.role).substr(5));
    const std::string comma = Say(locale, "、", ", ");
    table.Add({role, TermOf(row.role, locale), absl::StrJoin(capacities, comma),
               absl::StrJoin(access, comma)});
    list.push_back({{"role", role},
                    {"term", TermOf(row.role, locale)},
                    {"capacities", capacities},
                    {"access", access}});
  }
  if (run.settings.output == Output::kJson) {
    run.out << list.dump(2) << '\n';
  } else {
    table.Print(run.out);
  }
  return ExitCode::kOk;
}

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

Command RolesCommand(Locale locale) {
  return {.name = "roles",
          .help = Say(locale, "权限矩阵：每一角色的履职身份与查阅范围",
                      "The permission matrix: what each role may be and see"),
          .run = Roles};
}

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
      AgencyCommand(locale)};
  for (Command& one : SessionCommands(locale)) {
    root.commands.push_back(std::move(one));
  }
  return root;
}

}  // namespace gongkai::cli
