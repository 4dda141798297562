// SPDX-License-Identifier: Apache-2.0
// Reports that are drawn up as tables: progress first, then each table in
// pieces.
#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "services/act/marks.h"
#include "services/act/report_fold.h"
#include "services/act/report_reader.h"
#include "services/base/dates.h"
#include "services/base/refusal.h"
#include "services/base/status_macros.h"
#include "services/report/tables.h"

namespace gongkai::act {
namespace {

using Request = v1::RunReportRequest;

constexpr int kRowsAtOnce = 500;
constexpr int kProgressEvery = 200;
// A report is made in memory before it is given out.
constexpr int64_t kMostCases = 250'000;
constexpr int kUsualHeavy = 10;
constexpr int kUsualConversion = 3;
// Replies to the same words: two can differ.
constexpr int kLeastToCompare = 2;
// How long before its ending a case may have come, to be compared.
constexpr int kYearOfDays = 366;

// Whether the report may be broken down by something else than its usual way.
bool Fits(v1::ReportKind kind, Request::Grouping grouping) {
  return grouping == Request::BY_YEAR || kind == v1::REMEDIES ||
         kind == v1::PERFORMANCE || kind == v1::FEE_STATEMENT;
}

// Whether the report is about what is open now, not about a period.
bool IsOfNow(v1::ReportKind kind) {
  return kind == v1::WORKLOAD || kind == v1::RUNNING_DOCKETS;
}

// Of figures that come with a list of their cases, the key of the list; empty
// of other reports.
std::string_view ListBeside(v1::ReportKind kind) {
  return kind == v1::FEE_STATEMENT ? "fee_notices" : "";
}

// Whether it names cases: each is then shown to those alone who may see it.
bool NamesCases(v1::ReportKind kind) {
  return kind != v1::WORKLOAD && kind != v1::REMEDIES &&
         kind != v1::PERFORMANCE && kind != v1::FEE_STATEMENT;
}

absl::Status CheckDay(const char* field, const std::string& date,
                      absl::CivilDay today) {
  if (date.empty()) return RefuseField(field, "a day of the period", "none");
  if (DayOf(date) <= today) return absl::OkStatus();
  v1::Refusal refusal;
  refusal.set_reason(v1::DATE_IN_FUTURE);
  refusal.set_field(field);
  refusal.set_got(date);
  return Refuse(refusal);
}

absl::Status CheckRequest(const Request& request, absl::CivilDay today) {
  if (!Fits(request.kind(), request.grouping())) {
    return RefuseField("grouping", "one that fits the report",
                       Request::Grouping_Name(request.grouping()));
  }
  if (IsOfNow(request.kind())) return absl::OkStatus();
  RETURN_IF_ERROR(CheckDay("from_date", request.from_date(), today));
  RETURN_IF_ERROR(CheckDay("to_date", request.to_date(), today));
  if (request.to_date() < request.from_date()) {
    return RefuseField("to_date", "a day from from_date on", request.to_date());
  }
  return absl::OkStatus();
}

absl::Status Say(const ReportReader::Sink& sink, int64_t done, int64_t total) {
  v1::RunReportResponse piece;
  piece.mutable_progress()->set_done(done);
  piece.mutable_progress()->set_total(total);
  return sink(piece);
}

// A table without its rows, then the rows in pieces.
absl::Status Give(const ReportReader::Sink& sink, v1::Table table) {
  google::protobuf::RepeatedPtrField<v1::Row> rows;
  rows.Swap(table.mutable_rows());
  v1::RunReportResponse head;
  *head.mutable_table() = std::move(table);
  RETURN_IF_ERROR(sink(head));
  for (int from = 0; from < rows.size(); from += kRowsAtOnce) {
    v1::RunReportResponse piece;
    const int to = std::min(rows.size(), from + kRowsAtOnce);
    for (int i = from; i < to; ++i) {
      *piece.mutable_rows()->add_rows() = std::move(rows[i]);
    }
    RETURN_IF_ERROR(sink(piece));
  }
  return absl::OkStatus();
}

std::string HiddenNote(int64_t hidden, Locale locale) {
  return locale == Locale::kChinese
             ? absl::StrCat("另有", hidden, "件因查看权限未列出。")
             : absl::StrCat("Not listed: ", hidden,
                            " cases that you may not see.");
}

std::vector<storage::CasePlace> PlacesOf(
    const std::vector<storage::ReturnRow>& rows) {
  std::vector<storage::CasePlace> places;
  places.reserve(rows.size());
  for (const storage::ReturnRow& row : rows) places.push_back(row.place);
  return places;
}

}  // namespace

// One report under way.
struct ReportReader::Run {
  const auth::Caller& caller;
  const Request& request;
  const ReportReach& reach;
  const Locale locale;
  const absl::Time deadline;
  const Sink& sink;
  const absl::CivilDay today;
  // What cases point into: it lives as long as they do.
  ReportFolder folder;
  // Cases that are not shown.
  int64_t hidden = 0;

  // Whether the case goes into the report: in one that names cases, those that
  // the caller may see; in figures, those of his departments, or all.
  bool Takes(const casework::Case& c) {
    if (NamesCases(request.kind())) return Shows(c);
    auth::CaseMarks marks = MarksOf(c);
    marks.labels.clear();
    marks.named.clear();
    return auth::MaySee(caller, marks, reach.access).ok();
  }
  // Whether the caller may see it; one that he may not is counted as hidden.
  bool Shows(const casework::Case& c) {
    const bool shows = auth::MaySee(caller, MarksOf(c), reach.access).ok();
    if (!shows) ++hidden;
    return shows;
  }
};

absl::StatusOr<std::vector<v1::Table>> ReportReader::CountedTables(Run& run) {
  v1::WorkFilter filter;
  filter.set_agency(run.request.agency());
  ASSIGN_OR_RETURN(const std::vector<v1::WorkGroup> groups,
                   work_.Count({run.caller, run.reach, filter, run.today,
                                run.locale, run.deadline},
                               v1::CountWorkRequest::BY_OFFICER));
  return report::WorkloadTables(groups, run.locale);
}

absl::StatusOr<std::vector<storage::CasePlace>> ReportReader::CasesFor(
    const Run& run) {
  const auto& agencies = run.reach.agencies;
  const v1::ReportKind kind = run.request.kind();
  const absl::CivilDay from = DayOf(run.request.from_date());
  const absl::CivilDay to = DayOf(run.request.to_date());
  switch (kind) {
    case v1::REGISTER:
    case v1::PERFORMANCE: {
      ASSIGN_OR_RETURN(const std::vector<storage::ReturnRow> rows,
                       parts_.book.CasesOf(agencies, kind == v1::PERFORMANCE,
                                           from, to, run.deadline));
      return PlacesOf(rows);
    }
    case v1::RUNNING_DOCKETS:
      return parts_.book.CasesWith(agencies, true, false, run.today, run.today,
                                   run.deadline);
    case v1::FEE_STATEMENT:
      return parts_.book.CasesWith(agencies, false, true, from, to,
                                   run.deadline);
    default:
      return parts_.book.CasesWith(agencies, true, false, from, to,
                                   run.deadline);
  }
}

absl::Status ReportReader::FoldAll(
    Run& run, const std::vector<storage::CasePlace>& places,
    const std::function<void(size_t, report::FoldedCase)>& take) {
  const auto total = static_cast<int64_t>(places.size());
  if (total > kMostCases) {
    return RefuseField(
        "to_date", absl::StrCat("a period with at most ", kMostCases, " cases"),
        absl::StrCat(total));
  }
  int64_t done = 0;
  RETURN_IF_ERROR(Say(run.sink, done, total));
  size_t at = 0;
  RETURN_IF_ERROR(EachHistory(
      parts_.book, places, absl::InfiniteFuture(), run.deadline,
      [&](const storage::PastCaseEvents& past) -> absl::Status {
        // Answers come in the order of the places, some of which
        // are left out.
        while (at < places.size() && places[at].stream != past.place.stream) {
          ++at;
        }
        if (at == places.size()) {
          return absl::InternalError("a history that was not asked for");
        }
        ASSIGN_OR_RETURN(report::FoldedCase folded,
                         run.folder.FoldWithLimits(past, run.today));
        if (run.Takes(folded.c)) take(at, std::move(folded));
        if (++done % kProgressEvery != 0) return absl::OkStatus();
        return Say(run.sink, done, total);
      }));
  return Say(run.sink, total, total);
}

absl::StatusOr<std::vector<v1::Table>> ReportReader::FoldedTables(Run& run) {
  const auto fold =
      report::NewFold(run.request.kind(), run.request, run.today, run.locale);
  if (fold == nullptr) {
    return RefuseField("kind", "a report that is drawn up as tables",
                       v1::ReportKind_Name(run.request.kind()));
  }
  ASSIGN_OR_RETURN(const std::vector<storage::CasePlace> places, CasesFor(run));
  const std::string_view beside = ListBeside(run.request.kind());
  const auto shown =
      report::NewFold(run.request.kind(), run.request, run.today, run.locale);
  RETURN_IF_ERROR(
      FoldAll(run, places, [&](size_t, const report::FoldedCase& folded) {
        fold->Add(folded);
        if (!beside.empty() && run.Shows(folded.c)) shown->Add(folded);
      }));
  std::vector<v1::Table> tables = fold->Tables();
  if (beside.empty()) return tables;
  for (v1::Table& seen : shown->Tables()) {
    for (v1::Table& table : tables) {
      if (seen.key() == beside && table.key() == beside) table.Swap(&seen);
    }
  }
  return tables;
}

absl::StatusOr<std::vector<v1::Table>> ReportReader::SharedTables(Run& run) {
  const v1::ReportKind kind = run.request.kind();
  const int asked = run.request.at_least();
  int words = 0;
  int applicant = 0;
  absl::CivilDay from = DayOf(run.request.from_date());
  if (kind == v1::HEAVY_APPLICANTS) {
    applicant = asked > 0 ? asked : kUsualHeavy;
  } else if (kind == v1::CONVERSION) {
    words = asked > 0 ? asked : kUsualConversion;
  } else {
    words = kLeastToCompare;
    from -= kYearOfDays;
  }
  ASSIGN_OR_RETURN(const std::vector<storage::SameWords> same,
                   parts_.book.SharedWords(run.reach.agencies, from,
                                           DayOf(run.request.to_date()), words,
                                           applicant, run.deadline));
  std::vector<storage::CasePlace> places;
  for (const storage::SameWords& one : same) {
    places.push_back({one.agency, one.stream, one.number});
  }
  std::vector<report::SharedCase> cases;
  RETURN_IF_ERROR(
      FoldAll(run, places, [&](size_t at, report::FoldedCase folded) {
        // All of them are held until the last is there: without what these
        // tables do not look at.
        folded.past = {};
        folded.limits = {};
        cases.push_back(
            {std::move(folded), same[at].applicant_key, same[at].content_key});
      }));
  return report::SharedTables(kind, cases, run.request, run.locale);
}

absl::Status ReportReader::RunReport(const auth::Caller& caller,
                                     const v1::RunReportRequest& request,
                                     Locale locale, absl::Time deadline,
                                     const Sink& sink) {
  ASSIGN_OR_RETURN(
      const ReportReach reach,
      scope_.Reach(caller,
                   {"RunReport", request.agency(),
                    request.with_agencies_beneath(), auth::Access::kReport},
                   deadline));
  const absl::CivilDay today = work_.Today();
  RETURN_IF_ERROR(CheckRequest(request, today));
  RETURN_IF_ERROR(Say(sink, 0, 0));
  Run run = {
      caller,   request,
      reach,    locale,
      deadline, sink,
      today,    ReportFolder(parts_.registry, parts_.clock.Now(), deadline)};
  absl::StatusOr<std::vector<v1::Table>> tables;
  switch (request.kind()) {
    case v1::WORKLOAD:
      tables = CountedTables(run);
      break;
    case v1::HEAVY_APPLICANTS:
    case v1::CONVERSION:
    case v1::CONSISTENCY:
      tables = SharedTables(run);
      break;
    default:
      tables = FoldedTables(run);
  }
  if (!tables.ok()) return tables.status();
  if (run.hidden > 0 && !tables->empty()) {
    tables->front().add_notes(HiddenNote(run.hidden, locale));
  }
  RETURN_IF_ERROR(
      scope_.Record(caller, "RunReport", request.agency(), deadline));
  for (v1::Table& table : *tables) {
    RETURN_IF_ERROR(Give(sink, std::move(table)));
  }
  return absl::OkStatus();
}

}  // namespace gongkai::act
