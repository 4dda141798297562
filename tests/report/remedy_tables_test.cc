// SPDX-License-Identifier: Apache-2.0
// Rates of correction and loss, what was put right, what is running.
#include "tests/report/report_fixture.h"

namespace gongkai::report {
namespace {

casework::Case Refused(std::string_view number, std::string_view department,
                       std::vector<v1::Ground> grounds = {
                           v1::PERSONAL_PRIVACY}) {
  casework::Case c =
      Answered(number, "2023-03-01", "2023-03-20", v1::REFUSED, grounds);
  c.department = std::string(department);
  return c;
}

FoldedCase Reviewed(std::string_view number, std::string_view department,
                    std::string_view decided, v1::RemedyResult result) {
  casework::Case c = Refused(number, department);
  AddDocket(c, v1::ADMINISTRATIVE_REVIEW, "2023-04-01", decided, result);
  return FoldedOf(c, "2024-12-31");
}

// One of every result, and one pending.
std::vector<FoldedCase> Reviews() {
  std::vector<FoldedCase> cases;
  int n = 0;
  for (const auto result :
       {v1::UPHELD, v1::CLAIM_DISMISSED, v1::CHANGED, v1::REVOKED,
        v1::FOUND_UNLAWFUL, v1::ORDERED_TO_PERFORM, v1::FOUND_VOID,
        v1::INADMISSIBLE, v1::WITHDRAWN_OR_ENDED, v1::MEDIATED}) {
    ++n;
    cases.push_back(Reviewed("R" + std::to_string(n), n % 2 ? "d1" : "d2",
                             "2023-06-01", result));
  }
  cases.push_back(Reviewed("R11", "d1", "", v1::REMEDY_RESULT_UNSPECIFIED));
  // Put right after mediation.
  cases[9].c.docket_rectified[0] = true;
  return cases;
}

// 司法部: 撤销、变更、确认违法、责令履行 of those accepted and decided; FMT
// table 4: 结果纠正 / (总计 - 尚未审结).
TEST(Remedies, RateOfCorrectionStandsBesideWhatItIsMadeOf) {
  const auto tables = TablesOf(v1::REMEDIES, "", Reviews(), "2024-12-31");
  ASSERT_EQ(tables.size(), 3u);
  const v1::Table& table = tables[0];
  EXPECT_EQ(table.key(), "review_rates");
  ASSERT_EQ(table.rows_size(), 3);  // 2023, 2024 for the pending one, total
  EXPECT_EQ(CellText(table, 0, "group"), "2023");
  EXPECT_EQ(CellText(table, 1, "group"), "2024");
  EXPECT_EQ(CellText(table, 1, "pending"), "1");
  EXPECT_EQ(CellText(table, 1, "correction_rate"), "-");
  EXPECT_EQ(CellText(table, 2, "group"), "总计");
  EXPECT_EQ(CellText(table, 2, "concluded"), "10");
  EXPECT_EQ(CellText(table, 2, "decided"), "7");
  EXPECT_EQ(CellText(table, 2, "upheld"), "2");
  EXPECT_EQ(CellText(table, 2, "corrected"), "5");
  EXPECT_EQ(CellText(table, 2, "other"), "3");
  EXPECT_EQ(CellText(table, 2, "pending"), "1");
  EXPECT_EQ(CellText(table, 2, "directly_corrected"), "4");
  EXPECT_EQ(CellText(table, 2, "correction_rate"), "0.5714");  // 4 of 7
  EXPECT_EQ(CellText(table, 2, "return_rate"), "0.5000");      // 5 of 10
  EXPECT_EQ(CellText(table, 2, "broadly_corrected"), "5");
  EXPECT_EQ(CellText(table, 2, "broad_rate"), "0.5556");  // 5 of 9
  ASSERT_GE(table.notes_size(), 3);
  EXPECT_THAT(table.notes(0), ::testing::HasSubstr("直接纠错 ÷ 作出复议决定"));
}

TEST(Remedies, AreBrokenDownByDepartmentGroundAndAgency) {
  auto cases = Reviews();
  const auto by_department =
      TablesOf(v1::REMEDIES, "grouping: BY_DEPARTMENT", cases, "2024-12-31")[0];
  ASSERT_EQ(by_department.rows_size(), 3);
  EXPECT_EQ(CellText(by_department, 0, "group"), "d1");
  EXPECT_EQ(CellText(by_department, 0, "concluded"), "5");
  EXPECT_EQ(CellText(by_department, 1, "concluded"), "5");

  // A case with two grounds counts under both, and once in the total.
  casework::Case two =
      Refused("G1", "d1", {v1::STATE_SECRET, v1::PERSONAL_PRIVACY});
  AddDocket(two, v1::ADMINISTRATIVE_REVIEW, "2023-04-01", "2023-06-01",
            v1::REVOKED);
  casework::Case silent = OpenCase("G2", "2023-03-01");
  AddDocket(silent, v1::ADMINISTRATIVE_REVIEW, "2023-05-01", "2023-06-01",
            v1::ORDERED_TO_PERFORM);
  const auto by_ground =
      TablesOf(v1::REMEDIES, "grouping: BY_GROUND",
               {FoldedOf(two, "2024-12-31"), FoldedOf(silent, "2024-12-31")},
               "2024-12-31")[0];
  ASSERT_EQ(by_ground.rows_size(), 4);
  EXPECT_EQ(CellText(by_ground, 0, "group"), "国家秘密");
  EXPECT_EQ(CellText(by_ground, 1, "group"), "个人隐私");
  EXPECT_EQ(CellText(by_ground, 2, "group"), "尚未答复");
  EXPECT_EQ(CellText(by_ground, 3, "concluded"), "2");

  cases[0].agency = "B";
  const auto by_agency =
      TablesOf(v1::REMEDIES, "grouping: BY_AGENCY", cases, "2024-12-31")[0];
  EXPECT_EQ(CellText(by_agency, 0, "group"), "B");
  EXPECT_EQ(CellText(by_agency, 0, "concluded"), "1");
}

TEST(Remedies, OnlyDecisionsOfThePeriodCount) {
  const std::vector<FoldedCase> cases = {
      Reviewed("1", "d1", "2023-06-01", v1::REVOKED),
      Reviewed("2", "d1", "2023-06-30", v1::UPHELD),
      Reviewed("3", "d1", "2023-07-01", v1::UPHELD)};
  const auto table =
      TablesOf(v1::REMEDIES, R"(from_date: "2023-06-02" to_date: "2023-06-30")",
               cases, "2024-12-31")[0];
  const int total = table.rows_size() - 1;
  EXPECT_EQ(CellText(table, total, "concluded"), "1");
  // The third was still pending at the end of the period.
  EXPECT_EQ(CellText(table, total, "pending"), "1");
}

// 败诉率: lost of first instances concluded; an appeal does not change it.
TEST(Remedies, RateOfLossIsOfFirstInstances) {
  std::vector<FoldedCase> cases;
  const auto suit = [&cases](std::string_view number, v1::RemedyResult first,
                             v1::RemedyResult second) {
    casework::Case c = Refused(number, "d1");
    AddDocket(c, v1::LAWSUIT, "2023-05-01", "2023-09-01", first);
    if (second != v1::REMEDY_RESULT_UNSPECIFIED) {
      AddDocket(c, v1::LAWSUIT, "2023-09-10", "2023-12-01", second, 2);
    }
    cases.push_back(FoldedOf(c, "2024-12-31"));
  };
  suit("1", v1::REVOKED, v1::CLAIM_DISMISSED);  // lost, then won
  suit("2", v1::REVOKED, v1::UPHELD);           // lost twice
  suit("3", v1::CLAIM_DISMISSED, v1::REMEDY_RESULT_UNSPECIFIED);
  suit("4", v1::INADMISSIBLE, v1::REMEDY_RESULT_UNSPECIFIED);
  const auto table = TablesOf(v1::REMEDIES, "", cases, "2024-12-31")[1];
  EXPECT_EQ(table.key(), "suit_rates");
  const int total = table.rows_size() - 1;
  EXPECT_EQ(CellText(table, total, "first_instances"), "4");
  EXPECT_EQ(CellText(table, total, "direct_suits"), "4");
  EXPECT_EQ(CellText(table, total, "lost"), "2");
  EXPECT_EQ(CellText(table, total, "loss_rate"), "0.5000");
  EXPECT_EQ(CellText(table, total, "concluded"), "4");
  EXPECT_EQ(CellText(table, total, "corrected"), "1");
  EXPECT_EQ(CellText(table, total, "return_rate"), "0.2500");
}

TEST(Remedies, ComplaintsStandApart) {
  casework::Case c = Refused("1", "d1");
  AddDocket(c, v1::COMPLAINT, "2023-05-01", "2023-06-01",
            v1::CORRECTION_ORDERED);
  AddDocket(c, v1::COMPLAINT, "2023-05-02", "2023-06-02",
            v1::COMPLAINT_REJECTED);
  const auto tables =
      TablesOf(v1::REMEDIES, "", {FoldedOf(c, "2024-12-31")}, "2024-12-31");
  EXPECT_EQ(tables[0].rows_size(), 0);
  EXPECT_EQ(CellText(tables[2], 1, "concluded"), "2");
  EXPECT_EQ(CellText(tables[2], 1, "justified_rate"), "0.5000");
}

TEST(Remedies, SpeakEnglishToo) {
  for (const v1::Table& table :
       TablesOf(v1::REMEDIES, "", Reviews(), "2024-12-31", Locale::kEnglish)) {
    EXPECT_EQ(table.title()[0] & 0x80, 0);
    for (const auto& column : table.columns()) {
      EXPECT_EQ(column.heading()[0] & 0x80, 0) << column.key();
    }
  }
}

// ARL 64, 76: from the decision through what was ordered to what was done.
TEST(Rectifications, ShowOrderAndPuttingRight) {
  casework::Life life = casework::ServedOn("2024-03-01");
  const auto litigate = [&life](std::string_view date, const std::string& act) {
    const absl::Status status = life.Litigate(date, act);
    ASSERT_TRUE(status.ok()) << act << status;
  };
  litigate("2024-03-20", R"(open_remedy { kind: ADMINISTRATIVE_REVIEW
      organ: "市人民政府" docket_number: "某复〔2024〕5号" })");
  litigate("2024-05-17", R"(decide_remedy { docket: 1 result: REVOKED
      ordered_working_days: 10 review_opinion: true })");
  const auto before = TablesOf(v1::RECTIFICATIONS, "",
                               {FoldedOf(life, "2024-06-05")}, "2024-06-05");
  ASSERT_EQ(before.size(), 2u);
  ASSERT_EQ(before[0].rows_size(), 1);
  EXPECT_EQ(CellText(before[0], 0, "docket_number"), "某复〔2024〕5号");
  EXPECT_EQ(CellText(before[0], 0, "decided_date"), "2024-05-17");
  EXPECT_EQ(CellText(before[0], 0, "result"), "撤销");
  EXPECT_EQ(CellText(before[0], 0, "ordered_working_days"), "10");
  EXPECT_EQ(CellText(before[0], 0, "ordered_due_date"), "2024-05-31");
  EXPECT_EQ(CellText(before[0], 0, "report_due_date"), "2024-07-16");
  EXPECT_EQ(CellText(before[0], 0, "rectified"), "否");
  EXPECT_EQ(CellText(before[0], 0, "done_date"), "-");
  EXPECT_EQ(CellText(before[0], 0, "late_by"), "3");
  EXPECT_EQ(RowText(before[1], 0), "1|0|1|1|0.0000");

  litigate("2024-06-06",
           R"(record_rectification { docket: 1 measures: "重作" })");
  const auto after = TablesOf(v1::RECTIFICATIONS, "",
                              {FoldedOf(life, "2024-06-10")}, "2024-06-10");
  EXPECT_EQ(CellText(after[0], 0, "rectified"), "是");
  EXPECT_EQ(CellText(after[0], 0, "done_date"), "2024-06-06");
  EXPECT_EQ(CellText(after[0], 0, "late_by"), "4");
  EXPECT_EQ(RowText(after[1], 0), "1|1|0|1|1.0000");
}

// Reading A31: the order runs in the sub-case; what was ordered stays told.
TEST(Rectifications, ShowTheSubCaseThatTookItUp) {
  casework::Life life = casework::ServedOn("2024-03-01");
  ASSERT_TRUE(life.Litigate("2024-03-20",
                            R"(open_remedy { kind: LAWSUIT organ: "某法院" })")
                  .ok());
  ASSERT_TRUE(life.Litigate("2024-05-17", R"(decide_remedy { docket: 1
      result: REVOKED ordered_working_days: 20 })")
                  .ok());
  ASSERT_TRUE(
      life.Litigate("2024-05-20", R"(reopen { docket: 1 reason: "责令" })")
          .ok());
  const auto table = TablesOf(v1::RECTIFICATIONS, "",
                              {FoldedOf(life, "2024-06-10")}, "2024-06-10")[0];
  EXPECT_EQ(CellText(table, 0, "sub_case"), "TEST-2024-00001-R1");
  EXPECT_EQ(CellText(table, 0, "ordered_working_days"), "20");
  EXPECT_EQ(CellText(table, 0, "ordered_due_date"), "-");
}

TEST(Rectifications, LeaveOutWhatWasUpheldOrOutsideThePeriod) {
  const std::vector<FoldedCase> cases = {
      Reviewed("1", "d1", "2023-06-01", v1::UPHELD),
      Reviewed("2", "d1", "2022-06-01", v1::REVOKED),
      Reviewed("3", "d1", "2023-06-02", v1::FOUND_VOID)};
  const auto table = TablesOf(v1::RECTIFICATIONS, R"(from_date: "2023-01-01")",
                              cases, "2024-12-31")[0];
  ASSERT_EQ(table.rows_size(), 1);
  EXPECT_EQ(CellText(table, 0, "number"), "3");
}

// T18, T24 and what is owed after the decision (T20, T28).
TEST(RunningDockets, ShowTheAgencysLimits) {
  casework::Life life = casework::ServedOn("2024-03-01");
  ASSERT_TRUE(life.Litigate("2024-03-20", R"(open_remedy {
      kind: ADMINISTRATIVE_REVIEW organ: "市人民政府" docket_number: "5号"
      accepted_date: "2024-03-18" })")
                  .ok());
  const auto run = [&life](std::string_view today) {
    return TablesOf(v1::RUNNING_DOCKETS, "", {FoldedOf(life, today)}, today)[0];
  };
  v1::Table table = run("2024-03-21");
  ASSERT_EQ(table.rows_size(), 1);
  EXPECT_EQ(CellText(table, 0, "limit"), "复议答复举证");
  EXPECT_EQ(CellText(table, 0, "due_date"), "2024-04-03");
  EXPECT_EQ(CellText(table, 0, "left"), "9");
  EXPECT_EQ(CellText(table, 0, "state"), "进行中");
  EXPECT_EQ(CellText(table, 0, "decision_due_date"), "2024-05-17");
  EXPECT_EQ(CellText(run("2024-04-08"), 0, "left"), "-2");
  ASSERT_TRUE(life.Litigate("2024-04-01", "answer_remedy { docket: 1 }").ok());
  table = run("2024-04-08");
  ASSERT_EQ(table.rows_size(), 1);
  EXPECT_EQ(CellText(table, 0, "limit"), "-");
  EXPECT_EQ(CellText(table, 0, "answered_date"), "2024-04-01");
  ASSERT_TRUE(life.Litigate("2024-05-17", R"(decide_remedy { docket: 1
      result: REVOKED ordered_working_days: 10 review_opinion: true })")
                  .ok());
  table = run("2024-05-20");
  ASSERT_EQ(table.rows_size(), 2);
  EXPECT_EQ(CellText(table, 0, "limit"), "责令公开或重新答复");
  EXPECT_EQ(CellText(table, 0, "result"), "撤销");
  EXPECT_EQ(CellText(table, 1, "limit"), "复议意见书反馈");
  EXPECT_EQ(CellText(table, 1, "unit"), "日");
  ASSERT_TRUE(life.Litigate("2024-05-21",
                            R"(record_rectification { docket: 1
                                 measures: "重作" })")
                  .ok());
  EXPECT_EQ(run("2024-05-22").rows_size(), 0);
}

}  // namespace
}  // namespace gongkai::report
