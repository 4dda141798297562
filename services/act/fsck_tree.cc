// SPDX-License-Identifier: Apache-2.0
// Leaves and tiles; what checkpoints claim of them is in fsck_claims.cc.
#include "services/act/fsck_tree.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "services/audit/encoding.h"

namespace gongkai::act {
namespace {

constexpr int64_t kTellEvery = 8192;
// A tree of 2^63 leaves has no more levels of tiles.
constexpr int kLevels = 8;
constexpr size_t kTileBytes = audit::kTileWidth * audit::kHashBytes;

}  // namespace

TileLevel::TileLevel(storage::Scan& scan, audit::Suite suite, int level)
    : suite_(suite), level_(level), stored_(scan.Tiles(level)) {}

std::string TileLevel::Add(std::string_view hash, const Told& told) {
  hashes_ += hash;
  if (hashes_.size() < kTileBytes) return "";
  audit::RootBuilder full(suite_);
  for (size_t i = 0; i < kTileBytes; i += audit::kHashBytes) {
    full.Add(std::string_view(hashes_).substr(i, audit::kHashBytes));
  }
  Compare(told);
  hashes_.clear();
  ++index_;
  return full.Root();
}

void TileLevel::Compare(const Told& told) {
  while (stored_.has() && stored_.row().index < index_) {
    told(stored_.row().index, "does not belong to the tree");
    stored_.Next();
  }
  if (!stored_.has() || stored_.row().index > index_) {
    return told(index_, "is missing");
  }
  const std::string& has = stored_.row().hashes;
  if (has != hashes_) {
    const auto [differs, unused] = std::mismatch(
        has.begin(), has.begin() + std::min(has.size(), hashes_.size()),
        hashes_.begin());
    const int64_t at = (differs - has.begin()) / int64_t{audit::kHashBytes};
    told(index_,
         has.size() != hashes_.size()
             ? absl::StrFormat("has %d bytes where the tree has %d hashes of "
                               "32",
                               has.size(), hashes_.size() / audit::kHashBytes)
         : level_ == 0
             ? absl::StrFormat("was altered: it does not hold the leaf of "
                               "place %d of the log",
                               index_ * audit::kTileWidth + at + 1)
             : absl::StrFormat("was altered: its hash %d is not that of the "
                               "tile below",
                               at + 1));
  }
  stored_.Next();
}

void TileLevel::End(const Told& told) {
  if (!hashes_.empty()) Compare(told);
  for (; stored_.has(); stored_.Next()) {
    told(stored_.row().index, "does not belong to the tree");
  }
}

TreePass::TreePass(storage::Scan& scan, const storage::LogRow& log,
                   audit::Suite suite, const FsckOptions& options,
                   const std::vector<Fork>& forks, const Findings& findings,
                   FsckReport& report)
    : scan_(scan),
      log_(log),
      suite_(suite),
      options_(options),
      forks_(forks),
      findings_(findings),
      report_(report),
      checkpoints_(scan.Checkpoints()),
      anchors_(scan.Anchors()),
      builder_(suite) {
  for (const OutsideCheckpoint& outside : options.outside) {
    known_.push_back({outside, Claim::kOutside});
  }
  for (const Fork& fork : forks) {
    known_.push_back({{absl::StrCat("record ", fork.seq,
                                    " of what was decided about the log"),
                       fork.tree_size, fork.tree_root, fork.confirmed},
                      Claim::kStatement});
  }
  std::stable_sort(known_.begin(), known_.end(),
                   [](const Known& a, const Known& b) {
                     return a.checkpoint.size < b.checkpoint.size;
                   });
  for (int level = 0; level < kLevels; ++level) {
    levels_.push_back(std::make_unique<TileLevel>(scan, suite, level));
  }
}

void TreePass::Tell(std::string_view defect) {
  findings_({"", "", 0, std::string(defect)});
}

void TreePass::Run() {
  CheckClaims(0);
  const auto leaves = scan_.Leaves();
  storage::LeafRow leaf;
  if (log_.tree.size == 0) CheckHead();
  while (leaves->Next(leaf)) AddLeaf(leaf);
  if (builder_.size() != log_.size) {
    Tell(
        absl::StrFormat("the row of the log counts %d places, and %d are there",
                        log_.size, builder_.size()));
  }
  if (builder_.size() < log_.tree.size) {
    Tell(absl::StrFormat("the tree is to hold %d leaves, and %d are there",
                         log_.tree.size, builder_.size()));
    report_.root = builder_.Root();
  }
  EndTiles();
  while (NextClaimed() >= 0) CheckBeyond(NextClaimed());
  TellOfGivenUp();
}

void TreePass::AddLeaf(const storage::LeafRow& leaf) {
  if (leaf.place < next_place_) {
    Tell(
        absl::StrFormat("place %d of the log is there more than once, or out "
                        "of order",
                        leaf.place));
  } else if (leaf.place > next_place_) {
    Tell(leaf.place == next_place_ + 1
             ? absl::StrFormat("place %d of the log is missing", next_place_)
             : absl::StrFormat("places %d to %d of the log are missing",
                               next_place_, leaf.place - 1));
  }
  next_place_ = leaf.place + 1;
  std::string hash = leaf.leaf_hash;
  if (hash.size() != audit::kHashBytes) {
    Tell(absl::StrFormat("the leaf in place %d of the log is not of 32 bytes",
                         leaf.place));
    hash.resize(audit::kHashBytes);
  }
  builder_.Add(hash);
  // Leaves beyond are places that the tree has not been brought to yet.
  if (builder_.size() <= log_.tree.size) AddToTiles(hash);
  if (builder_.size() == log_.tree.size) CheckHead();
  CheckClaims(builder_.size());
  if (options_.progress != nullptr && builder_.size() % kTellEvery == 0) {
    options_.progress("leaves", builder_.size(), log_.size);
  }
}

void TreePass::AddToTiles(std::string_view hash) {
  std::string above(hash);
  for (int level = 0; level < kLevels && !above.empty(); ++level) {
    above = levels_[level]->Add(
        above, [&](int64_t index, const std::string& defect) {
          Tell(absl::StrFormat("tile %d of level %d of the tree %s", index,
                               level, defect));
        });
  }
}

void TreePass::EndTiles() {
  for (int level = 0; level < kLevels; ++level) {
    levels_[level]->End([&](int64_t index, const std::string& defect) {
      Tell(absl::StrFormat("tile %d of level %d of the tree %s", index, level,
                           defect));
    });
  }
  for (const int level : scan_.TileLevels()) {
    if (level < 0 || level >= kLevels) {
      Tell(absl::StrFormat("there are tiles of level %d, which no tree has",
                           level));
    }
  }
}

void TreePass::CheckHead() {
  report_.tree_size = builder_.size();
  report_.root = builder_.Root();
  if (report_.root == log_.tree.root) return;
  Tell(
      absl::StrFormat("the root of the tree of %d leaves is %s by its leaves, "
                      "and the row of the log says %s",
                      report_.tree_size, audit::ToHex(report_.root),
                      audit::ToHex(log_.tree.root)));
}

}  // namespace gongkai::act
