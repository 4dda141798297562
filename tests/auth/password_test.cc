// SPDX-License-Identifier: Apache-2.0
// Passwords: the policy (GB/T 22239-2019 8.1.4.1 a) and the hash.
#include "services/auth/password.h"

#include <gtest/gtest.h>

#include "services/base/refusal.h"

namespace gongkai::auth {
namespace {

constexpr PasswordCost kCheap = {1, 8};

std::string Wanted(std::string_view password) {
  const absl::Status status = CheckPassword({}, password, "zhang.san");
  const auto refusal = RefusalOf(status);
  if (!refusal) return status.ok() ? "OK" : status.ToString();
  EXPECT_EQ(refusal->reason(), v1::PASSWORD_TOO_WEAK);
  EXPECT_EQ(refusal->got(), "");
  return refusal->wanted();
}

TEST(PasswordPolicy, WeakOnesAreRefused) {
  for (const char* weak : {
           "",
           "Ab1!",
           "Kurz9!xyzab",                // 11 characters
           "alllowercase",               // one class
           "lowercase123",               // two classes
           "UPPERCASE123",               //
           "Password1234!",              // a common word
           "P@ssword12345678",           //
           "Passw0rd!2024",              //
           "Admin!234567890",            //
           "Administrator1!",            //
           "Qwertyuiop1!",               // a row of keys
           "Asdfghjkl;123",              //
           "1qaz2wsx!QAZ@WSX",           //
           "Abcdefghijk1!",              // the alphabet
           "Abcd1234!@#$",               //
           "9876543210Aa!",              // backwards
           "aaaaaaaaaaaaaaaaaaaaaaaaa",  // one letter
           "Ab1!Ab1!Ab1!Ab1!",           // repeated
           "passwordpasswordpassword",   //
           "Zhang.San-2024!x",           // the account's name
           "ＺＨＡＮＧ．ＳＡＮ-2024!x",  // the same, full width
           "woaizhongguo123!A",          //
           "GongkaiGongkai1!",           //
       }) {
    EXPECT_NE(Wanted(weak), "OK") << weak;
  }
  EXPECT_NE(Wanted(std::string(129, 'a') + "B1!"), "OK");
}

TEST(PasswordPolicy, SoundOnesAreTaken) {
  for (const char* sound : {
           "Kran-Mohn7Tal",
           "grüne Wiese im Mai 7",
           "correct horse battery staple",
           "一只黑猫慢慢走过长长的旧石桥看见月亮落下",  // 20 characters
           "v8#LmQ2wTz!r",
       }) {
    EXPECT_EQ(Wanted(sound), "OK") << sound;
  }
}

TEST(PasswordPolicy, IsData) {
  PasswordPolicy lax;
  lax.least = 8;
  lax.classes = 2;
  EXPECT_TRUE(CheckPassword(lax, "mohnkran7", "li").ok());
  PasswordPolicy strict;
  strict.classes = 4;
  EXPECT_FALSE(CheckPassword(strict, "Kran-MohnxTal", "li").ok());
  const absl::Time set = absl::FromUnixSeconds(1'700'000'000);
  EXPECT_FALSE(IsExpired({}, set, set + absl::Hours(24 * 90 - 1)));
  EXPECT_TRUE(IsExpired({}, set, set + absl::Hours(24 * 90)));
  PasswordPolicy endless;
  endless.max_age = absl::ZeroDuration();
  EXPECT_FALSE(IsExpired(endless, set, set + absl::Hours(24 * 10'000)));
}

TEST(PasswordHasher, KnowsItsOwn) {
  PasswordHasher hasher(kCheap);
  const auto hash = hasher.Hash("Kran-Mohn7Tal");
  ASSERT_TRUE(hash.ok());
  EXPECT_TRUE(hash->starts_with("$argon2id$")) << *hash;
  EXPECT_TRUE(hasher.Verify(*hash, "Kran-Mohn7Tal"));
  EXPECT_FALSE(hasher.Verify(*hash, "Kran-Mohn7Tak"));
  EXPECT_FALSE(hasher.IsOutdated(*hash));
  EXPECT_TRUE(PasswordHasher({2, 8}).IsOutdated(*hash));
  // Composed and decomposed are one password.
  const auto umlaut = hasher.Hash("gr\u00fcne Wiese im Mai");
  EXPECT_TRUE(hasher.Verify(*umlaut, "gru\u0308ne Wiese im Mai"));
}

TEST(PasswordHasher, WorksForNothingAsMuch) {
  PasswordHasher hasher(kCheap);
  EXPECT_EQ(hasher.count(), 0);
  EXPECT_FALSE(hasher.VerifyNothing("Kran-Mohn7Tal"));
  EXPECT_EQ(hasher.count(), 1);
}

}  // namespace
}  // namespace gongkai::auth
