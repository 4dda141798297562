// SPDX-License-Identifier: Apache-2.0
// Cases are found by a number however it is written, and only with the key.
#include "services/act/persons.h"

#include <gtest/gtest.h>

#include <string>

#include "services/act/rows.h"
#include "services/vault/vault.h"

namespace gongkai::act {
namespace {

using storage::PersonKeyKind;

class PersonsTest : public testing::Test {
 protected:
  std::string Key(PersonKeyKind kind, std::string_view number) {
    const auto key = PersonKeyOf(kind, number, index_);
    return key ? key->digest : "";
  }
  std::string Identity(std::string_view number) {
    return Key(PersonKeyKind::kIdentityNumber, number);
  }
  std::string Telephone(std::string_view number) {
    return Key(PersonKeyKind::kTelephone, number);
  }

  const std::unique_ptr<vault::Vault> vault_ =
      vault::Vault::Parse(
          vault::Vault::Generate(vault::Cipher::kAes256Gcm, "").value())
          .value();
  const BlindIndex index_ = [this](std::string_view use,
                                   std::string_view value) {
    return vault_->BlindIndex(use, value);
  };
};

TEST_F(PersonsTest, WritingMakesNoDifference) {
  const std::string identity = Identity("31010119900101123X");
  EXPECT_EQ(identity.size(), 16u);
  for (const char* same :
       {"31010119900101123x", "310101 19900101 123X", "310101-19900101-123X",
        "３１０１０１１９９００１０１１２３Ｘ", "310101－19900101－123ｘ"}) {
    EXPECT_EQ(Identity(same), identity) << same;
  }
  EXPECT_NE(Identity("310101199001011230"), identity);

  const std::string telephone = Telephone("13812345621");
  for (const char* same :
       {"138 1234 5621", "138-1234-5621", "+8613812345621", "+86 138 12345621",
        "8613812345621", "008613812345621", "（+86）13812345621",
        "１３８１２３４５６２１"}) {
    EXPECT_EQ(Telephone(same), telephone) << same;
  }
  EXPECT_EQ(Telephone("(021) 6512-3456"), Telephone("02165123456"));
  EXPECT_NE(Telephone("13812345622"), telephone);
  // A number of Shenyang begins with 86 too, without a country.
  EXPECT_NE(Telephone("86123456"), Telephone("123456"));
}

TEST_F(PersonsTest, OneNumberOfTwoKindsIsNotOneKey) {
  EXPECT_NE(Identity("13812345621"), Telephone("13812345621"));
}

TEST_F(PersonsTest, NothingIsFoundByNothing) {
  EXPECT_EQ(Identity(""), "");
  EXPECT_EQ(Identity(" - "), "");
  EXPECT_EQ(Telephone("  ()"), "");
  EXPECT_FALSE(
      PersonKeyOf(PersonKeyKind::kTelephone, "13812345621", {}).has_value());
}

TEST_F(PersonsTest, AFieldMayHoldSeveralTelephones) {
  v1::Person person;
  person.set_telephone("13812345621、021-65123456/13912345622");
  const auto keys = PersonKeysOf({&person, &person}, index_);
  ASSERT_EQ(keys.size(), 3u);
  for (const char* one : {"13812345621", "02165123456", "13912345622"}) {
    EXPECT_NE(std::find(keys.begin(), keys.end(),
                        *PersonKeyOf(PersonKeyKind::kTelephone, one, index_)),
              keys.end());
  }
}

TEST_F(PersonsTest, TheWordsOfACaseHoldKeysOfBothPersonsAndNoNumber) {
  casework::PastEvent past;
  past.seq = 1;
  past.event.set_occurred_date("2024-03-01");
  v1::Application& a = *past.event.mutable_received();
  a.mutable_applicant()->set_name("张三13812345621");
  a.mutable_applicant()->set_identity_number("31010119900101123X");
  a.mutable_agent()->set_identity_number("310101198001011235");
  a.mutable_agent()->set_telephone("13912345622");
  a.set_content("请寄到本人，电话13812345621，身份证31010119900101123X");
  const storage::CaseText text = TextOf({past}, std::string(32, 'k'), index_);
  EXPECT_EQ(text.applicant_name, "张三▇");
  EXPECT_EQ(text.content, "请寄到本人，电话▇，身份证▇");
  EXPECT_EQ(text.person_keys.size(), 3u);
  for (const std::string& word : text.words) {
    EXPECT_EQ(word.find("138"), std::string::npos);
    EXPECT_EQ(word.find("310101"), std::string::npos);
  }
  // Without a vault there are none.
  EXPECT_TRUE(TextOf({past}, std::string(32, 'k')).person_keys.empty());
}

}  // namespace
}  // namespace gongkai::act
