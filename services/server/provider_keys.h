// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_SERVER_PROVIDER_KEYS_H_
#define GONGKAI_SERVICES_SERVER_PROVIDER_KEYS_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "services/auth/jwt.h"
#include "services/auth/provider.h"
#include "services/server/config.h"

namespace gongkai::server {

// The office's identity provider (统一身份认证): believes its tokens by the
// keys that it publishes. They are fetched when a token names one that is not
// known, but not sooner than ten seconds after the last time, and after an hour
// in any case; while the provider is away the last ones go on. Thread-safe.
class ProviderKeys {
 public:
  // How soon keys are fetched again: for a token that names an unknown one, and
  // in any case.
  struct Pace {
    absl::Duration unknown = absl::Seconds(10);
    absl::Duration any = absl::Hours(1);
  };
  // Fetches the text of the set of keys.
  using Fetch = std::function<absl::StatusOr<std::string>()>;

  // Null when no provider is configured. INVALID_ARGUMENT when only half of it
  // is, or the keys would come over a network unprotected.
  static absl::StatusOr<std::unique_ptr<ProviderKeys>> Make(
      const Config& config);
  ProviderKeys(auth::JwtWanted wanted, Fetch fetch, Pace pace);

  // PROVIDER_TOKEN_REFUSED with the rule that the token breaks; TOO_BUSY while
  // the provider has never been reached. `now` is the time that tokens are
  // judged at.
  absl::StatusOr<auth::ProviderClaims> Check(std::string_view token,
                                             absl::Time now);

  // How often keys were fetched, and how often that failed.
  int64_t fetched() const;
  int64_t failed() const;

 private:
  // The keys to judge a token by that names `kid`.
  std::shared_ptr<const auth::JwtKeySet> KeysFor(const std::string& kid);
  void Refresh() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const auth::JwtWanted wanted_;
  const Fetch fetch_;
  const Pace pace_;
  mutable absl::Mutex mutex_;
  std::shared_ptr<const auth::JwtKeySet> keys_ ABSL_GUARDED_BY(mutex_);
  absl::Time tried_ ABSL_GUARDED_BY(mutex_) = absl::InfinitePast();
  absl::Time taken_ ABSL_GUARDED_BY(mutex_) = absl::InfinitePast();
  bool fetching_ ABSL_GUARDED_BY(mutex_) = false;
  int64_t fetched_ ABSL_GUARDED_BY(mutex_) = 0;
  int64_t failed_ ABSL_GUARDED_BY(mutex_) = 0;
};

// What signing in asks; empty without a provider, which outlives it.
auth::CheckProviderToken CheckerOf(ProviderKeys* provider);

}  // namespace gongkai::server

#endif  // GONGKAI_SERVICES_SERVER_PROVIDER_KEYS_H_
