// SPDX-License-Identifier: Apache-2.0
// `report`: what is due, what is late, what was done.
#include <vector>

#include "absl/strings/str_cat.h"
#include "clients/cli/commands.h"
#include "clients/cli/connect.h"
#include "clients/cli/fields.h"
#include "clients/cli/report_output.h"
#include "clients/cli/report_tables.h"
#include "clients/cli/reports.h"
#include "services/base/dates.h"
#include "services/base/status_macros.h"
#include "services/render/charts.h"

namespace gongkai::cli {
namespace {

// `report due` looks so many days ahead unless told.
constexpr int kUsualDays = 7;

enum class Which { kAll, kDue, kOverdue };

absl::StatusOr<v1::WorkFilter> FilterOf(const Run& run, Which which) {
  const Arguments& args = run.args;
  v1::WorkFilter filter;
  ASSIGN_OR_RETURN(*filter.mutable_agency(), NeedAgency(run.settings));
  filter.set_with_agencies_beneath(args.Has("beneath"));
  filter.set_department(args.Get("department"));
  filter.set_officer(args.Get("officer"));
  for (const std::string& limit : args.All("limit")) {
    RETURN_IF_ERROR(SetField(&filter, "limits", limit));
  }
  for (const std::string& phase : args.All("phase")) {
    RETURN_IF_ERROR(SetField(&filter, "phases", phase));
  }
  ASSIGN_OR_RETURN(const absl::CivilDay as_of, args.Day("as-of", Today()));
  if (args.Has("as-of")) filter.set_as_of_date(FormatDay(as_of));
  if (which == Which::kDue || args.Has("due-by")) {
    ASSIGN_OR_RETURN(const absl::CivilDay due_by,
                     args.Day("due-by", as_of + kUsualDays));
    filter.set_due_by_date(FormatDay(due_by));
  }
  filter.set_overdue_only(which == Which::kOverdue);
  return filter;
}

std::string AboutOf(const Run& run, const v1::WorkFilter& filter,
                    const std::string& as_of) {
  return absl::StrCat(filter.agency(),
                      filter.with_agencies_beneath()
                          ? run.Say("（含所属机关）", " and agencies beneath")
                          : "",
                      run.Say("，截至 ", ", as of "), as_of);
}

absl::StatusOr<ExitCode> Count(const Run& run, const v1::WorkFilter& filter) {
  v1::CountWorkRequest request;
  *request.mutable_filter() = filter;
  RETURN_IF_ERROR(SetField(&request, "grouping", "by_" + run.args.Get("by")));
  Connection connection(run.settings, kReporter);
  ASSIGN_OR_RETURN(
      const v1::CountWorkResponse counts,
      connection.Call<v1::CountWorkResponse>(
          {.agency = filter.agency()},
          [&](grpc::ClientContext* context, v1::CountWorkResponse* answer) {
            return connection.reports().CountWork(context, request, answer);
          }));
  const std::vector<v1::WorkGroup> groups(counts.groups().begin(),
                                          counts.groups().end());
  return Show(run, {.tables = {GroupTable(counts, run.settings.locale)},
                    .about = AboutOf(run, filter, counts.as_of_date()),
                    .message = &counts,
                    .chart = render::WorkChart(
                        groups, CommonLocale(run.settings.locale))});
}

absl::StatusOr<v1::ListWorkResponse> Fetch(const Run& run,
                                           v1::ListWorkRequest request) {
  Connection connection(run.settings, kReporter);
  v1::ListWorkResponse list;
  for (;;) {
    ASSIGN_OR_RETURN(
        const v1::ListWorkResponse page,
        connection.Call<v1::ListWorkResponse>(
            {.agency = request.filter().agency()},
            [&](grpc::ClientContext* context, v1::ListWorkResponse* answer) {
              return connection.reports().ListWork(context, request, answer);
            }));
    list.mutable_items()->MergeFrom(page.items());
    list.set_next_page_token(page.next_page_token());
    list.set_as_of_date(page.as_of_date());
    if (page.next_page_token().empty() || !WantsAll(run)) return list;
    request.set_page_token(page.next_page_token());
  }
}

absl::StatusOr<ExitCode> Work(const Run& run, Which which) {
  v1::ListWorkRequest request;
  ASSIGN_OR_RETURN(*request.mutable_filter(), FilterOf(run, which));
  RETURN_IF_ERROR(WantedOutput(run).status());
  if (run.args.Has("by")) return Count(run, request.filter());
  const std::string order = run.args.Get("order", "due");
  RETURN_IF_ERROR(SetField(&request, "order",
                           order == "due" ? "due_first" : "by_" + order));
  ASSIGN_OR_RETURN(const int size, run.args.Int("page-size", 0, 1, 200));
  request.set_page_size(WantsAll(run) && size == 0 ? 200 : size);
  request.set_page_token(run.args.Get("page-token"));
  ASSIGN_OR_RETURN(const v1::ListWorkResponse list, Fetch(run, request));
  std::vector<std::string> shown = {
      "number", "limit", "due_date", "left",       "unit",
      "level",  "state", "officer",  "department", "why"};
  if (request.filter().with_agencies_beneath()) {
    shown.insert(shown.begin(), "agency");
  }
  ASSIGN_OR_RETURN(
      const ExitCode exit,
      Show(run, {.tables = {WorkTable(list, run.settings.locale)},
                 .about = AboutOf(run, request.filter(), list.as_of_date()),
                 .shown = shown,
                 .message = &list}));
  if (!list.next_page_token().empty() &&
      run.settings.output == Output::kTable) {
    run.out << run.Say("还有：--all 或 --page-token ",
                       "more: --all or --page-token ")
            << list.next_page_token() << '\n';
  }
  return exit;
}

std::vector<Flag> WorkFlags(Locale locale) {
  const auto say = [&](std::string_view zh, std::string_view en) {
    return Say(locale, zh, en);
  };
  std::vector<Flag> flags = {
      {.name = "as-of",
       .help = say("截至该日终了，按当时已有的记录",
                   "as it stood at the end of this day, by what was recorded "
                   "until then")},
      {.name = "department", .help = say("承办部门", "department")},
      {.name = "officer", .help = say("经办人", "officer")},
      {.name = "limit",
       .help = say("期限种类，可多次", "kind of limit, may be given again"),
       .takes = Takes::kValues,
       .choices = ChoicesOf(*v1::LimitKind_descriptor())},
      {.name = "phase",
       .help = say("阶段，可多次", "phase, may be given again"),
       .takes = Takes::kValues,
       .choices = ChoicesOf(*v1::Phase_descriptor())},
      {.name = "due-by",
       .help = say("只列该日及以前届满；due 默认 7 天内",
                   "only those due by this day; `due` looks 7 days ahead by "
                   "default")},
      {.name = "by",
       .help = say("不列各件，按此统计", "count by this instead of listing"),
       .choices = {"agency", "department", "officer"}},
      {.name = "order",
       .help = say("次序，默认 due", "order, due by default"),
       .choices = {"due", "department", "officer"}},
      {.name = "all",
       .help = say("全部各页", "every page"),
       .takes = Takes::kNothing},
      {.name = "page-size",
       .help = say("每页件数，至多 200", "duties a page, at most 200")},
      {.name = "page-token", .help = say("从该页继续", "go on with this page")},
      BeneathFlag(locale)};
  for (Flag& flag : OutputFlags(locale)) flags.push_back(std::move(flag));
  return flags;
}

Command WorkCommand(Locale locale, const char* name, std::string help,
                    Which which) {
  return {.name = name,
          .help = std::move(help),
          .flags = WorkFlags(locale),
          .files = true,
          .run = [which](const Run& run) { return Work(run, which); }};
}

}  // namespace

Flag BeneathFlag(Locale locale) {
  return {.name = "beneath",
          .help = Say(locale, "含所属机关", "with the agencies beneath"),
          .takes = Takes::kNothing};
}

Command ReportCommand(Locale locale) {
  const auto say = [&](std::string_view zh, std::string_view en) {
    return Say(locale, zh, en);
  };
  Command report;
  report.name = "report";
  report.help = say("报表：待办、逾期、年度报告、统计",
                    "Reports: what is due, what is late, the annual return, "
                    "figures");
  report.commands = {
      WorkCommand(locale, "overdue", say("已逾期的事项", "Overdue duties"),
                  Which::kOverdue),
      WorkCommand(
          locale, "due",
          say("即将届满与已逾期的事项", "Duties that are due soon or overdue"),
          Which::kDue),
      WorkCommand(locale, "work", say("全部待办事项", "Every open duty"),
                  Which::kAll),
      AnnualCommand(locale), ReportImportCommand(locale)};
  for (Command& one : RunReportCommands(locale)) {
    report.commands.push_back(std::move(one));
  }
  return report;
}

}  // namespace gongkai::cli
