// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_API_LIMITS_H_
#define GONGKAI_SERVICES_API_LIMITS_H_

#include <cstddef>
#include <list>
#include <map>
#include <string>
#include <string_view>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"

namespace gongkai::api {

// So many in a second in the long run, and so many at once after a pause.
struct Rate {
  double per_second = 0;  // 0 for no limit
  double burst = 0;       // at least 1
};

// Buckets of tokens (令牌桶), one for each key. The table is bounded: the key
// that was quiet longest is forgotten first, and begins with a full bucket when
// it comes again. Pure: the time is passed, and may not go back. Not
// thread-safe.
class Buckets {
 public:
  Buckets(Rate rate, size_t most_keys);
  // Takes a token of the key. Zero when there was one; else none is taken, and
  // this is how long to wait for it.
  absl::Duration Take(const std::string& key, absl::Time now);
  size_t keys() const { return places_.size(); }

 private:
  struct Bucket {
    std::string key;
    double tokens = 0;
    absl::Time filled;
  };
  const Rate rate_;
  const size_t most_keys_;
  std::list<Bucket> buckets_;  // the most recent first
  std::map<std::string_view, std::list<Bucket>::iterator> places_;
};

// What one caller may take of the service (限流): calls in a second, by account
// and by address, and calls at once, so that nobody fills a lane alone.
// Thread-safe.
class Limits {
 public:
  struct Options {
    Rate account = {200, 400};
    Rate source = {400, 800};
    // At once; 0 for no limit. Those of a source are for calls of which it is
    // not known whose they are.
    int account_calls = 64;
    int source_calls = 256;
    // The same of calls by which somebody says who he is, for which few workers
    // are there: well below what may wait for them.
    int source_sign_ins = 16;
    // Accounts and sources that are remembered.
    size_t most_keys = 20'000;
  };
  // Neither may be limited when it is empty.
  struct Who {
    std::string account;
    std::string source;
    // The call is open to everybody, so that whoever it seems to be is nothing.
    bool sign_in = false;
  };

  explicit Limits(const Options& options);
  // Counts a call in: OK, RATE_EXCEEDED or TOO_BUSY, with the time after which
  // to come again. After OK only, Done follows.
  absl::Status Begin(const Who& who, absl::Time now);
  void Done(const Who& who);

 private:
  // The key under which calls at once are counted, and how many may be.
  std::pair<std::string, int> Counted(const Who& who) const;

  const Options options_;
  absl::Mutex mutex_;
  Buckets accounts_ ABSL_GUARDED_BY(mutex_);
  Buckets sources_ ABSL_GUARDED_BY(mutex_);
  std::map<std::string, int> under_way_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace gongkai::api

#endif  // GONGKAI_SERVICES_API_LIMITS_H_
