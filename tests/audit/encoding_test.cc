// SPDX-License-Identifier: Apache-2.0
// Every value has one spelling; every other is refused.
#include "services/audit/encoding.h"

#include <gtest/gtest.h>

#include <limits>
#include <random>
#include <string>

namespace gongkai::audit {
namespace {

// RFC 4648, 10.
TEST(Base64, IsAsPublished) {
  const std::pair<std::string, std::string> table[] = {{"", ""},
                                                       {"f", "Zg=="},
                                                       {"fo", "Zm8="},
                                                       {"foo", "Zm9v"},
                                                       {"foob", "Zm9vYg=="},
                                                       {"fooba", "Zm9vYmE="},
                                                       {"foobar", "Zm9vYmFy"}};
  for (const auto& [bytes, text] : table) {
    EXPECT_EQ(ToBase64(bytes), text);
    ASSERT_TRUE(FromBase64(text).ok()) << text;
    EXPECT_EQ(*FromBase64(text), bytes);
  }
}

TEST(Base64, ThatIsNotCanonicalIsRefused) {
  for (const std::string text :
       {"Zh==",          "Zm9=",     "Zg=",    "Zg",       "Z",    "Zg===",
        "====",          "=",        "==",     "Zg==Zg==", "Z=g=", " Zg==",
        "Zg== ",         "Zg==\n",   "Zm9v\n", "Zm9\nv",   "Zm9-", "Zm9_",
        "\xe4\xb8\xad=", "Zm9vY===", "A===",   "Zm8=\r\n"}) {
    const auto read = FromBase64(text);
    EXPECT_EQ(read.status().code(), absl::StatusCode::kInvalidArgument) << text;
    if (text.size() > 2) {
      EXPECT_EQ(read.status().message().find(text), std::string::npos);
    }
  }
  EXPECT_FALSE(FromBase64(std::string("Zm9\0", 4)).ok());
}

TEST(Base64, OfRandomBytesIsReadBackAndNoOtherTextGivesTheSame) {
  std::mt19937 random(7);
  for (int i = 0; i < 2000; ++i) {
    std::string bytes(random() % 70, '\0');
    for (char& c : bytes) c = static_cast<char>(random());
    const std::string text = ToBase64(bytes);
    ASSERT_EQ(FromBase64(text).value(), bytes);
    if (text.empty()) continue;
    std::string other = text;
    other[random() % other.size()] = static_cast<char>(random());
    const auto read = FromBase64(other);
    if (read.ok()) {
      EXPECT_EQ(ToBase64(*read), other);
    }
  }
}

TEST(Hex, IsReadInBothCasesAndWrittenInOne) {
  EXPECT_EQ(ToHex(std::string("\x00\xab\xff", 3)), "00abff");
  EXPECT_EQ(FromHex("00aBfF").value(), std::string("\x00\xab\xff", 3));
  EXPECT_EQ(FromHex("").value(), "");
  for (const std::string text :
       {"0", "abc", "0g", "g0", "0x", " 0", "0\n", "-1"}) {
    EXPECT_FALSE(FromHex(text).ok()) << text;
  }
}

TEST(Size, HasNoSignNoZeroInFrontAndEndsBelow2To63) {
  EXPECT_EQ(ToSize("0").value(), 0);
  EXPECT_EQ(ToSize("20852163").value(), 20852163);
  EXPECT_EQ(ToSize("9223372036854775807").value(),
            std::numeric_limits<int64_t>::max());
  for (const std::string text : {"",
                                 "00",
                                 "01",
                                 "007",
                                 "+1",
                                 "-0",
                                 "-1",
                                 " 1",
                                 "1 ",
                                 "1\n",
                                 "1\r",
                                 "0x1",
                                 "1e3",
                                 "1.0",
                                 "9223372036854775808",
                                 "9223372036854775810",
                                 "18446744073709551615",
                                 "18446744073709551617",
                                 "99999999999999999999999999",
                                 "\xd9\xa1",
                                 "1_000"}) {
    EXPECT_EQ(ToSize(text).status().code(), absl::StatusCode::kInvalidArgument)
        << text;
  }
}

}  // namespace
}  // namespace gongkai::audit
