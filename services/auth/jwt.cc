// SPDX-License-Identifier: Apache-2.0
#include "services/auth/jwt.h"

#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/rsa.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

#include "services/auth/json_once.h"
#include "services/base/refusal.h"
#include "services/base/status_macros.h"

namespace gongkai::auth {
namespace {

using nlohmann::json;

constexpr size_t kLongestSubject = 255;
constexpr size_t kMostAudiences = 16;
constexpr size_t kEs256Bytes = 64;
// Seconds; the year 2106, beyond which nothing here is meant.
constexpr double kLatest = 4294967296.0;

struct RuleRow {
  JwtRule rule;
  std::string_view text;
};

// ★ The table of rules.
constexpr std::array<RuleRow, kJwtRules> kRules = {{
    {JwtRule::kSize, "a token of at most 16000 bytes"},
    {JwtRule::kForm,
     "three parts of base64url without padding, each in its one spelling"},
    {JwtRule::kHeader,
     "a header that is a JSON object and names nothing twice"},
    {JwtRule::kExtension, "no extension: neither crit, b64, zip, nor a key"},
    {JwtRule::kType, "typ JWT or at+jwt"},
    {JwtRule::kAlgorithm, "alg RS256, PS256 or ES256"},
    {JwtRule::kKey, "a kid of a key that the provider publishes, for this alg"},
    {JwtRule::kSignature, "a signature by that key"},
    {JwtRule::kClaims, "claims that are a JSON object and name nothing twice"},
    {JwtRule::kIssuer, "iss of the configured provider"},
    {JwtRule::kAudience, "aud of this service"},
    {JwtRule::kParty, "azp of this service where aud names several"},
    {JwtRule::kSubject, "sub of 1 to 255 bytes"},
    {JwtRule::kIssued, "iat, not in the future"},
    {JwtRule::kNotBefore, "nbf, where there is one, not in the future"},
    {JwtRule::kExpiry, "exp in the future"},
    {JwtRule::kLifetime, "exp after iat, by at most a day"},
}};

absl::Status Broken(JwtRule rule) {
  v1::Refusal refusal;
  refusal.set_reason(v1::PROVIDER_TOKEN_REFUSED);
  refusal.set_wanted(std::string(RuleText(rule)));
  return Refuse(refusal);
}

struct Parts {
  std::string_view signed_part;
  std::string header;
  std::string claims;
  std::string signature;
};

std::optional<Parts> Split(std::string_view token) {
  const size_t first = token.find('.');
  if (first == std::string_view::npos) return std::nullopt;
  const size_t second = token.find('.', first + 1);
  if (second == std::string_view::npos ||
      token.find('.', second + 1) != std::string_view::npos) {
    return std::nullopt;
  }
  const auto header = ReadBase64Url(token.substr(0, first));
  const auto claims =
      ReadBase64Url(token.substr(first + 1, second - first - 1));
  const auto signature = ReadBase64Url(token.substr(second + 1));
  if (!header || header->empty() || !claims || claims->empty() || !signature ||
      signature->empty()) {
    return std::nullopt;
  }
  return Parts{token.substr(0, second), *header, *claims, *signature};
}

struct Header {
  JwtAlgorithm algorithm;
  std::string kid;
};

std::optional<JwtAlgorithm> AlgorithmNamed(const std::string& name) {
  if (name == "RS256") return JwtAlgorithm::kRs256;
  if (name == "PS256") return JwtAlgorithm::kPs256;
  if (name == "ES256") return JwtAlgorithm::kEs256;
  return std::nullopt;
}

absl::StatusOr<Header> ReadHeader(const std::string& text, bool* access_token) {
  const auto header = ReadJsonOnce(text);
  if (!header) return Broken(JwtRule::kHeader);
  for (const char* name :
       {"crit", "b64", "zip", "jwk", "jku", "x5u", "x5c", "enc"}) {
    if (header->contains(name)) return Broken(JwtRule::kExtension);
  }
  std::string type = TextOf(*header, "typ");
  std::transform(type.begin(), type.end(), type.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  constexpr std::string_view kMedia = "application/";
  if (type.starts_with(kMedia)) type.erase(0, kMedia.size());
  if (type != "jwt" && type != "at+jwt") return Broken(JwtRule::kType);
  *access_token = type == "at+jwt";
  const auto algorithm = AlgorithmNamed(TextOf(*header, "alg"));
  if (!algorithm) return Broken(JwtRule::kAlgorithm);
  return Header{*algorithm, TextOf(*header, "kid")};
}

// JOSE writes an ECDSA signature as two numbers of 32 bytes, OpenSSL in DER.
std::optional<std::string> ToDer(const std::string& signature) {
  if (signature.size() != kEs256Bytes) return std::nullopt;
  const auto* bytes = reinterpret_cast<const unsigned char*>(signature.data());
  constexpr int kHalf = kEs256Bytes / 2;
  const std::unique_ptr<ECDSA_SIG, decltype(&ECDSA_SIG_free)> pair(
      ECDSA_SIG_new(), ECDSA_SIG_free);
  BIGNUM* r = BN_bin2bn(bytes, kHalf, nullptr);
  BIGNUM* s = BN_bin2bn(bytes + kHalf, kHalf, nullptr);
  if (pair == nullptr || ECDSA_SIG_set0(pair.get(), r, s) != 1) {
    BN_free(r);
    BN_free(s);
    return std::nullopt;
  }
  unsigned char* der = nullptr;
  const int size = i2d_ECDSA_SIG(pair.get(), &der);
  if (size <= 0) return std::nullopt;
  std::string text(reinterpret_cast<char*>(der), size);
  OPENSSL_free(der);
  return text;
}

bool Verifies(const JwtKey& key, std::string_view text,
              const std::string& signature) {
  std::string taken = signature;
  if (key.algorithm == JwtAlgorithm::kEs256) {
    const auto der = ToDer(signature);
    if (!der) return false;
    taken = *der;
  }
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(
      EVP_MD_CTX_new(), EVP_MD_CTX_free);
  EVP_PKEY_CTX* how = nullptr;
  if (context == nullptr ||
      EVP_DigestVerifyInit_ex(context.get(), &how, "SHA256", nullptr, nullptr,
                              key.key.get(), nullptr) != 1) {
    return false;
  }
  if (key.algorithm == JwtAlgorithm::kPs256 &&
      (EVP_PKEY_CTX_set_rsa_padding(how, RSA_PKCS1_PSS_PADDING) != 1 ||
       EVP_PKEY_CTX_set_rsa_pss_saltlen(how, RSA_PSS_SALTLEN_DIGEST) != 1)) {
    return false;
  }
  return EVP_DigestVerify(context.get(),
                          reinterpret_cast<const unsigned char*>(taken.data()),
                          taken.size(),
                          reinterpret_cast<const unsigned char*>(text.data()),
                          text.size()) == 1;
}

// A claim that is a time (NumericDate).
std::optional<absl::Time> InstantOf(const json& claims, const char* name) {
  const auto it = claims.find(name);
  if (it == claims.end() || !it->is_number()) return std::nullopt;
  const double seconds = it->get<double>();
  if (!std::isfinite(seconds) || seconds < 0 || seconds >= kLatest) {
    return std::nullopt;
  }
  return absl::FromUnixMicros(static_cast<int64_t>(seconds * 1e6));
}

absl::Status CheckAudience(const json& claims, const JwtWanted& wanted,
                           bool access_token) {
  const auto aud = claims.find("aud");
  if (aud == claims.end()) return Broken(JwtRule::kAudience);
  if (aud->is_string()) {
    return aud->get<std::string>() == wanted.audience
               ? absl::OkStatus()
               : Broken(JwtRule::kAudience);
  }
  if (!aud->is_array() || aud->size() > kMostAudiences) {
    return Broken(JwtRule::kAudience);
  }
  bool ours = false;
  for (const json& one : *aud) {
    if (!one.is_string()) return Broken(JwtRule::kAudience);
    ours = ours || one.get<std::string>() == wanted.audience;
  }
  if (!ours) return Broken(JwtRule::kAudience);
  // An identity token for several says for whom of them it was made.
  if (!access_token && aud->size() > 1 &&
      TextOf(claims, "azp") != wanted.audience) {
    return Broken(JwtRule::kParty);
  }
  return absl::OkStatus();
}

// When the token is believed no longer.
absl::StatusOr<absl::Time> CheckTimes(const json& claims,
                                      const JwtWanted& wanted, absl::Time now) {
  const auto issued = InstantOf(claims, "iat");
  if (!issued || *issued > now + wanted.leeway) return Broken(JwtRule::kIssued);
  if (claims.contains("nbf")) {
    const auto begins = InstantOf(claims, "nbf");
    if (!begins || *begins > now + wanted.leeway) {
      return Broken(JwtRule::kNotBefore);
    }
  }
  const auto expires = InstantOf(claims, "exp");
  if (!expires || *expires + wanted.leeway <= now) {
    return Broken(JwtRule::kExpiry);
  }
  if (*expires <= *issued || *expires - *issued > wanted.longest_life) {
    return Broken(JwtRule::kLifetime);
  }
  return *expires + wanted.leeway;
}

}  // namespace

std::string_view RuleText(JwtRule rule) {
  return kRules[static_cast<size_t>(rule)].text;
}

std::string KidOf(std::string_view token) {
  if (token.size() > kLongestJwt) return "";
  const auto header = ReadBase64Url(token.substr(0, token.find('.')));
  if (!header) return "";
  const auto read = ReadJsonOnce(*header);
  return read ? TextOf(*read, "kid") : "";
}

absl::StatusOr<ProviderClaims> CheckJwt(std::string_view token,
                                        const JwtKeySet& keys,
                                        const JwtWanted& wanted,
                                        absl::Time now) {
  if (token.size() > kLongestJwt) return Broken(JwtRule::kSize);
  const auto parts = Split(token);
  if (!parts) return Broken(JwtRule::kForm);
  bool access_token = false;
  ASSIGN_OR_RETURN(const Header header,
                   ReadHeader(parts->header, &access_token));
  const JwtKey* key = keys.Find(header.kid);
  if (key == nullptr || key->algorithm != header.algorithm) {
    return Broken(JwtRule::kKey);
  }
  if (!Verifies(*key, parts->signed_part, parts->signature)) {
    return Broken(JwtRule::kSignature);
  }
  const auto claims = ReadJsonOnce(parts->claims);
  if (!claims) return Broken(JwtRule::kClaims);
  if (TextOf(*claims, "iss") != wanted.issuer) return Broken(JwtRule::kIssuer);
  RETURN_IF_ERROR(CheckAudience(*claims, wanted, access_token));
  ProviderClaims found;
  found.issuer = wanted.issuer;
  found.subject = TextOf(*claims, "sub");
  if (found.subject.empty() || found.subject.size() > kLongestSubject) {
    return Broken(JwtRule::kSubject);
  }
  ASSIGN_OR_RETURN(found.expires, CheckTimes(*claims, wanted, now));
  return found;
}

}  // namespace gongkai::auth
