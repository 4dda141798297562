// SPDX-License-Identifier: Apache-2.0
// The keys that a provider publishes.
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/param_build.h>

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include "services/auth/json_once.h"
#include "services/auth/jwt.h"

namespace gongkai::auth {
namespace {

using nlohmann::json;

constexpr size_t kMostKeys = 64;
constexpr size_t kLongestKid = 256;
constexpr int kLeastRsaBits = 2048;
constexpr int kMostRsaBits = 8192;
constexpr size_t kLongestExponent = 4;
constexpr size_t kP256Bytes = 32;

template <auto kFree>
struct Frees {
  template <typename T>
  void operator()(T* held) const {
    kFree(held);
  }
};
using Number = std::unique_ptr<BIGNUM, Frees<BN_free>>;
using Builder = std::unique_ptr<OSSL_PARAM_BLD, Frees<OSSL_PARAM_BLD_free>>;
using Params = std::unique_ptr<OSSL_PARAM, Frees<OSSL_PARAM_free>>;
using Context = std::unique_ptr<EVP_PKEY_CTX, Frees<EVP_PKEY_CTX_free>>;

std::shared_ptr<EVP_PKEY> MakeKey(const char* kind, OSSL_PARAM_BLD* builder) {
  const Params params(OSSL_PARAM_BLD_to_param(builder));
  const Context context(EVP_PKEY_CTX_new_from_name(nullptr, kind, nullptr));
  EVP_PKEY* key = nullptr;
  if (params == nullptr || context == nullptr ||
      EVP_PKEY_fromdata_init(context.get()) != 1 ||
      EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY,
                        params.get()) != 1) {
    return nullptr;
  }
  std::shared_ptr<EVP_PKEY> held(key, EVP_PKEY_free);
  const Context check(EVP_PKEY_CTX_new_from_pkey(nullptr, key, nullptr));
  if (check == nullptr || EVP_PKEY_public_check(check.get()) != 1) {
    return nullptr;
  }
  return held;
}

std::optional<std::string> BytesOf(const json& jwk, const char* name) {
  return ReadBase64Url(TextOf(jwk, name));
}

Number ToNumber(const std::string& bytes) {
  return Number(BN_bin2bn(reinterpret_cast<const unsigned char*>(bytes.data()),
                          static_cast<int>(bytes.size()), nullptr));
}

std::shared_ptr<EVP_PKEY> RsaKey(const json& jwk) {
  const auto n = BytesOf(jwk, "n");
  const auto e = BytesOf(jwk, "e");
  if (!n || !e || n->size() > kMostRsaBits / 8 ||
      e->size() > kLongestExponent) {
    return nullptr;
  }
  const Number modulus = ToNumber(*n);
  const Number exponent = ToNumber(*e);
  const Builder builder(OSSL_PARAM_BLD_new());
  if (modulus == nullptr || exponent == nullptr || builder == nullptr ||
      BN_num_bits(modulus.get()) < kLeastRsaBits || !BN_is_odd(modulus.get()) ||
      !BN_is_odd(exponent.get()) || BN_is_one(exponent.get()) ||
      OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N,
                             modulus.get()) != 1 ||
      OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E,
                             exponent.get()) != 1) {
    return nullptr;
  }
  return MakeKey("RSA", builder.get());
}

std::shared_ptr<EVP_PKEY> P256Key(const json& jwk) {
  const auto x = BytesOf(jwk, "x");
  const auto y = BytesOf(jwk, "y");
  if (TextOf(jwk, "crv") != "P-256" || !x || !y || x->size() != kP256Bytes ||
      y->size() != kP256Bytes) {
    return nullptr;
  }
  const std::string point = "\x04" + *x + *y;
  const Builder builder(OSSL_PARAM_BLD_new());
  if (builder == nullptr ||
      OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME,
                                      "P-256", 0) != 1 ||
      OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY,
                                       point.data(), point.size()) != 1) {
    return nullptr;
  }
  return MakeKey("EC", builder.get());
}

// The one algorithm of a key; of an RSA key that names none, RS256.
std::optional<JwtAlgorithm> AlgorithmOf(const json& jwk) {
  const std::string kind = TextOf(jwk, "kty");
  const bool named = jwk.contains("alg");
  const std::string name = TextOf(jwk, "alg");
  if (kind == "RSA" && (!named || name == "RS256")) return JwtAlgorithm::kRs256;
  if (kind == "RSA" && name == "PS256") return JwtAlgorithm::kPs256;
  if (kind == "EC" && (!named || name == "ES256")) return JwtAlgorithm::kEs256;
  return std::nullopt;
}

std::optional<JwtKey> ReadKey(const json& jwk) {
  if (!jwk.is_object()) return std::nullopt;
  if (jwk.contains("use") && TextOf(jwk, "use") != "sig") return std::nullopt;
  // A key whose secret is published is nobody's.
  if (jwk.contains("d")) return std::nullopt;
  JwtKey key;
  key.kid = TextOf(jwk, "kid");
  const auto algorithm = AlgorithmOf(jwk);
  if (key.kid.empty() || key.kid.size() > kLongestKid || !algorithm) {
    return std::nullopt;
  }
  key.algorithm = *algorithm;
  key.key = key.algorithm == JwtAlgorithm::kEs256 ? P256Key(jwk) : RsaKey(jwk);
  if (key.key == nullptr) return std::nullopt;
  return key;
}

}  // namespace

absl::StatusOr<JwtKeySet> JwtKeySet::Parse(std::string_view text) {
  if (text.size() > kLongestKeySet) {
    return absl::InvalidArgumentError("the set of keys is too large");
  }
  const auto set = ReadJsonOnce(text);
  if (!set || !set->contains("keys") || !(*set)["keys"].is_array() ||
      (*set)["keys"].size() > kMostKeys) {
    return absl::InvalidArgumentError(
        "a set of keys is a JSON object with a list `keys`, nothing named "
        "twice");
  }
  JwtKeySet keys;
  std::set<std::string> kids;
  for (const json& jwk : (*set)["keys"]) {
    std::optional<JwtKey> key = ReadKey(jwk);
    if (!key) continue;
    if (!kids.insert(key->kid).second) {
      return absl::InvalidArgumentError("two keys have the same kid");
    }
    keys.keys_.push_back(*std::move(key));
  }
  if (keys.keys_.empty()) {
    return absl::InvalidArgumentError(
        "the set has no key for RS256, PS256 or ES256 with a kid");
  }
  return keys;
}

const JwtKey* JwtKeySet::Find(std::string_view kid) const {
  const auto it = std::find_if(keys_.begin(), keys_.end(),
                               [&](const JwtKey& k) { return k.kid == kid; });
  return it == keys_.end() ? nullptr : &*it;
}

}  // namespace gongkai::auth
