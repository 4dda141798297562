// SPDX-License-Identifier: Apache-2.0
#include "services/base/ids.h"

#include <openssl/rand.h>
#include <openssl/sha.h>

#include <array>
#include <cstdlib>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "services/base/dates.h"

namespace gongkai {

std::string RandomBytes(int n) {
  std::string bytes(n, '\0');
  // Without randomness neither salts nor identifiers are safe: stop.
  if (RAND_bytes(reinterpret_cast<unsigned char*>(bytes.data()), n) != 1) {
    std::abort();
  }
  return bytes;
}

namespace {

// 16 bytes as the text of a UUID of `version`.
std::string UuidText(std::string b, int version) {
  b[6] = static_cast<char>((b[6] & 0x0f) | (version << 4));
  b[8] = static_cast<char>((b[8] & 0x3f) | 0x80);
  const std::string hex = absl::BytesToHexString(b);
  return absl::StrCat(hex.substr(0, 8), "-", hex.substr(8, 4), "-",
                      hex.substr(12, 4), "-", hex.substr(16, 4), "-",
                      hex.substr(20, 12));
}

}  // namespace

std::string NewUuid(absl::Time now) {
  std::string b = RandomBytes(16);
  const uint64_t ms = static_cast<uint64_t>(absl::ToUnixMillis(now));
  for (int i = 0; i < 6; ++i) b[i] = static_cast<char>(ms >> (40 - 8 * i));
  return UuidText(std::move(b), 7);
}

std::string UuidFrom(std::string_view name) {
  std::string digest(SHA256_DIGEST_LENGTH, '\0');
  SHA256(reinterpret_cast<const unsigned char*>(name.data()), name.size(),
         reinterpret_cast<unsigned char*>(digest.data()));
  digest.resize(16);
  return UuidText(std::move(digest), 8);
}

bool IsUuid(std::string_view text) {
  if (text.size() != 36) return false;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (i == 8 || i == 13 || i == 18 || i == 23) {
      if (c != '-') return false;
    } else if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))) {
      return false;
    }
  }
  return true;
}

std::string CaseNumber(std::string_view agency, int year, int64_t serial) {
  return absl::StrFormat("%s-%04d-%05d", agency, year, serial);
}

std::string CaseName(std::string_view agency, std::string_view number) {
  return absl::StrCat("agencies/", ToAbsl(agency), "/cases/", ToAbsl(number));
}

namespace {

bool IsAgency(std::string_view s) {
  if (s.size() < 2 || s.size() > 12) return false;
  for (const char c : s) {
    if (!((c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'))) return false;
  }
  return true;
}

bool IsNumber(std::string_view s) {
  if (s.empty() || s.size() > 64) return false;
  for (const char c : s) {
    if (!((c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-')) {
      return false;
    }
  }
  return true;
}

}  // namespace

absl::StatusOr<CaseRef> ParseCaseName(std::string_view name) {
  constexpr std::string_view kAgencies = "agencies/";
  constexpr std::string_view kCases = "/cases/";
  std::string_view agency;
  std::string_view number;
  if (name.starts_with(kAgencies)) {
    const size_t slash = name.find(kCases, kAgencies.size());
    if (slash != std::string_view::npos) {
      agency = name.substr(kAgencies.size(), slash - kAgencies.size());
      number = name.substr(slash + kCases.size());
    }
  } else {
    agency = name.substr(0, name.find('-'));
    number = name;
  }
  if (!IsAgency(agency) || !IsNumber(number)) {
    return absl::InvalidArgumentError(absl::StrFormat(
        "not a case of the form agencies/{agency}/cases/{number}: '%s'",
        name.substr(0, 80)));
  }
  return CaseRef{std::string(agency), std::string(number)};
}

}  // namespace gongkai
