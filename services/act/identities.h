// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_ACT_IDENTITIES_H_
#define GONGKAI_SERVICES_ACT_IDENTITIES_H_

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "services/auth/identity.h"

namespace gongkai::act {

// Somebody identified, and for how long.
struct Identified {
  auth::Caller caller;
  // Not after this time; also not after midnight in Shanghai, when grants of a
  // day begin and end.
  absl::Time until;
  // Only the password may be changed; the caller has no roles.
  bool only_password = false;
};

// Who a token or a certificate belongs to, by what the record says now.
// Thread-safe.
class Identities {
 public:
  virtual ~Identities() = default;
  // The caller of an access token, with the roles of `on_behalf_of` when that
  // is not empty. NOT_IDENTIFIED of a token that nobody has, SESSION_OVER of
  // one past its time or ended, NOT_DEPUTY.
  virtual absl::StatusOr<Identified> ByAccessToken(
      std::string_view token, std::string_view on_behalf_of,
      absl::Time deadline) = 0;
  // The service account of a client certificate: its SHA-256, 64 hexadecimal
  // digits. NOT_IDENTIFIED when none has it, or no more.
  virtual absl::StatusOr<Identified> ByCertificate(std::string_view fingerprint,
                                                   absl::Time deadline) = 0;
};

// Whether somebody identified a while ago still is who he was (身份复核).
// Thread-safe.
class Standing {
 public:
  virtual ~Standing() = default;
  // The count of revocations now: asked once for all who ask at the same time.
  virtual absl::StatusOr<int64_t> Revocation(absl::Time deadline) = 0;
  // A moment; and the count at any moment after it, for who asks at the end of
  // what he began at that moment.
  virtual int64_t Mark() { return 0; }
  virtual absl::StatusOr<int64_t> RevocationAfter(int64_t /*mark*/,
                                                  absl::Time deadline) {
    return Revocation(deadline);
  }
  // OK when `caller`, identified at another count than `revocation`, is
  // unchanged: the same session or certificate, and the same roles. Otherwise
  // SESSION_OVER.
  virtual absl::Status StillStands(const auth::Caller& caller,
                                   int64_t revocation, absl::Time deadline) = 0;
};

}  // namespace gongkai::act

#endif  // GONGKAI_SERVICES_ACT_IDENTITIES_H_
