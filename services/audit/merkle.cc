// SPDX-License-Identifier: Apache-2.0
// The hashes of the tree, and what a sceptic checks. How the service reads and
// proves from tiles is in tiles.cc.
#include "services/audit/merkle.h"

#include <algorithm>
#include <bit>

#include "absl/strings/str_format.h"
#include "services/base/status_macros.h"

namespace gongkai::audit {
namespace {

absl::Status CheckHash(std::string_view what, std::string_view hash) {
  if (hash.size() == kHashBytes) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrFormat("%s is not of 32 bytes but of %d", what, hash.size()));
}

absl::Status CheckHashes(const Hashes& proof) {
  for (const std::string& hash : proof) {
    RETURN_IF_ERROR(CheckHash("a hash of the proof", hash));
  }
  return absl::OkStatus();
}

absl::Status WrongLength(size_t has, int needs) {
  return absl::DataLossError(absl::StrFormat(
      "the proof has %d hashes where one for these sizes has %d", has, needs));
}

// The last two nodes of a path towards the root: where the walk stands and the
// last node of its row. A node that is last and a left child has no sibling.
struct Walk {
  int64_t at;
  int64_t last;

  void Up() {
    at >>= 1;
    last >>= 1;
  }
  // Whether the next sibling stands to the left; skips the rows that have none.
  bool SiblingIsLeft() {
    if (at % 2 == 1) return true;
    if (at != last) return false;
    while (at % 2 == 0 && at != 0) Up();
    return true;
  }
};

// How many hashes lead from node `at` of a row that ends with `last` to the
// root.
int PathLength(Walk walk) {
  const auto inner = std::bit_width(static_cast<uint64_t>(walk.at ^ walk.last));
  return static_cast<int>(inner) +
         std::popcount(static_cast<uint64_t>(walk.at) >> inner);
}

}  // namespace

std::string LeafHashOf(Suite suite, std::string_view leaf) {
  return Digest(suite, {std::string_view("\x00", 1), leaf});
}

std::string NodeHash(Suite suite, std::string_view left,
                     std::string_view right) {
  return Digest(suite, {std::string_view("\x01", 1), left, right});
}

std::string EmptyRoot(Suite suite) { return Digest(suite, {}); }

void RootBuilder::Add(std::string_view leaf_hash) {
  std::string hash(leaf_hash);
  // Each trailing one of the size is a full subtree that the leaf completes.
  for (int64_t n = size_; n % 2 == 1; n >>= 1) {
    hash = NodeHash(suite_, peaks_.back(), hash);
    peaks_.pop_back();
  }
  peaks_.push_back(std::move(hash));
  ++size_;
}

std::string RootBuilder::Root() const {
  if (peaks_.empty()) return EmptyRoot(suite_);
  std::string root = peaks_.back();
  for (auto peak = peaks_.rbegin() + 1; peak != peaks_.rend(); ++peak) {
    root = NodeHash(suite_, *peak, root);
  }
  return root;
}

absl::Status CheckInclusion(Suite suite, int64_t index, int64_t size,
                            std::string_view leaf_hash, const Hashes& proof,
                            std::string_view root) {
  if (index < 0 || index >= size) {
    return absl::InvalidArgumentError(absl::StrFormat(
        "there is no leaf %d in a tree of %d leaves", index, size));
  }
  RETURN_IF_ERROR(CheckHash("the hash of the leaf", leaf_hash));
  RETURN_IF_ERROR(CheckHash("the root", root));
  RETURN_IF_ERROR(CheckHashes(proof));
  Walk walk{index, size - 1};
  if (const int needs = PathLength(walk);
      proof.size() != static_cast<size_t>(needs)) {
    return WrongLength(proof.size(), needs);
  }
  std::string hash(leaf_hash);
  for (const std::string& sibling : proof) {
    hash = walk.SiblingIsLeft() ? NodeHash(suite, sibling, hash)
                                : NodeHash(suite, hash, sibling);
    walk.Up();
  }
  if (hash != root) {
    return absl::DataLossError(absl::StrFormat(
        "leaf %d and its proof lead to another root than that of the tree of "
        "%d leaves",
        index, size));
  }
  return absl::OkStatus();
}

absl::Status CheckConsistency(Suite suite, int64_t old_size,
                              std::string_view old_root, int64_t size,
                              std::string_view root, const Hashes& proof) {
  if (old_size <= 0 || old_size > size) {
    return absl::InvalidArgumentError(absl::StrFormat(
        "a tree of %d leaves cannot be shown to begin with one of %d: the old "
        "size is 1 to the new size",
        size, old_size));
  }
  RETURN_IF_ERROR(CheckHash("the old root", old_root));
  RETURN_IF_ERROR(CheckHash("the new root", root));
  RETURN_IF_ERROR(CheckHashes(proof));
  // The walk starts at the largest full subtree that ends the old tree.
  Walk walk{old_size - 1, size - 1};
  while (walk.at % 2 == 1) walk.Up();
  // When that subtree is the whole old tree, its hash is the old root and not
  // in the proof.
  const bool whole = walk.at == 0;
  const int needs = old_size == size ? 0 : PathLength(walk) + (whole ? 0 : 1);
  if (proof.size() != static_cast<size_t>(needs)) {
    return WrongLength(proof.size(), needs);
  }
  if (old_size == size) {
    if (old_root == root) return absl::OkStatus();
    return absl::DataLossError(
        absl::StrFormat("two trees of %d leaves have different roots", size));
  }
  auto next = proof.begin();
  std::string old_hash = whole ? std::string(old_root) : *next++;
  std::string hash = old_hash;
  for (; next != proof.end(); ++next) {
    if (walk.SiblingIsLeft()) {
      old_hash = NodeHash(suite, *next, old_hash);
      hash = NodeHash(suite, *next, hash);
    } else {
      hash = NodeHash(suite, hash, *next);
    }
    walk.Up();
  }
  if (old_hash != old_root) {
    return absl::DataLossError(absl::StrFormat(
        "the proof leads to another root than that of the old tree of %d "
        "leaves",
        old_size));
  }
  if (hash != root) {
    return absl::DataLossError(absl::StrFormat(
        "the tree of %d leaves does not begin with the old one of %d", size,
        old_size));
  }
  return absl::OkStatus();
}

}  // namespace gongkai::audit
