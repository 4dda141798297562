// SPDX-License-Identifier: Apache-2.0
// Bars as pictures, read back as XML.
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/render/charts.h"
#include "services/render/xml.h"
#include "tests/render/read_back.h"
#include "tests/render/tables.h"

namespace gongkai::render {
namespace {

using testing::Contains;
using testing::HasSubstr;

v1::WorkGroup Group(const std::string& department, int overdue, int red,
                    int green) {
  v1::WorkGroup group;
  group.set_department(department);
  group.set_overdue(overdue);
  group.set_red(red);
  group.set_green(green);
  return group;
}

TEST(Picture, SaysEveryFigureToThoseWhoDoNotSeeIt) {
  const BarChart chart = WorkChart(
      {Group("法规科", 3, 1, 10), Group("", 0, 2, 0)}, Locale::kChinese);
  const auto read = ReadBack("picture", Svg(chart));
  EXPECT_EQ(read["role"], "img");
  ASSERT_EQ(read["spoken"].size(), 2u);
  EXPECT_EQ(read["spoken"][0], "待办事项预警");
  EXPECT_THAT(
      read["spoken"][1].get<std::string>(),
      testing::AllOf(HasSubstr("法规科: 逾期 3, 红 1, 黄 0, 绿 10, 中止 0;"),
                     HasSubstr("未分配: 逾期 0, 红 2,")));
}

TEST(Picture, BarsAreAsLongAsTheirFigures) {
  const BarChart chart = WorkChart({Group("a", 2, 1, 4)}, Locale::kEnglish);
  double overdue = 0;
  double red = 0;
  double green = 0;
  const auto read = ReadBack("picture", Svg(chart));
  for (const auto& bar : read["bars"]) {
    if (bar[0] == "a overdue 2") overdue = bar[1];
    if (bar[0] == "a red 1") red = bar[1];
    if (bar[0] == "a green 4") green = bar[1];
  }
  EXPECT_GT(red, 10);
  EXPECT_NEAR(overdue, 2 * red, 0.2);
  EXPECT_NEAR(green, 4 * red, 0.2);
}

TEST(Picture, WhatOthersWroteIsText) {
  const std::string hostile =
      "</text><script>alert('1')</script>&amp;\"\x01\x1b]]>";
  const auto read = ReadBack(
      "picture", Svg(WorkChart({Group(hostile, 1, 0, 0)}, Locale::kChinese)));
  EXPECT_THAT(read["tags"].get<std::vector<std::string>>(),
              testing::Not(Contains("script")));
  EXPECT_THAT(read["spoken"][1].get<std::string>(),
              HasSubstr("</text><script>alert('1')</script>&amp;\"]]>"));
  EXPECT_EQ(Escaped("a\tb\n"), "a b ");
}

TEST(Picture, LongLabelsAreCutAtALetter) {
  std::string label;
  for (int i = 0; i < 60; ++i) label += "长";
  const auto read = ReadBack(
      "picture", Svg(WorkChart({Group(label, 1, 0, 0)}, Locale::kChinese)));
  EXPECT_THAT(read["texts"].get<std::vector<std::string>>(),
              Contains(testing::MatchesRegex("(长)+…")));
}

TEST(Picture, NothingIsSaidSo) {
  const auto read = ReadBack("picture", Svg(WorkChart({}, Locale::kEnglish)));
  EXPECT_THAT(read["texts"].get<std::vector<std::string>>(),
              Contains("no open duties"));
}

TEST(Picture, ColumnsOfATableStandBesideEachOther) {
  v1::Table table = OneOfEach("法规科");
  AddColumn("step_key", "代码", v1::TEXT_COLUMN, &table);
  EXPECT_FALSE(TableChart(table, {"count", "none"}, Locale::kChinese));
  table.mutable_rows(0)->mutable_cells(2)->set_number(7);
  const auto chart = TableChart(table, {"count", "days"}, Locale::kChinese);
  ASSERT_TRUE(chart.has_value());
  EXPECT_EQ(chart->bars[0].label, "法规科");
  const auto read = ReadBack("picture", Svg(*chart));
  EXPECT_THAT(read["texts"].get<std::vector<std::string>>(),
              testing::AllOf(Contains("7.0"), Contains("12.2"),
                             Contains("件数"), Contains("平均")));
}

}  // namespace
}  // namespace gongkai::render
