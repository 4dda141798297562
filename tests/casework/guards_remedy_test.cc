// SPDX-License-Identifier: Apache-2.0
// One refusal per condition, and its lawful neighbour: reviews, lawsuits,
// complaints and reopening (REG 51; ARL; ALL). Replies are served on
// 2024-03-01.
#include <gtest/gtest.h>

#include "services/base/refusal.h"
#include "tests/casework/life.h"

namespace gongkai::casework {
namespace {

// A case with one docket, whose copy came on 2024-03-20.
class Remedy : public ::testing::Test {
 protected:
  void Open(const std::string& kind) {
    ASSERT_EQ(Litigate("2024-03-20",
                       "open_remedy { organ: \"某机关\" kind: " + kind + " }"),
              "OK");
  }
  std::string Litigate(std::string_view date, const std::string& act) {
    const absl::Status status = life_.Litigate(date, act);
    last_day_ = LastDayOf(status);
    return ReasonOf(status);
  }
  std::string Decide(std::string_view date, const std::string& rest) {
    return Litigate(date, "decide_remedy { docket: 1 " + rest + " }");
  }
  Life life_ = ServedOn("2024-03-01");
  std::string last_day_;
};

TEST_F(Remedy, AnAcceptanceInTheFutureIsRefused) {
  life_.today = absl::CivilDay(2024, 3, 20);
  EXPECT_EQ(Litigate("2024-03-20", R"(open_remedy { kind: LAWSUIT organ: "院"
                        accepted_date: "2024-03-21" })"),
            "DATE_IN_FUTURE");
  EXPECT_EQ(Litigate("2024-03-20", R"(open_remedy { kind: LAWSUIT organ: "院"
                        accepted_date: "2024-03-20" })"),
            "OK");
}

// A state that a court knows: nothing was answered at all.
TEST_F(Remedy, IsOpenedAgainstSilenceToo) {
  life_ = InHand("2024-03-01");
  EXPECT_EQ(Litigate("2024-04-15", R"(open_remedy { kind: LAWSUIT organ: "院"
                        no_reply: true })"),
            "OK");
  EXPECT_EQ(life_.c().phase, v1::HANDLING);
}

TEST_F(Remedy, ADocketThatIsNotThereIsRefused) {
  Open("LAWSUIT");
  EXPECT_EQ(Litigate("2024-03-25", "answer_remedy { docket: 2 }"),
            "NO_SUCH_DOCKET");
  EXPECT_EQ(
      Litigate("2024-03-25", "decide_remedy { docket: 2 result: UPHELD }"),
      "NO_SUCH_DOCKET");
  EXPECT_EQ(
      Litigate("2024-03-25", R"(appeal_remedy { docket: 2 organ: "高院" })"),
      "NO_SUCH_DOCKET");
  EXPECT_EQ(Litigate("2024-03-25",
                     R"(record_rectification { docket: 2 measures: "改" })"),
            "NO_SUCH_DOCKET");
  EXPECT_EQ(Litigate("2024-03-25", R"(reopen { docket: 2 reason: "令" })"),
            "NO_SUCH_DOCKET");
}

TEST_F(Remedy, IsAnsweredOnceAfterItsCopyAndBeforeItsEnd) {
  Open("ADMINISTRATIVE_REVIEW");
  const std::string answer = "answer_remedy { docket: 1 }";
  EXPECT_EQ(Litigate("2024-03-19", answer), "DATE_BEFORE_PREVIOUS");
  EXPECT_EQ(Litigate("2024-03-20", answer), "OK");
  EXPECT_EQ(Litigate("2024-03-21", answer), "REMEDY_ALREADY_ANSWERED");
}

TEST_F(Remedy, IsNotAnsweredOnceItIsDecided) {
  Open("ADMINISTRATIVE_REVIEW");
  ASSERT_EQ(Decide("2024-04-15", "result: WITHDRAWN_OR_ENDED"), "OK");
  EXPECT_EQ(Litigate("2024-04-16", "answer_remedy { docket: 1 }"),
            "REMEDY_ALREADY_DECIDED");
}

TEST_F(Remedy, IsDecidedOnceAndInTheOrderOfDays) {
  Open("ADMINISTRATIVE_REVIEW");
  ASSERT_EQ(Litigate("2024-03-25", "answer_remedy { docket: 1 }"), "OK");
  EXPECT_EQ(
      Decide("2024-04-15", R"(result: UPHELD decided_date: "2024-04-16")"),
      "DATE_BEFORE_PREVIOUS");
  EXPECT_EQ(
      Decide("2024-04-15", R"(result: UPHELD decided_date: "2024-03-19")"),
      "DATE_BEFORE_PREVIOUS");
  EXPECT_EQ(
      Decide("2024-03-24", R"(result: UPHELD decided_date: "2024-03-22")"),
      "DATE_BEFORE_PREVIOUS");
  EXPECT_EQ(
      Decide("2024-04-15", R"(result: UPHELD decided_date: "2024-04-15")"),
      "OK");
  EXPECT_EQ(Decide("2024-04-16", "result: REVOKED"), "REMEDY_ALREADY_DECIDED");
}

TEST_F(Remedy, ItsResultFitsItsKind) {
  const Life open = ServedOn("2024-03-01");
  const auto result = [&](const std::string& kind, const std::string& rest) {
    life_ = open;
    Open(kind);
    return Decide("2024-04-15", "result: " + rest);
  };
  for (const std::string kind : {"ADMINISTRATIVE_REVIEW", "LAWSUIT"}) {
    EXPECT_EQ(result(kind, "CORRECTION_ORDERED"), "RESULT_MISFIT");
    EXPECT_EQ(result(kind, "COMPLAINT_REJECTED"), "RESULT_MISFIT");
    EXPECT_EQ(result(kind, "REVOKED"), "OK");
    EXPECT_EQ(result(kind, "WITHDRAWN_OR_ENDED"), "OK");
  }
  EXPECT_EQ(result("COMPLAINT", "REVOKED"), "RESULT_MISFIT");
  EXPECT_EQ(result("COMPLAINT", "CORRECTION_ORDERED"), "OK");
  EXPECT_EQ(result("COMPLAINT", "WITHDRAWN_OR_ENDED"), "OK");
  // Only a review organ writes a review opinion (ARL 76).
  EXPECT_EQ(result("LAWSUIT", "REVOKED review_opinion: true"), "RESULT_MISFIT");
  EXPECT_EQ(result("ADMINISTRATIVE_REVIEW", "REVOKED review_opinion: true"),
            "OK");
}

constexpr char kAppeal[] =
    R"(appeal_remedy { docket: 1 organ: "高院" by_agency: true })";

// Received on 04-15: 15 days end on 04-30.
TEST_F(Remedy, TheAgencyAppealsWithinFifteenDays) {
  Open("LAWSUIT");
  EXPECT_EQ(Litigate("2024-04-15", kAppeal), "REMEDY_NOT_DECIDED");
  ASSERT_EQ(Decide("2024-04-15", "result: REVOKED"), "OK");
  EXPECT_EQ(Litigate("2024-04-14", kAppeal), "DATE_BEFORE_PREVIOUS");
  EXPECT_EQ(Litigate("2024-05-01", kAppeal), "APPEAL_TOO_LATE");
  EXPECT_EQ(last_day_, "2024-04-30");
  EXPECT_EQ(Litigate("2024-04-30", kAppeal), "OK");
  EXPECT_EQ(Litigate("2024-04-30", kAppeal), "NOT_APPEALABLE");
}

TEST_F(Remedy, ARulingIsAppealedWithinTenDays) {
  Open("LAWSUIT");
  ASSERT_EQ(Decide("2024-04-15", "result: INADMISSIBLE by_ruling: true"), "OK");
  EXPECT_EQ(Litigate("2024-04-26", kAppeal), "APPEAL_TOO_LATE");
  EXPECT_EQ(last_day_, "2024-04-25");
  EXPECT_EQ(Litigate("2024-04-25", kAppeal), "OK");
}

// Whether it came in time is for the court to say.
TEST_F(Remedy, TheOtherSidesAppealIsRecordedWheneverItsCopyComes) {
  Open("LAWSUIT");
  ASSERT_EQ(Decide("2024-04-15", "result: CLAIM_DISMISSED"), "OK");
  EXPECT_EQ(
      Litigate("2024-05-20", R"(appeal_remedy { docket: 1 organ: "高院" })"),
      "OK");
}

TEST_F(Remedy, OnlyAFirstInstanceIsAppealed) {
  Open("ADMINISTRATIVE_REVIEW");
  ASSERT_EQ(Decide("2024-04-15", "result: REVOKED"), "OK");
  EXPECT_EQ(Litigate("2024-04-16", kAppeal), "NOT_APPEALABLE");

  life_ = ServedOn("2024-03-01");
  Open("LAWSUIT");
  ASSERT_EQ(Decide("2024-04-15", "result: REVOKED"), "OK");
  ASSERT_EQ(Litigate("2024-04-16", kAppeal), "OK");
  ASSERT_EQ(Litigate("2024-06-17",
                     "decide_remedy { docket: 2 result: CLAIM_DISMISSED }"),
            "OK");
  EXPECT_EQ(
      Litigate("2024-06-18", R"(appeal_remedy { docket: 2 organ: "最高法" })"),
      "NOT_APPEALABLE");
}

TEST_F(Remedy, NothingIsRectifiedBeforeTheDecision) {
  Open("ADMINISTRATIVE_REVIEW");
  const std::string rectify =
      R"(record_rectification { docket: 1 measures: "修订流程" })";
  EXPECT_EQ(Litigate("2024-04-14", rectify), "REMEDY_NOT_DECIDED");
  ASSERT_EQ(Decide("2024-04-15", "result: REVOKED review_opinion: true"), "OK");
  EXPECT_EQ(Litigate("2024-04-14", rectify), "DATE_BEFORE_PREVIOUS");
  EXPECT_EQ(Litigate("2024-04-15", rectify), "OK");
}

TEST_F(Remedy, ACaseIsReopenedByADecisionThatCorrects) {
  Open("ADMINISTRATIVE_REVIEW");
  const std::string reopen = R"(reopen { docket: 1 reason: "责令重新答复" })";
  EXPECT_EQ(Litigate("2024-04-15", reopen), "NOT_REOPENABLE");
  ASSERT_EQ(Decide("2024-04-15", "result: UPHELD"), "OK");
  EXPECT_EQ(Litigate("2024-04-16", reopen), "NOT_REOPENABLE");

  life_ = ServedOn("2024-03-01");
  Open("ADMINISTRATIVE_REVIEW");
  ASSERT_EQ(Decide("2024-04-15", "result: REVOKED"), "OK");
  EXPECT_EQ(Litigate("2024-04-14", reopen), "DATE_BEFORE_PREVIOUS");
  EXPECT_EQ(Litigate("2024-04-16", reopen), "OK");
}

TEST_F(Remedy, AnAgencyReopensOfItsOwnInsightOnlyWhatItAnswered) {
  const std::string reopen = R"(reopen { reason: "自行纠正" })";
  EXPECT_EQ(Litigate("2024-04-15", reopen), "OK");
  life_ = SignedOn("2024-03-01");
  EXPECT_EQ(Litigate("2024-04-15", reopen), "NOT_IN_THIS_PHASE");
}

// The copy comes after acceptance or filing (ARL 48; ALL 67).
TEST_F(Remedy, AnAcceptanceAfterTheCopyIsRefused) {
  const std::string open =
      R"(open_remedy { kind: LAWSUIT organ: "院" accepted_date: ")";
  EXPECT_EQ(Litigate("2024-03-20", open + R"(2024-03-21" })"),
            "DATE_BEFORE_PREVIOUS");
  EXPECT_EQ(Litigate("2024-03-20", open + R"(2024-03-20" })"), "OK");
}

// What was put right in time does not become late by more of it.
TEST_F(Remedy, TheFirstReportOnAReviewOpinionCounts) {
  Open("ADMINISTRATIVE_REVIEW");
  ASSERT_EQ(Decide("2024-04-15", "result: REVOKED review_opinion: true"), "OK");
  for (const std::string day : {"2024-05-06", "2024-09-02"}) {
    ASSERT_EQ(Litigate(day, R"(record_rectification { docket: 1
                                 measures: "修订流程" })"),
              "OK");
    const auto limits = life_.Limits(life_.today);
    const law::Limit* report =
        law::FindLimit(limits, v1::REVIEW_OPINION_REPORT);
    ASSERT_NE(report, nullptr);
    EXPECT_EQ(report->state, v1::MET);
    EXPECT_EQ(report->ended, absl::CivilDay(2024, 5, 6));
  }
}

}  // namespace
}  // namespace gongkai::casework
