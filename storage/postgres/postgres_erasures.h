// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_STORAGE_POSTGRES_POSTGRES_ERASURES_H_
#define GONGKAI_STORAGE_POSTGRES_POSTGRES_ERASURES_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

// What was destroyed, to be kept beside a backup, and its destruction once more
// after a restore.
namespace gongkai::storage {

// The record of an erasure, with the leaves of the events before it in their
// order: the leaf of the event n of the stream is leaves[n - 1].
struct ErasureRecord {
  std::string agency;
  std::string stream;
  std::string number;
  int64_t seq = 0;
  std::string record;
  std::vector<std::string> leaves;  // 32 bytes each
};

// Every erasure of the database at `dsn`, in the order of agencies, streams and
// events. Under the auditor's role: PERMISSION_DENIED otherwise.
absl::StatusOr<std::vector<ErasureRecord>> ReadErasures(const std::string& dsn,
                                                        absl::Time deadline);

// What an erasure destroyed: the events of a stream by number and leaf.
struct Erased {
  std::string agency;
  std::string stream;
  std::vector<int64_t> events;
  std::vector<std::string> leaves;  // as many
  bool words = false;
};

// How many of the events are in the database, and how many private parts of
// theirs were still there and are destroyed now.
struct Replayed {
  int known = 0;
  int destroyed = 0;
};

// Destroys again all of `erased`, in one commit, under the owner's role. Events
// that the database does not have, or has another leaf for, are left alone.
// The result has one element for each, in order.
absl::StatusOr<std::vector<Replayed>> ReplayErasures(
    const std::string& dsn, const std::vector<Erased>& erased,
    absl::Time deadline);

}  // namespace gongkai::storage

#endif  // GONGKAI_STORAGE_POSTGRES_POSTGRES_ERASURES_H_
