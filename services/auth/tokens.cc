// SPDX-License-Identifier: Apache-2.0
#include "services/auth/tokens.h"

#include <sodium.h>

#include <cstdint>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "services/auth/secret.h"
#include "services/base/dates.h"
#include "services/base/ids.h"

namespace gongkai::auth {
namespace {

constexpr int kTokenBytes = 32;
constexpr size_t kGroup = 4;
constexpr std::string_view kBase32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

const unsigned char* Bytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

}  // namespace

std::string NewToken(std::string_view prefix) {
  std::string bytes = RandomBytes(kTokenBytes);
  const Wiped wiped(bytes);
  return absl::StrCat(ToAbsl(prefix), absl::WebSafeBase64Escape(bytes));
}

std::string TokenDigest(std::string_view token) {
  std::string digest(crypto_hash_sha256_BYTES, '\0');
  crypto_hash_sha256(reinterpret_cast<unsigned char*>(digest.data()),
                     Bytes(token), token.size());
  return digest;
}

bool SameDigest(std::string_view a, std::string_view b) {
  return a.size() == b.size() &&
         sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

std::string NewCode(int chars) {
  std::string bytes = RandomBytes(chars);
  const Wiped wiped(bytes);
  std::string code;
  for (int i = 0; i < chars; ++i) {
    if (i > 0 && i % kGroup == 0) code += '-';
    code += kBase32[static_cast<uint8_t>(bytes[i]) % kBase32.size()];
  }
  return code;
}

std::string NormalCode(std::string_view typed) {
  std::string code;
  for (const char c : typed) {
    if (c == '-' || c == ' ') continue;
    const char upper = absl::ascii_toupper(static_cast<unsigned char>(c));
    code += upper == '0'   ? 'O'
            : upper == '1' ? 'I'
            : upper == '8' ? 'B'
                           : upper;
  }
  return code;
}

std::string Base32(std::string_view bytes) {
  std::string text;
  uint32_t held = 0;
  int bits = 0;
  for (const char c : bytes) {
    held = (held << 8) | static_cast<uint8_t>(c);
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += kBase32[(held >> bits) & 31];
    }
  }
  if (bits > 0) text += kBase32[(held << (5 - bits)) & 31];
  return text;
}

std::optional<std::string> FromBase32(std::string_view text) {
  std::string bytes;
  uint32_t held = 0;
  int bits = 0;
  for (const char c : text) {
    if (c == '=' || c == ' ') continue;
    const size_t value = std::string_view(kBase32).find(c);
    if (value == std::string_view::npos) return std::nullopt;
    held = (held << 5) | static_cast<uint32_t>(value);
    bits += 5;
    if (bits < 8) continue;
    bits -= 8;
    bytes += static_cast<char>((held >> bits) & 0xFF);
  }
  if (bytes.empty()) return std::nullopt;
  return bytes;
}

}  // namespace gongkai::auth
