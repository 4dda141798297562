// SPDX-License-Identifier: Apache-2.0
// The part of PostgresStore that brings rows from before up to date.
#include <pqxx/pqxx>

#include "services/base/dates.h"
#include "services/base/status_macros.h"
#include "storage/check.h"
#include "storage/postgres/postgres_store.h"
#include "storage/postgres/session.h"
#include "storage/postgres/statements.h"
#include "storage/postgres/values.h"

namespace gongkai::storage {
namespace {

using Tx = pqxx::transaction_base;

// Before every stream.
constexpr char kNoStream[] = "00000000-0000-0000-0000-000000000000";

}  // namespace

absl::StatusOr<std::vector<RowBook::StaleCase>> PostgresStore::StaleCases(
    std::string_view after_agency, std::string_view after_stream, int limit,
    absl::Time deadline) {
  RETURN_IF_ERROR(CheckText("agency", after_agency));
  const std::string agency(after_agency),
      stream(after_stream.empty() ? kNoStream : after_stream);
  std::vector<StaleCase> cases;
  RETURN_IF_ERROR(sessions_->Autocommit(deadline, [&](Tx& tx) {
    cases.clear();
    for (const pqxx::row& row :
         tx.exec_prepared(kStaleCases.name, agency, stream, limit)) {
      cases.push_back({TextOf(row[0]), TextOf(row[1])});
    }
    return absl::OkStatus();
  }));
  return cases;
}

absl::StatusOr<int64_t> PostgresStore::CountStaleCases(absl::Time deadline) {
  int64_t count = 0;
  RETURN_IF_ERROR(sessions_->Autocommit(deadline, [&](Tx& tx) {
    count = tx.exec_prepared1(kCountStaleCases.name)[0].as<int64_t>();
    return absl::OkStatus();
  }));
  return count;
}

absl::StatusOr<bool> PostgresStore::RefreshRow(std::string_view agency,
                                               std::string_view stream,
                                               int64_t version,
                                               const CaseRow& row,
                                               absl::Time deadline) {
  RETURN_IF_ERROR(CheckText("agency", agency));
  const std::string agency_text(agency), stream_text(stream),
      finished = row.finished.has_value() ? FormatDay(*row.finished) : "";
  bool refreshed = false;
  RETURN_IF_ERROR(sessions_->Autocommit(deadline, [&](Tx& tx) {
    refreshed =
        tx.exec_prepared1(kRefreshCaseRow.name, agency_text, stream_text,
                          version, NullIfEmpty(finished), row.return_row,
                          row.counted, row.remedies, row.fees)[0]
            .as<bool>();
    return absl::OkStatus();
  }));
  return refreshed;
}

}  // namespace gongkai::storage
