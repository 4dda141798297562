// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_AUDIT_MERKLE_H_
#define GONGKAI_SERVICES_AUDIT_MERKLE_H_

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "services/audit/suite.h"

// The Merkle tree of the log (RFC 6962, 2.1), over the digest of a suite.
// Indexes count from 0: the entry in place 1 of the log is leaf 0. Hashes are
// 32 bytes; sizes and indexes are 0 to 2^63 - 1.
namespace gongkai::audit {

using Hashes = std::vector<std::string>;

// Digest(0x00 ‖ leaf).
std::string LeafHashOf(Suite suite, std::string_view leaf);
// Digest(0x01 ‖ left ‖ right).
std::string NodeHash(Suite suite, std::string_view left,
                     std::string_view right);
// Digest of nothing: the root of a tree without leaves.
std::string EmptyRoot(Suite suite);

// The root of a growing row of leaves, in memory that grows with the logarithm
// of their number.
class RootBuilder {
 public:
  explicit RootBuilder(Suite suite) : suite_(suite) {}
  void Add(std::string_view leaf_hash);
  int64_t size() const { return size_; }
  std::string Root() const;

 private:
  Suite suite_;
  int64_t size_ = 0;
  Hashes peaks_;  // of the full subtrees, largest first
};

// The tree in tiles (C2SP tlog-tiles): a tile of level L and index N holds the
// hashes of up to 256 full subtrees of 256^L leaves each, one after the other.
inline constexpr int kTileHeight = 8;
inline constexpr int kTileWidth = 1 << kTileHeight;

struct Tile {
  int level = 0;
  int64_t index = 0;
  std::string hashes;  // 1 to 256 of 32 bytes
};

// Reads a tile that holds at least `width` hashes; more do no harm. What the
// tree functions get from it is checked for length: DATA_LOSS names the tile.
using ReadTile = std::function<absl::StatusOr<std::string>(
    int level, int64_t index, int width)>;

// Appends leaves to a tree of `size`: every tile that changes, whole.
absl::StatusOr<std::vector<Tile>> ExtendTiles(Suite suite, int64_t size,
                                              const Hashes& leaf_hashes,
                                              const ReadTile& read);

// The root of the first `size` leaves.
absl::StatusOr<std::string> RootAt(Suite suite, int64_t size,
                                   const ReadTile& read);
// That leaf `index` is in the tree of `size`. INVALID_ARGUMENT unless index <
// size.
absl::StatusOr<Hashes> ProveInclusion(Suite suite, int64_t index, int64_t size,
                                      const ReadTile& read);
// That the tree of `size` begins with that of `old_size`. INVALID_ARGUMENT
// unless 0 < old_size <= size.
absl::StatusOr<Hashes> ProveConsistency(Suite suite, int64_t old_size,
                                        int64_t size, const ReadTile& read);

// OK when the proof holds. DATA_LOSS says in a sentence what does not;
// INVALID_ARGUMENT that nothing could be checked (a hash not of 32 bytes, an
// index that is not below the size, sizes out of order, an old size of 0).
absl::Status CheckInclusion(Suite suite, int64_t index, int64_t size,
                            std::string_view leaf_hash, const Hashes& proof,
                            std::string_view root);
absl::Status CheckConsistency(Suite suite, int64_t old_size,
                              std::string_view old_root, int64_t size,
                              std::string_view root, const Hashes& proof);

}  // namespace gongkai::audit

#endif  // GONGKAI_SERVICES_AUDIT_MERKLE_H_
