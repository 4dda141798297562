// SPDX-License-Identifier: Apache-2.0
#include "services/server/provider_keys.h"

#include <httplib.h>

#include <chrono>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "services/base/log.h"
#include "services/base/refusal.h"
#include "services/base/status_macros.h"
#include "services/server/port.h"

namespace gongkai::server {
namespace {

constexpr std::chrono::seconds kConnect{2};
constexpr std::chrono::seconds kPause{2};
// A whole answer, however it drips.
constexpr std::chrono::seconds kWhole{5};
constexpr int64_t kRetryMs = 10'000;
constexpr int kOk = 200;

struct Url {
  std::string host;  // with the scheme
  std::string path;
  bool secure = false;
};

absl::StatusOr<Url> ReadUrl(const std::string& text) {
  constexpr std::string_view kSecure = "https://";
  constexpr std::string_view kPlain = "http://";
  Url url;
  url.secure = text.starts_with(kSecure);
  const size_t from = url.secure ? kSecure.size() : kPlain.size();
  const size_t slash = text.find('/', from);
  if ((!url.secure && !text.starts_with(kPlain)) ||
      slash == std::string::npos || slash == from ||
      text.find_first_of("@?# ") != std::string::npos) {
    return absl::InvalidArgumentError(
        "--oidc-jwks is an address https://HOST[:PORT]/PATH");
  }
  url.host = text.substr(0, slash);
  url.path = text.substr(slash);
  std::string place = text.substr(from, slash - from);
  if (place.find(':') == std::string::npos) place += ":80";
  if (!url.secure && !IsLoopback(place)) {
    return absl::InvalidArgumentError(
        "--oidc-jwks: over a network the keys of the provider come by https");
  }
  return url;
}

absl::StatusOr<std::string> FetchFrom(const Url& url, const std::string& ca) {
  httplib::Client client(url.host);
  client.set_connection_timeout(kConnect);
  client.set_read_timeout(kPause);
  client.set_write_timeout(kPause);
  client.set_follow_location(false);
  client.set_keep_alive(false);
  if (url.secure) {
    client.enable_server_certificate_verification(true);
    if (!ca.empty()) client.set_ca_cert_path(ca.c_str());
  }
  const auto end = std::chrono::steady_clock::now() + kWhole;
  std::string body;
  bool whole = true;
  const auto take = [&](const char* data, size_t size) {
    whole = body.size() + size <= auth::kLongestKeySet &&
            std::chrono::steady_clock::now() < end;
    if (whole) body.append(data, size);
    return whole;
  };
  const httplib::Result result = client.Get(
      url.path, httplib::Headers{{"Accept", "application/json"}}, take);
  if (!whole) {
    return absl::UnavailableError(
        "the provider's keys are too large or come too slowly");
  }
  if (!result) {
    return absl::UnavailableError(absl::StrCat(
        "the provider's keys: ", httplib::to_string(result.error())));
  }
  if (result->status != kOk) {
    return absl::UnavailableError(
        absl::StrCat("the provider's keys: HTTP ", result->status));
  }
  return body;
}

absl::Status Away() {
  v1::Refusal refusal;
  refusal.set_reason(v1::TOO_BUSY);
  refusal.set_retry_ms(kRetryMs);
  return Refuse(refusal);
}

}  // namespace

absl::StatusOr<std::unique_ptr<ProviderKeys>> ProviderKeys::Make(
    const Config& config) {
  if (config.oidc_issuer.empty() && config.oidc_audience.empty() &&
      config.oidc_jwks.empty()) {
    return std::unique_ptr<ProviderKeys>();
  }
  if (config.oidc_issuer.empty() || config.oidc_audience.empty() ||
      config.oidc_jwks.empty()) {
    return absl::InvalidArgumentError(
        "an identity provider takes --oidc-issuer, --oidc-audience and "
        "--oidc-jwks together");
  }
  ASSIGN_OR_RETURN(const Url url, ReadUrl(config.oidc_jwks));
  auth::JwtWanted wanted;
  wanted.issuer = config.oidc_issuer;
  wanted.audience = config.oidc_audience;
  return std::make_unique<ProviderKeys>(
      std::move(wanted),
      [url, ca = config.oidc_ca] { return FetchFrom(url, ca); }, Pace());
}

ProviderKeys::ProviderKeys(auth::JwtWanted wanted, Fetch fetch, Pace pace)
    : wanted_(std::move(wanted)), fetch_(std::move(fetch)), pace_(pace) {}

absl::StatusOr<auth::ProviderClaims> ProviderKeys::Check(std::string_view token,
                                                         absl::Time now) {
  const auto keys = KeysFor(auth::KidOf(token));
  if (keys == nullptr) return Away();
  return auth::CheckJwt(token, *keys, wanted_, now);
}

std::shared_ptr<const auth::JwtKeySet> ProviderKeys::KeysFor(
    const std::string& kid) {
  absl::MutexLock lock(&mutex_);
  // One fetches; who has keys that may do does not wait for it.
  const auto idle = [this]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) {
    return !fetching_;
  };
  const auto knows = [&]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) {
    return keys_ != nullptr && keys_->Find(kid) != nullptr;
  };
  if (!knows()) mutex_.Await(absl::Condition(&idle));
  const absl::Time now = absl::Now();
  const bool old = now - taken_ >= pace_.any;
  if (!fetching_ && (!knows() || old) && now - tried_ >= pace_.unknown) {
    Refresh();
  }
  return keys_;
}

void ProviderKeys::Refresh() {
  fetching_ = true;
  tried_ = absl::Now();
  mutex_.Unlock();
  auto text = fetch_();
  auto read = text.ok() ? auth::JwtKeySet::Parse(*text)
                        : absl::StatusOr<auth::JwtKeySet>(text.status());
  mutex_.Lock();
  fetching_ = false;
  if (!read.ok()) {
    ++failed_;
    Log(Severity::kWarning, "provider keys",
        {{"code", std::string(absl::StatusCodeToString(read.status().code()))},
         {"detail", std::string(read.status().message())}});
    return;
  }
  ++fetched_;
  taken_ = tried_;
  keys_ = std::make_shared<const auth::JwtKeySet>(*std::move(read));
}

int64_t ProviderKeys::fetched() const {
  absl::MutexLock lock(&mutex_);
  return fetched_;
}

int64_t ProviderKeys::failed() const {
  absl::MutexLock lock(&mutex_);
  return failed_;
}

auth::CheckProviderToken CheckerOf(ProviderKeys* provider) {
  if (provider == nullptr) return nullptr;
  return [provider](std::string_view token, absl::Time now) {
    return provider->Check(token, now);
  };
}

}  // namespace gongkai::server
