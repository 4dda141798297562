// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_JOBS_SIGNER_H_
#define GONGKAI_SERVICES_JOBS_SIGNER_H_

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "services/audit/merkle.h"
#include "services/audit/note.h"
#include "services/audit/suite.h"
#include "storage/proofs.h"
#include "storage/store.h"

namespace gongkai::jobs {

// The signer's memory: the last note that it signed. Used by one thread.
class SignerMemory {
 public:
  virtual ~SignerMemory() = default;
  // Empty when nothing was signed yet.
  virtual absl::StatusOr<std::string> Read() = 0;
  // The note survives a crash when it returns OK; after an error either this
  // one or the one before is there.
  virtual absl::Status Write(const std::string& note) = 0;
};

// A checkpoint on its way out.
struct Outgoing {
  storage::TreeHead head;
  std::string note;
  // That its tree begins with the one of `old_size`, 1 to its size.
  std::function<absl::StatusOr<audit::Hashes>(int64_t old_size)> prove;
};

// A place outside the database that keeps checkpoints (锚定). Used by one
// thread at a time.
class AnchorPlace {
 public:
  virtual ~AnchorPlace() = default;
  virtual storage::AnchorKind kind() const = 0;
  // Name of the folder, address of the witness.
  virtual const std::string& name() const = 0;
  // Returns, when the checkpoint is there for good, the note as it stands
  // there. The same checkpoint may be given again.
  virtual absl::StatusOr<std::string> Put(const Outgoing& checkpoint,
                                          absl::Time deadline) = 0;
};

// Signs checkpoints of one log and carries them out (签名). It signs only what
// it has proved to contain the last that it signed, and writes down what it
// signs before anybody sees it: so it never signs two roots for one size nor a
// smaller tree, and may be stopped between any two steps. Thread-safe.
class Signer {
 public:
  struct Key {
    audit::SigningKey key;
    audit::VerifierKey as;  // of use kSign, named as the log
  };
  struct Options {
    // Name of the log.
    std::string origin;
    // The newest checkpoints found outside at the start. They stand in for the
    // memory when it is empty: what does not contain them is not signed.
    std::vector<storage::TreeHead> outside = {};
    // The root of the last signed checkpoint, when it is to be given up by one
    // that does not contain it: after two persons have recorded the fork. Has
    // no effect on any other.
    std::string given_up_root = {};
  };

  // `keys` all sign; two while they change. All others outlive it.
  Signer(storage::Store& store, storage::Log& log, storage::Proofs& proofs,
         SignerMemory& memory, std::vector<Key> keys, Options options);

  // Signs the tree when it has grown, or when one of the keys has not signed
  // it; stores the checkpoint. Returns whether something was signed.
  // FAILED_PRECONDITION says why the tree may not be signed: it does not
  // contain what was signed, a key is of another suite, the memory cannot be
  // read as a checkpoint of this signer.
  absl::StatusOr<bool> Sign(absl::Time deadline);

  // Carries the newest checkpoint to `place`, and notes in the store that it
  // is there. Nothing is done when it is there already, or nothing is signed.
  absl::Status Carry(AnchorPlace& place, absl::Time deadline);

  // The newest checkpoint that is signed and stored.
  std::optional<storage::TreeHead> signed_head() const;

 private:
  struct Last {
    storage::TreeHead head;
    std::string note;
    bool by_all = false;  // every key has signed it
    bool stored = false;
  };

  absl::StatusOr<audit::Suite> CheckLog(absl::Time deadline);
  absl::Status Remember() ABSL_EXCLUSIVE_LOCKS_REQUIRED(signing_);
  // Whether the tree of `head` may be signed after all that was.
  absl::Status CheckNext(audit::Suite suite, const storage::TreeHead& head,
                         absl::Time deadline)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(signing_);
  absl::Status CheckAfter(audit::Suite suite, const storage::TreeHead& head,
                          const storage::TreeHead& earlier,
                          absl::Time deadline) const;
  absl::StatusOr<std::string> NoteOf(const storage::TreeHead& head) const;
  absl::Status Publish(audit::Suite suite, absl::Time deadline)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(signing_);
  std::vector<audit::VerifierKey> VerifierKeys() const;

  storage::Store& store_;
  storage::Log& log_;
  storage::Proofs& proofs_;
  SignerMemory& memory_;
  const std::vector<Key> keys_;
  const Options options_;
  // Held while signing; `mutex_` only for a moment.
  absl::Mutex signing_;
  bool remembered_ ABSL_GUARDED_BY(signing_) = false;
  std::optional<Last> last_ ABSL_GUARDED_BY(signing_);
  mutable absl::Mutex mutex_;
  // What may go out.
  std::optional<Outgoing> out_ ABSL_GUARDED_BY(mutex_);
  audit::Suite suite_ ABSL_GUARDED_BY(mutex_) = audit::Suite::kSha256Ed25519;
  // The note last carried to each place.
  std::map<const AnchorPlace*, std::string> carried_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace gongkai::jobs

#endif  // GONGKAI_SERVICES_JOBS_SIGNER_H_
