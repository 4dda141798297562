// SPDX-License-Identifier: Apache-2.0
// Checkpoints, places and access records.
#include <pqxx/pqxx>

#include "absl/strings/str_join.h"
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

std::optional<absl::Time> MaybeTime(const pqxx::field& field) {
  if (field.is_null()) return std::nullopt;
  return TimeOf(field);
}

}  // namespace

absl::StatusOr<std::vector<EventPlace>> PostgresStore::PlacesOf(
    std::string_view agency, std::string_view stream, absl::Time deadline) {
  RETURN_IF_ERROR(CheckText("agency", agency));
  const std::string agency_text(agency), stream_text(stream);
  std::vector<EventPlace> places;
  RETURN_IF_ERROR(sessions_->Autocommit(deadline, [&](Tx& tx) {
    places.clear();
    for (const auto& row :
         tx.exec_prepared(kPlacesOf.name, agency_text, stream_text)) {
      places.push_back({row[0].as<int64_t>(), row[1].as<int64_t>()});
    }
    return absl::OkStatus();
  }));
  return places;
}

absl::StatusOr<std::optional<StoredCheckpoint>> PostgresStore::NewestCheckpoint(
    int64_t size, absl::Time deadline) {
  std::optional<StoredCheckpoint> found;
  RETURN_IF_ERROR(sessions_->Autocommit(deadline, [&](Tx& tx) {
    found.reset();
    for (const auto& row : tx.exec_prepared(kNewestCheckpoint.name, size)) {
      found = StoredCheckpoint{row[0].as<int64_t>(), BytesOf(row[1]),
                               TextOf(row[2]), TimeOf(row[3])};
    }
    return absl::OkStatus();
  }));
  return found;
}

absl::StatusOr<std::vector<StoredAnchor>> PostgresStore::AnchorsOf(
    int64_t size, absl::Time deadline) {
  std::vector<StoredAnchor> anchors;
  RETURN_IF_ERROR(sessions_->Autocommit(deadline, [&](Tx& tx) {
    anchors.clear();
    for (const auto& row : tx.exec_prepared(kAnchorsOf.name, size)) {
      anchors.push_back({row[0].as<int64_t>(),
                         static_cast<AnchorKind>(row[1].as<int>()),
                         TextOf(row[2]), TextOf(row[3]), TimeOf(row[4])});
    }
    return absl::OkStatus();
  }));
  return anchors;
}

absl::StatusOr<LogHealth> PostgresStore::Health(absl::Time deadline) {
  LogHealth health;
  RETURN_IF_ERROR(sessions_->Autocommit(deadline, [&](Tx& tx) {
    const pqxx::row row = tx.exec_prepared1(kHealth.name);
    health = {row[0].as<int64_t>(), row[1].as<int64_t>(), row[2].as<int64_t>(),
              MaybeTime(row[3]), MaybeTime(row[4])};
    return absl::OkStatus();
  }));
  return health;
}

absl::Status PostgresStore::PutCheckpoint(const StoredCheckpoint& checkpoint,
                                          absl::Time deadline) {
  return sessions_->Autocommit(deadline, [&](Tx& tx) {
    tx.exec_prepared(kPutCheckpoint.name, checkpoint.size,
                     pqxx::binarystring(checkpoint.root), checkpoint.note);
    return absl::OkStatus();
  });
}

absl::Status PostgresStore::PutAnchor(const StoredAnchor& anchor,
                                      absl::Time deadline) {
  RETURN_IF_ERROR(CheckText("place", anchor.place));
  return sessions_->Autocommit(deadline, [&](Tx& tx) {
    tx.exec_prepared(kPutAnchor.name, anchor.size,
                     static_cast<int>(anchor.kind), anchor.place, anchor.note);
    return absl::OkStatus();
  });
}

absl::Status PostgresStore::RecordAccess(const std::vector<AccessRow>& rows,
                                         absl::Time deadline) {
  ArrayText agencies, ids, times, kinds, numbers, leaves, records;
  for (const AccessRow& row : rows) {
    RETURN_IF_ERROR(CheckText("agency", row.agency));
    agencies.Add(row.agency);
    ids.Add(row.access_id);
    times.Add(FormatInstant(row.recorded_time));
    kinds.AddInt(row.kind);
    numbers.Add(absl::StrJoin(row.numbers, " "));
    leaves.AddBytes(row.leaf_hash);
    records.AddBytes(row.record);
  }
  const std::string columns[] = {agencies.Take(), ids.Take(),     times.Take(),
                                 kinds.Take(),    numbers.Take(), leaves.Take(),
                                 records.Take()};
  return sessions_->Autocommit(deadline, [&](Tx& tx) {
    tx.exec_prepared(kRecordAccess.name, columns[0], columns[1], columns[2],
                     columns[3], columns[4], columns[5], columns[6]);
    return absl::OkStatus();
  });
}

absl::StatusOr<std::vector<std::string>> PostgresStore::AccessesOf(
    std::string_view agency, std::string_view number, absl::Time until, int max,
    absl::Time deadline) {
  RETURN_IF_ERROR(CheckText("agency", agency));
  RETURN_IF_ERROR(CheckText("number", number));
  const std::string agency_text(agency), number_text(number),
      until_text = FormatInstant(until);
  std::vector<std::string> records;
  RETURN_IF_ERROR(sessions_->Autocommit(deadline, [&](Tx& tx) {
    records.clear();
    for (const auto& row : tx.exec_prepared(kAccessesOf.name, agency_text,
                                            number_text, until_text, max)) {
      records.push_back(BytesOf(row[0]));
    }
    return absl::OkStatus();
  }));
  return records;
}

}  // namespace gongkai::storage
