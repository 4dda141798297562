// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_ACT_REVEALS_H_
#define GONGKAI_SERVICES_ACT_REVEALS_H_

#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <string_view>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "gongkai/v1/types.pb.h"
#include "services/act/access.h"
#include "services/auth/identity.h"
#include "services/base/ids.h"
#include "services/casework/case.h"

namespace gongkai::act {

// OK when no purpose is stated, for then everything is masked, or when the
// caller may see the personal data of this case whole; REVEAL_NOT_ALLOWED,
// which is recorded, otherwise.
absl::Status AdmitReveal(AccessRecorder& recorder, const auth::Caller& caller,
                         std::string_view method, const CaseRef& ref,
                         const casework::Case& c, v1::Purpose purpose,
                         absl::Time deadline);

// Watches how many cases each account has had shown whole within an hour by
// this server, and raises an alarm beyond a number (DB-21): a line in the log
// that names the account alone. It refuses nothing: what was shown is recorded.
// Thread-safe.
class RevealWatch {
 public:
  // `limit` cases in an hour are usual; 0 watches nothing.
  explicit RevealWatch(int limit) : limit_(limit) {}

  // One case was shown whole. Times do not go back by more than a moment.
  void Note(const auth::Caller& caller, std::string_view agency,
            std::string_view number, absl::Time now);
  // Accounts that are over the limit in the hour before `now`.
  int64_t OverLimit(absl::Time now);

 private:
  struct Shown {
    std::deque<std::pair<absl::Time, std::string>> cases;  // oldest first
    std::map<std::string, int> times;                      // of each in `cases`
    bool told = false;
  };
  void Forget(absl::Time now) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const int limit_;
  absl::Mutex mutex_;
  std::map<std::string, Shown> accounts_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace gongkai::act

#endif  // GONGKAI_SERVICES_ACT_REVEALS_H_
