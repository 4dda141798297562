// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_TESTS_AUDIT_TREES_H_
#define GONGKAI_TESTS_AUDIT_TREES_H_

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "services/audit/merkle.h"

namespace gongkai::test {

// The definitions of RFC 6962, 2.1, word for word and without a thought for
// time: what the code under test is held against.
class SlowTree {
 public:
  SlowTree(audit::Suite suite, std::vector<std::string> leaf_hashes)
      : suite_(suite), leaves_(std::move(leaf_hashes)) {}

  // MTH(D[from:to]).
  const std::string& Root(int64_t from, int64_t to);
  // PATH(index, D[from:to]).
  audit::Hashes Path(int64_t index, int64_t from, int64_t to);
  // SUBPROOF(old_size, D[from:to], whole), the old size counted from `from`.
  audit::Hashes SubProof(int64_t old_size, int64_t from, int64_t to,
                         bool whole);

 private:
  audit::Suite suite_;
  std::vector<std::string> leaves_;
  std::map<std::pair<int64_t, int64_t>, std::string> roots_;
};

// `n` leaf hashes that can be told apart.
std::vector<std::string> SomeLeaves(audit::Suite suite, int64_t n);

// Tiles in memory.
struct TileStore {
  std::map<std::pair<int, int64_t>, std::string> tiles;

  audit::ReadTile Reader() const;
  // Appends leaves to the tree of `size`.
  absl::Status Extend(audit::Suite suite, int64_t size,
                      const audit::Hashes& leaf_hashes);
};

}  // namespace gongkai::test

#endif  // GONGKAI_TESTS_AUDIT_TREES_H_
