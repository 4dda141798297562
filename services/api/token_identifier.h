// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_API_TOKEN_IDENTIFIER_H_
#define GONGKAI_SERVICES_API_TOKEN_IDENTIFIER_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <list>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "services/api/identity.h"
#include "services/base/clock.h"

namespace gongkai::api {

// Says who calls by what cannot be made up: an access token
// (`authorization: Bearer gka_…`), or the client certificate of a service
// account; with a token, `x-gongkai-on-behalf-of` names the principal of a
// deputy. What was found is remembered for as long as it may hold and nothing
// has been revoked anywhere, by a digest and not by the token. Thread-safe.
class TokenIdentifier final : public Identifier {
 public:
  // The newest count of revocations that this process knows of.
  using Newest = std::function<int64_t()>;

  // What is given outlives it. Remembers at most `most` callers.
  TokenIdentifier(act::Identities& identities, Newest newest, Clock& clock,
                  size_t most = 20'000);

  absl::StatusOr<act::Identified> Identify(const Wire& wire,
                                           absl::Time deadline) override;
  std::string SeemsToBe(const Wire& wire) override;

  // How many calls were answered without asking the database.
  int64_t remembered() const { return remembered_.load(); }

 private:
  // What a caller shows.
  struct Shown {
    std::string token;
    std::string principal;
    std::string fingerprint;
    std::string digest;  // of all that
  };
  struct Entry {
    std::string digest;
    act::Identified identified;
  };

  absl::StatusOr<Shown> Look(const Wire& wire) const;
  std::optional<act::Identified> Remembered(const std::string& digest);
  void Remember(const std::string& digest, const act::Identified& identified);
  // Whether what was found once may still be used.
  bool Holds(const act::Identified& identified);

  act::Identities& identities_;
  const Newest newest_;
  Clock& clock_;
  const size_t most_;
  std::atomic<int64_t> remembered_{0};
  absl::Mutex mutex_;
  std::list<Entry> entries_ ABSL_GUARDED_BY(mutex_);  // the most recent first
  std::map<std::string_view, std::list<Entry>::iterator> places_
      ABSL_GUARDED_BY(mutex_);
};

}  // namespace gongkai::api

#endif  // GONGKAI_SERVICES_API_TOKEN_IDENTIFIER_H_
