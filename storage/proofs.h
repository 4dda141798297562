// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_STORAGE_PROOFS_H_
#define GONGKAI_STORAGE_PROOFS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

// What proves the log, and who saw what. Statuses as in store.h.
namespace gongkai::storage {

// A checkpoint as signed.
struct StoredCheckpoint {
  int64_t size = 0;
  std::string root;  // 32 bytes
  std::string note;
  absl::Time signed_time;
};

// Where a checkpoint went.
enum class AnchorKind { kFolder = 1, kWitness = 2 };
struct StoredAnchor {
  int64_t size = 0;
  AnchorKind kind = AnchorKind::kFolder;
  std::string place;
  std::string note;  // as it went out; with the cosignature of a witness
  absl::Time anchored_time;
};

// How far the log is proved to the outside.
struct LogHealth {
  int64_t size = 0;  // of the tree
  int64_t signed_size = 0;
  int64_t anchored_size = 0;
  std::optional<absl::Time> anchored_time;
  // When the oldest entry that is not anchored was recorded; absent when all
  // are.
  std::optional<absl::Time> unanchored_since;
};

// Place of an event in the log.
struct EventPlace {
  int64_t seq = 0;
  int64_t log_index = 0;
};

// Checkpoints and proofs. Thread-safe.
class Proofs {
 public:
  virtual ~Proofs() = default;
  // Places of the events of a stream, in order; those still queued are absent.
  virtual absl::StatusOr<std::vector<EventPlace>> PlacesOf(
      std::string_view agency, std::string_view stream,
      absl::Time deadline) = 0;
  // The newest checkpoint of at most `size` entries, 0 for any.
  virtual absl::StatusOr<std::optional<StoredCheckpoint>> NewestCheckpoint(
      int64_t size, absl::Time deadline) = 0;
  virtual absl::StatusOr<std::vector<StoredAnchor>> AnchorsOf(
      int64_t size, absl::Time deadline) = 0;
  virtual absl::StatusOr<LogHealth> Health(absl::Time deadline) = 0;
  // The signer's alone. One of the same size is kept as it is.
  virtual absl::Status PutCheckpoint(const StoredCheckpoint& checkpoint,
                                     absl::Time deadline) = 0;
  virtual absl::Status PutAnchor(const StoredAnchor& anchor,
                                 absl::Time deadline) = 0;
};

// One record of access, sealed.
struct AccessRow {
  std::string agency;
  std::string access_id;  // UUID
  absl::Time recorded_time;
  int kind = 0;                      // v1::AccessKind
  std::vector<std::string> numbers;  // of the cases, without blanks
  std::string leaf_hash;
  std::string record;
};

// Who saw what. Thread-safe.
class AccessBook {
 public:
  virtual ~AccessBook() = default;
  // Records all of `rows`, of any agencies, in one commit; those recorded
  // before are passed over.
  virtual absl::Status RecordAccess(const std::vector<AccessRow>& rows,
                                    absl::Time deadline) = 0;
  // The newest `max` records on a case until a moment, oldest first, as their
  // canonical bytes.
  virtual absl::StatusOr<std::vector<std::string>> AccessesOf(
      std::string_view agency, std::string_view number, absl::Time until,
      int max, absl::Time deadline) = 0;
};

}  // namespace gongkai::storage

#endif  // GONGKAI_STORAGE_PROOFS_H_
