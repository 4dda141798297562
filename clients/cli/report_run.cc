// SPDX-License-Identifier: Apache-2.0
// `report workload`, `remedies`, `register` …: reports that the service draws
// up as tables, piece by piece.
#include <vector>

#include "absl/strings/str_cat.h"
#include "clients/cli/connect.h"
#include "clients/cli/fields.h"
#include "clients/cli/interrupt.h"
#include "clients/cli/report_output.h"
#include "clients/cli/reports.h"
#include "services/base/dates.h"
#include "services/base/status_macros.h"
#include "services/render/cell.h"
#include "services/render/charts.h"

namespace gongkai::cli {
namespace {

// One verb.
struct Verb {
  const char* name;
  v1::ReportKind kind;
  // It looks at a period, is broken down, wants a least number.
  bool period;
  bool grouped;
  bool at_least;
};

constexpr Verb kVerbs[] = {
    {"workload", v1::WORKLOAD, false, false, false},
    {"remedies", v1::REMEDIES, true, true, false},
    {"rectifications", v1::RECTIFICATIONS, true, false, false},
    {"dockets", v1::RUNNING_DOCKETS, false, false, false},
    {"consistency", v1::CONSISTENCY, true, false, false},
    {"performance", v1::PERFORMANCE, true, true, false},
    {"register", v1::REGISTER, true, false, false},
    {"applicants", v1::HEAVY_APPLICANTS, true, false, true},
    {"conversion", v1::CONVERSION, true, false, true},
    {"fees", v1::FEE_STATEMENT, true, true, false},
};

// `--year`, or `--from` and `--to`; this year until today when none is said.
absl::Status SetPeriod(const Run& run, v1::RunReportRequest* request) {
  const absl::CivilDay today = Today();
  absl::CivilDay first(today.year(), 1, 1);
  absl::CivilDay last = today;
  if (run.args.Has("year")) {
    if (run.args.Has("from") || run.args.Has("to")) {
      return UsageError(run.Say("--year 与 --from、--to 只用其一",
                                "either --year, or --from and --to"));
    }
    ASSIGN_OR_RETURN(const int year, run.args.Int("year", 0, 2008, 2199));
    first = absl::CivilDay(year, 1, 1);
    last = absl::CivilDay(year, 12, 31);
  }
  ASSIGN_OR_RETURN(first, run.args.Day("from", first));
  ASSIGN_OR_RETURN(last, run.args.Day("to", last));
  request->set_from_date(FormatDay(first));
  request->set_to_date(FormatDay(last));
  return absl::OkStatus();
}

absl::StatusOr<v1::RunReportRequest> RequestOf(const Run& run,
                                               const Verb& verb) {
  v1::RunReportRequest request;
  request.set_kind(verb.kind);
  ASSIGN_OR_RETURN(*request.mutable_agency(), NeedAgency(run.settings));
  request.set_with_agencies_beneath(run.args.Has("beneath"));
  if (verb.period) RETURN_IF_ERROR(SetPeriod(run, &request));
  if (verb.grouped && run.args.Has("by")) {
    RETURN_IF_ERROR(SetField(&request, "grouping", "by_" + run.args.Get("by")));
  }
  ASSIGN_OR_RETURN(const int least, run.args.Int("at-least", 0, 1, 100000));
  request.set_at_least(least);
  return request;
}

// How far the work is, on one line of a terminal.
class ProgressLine {
 public:
  explicit ProgressLine(const Run& run) : run_(run) {}
  ~ProgressLine() {
    if (shown_) run_.err << "\r\x1b[K" << std::flush;
  }

  void Show(const v1::RunReportResponse::Progress& progress) {
    if (!run_.err_is_terminal) return;
    shown_ = true;
    run_.err << '\r' << run_.Say("已汇总 ", "looked at ") << progress.done();
    if (progress.total() > 0) run_.err << '/' << progress.total();
    run_.err << run_.Say(" 件，Ctrl-C 取消", " cases, Ctrl-C cancels")
             << "\x1b[K" << std::flush;
  }

 private:
  const Run& run_;
  bool shown_ = false;
};

absl::Status Take(v1::RunReportResponse* piece, ProgressLine* progress,
                  std::vector<v1::Table>* tables) {
  switch (piece->piece_case()) {
    case v1::RunReportResponse::kProgress:
      progress->Show(piece->progress());
      break;
    case v1::RunReportResponse::kTable:
      tables->push_back(std::move(*piece->mutable_table()));
      break;
    case v1::RunReportResponse::kRows:
      if (tables->empty()) return absl::DataLossError("rows without a table");
      tables->back().mutable_rows()->MergeFrom(piece->rows().rows());
      break;
    case v1::RunReportResponse::PIECE_NOT_SET:
      break;
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<v1::Table>> Fetch(
    const Run& run, const v1::RunReportRequest& request) {
  Connection connection(run.settings, kReporter);
  grpc::ClientContext context;
  std::string token;
  RETURN_IF_ERROR(
      connection.Begin(&context, {.agency = request.agency()}, &token));
  std::vector<v1::Table> tables;
  ProgressLine progress(run);
  const Interrupt interrupt([&context] { context.TryCancel(); });
  const auto stream = connection.reports().RunReport(&context, request);
  v1::RunReportResponse piece;
  absl::Status taken;
  while (stream->Read(&piece)) {
    taken = Take(&piece, &progress, &tables);
    if (!taken.ok()) context.TryCancel();
  }
  const absl::Status end = FromGrpc(stream->Finish());
  RETURN_IF_ERROR(taken);
  if (interrupt.happened()) {
    return absl::CancelledError(
        run.Say("已取消，什么也没有写", "cancelled; nothing was written"));
  }
  RETURN_IF_ERROR(end);
  return tables;
}

// The table of the workload as groups; its last row is their sum.
std::vector<v1::WorkGroup> GroupsOf(const v1::Table& table) {
  std::vector<v1::WorkGroup> groups;
  const auto number = [](const v1::Row& row, int i) {
    return render::CellAt(row, i).number();
  };
  for (int r = 0; r + 1 < table.rows_size(); ++r) {
    const v1::Row& row = table.rows(r);
    v1::WorkGroup& group = groups.emplace_back();
    group.set_agency(render::CellAt(row, 0).text());
    group.set_department(render::CellAt(row, 1).text());
    group.set_officer(render::CellAt(row, 2).text());
    group.set_overdue(number(row, 3));
    group.set_red(number(row, 4));
    group.set_yellow(number(row, 5));
    group.set_green(number(row, 6));
    group.set_suspended(number(row, 7));
  }
  return groups;
}

std::optional<render::BarChart> ChartOf(const std::vector<v1::Table>& tables,
                                        v1::ReportKind kind,
                                        gongkai::Locale locale) {
  if (tables.empty()) return std::nullopt;
  switch (kind) {
    case v1::WORKLOAD:
      return render::WorkChart(GroupsOf(tables[0]), locale);
    case v1::PERFORMANCE:
      return render::TableChart(tables[0], {"median", "p90"}, locale);
    default:
      return std::nullopt;
  }
}

// Of the register a terminal has room for these.
std::vector<std::string> ShownOf(v1::ReportKind kind) {
  if (kind != v1::REGISTER) return {};
  return {"number",        "receipt_date",   "applicant_kind", "officer",
          "department",    "outcome",        "grounds",        "return_row",
          "finished_date", "reply_due_date", "late_by",        "phase"};
}

absl::StatusOr<ExitCode> Draw(const Run& run, const Verb& verb) {
  ASSIGN_OR_RETURN(const v1::RunReportRequest request, RequestOf(run, verb));
  RETURN_IF_ERROR(WantedOutput(run).status());
  ASSIGN_OR_RETURN(const std::vector<v1::Table> tables, Fetch(run, request));
  std::string about = request.agency();
  if (request.with_agencies_beneath()) {
    about += run.Say("（含所属机关）", " and agencies beneath");
  }
  if (verb.period) {
    absl::StrAppend(&about, run.Say("，", ", "), request.from_date(),
                    run.Say(" 至 ", " to "), request.to_date());
  }
  return Show(run, {.tables = tables,
                    .about = about,
                    .shown = ShownOf(verb.kind),
                    .chart = ChartOf(tables, verb.kind,
                                     CommonLocale(run.settings.locale))});
}

std::vector<Flag> FlagsOfVerb(const Verb& verb, Locale locale) {
  const auto say = [&](std::string_view zh, std::string_view en) {
    return Say(locale, zh, en);
  };
  std::vector<Flag> flags;
  if (verb.period) {
    flags.push_back({.name = "year", .help = say("年度", "year")});
    flags.push_back(
        {.name = "from",
         .help = say("期间起，默认今年元旦",
                     "first day, the first of this year by default")});
    flags.push_back(
        {.name = "to",
         .help = say("期间止，默认今天", "last day, today by default")});
  }
  if (verb.grouped) {
    flags.push_back({.name = "by",
                     .help = say("分组，默认 year",
                                 "broken down by, year by "
                                 "default"),
                     .choices = {"year", "ground", "department", "agency"}});
  }
  if (verb.at_least) {
    flags.push_back(
        {.name = "at-least",
         .help = say("至少件数（applicants，默认 10）或申请人数（conversion，"
                     "默认 3）",
                     "at least so many applications (10 by default), or "
                     "applicants (conversion, 3)")});
  }
  flags.push_back(BeneathFlag(locale));
  for (Flag& flag : OutputFlags(locale)) flags.push_back(std::move(flag));
  return flags;
}

}  // namespace

std::vector<Command> RunReportCommands(Locale locale) {
  std::vector<Command> commands;
  for (const Verb& verb : kVerbs) {
    commands.push_back(
        {.name = verb.name,
         .help = TermOf(verb.kind, locale),
         .flags = FlagsOfVerb(verb, locale),
         .files = true,
         .run = [&verb](const Run& run) { return Draw(run, verb); }});
  }
  return commands;
}

}  // namespace gongkai::cli
