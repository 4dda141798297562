// SPDX-License-Identifier: Apache-2.0
// The arithmetic of the annual return (FMT table 3 and 4).
#include "services/report/annual.h"

#include <set>

#include "services/report/fees.h"
#include "tests/report/report_fixture.h"

namespace gongkai::report {
namespace {

ReturnFacts FactsOf(std::string_view received, std::string_view finished,
                    int row, int column) {
  ReturnFacts facts{D(received), std::nullopt, row, column};
  if (!finished.empty()) facts.finished = D(finished);
  return facts;
}

using Rows = std::vector<int>;

TEST(RowsIn, ACaseStandsInTwoRowsOfEachYearThatFindsItOpen) {
  const ReturnFacts facts = FactsOf("2022-12-30", "2024-01-01", 3, 1);
  EXPECT_EQ(RowsIn(facts, 2021), Rows());
  EXPECT_EQ(RowsIn(facts, 2022), Rows({1, 25}));
  EXPECT_EQ(RowsIn(facts, 2023), Rows({2, 25}));
  EXPECT_EQ(RowsIn(facts, 2024), Rows({2, 3}));
  EXPECT_EQ(RowsIn(facts, 2025), Rows());
}

TEST(RowsIn, TheDaysOfTheYearsEndBelongToTheYear) {
  EXPECT_EQ(RowsIn(FactsOf("2024-01-01", "2024-12-31", 9, 1), 2024),
            Rows({1, 9}));
  EXPECT_EQ(RowsIn(FactsOf("2024-12-31", "", 0, 1), 2024), Rows({1, 25}));
  EXPECT_EQ(RowsIn(FactsOf("2023-12-31", "2024-01-01", 13, 1), 2024),
            Rows({2, 13}));
  EXPECT_EQ(RowsIn(FactsOf("2023-01-01", "2023-12-31", 13, 1), 2024), Rows());
}

v1::AnnualReturn SmallReturn() {
  ReturnSum sum("TEST", 2024);
  sum.AddCase(FactsOf("2024-03-01", "2024-03-20", 3, 1));
  sum.AddCase(FactsOf("2024-03-01", "2024-03-20", 4, 1));
  sum.AddCase(FactsOf("2024-05-01", "2024-06-20", 8, 2));
  sum.AddCase(FactsOf("2023-12-20", "2024-01-10", 13, 5));
  sum.AddCase(FactsOf("2023-12-20", "", 0, 5));
  sum.AddCase(FactsOf("2024-12-20", "2025-01-20", 3, 6));
  sum.AddDocket(1, 1);
  sum.AddDocket(1, 4);
  sum.AddDocket(3, 2, 5);
  return sum.Sum();
}

TEST(ReturnSum, MakesTotals) {
  const v1::AnnualReturn sum = SmallReturn();
  ASSERT_EQ(sum.cells_size(), 175);
  ASSERT_EQ(sum.remedies_size(), 15);
  EXPECT_EQ(CellAt(sum, 1, 7), 4);
  EXPECT_EQ(CellAt(sum, 2, 5), 2);
  EXPECT_EQ(CellAt(sum, 24, 1), 2);
  EXPECT_EQ(CellAt(sum, 24, 7), 4);
  EXPECT_EQ(CellAt(sum, 25, 7), 2);
  EXPECT_EQ(RemedyAt(sum, 1, 5), 2);
  EXPECT_EQ(RemedyAt(sum, 3, 2), 5);
  EXPECT_EQ(RemedyAt(sum, 3, 5), 5);
  EXPECT_THAT(Check(sum), ::testing::IsEmpty());
  EXPECT_EQ(sum.agencies_size(), 1);
}

TEST(ReturnSum, LeavesOutPlacesThatAreTotalsOrNone) {
  ReturnSum sum("TEST", 2024);
  sum.Add(24, 1);
  sum.Add(0, 1);
  sum.Add(26, 1);
  sum.Add(3, 7);
  sum.Add(3, 0);
  sum.AddDocket(1, 5);
  sum.AddDocket(0, 1);
  sum.AddDocket(4, 1);
  const v1::AnnualReturn made = sum.Sum();
  for (const int cell : made.cells()) EXPECT_EQ(cell, 0);
  for (const int cell : made.remedies()) EXPECT_EQ(cell, 0);
  EXPECT_EQ(CellAt(made, 26, 1), 0);
  EXPECT_EQ(CellAt(v1::AnnualReturn(), 1, 1), 0);
}

// What was filed once is what the next year begins with.
TEST(ReturnSum, CarriesWhatWasFiled) {
  const v1::AnnualReturn filed = SmallReturn();
  ReturnSum next("TEST", 2025);
  next.AddCase(FactsOf("2024-12-20", "2025-01-20", 3, 6));
  next.CarryFrom(filed);
  next.AddCase(FactsOf("2023-12-20", "", 0, 5));
  // Found only after the return was filed.
  next.AddCase(FactsOf("2024-11-20", "", 0, 1));
  const v1::AnnualReturn sum = next.Sum();
  EXPECT_TRUE(sum.carried_from_filed());
  EXPECT_EQ(CellAt(sum, 2, 1), 0);
  EXPECT_EQ(CellAt(sum, 2, 5), 1);
  EXPECT_EQ(CellAt(sum, 2, 6), 1);
  EXPECT_EQ(CellAt(sum, 2, 7), 2);
  // The printed identity does not hold where the record changed since.
  const auto violations = Check(sum);
  ASSERT_EQ(violations.size(), 2u);
  EXPECT_EQ(violations[0].identity(), "new_and_carried");
  EXPECT_EQ(violations[0].column(), 1);
  EXPECT_EQ(violations[0].is(), 1);
  EXPECT_EQ(violations[0].should_be(), 0);
  EXPECT_EQ(violations[1].column(), 7);
}

TEST(CheckCarried, NamesTheCasesThatOnlyOneKnows) {
  const v1::AnnualReturn filed = SmallReturn();
  const std::vector<Listed> list = {{"N1", 3, 2, 5, 0},
                                    {"N1", 3, 25, 5, 0},
                                    {"N2", 3, 1, 6, 0},
                                    {"N2", 3, 25, 6, 0}};
  EXPECT_THAT(CheckCarried(filed, list, {{"N1", 3, 25, 5}, {"N2", 3, 25, 6}}),
              ::testing::IsEmpty());
  const auto found = CheckCarried(
      filed, list, {{"N1", 3, 25, 5}, {"N2", 3, 25, 6}, {"N3", 3, 25, 1}});
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[0].identity(), "carried_over");
  EXPECT_EQ(found[0].row(), 2);
  EXPECT_EQ(found[0].column(), 1);
  EXPECT_EQ(found[0].is(), 0);
  EXPECT_EQ(found[0].should_be(), 1);
  EXPECT_THAT(found[0].cases(),
              ::testing::ElementsAre("agencies/TEST/cases/N3"));
  EXPECT_EQ(found[1].column(), 7);
  // One went and another came: the figures agree, the cases do not.
  const auto swapped =
      CheckCarried(filed, list, {{"N4", 3, 25, 5}, {"N2", 3, 25, 6}});
  ASSERT_EQ(swapped.size(), 2u);
  EXPECT_EQ(swapped[0].is(), swapped[0].should_be());
  EXPECT_THAT(swapped[0].cases(),
              ::testing::ElementsAre("agencies/TEST/cases/N1",
                                     "agencies/TEST/cases/N4"));
}

// 勾稽关系: every figure that is changed breaks an identity, or is a result in
// a row of its own column that no other figure repeats.
TEST(Check, FindsEveryChangedFigure) {
  const v1::AnnualReturn sum = SmallReturn();
  for (int i = 0; i < sum.cells_size(); ++i) {
    v1::AnnualReturn changed = sum;
    changed.set_cells(i, changed.cells(i) + 1);
    EXPECT_THAT(Check(changed), ::testing::Not(::testing::IsEmpty())) << i;
  }
  for (int i = 0; i < sum.remedies_size(); ++i) {
    v1::AnnualReturn changed = sum;
    changed.set_remedies(i, changed.remedies(i) + 1);
    const auto found = Check(changed);
    ASSERT_EQ(found.size(), 1u) << i;
    EXPECT_EQ(found[0].identity(), "remedy_total");
    EXPECT_EQ(found[0].row(), i / 5 + 1);
  }
}

TEST(DigestOf, ChangesWithEveryFigureAndWithNothingElse) {
  const v1::AnnualReturn sum = SmallReturn();
  std::set<std::string> digests = {DigestOf(sum)};
  EXPECT_EQ(sum.digest(), DigestOf(sum));
  EXPECT_EQ(DigestOf(sum).size(), 64u);
  for (int i = 0; i < sum.cells_size(); ++i) {
    v1::AnnualReturn changed = sum;
    changed.set_cells(i, changed.cells(i) + 1);
    EXPECT_TRUE(digests.insert(DigestOf(changed)).second) << i;
  }
  for (int i = 0; i < sum.remedies_size(); ++i) {
    v1::AnnualReturn changed = sum;
    changed.set_remedies(i, changed.remedies(i) + 1);
    EXPECT_TRUE(digests.insert(DigestOf(changed)).second) << i;
  }
  v1::AnnualReturn changed = sum;
  changed.mutable_fees()->set_paid_fen(1);
  EXPECT_TRUE(digests.insert(DigestOf(changed)).second);
  changed = sum;
  changed.set_year(2023);
  EXPECT_TRUE(digests.insert(DigestOf(changed)).second);
  changed = sum;
  changed.set_known_time("2025-01-10T00:00:00Z");
  changed.set_edition(3);
  changed.set_digest("");
  EXPECT_EQ(DigestOf(changed), DigestOf(sum));
}

TEST(AddTo, ADistrictIsTheSumOfItsAgencies) {
  v1::AnnualReturn one = SmallReturn();
  one.set_known_time("2025-01-10T00:00:01Z");
  v1::AnnualReturn two = SmallReturn();
  two.set_agency("B");
  two.set_agencies(0, "B");
  two.set_known_time("2025-01-10T00:00:00Z");
  two.set_carried_from_filed(true);
  two.mutable_fees()->set_notices(2);
  v1::AnnualReturn sum;
  sum.set_agency("CITY");
  AddTo(sum, one);
  AddTo(sum, two);
  EXPECT_EQ(sum.agency(), "CITY");
  EXPECT_EQ(sum.year(), 2024);
  EXPECT_THAT(sum.agencies(), ::testing::ElementsAre("B", "TEST"));
  for (int i = 0; i < sum.cells_size(); ++i) {
    EXPECT_EQ(sum.cells(i), one.cells(i) + two.cells(i));
  }
  EXPECT_EQ(RemedyAt(sum, 3, 5), 10);
  EXPECT_EQ(sum.fees().notices(), 2);
  EXPECT_FALSE(sum.carried_from_filed());
  EXPECT_EQ(sum.known_time(), "2025-01-10T00:00:00Z");
  EXPECT_EQ(sum.digest(), DigestOf(sum));
  EXPECT_THAT(Check(sum), ::testing::IsEmpty());
  // In whatever order.
  v1::AnnualReturn other;
  other.set_agency("CITY");
  AddTo(other, two);
  AddTo(other, one);
  EXPECT_EQ(other.digest(), sum.digest());
}

// REG 42: the notice in the year it was sent, the payment in that it was made.
TEST(AddFees, CountsNoticeAndPaymentEachInItsYear) {
  casework::Case c = OpenCase("1", "2023-12-20");
  c.fee_fen = 12300;
  law::Fee fee;
  fee.notified = D("2023-12-28");
  fee.paid = D("2024-01-05");
  c.facts.fee = fee;
  const FoldedCase folded = FoldedOf(c, "2024-02-01");
  v1::FeeFigures figures;
  AddFees(folded, 2023, &figures);
  EXPECT_EQ(figures.notices(), 1);
  EXPECT_EQ(figures.asked_fen(), 12300);
  EXPECT_EQ(figures.payments(), 0);
  v1::FeeFigures next;
  AddFees(folded, 2024, &next);
  EXPECT_EQ(next.notices(), 0);
  EXPECT_EQ(next.payments(), 1);
  EXPECT_EQ(next.paid_fen(), 12300);
  AddFees(FoldedOf(OpenCase("2", "2024-01-01"), "2024-02-01"), 2024, &next);
  EXPECT_EQ(next.payments(), 1);
}

}  // namespace
}  // namespace gongkai::report
