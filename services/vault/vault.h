// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_VAULT_VAULT_H_
#define GONGKAI_SERVICES_VAULT_VAULT_H_

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "storage/sealer.h"

namespace gongkai::vault {

// How what is sealed is sealed (密码套件). The number is the first byte of
// every sealed text.
enum class Cipher {
  kAes256Gcm = 1,
  kSm4CtrHmacSm3 = 2,  // encrypted, then authenticated
};

// The outer keys (主密钥), and all that is done with them. They lie in a file
// that only the service's user can read, never in the database, and in memory
// that is neither swapped nor dumped. Thread-safe.
class Vault : public storage::Sealer {
 public:
  // Reads the text of a key file: a line `cipher aes-256-gcm|sm4-ctr-hmac-sm3`,
  // a line `index HEX` (32 bytes, of the blind indexes), and one line
  // `key NUMBER HEX` (32 bytes) for each outer key, the newest last; `#` begins
  // a comment. INVALID_ARGUMENT says what is wrong, never what was there.
  static absl::StatusOr<std::unique_ptr<Vault>> Parse(std::string_view text);
  // The text of a new file; with `old`, that of `old` with one key more (and
  // the cipher of `old`).
  static absl::StatusOr<std::string> Generate(Cipher cipher,
                                              std::string_view old);

  // Seals a small secret under the newest outer key itself, bound to `context`;
  // opens it under whichever it was sealed.
  virtual absl::StatusOr<std::string> SealSecret(std::string_view context,
                                                 std::string_view plain) = 0;
  virtual absl::StatusOr<std::string> OpenSecret(std::string_view context,
                                                 std::string_view sealed) = 0;
  // A blind index (盲索引): 32 bytes that only equal values of one use share.
  virtual std::string BlindIndex(std::string_view use,
                                 std::string_view value) const = 0;
  virtual Cipher cipher() const = 0;
  // Numbers of the outer keys that are here, the newest last.
  virtual std::vector<int> numbers() const = 0;
  // Takes the outer keys of a newer text of the same file in the place of those
  // it has. FAILED_PRECONDITION, and nothing changes, when the text has another
  // cipher, index or key of a number, or an older newest key.
  virtual absl::Status Reload(std::string_view text) = 0;
  // What is done before a key that is not here is refused: taking in a newer
  // file, in which it may be. To be set before the vault is shared.
  virtual void WhenMissing(std::function<void()> look) = 0;
};

// The context in which the secrets of an account are sealed.
std::string CredentialContext(std::string_view agency,
                              std::string_view account);

}  // namespace gongkai::vault

#endif  // GONGKAI_SERVICES_VAULT_VAULT_H_
