// SPDX-License-Identifier: Apache-2.0
// Tokens of an identity provider: what is believed, and the rule that each
// refusal names.

#include "services/auth/jwt.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/rsa.h>

#include <functional>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "services/base/refusal.h"

namespace gongkai::auth {
namespace {

using nlohmann::json;

const absl::Time kNow = absl::FromUnixSeconds(1'710'907'200);
constexpr const char* kIssuer = "https://id.example";
constexpr const char* kAudience = "gongkai";

std::string Url64(const std::string& bytes) {
  return absl::WebSafeBase64Escape(bytes);
}

std::string Number(EVP_PKEY* key, const char* name, int size) {
  BIGNUM* number = nullptr;
  EXPECT_EQ(EVP_PKEY_get_bn_param(key, name, &number), 1);
  std::string bytes(size > 0 ? size : BN_num_bytes(number), '\0');
  BN_bn2binpad(number, reinterpret_cast<unsigned char*>(bytes.data()),
               static_cast<int>(bytes.size()));
  BN_free(number);
  return bytes;
}

// A provider that signs whatever it is told to.
class Provider {
 public:
  Provider()
      : rsa_(EVP_RSA_gen(2048), EVP_PKEY_free),
        pss_(EVP_RSA_gen(2048), EVP_PKEY_free),
        ec_(EVP_EC_gen("P-256"), EVP_PKEY_free) {}

  static const Provider& Shared() {
    static const auto* const provider = new Provider;
    return *provider;
  }

  json Jwk(const std::string& algorithm) const {
    if (algorithm == "ES256") {
      return {{"kty", "EC"},
              {"crv", "P-256"},
              {"kid", "e1"},
              {"use", "sig"},
              {"alg", "ES256"},
              {"x", Url64(Number(ec_.get(), OSSL_PKEY_PARAM_EC_PUB_X, 32))},
              {"y", Url64(Number(ec_.get(), OSSL_PKEY_PARAM_EC_PUB_Y, 32))}};
    }
    EVP_PKEY* key = algorithm == "PS256" ? pss_.get() : rsa_.get();
    return {{"kty", "RSA"},
            {"kid", algorithm == "PS256" ? "p1" : "r1"},
            {"use", "sig"},
            {"alg", algorithm},
            {"n", Url64(Number(key, OSSL_PKEY_PARAM_RSA_N, 0))},
            {"e", Url64(Number(key, OSSL_PKEY_PARAM_RSA_E, 0))}};
  }

  JwtKeySet Keys() const {
    const json set = {{"keys", {Jwk("RS256"), Jwk("PS256"), Jwk("ES256")}}};
    auto keys = JwtKeySet::Parse(set.dump());
    EXPECT_TRUE(keys.ok()) << keys.status();
    return *std::move(keys);
  }

  // Signs the text as `algorithm` does.
  std::string Sign(const std::string& algorithm,
                   const std::string& text) const {
    EVP_PKEY* key = algorithm == "ES256"   ? ec_.get()
                    : algorithm == "PS256" ? pss_.get()
                                           : rsa_.get();
    EVP_MD_CTX* context = EVP_MD_CTX_new();
    EVP_PKEY_CTX* how = nullptr;
    EVP_DigestSignInit_ex(context, &how, "SHA256", nullptr, nullptr, key,
                          nullptr);
    if (algorithm == "PS256") {
      EVP_PKEY_CTX_set_rsa_padding(how, RSA_PKCS1_PSS_PADDING);
      EVP_PKEY_CTX_set_rsa_pss_saltlen(how, RSA_PSS_SALTLEN_DIGEST);
    }
    const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
    size_t size = 0;
    EVP_DigestSign(context, nullptr, &size, bytes, text.size());
    std::string out(size, '\0');
    EVP_DigestSign(context, reinterpret_cast<unsigned char*>(out.data()), &size,
                   bytes, text.size());
    out.resize(size);
    EVP_MD_CTX_free(context);
    return algorithm == "ES256" ? FromDer(out) : out;
  }

  std::string Token(const json& header, const json& claims) const {
    return Raw(header.dump(), claims.dump(), header["alg"]);
  }
  std::string Raw(const std::string& header, const std::string& claims,
                  const std::string& algorithm) const {
    const std::string text = absl::StrCat(Url64(header), ".", Url64(claims));
    return absl::StrCat(text, ".", Url64(Sign(algorithm, text)));
  }

 private:
  using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;

  static std::string FromDer(const std::string& der) {
    const auto* at = reinterpret_cast<const unsigned char*>(der.data());
    ECDSA_SIG* pair =
        d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(der.size()));
    std::string raw(64, '\0');
    auto* out = reinterpret_cast<unsigned char*>(raw.data());
    BN_bn2binpad(ECDSA_SIG_get0_r(pair), out, 32);
    BN_bn2binpad(ECDSA_SIG_get0_s(pair), out + 32, 32);
    ECDSA_SIG_free(pair);
    return raw;
  }

  Key rsa_;
  Key pss_;
  Key ec_;
};

json Header(const std::string& algorithm = "RS256") {
  const char* kid = algorithm == "ES256"   ? "e1"
                    : algorithm == "PS256" ? "p1"
                                           : "r1";
  return {{"alg", algorithm}, {"kid", kid}, {"typ", "JWT"}};
}

json Claims() {
  const int64_t now = absl::ToUnixSeconds(kNow);
  return {{"iss", kIssuer},
          {"aud", kAudience},
          {"sub", "zhao"},
          {"iat", now - 5},
          {"exp", now + 300}};
}

absl::StatusOr<ProviderClaims> Check(const std::string& token) {
  JwtWanted wanted;
  wanted.issuer = kIssuer;
  wanted.audience = kAudience;
  return CheckJwt(token, Provider::Shared().Keys(), wanted, kNow);
}

// OK is empty; else the rule.
std::string RuleOfToken(const std::string& token) {
  const auto claims = Check(token);
  if (claims.ok()) return "";
  const auto refusal = RefusalOf(claims.status());
  EXPECT_TRUE(refusal.has_value()) << claims.status();
  EXPECT_EQ(refusal->reason(), v1::PROVIDER_TOKEN_REFUSED);
  EXPECT_TRUE(refusal->got().empty()) << "nothing of a token is repeated";
  return refusal->wanted();
}

TEST(Jwt, TokensOfEachAlgorithmAreBelieved) {
  for (const char* algorithm : {"RS256", "PS256", "ES256"}) {
    for (const char* type : {"JWT", "at+jwt", "application/at+jwt", "jwt"}) {
      json header = Header(algorithm);
      header["typ"] = type;
      const auto claims = Check(Provider::Shared().Token(header, Claims()));
      ASSERT_TRUE(claims.ok()) << algorithm << type << claims.status();
      EXPECT_EQ(claims->issuer, kIssuer);
      EXPECT_EQ(claims->subject, "zhao");
      EXPECT_EQ(claims->expires, kNow + absl::Seconds(360));
    }
  }
}

TEST(Jwt, ClocksMayDifferByAMinute) {
  const int64_t now = absl::ToUnixSeconds(kNow);
  json claims = Claims();
  claims["iat"] = now + 60;
  claims["nbf"] = now + 60;
  EXPECT_EQ(RuleOfToken(Provider::Shared().Token(Header(), claims)), "");
  claims["iat"] = now - 100;
  claims.erase("nbf");
  claims["exp"] = now - 59;
  EXPECT_EQ(RuleOfToken(Provider::Shared().Token(Header(), claims)), "");
  claims["exp"] = now + 299.5;
  EXPECT_EQ(RuleOfToken(Provider::Shared().Token(Header(), claims)), "");
}

TEST(Jwt, AnAudienceMayBeOneOfSeveral) {
  json claims = Claims();
  claims["aud"] = {"other", kAudience};
  claims["azp"] = kAudience;
  EXPECT_EQ(RuleOfToken(Provider::Shared().Token(Header(), claims)), "");
  claims.erase("azp");
  json header = Header();
  header["typ"] = "at+jwt";
  EXPECT_EQ(RuleOfToken(Provider::Shared().Token(header, claims)), "");
}

// One way to spoil a sound token, and the rule it breaks.
struct Spoiling {
  const char* what;
  JwtRule rule;
  std::function<void(json& header, json& claims)> spoil;
};

TEST(Jwt, EachRefusalNamesItsRule) {
  const int64_t now = absl::ToUnixSeconds(kNow);
  const std::vector<Spoiling> spoilings = {
      {"no type", JwtRule::kType, [](json& h, json&) { h.erase("typ"); }},
      {"a logout token", JwtRule::kType,
       [](json& h, json&) { h["typ"] = "logout+jwt"; }},
      {"a type that is no text", JwtRule::kType,
       [](json& h, json&) { h["typ"] = 1; }},
      {"an extension that must be understood", JwtRule::kExtension,
       [](json& h, json&) { h["crit"] = {"exp"}; }},
      {"a key of its own", JwtRule::kExtension,
       [](json& h, json&) { h["jwk"] = json::object(); }},
      {"an address of keys", JwtRule::kExtension,
       [](json& h, json&) { h["jku"] = "https://evil.example"; }},
      {"compressed", JwtRule::kExtension,
       [](json& h, json&) { h["zip"] = "DEF"; }},
      {"no key", JwtRule::kKey, [](json& h, json&) { h.erase("kid"); }},
      {"a key that is not published", JwtRule::kKey,
       [](json& h, json&) { h["kid"] = "r2"; }},
      {"a key for another algorithm", JwtRule::kKey,
       [](json& h, json&) { h["kid"] = "p1"; }},
      {"no issuer", JwtRule::kIssuer, [](json&, json& c) { c.erase("iss"); }},
      {"another issuer", JwtRule::kIssuer,
       [](json&, json& c) { c["iss"] = "https://id.example/"; }},
      {"no audience", JwtRule::kAudience,
       [](json&, json& c) { c.erase("aud"); }},
      {"another audience", JwtRule::kAudience,
       [](json&, json& c) { c["aud"] = "payroll"; }},
      {"other audiences", JwtRule::kAudience,
       [](json&, json& c) {
         c["aud"] = {"payroll", "mail"};
       }},
      {"an audience that is no text", JwtRule::kAudience,
       [](json&, json& c) {
         c["aud"] = {kAudience, 7};
       }},
      {"no audience at all", JwtRule::kAudience,
       [](json&, json& c) { c["aud"] = json::array(); }},
      {"made for another of several", JwtRule::kParty,
       [](json&, json& c) {
         c["aud"] = {kAudience, "mail"};
         c["azp"] = "mail";
       }},
      {"no subject", JwtRule::kSubject, [](json&, json& c) { c.erase("sub"); }},
      {"an empty subject", JwtRule::kSubject,
       [](json&, json& c) { c["sub"] = ""; }},
      {"a subject without end", JwtRule::kSubject,
       [](json&, json& c) { c["sub"] = std::string(256, 's'); }},
      {"not issued", JwtRule::kIssued, [](json&, json& c) { c.erase("iat"); }},
      {"issued tomorrow", JwtRule::kIssued,
       [now](json&, json& c) { c["iat"] = now + 61; }},
      {"issued in words", JwtRule::kIssued,
       [now](json&, json& c) { c["iat"] = absl::StrCat(now); }},
      {"not yet", JwtRule::kNotBefore,
       [now](json&, json& c) { c["nbf"] = now + 61; }},
      {"begins at nothing", JwtRule::kNotBefore,
       [](json&, json& c) { c["nbf"] = nullptr; }},
      {"no end", JwtRule::kExpiry, [](json&, json& c) { c.erase("exp"); }},
      {"expired", JwtRule::kExpiry,
       [now](json&, json& c) { c["exp"] = now - 60; }},
      {"an end beyond all time", JwtRule::kExpiry,
       [](json&, json& c) { c["exp"] = 1e300; }},
      {"an end before time", JwtRule::kExpiry,
       [](json&, json& c) { c["exp"] = -1; }},
      {"for a week", JwtRule::kLifetime,
       [now](json&, json& c) { c["exp"] = now + 7 * 86'400; }},
      {"over before it began", JwtRule::kLifetime,
       [now](json&, json& c) {
         c["iat"] = now + 10;
         c["exp"] = now + 5;
       }},
  };
  for (const Spoiling& spoiling : spoilings) {
    json header = Header();
    json claims = Claims();
    spoiling.spoil(header, claims);
    EXPECT_EQ(RuleOfToken(Provider::Shared().Token(header, claims)),
              RuleText(spoiling.rule))
        << spoiling.what;
  }
}

TEST(Jwt, NothingButASignatureByAPublishedKeyIsBelieved) {
  const Provider& provider = Provider::Shared();
  // Unsigned, as the specification allows.
  json header = Header();
  header["alg"] = "none";
  const std::string unsigned_part =
      absl::StrCat(Url64(header.dump()), ".", Url64(Claims().dump()));
  EXPECT_EQ(RuleOfToken(unsigned_part + "."), RuleText(JwtRule::kForm));
  EXPECT_EQ(RuleOfToken(unsigned_part + ".AA"), RuleText(JwtRule::kAlgorithm));
  // Under the public key taken for a secret.
  for (const char* algorithm : {"HS256", "RS512", "ES384", "EdDSA", "rs256"}) {
    header["alg"] = algorithm;
    EXPECT_EQ(RuleOfToken(absl::StrCat(Url64(header.dump()), ".",
                                       Url64(Claims().dump()), ".AAAA")),
              RuleText(JwtRule::kAlgorithm))
        << algorithm;
  }
  // By another key with the same name.
  const Provider stranger;
  for (const char* algorithm : {"RS256", "PS256", "ES256"}) {
    EXPECT_EQ(RuleOfToken(stranger.Token(Header(algorithm), Claims())),
              RuleText(JwtRule::kSignature));
    // Spoiled in its claims, or in its signature.
    const std::string sound = provider.Token(Header(algorithm), Claims());
    json claims = Claims();
    claims["sub"] = "qian";
    const size_t first = sound.find('.');
    const size_t second = sound.rfind('.');
    EXPECT_EQ(
        RuleOfToken(absl::StrCat(sound.substr(0, first + 1),
                                 Url64(claims.dump()), sound.substr(second))),
        RuleText(JwtRule::kSignature));
    std::string signature;
    ASSERT_TRUE(
        absl::WebSafeBase64Unescape(sound.substr(second + 1), &signature));
    signature[signature.size() / 2] ^= 1;
    EXPECT_EQ(RuleOfToken(sound.substr(0, second + 1) + Url64(signature)),
              RuleText(JwtRule::kSignature));
    signature.pop_back();
    EXPECT_EQ(RuleOfToken(sound.substr(0, second + 1) + Url64(signature)),
              RuleText(JwtRule::kSignature));
  }
  // An ECDSA signature of zeros.
  EXPECT_EQ(RuleOfToken(absl::StrCat(Url64(Header("ES256").dump()), ".",
                                     Url64(Claims().dump()), ".",
                                     Url64(std::string(64, '\0')))),
            RuleText(JwtRule::kSignature));
}

TEST(Jwt, WhatHasTwoReadingsIsRefused) {
  const Provider& provider = Provider::Shared();
  const std::string sound = provider.Token(Header(), Claims());
  EXPECT_EQ(RuleOfToken(sound), "");
  for (const std::string& other :
       {std::string(), std::string("."), std::string(".."), sound + "=",
        sound + ".", " " + sound, sound + "\n", sound + ".e30",
        sound.substr(0, sound.rfind('.'))}) {
    EXPECT_EQ(RuleOfToken(other), RuleText(JwtRule::kForm)) << other;
  }
  // Another spelling of the same last byte of the signature: 256 bytes leave
  // four bits of the last letter unused.
  std::string spelled = sound;
  const std::string_view letters =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  spelled.back() = letters[letters.find(spelled.back()) + 1];
  EXPECT_EQ(RuleOfToken(spelled), RuleText(JwtRule::kForm));

  const std::string header = Header().dump();
  const std::string claims = Claims().dump();
  const auto twice = [](std::string object, const std::string& more) {
    object.insert(1, more + ",");
    return object;
  };
  EXPECT_EQ(RuleOfToken(provider.Raw(twice(header, R"("alg":"RS256")"), claims,
                                     "RS256")),
            RuleText(JwtRule::kHeader));
  EXPECT_EQ(RuleOfToken(provider.Raw(header, twice(claims, R"("sub":"qian")"),
                                     "RS256")),
            RuleText(JwtRule::kClaims));
  for (const char* object :
       {"[]", "7", "{", "{}{}", "\xFF", R"({"a":{"b":1,"b":2}})"}) {
    EXPECT_EQ(RuleOfToken(provider.Raw(object, claims, "RS256")),
              RuleText(JwtRule::kHeader))
        << object;
    EXPECT_EQ(RuleOfToken(provider.Raw(header, object, "RS256")),
              RuleText(JwtRule::kClaims))
        << object;
  }
  EXPECT_EQ(RuleOfToken(std::string(kLongestJwt + 1, 'a')),
            RuleText(JwtRule::kSize));
}

TEST(Jwt, EveryRuleHasItsOwnWords) {
  std::set<std::string_view> texts;
  for (int i = 0; i < kJwtRules; ++i) {
    const auto text = RuleText(static_cast<JwtRule>(i));
    EXPECT_FALSE(text.empty());
    EXPECT_TRUE(texts.insert(text).second) << text;
  }
}

TEST(JwtKeys, KeysThatCannotBeTrustedAreLeftOut) {
  const Provider& provider = Provider::Shared();
  const auto kids = [](const json& keys) {
    std::vector<std::string> found;
    const auto set = JwtKeySet::Parse(json{{"keys", keys}}.dump());
    if (!set.ok()) return found;
    for (const JwtKey& key : set->keys()) found.push_back(key.kid);
    return found;
  };
  const json good = provider.Jwk("RS256");
  using testing::ElementsAre;
  EXPECT_THAT(kids(json::array({good})), ElementsAre("r1"));
  // RS256 when it does not say.
  json quiet = good;
  quiet.erase("alg");
  quiet.erase("use");
  EXPECT_THAT(kids(json::array({quiet})), ElementsAre("r1"));
  const auto left_out = [&](const char* algorithm, auto spoil) {
    json bad = provider.Jwk(algorithm);
    bad["kid"] = "bad";
    spoil(bad);
    return kids(json::array({good, bad})) == std::vector<std::string>{"r1"};
  };
  EXPECT_TRUE(left_out("RS256", [](json& k) { k.erase("kid"); }));
  EXPECT_TRUE(left_out("RS256", [](json& k) { k["kid"] = 1; }));
  EXPECT_TRUE(left_out("RS256", [](json& k) { k["use"] = "enc"; }));
  EXPECT_TRUE(left_out("RS256", [](json& k) { k["alg"] = "HS256"; }));
  EXPECT_TRUE(left_out("RS256", [](json& k) { k["alg"] = "ES256"; }));
  EXPECT_TRUE(left_out("RS256", [](json& k) { k["d"] = "AQAB"; }));
  EXPECT_TRUE(left_out("RS256", [](json& k) { k["n"] = "AQAB"; }));
  EXPECT_TRUE(left_out("RS256", [](json& k) { k["e"] = "AQ"; }));
  EXPECT_TRUE(left_out("RS256", [](json& k) { k["e"] = "AAAAAAAAAAE"; }));
  EXPECT_TRUE(left_out(
      "RS256", [](json& k) { k["n"] = Url64(std::string(1025, '\xFF')); }));
  EXPECT_TRUE(left_out("ES256", [](json& k) { k["crv"] = "P-384"; }));
  EXPECT_TRUE(left_out("ES256", [](json& k) { k["x"] = k["y"]; }));
  EXPECT_TRUE(left_out("ES256", [](json& k) { k["y"] = "AA"; }));
  EXPECT_TRUE(left_out("RS256", [](json& k) {
    k = {{"kty", "oct"}, {"kid", "bad"}, {"k", "c2VjcmV0"}};
  }));
}

TEST(JwtKeys, ASetHasToBeOne) {
  const json good = Provider::Shared().Jwk("RS256");
  for (const std::string& text :
       {std::string("[]"), std::string("{}"), std::string(R"({"keys":{}})"),
        std::string(R"({"keys":[]})"), std::string(R"({"keys":[1,"a",null]})"),
        json{{"keys", {good, good}}}.dump(),
        R"({"keys":[],)" + json{{"keys", json::array({good})}}.dump().substr(1),
        json{{"keys", std::vector<json>(65, good)}}.dump(),
        std::string(kLongestKeySet + 1, ' ')}) {
    EXPECT_EQ(JwtKeySet::Parse(text).status().code(),
              absl::StatusCode::kInvalidArgument)
        << text.substr(0, 80);
  }
}

TEST(JwtKeys, TheKidIsReadWithoutBelievingAnything) {
  EXPECT_EQ(KidOf(Provider::Shared().Token(Header(), Claims())), "r1");
  EXPECT_EQ(KidOf(""), "");
  EXPECT_EQ(KidOf("e30"), "");
  EXPECT_EQ(KidOf("!!!.a.b"), "");
  EXPECT_EQ(KidOf(std::string(kLongestJwt + 1, 'a')), "");
}

}  // namespace
}  // namespace gongkai::auth
