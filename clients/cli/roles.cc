// SPDX-License-Identifier: Apache-2.0
// `roles`: the permission matrix as the service holds it, with every method and
// every act by every role.
#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_join.h"
#include "clients/cli/commands.h"
#include "clients/cli/fields.h"
#include "clients/cli/print.h"
#include "services/auth/methods.h"
#include "services/casework/statute.h"

namespace gongkai::cli {
namespace {

using Json = nlohmann::ordered_json;

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
    case auth::Access::kReport:
      return Say(locale, "统计报表", "draw up reports");
    case auth::Access::kReportBeneath:
      return Say(locale, "下级机关统计", "reports of agencies beneath");
    case auth::Access::kFileReturn:
      return Say(locale, "报送年报", "file the annual return");
    case auth::Access::kImport:
      return Say(locale, "导入历史案件", "take in earlier cases");
  }
  return "";
}

std::string NameOf(const auth::RoleRow& row) {
  return absl::AsciiStrToLower(v1::Role_Name(row.role).substr(5));
}

template <typename Values, typename Text>
std::vector<std::string> Texts(const Values& values, Text text) {
  std::vector<std::string> texts;
  for (const auto& value : values) texts.push_back(text(value));
  return texts;
}

absl::StatusOr<ExitCode> PrintMatrix(const Run& run) {
  const Locale locale = run.settings.locale;
  const std::string comma = Say(locale, "、", ", ");
  const auto term = [&](const auto& value) { return TermOf(value, locale); };
  Table table({run.Say("角色", "role"), run.Say("名称", "term"),
               run.Say("履职身份", "capacities"), run.Say("权限", "may"),
               run.Say("可接触的标识", "cleared for")});
  Json list = Json::array();
  for (const auth::RoleRow& row : auth::Matrix()) {
    const auto capacities = Texts(row.capacities, term);
    const auto access = Texts(
        row.access, [&](auth::Access one) { return AccessText(one, locale); });
    const auto cleared = Texts(row.cleared, term);
    table.Add({NameOf(row), TermOf(row.role, locale),
               absl::StrJoin(capacities, comma), absl::StrJoin(access, comma),
               absl::StrJoin(cleared, comma)});
    list.push_back({{"role", NameOf(row)},
                    {"term", TermOf(row.role, locale)},
                    {"capacities", capacities},
                    {"access", access},
                    {"cleared", cleared}});
  }
  if (run.settings.output == Output::kJson) {
    run.out << list.dump(2) << '\n';
  } else {
    table.Print(run.out);
  }
  return ExitCode::kOk;
}

// One method or act: its name, what else is said of it, a mark for each role.
struct Line {
  std::string name;
  std::string term;
  std::vector<std::string> marks;
};

void PrintLines(const Run& run, const std::string& key,
                const std::string& heading, const std::vector<Line>& lines,
                const std::string& legend) {
  if (run.settings.output == Output::kJson) {
    Json list = Json::array();
    for (const Line& line : lines) {
      Json roles = Json::object();
      for (size_t i = 0; i < line.marks.size(); ++i) {
        roles[NameOf(auth::Matrix()[i])] = line.marks[i];
      }
      list.push_back({{key, line.name}, {"term", line.term}, {"roles", roles}});
    }
    run.out << list.dump(2) << '\n';
    return;
  }
  std::vector<std::string> headings = {heading, ""};
  for (const auth::RoleRow& row : auth::Matrix()) {
    headings.push_back(TermOf(row.role, run.settings.locale));
  }
  Table table(headings);
  for (const Line& line : lines) {
    std::vector<std::string> cells = {line.name, line.term};
    cells.insert(cells.end(), line.marks.begin(), line.marks.end());
    table.Add(cells);
  }
  table.Print(run.out);
  run.out << legend << '\n';
}

std::string MarkOf(const auth::RoleRow& role, const auth::MethodRow& method) {
  if (method.door == auth::Door::kOpen) return "o";
  if (method.door == auth::Door::kSelf) return "s";
  const auto gives = [&role](auth::Access one) {
    return auth::Gives(role, one);
  };
  return std::any_of(method.any.begin(), method.any.end(), gives) ? "x" : ".";
}

absl::StatusOr<ExitCode> PrintMethods(const Run& run) {
  std::vector<Line> lines;
  for (const auth::MethodRow& method : auth::Methods()) {
    Line line{std::string(method.method), std::string(method.service), {}};
    for (const auth::RoleRow& role : auth::Matrix()) {
      line.marks.push_back(MarkOf(role, method));
    }
    lines.push_back(std::move(line));
  }
  PrintLines(run, "method", run.Say("方法", "method"), lines,
             run.Say("x 可以　. 不可以　o 无须登录　s 凡有账号者，限于本人",
                     "x may, . may not, o without signing in, s whoever holds "
                     "an account, of oneself"));
  return ExitCode::kOk;
}

// Whether the role does the act on a case that nothing restricts.
bool Does(const auth::RoleRow& role, const casework::Rule& act) {
  const auth::Access access =
      act.act == v1::Act::kReceive      ? auth::Access::kReceive
      : act.act == v1::Act::kImportCase ? auth::Access::kImport
                                        : auth::Access::kAct;
  return auth::Gives(role, access) &&
         std::any_of(
             role.capacities.begin(), role.capacities.end(),
             [&act](v1::Capacity one) { return act.capacities.contains(one); });
}

absl::StatusOr<ExitCode> PrintActs(const Run& run) {
  std::vector<Line> lines;
  for (const casework::Rule& act : casework::Statute()) {
    Line line{std::string(act.name),
              std::string(casework::ActTerm(
                  act.act, run.settings.locale == Locale::kEn)),
              {}};
    for (const auth::RoleRow& role : auth::Matrix()) {
      line.marks.push_back(Does(role, act) ? "x" : ".");
    }
    lines.push_back(std::move(line));
  }
  PrintLines(run, "act", run.Say("行为", "act"), lines,
             run.Say("x 可以　. 不可以；日历变更由系统自行实施",
                     "x may, . may not; apply_calendar is the clock's"));
  return ExitCode::kOk;
}

absl::StatusOr<ExitCode> Roles(const Run& run) {
  if (run.args.Has("methods")) return PrintMethods(run);
  if (run.args.Has("acts")) return PrintActs(run);
  return PrintMatrix(run);
}

}  // namespace

Command RolesCommand(Locale locale) {
  return {
      .name = "roles",
      .help = Say(locale, "权限矩阵：每一角色的履职身份、权限与可接触的标识",
                  "The permission matrix: what each role may be, do and "
                  "see"),
      .flags = {{.name = "methods",
                 .help = Say(locale, "每一方法由哪些角色调用",
                             "Every method by every role"),
                 .takes = Takes::kNothing},
                {.name = "acts",
                 .help = Say(locale, "每一行为由哪些角色实施",
                             "Every act by every role"),
                 .takes = Takes::kNothing}},
      .run = Roles};
}

}  // namespace gongkai::cli
