// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_API_DOORS_H_
#define GONGKAI_SERVICES_API_DOORS_H_

#include <atomic>
#include <cstdint>
#include <string>
#include <string_view>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "services/act/access.h"
#include "services/act/identities.h"
#include "services/api/identity.h"
#include "services/api/limits.h"
#include "services/auth/identity.h"

namespace gongkai::api {

// The way in (入口): who calls, whether that still stands, and whether a role
// of theirs opens the method's door. Who is turned away is recorded, but no
// flood of them fills the log. Thread-safe.
class Doors {
 public:
  // What is given outlives it. Without `standing` nobody is looked at again;
  // without `recorder` nobody is recorded.
  explicit Doors(Identifier& identifier, act::Standing* standing = nullptr,
                 act::AccessRecorder* recorder = nullptr);

  // The caller of a method, before anything of the request is read. Of an open
  // method only where the call comes from is known. NOT_IDENTIFIED,
  // SESSION_OVER, PASSWORD_EXPIRED, METHOD_NOT_ALLOWED.
  // Who only reads may be looked at `later`, when it is known what would be
  // answered: with StoodAfter.
  absl::StatusOr<auth::Caller> Enter(std::string_view method, const Wire& wire,
                                     absl::Time deadline, bool later = false);

  // A moment; and OK when the caller still was who he was at one after it, else
  // SESSION_OVER. Calls under way together share one question.
  int64_t Mark();
  absl::Status StoodAfter(int64_t mark, const auth::Caller& caller,
                          absl::Time deadline);

  // Records that a caller who was let in brought what may not come in; returns
  // `why`.
  absl::Status Stop(const auth::Caller& caller, std::string_view method,
                    const absl::Status& why, absl::Time deadline);

  // Refuses a call from an address that none may come from, whoever it is:
  // METHOD_NOT_ALLOWED.
  absl::Status TurnAwayStranger(std::string_view method,
                                const std::string& source, absl::Time deadline);

  Identifier& identifier() { return identifier_; }
  // Callers turned away since the start who were too many to record.
  int64_t unrecorded() const { return unrecorded_.load(); }

 private:
  // Who calls, as it is now: what was remembered is looked up anew when
  // anything was revoked anywhere since.
  absl::StatusOr<act::Identified> IdentifyNow(std::string_view method,
                                              const Wire& wire,
                                              absl::Time deadline, bool later);
  // Records that `who` was turned away; returns `why`.
  absl::Status TurnAway(const auth::Caller& who, std::string_view method,
                        const absl::Status& why, absl::Time deadline);
  bool WorthARecord(const std::string& source);

  Identifier& identifier_;
  act::Standing* const standing_;
  act::AccessRecorder* const recorder_;
  std::atomic<int64_t> unrecorded_{0};
  absl::Mutex mutex_;
  // How often turning away is recorded: by source, and of all.
  Buckets by_source_ ABSL_GUARDED_BY(mutex_);
  Buckets of_all_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace gongkai::api

#endif  // GONGKAI_SERVICES_API_DOORS_H_
