// SPDX-License-Identifier: Apache-2.0
// Performance, register, fees, workload; quantiles against brute force.
#include <algorithm>
#include <random>

#include "absl/strings/str_cat.h"
#include "services/report/quantile.h"
#include "tests/report/report_fixture.h"

namespace gongkai::report {
namespace {

// Nearest rank: the smallest value that at least p of all are not above.
int ByCounting(const std::vector<int>& values, int percent) {
  for (const int value : values) {
    const auto not_above = std::count_if(values.begin(), values.end(),
                                         [value](int v) { return v <= value; });
    if (not_above * 100 >= percent * static_cast<int64_t>(values.size())) {
      return value;
    }
  }
  return values.back();
}

TEST(Quantile, IsThatOfNearestRank) {
  EXPECT_EQ(Quantile({7}, 50), 7);
  EXPECT_EQ(Quantile({1, 2}, 50), 1);
  EXPECT_EQ(Quantile({1, 2, 3}, 50), 2);
  EXPECT_EQ(Quantile({1, 2, 3, 4, 5, 6, 7, 8, 9, 10}, 90), 9);
  EXPECT_EQ(Quantile({1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}, 90), 10);
  EXPECT_EQ(Quantile({1, 2, 3}, 100), 3);
  std::mt19937 random(7);
  for (int round = 0; round < 500; ++round) {
    std::vector<int> values(1 + random() % 40);
    for (int& value : values) value = static_cast<int>(random() % 25);
    std::sort(values.begin(), values.end());
    for (const int percent : {1, 10, 25, 50, 75, 90, 95, 99, 100}) {
      EXPECT_EQ(Quantile(values, percent), ByCounting(values, percent));
    }
  }
}

// Registered a working day after receipt, drafted, signed and sent later.
casework::Life Handled(std::string_view drafted, std::string_view sent) {
  casework::Life life;
  life.Receive("2024-03-01");
  life.Register("2024-03-04");
  life.Draft(drafted);
  life.Review(drafted);
  life.Sign(sent);
  life.Dispatch(sent);
  life.Serve(sent);
  return life;
}

std::string StepRow(const v1::Table& table, std::string_view group,
                    std::string_view step) {
  for (int row = 0; row < table.rows_size(); ++row) {
    if (CellText(table, row, "group") == group &&
        CellText(table, row, "step_key") == step) {
      return absl::StrCat(CellText(table, row, "cases"), " ",
                          CellText(table, row, "median"), " ",
                          CellText(table, row, "p90"), " ",
                          CellText(table, row, "longest"));
    }
  }
  return "none";
}

TEST(Performance, MeasuresStepsInWorkingDays) {
  const std::vector<FoldedCase> cases = {
      FoldedOf(Handled("2024-03-05", "2024-03-08"), "2024-12-31"),
      FoldedOf(Handled("2024-03-11", "2024-03-18"), "2024-12-31"),
      FoldedOf(Handled("2024-03-29", "2024-04-03"), "2024-12-31")};
  const auto tables = TablesOf(v1::PERFORMANCE, "", cases, "2024-12-31");
  ASSERT_EQ(tables.size(), 2u);
  const v1::Table& times = tables[0];
  EXPECT_EQ(StepRow(times, "2024", "receipt_to_registration"), "3 1 1 1");
  EXPECT_EQ(StepRow(times, "2024", "registration_to_draft"), "3 5 19 19");
  EXPECT_EQ(StepRow(times, "2024", "draft_to_signature"), "3 3 5 5");
  EXPECT_EQ(StepRow(times, "2024", "signature_to_dispatch"), "3 0 0 0");
  EXPECT_EQ(StepRow(times, "总计", "receipt_to_dispatch"), "3 11 23 23");
  EXPECT_THAT(times.notes(1), ::testing::HasSubstr("最近秩"));
  // T5 ran to 2024-03-29: the third was late by three working days.
  const v1::Table& shares = tables[1];
  ASSERT_EQ(shares.rows_size(), 2);
  EXPECT_EQ(CellText(shares, 0, "finished"), "3");
  EXPECT_EQ(CellText(shares, 0, "in_time"), "2");
  EXPECT_EQ(CellText(shares, 0, "late"), "1");
  EXPECT_EQ(CellText(shares, 0, "in_time_rate"), "0.6667");
  EXPECT_EQ(CellText(shares, 0, "most_late"), "3");
  EXPECT_EQ(CellText(shares, 0, "extension_rate"), "0.0000");
}

TEST(Performance, CountsWhatEndedInThePeriodByGroup) {
  casework::Case withdrawn = OpenCase("1", "2024-03-01");
  withdrawn.facts.withdrawn = D("2024-03-05");
  withdrawn.outcome = v1::OTHER_OUTCOME;
  casework::Case extended =
      Answered("2", "2024-03-01", "2024-04-10", v1::DISCLOSED);
  extended.department = "d2";
  extended.facts.extension = law::Extension{D("2024-03-20"), 10};
  casework::Case outside =
      Answered("3", "2024-03-01", "2024-07-01", v1::DISCLOSED);
  const auto shares = TablesOf(
      v1::PERFORMANCE,
      R"(grouping: BY_DEPARTMENT from_date: "2024-03-01"
             to_date: "2024-06-30")",
      {FoldedOf(withdrawn, "2024-12-31"), FoldedOf(extended, "2024-12-31"),
       FoldedOf(outside, "2024-12-31"),
       FoldedOf(OpenCase("4", "2024-03-01"), "2024-12-31")},
      "2024-12-31")[1];
  ASSERT_EQ(shares.rows_size(), 3);
  EXPECT_EQ(CellText(shares, 0, "group"), "d1");
  EXPECT_EQ(CellText(shares, 0, "replied"), "0");
  EXPECT_EQ(CellText(shares, 0, "in_time_rate"), "-");
  EXPECT_EQ(CellText(shares, 1, "group"), "d2");
  EXPECT_EQ(CellText(shares, 1, "extended"), "1");
  EXPECT_EQ(CellText(shares, 1, "in_time_rate"), "1.0000");
  EXPECT_EQ(CellText(shares, 2, "finished"), "2");
  EXPECT_EQ(CellText(shares, 2, "extension_rate"), "0.5000");
}

// REG 45: the columns by which table 3 can be counted again.
TEST(Register, HoldsEveryCaseOfThePeriodInOrder) {
  casework::Case refused =
      Answered("TEST-2024-00002", "2024-03-01", "2024-04-03", v1::REFUSED,
               {v1::PERSONAL_PRIVACY, v1::BUSINESS_SECRET});
  refused.applicant_kind = v1::LEGAL_SERVICE;
  refused.document_number = "某信答〔2024〕2号";
  refused.fee_fen = 12300;
  AddDocket(refused, v1::ADMINISTRATIVE_REVIEW, "2024-05-01", "2024-06-20",
            v1::UPHELD);
  AddDocket(refused, v1::LAWSUIT, "2024-07-01");
  casework::Case sub = OpenCase("TEST-2024-00001-R1", "2024-03-02");
  sub.reopened_from = "TEST-2024-00001";
  const std::vector<FoldedCase> cases = {
      FoldedOf(sub, "2024-12-31"), FoldedOf(refused, "2024-12-31"),
      FoldedOf(OpenCase("TEST-2024-00001", "2024-03-01"), "2024-12-31"),
      FoldedOf(OpenCase("TEST-2023-00009", "2023-12-31"), "2024-12-31")};
  const auto tables =
      TablesOf(v1::REGISTER, R"(from_date: "2024-01-01" to_date: "2024-12-31")",
               cases, "2024-12-31");
  ASSERT_EQ(tables.size(), 1u);
  const v1::Table& table = tables[0];
  ASSERT_EQ(table.rows_size(), 3);
  EXPECT_EQ(CellText(table, 0, "number"), "TEST-2024-00001");
  EXPECT_EQ(CellText(table, 0, "return_row"), "-");
  EXPECT_EQ(CellText(table, 0, "counted"), "1");
  EXPECT_EQ(CellText(table, 1, "number"), "TEST-2024-00002");
  EXPECT_EQ(CellText(table, 1, "agency"), "TEST");
  EXPECT_EQ(CellText(table, 1, "receipt_date"), "2024-03-01");
  EXPECT_EQ(CellText(table, 1, "channel"), "当面提交");
  EXPECT_EQ(CellText(table, 1, "column"), "c5");
  EXPECT_EQ(CellText(table, 1, "outcome"), "不予公开");
  EXPECT_EQ(CellText(table, 1, "grounds"), "个人隐私、商业秘密");
  EXPECT_EQ(CellText(table, 1, "return_row"), "r8");
  EXPECT_EQ(CellText(table, 1, "finished_date"), "2024-04-03");
  EXPECT_EQ(CellText(table, 1, "reply_due_date"), "2024-03-29");
  EXPECT_EQ(CellText(table, 1, "late_by"), "3");
  EXPECT_EQ(CellText(table, 1, "fee_yuan"), "12300");
  EXPECT_EQ(CellText(table, 1, "remedies"),
            "行政复议 2024-06-20 维持；行政诉讼 尚未审结");
  EXPECT_EQ(CellText(table, 2, "counted"), "0");
  EXPECT_EQ(CellText(table, 2, "reopened_from"), "TEST-2024-00001");
}

TEST(FeeStatement, CountsNoticePaymentAndLapseEachInItsPeriod) {
  casework::Life life = casework::InHand("2023-12-25");
  ASSERT_TRUE(life.Handle("2023-12-28", R"(charge_fee { basis: BY_PAGE
      pages: 31 amount_fen: 1000 how_to_pay: "柜台" served_at_once: true })")
                  .ok());
  ASSERT_TRUE(life.Handle("2024-01-05", "accept_payment {}").ok());
  casework::Case lapsed = OpenCase("2", "2024-01-01");
  lapsed.fee_fen = 500;
  law::Fee fee;
  fee.notified = D("2024-01-02");
  fee.lapsed = D("2024-02-02");
  lapsed.facts.fee = fee;
  const std::vector<FoldedCase> cases = {FoldedOf(life, "2024-12-31"),
                                         FoldedOf(lapsed, "2024-12-31")};
  const auto all = TablesOf(v1::FEE_STATEMENT, "", cases, "2024-12-31");
  ASSERT_EQ(all.size(), 2u);
  ASSERT_EQ(all[0].rows_size(), 3);
  EXPECT_EQ(RowText(all[0], 0), "2023|1|1000|0|0|0|0");
  EXPECT_EQ(RowText(all[0], 1), "2024|1|500|1|1000|1|500");
  EXPECT_EQ(RowText(all[0], 2), "总计|2|1500|1|1000|1|500");
  ASSERT_EQ(all[1].rows_size(), 2);
  EXPECT_EQ(CellText(all[1], 0, "basis"), "按量");
  EXPECT_EQ(CellText(all[1], 0, "pages"), "31");
  EXPECT_EQ(CellText(all[1], 0, "amount_yuan"), "1000");
  EXPECT_EQ(CellText(all[1], 0, "due_date"), "2024-01-26");
  EXPECT_EQ(CellText(all[1], 0, "paid_date"), "2024-01-05");
  const auto year = TablesOf(v1::FEE_STATEMENT,
                             R"(grouping: BY_GROUND from_date: "2024-01-01"
                           to_date: "2024-12-31")",
                             cases, "2024-12-31");
  const int total = year[0].rows_size() - 1;
  EXPECT_EQ(CellText(year[0], total, "notices"), "1");
  EXPECT_EQ(CellText(year[0], total, "payments"), "1");
}

TEST(Workload, AddsUpTheGroups) {
  v1::WorkGroup one;
  one.set_agency("TEST");
  one.set_department("d1");
  one.set_officer("li");
  one.set_overdue(1);
  one.set_red(2);
  one.set_yellow(3);
  one.set_green(4);
  one.set_suspended(5);
  v1::WorkGroup two = one;
  two.set_officer("");
  const auto tables = WorkloadTables({one, two}, Locale::kChinese);
  ASSERT_EQ(tables.size(), 1u);
  ExpectSound(tables[0]);
  EXPECT_EQ(RowText(tables[0], 0), "TEST|d1|li|1|2|3|4|5|15");
  EXPECT_EQ(RowText(tables[0], 1), "TEST|d1|-|1|2|3|4|5|15");
  EXPECT_EQ(RowText(tables[0], 2), "总计|-|-|2|4|6|8|10|30");
}

TEST(NewFold, KnowsOnlyReportsOverCasesOneByOne) {
  const v1::RunReportRequest request;
  for (const auto kind :
       {v1::REPORT_KIND_UNSPECIFIED, v1::WORKLOAD, v1::CONSISTENCY,
        v1::CONVERSION, v1::HEAVY_APPLICANTS}) {
    EXPECT_EQ(NewFold(kind, request, D("2024-01-01"), Locale::kChinese),
              nullptr);
  }
  for (const auto kind :
       {v1::REMEDIES, v1::RECTIFICATIONS, v1::PERFORMANCE, v1::REGISTER,
        v1::FEE_STATEMENT, v1::RUNNING_DOCKETS}) {
    for (const auto locale : {Locale::kChinese, Locale::kEnglish}) {
      auto fold = NewFold(kind, request, D("2024-01-01"), locale);
      ASSERT_NE(fold, nullptr);
      for (const v1::Table& table : fold->Tables()) ExpectSound(table);
    }
  }
}

}  // namespace
}  // namespace gongkai::report
