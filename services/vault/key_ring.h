// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_VAULT_KEY_RING_H_
#define GONGKAI_SERVICES_VAULT_KEY_RING_H_

#include <memory>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "services/vault/secret.h"
#include "services/vault/vault.h"

namespace gongkai::vault {

// An outer key, as the two keys that follow from it.
struct OuterKey {
  int number = 0;
  KeptKey wrap;    // of data keys
  KeptKey secret;  // of small secrets
};

// All that a key file says.
struct KeyRing {
  Cipher cipher = Cipher::kAes256Gcm;
  KeptKey index;
  std::vector<OuterKey> outer;  // by number, the newest last

  // Null when it is not here.
  const OuterKey* Find(int number) const;
};

// `aes-256-gcm`, `sm4-ctr-hmac-sm3`.
std::string_view CipherName(Cipher cipher);
absl::StatusOr<Cipher> CipherNamed(std::string_view name);

// Reads the text of a key file; see Vault::Parse.
absl::StatusOr<std::unique_ptr<const KeyRing>> ParseKeyRing(
    std::string_view text);

// Whether `next` may take the place of `now`: the same cipher and index key,
// the same key under every number that both have, a newest key no older.
absl::Status MayFollow(const KeyRing& now, const KeyRing& next);

}  // namespace gongkai::vault

#endif  // GONGKAI_SERVICES_VAULT_KEY_RING_H_
