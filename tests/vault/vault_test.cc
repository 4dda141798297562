// SPDX-License-Identifier: Apache-2.0
// What is sealed opens where it was sealed and nowhere else.
#include "services/vault/vault.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace gongkai::vault {
namespace {

constexpr absl::StatusCode kLoss = absl::StatusCode::kDataLoss;
constexpr absl::StatusCode kAway = absl::StatusCode::kFailedPrecondition;

std::string Flipped(std::string text, size_t bit) {
  text[bit / 8] = static_cast<char>(text[bit / 8] ^ (1 << bit % 8));
  return text;
}

class VaultTest : public testing::TestWithParam<Cipher> {
 protected:
  const std::string file_ = Vault::Generate(GetParam(), "").value();
  const std::unique_ptr<Vault> vault_ = Vault::Parse(file_).value();
};

TEST_P(VaultTest, APrivatePartOpensWhereItWasSealedAndNowhereElse) {
  const auto key = vault_->NewKey("SHKW", "s1").value();
  const auto other = vault_->NewKey("SHKW", "s1").value();
  EXPECT_EQ(key.outer, 1);
  const std::string plain("张三 \0 310101", 15);
  const std::string sealed = vault_->Seal("SHKW", "s1", 4, key, plain).value();
  EXPECT_EQ(sealed.find("310101"), std::string::npos);
  EXPECT_EQ(vault_->Open("SHKW", "s1", 4, key, sealed).value(), plain);
  const auto code = [&](auto agency, auto stream, int64_t seq,
                        const storage::DataKey& k) {
    return vault_->Open(agency, stream, seq, k, sealed).status().code();
  };
  EXPECT_EQ(code("SHKX", "s1", 4, key), kLoss);
  EXPECT_EQ(code("SHKW", "s2", 4, key), kLoss);
  EXPECT_EQ(code("SHKWs", "1", 4, key), kLoss);
  EXPECT_EQ(code("SHKW", "s1", 5, key), kLoss);
  EXPECT_EQ(code("SHKW", "s1", 4, other), kLoss);
}

TEST_P(VaultTest, EveryAlteredBitIsRefused) {
  const auto key = vault_->NewKey("SHKW", "s1").value();
  const std::string sealed = vault_->Seal("SHKW", "s1", 1, key, "甲").value();
  for (size_t bit = 0; bit < 8 * sealed.size(); ++bit) {
    EXPECT_EQ(vault_->Open("SHKW", "s1", 1, key, Flipped(sealed, bit))
                  .status()
                  .code(),
              kLoss);
  }
  for (size_t bit = 0; bit < 8 * key.wrapped.size(); ++bit) {
    storage::DataKey altered = key;
    altered.wrapped = Flipped(key.wrapped, bit);
    EXPECT_EQ(vault_->Open("SHKW", "s1", 1, altered, sealed).status().code(),
              kLoss);
  }
  for (size_t size = 0; size < sealed.size(); ++size) {
    EXPECT_EQ(vault_->Open("SHKW", "s1", 1, key, sealed.substr(0, size))
                  .status()
                  .code(),
              kLoss);
  }
}

TEST_P(VaultTest, ASecretOpensInItsContextOnly) {
  const std::string sealed = vault_->SealSecret("account a", "otp").value();
  EXPECT_EQ(vault_->OpenSecret("account a", sealed).value(), "otp");
  EXPECT_EQ(vault_->OpenSecret("account b", sealed).status().code(), kLoss);
  EXPECT_EQ(vault_->OpenSecret("account a", "").status().code(), kLoss);
  for (size_t bit = 0; bit < 8 * sealed.size(); ++bit) {
    EXPECT_FALSE(vault_->OpenSecret("account a", Flipped(sealed, bit)).ok());
  }
}

TEST_P(VaultTest, EmptyTextsAreSealedToo) {
  const auto key = vault_->NewKey("SHKW", "s1").value();
  const std::string sealed = vault_->Seal("SHKW", "s1", 1, key, "").value();
  EXPECT_EQ(vault_->Open("SHKW", "s1", 1, key, sealed).value(), "");
}

TEST_P(VaultTest, ANewerKeyIsTakenWithoutARestart) {
  const auto old = vault_->NewKey("SHKW", "s1").value();
  const std::string sealed = vault_->Seal("SHKW", "s1", 1, old, "甲").value();
  const std::string secret = vault_->SealSecret("c", "乙").value();
  ASSERT_TRUE(vault_->Reload(Vault::Generate(GetParam(), file_).value()).ok());
  EXPECT_EQ(vault_->newest(), 2);
  EXPECT_EQ(vault_->OpenSecret("c", secret).value(), "乙");
  const auto fresh = vault_->Rewrap("SHKW", "s1", old).value();
  EXPECT_EQ(fresh.outer, 2);
  EXPECT_EQ(vault_->Open("SHKW", "s1", 1, old, sealed).value(), "甲");
  EXPECT_EQ(vault_->Open("SHKW", "s1", 1, fresh, sealed).value(), "甲");
  EXPECT_EQ(vault_->Rewrap("SHKW", "s2", old).status().code(), kLoss);
  // One who has only the first key cannot open what lies under the second.
  const auto alone = Vault::Parse(file_).value();
  EXPECT_EQ(alone->Open("SHKW", "s1", 1, fresh, sealed).status().code(), kAway);
  EXPECT_EQ(alone->Rewrap("SHKW", "s1", fresh).status().code(), kAway);
  EXPECT_EQ(alone->OpenSecret("c", vault_->SealSecret("c", "丙").value())
                .status()
                .code(),
            kAway);
}

TEST_P(VaultTest, BeforeAKeyIsMissingTheFileIsLookedAt) {
  const std::string newer = Vault::Generate(GetParam(), file_).value();
  const auto other = Vault::Parse(newer).value();
  const auto key = other->NewKey("SHKW", "s1").value();
  const std::string sealed = other->Seal("SHKW", "s1", 1, key, "甲").value();
  int looks = 0;
  std::string file = file_;
  vault_->WhenMissing([&] {
    ++looks;
    EXPECT_TRUE(vault_->Reload(file).ok());
  });
  EXPECT_EQ(vault_->Open("SHKW", "s1", 1, key, sealed).status().code(), kAway);
  EXPECT_EQ(looks, 1);
  file = newer;
  EXPECT_EQ(vault_->Open("SHKW", "s1", 1, key, sealed).value(), "甲");
  EXPECT_EQ(
      vault_->OpenSecret("c", other->SealSecret("c", "乙").value()).value(),
      "乙");
  EXPECT_EQ(looks, 2);
}

TEST_P(VaultTest, AnotherFileIsNotTakenForANewerOne) {
  const std::string newer = Vault::Generate(GetParam(), file_).value();
  ASSERT_TRUE(vault_->Reload(newer).ok());
  EXPECT_EQ(vault_->Reload(file_).code(), kAway);  // older
  EXPECT_EQ(vault_->Reload(Vault::Generate(GetParam(), "").value()).code(),
            kAway);
  EXPECT_EQ(vault_->Reload("").code(), absl::StatusCode::kInvalidArgument);
  std::string swapped = newer;
  swapped.back() = ' ';
  const size_t last = swapped.find_last_not_of(' ');
  swapped[last] = swapped[last] == '0' ? '1' : '0';
  EXPECT_EQ(vault_->Reload(swapped).code(), kAway);
  EXPECT_EQ(vault_->newest(), 2);
  EXPECT_TRUE(vault_->Reload(newer).ok());
}

TEST_P(VaultTest, BlindIndexesDependOnUseValueAndFile) {
  const std::string index = vault_->BlindIndex("telephone", "13800000000");
  EXPECT_EQ(index.size(), 32u);
  EXPECT_EQ(Vault::Parse(file_).value()->BlindIndex("telephone", "13800000000"),
            index);
  EXPECT_NE(vault_->BlindIndex("identity", "13800000000"), index);
  EXPECT_NE(vault_->BlindIndex("telephone", "13800000001"), index);
  EXPECT_NE(vault_->BlindIndex("telephone1", "3800000000"), index);
  EXPECT_NE(Vault::Parse(Vault::Generate(GetParam(), "").value())
                .value()
                ->BlindIndex("telephone", "13800000000"),
            index);
  // A rotation of the outer keys leaves the indexes as they are.
  ASSERT_TRUE(vault_->Reload(Vault::Generate(GetParam(), file_).value()).ok());
  EXPECT_EQ(vault_->BlindIndex("telephone", "13800000000"), index);
}

TEST_P(VaultTest, NoNonceComesTwice) {
  // Both ciphers take them from one place; SM4 is the slower one.
  const int seals = GetParam() == Cipher::kAes256Gcm ? 1000000 : 100000;
  std::vector<std::string> nonces;
  for (int i = 0; i < seals; ++i) {
    const std::string sealed = vault_->SealSecret("c", "").value();
    // After the cipher and the number of the key.
    nonces.push_back(sealed.substr(5, 12));
  }
  std::sort(nonces.begin(), nonces.end());
  EXPECT_EQ(std::adjacent_find(nonces.begin(), nonces.end()), nonces.end());
}

INSTANTIATE_TEST_SUITE_P(All, VaultTest,
                         testing::Values(Cipher::kAes256Gcm,
                                         Cipher::kSm4CtrHmacSm3));

}  // namespace
}  // namespace gongkai::vault
