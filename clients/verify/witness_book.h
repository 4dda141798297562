// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_CLIENTS_VERIFY_WITNESS_BOOK_H_
#define GONGKAI_CLIENTS_VERIFY_WITNESS_BOOK_H_

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "services/audit/merkle.h"
#include "services/audit/note.h"
#include "services/audit/suite.h"
#include "services/base/files.h"

namespace gongkai::verify {

// What a witness answers to a request: an HTTP status and a body of its type.
struct WitnessAnswer {
  int status = 0;
  std::string type = {};
  std::string body = {};
};

// A request is not larger than this: an old size, 63 hashes and a checkpoint.
inline constexpr size_t kMostRequestBytes = 1 << 16;

// What a witness (见证方) remembers and by which rules it cosigns (C2SP
// tlog-witness): of each log the last checkpoint that it cosigned, in a file of
// its own, and nothing that does not contain that one. Thread-safe.
class WitnessBook {
 public:
  // `folder` keeps the checkpoints, for this process alone; `as` is the
  // verifier key of `key`, of use kCosign; `logs` are the keys of the logs that
  // it witnesses, by whose names it knows their origins. FAILED_PRECONDITION
  // when another process is at work there or a checkpoint cannot be trusted.
  static absl::StatusOr<std::unique_ptr<WitnessBook>> Open(
      const std::string& folder, audit::SigningKey key, audit::VerifierKey as,
      const std::vector<audit::VerifierKey>& logs);

  // Answers the body of one add-checkpoint. What it cosigns is on the disk
  // before it answers.
  WitnessAnswer AddCheckpoint(std::string_view body, absl::Time now);

 private:
  // One log and the last checkpoint of it.
  struct Witnessed {
    std::vector<audit::VerifierKey> keys;
    std::string file;
    int64_t size = 0;  // 0 too when there is none
    std::string root;
    std::string note;
  };
  struct Request {
    int64_t old_size = 0;
    audit::Hashes proof;
    std::string note;
  };

  WitnessBook(FileLock lock, audit::SigningKey key, audit::VerifierKey as)
      : lock_(std::move(lock)), key_(std::move(key)), as_(std::move(as)) {}

  static absl::StatusOr<Request> Read(std::string_view body);
  absl::Status Load(Witnessed& log) const;
  // Empty status when `next` follows what is known.
  WitnessAnswer Judge(const Witnessed& log, const Request& request,
                      const audit::SignedCheckpoint& next) const;
  WitnessAnswer Cosign(const audit::SignedCheckpoint& next, absl::Time now,
                       Witnessed& log) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const FileLock lock_;
  const audit::SigningKey key_;
  const audit::VerifierKey as_;
  // Held from the look at the last checkpoint until the next is on the disk.
  absl::Mutex mutex_;
  std::map<std::string, Witnessed, std::less<>> logs_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace gongkai::verify

#endif  // GONGKAI_CLIENTS_VERIFY_WITNESS_BOOK_H_
