// SPDX-License-Identifier: Apache-2.0
#include "services/jobs/contained.h"

#include <string>

#include "absl/strings/str_format.h"
#include "services/base/status_macros.h"

namespace gongkai::jobs {
namespace {

// A tile that is not there is a defect of the tree; a database that is away is
// none.
absl::Status AsDefect(const absl::Status& status) {
  if (!absl::IsNotFound(status)) return status;
  return absl::DataLossError(status.message());
}

}  // namespace

audit::ReadTile TilesOf(storage::Log& log, absl::Time deadline) {
  return [&log, deadline](int level, int64_t index, int /*width*/) {
    return log.Tile(level, index, deadline);
  };
}

absl::Status CheckContained(storage::Log& log, audit::Suite suite,
                            const storage::TreeHead& tree,
                            const storage::TreeHead& earlier,
                            absl::Time deadline) {
  if (earlier.size > tree.size) {
    return absl::DataLossError(
        absl::StrFormat("the tree has %d entries and does not contain the "
                        "checkpoint of %d: entries are missing",
                        tree.size, earlier.size));
  }
  const audit::ReadTile tiles = TilesOf(log, deadline);
  const auto root = audit::RootAt(suite, tree.size, tiles);
  if (!root.ok()) return AsDefect(root.status());
  if (*root != tree.root) {
    return absl::DataLossError(absl::StrFormat(
        "the tiles of the tree of %d entries do not give its root", tree.size));
  }
  if (earlier.size == 0 || earlier == tree) return absl::OkStatus();
  const auto proof =
      audit::ProveConsistency(suite, earlier.size, tree.size, tiles);
  if (!proof.ok()) return AsDefect(proof.status());
  const absl::Status held = audit::CheckConsistency(
      suite, earlier.size, earlier.root, tree.size, tree.root, *proof);
  if (held.ok()) return held;
  return absl::DataLossError(absl::StrFormat(
      "the tree of %d entries does not begin with that of the checkpoint of "
      "%d: entries were altered",
      tree.size, earlier.size));
}

}  // namespace gongkai::jobs
