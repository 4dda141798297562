// SPDX-License-Identifier: Apache-2.0
#include "tests/audit/trees.h"

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "services/base/status_macros.h"

namespace gongkai::test {
namespace {

int64_t LargestPowerBelow(int64_t n) {
  int64_t k = 1;
  while (k * 2 < n) k *= 2;
  return k;
}

}  // namespace

const std::string& SlowTree::Root(int64_t from, int64_t to) {
  std::string& root = roots_[{from, to}];
  if (!root.empty()) return root;
  if (from == to) {
    root = audit::Digest(suite_, {});
  } else if (to - from == 1) {
    root = leaves_[static_cast<size_t>(from)];
  } else {
    const int64_t k = LargestPowerBelow(to - from);
    const std::string left = Root(from, from + k);
    const std::string right = Root(from + k, to);
    root = audit::Digest(suite_, {"\x01", left, right});
  }
  return root;
}

audit::Hashes SlowTree::Path(int64_t index, int64_t from, int64_t to) {
  if (to - from == 1) return {};
  const int64_t k = LargestPowerBelow(to - from);
  audit::Hashes path;
  if (index < k) {
    path = Path(index, from, from + k);
    path.push_back(Root(from + k, to));
  } else {
    path = Path(index - k, from + k, to);
    path.push_back(Root(from, from + k));
  }
  return path;
}

audit::Hashes SlowTree::SubProof(int64_t old_size, int64_t from, int64_t to,
                                 bool whole) {
  if (old_size == to - from) {
    return whole ? audit::Hashes{} : audit::Hashes{Root(from, to)};
  }
  const int64_t k = LargestPowerBelow(to - from);
  audit::Hashes proof;
  if (old_size <= k) {
    proof = SubProof(old_size, from, from + k, whole);
    proof.push_back(Root(from + k, to));
  } else {
    proof = SubProof(old_size - k, from + k, to, false);
    proof.push_back(Root(from, from + k));
  }
  return proof;
}

std::vector<std::string> SomeLeaves(audit::Suite suite, int64_t n) {
  std::vector<std::string> leaves;
  for (int64_t i = 0; i < n; ++i) {
    leaves.push_back(audit::LeafHashOf(suite, absl::StrCat("leaf ", i)));
  }
  return leaves;
}

audit::ReadTile TileStore::Reader() const {
  return [this](int level, int64_t index, int) -> absl::StatusOr<std::string> {
    const auto tile = tiles.find({level, index});
    if (tile == tiles.end()) return absl::NotFoundError("no such tile");
    return tile->second;
  };
}

absl::Status TileStore::Extend(audit::Suite suite, int64_t size,
                               const audit::Hashes& leaf_hashes) {
  ASSIGN_OR_RETURN(const std::vector<audit::Tile> changed,
                   audit::ExtendTiles(suite, size, leaf_hashes, Reader()));
  for (const audit::Tile& tile : changed) {
    tiles[{tile.level, tile.index}] = tile.hashes;
  }
  return absl::OkStatus();
}

}  // namespace gongkai::test
