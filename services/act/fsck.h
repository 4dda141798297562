// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_ACT_FSCK_H_
#define GONGKAI_SERVICES_ACT_FSCK_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "services/act/finding.h"
#include "services/audit/note.h"
#include "storage/scan.h"

namespace gongkai::act {

// A checkpoint that was kept outside the database, its signature checked.
struct OutsideCheckpoint {
  std::string name;  // of the file
  int64_t size = 0;
  std::string root;
  // When it was written there.
  absl::Time written = absl::InfiniteFuture();
};

struct FsckOptions {
  // Keys of the log, of those before it and of witnesses. Without any the
  // signatures in the database are not checked.
  std::vector<audit::VerifierKey> keys;
  std::vector<OutsideCheckpoint> outside;
  Progress progress;
  // How far the clock of a later record may lie before that of an earlier one
  // of its stream.
  absl::Duration clock_tolerance = absl::Minutes(5);
};

// What was gone through.
struct FsckReport {
  std::string origin;
  std::string suite;
  int64_t streams = 0;
  int64_t events = 0;
  int64_t accesses = 0;
  int64_t queued = 0;
  int64_t returns = 0;  // annual returns that were filed
  int64_t erased = 0;  // private parts that were lawfully destroyed
  // Private parts whose commitment was not checked: no keys were given, or not
  // the outer key that they lie under.
  int64_t sealed = 0;
  int64_t unopened = 0;
  int64_t tree_size = 0;
  std::string root;  // recomputed from the leaves
  int64_t checkpoints = 0;
  int64_t anchors = 0;
  // The largest outside checkpoint that the database contains; 0 for none.
  // Later records are proved by nothing outside.
  int64_t proved_size = 0;
  int64_t findings = 0;
  // What could not be checked, one sentence each; and checkpoints that a
  // confirmed fork of the log gave up.
  std::vector<std::string> unchecked;
};

// Recomputes everything that proves the log from the tables themselves: every
// record is read, its hashes, its chain, its private part, its place in the
// log, every leaf and tile of the tree, and the roots of all checkpoints, in
// the database and outside. What differs goes to `findings`. Memory does not
// grow with the log. INVALID_ARGUMENT when no key is of this log.
absl::StatusOr<FsckReport> Fsck(storage::Scan& scan, const FsckOptions& options,
                                const Findings& findings);

}  // namespace gongkai::act

#endif  // GONGKAI_SERVICES_ACT_FSCK_H_
