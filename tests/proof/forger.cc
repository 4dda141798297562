// SPDX-License-Identifier: Apache-2.0
#include "tests/proof/forger.h"

#include <cstdlib>
#include <iostream>
#include <map>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "services/audit/merkle.h"
#include "services/base/dates.h"
#include "services/base/ids.h"
#include "storage/postgres/postgres_scan.h"
#include "storage/postgres/sealing.h"
#include "tests/support/test_vault.h"

namespace gongkai::test {
namespace {

using storage::RowKey;

[[noreturn]] void Die(const std::string& what) {
  std::cerr << "forger: " << what << std::endl;
  std::_Exit(1);
}

std::string KeySql(const RowKey& key) {
  return absl::StrCat("agency_id = '", key.agency, "' AND stream_id = '",
                      key.stream, "' AND seq = ", key.seq);
}

template <typename Row>
std::vector<Row> All(std::unique_ptr<storage::Rows<Row>> rows) {
  std::vector<Row> all;
  Row row;
  while (rows->Next(row)) all.push_back(row);
  return all;
}

}  // namespace

std::string Bytes(std::string_view bytes) {
  return absl::StrCat("'\\x", absl::BytesToHexString(ToAbsl(bytes)),
                      "'::bytea");
}

Forger::Forger(const TempPostgres& postgres, std::string database)
    : postgres_(postgres), database_(std::move(database)) {
  Triggers("DISABLE");
}

Forger::~Forger() { Triggers("ENABLE"); }

void Forger::Triggers(const char* action) const {
  for (const char* table : {"event", "log_leaf", "log_tile", "checkpoint",
                            "anchor", "access", "filed_return"}) {
    Sql(absl::StrCat("ALTER TABLE ", table, " ", action, " TRIGGER ALL"));
  }
}

std::string Forger::Sql(const std::string& statements) const {
  return postgres_.Run(postgres_.Superuser(database_), statements);
}

void Forger::Read(const std::function<void(storage::Scan&)>& read) const {
  const absl::Status status = storage::ReadSnapshot(
      postgres_.Superuser(database_),
      [&](storage::Scan& scan) {
        read(scan);
        return absl::OkStatus();
      },
      &TestVault());
  if (!status.ok()) Die(status.ToString());
}

std::string Forger::Of(std::string_view number) const {
  return absl::StrCat(
      "(agency_id, stream_id) = (SELECT s.agency_id, s.stream_id FROM stream s "
      "WHERE s.number = '",
      ToAbsl(number), "')");
}

std::string Forger::Of(std::string_view number, int64_t seq) const {
  return absl::StrCat(Of(number), " AND seq = ", seq);
}

void Forger::EditRecord(std::string_view number, int64_t seq,
                        const Edit& edit) const {
  const std::string hex = Sql(absl::StrCat(
      "SELECT encode(record, 'hex') FROM event WHERE ", Of(number, seq)));
  auto record = audit::Decode(absl::HexStringToBytes(hex));
  v1::Event body;
  if (!record.ok() || !body.ParseFromString(record->public_body)) {
    Die("no such record");
  }
  edit(*record, body);
  record->public_body = body.SerializeAsString();
  Sql(absl::StrCat("UPDATE event SET record = ", Bytes(audit::Encode(*record)),
                   " WHERE ", Of(number, seq)));
}

void Forger::EditPrivate(
    std::string_view number, int64_t seq,
    const std::function<void(v1::Event& part)>& edit) const {
  const auto ask = [&](const char* what) {
    return Sql(absl::StrCat("SELECT ", what,
                            " FROM private_part JOIN data_key USING "
                            "(agency_id, stream_id) WHERE ",
                            Of(number, seq)));
  };
  const std::string agency = ask("agency_id"), stream = ask("stream_id");
  storage::DataKey key;
  if (!absl::SimpleAtoi(ask("outer_key"), &key.outer)) Die("no data key");
  key.wrapped = absl::HexStringToBytes(ask("encode(wrapped, 'hex')"));
  std::string salt;
  std::string payload = absl::HexStringToBytes(ask("encode(payload, 'hex')"));
  const absl::Status opened =
      storage::OpenPart(&TestVault(), agency, stream, seq, key, salt, payload);
  v1::Event part;
  if (!opened.ok() || !part.ParseFromString(payload)) Die("no private part");
  edit(part);
  const auto sealed = TestVault().Seal(agency, stream, seq, key,
                                       salt + part.SerializeAsString());
  if (!sealed.ok()) Die(sealed.status().ToString());
  Sql(absl::StrCat("UPDATE private_part SET payload = ", Bytes(*sealed),
                   " WHERE ", Of(number, seq)));
}

void Forger::Unseal(std::string_view number) const {
  const std::string stream = Sql(absl::StrCat(
      "SELECT stream_id FROM stream WHERE number = '", ToAbsl(number), "'"));
  Read([&](storage::Scan& scan) {
    for (const auto& row : All(scan.Privates())) {
      if (row.key.stream != stream || !row.has_payload) continue;
      if (row.sealed) Die("a private part that does not open");
      Sql(absl::StrCat("UPDATE private_part SET salt = ", Bytes(row.salt),
                       ", payload = ", Bytes(row.payload), " WHERE ",
                       KeySql(row.key)));
    }
  });
}

void Forger::RebuildChains() const {
  std::vector<storage::EventRow> events;
  std::map<RowKey, storage::PrivateRow> privates;
  Read([&](storage::Scan& scan) {
    events = All(scan.Events());
    for (auto& row : All(scan.Privates())) privates[row.key] = row;
  });
  std::string script;
  std::string previous;
  for (size_t i = 0; i < events.size(); ++i) {
    const RowKey& key = events[i].key;
    const storage::StoredEvent& row = events[i].event;
    const bool first = i == 0 || events[i - 1].key.agency != key.agency ||
                       events[i - 1].key.stream != key.stream;
    if (first) previous = std::string(audit::kHashBytes, '\0');
    auto record = audit::Decode(row.record);
    if (!record.ok()) Die(record.status().ToString());
    record->agency = key.agency;
    record->stream = key.stream;
    record->seq = key.seq;
    record->event_type = row.type;
    record->event_id = row.event_id;
    record->request_id = row.request_id;
    record->recorded_time = row.recorded_time;
    record->occurred_date = FormatDay(row.occurred);
    record->previous_hash = previous;
    const auto part = privates.find(key);
    if (part != privates.end() && part->second.has_payload) {
      record->private_commitment = audit::Commitment(
          record->suite, part->second.salt, part->second.payload);
    }
    const std::string bytes = audit::Encode(*record);
    previous = audit::EventHash(bytes);
    absl::StrAppend(&script, "UPDATE event SET record = ", Bytes(bytes),
                    ", hash = ", Bytes(previous),
                    ", leaf_hash = ", Bytes(audit::LeafHash(bytes)), " WHERE ",
                    KeySql(key),
                    ";\nUPDATE stream SET head = ", Bytes(previous),
                    ", version = ", key.seq, " WHERE agency_id = '", key.agency,
                    "' AND stream_id = '", key.stream, "';\n");
  }
  Sql(script);
}

void Forger::RebuildLog() const {
  std::map<RowKey, std::pair<std::string, int>> records;  // leaf, kind
  std::vector<RowKey> order;
  audit::Suite suite = audit::Suite::kSha256Ed25519;
  Read([&](storage::Scan& scan) {
    suite = static_cast<audit::Suite>(scan.ReadLogRow()->identity.suite);
    for (const auto& row : All(scan.Events())) {
      records[row.key] = {row.event.leaf_hash, 1};
    }
    for (const auto& row : All(scan.Accesses())) {
      records[row.key] = {row.access.leaf_hash, 2};
    }
    for (const auto& row : All(scan.Leaves())) order.push_back(row.key);
  });
  std::map<RowKey, bool> placed;
  for (const RowKey& key : order) placed[key] = records.contains(key);
  std::vector<RowKey> kept;
  // Records that have no place yet follow the one before them.
  const auto place = [&](RowKey key) {
    for (kept.push_back(key), ++key.seq;
         records.contains(key) && !placed.contains(key); ++key.seq) {
      kept.push_back(key);
      placed[key] = true;
    }
  };
  for (const RowKey& key : order) {
    if (placed[key]) place(key);
  }
  audit::Hashes leaves;
  std::string script =
      "DELETE FROM log_leaf; DELETE FROM log_queue; DELETE FROM log_tile;\n";
  for (const RowKey& key : kept) {
    const auto& [leaf, kind] = records[key];
    leaves.push_back(leaf);
    absl::StrAppend(&script,
                    "INSERT INTO log_leaf (log_id, log_index, seq, stream_id, "
                    "agency_id, leaf_hash, kind) VALUES (1, ",
                    leaves.size(), ", ", key.seq, ", '", key.stream, "', '",
                    key.agency, "', ", Bytes(leaf), ", ", kind, ");\n");
  }
  const auto tiles = audit::ExtendTiles(
      suite, 0, leaves, [](int, int64_t, int) -> absl::StatusOr<std::string> {
        return absl::NotFoundError("");
      });
  if (!tiles.ok()) Die(tiles.status().ToString());
  for (const audit::Tile& tile : *tiles) {
    absl::StrAppend(&script,
                    "INSERT INTO log_tile (log_id, level, tile_index, hashes) "
                    "VALUES (1, ",
                    tile.level, ", ", tile.index, ", ", Bytes(tile.hashes),
                    ");\n");
  }
  audit::RootBuilder root(suite);
  for (const std::string& leaf : leaves) root.Add(leaf);
  absl::StrAppend(&script, "UPDATE log SET size = ", leaves.size(),
                  ", tree_size = ", leaves.size(),
                  ", root = ", Bytes(root.Root()), ";");
  Sql(script);
}

void Forger::Rebuild() const {
  RebuildChains();
  RebuildLog();
}

void Forger::Resign(const LogKey& key) const {
  storage::TreeHead head;
  Read([&](storage::Scan& scan) { head = scan.ReadLogRow()->tree; });
  Sql("DELETE FROM checkpoint; DELETE FROM anchor");
  const std::string note =
      SignedNote(key, {key.verifier.name, head.size, head.root});
  Sql(
      absl::StrCat("INSERT INTO checkpoint (log_id, tree_size, root, note) "
                   "VALUES (1, ",
                   head.size, ", ", Bytes(head.root), ", convert_from(",
                   Bytes(note), ", 'UTF8'))"));
}

void Forger::DropCheckpointsBeyond() const {
  Sql("DELETE FROM checkpoint WHERE tree_size > (SELECT tree_size FROM log);"
      "DELETE FROM anchor WHERE tree_size > (SELECT tree_size FROM log)");
}

int64_t Forger::TreeSize() const {
  int64_t size = 0;
  if (!absl::SimpleAtoi(Sql("SELECT tree_size FROM log"), &size)) Die("size");
  return size;
}

}  // namespace gongkai::test
