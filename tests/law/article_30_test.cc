// SPDX-License-Identifier: Apache-2.0
// REG 30: correction. T3, T4, and what it does to T5.
#include "tests/law/law_fixture.h"

namespace gongkai::law {
namespace {

// Received Thursday 2024-03-07; notice on the 12th (day 3), served the 14th,
// ten working days to correct.
Facts Corrected() {
  Facts facts = Received("2024-03-07");
  Correction correction;
  correction.notified = D("2024-03-12");
  correction.served = D("2024-03-14");
  correction.length = 10;
  facts.correction = correction;
  return facts;
}

TEST(Article30, NoticeIsDueOnTheSeventhWorkingDay) {
  const Limit limit =
      Get(Received("2024-03-07"), "2024-03-08", v1::CORRECTION_NOTICE);
  EXPECT_EQ(Show(limit), "2024-03-18 RUNNING");
  EXPECT_EQ(limit.article, "REG 30");
  EXPECT_EQ(limit.whose, v1::AGENCY_DUTY);
}

TEST(Article30, AfterSevenWorkingDaysTheRightToAskIsLost) {
  const Limit limit =
      Get(Received("2024-03-07"), "2024-03-19", v1::CORRECTION_NOTICE);
  EXPECT_EQ(limit.state, v1::VOID);
  EXPECT_EQ(limit.ended, D("2024-03-18"));
  EXPECT_FALSE(limit.live());
}

TEST(Article30, NothingMovesTheSevenWorkingDays) {
  Facts facts = Received("2024-03-07");
  facts.consultations.push_back(
      {v1::THIRD_PARTY, D("2024-03-08"), D("2024-03-08"), {}});
  facts.extension = Extension{D("2024-03-08"), 20};
  EXPECT_EQ(Show(Get(facts, "2024-03-10", v1::CORRECTION_NOTICE)),
            "2024-03-18 RUNNING");
}

TEST(Article30, NoticeInTimeIsMetAndALateOneIsMeasured) {
  Facts facts = Corrected();
  EXPECT_EQ(Get(facts, "2024-03-30", v1::CORRECTION_NOTICE).state, v1::MET);
  facts.correction->notified = D("2024-03-20");
  facts.correction->overridden = true;
  const Limit late = Get(facts, "2024-03-30", v1::CORRECTION_NOTICE);
  EXPECT_EQ(late.state, v1::MET_LATE);
  EXPECT_EQ(late.late_by, 2);
}

TEST(Article30, PeriodRunsFromServiceOfTheNotice) {
  Facts facts = Corrected();
  const Limit limit = Get(facts, "2024-03-20", v1::CORRECTION_PERIOD);
  EXPECT_EQ(limit.start, D("2024-03-14"));
  EXPECT_EQ(Show(limit), "2024-03-28 RUNNING");
  EXPECT_EQ(limit.whose, v1::APPLICANT_DUTY);
  EXPECT_EQ(Get(facts, "2024-03-29", v1::CORRECTION_PERIOD).state, v1::MISSED);
  facts.correction->served.reset();
  EXPECT_EQ(Get(facts, "2024-03-20", v1::CORRECTION_PERIOD).kind,
            v1::LIMIT_KIND_UNSPECIFIED);
}

TEST(Article30, PeriodWithoutALengthIsTheUsualOfTheAgencyOrTheRulebook) {
  Facts facts = Corrected();
  facts.correction->length = 0;
  EXPECT_EQ(Get(facts, "2024-03-20", v1::CORRECTION_PERIOD).length, 10);
  AgencyTerms terms;
  terms.correction_days = 7;
  const auto limits =
      DeriveLimits(facts, Rules(), National(), terms, D("2024-03-20"));
  EXPECT_EQ(FindLimit(limits, v1::CORRECTION_PERIOD)->length, 7);
}

TEST(Article30, PeriodInCalendarDaysRollsOffADayOff) {
  Facts facts = Corrected();
  facts.correction->length = 9;
  facts.correction->unit = v1::CALENDAR_DAYS;
  // 2024-03-23 is a Saturday.
  EXPECT_EQ(Show(Get(facts, "2024-03-20", v1::CORRECTION_PERIOD)),
            "2024-03-25 RUNNING");
}

TEST(Article30, BetweenNoticeAndAnswerTheReplyLimitStandsWithoutLastDay) {
  const Limit reply = Get(Corrected(), "2024-03-20", v1::REPLY);
  EXPECT_EQ(Show(reply), "none SUSPENDED");
  EXPECT_TRUE(reply.live());
  EXPECT_EQ(reply.late_by, 0);
}

TEST(Article30, TheCorrectedApplicationStartsTheReplyLimitAfresh) {
  Facts facts = Corrected();
  facts.correction->received = D("2024-03-27");
  const Limit reply = Get(facts, "2024-03-28", v1::REPLY);
  EXPECT_EQ(reply.start, D("2024-03-27"));
  // 04-04..06 Qingming with the worked Sunday 04-07.
  EXPECT_EQ(Show(reply), "2024-04-25 RUNNING");
  EXPECT_EQ(Get(facts, "2024-03-28", v1::CORRECTION_PERIOD).state, v1::MET);
}

TEST(Article30, ACorrectionAcceptedAfterItsPeriodIsLateButRestarts) {
  Facts facts = Corrected();
  facts.correction->received = D("2024-04-01");
  const Limit period = Get(facts, "2024-04-02", v1::CORRECTION_PERIOD);
  EXPECT_EQ(period.state, v1::MET_LATE);
  EXPECT_EQ(period.late_by, 2);
  EXPECT_EQ(Get(facts, "2024-04-02", v1::REPLY).start, D("2024-04-01"));
}

TEST(Article30, AnOverriddenNoticeLeavesTheLimitWithTheFirstReceipt) {
  Facts facts = Corrected();
  facts.correction->notified = D("2024-03-20");
  facts.correction->overridden = true;
  const std::string due = ReplyDue(Received("2024-03-07"));
  EXPECT_EQ(ReplyDue(facts), due);
  EXPECT_EQ(Get(facts, "2024-03-21", v1::REPLY).state, v1::RUNNING);
  facts.correction->received = D("2024-03-27");
  EXPECT_EQ(ReplyDue(facts), due);
}

TEST(Article30, NoCorrectionInTimeVoidsTheReplyLimit) {
  Facts facts = Corrected();
  facts.correction->lapsed = D("2024-03-29");
  const Limit reply = Get(facts, "2024-04-30", v1::REPLY);
  EXPECT_EQ(reply.state, v1::VOID);
  EXPECT_EQ(reply.ended, D("2024-03-29"));
  EXPECT_EQ(Get(facts, "2024-04-30", v1::CORRECTION_PERIOD).state, v1::VOID);
  // The notice of no further processing goes out afterwards and revives
  // nothing.
  facts.reply = ReplySent{v1::POST_EMS, D("2024-04-02"), {}, true, false};
  EXPECT_EQ(Get(facts, "2024-04-30", v1::REPLY).state, v1::VOID);
}

TEST(Article30, UnderTheOldRegulationTheTimeOfCorrectionIsLeftOut) {
  Facts facts = Received("2013-08-13");
  Correction correction;
  correction.notified = D("2013-08-16");  // day 3
  correction.served = D("2013-08-19");
  correction.length = 10;
  facts.correction = correction;
  EXPECT_EQ(Show(Get(facts, "2013-08-20", v1::REPLY)), "none SUSPENDED");
  facts.correction->received = D("2013-08-27");
  const Limit reply = Get(facts, "2013-08-28", v1::REPLY);
  EXPECT_EQ(reply.start, D("2013-08-13"));
  // Seven working days left out after 08-16: 09-03 becomes 09-12.
  EXPECT_EQ(Show(reply), "2013-09-12 RUNNING");
  EXPECT_EQ(reply.rule_set, "CN-2008");
  EXPECT_EQ(Get(facts, "2013-08-28", v1::CORRECTION_NOTICE).kind,
            v1::LIMIT_KIND_UNSPECIFIED);
}

TEST(Article30, TheLedgerShowsTheRestart) {
  Facts facts = Received("2024-03-11");
  Correction correction;
  correction.notified = D("2024-03-12");
  correction.received = D("2024-03-14");
  facts.correction = correction;
  const auto lines = Explain(facts, "2024-03-18", v1::REPLY);
  const std::string text = ShowLedger(lines);
  EXPECT_THAT(text, ::testing::StartsWith(
                        "03-11:trigger 03-12:1 03-13:out 03-14:restart "
                        "03-15:1 03-18:2 "));
  EXPECT_THAT(text, ::testing::EndsWith("04-12:20=last"));
  EXPECT_EQ(lines[2].reason, "等待补正");
  EXPECT_EQ(lines[3].article, "REG 30");
}

}  // namespace
}  // namespace gongkai::law
