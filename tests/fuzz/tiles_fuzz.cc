// SPDX-License-Identifier: Apache-2.0
// Tiles from anywhere, and trees grown in any steps.
#include <map>
#include <string>
#include <utility>

#include "services/audit/merkle.h"
#include "tests/fuzz/fuzz.h"

namespace gongkai::fuzz {
namespace {

using audit::Hashes;
using audit::Suite;

constexpr Suite kSuite = Suite::kSha256Ed25519;

// Reads that give what the input has, of any length.
void FuzzBroken(Bytes bytes) {
  const auto a = static_cast<int64_t>(bytes.Number());
  const auto b = static_cast<int64_t>(bytes.Number());
  const uint8_t how = bytes.Byte();
  const std::string rest(bytes.Rest());
  const auto read = [&](int level, int64_t index,
                        int width) -> absl::StatusOr<std::string> {
    Require(level >= 0 && level < 8 && index >= 0, "a tile that can be");
    Require(width >= 1 && width <= audit::kTileWidth, "a width that can be");
    if (how % 4 == 0) return rest;
    // Long enough, or nearly.
    std::string tile(static_cast<size_t>(width) * 32 + how % 4 - 1, 'x');
    tile.replace(0, std::min(tile.size(), rest.size()), rest, 0, tile.size());
    return tile;
  };
  RequireExpected(audit::RootAt(kSuite, a, read).status());
  RequireExpected(audit::ProveInclusion(kSuite, a, b, read).status());
  RequireExpected(audit::ProveConsistency(kSuite, a, b, read).status());
  Hashes leaves;
  for (int n = bytes.Byte() % 4; n > 0; --n) {
    leaves.emplace_back(bytes.Text(32));
  }
  RequireExpected(audit::ExtendTiles(kSuite, a, leaves, read).status());
}

// A tree grown in the steps that the input names has the root of its leaves.
void FuzzGrowth(Bytes bytes) {
  std::map<std::pair<int, int64_t>, std::string> tiles;
  const auto read = [&](int level, int64_t index,
                        int) -> absl::StatusOr<std::string> {
    return tiles.at({level, index});
  };
  audit::RootBuilder expected(kSuite);
  for (int step = 0; step < 3; ++step) {
    Hashes leaves;
    for (int n = bytes.Byte(); n > 0; --n) {
      leaves.push_back(std::string(31, static_cast<char>(n)) +
                       static_cast<char>(step));
    }
    const auto changed =
        audit::ExtendTiles(kSuite, expected.size(), leaves, read);
    Require(changed.ok(), "growing");
    for (const audit::Tile& tile : *changed) {
      tiles[{tile.level, tile.index}] = tile.hashes;
    }
    for (const std::string& leaf : leaves) expected.Add(leaf);
  }
  Require(
      audit::RootAt(kSuite, expected.size(), read).value() == expected.Root(),
      "the root of the leaves");
}

GONGKAI_FUZZ(tiles) {
  FuzzBroken(Bytes(input));
  FuzzGrowth(Bytes(input));
}

}  // namespace
}  // namespace gongkai::fuzz
