// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_AUDIT_SUITE_H_
#define GONGKAI_SERVICES_AUDIT_SUITE_H_

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace gongkai::audit {

inline constexpr size_t kHashBytes = 32;

// A crypto suite (密码套件): the digest and the signature of one log. Chosen when
// the log is created, named in every record, never mixed. The numbers stand in
// records and in the database.
enum class Suite : uint8_t {
  kSha256Ed25519 = 1,  // FIPS 180-4, RFC 8032
  kSm3Sm2 = 2,         // GB/T 32905, GB/T 32918 with the standard's signer id
};

// `sha256-ed25519`, `sm3-sm2`.
std::string_view SuiteName(Suite suite);
// INVALID_ARGUMENT names the suites there are.
absl::StatusOr<Suite> SuiteNamed(std::string_view name);
absl::StatusOr<Suite> SuiteNumbered(int number);

// Digest of the parts one after the other, 32 bytes.
std::string Digest(Suite suite, std::initializer_list<std::string_view> parts);

// A private key of a suite, held in memory only.
class SigningKey {
 public:
  // A new one, from the system's chance.
  static absl::StatusOr<SigningKey> Generate(Suite suite);
  // Reads PEM (PKCS #8), as `openssl genpkey` writes it. INVALID_ARGUMENT when
  // it is no key of a suite; which suite follows from the key.
  static absl::StatusOr<SigningKey> FromPem(std::string_view pem);

  SigningKey(SigningKey&&) noexcept;
  SigningKey& operator=(SigningKey&&) noexcept;
  ~SigningKey();

  Suite suite() const { return suite_; }
  std::string ToPem() const;
  // Ed25519: 32 bytes. SM2: the uncompressed point, 65 bytes.
  std::string PublicKey() const;
  // Ed25519: 64 bytes. SM2: DER, at most 72 bytes.
  absl::StatusOr<std::string> Sign(std::string_view message) const;

 private:
  SigningKey(Suite suite, void* key) : suite_(suite), key_(key) {}
  Suite suite_;
  void* key_;  // EVP_PKEY
};

// Whether `public_key` has the form that Verifies takes: its length, its one
// canonical spelling, no small order; of SM2 also that it is on the curve.
bool IsPublicKey(Suite suite, std::string_view public_key);

// Whether `signature` is one of `message` by `public_key` (forms as above).
// Keys and signatures of small order, out of range or not in their one
// canonical form are refused.
bool Verifies(Suite suite, std::string_view public_key,
              std::string_view message, std::string_view signature);

// One use of an algorithm, for the inventory that 密评 asks for.
struct AlgorithmUse {
  std::string use;        // what it protects, in Chinese
  std::string algorithm;  // SHA-256, SM2 …
  std::string standard;   // FIPS 180-4, GB/T 32918 …
  std::string where;      // the file that calls it
};
// Every algorithm this program uses with `suite`.
std::vector<AlgorithmUse> AlgorithmsOf(Suite suite);

}  // namespace gongkai::audit

#endif  // GONGKAI_SERVICES_AUDIT_SUITE_H_
