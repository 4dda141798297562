// SPDX-License-Identifier: Apache-2.0
// Reports over cases that share an applicant or their words (REG 35, 44).
#include "absl/strings/str_cat.h"
#include "tests/report/report_fixture.h"

namespace gongkai::report {
namespace {

SharedCase Shared(const casework::Case& c, std::string applicant,
                  std::string words) {
  return {FoldedOf(c, "2024-12-31"), std::move(applicant), std::move(words)};
}

std::vector<v1::Table> Tables(v1::ReportKind kind,
                              const std::vector<SharedCase>& cases,
                              const std::string& request = "",
                              Locale locale = Locale::kChinese) {
  auto tables = SharedTables(kind, cases, RequestOf(request), locale);
  for (const v1::Table& table : tables) ExpectSound(table);
  return tables;
}

// REG 35 sets no number: the table counts.
TEST(HeavyApplicants, AreThoseWithManyApplications) {
  std::vector<SharedCase> cases;
  for (int i = 0; i < 12; ++i) {
    casework::Case c =
        Answered(absl::StrCat("A", 10 + i),
                 absl::StrCat("2024-0", 1 + i / 5, "-1", i % 5), "2024-06-01",
                 i < 2 ? v1::REPEATED : v1::DISCLOSED);
    c.item_count = i == 0 ? 5 : 1;
    if (i == 3) c.facts.fee = law::Fee();
    cases.push_back(Shared(c, "a", absl::StrCat("w", i)));
  }
  for (int i = 0; i < 9; ++i) {
    cases.push_back(
        Shared(OpenCase(absl::StrCat("B", i), "2024-05-06"), "b", "w"));
  }
  // Nobody known: shares nothing.
  for (int i = 0; i < 20; ++i) {
    cases.push_back(
        Shared(OpenCase(absl::StrCat("C", i), "2024-05-06"), "", ""));
  }
  const auto tables = Tables(v1::HEAVY_APPLICANTS, cases);
  ASSERT_EQ(tables.size(), 1u);
  ASSERT_EQ(tables[0].rows_size(), 1);
  EXPECT_EQ(CellText(tables[0], 0, "applicant"), "1");
  EXPECT_EQ(CellText(tables[0], 0, "applications"), "12");
  EXPECT_EQ(CellText(tables[0], 0, "items"), "16");
  EXPECT_EQ(CellText(tables[0], 0, "most_in_a_month"), "5");
  EXPECT_EQ(CellText(tables[0], 0, "first_date"), "2024-01-10");
  EXPECT_EQ(CellText(tables[0], 0, "repeated"), "2");
  EXPECT_EQ(CellText(tables[0], 0, "fees_charged"), "1");
  EXPECT_EQ(Tables(v1::HEAVY_APPLICANTS, cases, "at_least: 9")[0].rows_size(),
            2);
  // Only what came in the period.
  EXPECT_EQ(Tables(v1::HEAVY_APPLICANTS, cases,
                   R"(at_least: 9 from_date: "2024-05-01")")[0]
                .rows_size(),
            1);
}

// REG 44: several applicants, the same agency, the same information.
TEST(Conversion, NeedsSeveralApplicants) {
  std::vector<SharedCase> cases;
  for (int i = 0; i < 3; ++i) {
    cases.push_back(
        Shared(Answered(absl::StrCat("A", i), absl::StrCat("2024-03-0", 1 + i),
                        absl::StrCat("2024-03-2", i), v1::DISCLOSED),
               absl::StrCat("p", i), "plan"));
  }
  // One who asks three times is one.
  for (int i = 0; i < 3; ++i) {
    cases.push_back(
        Shared(OpenCase(absl::StrCat("B", i), "2024-03-01"), "p0", "other"));
  }
  // Another agency's request in the same words is its own.
  casework::Case elsewhere = OpenCase("C0", "2024-03-01");
  elsewhere.agency = "B";
  cases.push_back(Shared(elsewhere, "p9", "plan"));
  const auto table = Tables(v1::CONVERSION, cases)[0];
  ASSERT_EQ(table.rows_size(), 1);
  EXPECT_EQ(CellText(table, 0, "applicants"), "3");
  EXPECT_EQ(CellText(table, 0, "applications"), "3");
  EXPECT_EQ(CellText(table, 0, "disclosed"), "3");
  EXPECT_EQ(CellText(table, 0, "first_disclosed_date"), "2024-03-20");
  EXPECT_EQ(CellText(table, 0, "publish_by_date"), "2024-04-18");
  EXPECT_EQ(CellText(table, 0, "cases"), "A0 A1 A2");
  EXPECT_THAT(table.notes(0), ::testing::HasSubstr("REG 44"));
  EXPECT_EQ(Tables(v1::CONVERSION, cases, "at_least: 1")[0].rows_size(), 3);
}

TEST(Consistency, ShowsLikeRequestsAnsweredDifferently) {
  casework::Case given =
      Answered("A1", "2024-03-01", "2024-03-20", v1::DISCLOSED);
  casework::Case refused = Answered("A2", "2024-03-05", "2024-03-25",
                                    v1::REFUSED, {v1::PERSONAL_PRIVACY});
  AddDocket(refused, v1::LAWSUIT, "2024-04-01", "2024-06-01", v1::REVOKED);
  const std::vector<SharedCase> cases = {
      Shared(refused, "p1", "plan"), Shared(given, "p2", "plan"),
      // Says nothing of the information.
      Shared(Answered("A3", "2024-03-05", "2024-03-26", v1::REPEATED), "p1",
             "plan"),
      // Alike: given out once, public since.
      Shared(Answered("B1", "2024-03-01", "2024-03-20", v1::DISCLOSED), "p1",
             "map"),
      Shared(Answered("B2", "2024-04-01", "2024-04-20", v1::ALREADY_PUBLIC),
             "p2", "map"),
      // The same grounds in another order.
      Shared(Answered("C1", "2024-03-01", "2024-03-20", v1::REFUSED,
                      {v1::PERSONAL_PRIVACY, v1::BUSINESS_SECRET}),
             "p1", "list"),
      Shared(Answered("C2", "2024-03-01", "2024-03-20", v1::REFUSED,
                      {v1::BUSINESS_SECRET, v1::PERSONAL_PRIVACY}),
             "p2", "list"),
      Shared(OpenCase("A4", "2024-05-01"), "p3", "plan")};
  const auto tables = Tables(v1::CONSISTENCY, cases);
  ASSERT_EQ(tables.size(), 2u);
  ASSERT_EQ(tables[0].rows_size(), 1);
  EXPECT_EQ(RowText(tables[0], 0), "1|TEST|2|2|1|0");
  ASSERT_EQ(tables[1].rows_size(), 2);
  EXPECT_EQ(CellText(tables[1], 0, "number"), "A1");
  EXPECT_EQ(CellText(tables[1], 0, "stood"), "未被复议诉讼");
  EXPECT_EQ(CellText(tables[1], 1, "number"), "A2");
  EXPECT_EQ(CellText(tables[1], 1, "outcome"), "不予公开");
  EXPECT_EQ(CellText(tables[1], 1, "stood"), "被纠正");
  // By the day of ending.
  EXPECT_EQ(Tables(v1::CONSISTENCY, cases, R"(from_date: "2024-03-21")")[0]
                .rows_size(),
            0);
}

TEST(SharedTables, KnowNoOtherReport) {
  EXPECT_TRUE(SharedTables(v1::REGISTER, {}, {}, Locale::kChinese).empty());
  for (const auto kind :
       {v1::HEAVY_APPLICANTS, v1::CONVERSION, v1::CONSISTENCY}) {
    EXPECT_FALSE(Tables(kind, {}, "", Locale::kEnglish).empty());
  }
}

}  // namespace
}  // namespace gongkai::report
