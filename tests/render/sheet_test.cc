// SPDX-License-Identifier: Apache-2.0
// Tables as sheets, read back by another program.
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/render/table_xlsx.h"
#include "tests/render/read_back.h"
#include "tests/render/tables.h"

namespace gongkai::render {
namespace {

const Surroundings& Around() {
  static const auto* const around = new Surroundings{
      "SHGXW，2024-01-01 至 2024-12-31", absl::FromUnixSeconds(1735689600)};
  return *around;
}

std::string Bytes(const std::vector<v1::Table>& tables) {
  const auto bytes = Xlsx(tables, Around());
  EXPECT_TRUE(bytes.ok()) << bytes.status();
  return bytes.value_or("");
}

TEST(Sheet, EachTypeIsWhatItIs) {
  const auto book = ReadBack("sheets", Bytes({OneOfEach("法规科")}));
  ASSERT_EQ(book["sheets"].size(), 1u);
  EXPECT_EQ(book["title"], "按年统计");
  EXPECT_EQ(book["created"], "2025-01-01T00:00:00Z");
  const auto& sheet = book["sheets"][0];
  EXPECT_EQ(sheet["name"], "按年统计");
  const auto& cells = sheet["cells"];
  EXPECT_EQ(cells["A1"]["value"], "按年统计");
  EXPECT_EQ(cells["A2"]["value"], Around().about);
  EXPECT_EQ(cells["A3"]["value"], "部门");
  EXPECT_TRUE(cells["A3"]["bold"]);
  EXPECT_EQ(cells["F3"]["value"], "金额（元）");
  EXPECT_EQ(cells["A4"]["value"], "法规科");
  EXPECT_EQ(cells["B4"]["kind"], "date");
  EXPECT_EQ(cells["B4"]["value"], "2024-02-29");
  EXPECT_EQ(cells["B4"]["format"], "yyyy-mm-dd");
  EXPECT_EQ(cells["C4"]["value"], -3);
  EXPECT_EQ(cells["D4"]["value"], 0.1534);
  EXPECT_EQ(cells["D4"]["format"], "0.0%");
  EXPECT_EQ(cells["E4"]["value"], 12.25);
  EXPECT_EQ(cells["E4"]["format"], "0.0");
  EXPECT_EQ(cells["F4"]["value"], 1234.05);
  EXPECT_EQ(cells["F4"]["format"], "0.00");
  EXPECT_EQ(cells["A6"]["value"], "占比 = 件数 ÷ 总数");
}

TEST(Sheet, HeadingsStayAndItPrintsOnA4) {
  const auto book = ReadBack("sheets", Bytes({OneOfEach("x")}));
  const auto& sheet = book["sheets"][0];
  EXPECT_EQ(sheet["freeze"], "B4");
  EXPECT_EQ(sheet["filter"], "A3:F4");
  EXPECT_EQ(sheet["titles"], "$3:$3");
  EXPECT_EQ(sheet["paper"], 9);
  EXPECT_EQ(sheet["fit"], true);
  EXPECT_EQ(sheet["wide"], 1);
  EXPECT_EQ(sheet["tall"], 0);
  EXPECT_EQ(sheet["foot"][1], "&P / &N");
  EXPECT_THAT(sheet["foot"][0].get<std::string>(),
              testing::HasSubstr("按年统计"));
  EXPECT_EQ(sheet["orientation"], "portrait");
  v1::Table wide = OneOfEach(std::string(40, 'w'));
  wide.mutable_columns(1)->set_heading(std::string(40, 'w'));
  wide.mutable_columns(2)->set_heading(std::string(40, 'w'));
  EXPECT_EQ(ReadBack("sheets", Bytes({wide}))["sheets"][0]["orientation"],
            "landscape");
}

TEST(Sheet, AWideTableIsPrintedOnPagesSideBySide) {
  v1::Table table = OneOfEach("x");
  for (int i = 0; i < 20; ++i) {
    AddColumn("k", std::string(30, 'w'), v1::TEXT_COLUMN, &table);
  }
  const auto sheet = ReadBack("sheets", Bytes({table}))["sheets"][0];
  EXPECT_EQ(sheet["wide"], 2);
  EXPECT_EQ(sheet["columns"], "$A:$A");
}

TEST(Sheet, ColumnsAreAsWideAsTheirContentWithinReason) {
  const auto book = ReadBack(
      "sheets", Bytes({OneOfEach("科"), OneOfEach("政府信息公开工作办公室"),
                       OneOfEach(std::string(3000, 'w'))}));
  const auto width = [&book](int sheet) {
    return book["sheets"][sheet]["widths"]["A"].get<double>();
  };
  EXPECT_LT(width(0), 12);
  EXPECT_GT(width(1), 22);
  EXPECT_LT(width(2), 50);
}

TEST(Sheet, ATextIsNeverAFormula) {
  const std::vector<std::string> texts = {"=1+1", "{=1+1}", "http://x.test/",
                                          "+1", "@x"};
  std::vector<v1::Table> tables;
  for (const std::string& text : texts) tables.push_back(OneOfEach(text));
  const auto book = ReadBack("sheets", Bytes(tables));
  for (size_t i = 0; i < texts.size(); ++i) {
    const auto& cell = book["sheets"][i]["cells"]["A4"];
    EXPECT_EQ(cell["value"], texts[i]);
    EXPECT_NE(cell["data_type"], "f") << texts[i];
  }
}

TEST(Sheet, StrangeTextsAndNamesDoNotBreakTheFile) {
  v1::Table table = OneOfEach("a\x01 b\n<&>\"'" + std::string(40000, 'x'));
  table.set_title("一[二]:*?/\\'" + std::string(60, 'n'));
  v1::Table twin = table;
  twin.set_title("一二" + std::string(60, 'N'));
  v1::Table none;
  const auto book = ReadBack("sheets", Bytes({table, twin, none}));
  ASSERT_EQ(book["sheets"].size(), 3u);
  EXPECT_EQ(book["sheets"][0]["name"], "一二" + std::string(29, 'n'));
  EXPECT_EQ(book["sheets"][1]["name"], "一二" + std::string(27, 'N') + " 2");
  EXPECT_EQ(book["sheets"][2]["name"], "1");
  const auto text =
      book["sheets"][0]["cells"]["A4"]["value"].get<std::string>();
  EXPECT_THAT(text, testing::HasSubstr("<&>\"'"));
  EXPECT_LE(text.size(), 32767u + 10);
}

TEST(Sheet, ADayThatIsNoneStaysText) {
  v1::Table table = OneOfEach("x");
  table.mutable_rows(0)->mutable_cells(1)->set_text("2024-02-30");
  const auto book = ReadBack("sheets", Bytes({table}));
  EXPECT_EQ(book["sheets"][0]["cells"]["B4"]["kind"], "str");
}

TEST(Sheet, TheSameTablesAreTheSameBytes) {
  const std::string once = Bytes({OneOfEach("x"), OneOfEach("y")});
  EXPECT_EQ(once, Bytes({OneOfEach("x"), OneOfEach("y")}));
  EXPECT_NE(once, Bytes({OneOfEach("x"), OneOfEach("z")}));
}

TEST(Sheet, ManyRowsAreWrittenRowByRow) {
  v1::Table table = OneOfEach("科");
  table.mutable_columns()->DeleteSubrange(2, 4);
  const v1::Row row = table.rows(0);
  for (int i = 1; i < 20001; ++i) *table.add_rows() = row;
  const std::string bytes = Bytes({table});
  EXPECT_EQ(bytes, Bytes({table}));
  const auto sheet = ReadBack("sheets", bytes)["sheets"][0];
  EXPECT_EQ(sheet["cells"]["A20004"]["value"], "科");
  EXPECT_EQ(sheet["cells"]["B20004"]["value"], "2024-02-29");
  EXPECT_EQ(sheet["filter"], "A3:B20004");
}

}  // namespace
}  // namespace gongkai::render
