// SPDX-License-Identifier: Apache-2.0
#include "services/api/limits.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "absl/strings/str_cat.h"
#include "services/base/refusal.h"

namespace gongkai::api {
namespace {

constexpr int64_t kBusyRetryMs = 200;

absl::Status ComeAgain(v1::Reason reason, int64_t retry_ms) {
  v1::Refusal refusal;
  refusal.set_reason(reason);
  refusal.set_retry_ms(retry_ms);
  return Refuse(refusal);
}

absl::Status RateExceeded(absl::Duration wait) {
  return ComeAgain(v1::RATE_EXCEEDED,
                   std::max<int64_t>(1, absl::ToInt64Milliseconds(absl::Ceil(
                                            wait, absl::Milliseconds(1)))));
}

}  // namespace

Buckets::Buckets(Rate rate, size_t most_keys)
    : rate_{rate.per_second, std::max(1.0, rate.burst)},
      most_keys_(std::max<size_t>(1, most_keys)) {}

absl::Duration Buckets::Take(const std::string& key, absl::Time now) {
  if (rate_.per_second <= 0) return absl::ZeroDuration();
  const auto place = places_.find(key);
  if (place == places_.end()) {
    if (places_.size() >= most_keys_) {
      places_.erase(buckets_.back().key);
      buckets_.pop_back();
    }
    buckets_.push_front({key, rate_.burst, now});
    places_.emplace(buckets_.front().key, buckets_.begin());
  } else {
    buckets_.splice(buckets_.begin(), buckets_, place->second);
  }
  Bucket& bucket = buckets_.front();
  const double seconds =
      std::max(0.0, absl::ToDoubleSeconds(now - bucket.filled));
  bucket.tokens =
      std::min(rate_.burst, bucket.tokens + seconds * rate_.per_second);
  bucket.filled = std::max(bucket.filled, now);
  if (bucket.tokens < 1) {
    return absl::Seconds((1 - bucket.tokens) / rate_.per_second);
  }
  bucket.tokens -= 1;
  return absl::ZeroDuration();
}

Limits::Limits(const Options& options)
    : options_(options),
      accounts_(options.account, options.most_keys),
      sources_(options.source, options.most_keys) {}

std::pair<std::string, int> Limits::Counted(const Who& who) const {
  if (who.sign_in && !who.source.empty()) {
    return {absl::StrCat("sign-in ", who.source), options_.source_sign_ins};
  }
  if (!who.account.empty()) {
    return {absl::StrCat("account ", who.account), options_.account_calls};
  }
  if (!who.source.empty()) {
    return {absl::StrCat("source ", who.source), options_.source_calls};
  }
  return {"", 0};
}

absl::Status Limits::Begin(const Who& who, absl::Time now) {
  const auto [key, most] = Counted(who);
  absl::MutexLock lock(&mutex_);
  if (most > 0) {
    const auto it = under_way_.find(key);
    if (it != under_way_.end() && it->second >= most) {
      return ComeAgain(v1::TOO_BUSY, kBusyRetryMs);
    }
  }
  if (!who.source.empty()) {
    const absl::Duration wait = sources_.Take(who.source, now);
    if (wait > absl::ZeroDuration()) return RateExceeded(wait);
  }
  if (!who.account.empty()) {
    const absl::Duration wait = accounts_.Take(who.account, now);
    if (wait > absl::ZeroDuration()) return RateExceeded(wait);
  }
  if (most > 0) ++under_way_[key];
  return absl::OkStatus();
}

void Limits::Done(const Who& who) {
  const auto [key, most] = Counted(who);
  if (most <= 0) return;
  absl::MutexLock lock(&mutex_);
  const auto it = under_way_.find(key);
  if (it != under_way_.end() && --it->second <= 0) under_way_.erase(it);
}

}  // namespace gongkai::api
