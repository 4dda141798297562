// SPDX-License-Identifier: Apache-2.0
// What the command line makes of a file: encodings, headings, days, words.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "clients/cli/encoding.h"
#include "clients/cli/import_rows.h"
#include "clients/cli/import_totals.h"

namespace gongkai::cli {
namespace {

using testing::HasSubstr;

std::string Message(const absl::Status& status) {
  return std::string(status.message());
}

TEST(Encoding, IsFoundOutOrHeldTo) {
  const std::string text = "案号,某某〔2024〕1号\n𠮷\n";
  EXPECT_EQ(*Decode(text, "auto"), text);
  EXPECT_EQ(*Decode("\xEF\xBB\xBF" + text, "auto"), text);
  const std::string other = *EncodeGb18030(text);
  EXPECT_NE(other, text);
  EXPECT_EQ(*Decode(other, "auto"), text);
  EXPECT_EQ(*Decode(other, "gb18030"), text);
  EXPECT_EQ(Message(Decode(other, "utf-8").status()),
            "line 1: the byte 0xB0 does not belong to a text in UTF-8");
  // Longer than what is converted at once.
  std::string longer;
  for (int i = 0; i < 5000; ++i) longer += text;
  EXPECT_EQ(*Decode(*EncodeGb18030(longer), "auto"), longer);
  EXPECT_EQ(*Decode("", "auto"), "");
}

TEST(Encoding, ABrokenByteIsNamedByItsLine) {
  EXPECT_EQ(
      Message(Decode(*EncodeGb18030("案号\n甲\n") + "\xFF\n", "auto").status()),
      "line 3: the byte 0xFF does not belong to a text in UTF-8 or GB "
      "18030");
  // A mark says that it is UTF-8.
  EXPECT_EQ(Message(Decode("\xEF\xBB\xBF"
                           "a\nb\xB0",
                           "auto")
                        .status()),
            "line 2: the byte 0xB0 does not belong to a text in UTF-8");
  // Cut in the middle of a character.
  EXPECT_FALSE(Decode("\xB0", "gb18030").ok());
  EXPECT_THAT(Message(Decode("\xFF\xFE"
                             "a\0",
                             "auto")
                          .status()),
              HasSubstr("UTF-16"));
}

TEST(Days, AreReadAsRegistersWriteThem) {
  for (const char* text : {"2024-01-05", "2024-1-5", "2024/1/5", "2024.1.5",
                           "2024年1月5日", "2024年01月05日", "20240105"}) {
    EXPECT_EQ(NormalDay(text).value_or("none"), "2024-01-05") << text;
  }
  for (const char* text : {"2024-02-30", "5/1/2024", "2024-1", "240105", "去年",
                           "20241305", "", "2024-1-5-1", "45296"}) {
    EXPECT_FALSE(NormalDay(text).ok()) << text;
  }
}

absl::StatusOr<v1::PastCase> ReadRow(const std::string& text) {
  const auto csv = ReadCsv(text);
  if (!csv.ok()) return csv.status();
  const auto reader = RegisterReader::Of(csv->heading);
  if (!reader.ok()) return reader.status();
  return reader->Read(csv->rows[0]);
}

TEST(Register, ChineseAndEnglishHeadingsSayTheSame) {
  const auto zh = ReadRow(
      "案号,申请人类别,申请人,收到日期,办结日期,答复类型,不予公开理由,"
      "收费金额（元）,复议收件日期,复议结果,二审收件日期,一审收件日期,"
      "复议收件日期2\n"
      "A-1,自然人,赵甲一,2023年3月1日,20230320,R3,国家秘密、内部事务信息,"
      "12.5,2023-04-01,撤销,2023-09-01,2023-06-01,2023-05-01\n");
  ASSERT_TRUE(zh.ok()) << zh.status();
  const auto en = ReadRow(
      "number,applicant_kind,applicant_name,receipt_date,finished_date,"
      "outcome,grounds,fee_yuan,review_opened_date,review_result,"
      "appeal_opened_date,suit_opened_date,review_opened_date_2\n"
      "A-1,natural_person,赵甲一,2023-3-1,2023/3/20,refused,"
      "state_secret;internal_affairs,12.50,2023.4.1,revoked,2023-09-01,"
      "2023-06-01,2023-05-01\n");
  ASSERT_TRUE(en.ok()) << en.status();
  EXPECT_EQ(zh->DebugString(), en->DebugString());
  EXPECT_EQ(zh->outcome(), v1::REFUSED);
  EXPECT_EQ(zh->grounds_size(), 2);
  EXPECT_EQ(zh->fee_fen(), 1250);
  // In the order in which they began.
  ASSERT_EQ(zh->dockets_size(), 4);
  EXPECT_EQ(zh->dockets(0).opened_date(), "2023-04-01");
  EXPECT_EQ(zh->dockets(1).kind(), v1::ADMINISTRATIVE_REVIEW);
  EXPECT_EQ(zh->dockets(2).kind(), v1::LAWSUIT);
  EXPECT_EQ(zh->dockets(3).instance(), 2);
}

TEST(Register, WhatIsWrongIsNamedByItsHeading) {
  const std::string heading =
      "案号,申请人类别,收到日期,答复类型,复议整改,收费金额（元）\n";
  const auto wrong = [&](const std::string& row) {
    return Message(ReadRow(heading + row + "\n").status());
  };
  EXPECT_EQ(wrong("A-1,自然人,2023-03-01,,,"), "");
  EXPECT_THAT(wrong("A-1,路人,2023-03-01,,,"), HasSubstr("申请人类别: "));
  EXPECT_THAT(wrong("A-1,自然人,2023-13-01,,,"), HasSubstr("收到日期: a day"));
  EXPECT_THAT(wrong("A-1,自然人,2023-03-01,R99,,"), HasSubstr("答复类型: "));
  EXPECT_EQ(wrong("A-1,自然人,2023-03-01,,也许,"), "复议整改: 是 or 否");
  EXPECT_THAT(wrong("A-1,自然人,2023-03-01,,,一百"),
              HasSubstr("收费金额（元）: an amount"));
  EXPECT_EQ(wrong("A-1,自然人"), "the row has 2 cells, the heading 6");
  EXPECT_THAT(Message(ReadRow("案号,备注\nA-1,\n").status()),
              HasSubstr("备注: is no heading"));
  EXPECT_THAT(Message(ReadRow("案号,number\nA-1,\n").status()),
              HasSubstr("number: stands twice"));
  EXPECT_THAT(Message(ReadRow("案号,收到日期\nA-1,\n").status()),
              HasSubstr("申请人类别 (applicant_kind): is missing"));
}

TEST(Totals, KnowTheirYear) {
  std::string path;
  EXPECT_EQ(*YearOfTotals("x/suqian_2023.csv", &path), 2023);
  EXPECT_EQ(path, "x/suqian_2023.csv");
  EXPECT_EQ(*YearOfTotals("2024=a/return.csv", &path), 2024);
  EXPECT_EQ(path, "a/return.csv");
  EXPECT_FALSE(YearOfTotals("return.csv", &path).ok());
  EXPECT_FALSE(YearOfTotals("2023_2024.csv", &path).ok());
}

TEST(Totals, AreWhole) {
  std::string table =
      "row_key,natural_person,enterprise,research,social_org,legal_service,"
      "other,total\n";
  for (int row = 1; row <= 25; ++row) {
    table += "r" + std::to_string(row) + ",1,0,0,0,0,0,1\n";
  }
  ASSERT_TRUE(ReadTotals(table, 2023).ok()) << ReadTotals(table, 2023).status();
  EXPECT_EQ(ReadTotals(table, 2023)->cells_size(), 175);
  EXPECT_THAT(Message(ReadTotals(table + "r3,0,0,0,0,0,0,0\n", 2023).status()),
              HasSubstr("line 27: the row stands twice"));
  EXPECT_THAT(Message(ReadTotals(table + "r26,0,0,0,0,0,0,0\n", 2023).status()),
              HasSubstr("is no row of table 3"));
  EXPECT_THAT(
      Message(ReadTotals(table.substr(0, table.size() - 18), 2023).status()),
      HasSubstr("r25"));
  std::string wrong = table;
  wrong.replace(wrong.find("r2,1"), 4, "r2,x");
  EXPECT_EQ(Message(ReadTotals(wrong, 2023).status()),
            "line 3: natural_person is no number of cases");
}

}  // namespace
}  // namespace gongkai::cli
