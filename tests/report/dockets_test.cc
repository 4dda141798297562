// SPDX-License-Identifier: Apache-2.0
// Reviews and lawsuits as table 4 counts them (国办公开办函〔2016〕201号).
#include "services/report/dockets.h"

#include "absl/strings/str_cat.h"
#include "tests/report/report_fixture.h"

namespace gongkai::report {
namespace {

casework::Case Replied() {
  return Answered("1", "2022-03-01", "2022-03-20", v1::REFUSED,
                  {v1::PERSONAL_PRIVACY});
}

// `docket:group:cell` of each, for short.
std::string Cells(const casework::Case& c, int year) {
  std::string text;
  for (const DocketCell& cell : RemedyCells(c, year)) {
    absl::StrAppend(&text, text.empty() ? "" : " ", cell.docket, ":",
                    cell.group, ":", cell.cell);
  }
  return text;
}

// ARL 63 to 69, 73, 74; ALL 69 to 77 (reading A33: dismissed is upheld).
TEST(CellOf, EveryResultHasItsCell) {
  for (const auto result : {v1::UPHELD, v1::CLAIM_DISMISSED}) {
    EXPECT_EQ(CellOf(result), kUpheldCell);
  }
  for (const auto result : {v1::CHANGED, v1::REVOKED, v1::FOUND_UNLAWFUL,
                            v1::ORDERED_TO_PERFORM, v1::FOUND_VOID}) {
    EXPECT_EQ(CellOf(result), kCorrectedCell);
  }
  for (const auto result :
       {v1::INADMISSIBLE, v1::WITHDRAWN_OR_ENDED, v1::MEDIATED}) {
    EXPECT_EQ(CellOf(result), kOtherCell);
  }
  EXPECT_EQ(CellOf(v1::REMEDY_RESULT_UNSPECIFIED), kPendingCell);
  // No value of the contract is forgotten.
  for (int r = 1; r <= v1::RemedyResult_MAX; ++r) {
    EXPECT_NE(CellOf(static_cast<v1::RemedyResult>(r)), kPendingCell) << r;
  }
}

TEST(RemedyCells, AReviewPendingAtTheEndOfTheYearCountsInBoth) {
  casework::Case c = Replied();
  AddDocket(c, v1::ADMINISTRATIVE_REVIEW, "2022-11-20", "2023-01-15",
            v1::REVOKED);
  EXPECT_EQ(Cells(c, 2021), "");
  EXPECT_EQ(Cells(c, 2022), "1:1:4");
  EXPECT_EQ(Cells(c, 2023), "1:1:2");
  EXPECT_EQ(Cells(c, 2024), "");
}

// The decision is of December and came in January: pending, then counted.
TEST(RemedyCells, TheDayTheDecisionCameCounts) {
  casework::Case c = Replied();
  AddDocket(c, v1::ADMINISTRATIVE_REVIEW, "2022-11-20", "2023-01-05",
            v1::UPHELD);
  c.facts.dockets[0].decided = D("2022-12-28");
  EXPECT_EQ(Cells(c, 2022), "1:1:4");
  EXPECT_EQ(Cells(c, 2023), "1:1:1");
}

TEST(RemedyCells, ASuitAfterAReviewIsAGroupOfItsOwn) {
  casework::Case c = Replied();
  AddDocket(c, v1::ADMINISTRATIVE_REVIEW, "2022-05-01", "2022-06-30",
            v1::UPHELD);
  AddDocket(c, v1::LAWSUIT, "2022-07-10", "2022-12-01", v1::REVOKED);
  EXPECT_EQ(Cells(c, 2022), "1:1:1 2:3:2");
  casework::Case direct = Replied();
  AddDocket(direct, v1::LAWSUIT, "2022-07-10", "2022-12-01",
            v1::CLAIM_DISMISSED);
  EXPECT_EQ(Cells(direct, 2022), "1:2:1");
}

TEST(RemedyCells, ComplaintsAreNotCounted) {
  casework::Case c = Replied();
  AddDocket(c, v1::COMPLAINT, "2022-05-01", "2022-06-30",
            v1::CORRECTION_ORDERED);
  EXPECT_EQ(Cells(c, 2022), "");
  // A suit after a complaint is direct: REG 51 leaves all ways open.
  AddDocket(c, v1::LAWSUIT, "2022-07-10");
  EXPECT_EQ(Cells(c, 2022), "2:2:4");
}

// Reading A32: one suit over two instances, the last one decides.
TEST(RemedyCells, ASuitWithItsAppealIsOne) {
  casework::Case c = Replied();
  AddDocket(c, v1::LAWSUIT, "2022-05-01", "2022-09-30", v1::CLAIM_DISMISSED);
  AddDocket(c, v1::LAWSUIT, "2022-10-10", "2023-03-01", v1::REVOKED, 2);
  EXPECT_EQ(Cells(c, 2022), "1:2:4");
  EXPECT_EQ(Cells(c, 2023), "1:2:2");
  EXPECT_EQ(Cells(c, 2024), "");
}

// ALL 89(1)(1): an appeal that upholds leaves the first judgment, won or lost.
TEST(RemedyCells, AnAppealThatUpholdsLeavesTheFirstJudgment) {
  for (const auto second : {v1::UPHELD, v1::WITHDRAWN_OR_ENDED}) {
    casework::Case lost = Replied();
    AddDocket(lost, v1::LAWSUIT, "2022-05-01", "2022-06-30", v1::REVOKED);
    AddDocket(lost, v1::LAWSUIT, "2022-07-10", "2022-11-01", second, 2);
    EXPECT_EQ(Cells(lost, 2022), "1:2:2");
    casework::Case won = Replied();
    AddDocket(won, v1::LAWSUIT, "2022-05-01", "2022-06-30",
              v1::CLAIM_DISMISSED);
    AddDocket(won, v1::LAWSUIT, "2022-07-10", "2022-11-01", second, 2);
    EXPECT_EQ(Cells(won, 2022), "1:2:1");
  }
  casework::Case turned = Replied();
  AddDocket(turned, v1::LAWSUIT, "2022-05-01", "2022-06-30", v1::REVOKED);
  AddDocket(turned, v1::LAWSUIT, "2022-07-10", "2022-11-01",
            v1::CLAIM_DISMISSED, 2);
  EXPECT_EQ(Cells(turned, 2022), "1:2:1");
}

// Decided in one year, appealed in the next: each year as it stood at its end.
TEST(RemedyCells, AnAppealInTheNextYearCountsThere) {
  casework::Case c = Replied();
  AddDocket(c, v1::LAWSUIT, "2022-05-01", "2022-12-28", v1::CLAIM_DISMISSED);
  AddDocket(c, v1::LAWSUIT, "2023-01-10", "2023-05-01", v1::REVOKED, 2);
  EXPECT_EQ(Cells(c, 2022), "1:2:1");
  EXPECT_EQ(Cells(c, 2023), "1:2:2");
}

// Two plaintiffs, one of them appeals.
TEST(RemedyCells, AnAppealBelongsToItsOwnFirstInstance) {
  casework::Case c = Replied();
  AddDocket(c, v1::LAWSUIT, "2022-04-01", "2022-06-01", v1::REVOKED);
  AddDocket(c, v1::LAWSUIT, "2022-04-02", "2022-06-02", v1::UPHELD);
  AddDocket(c, v1::LAWSUIT, "2022-07-01", "2022-11-01", v1::CLAIM_DISMISSED, 2);
  c.facts.dockets[1].appealed.reset();
  c.facts.dockets[0].appealed = D("2022-07-01");
  EXPECT_EQ(Cells(c, 2022), "1:2:1 2:2:1");
  const auto remedies = RemediesOf(c);
  ASSERT_EQ(remedies.size(), 2u);
  EXPECT_EQ(remedies[0].appeal, 3);
  EXPECT_EQ(remedies[1].appeal, 0);
}

// Recorded by the acts themselves.
TEST(RemedyCells, OfALifeWithReviewSuitAndAppeal) {
  casework::Life life = casework::ServedOn("2024-03-01");
  const auto litigate = [&life](std::string_view date, const std::string& act) {
    const absl::Status status = life.Litigate(date, act);
    ASSERT_TRUE(status.ok()) << act << status;
  };
  litigate("2024-03-20", R"(open_remedy { kind: ADMINISTRATIVE_REVIEW
        organ: "市人民政府" accepted_date: "2024-03-18" })");
  litigate("2024-05-17", "decide_remedy { docket: 1 result: UPHELD }");
  litigate("2024-06-10", R"(open_remedy { kind: LAWSUIT organ: "某法院" })");
  litigate("2024-10-10", "decide_remedy { docket: 2 result: REVOKED }");
  litigate("2024-10-20", R"(appeal_remedy { docket: 2 organ: "高院"
                                            by_agency: true })");
  EXPECT_EQ(Cells(life.c(), 2024), "1:1:1 2:3:4");
  litigate("2025-02-10", "decide_remedy { docket: 3 result: UPHELD }");
  EXPECT_EQ(Cells(life.c(), 2024), "1:1:1 2:3:4");
  EXPECT_EQ(Cells(life.c(), 2025), "2:3:2");
  const auto remedies = RemediesOf(life.c());
  ASSERT_EQ(remedies.size(), 2u);
  EXPECT_EQ(remedies[1].appeal, 3);
  const RemedyState state = StateOf(life.c(), remedies[1], kEver);
  EXPECT_EQ(state.decisive, 2);
  EXPECT_EQ(state.concluded, D("2025-02-10"));
  EXPECT_FALSE(IsRectified(life.c(), remedies[1]));
  litigate("2025-02-20",
           R"(record_rectification { docket: 2 measures: "改" })");
  EXPECT_TRUE(IsRectified(life.c(), RemediesOf(life.c())[1]));
}

}  // namespace
}  // namespace gongkai::report
