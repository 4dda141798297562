// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_ACT_FSCK_TREE_H_
#define GONGKAI_SERVICES_ACT_FSCK_TREE_H_

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "services/act/ahead.h"
#include "services/act/fsck.h"
#include "services/act/fsck_records.h"
#include "services/audit/merkle.h"

// The second half of the check: the leaves in their order, the tree over them,
// and the checkpoints of it.
namespace gongkai::act {

// One level of the tree in tiles, made anew and held against what is stored.
class TileLevel {
 public:
  TileLevel(storage::Scan& scan, audit::Suite suite, int level);

  // What is wrong with a tile, by its index within the level.
  using Told = std::function<void(int64_t index, const std::string& defect)>;

  // Takes the next hash. When it fills a tile, compares that and returns the
  // hash of the full subtree for the level above; empty otherwise.
  std::string Add(std::string_view hash, const Told& told);
  // Compares the last tile, and tells of those that should not be there.
  void End(const Told& told);

 private:
  void Compare(const Told& told);

  const audit::Suite suite_;
  const int level_;
  Ahead<storage::TileRow> stored_;
  int64_t index_ = 0;
  std::string hashes_;
};

// What somebody says that the tree of a size was.
struct Claim {
  std::string source;  // `the checkpoint in the database`
  std::string root;
  enum From { kTable, kAnchors, kOutside, kStatement } from = kTable;
  absl::Time written;
};

class TreePass {
 public:
  TreePass(storage::Scan& scan, const storage::LogRow& log, audit::Suite suite,
           const FsckOptions& options, const std::vector<Fork>& forks,
           const Findings& findings, FsckReport& report);

  void Run();

 private:
  void Tell(std::string_view defect);
  void AddLeaf(const storage::LeafRow& leaf);
  void AddToTiles(std::string_view hash);
  void EndTiles();
  void CheckHead();

  // The size of the next claims; -1 when there are none left.
  int64_t NextClaimed() const;
  // Takes all claims about the tree of `size`.
  std::vector<Claim> TakeClaims(int64_t size);
  void TakeCheckpoint(std::vector<Claim>& claims);
  void TakeAnchor(std::vector<Claim>& claims);
  // Reads a note of the database; empty root when it is no checkpoint of this
  // log of `size`, which has been told.
  std::string RootOfNote(const std::string& source, int64_t size,
                         const std::string& note);
  // Holds the claims against the tree as it stands at their size.
  void CheckClaims(int64_t size);
  // Claims about trees larger than there are leaves.
  void CheckBeyond(int64_t size);
  // What was signed is also kept in the database.
  void CheckKept(int64_t size, std::string_view root,
                 const std::vector<Claim>& claims);
  void CheckAgainstEachOther(int64_t size, std::vector<Claim> claims);
  // Whether the branch that held this was given up by a confirmed fork, which
  // is counted.
  bool GivenUp(int64_t size, const Claim& claim);
  void TellOfGivenUp();

  storage::Scan& scan_;
  const storage::LogRow& log_;
  const audit::Suite suite_;
  const FsckOptions& options_;
  const std::vector<Fork>& forks_;
  const Findings& findings_;
  FsckReport& report_;
  Ahead<storage::StoredCheckpoint> checkpoints_;
  Ahead<storage::StoredAnchor> anchors_;
  // Sorted by size; with the trees that forks state, which are not from
  // outside.
  struct Known {
    OutsideCheckpoint checkpoint;
    Claim::From from = Claim::kOutside;
  };
  std::vector<Known> known_;
  size_t next_known_ = 0;
  // By fork, how many checkpoints it gave up and between which sizes.
  struct Range {
    int64_t count = 0;
    int64_t least = 0;
    int64_t most = 0;
  };
  std::map<int64_t, Range> given_up_;
  audit::RootBuilder builder_;
  std::vector<std::unique_ptr<TileLevel>> levels_;
  int64_t next_place_ = 1;
};

}  // namespace gongkai::act

#endif  // GONGKAI_SERVICES_ACT_FSCK_TREE_H_
