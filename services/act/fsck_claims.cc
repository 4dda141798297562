// SPDX-License-Identifier: Apache-2.0
// What checkpoints, in the database and outside, say that the tree was.
#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "services/act/fsck_tree.h"
#include "services/audit/encoding.h"
#include "services/base/dates.h"

namespace gongkai::act {
namespace {

std::string Sized(int64_t size) { return absl::StrFormat("%d entries", size); }

}  // namespace

int64_t TreePass::NextClaimed() const {
  int64_t next = -1;
  const auto lower = [&next](int64_t size) {
    if (next < 0 || size < next) next = std::max<int64_t>(size, 0);
  };
  if (checkpoints_.has()) lower(checkpoints_.row().size);
  if (anchors_.has()) lower(anchors_.row().size);
  if (next_known_ < known_.size()) lower(known_[next_known_].checkpoint.size);
  return next;
}

std::vector<Claim> TreePass::TakeClaims(int64_t size) {
  std::vector<Claim> claims;
  while (checkpoints_.has() && checkpoints_.row().size <= size) {
    TakeCheckpoint(claims);
  }
  while (anchors_.has() && anchors_.row().size <= size) TakeAnchor(claims);
  while (next_known_ < known_.size() &&
         known_[next_known_].checkpoint.size <= size) {
    const Known& known = known_[next_known_++];
    claims.push_back({known.checkpoint.name, known.checkpoint.root, known.from,
                      known.checkpoint.written});
  }
  return claims;
}

void TreePass::TakeCheckpoint(std::vector<Claim>& claims) {
  const storage::StoredCheckpoint row = std::move(checkpoints_.row());
  checkpoints_.Next();
  ++report_.checkpoints;
  const std::string source = "the checkpoint in the database";
  const std::string root = RootOfNote(source, row.size, row.note);
  if (root.empty()) return;
  if (root != row.root) {
    Tell(absl::StrCat(source, " of ", Sized(row.size),
                      ": the root beside its note is another"));
  }
  claims.push_back({source, root, Claim::kTable, row.signed_time});
}

void TreePass::TakeAnchor(std::vector<Claim>& claims) {
  const storage::StoredAnchor row = std::move(anchors_.row());
  anchors_.Next();
  ++report_.anchors;
  const std::string source = absl::StrCat("what was anchored at ", row.place);
  const std::string root = RootOfNote(source, row.size, row.note);
  if (root.empty()) return;
  claims.push_back({source, root, Claim::kAnchors, row.anchored_time});
}

std::string TreePass::RootOfNote(const std::string& source, int64_t size,
                                 const std::string& note) {
  const auto tell = [&](std::string_view defect) {
    Tell(absl::StrCat(source, " of ", Sized(size), ": ", ToAbsl(defect)));
    return std::string();
  };
  audit::Checkpoint checkpoint;
  if (options_.keys.empty()) {
    const auto parsed = audit::ParseNote(note);
    if (!parsed.ok()) return tell(ToStd(parsed.status().message()));
    const auto read = audit::ParseCheckpoint(parsed->text);
    if (!read.ok()) return tell(ToStd(read.status().message()));
    checkpoint = *read;
  } else {
    const auto opened = audit::OpenCheckpoint(note, options_.keys);
    if (!opened.ok()) return tell(ToStd(opened.status().message()));
    if (opened->suite != suite_) {
      return tell("it is signed by a key of another suite");
    }
    checkpoint = opened->checkpoint;
  }
  if (checkpoint.origin != log_.identity.origin) {
    return tell("its note is of another log");
  }
  if (checkpoint.size != size) return tell("its note is of another size");
  return checkpoint.root;
}

bool TreePass::GivenUp(int64_t size, const Claim& claim) {
  for (const Fork& fork : forks_) {
    if (size <= fork.tree_size || size > fork.outside_size) continue;
    const bool named =
        size == fork.outside_size && claim.root == fork.outside_root;
    if (!named && claim.written > fork.confirmed) continue;
    // They come by size.
    Range& range = given_up_[fork.seq];
    if (range.count++ == 0) range.least = size;
    range.most = size;
    return true;
  }
  return false;
}

void TreePass::TellOfGivenUp() {
  for (const auto& [seq, range] : given_up_) {
    report_.unchecked.push_back(absl::StrFormat(
        "%d checkpoints of %d to %d entries: they are of the branch that was "
        "given up by the fork of the log stated in record %d of what was "
        "decided about the log, and confirmed",
        range.count, range.least, range.most, seq));
  }
}

void TreePass::CheckClaims(int64_t size) {
  if (NextClaimed() != size) return;
  const std::string root = builder_.Root();
  std::vector<Claim> standing;
  for (const Claim& claim : TakeClaims(size)) {
    if (claim.root == root) {
      if (claim.from == Claim::kOutside) report_.proved_size = size;
      standing.push_back(claim);
      continue;
    }
    if (GivenUp(size, claim)) continue;
    standing.push_back(claim);
    Tell(absl::StrFormat(
        "the log was rewritten: %s, of %s, has the root %s, and the first %s "
        "of the database have the root %s",
        claim.source, Sized(size), audit::ToHex(claim.root), Sized(size),
        audit::ToHex(root)));
  }
  if (size > log_.tree.size && !standing.empty()) {
    Tell(
        absl::StrFormat("the log was shortened: %s is of %s, and the tree of "
                        "the database holds %d",
                        standing[0].source, Sized(size), log_.tree.size));
  }
  CheckKept(size, root, standing);
  CheckAgainstEachOther(size, standing);
}

void TreePass::CheckBeyond(int64_t size) {
  std::vector<Claim> standing;
  for (const Claim& claim : TakeClaims(size)) {
    if (GivenUp(size, claim)) continue;
    standing.push_back(claim);
    Tell(
        absl::StrFormat("the log was shortened: %s is of %s, and the database "
                        "holds %d",
                        claim.source, Sized(size), builder_.size()));
  }
  CheckAgainstEachOther(size, standing);
}

void TreePass::CheckKept(int64_t size, std::string_view root,
                         const std::vector<Claim>& claims) {
  const auto from = [&](Claim::From where) {
    return std::find_if(claims.begin(), claims.end(), [&](const Claim& claim) {
      return claim.from == where;
    });
  };
  const auto outside = from(Claim::kOutside);
  if (outside == claims.end() || outside->root != root ||
      from(Claim::kTable) != claims.end()) {
    return;
  }
  // The signer keeps each in the database before it lets it out.
  Tell(
      absl::StrFormat("%s, of %s, is not among those of the database: they "
                      "were taken away",
                      outside->source, Sized(size)));
}

void TreePass::CheckAgainstEachOther(int64_t size, std::vector<Claim> claims) {
  // What went out weighs more than what stands beside the log.
  std::stable_partition(claims.begin(), claims.end(), [](const Claim& claim) {
    return claim.from == Claim::kOutside;
  });
  for (const Claim& claim : claims) {
    if (claim.root == claims[0].root) continue;
    Tell(absl::StrFormat(
        "two histories of the log were signed: %s and %s are "
        "both of %s and have different roots, %s and %s",
        claims[0].source, claim.source, Sized(size),
        audit::ToHex(claims[0].root), audit::ToHex(claim.root)));
  }
}

}  // namespace gongkai::act
