// SPDX-License-Identifier: Apache-2.0
#include "services/api/token_identifier.h"

#include <algorithm>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "services/api/validate.h"
#include "services/auth/tokens.h"
#include "services/base/dates.h"
#include "services/base/refusal.h"
#include "services/base/status_macros.h"

namespace gongkai::api {
namespace {

constexpr std::string_view kScheme = "Bearer ";
// Of 32 bytes in base64url.
constexpr size_t kTokenChars = 43;
constexpr size_t kLongestPrincipal = 32;
constexpr size_t kLongestCertificate = 16'384;

absl::Status NotIdentified(std::string_view field, std::string_view wanted) {
  v1::Refusal refusal;
  refusal.set_reason(v1::NOT_IDENTIFIED);
  refusal.set_field(std::string(field));
  refusal.set_wanted(std::string(wanted));
  return Refuse(refusal);
}

size_t Count(const Metadata& metadata, std::string_view key) {
  return metadata.count(grpc::string_ref(key.data(), key.size()));
}

bool IsTokenChar(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         (c >= '0' && c <= '9') || c == '-' || c == '_';
}

bool HasTokenForm(std::string_view token) {
  return token.size() == auth::kAccessPrefix.size() + kTokenChars &&
         token.starts_with(auth::kAccessPrefix) &&
         std::all_of(token.begin(), token.end(), IsTokenChar);
}

// SHA-256 of the first certificate of a PEM text, in hexadecimal; empty when
// there is none.
std::string FingerprintOf(std::string_view pem) {
  constexpr std::string_view kBegin = "-----BEGIN CERTIFICATE-----";
  constexpr std::string_view kEnd = "-----END CERTIFICATE-----";
  const size_t begin = pem.find(kBegin);
  if (begin == std::string_view::npos) return "";
  const size_t from = begin + kBegin.size();
  const size_t end = pem.find(kEnd, from);
  std::string der;
  if (end == std::string_view::npos ||
      !absl::Base64Unescape(ToAbsl(pem.substr(from, end - from)), &der)) {
    return "";
  }
  return absl::BytesToHexString(auth::TokenDigest(der));
}

}  // namespace

TokenIdentifier::TokenIdentifier(act::Identities& identities, Newest newest,
                                 Clock& clock, size_t most)
    : identities_(identities),
      newest_(std::move(newest)),
      clock_(clock),
      most_(std::max<size_t>(1, most)) {}

absl::StatusOr<TokenIdentifier::Shown> TokenIdentifier::Look(
    const Wire& wire) const {
  Shown shown;
  const size_t headers = Count(wire.metadata, "authorization");
  const size_t principals = Count(wire.metadata, "x-gongkai-on-behalf-of");
  if (headers > 1 || principals > 1) {
    return NotIdentified("authorization",
                         "one token and at most one principal");
  }
  if (headers == 1) {
    std::string_view header = MetadataValue(wire.metadata, "authorization");
    if (!absl::StartsWithIgnoreCase(ToAbsl(header), ToAbsl(kScheme)) ||
        !HasTokenForm(header.substr(kScheme.size()))) {
      return NotIdentified("authorization", "Bearer and an access token");
    }
    shown.token = std::string(header.substr(kScheme.size()));
    shown.principal = MetadataValue(wire.metadata, "x-gongkai-on-behalf-of");
    if (principals == 1 &&
        (shown.principal.empty() ||
         shown.principal.size() > kLongestPrincipal ||
         !FormDefect(shown.principal, v1::ACCOUNT).empty())) {
      return NotIdentified("x-gongkai-on-behalf-of", "an account");
    }
    shown.digest =
        auth::TokenDigest(absl::StrCat(shown.token, "\n", shown.principal));
    return shown;
  }
  if (wire.certificate.empty() ||
      wire.certificate.size() > kLongestCertificate) {
    return NotIdentified("authorization", "Bearer and an access token");
  }
  // A program stands for nobody but itself.
  if (principals > 0) return Refuse(v1::NOT_DEPUTY);
  shown.fingerprint = FingerprintOf(wire.certificate);
  if (shown.fingerprint.empty()) return Refuse(v1::NOT_IDENTIFIED);
  shown.digest =
      auth::TokenDigest(absl::StrCat("certificate\n", shown.fingerprint));
  return shown;
}

absl::StatusOr<act::Identified> TokenIdentifier::Identify(const Wire& wire,
                                                          absl::Time deadline) {
  ASSIGN_OR_RETURN(const Shown shown, Look(wire));
  if (auto known = Remembered(shown.digest)) {
    remembered_.fetch_add(1);
    return *std::move(known);
  }
  auto found =
      shown.token.empty()
          ? identities_.ByCertificate(shown.fingerprint, deadline)
          : identities_.ByAccessToken(shown.token, shown.principal, deadline);
  if (found.ok() && found->caller.revocation >= 0) {
    Remember(shown.digest, *found);
  }
  return found;
}

std::string TokenIdentifier::SeemsToBe(const Wire& wire) {
  const auto shown = Look(wire);
  if (!shown.ok()) return "";
  absl::MutexLock lock(&mutex_);
  const auto place = places_.find(shown->digest);
  if (place == places_.end()) return "";
  const auth::Caller& caller = place->second->identified.caller;
  return absl::StrCat(caller.agency, "/", caller.account);
}

bool TokenIdentifier::Holds(const act::Identified& identified) {
  return clock_.Now() < identified.until &&
         identified.caller.revocation >= newest_();
}

std::optional<act::Identified> TokenIdentifier::Remembered(
    const std::string& digest) {
  absl::MutexLock lock(&mutex_);
  const auto place = places_.find(digest);
  if (place == places_.end()) return std::nullopt;
  const auto entry = place->second;
  if (!Holds(entry->identified)) {
    places_.erase(place);
    entries_.erase(entry);
    return std::nullopt;
  }
  entries_.splice(entries_.begin(), entries_, entry);
  return entry->identified;
}

void TokenIdentifier::Remember(const std::string& digest,
                               const act::Identified& identified) {
  absl::MutexLock lock(&mutex_);
  const auto place = places_.find(digest);
  if (place != places_.end()) {
    place->second->identified = identified;
    return;
  }
  if (entries_.size() >= most_) {
    places_.erase(entries_.back().digest);
    entries_.pop_back();
  }
  entries_.push_front({digest, identified});
  places_.emplace(entries_.front().digest, entries_.begin());
}

}  // namespace gongkai::api
