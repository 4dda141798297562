// SPDX-License-Identifier: Apache-2.0
#include "services/act/pages.h"

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "services/audit/record.h"
#include "services/base/refusal.h"

namespace gongkai::act {
namespace {

constexpr size_t kMacBytes = 16;

}  // namespace

std::string MakeToken(const std::string& mac_key, const std::string& query,
                      const Place& place) {
  const std::string body = absl::StrCat(place.key, "\n", place.stream);
  return absl::WebSafeBase64Escape(
      absl::StrCat(audit::ShortMac(mac_key, query + "\n" + body), body));
}

absl::StatusOr<Place> ReadToken(const std::string& mac_key,
                                const std::string& query,
                                const std::string& token) {
  if (token.empty()) return Place{};
  std::string raw;
  const bool read = absl::WebSafeBase64Unescape(token, &raw);
  const size_t newline = raw.rfind('\n');
  if (read && raw.size() > kMacBytes && newline != std::string::npos &&
      newline >= kMacBytes) {
    const std::string body = raw.substr(kMacBytes);
    if (audit::ShortMac(mac_key, query + "\n" + body) ==
        raw.substr(0, kMacBytes)) {
      return Place{raw.substr(kMacBytes, newline - kMacBytes),
                   raw.substr(newline + 1)};
    }
  }
  return Refuse(v1::PAGE_TOKEN_FOREIGN);
}

}  // namespace gongkai::act
