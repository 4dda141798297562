// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_ACT_CREDENTIALS_H_
#define GONGKAI_SERVICES_ACT_CREDENTIALS_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "gongkai/v1/credential.pb.h"
#include "services/account/account.h"
#include "services/vault/vault.h"
#include "storage/accounts.h"

namespace gongkai::act {

// The secrets of an account for a moment; wiped when this goes.
struct HeldSecrets {
  HeldSecrets() = default;
  HeldSecrets(HeldSecrets&&) = default;
  HeldSecrets& operator=(HeldSecrets&&) = default;
  HeldSecrets(const HeldSecrets&) = delete;
  HeldSecrets& operator=(const HeldSecrets&) = delete;
  ~HeldSecrets();

  int64_t version = 0;  // 0 when there are none
  v1::Credential secrets;
};

// Keeps the secrets of accounts sealed in the database, each bound to its
// account. Thread-safe.
class Credentials {
 public:
  Credentials(storage::AccountBook& book, vault::Vault& vault)
      : book_(book), vault_(vault) {}

  absl::StatusOr<HeldSecrets> Read(std::string_view agency,
                                   std::string_view account,
                                   absl::Time deadline);
  // Puts `held.secrets` in the place of `held.version`, and counts that up;
  // false when another came between.
  absl::StatusOr<bool> Put(std::string_view agency, std::string_view account,
                           HeldSecrets& held, absl::Time deadline);

 private:
  storage::AccountBook& book_;
  vault::Vault& vault_;
};

// A new one-time code (启用码) as it is handed over: 120 bits.
std::string NewSetUpCode();
// Makes `secrets` those of an account that waits for its set-up by `code` since
// its event `begun_seq`. Earlier passwords stay known, so that they do not come
// again.
void BeginSetUp(int64_t begun_seq, std::string_view code, absl::Time until,
                v1::Credential& secrets);
// Whether `secrets` are the account's present ones, and set up.
bool IsSetUp(const account::Account& account, const v1::Credential& secrets);

// Under which failed attempts at an account are counted, whether or not it
// exists, and those from an address; 32 bytes that name neither.
std::string AccountAttemptKey(const vault::Vault& vault,
                              std::string_view agency, std::string_view name);
std::string SourceAttemptKey(const vault::Vault& vault,
                             std::string_view source);

}  // namespace gongkai::act

#endif  // GONGKAI_SERVICES_ACT_CREDENTIALS_H_
