// SPDX-License-Identifier: Apache-2.0
// Digests and signatures against published values, and what is refused.
#include "services/audit/suite.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>

#include "absl/strings/str_cat.h"
#include "services/audit/encoding.h"

namespace gongkai::audit {
namespace {

constexpr Suite kEd = Suite::kSha256Ed25519;
constexpr Suite kSm = Suite::kSm3Sm2;

std::string Raw(std::string_view hex) { return FromHex(hex).value(); }

// A private key of Ed25519 as RFC 8410 writes it.
std::string Ed25519Pem(const std::string& seed) {
  return absl::StrCat("-----BEGIN PRIVATE KEY-----\n",
                      ToBase64(Raw("302e020100300506032b657004220420" + seed)),
                      "\n-----END PRIVATE KEY-----\n");
}

TEST(Suites, HaveNamesAndNumbers) {
  for (const Suite suite : {kEd, kSm}) {
    EXPECT_EQ(SuiteNamed(SuiteName(suite)).value(), suite);
    EXPECT_EQ(SuiteNumbered(static_cast<int>(suite)).value(), suite);
  }
  EXPECT_EQ(SuiteName(kEd), "sha256-ed25519");
  EXPECT_EQ(SuiteName(kSm), "sm3-sm2");
  for (const char* name : {"", "SM3-SM2", "sha256", "sm3-sm2 "}) {
    EXPECT_EQ(SuiteNamed(name).status().code(),
              absl::StatusCode::kInvalidArgument);
  }
  for (const int number : {0, 3, -1, 255, 257}) {
    EXPECT_FALSE(SuiteNumbered(number).ok()) << number;
  }
}

// FIPS 180-4 examples; GB/T 32905, annex A.
TEST(Digests, AreAsPublished) {
  EXPECT_EQ(ToHex(Digest(kEd, {})),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(ToHex(Digest(kEd, {"a", "", "bc"})),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(ToHex(Digest(kSm, {"ab", "c"})),
            "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0");
  std::string sixteen;
  for (int i = 0; i < 16; ++i) sixteen += "abcd";
  EXPECT_EQ(ToHex(Digest(kSm, {sixteen})),
            "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732");
}

// RFC 8032, 7.1, tests 1 to 3.
TEST(Ed25519, SignsAsPublished) {
  const struct {
    const char *seed, *key, *message, *signature;
  } table[] = {
      {"9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
       "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
       "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821"
       "5"
       "90a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"},
      {"4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
       "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
       "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e"
       "4"
       "3e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"},
      {"c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
       "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
       "af82",
       "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b5"
       "3"
       "8d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"}};
  for (const auto& row : table) {
    const auto key = SigningKey::FromPem(Ed25519Pem(row.seed));
    ASSERT_TRUE(key.ok()) << key.status();
    EXPECT_EQ(key->suite(), kEd);
    EXPECT_EQ(ToHex(key->PublicKey()), row.key);
    EXPECT_EQ(ToHex(key->Sign(Raw(row.message)).value()), row.signature);
    EXPECT_TRUE(
        Verifies(kEd, Raw(row.key), Raw(row.message), Raw(row.signature)));
  }
}

// From the vectors of C2SP/CCTV: what ordinary verifiers accept and this one
// does not, for points of small order or written in a second way.
TEST(Ed25519, PointsOfSmallOrderOrNotCanonicalAreRefused) {
  const std::string zeros(64, '0');
  const std::string mixed =
      "10eb7c3acfb2bed3e0d6ab89bf5a3d6afddd1176ce4812e38d9fd485058fdb1f";
  const std::string not_canonical =
      "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f";
  const std::string half =
      "36684ea91032ba5b1dbab2d02f4debc74c3327f2b3802e2e4d371aa42b12b56b"
      "05ba9a796274d80437afa36f1236563f2f3b0aa84cecddc3d20914615ba4fe02";
  const struct {
    int number;
    std::string key, signature, message;
  } table[] = {
      {1, zeros, zeros + zeros, "ed25519vectors 11"},
      {3, zeros, half, "ed25519vectors 3"},
      {5, mixed,
       zeros +
           "9472a69cd9a701a50d130ed52189e2455b23767db52cacb8716fb896ffeeac09",
       "ed25519vectors 3"},
      {9, not_canonical, zeros + zeros, "ed25519vectors 6"},
      {11, not_canonical, half, "ed25519vectors"},
      {15, zeros, not_canonical + zeros, "ed25519vectors 10"},
      {17, mixed,
       not_canonical +
           "ad7a355469b5c87e550469f6b2de409ee723acd584bf35f86b80c384e8ceb702",
       "ed25519vectors 3"},
      // The small parts do not cancel out: refused by the equation itself.
      {6, mixed,
       "36684ea91032ba5b1dbab2d02f4debc74c3327f2b3802e2e4d371aa42b12b56b"
       "c02e2b9e63e385c058bf62b14b3a2b29ccefe8e38ddb536bc3f9865320a3d801",
       "ed25519vectors 10"}};
  for (const auto& row : table) {
    EXPECT_FALSE(Verifies(kEd, Raw(row.key), row.message, Raw(row.signature)))
        << "vector " << row.number;
  }
  // Of large order with a small part that cancels out: no list of points can
  // refuse it, and the equation holds.
  EXPECT_TRUE(Verifies(
      kEd, Raw(mixed), "ed25519vectors",
      Raw("36684ea91032ba5b1dbab2d02f4debc74c3327f2b3802e2e4d371aa42b12b56b"
          "bbfd00bd9c259d8d222d15e67a3d8228585050dbb9b9585be20d8fadc721da03")));
}

// The fourteen spellings of the eight points of small order, and other values
// of y that are p or more.
TEST(Ed25519, NoSpellingOfAPointOfSmallOrderIsAKey) {
  const std::string f(60, 'f');
  const std::string z(60, '0');
  for (const std::string& key :
       {"00" + z + "00", "00" + z + "80", "01" + z + "00", "01" + z + "80",
        "ec" + f + "7f", "ec" + f + "ff", "ed" + f + "7f", "ed" + f + "ff",
        "ee" + f + "7f", "ee" + f + "ff", "ef" + f + "7f", "ff" + f + "7f",
        "ff" + f + "ff",
        std::string("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d"
                    "53fc05"),
        std::string("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d"
                    "53fc85"),
        std::string("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792"
                    "ac037a"),
        std::string("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792"
                    "ac03fa")}) {
    EXPECT_FALSE(IsPublicKey(kEd, Raw(key))) << key;
  }
  // p - 2 and below are ordinary spellings.
  EXPECT_TRUE(IsPublicKey(kEd, Raw("eb" + f + "7f")));
}

TEST(Ed25519, ASecondSignatureMadeByAddingTheOrderIsRefused) {
  const SigningKey key = SigningKey::Generate(kEd).value();
  std::string signature = key.Sign("text").value();
  ASSERT_TRUE(Verifies(kEd, key.PublicKey(), "text", signature));
  const std::string order =
      Raw("edd3f55c1a631258d69cf7a2def9de14"
          "00000000000000000000000000000010");
  int carry = 0;
  for (size_t i = 0; i < 32; ++i) {
    carry += static_cast<unsigned char>(signature[32 + i]) +
             static_cast<unsigned char>(order[i]);
    signature[32 + i] = static_cast<char>(carry);
    carry >>= 8;
  }
  EXPECT_FALSE(Verifies(kEd, key.PublicKey(), "text", signature));
}

// GB/T 32918.5, annex A.2: the recommended curve, the standard's signer id.
TEST(Sm2, VerifiesAsPublished) {
  const std::string key =
      Raw("0409f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020"
          "ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13");
  const std::string r =
      "f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3";
  const std::string s =
      "b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa";
  const std::string good = Raw("3046022100" + r + "022100" + s);
  EXPECT_TRUE(IsPublicKey(kSm, key));
  EXPECT_TRUE(Verifies(kSm, key, "message digest", good));
  EXPECT_FALSE(Verifies(kSm, key, "message digesT", good));

  const std::string order =
      "fffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123";
  const std::pair<const char*, std::string> bad[] = {
      {"bytes after it", "3046022100" + r + "022100" + s + "00"},
      {"bytes within it", "3047022100" + r + "022100" + s + "00"},
      {"length in the long form", "308146022100" + r + "022100" + s},
      {"length of a number in the long form",
       "304702812100" + r + "022100" + s},
      {"length without end", "3080022100" + r + "022100" + s + "0000"},
      {"a zero too many in front", "304702220000" + r + "022100" + s},
      {"negative r", "30450220" + r + "022100" + s},
      {"r of zero", "3026020100022100" + s},
      {"r of the order", "3046022100" + order + "022100" + s},
      {"s of the order", "3046022100" + r + "022100" + order},
      {"cut off", "3046022100" + r + "022100" + s.substr(2)},
      {"raw numbers", r + s},
      {"nothing", ""}};
  for (const auto& [what, hex] : bad) {
    EXPECT_FALSE(Verifies(kSm, key, "message digest", Raw(hex))) << what;
  }
}

TEST(Sm2, PointsThatAreNotOnTheCurveOrNotWholeAreRefused) {
  const SigningKey key = SigningKey::Generate(kSm).value();
  const std::string good = key.PublicKey();
  ASSERT_EQ(good.size(), 65u);
  ASSERT_TRUE(IsPublicKey(kSm, good));
  std::string off = good;
  off[64] = static_cast<char>(off[64] ^ 1);
  EXPECT_FALSE(IsPublicKey(kSm, off));
  EXPECT_FALSE(
      IsPublicKey(kSm, std::string(1, '\0')));  // the point at infinity
  EXPECT_FALSE(IsPublicKey(kSm, good + '\0'));
  EXPECT_FALSE(IsPublicKey(kSm, ""));
  // Compressed and hybrid forms are second spellings.
  const char sign = static_cast<char>(good[64] & 1);
  EXPECT_FALSE(IsPublicKey(
      kSm, std::string(1, static_cast<char>(2 | sign)) + good.substr(1, 32)));
  EXPECT_FALSE(IsPublicKey(
      kSm, std::string(1, static_cast<char>(6 | sign)) + good.substr(1)));
  EXPECT_FALSE(IsPublicKey(kSm, '\x04' + std::string(64, '\xff')));
}

class BothSuites : public testing::TestWithParam<Suite> {};
INSTANTIATE_TEST_SUITE_P(Suites, BothSuites, testing::Values(kEd, kSm));

TEST_P(BothSuites, AKeyIsKeptInPemAndSignsTheSame) {
  const SigningKey made = SigningKey::Generate(GetParam()).value();
  const std::string pem = made.ToPem();
  EXPECT_EQ(pem.find("-----BEGIN PRIVATE KEY-----"), 0u);
  auto key = SigningKey::FromPem(pem);
  ASSERT_TRUE(key.ok()) << key.status();
  EXPECT_EQ(key->suite(), GetParam());
  EXPECT_EQ(key->PublicKey(), made.PublicKey());
  const SigningKey moved = std::move(*key);
  const std::string signature = moved.Sign("text").value();
  EXPECT_TRUE(Verifies(GetParam(), made.PublicKey(), "text", signature));
  EXPECT_TRUE(
      Verifies(GetParam(), made.PublicKey(), "", made.Sign("").value()));
  EXPECT_NE(SigningKey::Generate(GetParam())->PublicKey(), made.PublicKey());
}

TEST_P(BothSuites, NothingChangedVerifies) {
  const SigningKey key = SigningKey::Generate(GetParam()).value();
  const std::string good = key.Sign("text").value();
  EXPECT_FALSE(Verifies(GetParam(), key.PublicKey(), "Text", good));
  EXPECT_FALSE(Verifies(GetParam(), key.PublicKey(), "text ", good));
  EXPECT_FALSE(Verifies(
      GetParam(), SigningKey::Generate(GetParam())->PublicKey(), "text", good));
  for (size_t i = 0; i < good.size(); ++i) {
    std::string bad = good;
    bad[i] = static_cast<char>(bad[i] ^ (1 << (i % 8)));
    EXPECT_FALSE(Verifies(GetParam(), key.PublicKey(), "text", bad)) << i;
    EXPECT_FALSE(
        Verifies(GetParam(), key.PublicKey(), "text", good.substr(0, i)));
  }
  EXPECT_FALSE(Verifies(GetParam(), key.PublicKey(), "text", good + '\0'));
  const Suite other = GetParam() == kEd ? kSm : kEd;
  EXPECT_FALSE(Verifies(other, key.PublicKey(), "text", good));
}

TEST(Keys, ThatAreNoneOfASuiteAreRefused) {
  for (const std::string pem :
       {"", "text", "-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----\n",
        // P-256, as openssl writes it.
        "-----BEGIN EC PRIVATE KEY-----\n"
        "MHcCAQEEIIIIIIIIIIIIIIIIIIIIIIIIIIIIIIIIIIIIIIIIoAoGCCqGSM49AwEH\n"
        "-----END EC PRIVATE KEY-----\n"}) {
    const auto key = SigningKey::FromPem(pem);
    EXPECT_EQ(key.status().code(), absl::StatusCode::kInvalidArgument);
  }
}

TEST(Algorithms, OfASuiteAreAllNamedWithTheirPlace) {
  std::set<std::string> of[2];
  for (const Suite suite : {kEd, kSm}) {
    for (const AlgorithmUse& use : AlgorithmsOf(suite)) {
      EXPECT_FALSE(use.use.empty());
      EXPECT_FALSE(use.standard.empty());
      EXPECT_TRUE(use.where.ends_with(".cc")) << use.where;
      of[suite == kSm].insert(use.algorithm);
    }
  }
  EXPECT_TRUE(of[0].contains("SHA-256") && of[0].contains("Ed25519"));
  EXPECT_TRUE(of[1].contains("SM3") && of[1].contains("SM2"));
  // What is no part of the proof is named too.
  EXPECT_TRUE(of[1].contains("HMAC-SHA-256"));
}

}  // namespace
}  // namespace gongkai::audit
