// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_ACT_ACCOUNT_IDENTITIES_H_
#define GONGKAI_SERVICES_ACT_ACCOUNT_IDENTITIES_H_

#include <string>
#include <string_view>

#include "services/account/account.h"
#include "services/act/credentials.h"
#include "services/act/identities.h"
#include "services/base/clock.h"
#include "services/vault/vault.h"
#include "storage/accounts.h"
#include "storage/store.h"

namespace gongkai::act {

// Callers by their sessions and certificates, with the roles that the streams
// of their accounts give them today. Thread-safe.
class AccountIdentities final : public Identities {
 public:
  AccountIdentities(storage::Store& store, storage::AccountBook& book,
                    vault::Vault& vault, Clock& clock);

  absl::StatusOr<Identified> ByAccessToken(std::string_view token,
                                           std::string_view on_behalf_of,
                                           absl::Time deadline) override;
  absl::StatusOr<Identified> ByCertificate(std::string_view fingerprint,
                                           absl::Time deadline) override;

  // What act::Standing::StillStands says, once the count of revocations is
  // another.
  absl::Status StillStands(const auth::Caller& caller, absl::Time deadline);

 private:
  absl::StatusOr<Identified> BySession(
      const std::optional<storage::SessionRow>& session,
      std::string_view on_behalf_of, int64_t revocation, absl::Time deadline);
  // Own roles, or those lent by a principal.
  absl::StatusOr<std::vector<auth::HeldRole>> RolesFor(
      const account::Account& account, std::string_view on_behalf_of,
      absl::Time deadline);
  // Whether the person has an administrator's post by another account.
  absl::StatusOr<bool> HasPostElsewhere(const account::Account& account,
                                        absl::Time deadline);
  // Whether a password was set after the session began.
  absl::StatusOr<bool> ChangedSince(const account::Account& account,
                                    absl::Time begun, absl::Time deadline);

  storage::Store& store_;
  storage::AccountBook& book_;
  Credentials credentials_;
  Clock& clock_;
};

}  // namespace gongkai::act

#endif  // GONGKAI_SERVICES_ACT_ACCOUNT_IDENTITIES_H_
