// SPDX-License-Identifier: Apache-2.0
// The text of a key file: what is taken, and that errors never repeat it.
#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "services/vault/vault.h"

namespace gongkai::vault {
namespace {

const char kA[] =
    "a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8f90";
const char kB[] =
    "b1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8f90";
const char kC[] =
    "C1B2C3D4E5F60718293A4B5C6D7E8F90a1b2c3d4e5f60718293a4b5c6d7e8f90";

TEST(KeyFileTest, TakesCommentsBlanksAndUpperCase) {
  const auto vault = Vault::Parse(
      absl::StrCat("# keys\n\n  cipher\tsm4-ctr-hmac-sm3 # of the state\r\n",
                   "index ", kA, "\nkey 3 ", kB, "\nkey 7 ", kC));
  ASSERT_TRUE(vault.ok()) << vault.status();
  EXPECT_EQ((*vault)->cipher(), Cipher::kSm4CtrHmacSm3);
  EXPECT_EQ((*vault)->newest(), 7);
  EXPECT_EQ((*vault)->numbers(), (std::vector<int>{3, 7}));
}

struct Broken {
  std::string text;
  std::string says;
};

TEST(KeyFileTest, SaysWhatIsWrongAndNeverWhatWasThere) {
  const std::string cipher = "cipher aes-256-gcm\n";
  const std::string index = absl::StrCat("index ", kA, "\n");
  const std::string key = absl::StrCat("key 1 ", kB, "\n");
  const std::string canary = "c0ffee5ecret";
  const Broken broken[] = {
      {"", "no line `cipher`"},
      {index + key, "no line `cipher`"},
      {cipher + key, "no line `index`"},
      {cipher + index, "no line `key`"},
      {"cipher " + canary + "\n" + index + key, "line 1: no such cipher"},
      {cipher + cipher + index + key, "line 2: a second line `cipher`"},
      {cipher + index + index + key, "line 3: a second line `index`"},
      {cipher + "index " + canary + "\n" + key, "line 2: a key is 64"},
      {cipher + "index " + kA + "0\n" + key, "line 2: a key is 64"},
      {cipher + index + "key 1 " + std::string(64, 'g'), "line 3: a key is 64"},
      {cipher + index + "key 1 " + std::string(64, '0'), "line 3: a key of"},
      {cipher + index + "key 0 " + kB, "line 3: the number of a key"},
      {cipher + index + "key " + canary + " " + kB, "line 3: the number of"},
      {cipher + index + "key 99999999999 " + kB, "line 3: the number of"},
      {cipher + index + key + "key 1 " + kC, "line 4: the numbers of the keys"},
      {cipher + index + key + "key 2 " + kB, "line 4: two numbers have"},
      {cipher + index + "key 1 " + kA, "the key of the indexes is one of"},
      {cipher + index + key + canary + "\n", "line 4: neither"},
      {cipher + index + key + "key 2 " + kC + " " + canary, "line 4: neither"},
  };
  for (const Broken& one : broken) {
    const absl::Status status = Vault::Parse(one.text).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << one.says;
    const std::string said(status.message());
    EXPECT_NE(said.find(one.says), std::string::npos) << said;
    for (const std::string& secret :
         {canary, std::string(kA, 12), std::string(kB, 12),
          std::string(kC, 12)}) {
      EXPECT_EQ(said.find(secret), std::string::npos) << said;
    }
  }
}

TEST(KeyFileTest, GeneratedFilesAreReadAndKeepWhatWasThere) {
  for (const Cipher cipher : {Cipher::kAes256Gcm, Cipher::kSm4CtrHmacSm3}) {
    const std::string first = Vault::Generate(cipher, "").value();
    EXPECT_NE(first, Vault::Generate(cipher, "").value());
    const auto vault = Vault::Parse(first);
    ASSERT_TRUE(vault.ok()) << vault.status();
    EXPECT_EQ((*vault)->cipher(), cipher);
    EXPECT_EQ((*vault)->numbers(), (std::vector<int>{1}));
    const std::string second = Vault::Generate(cipher, first).value();
    EXPECT_EQ(second.substr(0, first.size()), first);
    EXPECT_EQ(Vault::Parse(second).value()->numbers(),
              (std::vector<int>{1, 2}));
  }
  EXPECT_FALSE(Vault::Generate(Cipher::kAes256Gcm, "no key file").ok());
}

}  // namespace
}  // namespace gongkai::vault
