// SPDX-License-Identifier: Apache-2.0
// The copy of a text that is searched holds no number of a person.
#include "services/base/redact.h"

#include <gtest/gtest.h>

#include <functional>
#include <random>
#include <string>
#include <vector>

#include "services/base/text.h"
#include "services/base/utf8.h"

namespace gongkai {
namespace {

TEST(RedactTest, TakesOutNumbersOfPersons) {
  const std::pair<std::string, std::string> table[] = {
      {"身份证号310101199001011237。", "身份证号▇。"},
      {"31010119900101123X", "▇"},
      {"31010119900101123x，电话13812345621", "▇，电话▇"},
      {"310101 19900101 1237", "▇"},
      {"310101-19900101-123X号", "▇号"},
      {"310101 1990 0101 123 X", "▇"},
      {"３１０１０１１９９００１０１１２３Ｘ", "▇"},
      {"310101900101123", "▇"},
      {"电话：138-1234-5621", "电话：▇"},
      {"138 1234 5621或139 1234 5622", "▇或▇"},
      {"+86 13812345621", "+86 ▇"},
      {"8613812345621", "▇"},
      {"１３８１２３４５６２１", "▇"},
      {"138\u200b1234\u200b5621", "▇"},
      {"𝟏𝟑𝟖𝟏𝟐𝟑𝟒𝟓𝟔𝟐𝟏", "▇"},
      {"①③⑧①②③④⑤⑥②①", "▇"},
      {"٠١٢٣٤٥٦٧٨٩٠", "▇"},
      {"02165123456", "▇"},
      {"卡号6222021234567890123", "卡号▇"},
      {"6222 0212 3456 7890", "▇"},
      {"6222-0212-3456-7890-123", "▇"},
      {"622202 1234567890123", "▇"},
      {"邮箱zhang.san+a@example.com.cn，", "邮箱▇，"},
      {"a@b", "▇"},
      {"ｚｈａｎｇ＠ｅｘａｍｐｌｅ．ｃｏｍ请", "▇请"},
  };
  for (const auto& [text, left] : table) {
    EXPECT_EQ(WithoutNumbers(text), left) << text;
  }
}

TEST(RedactTest, LeavesWhatIsNoNumberOfAPerson) {
  for (const std::string text :
       {"", "2024年2月29日", "2020-01-01至2023-12-31", "2020-01-01 2023-12-31",
        "沪府发〔2024〕12号", "SHKW-2024-000123", "第1234567890号", "@张三",
        "8.5%", "人民币1,234,567,890,123元", "2019 2020 2021 2022",
        "021-65123456", "192.168.100.200", "GB/T 22239-2019", "世纪大道1号"}) {
    EXPECT_EQ(WithoutNumbers(text), text);
  }
}

class RandomTexts : public testing::Test {
 protected:
  int Below(int n) {
    return static_cast<int>(random_() % static_cast<unsigned>(n));
  }
  std::string Digits(int n) {
    std::string digits;
    for (int i = 0; i < n; ++i)
      digits.push_back(static_cast<char>('0' + Below(10)));
    return digits;
  }
  std::string Identity() {
    std::string day = std::to_string(101 + 100 * Below(12) + Below(28));
    if (day.size() == 3) day = "0" + day;
    return std::to_string(1 + Below(8)) + Digits(5) +
           std::to_string(1930 + Below(90)) + day + Digits(3) +
           (Below(11) == 0 ? "X" : Digits(1));
  }
  std::string Mobile() {
    return "1" + std::to_string(3 + Below(7)) + Digits(9);
  }
  std::string Card() { return "6" + Digits(15 + Below(4)); }
  std::string Email() {
    const std::string letters = "abcdefghijklmnopqrstuvwxyz0123456789._-";
    std::string name = "q";
    for (int i = Below(12); i > 0; --i) name.push_back(letters[Below(39)]);
    return name + "@mail" + Digits(1) + ".example.cn";
  }
  std::string Between() {
    static const std::vector<std::string> parts = {
        "，",   "申请公开", "电话",   " ", "。", "(", ")", "：",
        "abc ", "\n",       "2024年", "“", "、", "-", "号"};
    std::string text;
    for (int i = Below(4); i >= 0; --i)
      text += parts[Below(static_cast<int>(parts.size()))];
    return text;
  }
  // The number as it may also be written.
  std::string Written(const std::string& number, size_t first, size_t step) {
    switch (Below(5)) {
      case 0: {
        std::string wide;
        for (const char c : number) {
          if (c >= '0' && c <= '9') {
            wide += std::string("\xEF\xBC") + static_cast<char>(0x90 + c - '0');
          } else {
            wide.push_back(c);
          }
        }
        return wide;
      }
      case 1:
      case 2: {
        const std::string mark = Below(2) == 0 ? " " : "-";
        std::string grouped = number.substr(0, first);
        for (size_t at = first; at < number.size(); at += step) {
          grouped += mark + number.substr(at, step);
        }
        return grouped;
      }
      default:
        return number;
    }
  }

  std::mt19937 random_{20240229};
};

// Digits alone, whatever lies between and however wide they are.
std::string Plain(const std::string& text) {
  std::string plain;
  for (size_t i = 0; i < text.size(); ++i) {
    const unsigned char c = static_cast<unsigned char>(text[i]);
    if (c == 0xEF && i + 2 < text.size() &&
        static_cast<unsigned char>(text[i + 1]) == 0xBC &&
        static_cast<unsigned char>(text[i + 2]) >= 0x90 &&
        static_cast<unsigned char>(text[i + 2]) <= 0x99) {
      plain.push_back(static_cast<char>(
          static_cast<unsigned char>(text[i + 2]) - 0x90 + '0'));
      i += 2;
    } else if (c != ' ' && c != '-') {
      plain.push_back(text[i]);
    }
  }
  return plain;
}

TEST_F(RandomTexts, HoldNoNumberAfterwards) {
  for (int round = 0; round < 20000; ++round) {
    std::vector<std::string> planted;
    std::string text = Between();
    for (int i = Below(3); i >= 0; --i) {
      std::string number;
      switch (Below(4)) {
        case 0:
          number = Identity();
          text += Written(number, 6, 8);
          break;
        case 1:
          number = Mobile();
          text += Written(number, 3, 4);
          break;
        case 2:
          number = Card();
          text += Written(number, 4, 4);
          break;
        default:
          number = Email();
          text += number;
      }
      planted.push_back(number);
      // Two numbers are parted by more than a blank or a hyphen.
      text += "；" + Between();
    }
    const std::string left = WithoutNumbers(text);
    ASSERT_TRUE(IsUtf8(left));
    for (const std::string& number : planted) {
      ASSERT_EQ(Plain(left).find(Plain(number)), std::string::npos) << text;
    }
    ASSERT_EQ(WithoutNumbers(left), left) << text;
    for (const std::string& word : Bigrams(left)) {
      ASSERT_LT(word.size(), 18u + 11u);
    }
  }
}

}  // namespace
}  // namespace gongkai
