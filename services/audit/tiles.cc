// SPDX-License-Identifier: Apache-2.0
// The tree in tiles: growing it, and proofs from it.
#include <algorithm>
#include <bit>
#include <limits>
#include <map>
#include <utility>

#include "absl/strings/str_format.h"
#include "services/audit/merkle.h"
#include "services/base/status_macros.h"

namespace gongkai::audit {
namespace {

// The largest power of two below `n`, which is at least 2.
int64_t SplitOf(int64_t n) {
  return static_cast<int64_t>(std::bit_floor(static_cast<uint64_t>(n - 1)));
}

// Reads the tile and cuts it to `width` hashes.
absl::StatusOr<std::string> ReadChecked(const ReadTile& read, int level,
                                        int64_t index, int width) {
  ASSIGN_OR_RETURN(std::string hashes, read(level, index, width));
  const size_t needs = static_cast<size_t>(width) * kHashBytes;
  if (hashes.size() < needs || hashes.size() % kHashBytes != 0 ||
      hashes.size() > kTileWidth * kHashBytes) {
    return absl::DataLossError(absl::StrFormat(
        "tile %d of level %d has %d bytes where it has to hold %d hashes of 32",
        index, level, hashes.size(), width));
  }
  hashes.resize(needs);
  return hashes;
}

// The hash of the full subtree over hashes of 32 bytes, a power of two of them.
std::string FullRoot(Suite suite, std::string_view hashes) {
  std::string row(hashes);
  while (row.size() > kHashBytes) {
    std::string above;
    above.reserve(row.size() / 2);
    for (size_t i = 0; i < row.size(); i += 2 * kHashBytes) {
      const std::string_view pair(row.data() + i, 2 * kHashBytes);
      above +=
          NodeHash(suite, pair.substr(0, kHashBytes), pair.substr(kHashBytes));
    }
    row = std::move(above);
  }
  return row;
}

// The tree of the first `size` leaves, seen through its tiles.
class TiledTree {
 public:
  TiledTree(Suite suite, int64_t size, const ReadTile& read)
      : suite_(suite), size_(size), read_(read) {}

  // The hash over the leaves `from` to `to` - 1: a node of the tree, or the
  // right edge of one.
  absl::StatusOr<std::string> Range(int64_t from, int64_t to) {
    const int64_t n = to - from;
    if (std::has_single_bit(static_cast<uint64_t>(n))) return Full(from, n);
    const int64_t split = from + SplitOf(n);
    ASSIGN_OR_RETURN(const std::string left, Range(from, split));
    ASSIGN_OR_RETURN(const std::string right, Range(split, to));
    return NodeHash(suite_, left, right);
  }

 private:
  // The hash of the full subtree of `n` leaves from leaf `from`.
  absl::StatusOr<std::string> Full(int64_t from, int64_t n) {
    const int height = std::countr_zero(static_cast<uint64_t>(n));
    const int level = height / kTileHeight;
    const int64_t first = from >> (level * kTileHeight);
    ASSIGN_OR_RETURN(const std::string* hashes,
                     TileOf(level, first / kTileWidth));
    const size_t offset = static_cast<size_t>(first % kTileWidth) * kHashBytes;
    const size_t length = (size_t{1} << (height % kTileHeight)) * kHashBytes;
    return FullRoot(suite_, std::string_view(*hashes).substr(offset, length));
  }

  // As wide as it is in a tree of this size; read once.
  absl::StatusOr<const std::string*> TileOf(int level, int64_t index) {
    std::string& tile = tiles_[{level, index}];
    if (tile.empty()) {
      const int64_t row = size_ >> (level * kTileHeight);
      const int width = static_cast<int>(
          std::min<int64_t>(row - index * kTileWidth, kTileWidth));
      ASSIGN_OR_RETURN(tile, ReadChecked(read_, level, index, width));
    }
    return &tile;
  }

  Suite suite_;
  int64_t size_;
  const ReadTile& read_;
  std::map<std::pair<int, int64_t>, std::string> tiles_;
};

absl::Status CheckLeaves(int64_t size, const Hashes& leaf_hashes) {
  if (size < 0 ||
      leaf_hashes.size() >
          static_cast<uint64_t>(std::numeric_limits<int64_t>::max() - size)) {
    return absl::InvalidArgumentError(
        "the size of the tree is not from 0 to 2^63 - 1");
  }
  for (const std::string& hash : leaf_hashes) {
    if (hash.size() != kHashBytes) {
      return absl::InvalidArgumentError(
          "the hash of a leaf is not of 32 bytes");
    }
  }
  return absl::OkStatus();
}

// Appends `hashes` to the row of `size` hashes at `level`: the tiles that
// change go to `tiles`; returns the hashes of those now full, for the row
// above.
absl::StatusOr<Hashes> ExtendRow(Suite suite, int level, int64_t size,
                                 const Hashes& hashes, const ReadTile& read,
                                 std::vector<Tile>& tiles) {
  Hashes above;
  Tile tile{level, size / kTileWidth, ""};
  if (const int width = static_cast<int>(size % kTileWidth); width > 0) {
    ASSIGN_OR_RETURN(tile.hashes, ReadChecked(read, level, tile.index, width));
  }
  for (const std::string& hash : hashes) {
    tile.hashes += hash;
    if (tile.hashes.size() < kTileWidth * kHashBytes) continue;
    above.push_back(FullRoot(suite, tile.hashes));
    const int64_t next = tile.index + 1;
    tiles.push_back(std::exchange(tile, Tile{level, next, ""}));
  }
  if (!tile.hashes.empty()) tiles.push_back(std::move(tile));
  return above;
}

}  // namespace

absl::StatusOr<std::vector<Tile>> ExtendTiles(Suite suite, int64_t size,
                                              const Hashes& leaf_hashes,
                                              const ReadTile& read) {
  RETURN_IF_ERROR(CheckLeaves(size, leaf_hashes));
  std::vector<Tile> tiles;
  Hashes row = leaf_hashes;
  for (int level = 0; !row.empty(); ++level, size >>= kTileHeight) {
    ASSIGN_OR_RETURN(row, ExtendRow(suite, level, size, row, read, tiles));
  }
  return tiles;
}

absl::StatusOr<std::string> RootAt(Suite suite, int64_t size,
                                   const ReadTile& read) {
  if (size < 0) {
    return absl::InvalidArgumentError("the size of a tree is not below 0");
  }
  if (size == 0) return EmptyRoot(suite);
  return TiledTree(suite, size, read).Range(0, size);
}

absl::StatusOr<Hashes> ProveInclusion(Suite suite, int64_t index, int64_t size,
                                      const ReadTile& read) {
  if (index < 0 || index >= size) {
    return absl::InvalidArgumentError(absl::StrFormat(
        "there is no leaf %d in a tree of %d leaves", index, size));
  }
  TiledTree tree(suite, size, read);
  Hashes proof;
  for (int64_t from = 0, to = size; to - from > 1;) {
    const int64_t split = from + SplitOf(to - from);
    const bool in_left = index < split;
    ASSIGN_OR_RETURN(proof.emplace_back(),
                     in_left ? tree.Range(split, to) : tree.Range(from, split));
    (in_left ? to : from) = split;
  }
  std::reverse(proof.begin(), proof.end());
  return proof;
}

absl::StatusOr<Hashes> ProveConsistency(Suite suite, int64_t old_size,
                                        int64_t size, const ReadTile& read) {
  if (old_size <= 0 || old_size > size) {
    return absl::InvalidArgumentError(absl::StrFormat(
        "a tree of %d leaves cannot be shown to begin with one of %d: the old "
        "size is 1 to the new size",
        size, old_size));
  }
  TiledTree tree(suite, size, read);
  Hashes proof;
  int64_t from = 0;
  int64_t to = size;
  while (to != old_size) {
    const int64_t split = from + SplitOf(to - from);
    const bool in_left = old_size <= split;
    ASSIGN_OR_RETURN(proof.emplace_back(),
                     in_left ? tree.Range(split, to) : tree.Range(from, split));
    (in_left ? to : from) = split;
  }
  // A subtree that is the whole old tree needs no hash: it is the old root.
  if (from != 0) {
    ASSIGN_OR_RETURN(proof.emplace_back(), tree.Range(from, to));
  }
  std::reverse(proof.begin(), proof.end());
  return proof;
}

}  // namespace gongkai::audit
