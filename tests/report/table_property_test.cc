// SPDX-License-Identifier: Apache-2.0
// What must hold of every table over random histories: whatever the order in
// which cases come, and against the return.
#include <algorithm>
#include <random>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "services/report/fees.h"
#include "tests/report/decade.h"
#include "tests/report/report_fixture.h"

namespace gongkai::report {
namespace {

constexpr v1::ReportKind kFolds[] = {v1::REMEDIES,      v1::RECTIFICATIONS,
                                     v1::PERFORMANCE,   v1::REGISTER,
                                     v1::FEE_STATEMENT, v1::RUNNING_DOCKETS};

class Tables : public ::testing::Test {
 protected:
  Tables() : decade_(7), cases_(decade_.Cases(400)) {
    for (casework::Case& c : cases_) {
      if (c.facts.received && decade_.OneIn(10)) AddFee(c);
      if (!c.facts.dockets.empty()) c.docket_rectified[0] = decade_.OneIn(2);
      c.department = absl::StrCat("d", decade_.Below(4));
      folded_.push_back(FoldedOf(c, "2026-01-31"));
    }
  }

  void AddFee(casework::Case& c) {
    law::Fee fee;
    fee.notified = *c.facts.received + decade_.Below(30);
    fee.served = fee.notified;
    if (decade_.OneIn(2)) fee.paid = fee.notified + decade_.Below(40);
    c.facts.fee = fee;
    c.fee_fen = 100 * (1 + decade_.Below(500));
  }

  static int64_t Figure(const v1::Table& table, int row,
                        std::string_view column) {
    int64_t figure = 0;
    EXPECT_TRUE(absl::SimpleAtoi(CellText(table, row, column), &figure))
        << column;
    return figure;
  }

  Decade decade_;
  std::vector<casework::Case> cases_;
  std::vector<FoldedCase> folded_;
};

// TablesOf looks at each cell too: as many as columns, fitting their types.
TEST_F(Tables, DoNotDependOnTheOrderOfTheCases) {
  std::vector<FoldedCase> shuffled = folded_;
  std::mt19937 random(3);
  std::shuffle(shuffled.begin(), shuffled.end(), random);
  for (const v1::ReportKind kind : kFolds) {
    for (const char* request :
         {"", "grouping: BY_GROUND", "grouping: BY_DEPARTMENT",
          R"(grouping: BY_AGENCY from_date: "2021-03-01"
             to_date: "2022-02-28")"}) {
      const auto one = TablesOf(kind, request, folded_, "2026-01-31");
      const auto two = TablesOf(kind, request, shuffled, "2026-01-31");
      ASSERT_EQ(one.size(), two.size());
      for (size_t i = 0; i < one.size(); ++i) {
        EXPECT_EQ(one[i].SerializeAsString(), two[i].SerializeAsString())
            << one[i].key() << " " << request;
      }
    }
  }
}

TEST_F(Tables, OfSharedCasesDoNotDependOnTheOrderEither) {
  std::vector<SharedCase> shared;
  for (const FoldedCase& folded : folded_) {
    shared.push_back({folded, absl::StrCat("p", decade_.Below(60)),
                      absl::StrCat("w", decade_.Below(60))});
  }
  std::vector<SharedCase> shuffled = shared;
  std::mt19937 random(3);
  std::shuffle(shuffled.begin(), shuffled.end(), random);
  // Keys are digests: other digests of the same people give the same table.
  for (SharedCase& one : shuffled) {
    one.applicant = absl::StrCat(one.applicant.substr(1), "x");
    one.words = absl::StrCat(one.words.substr(1), "y");
  }
  for (const v1::ReportKind kind :
       {v1::HEAVY_APPLICANTS, v1::CONVERSION, v1::CONSISTENCY}) {
    const v1::RunReportRequest request = RequestOf("at_least: 2");
    const auto one = SharedTables(kind, shared, request, Locale::kChinese);
    const auto two = SharedTables(kind, shuffled, request, Locale::kChinese);
    ASSERT_EQ(one.size(), two.size());
    EXPECT_GT(one[0].rows_size(), 5);
    for (size_t i = 0; i < one.size(); ++i) {
      ExpectSound(one[i]);
      EXPECT_EQ(one[i].SerializeAsString(), two[i].SerializeAsString());
    }
  }
}

// The rates of a year are made of the very figures of table 4.
TEST_F(Tables, RemediesOfAYearAreTable4) {
  for (int year = 2020; year <= 2025; ++year) {
    const v1::AnnualReturn annual = DrawUp("", cases_, year);
    const auto tables =
        TablesOf(v1::REMEDIES,
                 absl::StrCat("from_date: \"", year, "-01-01\" to_date: \"",
                              year, "-12-31\""),
                 folded_, "2026-01-31");
    const char* columns[] = {"upheld", "corrected", "other", "pending"};
    for (int cell = 1; cell <= 4; ++cell) {
      const char* column = columns[cell - 1];
      EXPECT_EQ(Figure(tables[0], tables[0].rows_size() - 1, column),
                RemedyAt(annual, 1, cell))
          << year << column;
      EXPECT_EQ(Figure(tables[1], tables[1].rows_size() - 1, column),
                RemedyAt(annual, 2, cell) + RemedyAt(annual, 3, cell))
          << year << column;
    }
  }
}

TEST_F(Tables, FeesOfAYearAreThoseOfTheReturn) {
  int64_t notices = 0;
  for (int year = 2019; year <= 2025; ++year) {
    v1::FeeFigures figures;
    for (const FoldedCase& folded : folded_) AddFees(folded, year, &figures);
    const v1::Table table =
        TablesOf(v1::FEE_STATEMENT,
                 absl::StrCat("from_date: \"", year, "-01-01\" to_date: \"",
                              year, "-12-31\""),
                 folded_, "2026-01-31")[0];
    const int total = table.rows_size() - 1;
    EXPECT_EQ(Figure(table, total, "notices"), figures.notices());
    EXPECT_EQ(Figure(table, total, "asked_yuan"), figures.asked_fen());
    EXPECT_EQ(Figure(table, total, "payments"), figures.payments());
    EXPECT_EQ(Figure(table, total, "paid_yuan"), figures.paid_fen());
    notices += figures.notices();
  }
  EXPECT_GT(notices, 20);
}

// Lines of a breakdown by department add up to the total, which counts each
// case once.
TEST_F(Tables, BrokenDownAddUp) {
  for (const char* grouping : {"BY_YEAR", "BY_DEPARTMENT", "BY_AGENCY"}) {
    const v1::Table shares =
        TablesOf(v1::PERFORMANCE, absl::StrCat("grouping: ", grouping), folded_,
                 "2026-01-31")[1];
    const int total = shares.rows_size() - 1;
    for (const char* column :
         {"finished", "replied", "in_time", "late", "extended", "corrected"}) {
      int64_t sum = 0;
      for (int row = 0; row < total; ++row) sum += Figure(shares, row, column);
      EXPECT_EQ(sum, Figure(shares, total, column)) << grouping << column;
    }
  }
}

}  // namespace
}  // namespace gongkai::report
