// SPDX-License-Identifier: Apache-2.0
// The annual return as the official form (国办公开办函〔2021〕30号), beside the
// form written out by hand.
#include "services/render/return_form.h"

#include <array>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/render/csv.h"
#include "tests/render/read_back.h"

namespace gongkai::render {
namespace {

// Every cell has a figure of its own: 1001 to 1175, and 2001 to 2015.
v1::AnnualReturn Numbered() {
  v1::AnnualReturn annual;
  annual.set_agency("SHGXW");
  annual.set_year(2025);
  annual.set_edition(2);
  annual.set_known_time("2026-01-30T17:00:00Z");
  annual.add_agencies("SHGXW");
  for (int i = 1; i <= 175; ++i) annual.add_cells(1000 + i);
  for (int i = 1; i <= 15; ++i) annual.add_remedies(2000 + i);
  annual.mutable_fees()->set_notices(12);
  annual.mutable_fees()->set_asked_fen(123456);
  annual.mutable_fees()->set_payments(9);
  annual.mutable_fees()->set_paid_fen(100000);
  return annual;
}

nlohmann::json Read(Locale locale) {
  const auto bytes = ReturnXlsx(Numbered(), "某市某局", locale);
  EXPECT_TRUE(bytes.ok()) << bytes.status();
  return ReadBack("sheets", bytes.value_or(""));
}

// The Chinese form, read once.
const nlohmann::json& Form() {
  static const auto* const form = new nlohmann::json(Read(Locale::kChinese));
  return *form;
}

std::string At(const nlohmann::json& sheet, const std::string& cell) {
  const auto& cells = sheet["cells"];
  return cells.contains(cell) ? cells[cell]["value"].get<std::string>() : "";
}

struct Label {
  const char* cell;
  const char* text;
};

TEST(ReturnForm, LabelsOfTable3AreThoseOfTheForm) {
  constexpr Label kLabels[] = {
      {"A1", "某市某局2025年政府信息公开工作年度报告"},
      {"A2", "三、收到和处理政府信息公开申请情况"},
      {"A3",
       "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）"},
      {"D3", "申请人情况"},
      {"D4", "自然人"},
      {"E4", "法人或其他组织"},
      {"J4", "总计"},
      {"E5", "商业企业"},
      {"F5", "科研机构"},
      {"G5", "社会公益组织"},
      {"H5", "法律服务机构"},
      {"I5", "其他"},
      {"A6", "一、本年新收政府信息公开申请数量"},
      {"A7", "二、上年结转政府信息公开申请数量"},
      {"A8", "三、本年度办理结果"},
      {"B8", "（一）予以公开"},
      {"B9", "（二）部分公开（区分处理的，只计这一情形，不计其他情形）"},
      {"B10", "（三）不予公开"},
      {"C10", "1.属于国家秘密"},
      {"C11", "2.其他法律行政法规禁止公开"},
      {"C12", "3.危及“三安全一稳定”"},
      {"C13", "4.保护第三方合法权益"},
      {"C14", "5.属于三类内部事务信息"},
      {"C15", "6.属于四类过程性信息"},
      {"C16", "7.属于行政执法案卷"},
      {"C17", "8.属于行政查询事项"},
      {"B18", "（四）无法提供"},
      {"C18", "1.本机关不掌握相关政府信息"},
      {"C19", "2.没有现成信息需要另行制作"},
      {"C20", "3.补正后申请内容仍不明确"},
      {"B21", "（五）不予处理"},
      {"C21", "1.信访举报投诉类申请"},
      {"C22", "2.重复申请"},
      {"C23", "3.要求提供公开出版物"},
      {"C24", "4.无正当理由大量反复申请"},
      {"C25", "5.要求行政机关确认或重新出具已获取信息"},
      {"B26", "（六）其他处理"},
      {"C26",
       "1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请"},
      {"C27",
       "2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申"
       "请"},
      {"C28", "3.其他"},
      {"B29", "（七）总计"},
      {"A30", "四、结转下年度继续办理"},
  };
  const auto sheet = Form()["sheets"][0];
  for (const Label& label : kLabels) {
    EXPECT_EQ(At(sheet, label.cell), label.text) << label.cell;
  }
  // Beside them only the figures.
  EXPECT_EQ(sheet["cells"].size(), std::size(kLabels) + 175);
}

TEST(ReturnForm, CellsOfTable3AreMergedAsInTheForm) {
  const auto sheet = Form()["sheets"][0];
  EXPECT_THAT(sheet["merged"].get<std::vector<std::string>>(),
              testing::UnorderedElementsAre(
                  "A1:J1", "A2:J2", "A3:C5", "D3:J3", "D4:D5", "E4:I4", "J4:J5",
                  "A6:C6", "A7:C7", "A8:A29", "B8:C8", "B9:C9", "B10:B17",
                  "B18:B20", "B21:B25", "B26:B28", "B29:C29", "A30:C30"));
}

TEST(ReturnForm, EveryFigureIsInItsPlace) {
  const nlohmann::json& book = Form();
  const auto& table3 = book["sheets"][0]["cells"];
  for (int row = 0; row < 25; ++row) {
    for (int column = 0; column < 7; ++column) {
      const std::string cell = std::string(1, static_cast<char>('D' + column)) +
                               std::to_string(6 + row);
      EXPECT_EQ(table3[cell]["value"], 1001 + row * 7 + column) << cell;
      EXPECT_EQ(table3[cell]["border"], true) << cell;
    }
  }
  const auto& table4 = book["sheets"][1]["cells"];
  for (int column = 0; column < 15; ++column) {
    const std::string cell =
        std::string(1, static_cast<char>('A' + column)) + "6";
    EXPECT_EQ(table4[cell]["value"], 2001 + column) << cell;
  }
}

TEST(ReturnForm, Table4AndTheFeesAreAsInTheForm) {
  const auto sheet = Form()["sheets"][1];
  constexpr Label kLabels[] = {
      {"A2", "四、政府信息公开行政复议、行政诉讼情况"},
      {"A3", "行政复议"},
      {"F3", "行政诉讼"},
      {"F4", "未经复议直接起诉"},
      {"K4", "复议后起诉"},
      {"A4", "结果维持"},
      {"B4", "结果纠正"},
      {"C4", "其他结果"},
      {"D4", "尚未审结"},
      {"E4", "总计"},
      {"F5", "结果维持"},
      {"J5", "总计"},
      {"K5", "结果维持"},
      {"L5", "结果纠正"},
      {"M5", "其他结果"},
      {"N5", "尚未审结"},
      {"O5", "总计"},
      {"A8", "六、其他需要报告的事项"},
      {"A9",
       "信息处理费：本年发出收费通知 12 件，通知金额 1234.56 元；收到缴费 9 "
       "笔，实收 1000.00 元。"},
  };
  for (const Label& label : kLabels) {
    EXPECT_EQ(At(sheet, label.cell), label.text) << label.cell;
  }
  EXPECT_THAT(sheet["merged"].get<std::vector<std::string>>(),
              testing::UnorderedElementsAre(
                  "A1:O1", "A2:O2", "A3:E3", "F3:O3", "F4:J4", "K4:O4", "A4:A5",
                  "B4:B5", "C4:C5", "D4:D5", "E4:E5", "A8:O8", "A9:O9"));
}

TEST(ReturnForm, EachTableIsOnePageOfA4) {
  const auto book = Form();
  ASSERT_EQ(book["sheets"].size(), 2u);
  EXPECT_EQ(book["created"], "2026-01-30T17:00:00Z");
  for (const auto& sheet : book["sheets"]) {
    EXPECT_EQ(sheet["paper"], 9);
    EXPECT_EQ(sheet["fit"], true);
    EXPECT_EQ(sheet["wide"], 1);
    EXPECT_EQ(sheet["tall"], 1);
    // The day in Shanghai.
    EXPECT_EQ(sheet["foot"][0], "第 2 次报送，截至 2026-01-31");
  }
  EXPECT_EQ(book["sheets"][0]["orientation"], "portrait");
  EXPECT_EQ(book["sheets"][1]["orientation"], "landscape");
  EXPECT_EQ(book["sheets"][0]["freeze"], "D6");
}

TEST(ReturnForm, TheSameInEnglishAndForACity) {
  const auto sheet = Read(Locale::kEnglish)["sheets"][0];
  EXPECT_EQ(At(sheet, "A1"), "某市某局: annual return of 2025");
  EXPECT_EQ(At(sheet, "C10"), "1. state secret");
  EXPECT_EQ(At(sheet, "B29"), "(7) handled in the year: r3 to r23");
  EXPECT_EQ(At(sheet, "A30"), "IV. carried over to the next year");
  v1::AnnualReturn city = Numbered();
  city.add_agencies("SHFGW");
  city.set_edition(0);
  const auto bytes = ReturnXlsx(city, "某市", Locale::kChinese);
  ASSERT_TRUE(bytes.ok());
  const auto read = ReadBack("sheets", *bytes)["sheets"][0];
  EXPECT_EQ(At(read, "A1"), "某市（含所属机关）2025年政府信息公开工作年度报告");
  EXPECT_EQ(read["foot"][0], "即时汇总，截至 2026-01-31");
}

TEST(ReturnForm, TheSameReturnIsTheSameBytes) {
  EXPECT_EQ(*ReturnXlsx(Numbered(), "某局", Locale::kChinese),
            *ReturnXlsx(Numbered(), "某局", Locale::kChinese));
}

TEST(ReturnForm, AReturnWithoutAllItsCellsIsRefused) {
  v1::AnnualReturn annual = Numbered();
  annual.mutable_cells()->RemoveLast();
  EXPECT_TRUE(absl::IsInvalidArgument(
      ReturnXlsx(annual, "某局", Locale::kChinese).status()));
  annual = Numbered();
  annual.clear_known_time();
  EXPECT_TRUE(absl::IsInvalidArgument(
      ReturnXlsx(annual, "某局", Locale::kChinese).status()));
}

TEST(ReturnTables, AreTheSameFigures) {
  const auto tables = ReturnTables(Numbered(), Locale::kChinese);
  ASSERT_EQ(tables.size(), 3u);
  ASSERT_EQ(tables[0].rows_size(), 25);
  EXPECT_EQ(tables[0].rows(24).cells(0).text(), "r25");
  EXPECT_EQ(tables[0].rows(24).cells(8).number(), 1175);
  EXPECT_EQ(tables[0].rows(4).cells(1).text(),
            "（三）不予公开：1.属于国家秘密");
  EXPECT_EQ(tables[1].rows(2).cells(6).number(), 2015);
  EXPECT_EQ(tables[1].columns(3).key(), "corrected");
  EXPECT_THAT(Csv(tables[2], FirstLine::kKeys),
              testing::HasSubstr("12,1234.56,9,1000.00"));
}

}  // namespace
}  // namespace gongkai::render
