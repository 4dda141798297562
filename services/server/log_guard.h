// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_SERVER_LOG_GUARD_H_
#define GONGKAI_SERVICES_SERVER_LOG_GUARD_H_

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "gongkai/v1/matter.pb.h"
#include "services/audit/note.h"
#include "services/audit/suite.h"
#include "services/server/anchor_folder.h"
#include "storage/proofs.h"
#include "storage/store.h"

namespace gongkai::server {

// Whether the log may go on from a tree (恢复后的防护): what left the house,
// and what this server saw, must be contained in it, or two persons have
// recorded that it is not. Thread-safe.
class LogGuard {
 public:
  struct Options {
    // Anchor folders, and the verifier keys of the log.
    std::vector<std::string> folders = {};
    std::vector<audit::VerifierKey> keys = {};
    // How long a look at the folders holds for trees that follow each other.
    absl::Duration again = absl::Seconds(10);
  };
  // The forks that two persons recorded.
  using Forks =
      std::function<absl::StatusOr<std::vector<v1::LogFork>>(absl::Time)>;

  // `store`, `log` and `proofs` outlive it.
  LogGuard(storage::Store& store, storage::Log& log, storage::Proofs& proofs,
           Forks forks, Options options);

  // As jobs::Sequencer::Admit. FAILED_PRECONDITION says what is lacking, with
  // sizes and roots, and what to do; also when a folder cannot be read or has
  // lost what the database knows of.
  absl::Status Admit(const storage::TreeHead& head,
                     const storage::TreeHead* known, absl::Time deadline);

  // What the tree lacked when it was last refused, and that tree; absent while
  // the log goes on. The number of the document is empty.
  std::optional<v1::LogFork> fork() const;

 private:
  // A checkpoint that the tree has to contain.
  struct Claim {
    storage::TreeHead head;
    std::string place;
    absl::Time written;
  };
  // A look at one tree.
  struct Look {
    audit::Suite suite = audit::Suite::kSha256Ed25519;
    std::string origin;
    storage::TreeHead head;
    absl::Time deadline;
  };
  // A claim that does not hold, and why.
  struct Missing {
    Claim claim;
    std::string why;
  };

  absl::StatusOr<std::vector<Claim>> ReadFolders(const Look& look,
                                                 Newest newest);
  // Adds those of `claims` that the tree does not contain.
  absl::Status Check(const Look& look, const std::vector<Claim>& claims,
                     std::vector<Missing>& missing);
  // The recorded forks whose tree this one continues.
  absl::StatusOr<std::vector<v1::LogFork>> LeadingHere(const Look& look);
  // Takes out what such a fork gave up: of `missing`, and `known`.
  absl::Status Excuse(const Look& look, std::vector<Missing>& missing,
                      std::optional<Missing>& known);
  absl::Status CheckWrittenLast(const Look& look,
                                const std::vector<v1::LogFork>& leading,
                                std::vector<Missing>& missing);
  absl::Status Refused(const Look& look, const Missing& missing);

  storage::Store& store_;
  storage::Log& log_;
  storage::Proofs& proofs_;
  const Forks forks_;
  const Options options_;
  mutable absl::Mutex mutex_;
  std::optional<v1::LogFork> fork_ ABSL_GUARDED_BY(mutex_);
  // When the folders were last found contained.
  absl::Time looked_ ABSL_GUARDED_BY(mutex_) = absl::InfinitePast();
};

}  // namespace gongkai::server

#endif  // GONGKAI_SERVICES_SERVER_LOG_GUARD_H_
