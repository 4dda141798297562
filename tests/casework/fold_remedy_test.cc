// SPDX-License-Identifier: Apache-2.0
// What follows a reply, or its absence: review, lawsuit at two instances,
// complaint, and the case taken up again.
#include <gtest/gtest.h>

#include "tests/casework/whole_life.h"

namespace gongkai::casework {
namespace {

TEST_F(WholeLife, AReviewRevokesAndTheCaseIsTakenUpAgain) {
  life_ = ServedOn("2024-03-01");
  life_.Close("2024-03-04");
  Litigate("2024-03-20", R"(open_remedy { kind: ADMINISTRATIVE_REVIEW
        organ: "市人民政府" docket_number: "某复〔2024〕5号"
        accepted_date: "2024-03-18" })");
  EXPECT_FALSE(life_.c().done());
  EXPECT_EQ(At(life_, "2024-03-20", v1::REVIEW_ANSWER), "RUNNING 2024-04-03");
  EXPECT_EQ(At(life_, "2024-03-20", v1::REVIEW_DECISION), "RUNNING 2024-05-17");
  EXPECT_EQ(At(life_, "2024-03-20", v1::REVIEW_APPLICATION), "MET 2024-04-30");
  EXPECT_EQ(At(life_, "2024-03-20", v1::DIRECT_SUIT), "VOID 2024-09-02");
  Litigate("2024-03-29", "answer_remedy { docket: 1 }");
  EXPECT_EQ(At(life_, "2024-03-29", v1::REVIEW_ANSWER), "MET 2024-04-03");
  Litigate("2024-05-17", R"(decide_remedy { docket: 1 result: REVOKED
        decided_date: "2024-05-15" ordered_working_days: 10 })");
  EXPECT_TRUE(life_.c().done());
  EXPECT_EQ(At(life_, "2024-05-17", v1::REVIEW_DECISION), "MET 2024-05-17");
  EXPECT_EQ(At(life_, "2024-05-17", v1::ORDERED_DISCLOSURE),
            "RUNNING 2024-05-31");

  const v1::Act reopen = ActOf(R"(reopen { docket: 1 reason: "责令" })");
  v1::Actor litigator;
  litigator.set_capacity(v1::LITIGATOR);
  const absl::CivilDay day(2024, 5, 20);
  const auto limits = life_.Limits(day);
  const auto decision = Decide(life_.MatterOf(reopen, litigator, day, limits));
  ASSERT_TRUE(decision.ok()) << decision.status();
  EXPECT_TRUE(decision->opens_sub_case);
  EXPECT_EQ(decision->ordered_reply_days, 10);
  EXPECT_EQ(decision->event.reopened().sub_case(), "TEST-2024-00001-R1");

  Litigate("2024-05-20", R"(reopen { docket: 1 reason: "责令" })");
  // The order's limit runs in the sub-case alone.
  EXPECT_EQ(At(life_, "2024-05-20", v1::ORDERED_DISCLOSURE), "none");
  EXPECT_EQ(life_.c().sub_cases,
            std::vector<std::string>{"TEST-2024-00001-R1"});
  EXPECT_EQ(life_.c().phase, v1::CLOSED);
}

// What the service puts into the receipt of a sub-case.
TEST_F(WholeLife, ASubCaseRunsItsOrderedDaysWhateverItsChannel) {
  life_ = Life();
  Do("2024-05-20", R"(receive { applicant_kind: NATURAL_PERSON channel: WEB
        applicant { name: "赵甲" } content: "某文件"
        number: "TEST-2024-00001-R1" reopened_from: "TEST-2024-00001"
        ordered_reply_days: 10 })",
     v1::RECEIVED);
  EXPECT_EQ(life_.c().reopened_from, "TEST-2024-00001");
  EXPECT_EQ(At(life_, "2024-05-20", v1::REPLY), "RUNNING 2024-06-03");
  EXPECT_EQ(At(life_, "2024-05-20", v1::CORRECTION_NOTICE), "none");
}

TEST_F(WholeLife, ALawsuitAtTwoInstances) {
  life_ = ServedOn("2024-03-01");
  Litigate("2024-03-20", R"(open_remedy { kind: LAWSUIT organ: "某法院"
        accepted_date: "2024-03-15" })");
  // Fifteen days end on 04-04, a holiday: on to Sunday 04-07, which is worked.
  EXPECT_EQ(At(life_, "2024-03-20", v1::DEFENCE), "RUNNING 2024-04-07");
  EXPECT_EQ(At(life_, "2024-03-20", v1::FIRST_INSTANCE), "RUNNING 2024-09-18");
  Litigate("2024-04-03", "answer_remedy { docket: 1 }");
  Litigate("2024-06-14", "decide_remedy { docket: 1 result: CLAIM_DISMISSED }");
  EXPECT_EQ(At(life_, "2024-06-14", v1::FIRST_INSTANCE), "MET 2024-09-18");
  EXPECT_EQ(At(life_, "2024-06-14", v1::APPEAL), "RUNNING 2024-07-01");
  Litigate("2024-06-28", R"(appeal_remedy { docket: 1 organ: "高院" })");
  EXPECT_EQ(At(life_, "2024-06-28", v1::APPEAL), "MET 2024-07-01");
  EXPECT_EQ(At(life_, "2024-06-28", v1::DEFENCE, 2), "RUNNING 2024-07-15");
  EXPECT_EQ(At(life_, "2024-06-28", v1::SECOND_INSTANCE, 2),
            "RUNNING 2024-09-29");
  Litigate("2024-07-10", "answer_remedy { docket: 2 }");
  Litigate("2024-09-20", "decide_remedy { docket: 2 result: UPHELD }");
  EXPECT_EQ(At(life_, "2024-09-20", v1::SECOND_INSTANCE, 2), "MET 2024-09-29");
  life_.Close("2024-09-23");
  Archive("2024-09-23");
}

TEST_F(WholeLife, AnAppealOfTheAgencyLeavesItNothingToAnswer) {
  life_ = ServedOn("2024-03-01");
  Litigate("2024-03-20", R"(open_remedy { kind: LAWSUIT organ: "某法院" })");
  Litigate("2024-06-14", "decide_remedy { docket: 1 result: REVOKED }");
  Litigate("2024-06-28",
           R"(appeal_remedy { docket: 1 organ: "高院" by_agency: true })");
  EXPECT_EQ(At(life_, "2024-06-28", v1::DEFENCE, 2), "none");
  EXPECT_EQ(At(life_, "2024-06-28", v1::SECOND_INSTANCE, 2),
            "RUNNING 2024-09-29");
}

TEST_F(WholeLife, AComplaintIsFoundJustifiedAndPutRight) {
  Litigate("2024-04-15", R"(open_remedy { kind: COMPLAINT
        organ: "市政府办公厅" no_reply: true })");
  EXPECT_EQ(At(life_, "2024-04-15", v1::REVIEW_ANSWER), "none");
  EXPECT_EQ(At(life_, "2024-04-15", v1::DEFENCE), "none");
  Litigate("2024-04-22", R"(decide_remedy { docket: 1
        result: CORRECTION_ORDERED ordered_working_days: 5 })");
  Litigate("2024-04-26",
           R"(record_rectification { docket: 1 measures: "已答复" })");
  EXPECT_TRUE(life_.c().docket_rectified[0]);
  // Silence was answered late, in the ordinary way.
  Answer("2024-04-26");
  Do("2024-04-26", "dispatch { carrier: POST_EMS }", v1::DISPATCHED);
  EXPECT_EQ(At(life_, "2024-04-26", v1::REPLY), "MET_LATE 2024-03-29");
}

TEST_F(WholeLife, AReviewOpinionIsReportedOnWithinSixtyDays) {
  life_ = ServedOn("2024-03-01");
  Litigate("2024-03-20",
           R"(open_remedy { kind: ADMINISTRATIVE_REVIEW organ: "市政府" })");
  Litigate("2024-05-17", R"(decide_remedy { docket: 1 result: FOUND_UNLAWFUL
        review_opinion: true })");
  EXPECT_EQ(At(life_, "2024-05-17", v1::REVIEW_OPINION_REPORT),
            "RUNNING 2024-07-16");
  Litigate("2024-07-16",
           R"(record_rectification { docket: 1 measures: "修订流程" })");
  EXPECT_EQ(At(life_, "2024-07-16", v1::REVIEW_OPINION_REPORT),
            "MET 2024-07-16");
}

}  // namespace
}  // namespace gongkai::casework
