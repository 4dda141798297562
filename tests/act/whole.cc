// SPDX-License-Identifier: Apache-2.0
#include "tests/act/whole.h"

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "services/act/chain.h"
#include "services/act/history.h"
#include "services/act/registry.h"
#include "services/act/rows.h"
#include "services/base/dates.h"
#include "services/server/config.h"
#include "storage/postgres/postgres_store.h"

namespace gongkai::test {
namespace {

constexpr size_t kFaultsShown = 20;

absl::Time Soon() { return absl::Now() + absl::Seconds(60); }

law::Rulebook TheRules() {
  const char* dir = std::getenv("GONGKAI_SOURCE_DIR");
  auto rules =
      server::ReadRulebook(absl::StrCat(dir ? dir : ".", "/ops/rulebook"));
  if (!rules.ok()) {
    std::cerr << "rulebook: " << rules.status() << std::endl;
    std::_Exit(1);
  }
  return *std::move(rules);
}

std::string DayOrDash(const std::optional<absl::CivilDay>& day) {
  return day ? FormatDay(*day) : "-";
}

// Limit rows in the form in which RowsInStore asks the database for them.
std::string LimitText(std::vector<storage::LimitRow> rows) {
  std::sort(rows.begin(), rows.end(), [](const auto& a, const auto& b) {
    return std::pair(a.kind, a.ordinal) < std::pair(b.kind, b.ordinal);
  });
  return absl::StrJoin(
      rows, ";", [](std::string* out, const storage::LimitRow& row) {
        absl::StrAppend(out, row.kind, ",", row.ordinal, ",", row.whose, ",",
                        row.state, ",", FormatDay(row.start), ",",
                        DayOrDash(row.due), ",", row.provisional ? 1 : 0, ",",
                        row.first ? 1 : 0);
      });
}

std::string RowText(const casework::Case& c, const storage::CaseRow& row) {
  return absl::StrCat(c.version, ",", row.phase, ",", row.outcome, ",",
                      row.applicant_kind, ",", row.officer, ",", row.department,
                      ",", DayOrDash(row.received), ",", row.done_time ? 1 : 0,
                      ",", row.calendar_version);
}

// One line per stream: agency, stream, kind, number, row, limits.
constexpr char kStreams[] = R"(
  SELECT string_agg(concat_ws('|', s.agency_id, s.stream_id, s.kind,
    coalesce(s.number, ''),
    concat_ws(',', s.version, s.phase, s.outcome, s.applicant_kind, s.officer,
      s.department, coalesce(s.received_date::text, '-'),
      (s.done_time IS NOT NULL)::int, s.calendar_version),
    coalesce((SELECT string_agg(concat_ws(',', kind, ordinal, whose, state,
      start_date, coalesce(due::text, '-'), provisional::int, first::int), ';'
      ORDER BY kind, ordinal) FROM case_limit l
      WHERE l.agency_id = s.agency_id AND l.stream_id = s.stream_id), '')),
    E'\n' ORDER BY s.agency_id, s.stream_id)
  FROM stream s)";

struct Question {
  const char* rule;
  // Counts what breaks it.
  const char* sql;
};

constexpr Question kQuestions[] = {
    {"every event has one place in the log, and its leaf there",
     "SELECT count(*) FROM event e FULL JOIN "
     "(SELECT * FROM log_leaf WHERE kind = 1) AS l "
     "USING (agency_id, stream_id, seq) "
     "WHERE l.leaf_hash IS DISTINCT FROM e.leaf_hash"},
    {"every access record has one place in the log, and its leaf there",
     "SELECT count(*) FROM (SELECT *, access_id AS stream_id, 1::bigint AS seq "
     "FROM access) AS a FULL JOIN (SELECT * FROM log_leaf WHERE kind <> 1) AS "
     "l "
     "USING (agency_id, stream_id, seq) "
     "WHERE l.leaf_hash IS DISTINCT FROM a.leaf_hash"},
    {"the leaf of every access record is the digest of its bytes",
     "SELECT count(*) FROM access WHERE (SELECT suite FROM log) = 1 "
     "AND leaf_hash <> sha256('\\x00'::bytea || record)"},
    {"the places in the log are 1, 2, 3 …",
     "SELECT abs(count(*) - coalesce(max(log_index), 0)) + "
     "abs(count(*) - (SELECT size FROM log)) FROM log_leaf"},
    {"the log keeps the order of every stream",
     "SELECT count(*) FROM (SELECT log_index - lag(log_index) OVER "
     "(PARTITION BY agency_id, stream_id ORDER BY seq) AS step FROM log_leaf) "
     "AS steps WHERE step <= 0"},
    {"a remembered request points to the event that it caused",
     "SELECT count(*) FROM request r LEFT JOIN event e "
     "USING (agency_id, stream_id, seq) "
     "WHERE e.request_id IS DISTINCT FROM r.request_id"},
    {"the numbers of a year have no gaps",
     "SELECT count(*) FROM counter c WHERE c.last <> (SELECT count(*) "
     "FROM stream s WHERE s.agency_id = c.agency_id AND s.number ~ "
     "concat('^', c.agency_id, '-', c.year, '-[0-9]{5,}$'))"},
    {"every case has its words, and nothing else has any",
     "SELECT count(*) FROM (SELECT * FROM stream WHERE kind = 1) AS s "
     "FULL JOIN case_text t USING (agency_id, stream_id) "
     "WHERE s.kind IS NULL OR t.content IS NULL"},
    {"no event lies outside a stream",
     "SELECT count(*) FROM event e LEFT JOIN stream s "
     "USING (agency_id, stream_id) WHERE s.version IS NULL "
     "OR e.seq > s.version"},
};

class Inspection {
 public:
  Inspection(const TempPostgres& postgres, const std::string& database)
      : postgres_(postgres),
        database_(database),
        store_(postgres.Service(database), 2),
        registry_(store_, TheRules()) {}

  Whole Run() {
    FillLog();
    for (const Question& question : kQuestions) {
      const std::string broken = Ask(question.sql);
      if (broken != "0") Fault(absl::StrCat(question.rule, ": ", broken));
    }
    for (absl::string_view line : absl::StrSplit(Ask(kStreams), '\n')) {
      const std::vector<std::string> cells = absl::StrSplit(line, '|');
      if (cells.size() == 6) CheckStream(cells);
    }
    return std::move(whole_);
  }

 private:
  std::string Ask(const char* sql) const {
    return postgres_.Run(postgres_.Superuser(database_), sql);
  }

  void Fault(const std::string& what) { whole_.faults.push_back(what); }

  // A sequencer of the service may be at the same work: then it is waited for.
  void FillLog() {
    const absl::Time end = Soon();
    while (Ask("SELECT count(*) FROM log_queue") != "0") {
      const auto given = store_.Sequence(1000, nullptr, Soon());
      if (!given.ok() || absl::Now() > end) {
        Fault(absl::StrCat("events wait for their place in the log: ",
                           given.status().ToString()));
        return;
      }
    }
  }

  void CheckStream(const std::vector<std::string>& cells) {
    const std::string& agency = cells[0];
    const std::string& number = cells[3];
    const std::string place =
        number.empty() ? absl::StrCat(agency, " stream ", cells[1]) : number;
    const auto history = store_.LoadStream(agency, cells[1], "", true, Soon());
    if (!history.ok()) {
      return Fault(absl::StrCat(place, ": ", history.status().ToString()));
    }
    const absl::Status chain = act::CheckChain(agency, *history);
    if (!chain.ok()) Fault(absl::StrCat(place, ": ", chain.ToString()));
    for (const storage::StoredEvent& event : history->events) {
      ++whole_.events;
      whole_.requests.insert(
          {event.request_id, {number, event.seq, event.type}});
      if (!number.empty()) whole_.histories[number].push_back(event.type);
    }
    if (number.empty() || history->events.empty()) return;
    ++whole_.cases;
    const absl::Status status =
        CheckCase(agency, *history, cells[4], cells[5], place);
    if (!status.ok()) Fault(absl::StrCat(place, ": ", status.ToString()));
  }

  absl::Status CheckCase(const std::string& agency,
                         const storage::History& history,
                         const std::string& row_text,
                         const std::string& limit_text,
                         const std::string& place) {
    const auto past = act::Unseal(history.events);
    if (!past.ok()) return past.status();
    casework::Case c = casework::Fold(agency, *past);
    const auto terms = registry_.Newest(agency, history, Soon());
    if (!terms.ok()) return terms.status();
    c.facts.county_agency = (*terms)->county;
    const auto calendar =
        registry_.CalendarAt(agency, c.calendar_version, Soon());
    if (!calendar.ok()) return calendar.status();
    const absl::Status invariants = casework::CheckInvariants(c);
    if (!invariants.ok()) return invariants;

    const absl::Time recorded = history.events.back().recorded_time;
    Compare(place, "row", row_text, RowText(c, act::RowOf(c, recorded)));
    Compare(place, "limits", limit_text,
            LimitText(act::LimitRowsOf(
                law::DeriveLimits(c.facts, registry_.rules(), *calendar,
                                  (*terms)->terms, ShanghaiDay(recorded)))));
    return absl::OkStatus();
  }

  void Compare(const std::string& place, const char* what,
               const std::string& stored, const std::string& folded) {
    if (stored == folded) return;
    Fault(absl::StrCat(place, ": the ", what, " stored is\n    ", stored,
                       "\n  and that of the fold\n    ", folded));
  }

  const TempPostgres& postgres_;
  const std::string database_;
  storage::PostgresStore store_;
  act::Registry registry_;
  Whole whole_;
};

}  // namespace

Whole ReadWhole(const TempPostgres& postgres, const std::string& database) {
  return Inspection(postgres, database).Run();
}

std::string FaultsOf(const Whole& whole) {
  std::ostringstream text;
  for (size_t i = 0; i < whole.faults.size() && i < kFaultsShown; ++i) {
    text << whole.faults[i] << "\n";
  }
  text << whole.faults.size() << " faults\n";
  return text.str();
}

}  // namespace gongkai::test
