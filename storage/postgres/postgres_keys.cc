// SPDX-License-Identifier: Apache-2.0
// The part of PostgresStore that the jobs of the keys work with.
#include <algorithm>
#include <pqxx/pqxx>
#include <utility>

#include "services/base/status_macros.h"
#include "storage/check.h"
#include "storage/postgres/postgres_store.h"
#include "storage/postgres/sealing.h"
#include "storage/postgres/session.h"
#include "storage/postgres/statements.h"
#include "storage/postgres/values.h"

namespace gongkai::storage {
namespace {

using Tx = pqxx::transaction_base;

// Seals one bare part where it lies; nothing when it is gone meanwhile.
absl::Status SealOne(Tx& tx, Sealer* sealer, Append& at) {
  const pqxx::result found =
      tx.exec_prepared(kReadPlain.name, at.agency, at.stream, at.event.seq);
  if (found.empty()) return absl::OkStatus();
  const pqxx::row& row = found[0];
  at.event.salt = BytesOf(row[0]);
  at.event.payload = BytesOf(row[1]);
  at.key = {row[2].as<int>(0), BytesOf(row[3])};
  ASSIGN_OR_RETURN(const SealedPart part, PartSealer(sealer).Seal(at));
  const std::string outer =
      part.fresh.outer == 0 ? "" : std::to_string(part.fresh.outer);
  tx.exec_prepared(kSealPart.name, at.agency, at.stream, at.event.seq,
                   pqxx::binarystring(at.event.salt),
                   pqxx::binarystring(at.event.payload),
                   pqxx::binarystring(part.payload), NullIfEmpty(outer),
                   pqxx::binarystring(part.fresh.wrapped));
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::vector<KeyBook::StreamKey>> PostgresStore::KeysNotUnder(
    int newest, int limit, absl::Time deadline) {
  std::vector<StreamKey> keys;
  RETURN_IF_ERROR(sessions_->Autocommit(deadline, [&](Tx& tx) {
    keys.clear();
    for (const pqxx::row& row :
         tx.exec_prepared(kKeysNotUnder.name, newest, limit)) {
      keys.push_back({TextOf(row[0]),
                      TextOf(row[1]),
                      {row[2].as<int>(), BytesOf(row[3])}});
    }
    return absl::OkStatus();
  }));
  return keys;
}

absl::StatusOr<bool> PostgresStore::ReplaceKey(std::string_view agency,
                                               std::string_view stream,
                                               const DataKey& from,
                                               const DataKey& to,
                                               absl::Time deadline) {
  RETURN_IF_ERROR(CheckText("agency", agency));
  const std::string agency_text(agency), stream_text(stream);
  bool replaced = false;
  RETURN_IF_ERROR(sessions_->Autocommit(deadline, [&](Tx& tx) {
    replaced = tx.exec_prepared1(kReplaceKey.name, agency_text, stream_text,
                                 from.outer, pqxx::binarystring(from.wrapped),
                                 to.outer, pqxx::binarystring(to.wrapped))[0]
                   .as<bool>();
    return absl::OkStatus();
  }));
  return replaced;
}

absl::StatusOr<std::vector<KeyBook::AccountSecret>>
PostgresStore::SecretsNotUnder(int newest, int limit, absl::Time deadline) {
  std::vector<AccountSecret> secrets;
  RETURN_IF_ERROR(sessions_->Autocommit(deadline, [&](Tx& tx) {
    secrets.clear();
    for (const pqxx::row& row :
         tx.exec_prepared(kSecretsNotUnder.name, newest, limit)) {
      secrets.push_back({TextOf(row[0]), TextOf(row[1]), row[2].as<int64_t>(),
                         BytesOf(row[3])});
    }
    return absl::OkStatus();
  }));
  return secrets;
}

absl::StatusOr<std::vector<KeyBook::KeyCount>> PostgresStore::CountKeys(
    absl::Time deadline) {
  std::vector<KeyCount> counts;
  RETURN_IF_ERROR(sessions_->Autocommit(deadline, [&](Tx& tx) {
    counts.clear();
    for (const pqxx::row& row : tx.exec_prepared(kCountKeys.name)) {
      counts.push_back({row[0].as<int>(), row[1].as<int64_t>(), 0});
    }
    for (const pqxx::row& row : tx.exec_prepared(kCountSecrets.name)) {
      const int outer = row[0].as<int>();
      auto at = std::find_if(
          counts.begin(), counts.end(),
          [outer](const KeyCount& count) { return count.outer == outer; });
      if (at == counts.end()) at = counts.insert(at, {outer, 0, 0});
      at->secrets = row[1].as<int64_t>();
    }
    return absl::OkStatus();
  }));
  return counts;
}

absl::StatusOr<int> PostgresStore::SealPlain(int limit, absl::Time deadline) {
  if (sealer_ == nullptr) {
    return absl::FailedPreconditionError(
        "private parts cannot be sealed: the keys were not given");
  }
  std::vector<Append> plain;
  RETURN_IF_ERROR(sessions_->Autocommit(deadline, [&](Tx& tx) {
    plain.clear();
    for (const pqxx::row& row : tx.exec_prepared(kPlainParts.name, limit)) {
      Append at;
      at.agency = TextOf(row[0]);
      at.stream = TextOf(row[1]);
      at.event.seq = row[2].as<int64_t>();
      plain.push_back(std::move(at));
    }
    return absl::OkStatus();
  }));
  for (Append& at : plain) {
    const absl::Status status = sessions_->Transact(
        deadline, [&](Tx& tx) { return SealOne(tx, sealer_, at); });
    // The stream was given a key at the same moment: the part is still bare,
    // and is found again.
    if (!absl::IsAlreadyExists(status)) RETURN_IF_ERROR(status);
  }
  return static_cast<int>(plain.size());
}

}  // namespace gongkai::storage
