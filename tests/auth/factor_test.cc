// SPDX-License-Identifier: Apache-2.0
// The second factor (RFC 6238), codes and tokens, and how names are read.
#include <gtest/gtest.h>

#include <set>

#include "services/auth/names.h"
#include "services/auth/tokens.h"
#include "services/auth/totp.h"

namespace gongkai::auth {
namespace {

constexpr std::string_view kKey = "12345678901234567890";

absl::Time At(int64_t unix_s) { return absl::FromUnixSeconds(unix_s); }

// RFC 6238, appendix B, the rows of SHA-1.
TEST(Totp, VectorsOfTheRfc) {
  const std::pair<int64_t, const char*> rows[] = {
      {59, "94287082"},         {1111111109, "07081804"},
      {1111111111, "14050471"}, {1234567890, "89005924"},
      {2000000000, "69279037"}, {20000000000, "65353130"},
  };
  for (const auto& [seconds, digits] : rows) {
    EXPECT_EQ(TotpDigits(kKey, TotpStep(At(seconds)), 8), digits) << seconds;
    EXPECT_EQ(TotpDigits(kKey, TotpStep(At(seconds))),
              std::string(digits).substr(2));
  }
}

TEST(Totp, TakesTheStepsBesideTheClock) {
  const absl::Time now = At(1234567890);
  const int64_t step = TotpStep(now);
  for (int64_t off = -3; off <= 3; ++off) {
    const auto found = MatchTotp(kKey, TotpDigits(kKey, step + off), now, 0);
    if (off >= -1 && off <= 1) {
      EXPECT_EQ(found, step + off);
    } else {
      EXPECT_FALSE(found.has_value()) << off;
    }
  }
}

TEST(Totp, AStepServesOnce) {
  const absl::Time now = At(1234567890);
  const int64_t step = TotpStep(now);
  EXPECT_TRUE(MatchTotp(kKey, TotpDigits(kKey, step), now, step - 1));
  EXPECT_FALSE(MatchTotp(kKey, TotpDigits(kKey, step), now, step));
  EXPECT_FALSE(MatchTotp(kKey, TotpDigits(kKey, step - 1), now, step));
  EXPECT_TRUE(MatchTotp(kKey, TotpDigits(kKey, step + 1), now, step));
}

TEST(Totp, OtherTextIsNoStep) {
  const absl::Time now = At(1234567890);
  for (const char* typed : {"", "0", "00592", "0059240", "005 924", "abcdef"}) {
    EXPECT_FALSE(MatchTotp(kKey, typed, now, 0)) << typed;
  }
}

TEST(Totp, AddressForAnAuthenticator) {
  EXPECT_EQ(TotpUri("SHGXW", "zhang.san", kKey),
            "otpauth://totp/Gongkai:SHGXW.zhang.san?secret="
            "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Gongkai&algorithm=SHA1"
            "&digits=6&period=30");
}

// RFC 4648, section 10, without the padding.
TEST(Codes, Base32) {
  EXPECT_EQ(Base32(""), "");
  EXPECT_EQ(Base32("f"), "MY");
  EXPECT_EQ(Base32("fo"), "MZXQ");
  EXPECT_EQ(Base32("foo"), "MZXW6");
  EXPECT_EQ(Base32("foob"), "MZXW6YQ");
  EXPECT_EQ(Base32("fooba"), "MZXW6YTB");
  EXPECT_EQ(Base32("foobar"), "MZXW6YTBOI");
}

TEST(Codes, AreReadAsPeopleTypeThem) {
  const std::string code = NewCode(24);
  EXPECT_EQ(code.size(), 29u) << code;
  EXPECT_EQ(NormalCode(code).size(), 24u);
  std::string typed = " ";
  for (const char c : code) typed += static_cast<char>(tolower(c));
  EXPECT_EQ(NormalCode(typed), NormalCode(code));
  EXPECT_EQ(NormalCode("0i-l8 b2"), "OILBB2");
}

TEST(Tokens, AreLongAndDifferent) {
  std::set<std::string> seen;
  for (int i = 0; i < 1000; ++i) {
    const std::string token = NewToken(kAccessPrefix);
    EXPECT_TRUE(token.starts_with("gka_"));
    EXPECT_EQ(token.size(), 4u + 43u);
    EXPECT_TRUE(seen.insert(token).second);
    EXPECT_TRUE(seen.insert(NewCode(16)).second);
  }
  EXPECT_EQ(TokenDigest("a").size(), 32u);
  EXPECT_TRUE(SameDigest(TokenDigest("a"), TokenDigest("a")));
  EXPECT_FALSE(SameDigest(TokenDigest("a"), TokenDigest("b")));
  EXPECT_FALSE(SameDigest("a", "ab"));
}

TEST(Names, FormsOfUnicodeThatMeanTheSame) {
  for (const char* typed : {
           "zhang.san", "Zhang.San", "ZHANG.SAN", "ｚｈａｎｇ．ｓａｎ",
           "Ｚhang.San",
           "zhang\u2024san",  // one dot leader
       }) {
    EXPECT_EQ(NormalName(typed), "zhang.san") << typed;
  }
}

TEST(Names, WhatNamesNobody) {
  for (const char* typed :
       {"", "a", "1ab", ".ab", "-ab", "zhang san", "zhang/san", "张三",
        "zhang\u00e9", "zh\u0430ng",  // Cyrillic
        "abcdefghijklmnopqrstuvwxyzabcdefg", "ab\xff", " ab", "ab\u200b"}) {
    EXPECT_FALSE(NormalName(typed).has_value()) << typed;
  }
}

}  // namespace
}  // namespace gongkai::auth
