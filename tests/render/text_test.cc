// SPDX-License-Identifier: Apache-2.0
// Tables as comma-separated values and as JSON.
#include <nlohmann/json.hpp>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/render/cell.h"
#include "services/render/csv.h"
#include "services/render/json.h"
#include "tests/render/tables.h"

namespace gongkai::render {
namespace {

constexpr char kMark[] = "\xEF\xBB\xBF";

TEST(Csv, HasAMarkHeadingsAndLinesOfRfc4180) {
  const v1::Table table = OneOfEach("法规科");
  EXPECT_EQ(Csv(table, FirstLine::kHeadings),
            std::string(kMark) +
                "部门,日期,件数,占比,平均,金额（元）\r\n"
                "法规科,2024-02-29,-3,0.1534,12.2,1234.05\r\n");
  EXPECT_EQ(Csv(table, FirstLine::kKeys),
            std::string(kMark) +
                "who,day,count,share,days,fee\r\n"
                "法规科,2024-02-29,-3,0.1534,12.2,1234.05\r\n");
}

TEST(Csv, CommasQuotesAndLinesAreQuoted) {
  EXPECT_THAT(Csv(OneOfEach("一,\"二\"\r\n三"), FirstLine::kKeys),
              testing::HasSubstr("\r\n\"一,\"\"二\"\"\r\n三\",2024-02-29,"));
}

TEST(Csv, EmptyAndMissingCellsStayEmpty) {
  v1::Table table = OneOfEach("");
  table.mutable_rows(0)->mutable_cells()->DeleteSubrange(2, 4);
  table.add_rows();
  EXPECT_THAT(Csv(table, FirstLine::kKeys),
              testing::EndsWith("\r\n,2024-02-29,,,,\r\n,,,,,\r\n"));
}

TEST(Csv, WhatASpreadsheetWouldRunIsHarmless) {
  for (const std::string text :
       {"=1+1", "+8613800000000", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "  =1",
        "＝1", "＋1", "－1", "＠x", "=HYPERLINK(\"http://x\",\"y\")",
        "\n=cmd|' /C calc'!A0"}) {
    EXPECT_TRUE(LooksLikeFormula(text)) << text;
    const std::string csv = Csv(OneOfEach(text), FirstLine::kKeys);
    const std::string row = csv.substr(csv.find("\r\n") + 2);
    EXPECT_TRUE(row.starts_with("'") || row.starts_with("\"'")) << row;
  }
  for (const std::string text : {"法规科", "", "2-1", "a=b", "（=）", "1"}) {
    EXPECT_FALSE(LooksLikeFormula(text)) << text;
  }
  // A heading is no better than a cell, a number is no formula.
  v1::Table table = OneOfEach("x");
  table.mutable_columns(0)->set_heading("=A1");
  EXPECT_THAT(Csv(table, FirstLine::kHeadings),
              testing::StartsWith(std::string(kMark) + "'=A1,"));
  EXPECT_THAT(Csv(table, FirstLine::kHeadings), testing::HasSubstr(",-3,"));
}

TEST(Json, IsAnArrayOfObjectsByKey) {
  const v1::Table table = OneOfEach("=\"科\"\n");
  const auto read = nlohmann::json::parse(Json(table));
  ASSERT_EQ(read.size(), 1u);
  EXPECT_EQ(read[0]["who"], "=\"科\"\n");
  EXPECT_EQ(read[0]["day"], "2024-02-29");
  EXPECT_EQ(read[0]["count"], -3);
  EXPECT_EQ(read[0]["share"], 0.1534);
  EXPECT_EQ(read[0]["days"], 12.25);
  EXPECT_EQ(read[0]["fee"], 1234.05);
  EXPECT_THAT(Json(table), testing::HasSubstr("\"fee\":1234.05}"));
}

TEST(Json, EmptyCellsAreNullAndSeveralTablesStandByTheirKeys) {
  v1::Table empty = OneOfEach("");
  empty.set_key("empty");
  empty.clear_rows();
  v1::Table bare = OneOfEach("");
  bare.mutable_rows(0)->clear_cells();
  const auto read = nlohmann::json::parse(Json({bare, empty}));
  EXPECT_EQ(read["rates"][0]["who"], nullptr);
  EXPECT_EQ(read["empty"], nlohmann::json::array());
  EXPECT_EQ(nlohmann::json::parse(Json(std::vector<v1::Table>{empty})),
            nlohmann::json::array());
}

TEST(Cells, AreSharesAndYuanToPeople) {
  v1::Cell cell;
  cell.set_decimal(0.1534);
  EXPECT_EQ(CellText(cell, v1::SHARE_COLUMN), "15.3%");
  cell.set_decimal(1);
  EXPECT_EQ(CellText(cell, v1::SHARE_COLUMN), "100.0%");
  EXPECT_EQ(Yuan(5), "0.05");
  EXPECT_EQ(Yuan(-5), "-0.05");
  EXPECT_EQ(Yuan(-12345), "-123.45");
  EXPECT_EQ(CellText(v1::Cell(), v1::MONEY_COLUMN), "");
}

}  // namespace
}  // namespace gongkai::render
