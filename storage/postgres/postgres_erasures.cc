// SPDX-License-Identifier: Apache-2.0
#include "storage/postgres/postgres_erasures.h"

#include <pqxx/pqxx>

#include "services/base/status_macros.h"
#include "storage/postgres/scan_statements.h"
#include "storage/postgres/session.h"
#include "storage/postgres/statements.h"
#include "storage/postgres/values.h"

namespace gongkai::storage {
namespace {

using Tx = pqxx::transaction_base;

constexpr size_t kHashBytes = 32;

std::vector<std::string> SplitLeaves(const std::string& joined) {
  std::vector<std::string> leaves;
  for (size_t i = 0; i + kHashBytes <= joined.size(); i += kHashBytes) {
    leaves.push_back(joined.substr(i, kHashBytes));
  }
  return leaves;
}

}  // namespace

absl::StatusOr<std::vector<ErasureRecord>> ReadErasures(const std::string& dsn,
                                                        absl::Time deadline) {
  Sessions sessions({dsn, 1, false});
  std::vector<ErasureRecord> erasures;
  RETURN_IF_ERROR(sessions.Transact(deadline, [&](Tx& tx) {
    tx.exec(kScanSnapshot);
    if (!tx.exec(kScanSeesAll)[0][0].as<bool>()) {
      return absl::PermissionDeniedError(
          "erasures are read under the role of the auditor");
    }
    for (const auto& row : tx.exec(kReadErasures)) {
      erasures.push_back({TextOf(row[0]), TextOf(row[1]), TextOf(row[2]),
                          row[3].as<int64_t>(), BytesOf(row[4]),
                          SplitLeaves(BytesOf(row[5]))});
    }
    return absl::OkStatus();
  }));
  return erasures;
}

absl::StatusOr<std::vector<Replayed>> ReplayErasures(
    const std::string& dsn, const std::vector<Erased>& erased,
    absl::Time deadline) {
  Sessions sessions({dsn, 1, false});
  std::vector<Replayed> replayed;
  RETURN_IF_ERROR(sessions.Transact(deadline, [&](Tx& tx) {
    for (const Erased& one : erased) {
      ArrayText events, leaves;
      for (const int64_t seq : one.events) events.AddInt(seq);
      for (const std::string& leaf : one.leaves) leaves.AddBytes(leaf);
      const pqxx::result answer =
          tx.exec_params(kReplayErasure, one.agency, one.stream, events.Take(),
                         leaves.Take(), one.words);
      replayed.push_back({answer[0][0].as<int>(), answer[0][1].as<int>()});
    }
    return absl::OkStatus();
  }));
  return replayed;
}

}  // namespace gongkai::storage
