// SPDX-License-Identifier: Apache-2.0
// The log and its tree: places and tiles in one transaction.
#include <map>
#include <pqxx/pqxx>
#include <utility>

#include "absl/strings/str_cat.h"
#include "services/audit/encoding.h"
#include "services/audit/merkle.h"
#include "services/audit/record.h"
#include "services/base/status_macros.h"
#include "storage/check.h"
#include "storage/postgres/postgres_store.h"
#include "storage/postgres/session.h"
#include "storage/postgres/statements.h"
#include "storage/postgres/values.h"

namespace gongkai::storage {
namespace {

using Tx = pqxx::transaction_base;

// Answers of sequence_log.
enum class State { kAnotherAtWork = 0, kMoved = 1, kDone = 2 };

// What sequence_log handed out: the tree before, the leaves that it lacks, and
// the tiles at its right edge, by level.
struct Taken {
  State state = State::kAnotherAtWork;
  int placed = 0;
  TreeHead head;
  audit::Suite suite = audit::Suite::kSha256Ed25519;
  audit::Hashes leaves;
  std::map<int, std::string> edge;
};

// Bytes inside an array: `\x…`.
absl::StatusOr<std::string> ArrayBytes(const std::string& text) {
  if (!text.starts_with("\\x")) return absl::DataLossError("no bytes");
  return audit::FromHex(std::string_view(text).substr(2));
}

absl::StatusOr<Taken> TakenOf(const pqxx::row& row) {
  Taken taken;
  taken.state = static_cast<State>(row[0].as<int>());
  if (taken.state == State::kAnotherAtWork) return taken;
  taken.placed = row[1].as<int>();
  taken.head = {row[2].as<int64_t>(), BytesOf(row[3])};
  ASSIGN_OR_RETURN(taken.suite, audit::SuiteNumbered(row[4].as<int>()));
  if (!row[5].is_null()) {
    const std::string leaves = BytesOf(row[5]);
    for (size_t i = 0; i + audit::kHashBytes <= leaves.size();
         i += audit::kHashBytes) {
      taken.leaves.push_back(leaves.substr(i, audit::kHashBytes));
    }
  }
  const std::vector<std::string> levels = ElementsOf(row[6]),
                                 hashes = ElementsOf(row[7]);
  for (size_t i = 0; i < levels.size() && i < hashes.size(); ++i) {
    ASSIGN_OR_RETURN(taken.edge[std::stoi(levels[i])], ArrayBytes(hashes[i]));
  }
  return taken;
}

// Takes the leaves into the tree: sends the tiles that change and the new head,
// which it returns.
absl::StatusOr<TreeHead> Extend(Tx& tx, const Taken& taken) {
  std::map<std::pair<int, int64_t>, std::string> changed;
  const int64_t before = taken.head.size;
  const audit::ReadTile read = [&](int level, int64_t index,
                                   int) -> absl::StatusOr<std::string> {
    if (const auto it = changed.find({level, index}); it != changed.end()) {
      return it->second;
    }
    const auto it = taken.edge.find(level);
    const bool at_edge =
        index == (before >> (audit::kTileHeight * (level + 1)));
    if (it != taken.edge.end() && at_edge) return it->second;
    return absl::DataLossError(
        absl::StrCat("the tree lacks tile ", index, " of level ", level));
  };
  ASSIGN_OR_RETURN(const std::vector<audit::Tile> tiles,
                   audit::ExtendTiles(taken.suite, before, taken.leaves, read));
  ArrayText levels, indexes, hashes;
  for (const audit::Tile& tile : tiles) {
    levels.AddInt(tile.level);
    indexes.AddInt(tile.index);
    hashes.AddBytes(tile.hashes);
    changed[{tile.level, tile.index}] = tile.hashes;
  }
  TreeHead after;
  after.size = before + static_cast<int64_t>(taken.leaves.size());
  ASSIGN_OR_RETURN(after.root, audit::RootAt(taken.suite, after.size, read));
  tx.exec_prepared(kExtend.name, before, after.size,
                   pqxx::binarystring(after.root), levels.Take(),
                   indexes.Take(), hashes.Take());
  return after;
}

}  // namespace

absl::StatusOr<Sequenced> PostgresStore::Sequence(int max,
                                                  const TreeHead* known,
                                                  absl::Time deadline) {
  Sequenced sequenced;
  RETURN_IF_ERROR(sessions_->Transact(deadline, [&](Tx& tx) -> absl::Status {
    sequenced = {};
    pqxx::row row;
    if (known == nullptr) {
      row = tx.exec_prepared1(kSequence.name, max,
                              static_cast<const char*>(nullptr),
                              static_cast<const char*>(nullptr));
    } else {
      row = tx.exec_prepared1(kSequence.name, max, known->size,
                              pqxx::binarystring(known->root));
    }
    ASSIGN_OR_RETURN(const Taken taken, TakenOf(row));
    if (taken.state == State::kAnotherAtWork) return absl::OkStatus();
    sequenced.placed = taken.placed;
    sequenced.moved = taken.state == State::kMoved;
    sequenced.head = taken.head;
    if (taken.leaves.empty()) return absl::OkStatus();
    sequenced.more = static_cast<int>(taken.leaves.size()) == max;
    ASSIGN_OR_RETURN(sequenced.head, Extend(tx, taken));
    return absl::OkStatus();
  }));
  return sequenced;
}

absl::StatusOr<LogIdentity> PostgresStore::Identity(absl::Time deadline) {
  LogIdentity identity;
  RETURN_IF_ERROR(sessions_->Autocommit(deadline, [&](Tx& tx) {
    const pqxx::row row = tx.exec_prepared1(kLogHead.name);
    identity = {TextOf(row[0]), row[1].as<int>()};
    return absl::OkStatus();
  }));
  return identity;
}

absl::StatusOr<TreeHead> PostgresStore::Head(absl::Time deadline) {
  TreeHead head;
  RETURN_IF_ERROR(sessions_->Autocommit(deadline, [&](Tx& tx) {
    const pqxx::row row = tx.exec_prepared1(kLogHead.name);
    head = {row[3].as<int64_t>(), BytesOf(row[4])};
    return absl::OkStatus();
  }));
  return head;
}

absl::StatusOr<std::string> PostgresStore::Tile(int level, int64_t index,
                                                absl::Time deadline) {
  std::string hashes;
  RETURN_IF_ERROR(sessions_->Autocommit(deadline, [&](Tx& tx) -> absl::Status {
    const pqxx::row row = tx.exec_prepared1(kTile.name, level, index);
    if (row[0].is_null()) {
      return absl::NotFoundError(
          absl::StrCat("the tree has no tile ", index, " of level ", level));
    }
    hashes = BytesOf(row[0]);
    return absl::OkStatus();
  }));
  return hashes;
}

absl::Status PostgresStore::CreateLog(const LogIdentity& identity,
                                      absl::Time deadline) {
  RETURN_IF_ERROR(CheckText("origin", identity.origin));
  ASSIGN_OR_RETURN(const audit::Suite suite,
                   audit::SuiteNumbered(identity.suite));
  const std::string prefix = audit::RecordPrefix(suite, identity.origin);
  return sessions_->Autocommit(deadline, [&](Tx& tx) {
    tx.exec_prepared(kCreateLog.name, identity.origin, identity.suite,
                     pqxx::binarystring(prefix),
                     pqxx::binarystring(audit::EmptyRoot(suite)));
    return absl::OkStatus();
  });
}

}  // namespace gongkai::storage
