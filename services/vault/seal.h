// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_VAULT_SEAL_H_
#define GONGKAI_SERVICES_VAULT_SEAL_H_

#include <cstddef>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

#include "services/vault/vault.h"

// The algorithms, without any key of their own. All keys are 32 bytes. A crypto
// library that fails ends the program: nothing half-sealed may be kept.
namespace gongkai::vault {

inline constexpr size_t kNonceBytes = 12;

// `parts` as one text that no other parts give: each after its length.
std::string Context(std::initializer_list<std::string_view> parts);

// 12 bytes of the system's chance.
std::string NewNonce();

// HMAC of `text`: with SHA-256, or SM3 in a suite of SM4. 32 bytes.
std::string Mac(Cipher cipher, const unsigned char* key, std::string_view text);

// SM4 in counter mode (GB/T 17964): its own inverse. `key` and `counter` are 16
// bytes, the counter is counted up by one each block.
std::string Sm4Ctr(const unsigned char* key, std::string_view counter,
                   std::string_view text);

// The text under `key`, and the tag over text, nonce and `context`. AES-256-GCM
// (NIST SP 800-38D): 16 bytes of tag. SM4-CTR, then HMAC-SM3 under a second key
// that is derived as the first is: 32 bytes of tag.
std::string SealText(Cipher cipher, const unsigned char* key,
                     std::string_view nonce, std::string_view context,
                     std::string_view plain);
// Absent when anything is other than it was sealed.
std::optional<std::string> OpenText(Cipher cipher, const unsigned char* key,
                                    std::string_view nonce,
                                    std::string_view context,
                                    std::string_view sealed);

}  // namespace gongkai::vault

#endif  // GONGKAI_SERVICES_VAULT_SEAL_H_
