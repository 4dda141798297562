// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_SERVER_ANCHOR_FOLDER_H_
#define GONGKAI_SERVICES_SERVER_ANCHOR_FOLDER_H_

#include <set>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "services/audit/note.h"
#include "services/jobs/signer.h"

namespace gongkai::server {

// A folder that keeps checkpoints, best a write-once place of another machine:
// one file for each, `<size in 20 digits>.note`. A file is created once and
// never written again, renamed or removed. What a crash left torn is recognized
// by its signature, and the checkpoint is written beside it as
// `<size>.1.note`, `.2.note` …
class AnchorFolder : public jobs::AnchorPlace {
 public:
  // `keys` of the log, which tell a checkpoint from a torn file.
  AnchorFolder(std::string folder, std::vector<audit::VerifierKey> keys);

  storage::AnchorKind kind() const override {
    return storage::AnchorKind::kFolder;
  }
  const std::string& name() const override { return folder_; }
  absl::StatusOr<std::string> Put(const jobs::Outgoing& checkpoint,
                                  absl::Time deadline) override;

 private:
  // The note that stands in `path` and says the same; on the disk.
  absl::StatusOr<std::string> Standing(const std::string& path,
                                       const jobs::Outgoing& checkpoint);

  const std::string folder_;
  const std::vector<audit::VerifierKey> keys_;
  // Files that this process could not bring to the disk: what is read of them
  // may stand in memory alone.
  std::set<std::string> doubtful_;
};

// A checkpoint as found in a folder.
struct FoundAnchor {
  std::string file;  // its name in the folder
  audit::SignedCheckpoint open;
  absl::Time written;
};

// Which checkpoint of a folder is the newest. After a fork the largest may be
// one that was given up; then the one written last is another.
enum class Newest { kLargest, kWrittenLast };

// The newest checkpoints of a folder, signed by `keys` under `origin`: those of
// the greatest size or of the latest time, one of each root. Foreign files,
// links and torn ones are passed over; memory does not grow with the folder.
// Empty when the folder has none. FAILED_PRECONDITION when the folder cannot be
// read, or holds checkpoints and none is signed by `keys`.
absl::StatusOr<std::vector<FoundAnchor>> NewestAnchors(
    const std::string& folder, const std::string& origin,
    const std::vector<audit::VerifierKey>& keys, Newest newest);

}  // namespace gongkai::server

#endif  // GONGKAI_SERVICES_SERVER_ANCHOR_FOLDER_H_
