// SPDX-License-Identifier: Apache-2.0
// The part of PostgresStore that lists and searches, and the log.
#include <pqxx/pqxx>

#include "services/base/dates.h"
#include "services/base/status_macros.h"
#include "storage/check.h"
#include "storage/postgres/postgres_store.h"
#include "storage/postgres/rows.h"
#include "storage/postgres/session.h"
#include "storage/postgres/statements.h"
#include "storage/postgres/values.h"

namespace gongkai::storage {
namespace {

using Tx = pqxx::transaction_base;

// Before every UUID of version 7.
constexpr char kFirstStream[] = "00000000-0000-0000-0000-000000000000";

// The filter of a query as arguments; what is empty is null.
struct Filter {
  explicit Filter(const CaseQuery& q)
      : officer(q.officer),
        department(q.department),
        outcome(q.outcome == 0 ? "" : std::to_string(q.outcome)),
        applicant_kind(
            q.applicant_kind == 0 ? "" : std::to_string(q.applicant_kind)) {
    if (!q.phases.empty()) {
      ArrayText array;
      for (const int phase : q.phases) array.AddInt(phase);
      phases = array.Take();
    }
    if (q.due_by.has_value()) due_by = FormatDay(*q.due_by);
    if (q.received_from.has_value()) from = FormatDay(*q.received_from);
    if (q.received_to.has_value()) to = FormatDay(*q.received_to);
  }
  std::string phases, officer, department, due_by, from, to, outcome,
      applicant_kind;
};

// Whether the query asks for nothing but what runs out first.
bool IsWorklist(const CaseQuery& q) {
  return q.order == CaseQuery::Order::kDue && q.phases.empty() &&
         q.officer.empty() && q.department.empty() &&
         !q.received_from.has_value() && !q.received_to.has_value() &&
         q.outcome == 0 && q.applicant_kind == 0 && !q.open_only;
}

pqxx::result ListRows(Tx& tx, const CaseQuery& q) {
  const Filter f(q);
  const std::string key = q.after_key.empty() ? "-infinity" : q.after_key;
  const std::string stream =
      q.after_stream.empty() ? kFirstStream : q.after_stream;
  if (IsWorklist(q)) {
    return tx.exec_prepared(kWorklist.name, q.agency,
                            f.due_by.empty() ? "infinity" : f.due_by.c_str(),
                            key, stream, q.limit);
  }
  if (q.order == CaseQuery::Order::kNewest) {
    return tx.exec_prepared(kListNewest.name, q.agency, NullIfEmpty(f.phases),
                            NullIfEmpty(f.officer), NullIfEmpty(f.department),
                            NullIfEmpty(f.due_by), NullIfEmpty(f.from),
                            NullIfEmpty(f.to), NullIfEmpty(f.outcome),
                            NullIfEmpty(f.applicant_kind), q.open_only,
                            NullIfEmpty(q.after_stream), q.limit);
  }
  const Statement& statement =
      q.order == CaseQuery::Order::kDue ? kListByDue : kListByReceipt;
  return tx.exec_prepared(
      statement.name, q.agency, NullIfEmpty(f.phases), NullIfEmpty(f.officer),
      NullIfEmpty(f.department), NullIfEmpty(f.due_by), NullIfEmpty(f.from),
      NullIfEmpty(f.to), NullIfEmpty(f.outcome), NullIfEmpty(f.applicant_kind),
      q.open_only, key, stream, q.limit);
}

// Every row of `rows` by `read`.
template <typename T>
std::vector<T> All(const pqxx::result& rows, T (*read)(const pqxx::row&)) {
  std::vector<T> all;
  all.reserve(rows.size());
  for (const pqxx::row& row : rows) all.push_back(read(row));
  return all;
}

}  // namespace

absl::StatusOr<std::vector<FoundCase>> PostgresStore::List(
    const CaseQuery& query, absl::Time deadline) {
  for (const std::string* text :
       {&query.agency, &query.officer, &query.department, &query.after_key}) {
    RETURN_IF_ERROR(CheckText("query", *text));
  }
  std::vector<FoundCase> found;
  RETURN_IF_ERROR(sessions_->Autocommit(deadline, [&](Tx& tx) {
    found = All(ListRows(tx, query), &FoundCaseOf);
    return absl::OkStatus();
  }));
  return found;
}

absl::StatusOr<std::vector<FoundText>> PostgresStore::Search(
    std::string_view agency, std::string_view phrase,
    const std::vector<std::string>& words, int limit,
    std::string_view after_stream, absl::Time deadline) {
  RETURN_IF_ERROR(CheckText("agency", agency));
  RETURN_IF_ERROR(CheckText("phrase", phrase));
  const std::string agency_text(agency), phrase_text(phrase),
      after_text(after_stream), words_text = WordsText(words);
  RETURN_IF_ERROR(CheckText("phrase", words_text));
  std::vector<FoundText> found;
  RETURN_IF_ERROR(sessions_->Autocommit(deadline, [&](Tx& tx) {
    found = All(tx.exec_prepared(kSearch.name, agency_text, phrase_text,
                                 NullIfEmpty(words_text),
                                 NullIfEmpty(after_text), limit),
                &FoundTextOf);
    return absl::OkStatus();
  }));
  return found;
}

absl::StatusOr<std::vector<FoundSimilar>> PostgresStore::Similar(
    std::string_view agency, std::string_view stream, int limit,
    absl::Time deadline) {
  RETURN_IF_ERROR(CheckText("agency", agency));
  const std::string agency_text(agency), stream_text(stream);
  std::vector<FoundSimilar> found;
  RETURN_IF_ERROR(sessions_->Autocommit(deadline, [&](Tx& tx) {
    found =
        All(tx.exec_prepared(kSimilar.name, agency_text, stream_text, limit),
            &FoundSimilarOf);
    return absl::OkStatus();
  }));
  return found;
}

absl::StatusOr<std::vector<FoundText>> PostgresStore::FindByPerson(
    std::string_view agency, const PersonKey& key, int limit,
    std::string_view after_stream, absl::Time deadline) {
  RETURN_IF_ERROR(CheckText("agency", agency));
  const std::string agency_text(agency), after_text(after_stream);
  std::vector<FoundText> found;
  RETURN_IF_ERROR(sessions_->Autocommit(deadline, [&](Tx& tx) {
    found =
        All(tx.exec_prepared(
                kByPerson.name, agency_text, static_cast<int>(key.kind),
                pqxx::binarystring(key.digest), NullIfEmpty(after_text), limit),
            &FoundTextOf);
    return absl::OkStatus();
  }));
  return found;
}

absl::StatusOr<Earlier> PostgresStore::EarlierOf(std::string_view agency,
                                                 std::string_view stream,
                                                 absl::Time deadline) {
  RETURN_IF_ERROR(CheckText("agency", agency));
  const std::string agency_text(agency), stream_text(stream);
  Earlier earlier;
  RETURN_IF_ERROR(sessions_->Autocommit(deadline, [&](Tx& tx) {
    earlier = {};
    const pqxx::result rows =
        tx.exec_prepared(kEarlier.name, agency_text, stream_text);
    for (const pqxx::row& row : rows) {
      // The first row holds the number of others in the column of the version.
      if (row.num() == 0) {
        earlier.other_applicants = row[2].as<int>();
      } else {
        earlier.same_applicant.push_back(FoundSimilarOf(row));
      }
    }
    return absl::OkStatus();
  }));
  return earlier;
}

absl::StatusOr<std::vector<Index::OpenCase>> PostgresStore::OpenCases(
    std::string_view agency, std::string_view after_agency,
    std::string_view after_stream, int limit, absl::Time deadline) {
  RETURN_IF_ERROR(CheckText("agency", agency));
  const std::string agency_text(agency), after_agency_text(after_agency),
      after_text(after_stream.empty() ? kFirstStream : after_stream);
  std::vector<OpenCase> found;
  RETURN_IF_ERROR(sessions_->Autocommit(deadline, [&](Tx& tx) {
    found.clear();
    for (const pqxx::row& row :
         tx.exec_prepared(kOpenCases.name, agency_text, after_agency_text,
                          after_text, limit)) {
      found.push_back(
          {TextOf(row[0]), TextOf(row[1]), TextOf(row[2]), TextOf(row[3])});
    }
    return absl::OkStatus();
  }));
  return found;
}

absl::StatusOr<std::vector<std::string>> PostgresStore::Agencies(
    absl::Time deadline) {
  std::vector<std::string> agencies;
  RETURN_IF_ERROR(sessions_->Autocommit(deadline, [&](Tx& tx) {
    agencies.clear();
    for (const pqxx::row& row : tx.exec_prepared(kAgencies.name)) {
      agencies.push_back(TextOf(row[0]));
    }
    return absl::OkStatus();
  }));
  return agencies;
}

absl::StatusOr<std::vector<LogEntry>> PostgresStore::ReadLog(
    int64_t after, std::string_view agency, int max, absl::Time deadline) {
  RETURN_IF_ERROR(CheckText("agency", agency));
  const std::string agency_text(agency);
  std::vector<LogEntry> entries;
  RETURN_IF_ERROR(sessions_->Autocommit(deadline, [&](Tx& tx) {
    entries = All(tx.exec_prepared(kReadLog.name, after, agency_text, max),
                  &LogEntryOf);
    return absl::OkStatus();
  }));
  return entries;
}

absl::StatusOr<int64_t> PostgresStore::LogSize(absl::Time deadline) {
  int64_t size = 0;
  RETURN_IF_ERROR(sessions_->Autocommit(deadline, [&](Tx& tx) {
    size = tx.exec_prepared1(kLogSize.name)[0].as<int64_t>();
    return absl::OkStatus();
  }));
  return size;
}

absl::StatusOr<std::string> PostgresStore::JobState(std::string_view job,
                                                    absl::Time deadline) {
  RETURN_IF_ERROR(CheckText("job", job));
  const std::string job_text(job);
  std::string state;
  RETURN_IF_ERROR(sessions_->Autocommit(deadline, [&](Tx& tx) {
    const pqxx::result rows = tx.exec_prepared(kJobState.name, job_text);
    state = rows.empty() ? "" : TextOf(rows[0][0]);
    return absl::OkStatus();
  }));
  return state;
}

absl::Status PostgresStore::SetJobState(std::string_view job,
                                        std::string_view state,
                                        absl::Time deadline) {
  RETURN_IF_ERROR(CheckText("job", job));
  RETURN_IF_ERROR(CheckText("state", state));
  const std::string job_text(job), state_text(state);
  return sessions_->Autocommit(deadline, [&](Tx& tx) {
    tx.exec_prepared(kSetJobState.name, job_text, state_text);
    return absl::OkStatus();
  });
}

}  // namespace gongkai::storage
