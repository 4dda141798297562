// SPDX-License-Identifier: Apache-2.0
#include "storage/postgres/postgres_reports.h"

#include <algorithm>
#include <pqxx/pqxx>
#include <utility>

#include "services/base/dates.h"
#include "services/base/refusal.h"
#include "services/base/status_macros.h"
#include "storage/check.h"
#include "storage/postgres/report_statements.h"
#include "storage/postgres/session.h"
#include "storage/postgres/values.h"

namespace gongkai::storage {
namespace {

using Tx = pqxx::transaction_base;

constexpr char kFirstStream[] = "00000000-0000-0000-0000-000000000000";
// Places whose events are read at once, at most.
constexpr size_t kMostPlaces = 1000;
// v1::AGENCY_DUTY and v1::ARCHIVE_TRANSFER, which the index of open duties
// names.
constexpr int kAgencyDuty = 1;
constexpr int kArchiveTransfer = 29;

// Columns of the view report_case, and behind them in list_work those of a
// limit.
enum CaseColumn {
  kAgency,
  kStream,
  kNumber,
  kVersion,
  kPhase,
  kOutcome,
  kApplicantKind,
  kOfficer,
  kDepartment,
  kReceived,
  kDone,
  kCalendar,
  kLabels,
  kRestrictedTo,
  kFinished,
  kReturnRow,
  kCounted,
  kRemedies,
  kFees,
  kLimitKind,
  kLimitOrdinal,
  kLimitWhose,
  kLimitState,
  kLimitStart,
  kLimitDue,
  kLimitProvisional,
  kLimitFirst,
};

std::optional<absl::CivilDay> DayOrNone(const pqxx::field& field) {
  if (field.is_null()) return std::nullopt;
  return DayOfField(field);
}

CasePlace PlaceIn(const pqxx::row& row) {
  return {TextOf(row[0]), TextOf(row[1]), TextOf(row[2])};
}

CaseRow CaseIn(const pqxx::row& row) {
  CaseRow c;
  c.phase = row[kPhase].as<int>();
  c.outcome = row[kOutcome].as<int>();
  c.applicant_kind = row[kApplicantKind].as<int>();
  c.officer = TextOf(row[kOfficer]);
  c.department = TextOf(row[kDepartment]);
  c.received = DayOrNone(row[kReceived]);
  if (!row[kDone].is_null()) c.done_time = TimeOf(row[kDone]);
  c.calendar_version = TextOf(row[kCalendar]);
  c.labels = IntsOf(row[kLabels]);
  c.restricted_to = ElementsOf(row[kRestrictedTo]);
  c.finished = DayOrNone(row[kFinished]);
  c.return_row = row[kReturnRow].as<int>();
  c.counted = row[kCounted].as<bool>();
  c.remedies = row[kRemedies].as<bool>();
  c.fees = row[kFees].as<bool>();
  return c;
}

WorkRow WorkIn(const pqxx::row& row) {
  WorkRow work;
  work.place = PlaceIn(row);
  work.version = row[kVersion].as<int64_t>();
  work.row = CaseIn(row);
  work.limit.kind = row[kLimitKind].as<int>();
  work.limit.ordinal = row[kLimitOrdinal].as<int>();
  work.limit.whose = row[kLimitWhose].as<int>();
  work.limit.state = row[kLimitState].as<int>();
  work.limit.start = DayOfField(row[kLimitStart]);
  work.limit.due = DayOrNone(row[kLimitDue]);
  work.limit.provisional = row[kLimitProvisional].as<bool>();
  work.limit.first = row[kLimitFirst].as<bool>();
  return work;
}

WorkCount CountIn(const pqxx::row& row) {
  return {TextOf(row[0]),      TextOf(row[1]),     TextOf(row[2]),
          DayOrNone(row[3]),   ElementsOf(row[4]), IntsOf(row[5]),
          row[6].as<int64_t>()};
}

ReturnRow ReturnIn(const pqxx::row& row) { return {PlaceIn(row), CaseIn(row)}; }

ReturnCount ReturnCountIn(const pqxx::row& row) {
  return {static_cast<ReturnCount::What>(row[0].as<int>()), TextOf(row[1]),
          row[2].as<int>(), row[3].as<int>(), row[4].as<int64_t>()};
}

StoredEvent EventIn(const pqxx::row& row) {
  StoredEvent event;
  event.seq = row[1].as<int64_t>();
  event.type = row[2].as<int>();
  event.event_id = TextOf(row[3]);
  event.request_id = TextOf(row[4]);
  event.recorded_time = TimeOf(row[5]);
  event.occurred = DayOfField(row[6]);
  event.record = BytesOf(row[7]);
  event.hash = BytesOf(row[8]);
  event.leaf_hash = BytesOf(row[9]);
  return event;
}

SameWords SameWordsIn(const pqxx::row& row) {
  return {TextOf(row[0]),  TextOf(row[1]),  TextOf(row[2]),
          BytesOf(row[3]), BytesOf(row[4]), DayOfField(row[5])};
}

FiledReturn FiledIn(const pqxx::row& row) {
  return {TextOf(row[0]),       row[1].as<int>(), row[2].as<int>(),
          row[3].as<int64_t>(), BytesOf(row[4]),  BytesOf(row[5]),
          TimeOf(row[6]),       TextOf(row[7])};
}

// The agencies as an argument, each once and in their order.
absl::StatusOr<std::string> AgenciesText(std::vector<std::string> agencies) {
  std::sort(agencies.begin(), agencies.end());
  agencies.erase(std::unique(agencies.begin(), agencies.end()), agencies.end());
  ArrayText array;
  for (const std::string& agency : agencies) {
    RETURN_IF_ERROR(CheckText("agency", agency));
    array.Add(agency);
  }
  return array.Take();
}

std::string IntsText(const std::vector<int>& elements) {
  ArrayText array;
  for (const int element : elements) array.AddInt(element);
  return array.Take();
}

std::string InstantText(absl::Time time) {
  if (time == absl::InfiniteFuture()) return "infinity";
  if (time == absl::InfinitePast()) return "-infinity";
  return FormatInstant(time);
}

// The first moment of a day in Asia/Shanghai.
std::string StartOf(absl::CivilDay day) {
  return InstantText(absl::FromCivil(day, absl::UTCTimeZone()) -
                     absl::Hours(8));
}

// Whether only open duties are asked for, which have an index of their own:
// without the transfers to the archives that nearly every case has ahead.
bool AsksForDuties(const WorkQuery& query) {
  return query.whose == kAgencyDuty &&
         std::find(query.kinds.begin(), query.kinds.end(), kArchiveTransfer) ==
             query.kinds.end();
}

// The arguments that lists and counts of work share; what is empty is null.
struct WorkArguments {
  static absl::StatusOr<WorkArguments> Of(const WorkQuery& query) {
    RETURN_IF_ERROR(CheckText("department", query.department));
    RETURN_IF_ERROR(CheckText("officer", query.officer));
    WorkArguments a;
    ASSIGN_OR_RETURN(a.agencies, AgenciesText(query.agencies));
    if (query.whose != 0) a.whose = std::to_string(query.whose);
    if (!query.kinds.empty()) a.kinds = IntsText(query.kinds);
    a.department = query.department;
    a.officer = query.officer;
    if (!query.phases.empty()) a.phases = IntsText(query.phases);
    a.due_by = query.due_by.has_value() ? FormatDay(*query.due_by) : "infinity";
    a.lapsing = IntsText(query.lapsing);
    a.today = FormatDay(query.today);
    return a;
  }
  std::string agencies, whose, kinds, department, officer, phases, due_by,
      lapsing, today;
};

// All rows of a statement, each by `read`, in a trip of its own.
template <typename T, typename... Arguments>
absl::StatusOr<std::vector<T>> ReadAll(Sessions& sessions, absl::Time deadline,
                                       const Statement& statement,
                                       T (*read)(const pqxx::row&),
                                       const Arguments&... arguments) {
  std::vector<T> all;
  RETURN_IF_ERROR(sessions.Autocommit(deadline, [&](Tx& tx) {
    const pqxx::result rows = tx.exec_prepared(statement.name, arguments...);
    all.clear();
    all.reserve(rows.size());
    for (const pqxx::row& row : rows) all.push_back(read(row));
    return absl::OkStatus();
  }));
  return all;
}

}  // namespace

PostgresReports::PostgresReports(std::string dsn, int connections)
    : sessions_(std::make_unique<Sessions>(
          Sessions::Options{std::move(dsn), connections, true})) {}

PostgresReports::~PostgresReports() = default;

absl::Status PostgresReports::AreFresh(const std::string& agencies,
                                       absl::Time deadline) {
  if (fresh_) return absl::OkStatus();
  bool stale = false;
  RETURN_IF_ERROR(sessions_->Autocommit(deadline, [&](Tx& tx) {
    const pqxx::row row = tx.exec_prepared1(kStaleRows.name, agencies);
    stale = row[0].as<bool>();
    fresh_ = !row[1].as<bool>();
    return absl::OkStatus();
  }));
  if (!stale) return absl::OkStatus();
  // The job that brings them up to date is at work since the service started.
  constexpr int64_t kRetryMs = 5000;
  return StoreAway(kRetryMs);
}

int PostgresReports::connections() const { return sessions_->open(); }

absl::StatusOr<std::vector<WorkRow>> PostgresReports::ListWork(
    const WorkQuery& query, const std::optional<WorkPlace>& after, int limit,
    absl::Time deadline) {
  ASSIGN_OR_RETURN(const WorkArguments a, WorkArguments::Of(query));
  const WorkPlace place = after.value_or(WorkPlace{});
  RETURN_IF_ERROR(CheckText("agency", place.agency));
  const std::string due = !after.has_value()      ? "-infinity"
                          : place.due.has_value() ? FormatDay(*place.due)
                                                  : "infinity";
  const std::string stream = place.stream.empty() ? kFirstStream : place.stream;
  const auto read = [&](const Statement& statement, const auto&... more) {
    return ReadAll(*sessions_, deadline, statement, &WorkIn, a.agencies,
                   NullIfEmpty(a.kinds), NullIfEmpty(a.department),
                   NullIfEmpty(a.officer), NullIfEmpty(a.phases), a.due_by,
                   a.lapsing, a.today, due, place.agency, stream, place.kind,
                   place.ordinal, limit, more...);
  };
  if (AsksForDuties(query)) return read(kListDuties);
  return read(kListLimits, NullIfEmpty(a.whose));
}

absl::StatusOr<std::vector<WorkCount>> PostgresReports::CountWork(
    const WorkQuery& query, absl::Time deadline) {
  ASSIGN_OR_RETURN(const WorkArguments a, WorkArguments::Of(query));
  const auto read = [&](const Statement& statement, const auto&... more) {
    return ReadAll(*sessions_, deadline, statement, &CountIn, a.agencies,
                   NullIfEmpty(a.kinds), NullIfEmpty(a.department),
                   NullIfEmpty(a.officer), NullIfEmpty(a.phases), a.due_by,
                   a.lapsing, a.today, more...);
  };
  if (AsksForDuties(query)) return read(kCountDuties);
  return read(kCountLimits, NullIfEmpty(a.whose));
}

absl::StatusOr<std::vector<CasePlace>> PostgresReports::OpenThen(
    const std::vector<std::string>& agencies, absl::Time then,
    absl::Time deadline) {
  ASSIGN_OR_RETURN(const std::string agencies_text, AgenciesText(agencies));
  return ReadAll(*sessions_, deadline, kOpenThen, &PlaceIn, agencies_text,
                 InstantText(then));
}

absl::StatusOr<std::vector<PastCaseEvents>> PostgresReports::Histories(
    const std::vector<CasePlace>& places, absl::Time until,
    absl::Time deadline) {
  if (places.size() > kMostPlaces) {
    return absl::InvalidArgumentError(
        "the events of more than 1,000 cases are not read at once");
  }
  ArrayText agencies, streams;
  for (const CasePlace& place : places) {
    RETURN_IF_ERROR(CheckText("agency", place.agency));
    agencies.Add(place.agency);
    streams.Add(place.stream);
  }
  const std::string agencies_text = agencies.Take(),
                    streams_text = streams.Take(),
                    until_text = InstantText(until);
  std::vector<PastCaseEvents> found;
  RETURN_IF_ERROR(sessions_->Autocommit(deadline, [&](Tx& tx) {
    found.assign(places.size(), {});
    for (const pqxx::row& row : tx.exec_prepared(kHistories.name, agencies_text,
                                                 streams_text, until_text)) {
      // Counted from 1. Rows come case by case as the database walks them.
      found[row[0].as<size_t>() - 1].events.push_back(EventIn(row));
    }
    return absl::OkStatus();
  }));
  for (size_t i = 0; i < places.size(); ++i) {
    found[i].place = places[i];
    std::sort(found[i].events.begin(), found[i].events.end(),
              [](const StoredEvent& a, const StoredEvent& b) {
                return a.seq < b.seq;
              });
  }
  std::erase_if(found,
                [](const PastCaseEvents& c) { return c.events.empty(); });
  return found;
}

absl::StatusOr<std::vector<ReturnCount>> PostgresReports::CountReturn(
    const std::vector<std::string>& agencies, int year, absl::Time deadline) {
  ASSIGN_OR_RETURN(const std::string agencies_text, AgenciesText(agencies));
  RETURN_IF_ERROR(AreFresh(agencies_text, deadline));
  return ReadAll(*sessions_, deadline, kCountReturn, &ReturnCountIn,
                 agencies_text, FormatDay(absl::CivilDay(year, 1, 1)),
                 FormatDay(absl::CivilDay(year, 12, 31)));
}

absl::StatusOr<std::vector<ReturnRow>> PostgresReports::ReturnCases(
    const std::vector<std::string>& agencies, int year,
    const std::optional<CasePlace>& after, int limit, absl::Time deadline) {
  ASSIGN_OR_RETURN(const std::string agencies_text, AgenciesText(agencies));
  const CasePlace place = after.value_or(CasePlace{});
  RETURN_IF_ERROR(CheckText("agency", place.agency));
  RETURN_IF_ERROR(CheckText("number", place.number));
  RETURN_IF_ERROR(AreFresh(agencies_text, deadline));
  return ReadAll(*sessions_, deadline, kReturnCases, &ReturnIn, agencies_text,
                 FormatDay(absl::CivilDay(year, 1, 1)),
                 FormatDay(absl::CivilDay(year, 12, 31)), place.agency,
                 place.number, limit);
}

absl::StatusOr<std::vector<CasePlace>> PostgresReports::CasesWith(
    const std::vector<std::string>& agencies, bool remedies, bool fees,
    absl::CivilDay from, absl::CivilDay to, absl::Time deadline) {
  ASSIGN_OR_RETURN(const std::string agencies_text, AgenciesText(agencies));
  RETURN_IF_ERROR(AreFresh(agencies_text, deadline));
  return ReadAll(*sessions_, deadline, kCasesWith, &PlaceIn, agencies_text,
                 remedies, fees, StartOf(from), FormatDay(to));
}

absl::StatusOr<std::vector<ReturnRow>> PostgresReports::CasesOf(
    const std::vector<std::string>& agencies, bool finished,
    absl::CivilDay from, absl::CivilDay to, absl::Time deadline) {
  ASSIGN_OR_RETURN(const std::string agencies_text, AgenciesText(agencies));
  if (finished) RETURN_IF_ERROR(AreFresh(agencies_text, deadline));
  return ReadAll(*sessions_, deadline,
                 finished ? kCasesFinished : kCasesReceived, &ReturnIn,
                 agencies_text, FormatDay(from), FormatDay(to));
}

absl::StatusOr<std::vector<SameWords>> PostgresReports::SharedWords(
    const std::vector<std::string>& agencies, absl::CivilDay from,
    absl::CivilDay to, int words, int applicant, absl::Time deadline) {
  ASSIGN_OR_RETURN(const std::string agencies_text, AgenciesText(agencies));
  const std::string words_text = words > 0 ? std::to_string(words) : "",
                    applicant_text =
                        applicant > 0 ? std::to_string(applicant) : "";
  return ReadAll(*sessions_, deadline, kSharedWords, &SameWordsIn,
                 agencies_text, FormatDay(from), FormatDay(to),
                 NullIfEmpty(words_text), NullIfEmpty(applicant_text));
}

absl::StatusOr<std::vector<FiledReturn>> PostgresReports::FiledReturns(
    const std::vector<std::string>& agencies, int year, bool whole,
    absl::Time deadline) {
  ASSIGN_OR_RETURN(const std::string agencies_text, AgenciesText(agencies));
  const std::string year_text = year == 0 ? "" : std::to_string(year);
  return ReadAll(*sessions_, deadline, kFiledReturns, &FiledIn, agencies_text,
                 NullIfEmpty(year_text), whole);
}

}  // namespace gongkai::storage
