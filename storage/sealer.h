// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_STORAGE_SEALER_H_
#define GONGKAI_STORAGE_SEALER_H_

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "storage/store.h"

namespace gongkai::storage {

// Seals what the database must not read (落库加密). The keys lie outside of it.
// Thread-safe.
class Sealer {
 public:
  virtual ~Sealer() = default;
  // A new data key for a stream, wrapped under the newest outer key. Bound to
  // the stream: under another it does not open.
  virtual absl::StatusOr<DataKey> NewKey(std::string_view agency,
                                         std::string_view stream) = 0;
  // The same key under the newest outer key.
  virtual absl::StatusOr<DataKey> Rewrap(std::string_view agency,
                                         std::string_view stream,
                                         const DataKey& key) = 0;
  // Seals `plain`, bound to stream and event.
  virtual absl::StatusOr<std::string> Seal(std::string_view agency,
                                           std::string_view stream, int64_t seq,
                                           const DataKey& key,
                                           std::string_view plain) = 0;
  // What was sealed. DATA_LOSS when it was altered or moved;
  // FAILED_PRECONDITION when its outer key is not here.
  virtual absl::StatusOr<std::string> Open(std::string_view agency,
                                           std::string_view stream, int64_t seq,
                                           const DataKey& key,
                                           std::string_view sealed) = 0;
  // Number of the newest outer key.
  virtual int newest() const = 0;
};

}  // namespace gongkai::storage

#endif  // GONGKAI_STORAGE_SEALER_H_
