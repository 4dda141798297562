// SPDX-License-Identifier: Apache-2.0
// How one case is counted (FMT table 3).
#include "services/report/result.h"

#include "tests/report/report_fixture.h"

namespace gongkai::report {
namespace {

int RowOf(v1::Outcome outcome, const std::vector<v1::Ground>& grounds = {},
          std::string_view received = "2024-03-01") {
  return ResultRow(Answered("1", received, "2024-03-20", outcome, grounds),
                   casework::TheRulebook());
}

// FMT table 3: each of R1 to R17 has its row.
TEST(ResultRow, FollowsTheOutcome) {
  EXPECT_EQ(RowOf(v1::ALREADY_PUBLIC), 3);
  EXPECT_EQ(RowOf(v1::DISCLOSED), 3);
  EXPECT_EQ(RowOf(v1::SPECIAL_REGIME), 12);
  EXPECT_EQ(RowOf(v1::DOES_NOT_EXIST), 13);
  EXPECT_EQ(RowOf(v1::NOT_THIS_AGENCY), 13);
  EXPECT_EQ(RowOf(v1::NEEDS_PROCESSING), 14);
  EXPECT_EQ(RowOf(v1::STILL_UNCLEAR), 15);
  EXPECT_EQ(RowOf(v1::PETITION), 16);
  EXPECT_EQ(RowOf(v1::REPEATED), 17);
  EXPECT_EQ(RowOf(v1::PUBLICATION), 18);
  EXPECT_EQ(RowOf(v1::EXCESSIVE), 19);
  EXPECT_EQ(RowOf(v1::CONFIRMATION_DEMANDED), 20);
  EXPECT_EQ(RowOf(v1::CORRECTION_ABANDONED), 21);
  EXPECT_EQ(RowOf(v1::PAYMENT_ABANDONED), 22);
  EXPECT_EQ(RowOf(v1::OTHER_OUTCOME), 23);
}

// REG 14 to 16: a refusal has the row of its first ground (reading A28).
TEST(ResultRow, OfARefusalFollowsTheFirstGround) {
  EXPECT_EQ(RowOf(v1::REFUSED, {v1::STATE_SECRET}), 5);
  EXPECT_EQ(RowOf(v1::REFUSED, {v1::FORBIDDEN_BY_LAW}), 6);
  EXPECT_EQ(RowOf(v1::REFUSED, {v1::THREE_SECURITIES}), 7);
  EXPECT_EQ(RowOf(v1::REFUSED, {v1::BUSINESS_SECRET}), 8);
  EXPECT_EQ(RowOf(v1::REFUSED, {v1::PERSONAL_PRIVACY}), 8);
  EXPECT_EQ(RowOf(v1::REFUSED, {v1::INTERNAL_AFFAIRS}), 9);
  EXPECT_EQ(RowOf(v1::REFUSED, {v1::PROCESS_INFORMATION}), 10);
  EXPECT_EQ(RowOf(v1::REFUSED, {v1::ENFORCEMENT_FILE}), 11);
  EXPECT_EQ(RowOf(v1::REFUSED, {v1::PROCESS_INFORMATION, v1::STATE_SECRET}),
            10);
}

// REG 37: 区分处理的，只计这一情形，不计其他情形.
TEST(ResultRow, PartialBeatsTheRest) {
  for (int g = 1; g <= v1::Ground_MAX; ++g) {
    EXPECT_EQ(RowOf(v1::PARTIAL, {static_cast<v1::Ground>(g)}), 4) << g;
  }
}

// Reading A37: by the set in force on the day of receipt; an outcome that it
// did not know has the row of the set under which it was given.
TEST(ResultRow, OfOldCasesIsThatOfTheirLaw) {
  EXPECT_EQ(RowOf(v1::DISCLOSED, {}, "2018-06-01"), 3);
  EXPECT_EQ(RowOf(v1::REFUSED, {v1::BUSINESS_SECRET}, "2018-06-01"), 8);
  EXPECT_EQ(RowOf(v1::EXCESSIVE, {}, "2018-06-01"), 19);
  EXPECT_EQ(RowOf(v1::REFUSED, {v1::ENFORCEMENT_FILE}, "2018-06-01"), 11);
}

TEST(ResultRow, IsNoneWhileOpen) {
  casework::Case c = OpenCase("1", "2024-03-01");
  EXPECT_EQ(ResultRow(c, casework::TheRulebook()), 0);
  EXPECT_EQ(FinishedDay(c), std::nullopt);
  // Signed is not sent (国办公开办函〔2016〕235号).
  c.outcome = v1::DISCLOSED;
  c.signed_day = D("2024-03-18");
  EXPECT_EQ(ResultRow(c, casework::TheRulebook()), 0);
}

// r23 takes withdrawn and merged ones (reading A30).
TEST(ResultRow, OfWithdrawnIsOther) {
  casework::Life life = casework::InHand("2024-03-01");
  ASSERT_TRUE(life.Handle("2024-03-05", R"(withdraw { note: "撤" })").ok());
  EXPECT_EQ(FinishedDay(life.c()), D("2024-03-05"));
  EXPECT_EQ(ResultRow(life.c(), casework::TheRulebook()), 23);
  casework::Life merged = casework::InHand("2024-03-01");
  ASSERT_TRUE(merged
                  .Handle("2024-03-06",
                          R"(link { kind: MERGED_INTO reason: "同"
                                    other_case: "TEST-2024-00009" })")
                  .ok());
  EXPECT_EQ(FinishedDay(merged.c()), D("2024-03-06"));
  EXPECT_EQ(ResultRow(merged.c(), casework::TheRulebook()), 23);
}

// A letter that came back and was sent again left on the first day.
TEST(FinishedDay, IsThatOfTheFirstSending) {
  casework::Life life = casework::SignedOn("2024-03-18");
  life.Dispatch("2024-03-19");
  EXPECT_EQ(FinishedDay(life.c()), D("2024-03-19"));
  ASSERT_TRUE(
      life.Handle("2024-03-25", "record_service { outcome: RETURNED }").ok());
  life.Dispatch("2024-03-26");
  life.Serve("2024-03-28");
  EXPECT_EQ(FinishedDay(life.c()), D("2024-03-19"));
}

// Merged in December, and then the day of receipt is mended to January: it is
// received and ended in the year of its receipt, or it would be in neither.
TEST(FinishedDay, IsNotBeforeTheReceipt) {
  casework::Life life;
  life.Receive("2023-12-28");
  ASSERT_TRUE(life.Handle("2023-12-30",
                          R"(link { kind: MERGED_INTO reason: "同"
                                    other_case: "TEST-2023-00009" })")
                  .ok());
  ASSERT_EQ(casework::ReasonOf(
                life.Head("2024-04-01",
                          R"(mend_record { event_seq: 1 field: "occurred_date"
                                 value: "2024-01-04" reason: "误登" })")),
            "OK");
  EXPECT_EQ(life.c().facts.withdrawn, D("2023-12-30"));
  EXPECT_EQ(FinishedDay(life.c()), D("2024-01-04"));
}

TEST(IsCounted, OnlyWhatWasReceivedAndIsNoSubCase) {
  casework::Case c = OpenCase("1", "2024-03-01");
  EXPECT_TRUE(IsCounted(c));
  c.reopened_from = "TEST-2024-00001";
  EXPECT_FALSE(IsCounted(c));
  // An ordinary letter that nobody has confirmed (REG 31(2)).
  casework::Life life;
  ASSERT_TRUE(life.Handle("2024-03-01",
                          R"(receive { applicant_kind: RESEARCH
                               channel: MAIL_ORDINARY applicant { name: "甲" }
                               content: "文" })")
                  .ok());
  EXPECT_FALSE(IsCounted(life.c()));
  ASSERT_TRUE(life.Handle("2024-03-04", "confirm_receipt {}").ok());
  EXPECT_TRUE(IsCounted(life.c()));
}

TEST(ColumnOf, FollowsTheKindOfApplicant) {
  EXPECT_EQ(ColumnOf(v1::NATURAL_PERSON), 1);
  EXPECT_EQ(ColumnOf(v1::ENTERPRISE), 2);
  EXPECT_EQ(ColumnOf(v1::RESEARCH), 3);
  EXPECT_EQ(ColumnOf(v1::SOCIAL_ORG), 4);
  EXPECT_EQ(ColumnOf(v1::LEGAL_SERVICE), 5);
  EXPECT_EQ(ColumnOf(v1::OTHER_ORGANISATION), 6);
  EXPECT_EQ(ColumnOf(v1::APPLICANT_KIND_UNSPECIFIED), 6);
}

}  // namespace
}  // namespace gongkai::report
