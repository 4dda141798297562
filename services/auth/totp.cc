// SPDX-License-Identifier: Apache-2.0
#include "services/auth/totp.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <array>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "services/auth/tokens.h"
#include "services/base/dates.h"

namespace gongkai::auth {
namespace {

constexpr int64_t kStepSeconds = 30;
constexpr int kDigits = 6;

// Dynamic truncation, RFC 4226 5.3.
uint32_t Truncated(const unsigned char* mac, unsigned int size) {
  const unsigned int offset = mac[size - 1] & 0x0F;
  return (static_cast<uint32_t>(mac[offset] & 0x7F) << 24) |
         (static_cast<uint32_t>(mac[offset + 1]) << 16) |
         (static_cast<uint32_t>(mac[offset + 2]) << 8) |
         static_cast<uint32_t>(mac[offset + 3]);
}

}  // namespace

int64_t TotpStep(absl::Time now) {
  return absl::ToUnixSeconds(now) / kStepSeconds;
}

std::string TotpDigits(std::string_view key, int64_t step, int digits) {
  std::array<unsigned char, 8> counter{};
  for (int i = 7; i >= 0; --i) {
    counter[static_cast<size_t>(i)] = static_cast<unsigned char>(step & 0xFF);
    step >>= 8;
  }
  std::array<unsigned char, EVP_MAX_MD_SIZE> mac{};
  unsigned int size = 0;
  if (HMAC(EVP_sha1(), key.data(), static_cast<int>(key.size()), counter.data(),
           counter.size(), mac.data(), &size) == nullptr) {
    return "";
  }
  uint32_t modulus = 1;
  for (int i = 0; i < digits; ++i) modulus *= 10;
  return absl::StrFormat("%0*d", digits, Truncated(mac.data(), size) % modulus);
}

std::optional<int64_t> MatchTotp(std::string_view key, std::string_view typed,
                                 absl::Time now, int64_t last_step) {
  std::optional<int64_t> found;
  const int64_t present = TotpStep(now);
  for (int64_t step = present - 1; step <= present + 1; ++step) {
    const std::string digits = TotpDigits(key, step, kDigits);
    const bool same = !digits.empty() && SameDigest(digits, typed);
    if (same && step > last_step) found = step;
  }
  return found;
}

std::string TotpUri(std::string_view agency, std::string_view account,
                    std::string_view key) {
  // Names and codes hold nothing that an address would have to escape.
  return absl::StrCat("otpauth://totp/Gongkai:", ToAbsl(agency), ".",
                      ToAbsl(account), "?secret=", Base32(key),
                      "&issuer=Gongkai&algorithm=SHA1&digits=6&period=30");
}

}  // namespace gongkai::auth
