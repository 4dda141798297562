// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_AUTH_TOKENS_H_
#define GONGKAI_SERVICES_AUTH_TOKENS_H_

#include <optional>
#include <string>
#include <string_view>

namespace gongkai::auth {

// Beginnings by which a token that went astray is known for one.
inline constexpr std::string_view kAccessPrefix = "gka_";
inline constexpr std::string_view kRefreshPrefix = "gkr_";

// A new token (令牌): `prefix` and 256 random bits in base64url.
std::string NewToken(std::string_view prefix);

// SHA-256, 32 bytes: all that is kept of a token or a code of many bits.
std::string TokenDigest(std::string_view token);

// Compares two digests in a time that does not tell where they differ.
bool SameDigest(std::string_view a, std::string_view b);

// A new code for people to type: groups of four letters and digits that are not
// taken for each other, `5 * chars` bits; `chars` is a multiple of four.
std::string NewCode(int chars);
// A code as typed, without blanks and hyphens, in upper case and with
// look-alike digits read as the letters they stand for.
std::string NormalCode(std::string_view typed);

// RFC 4648 base32 without padding.
std::string Base32(std::string_view bytes);
// The bytes of such a text, blanks and padding left out; absent for another.
std::optional<std::string> FromBase32(std::string_view text);

}  // namespace gongkai::auth

#endif  // GONGKAI_SERVICES_AUTH_TOKENS_H_
