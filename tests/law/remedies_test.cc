// SPDX-License-Identifier: Apache-2.0
// Review and suit (ARL, ALL) and the archives: T12 to T29.
#include "tests/law/law_fixture.h"

namespace gongkai::law {
namespace {

Facts Replied(std::string_view received, std::string_view dispatched,
              std::string_view served) {
  Facts facts = Received(received);
  ReplySent reply;
  reply.carrier = v1::POST_EMS;
  reply.dispatched = D(dispatched);
  if (!served.empty()) reply.served = D(served);
  facts.reply = reply;
  return facts;
}

Facts Replied2024() {
  return Replied("2024-06-03", "2024-06-20", "2024-06-24");
}

TEST(ReviewLaw20, ReviewWithinSixtyDaysOfService) {
  const Limit limit = Get(Replied2024(), "2024-07-01", v1::REVIEW_APPLICATION);
  EXPECT_EQ(Show(limit), "2024-08-23 RUNNING");
  EXPECT_EQ(limit.whose, v1::APPLICANT_DUTY);
  EXPECT_EQ(limit.article, "ARL 20(1)");
}

TEST(ReviewLaw20, ALastDayOffMovesOn) {
  // 60 days from 2024-08-02 end on National Day.
  const Limit limit = Get(Replied("2024-07-10", "2024-07-31", "2024-08-02"),
                          "2024-08-10", v1::REVIEW_APPLICATION);
  EXPECT_EQ(Show(limit), "2024-10-08 RUNNING");
}

TEST(ReviewLaw20, ThePassedRightIsGoneNotOverdue) {
  const Limit limit = Get(Replied2024(), "2024-08-24", v1::REVIEW_APPLICATION);
  EXPECT_EQ(limit.state, v1::VOID);
  EXPECT_EQ(limit.ended, D("2024-08-23"));
}

TEST(ReviewLaw20, WhoWasNotToldHasAYear) {
  Facts facts = Replied2024();
  facts.reply->told_of_remedies = false;
  EXPECT_EQ(Show(Get(facts, "2024-07-01", v1::REVIEW_APPLICATION)),
            "2025-06-24 RUNNING");
  EXPECT_EQ(Show(Get(facts, "2024-07-01", v1::DIRECT_SUIT)),
            "2025-06-24 RUNNING");
}

TEST(ReviewLaw20, NothingRunsBeforeService) {
  const Facts facts = Replied("2024-06-03", "2024-06-20", "");
  EXPECT_EQ(Get(facts, "2024-07-01", v1::REVIEW_APPLICATION).kind,
            v1::LIMIT_KIND_UNSPECIFIED);
  EXPECT_EQ(Get(facts, "2024-07-01", v1::DIRECT_SUIT).kind,
            v1::LIMIT_KIND_UNSPECIFIED);
}

TEST(LitigationLaw46, SuitWithinSixMonthsOfServiceUnlessReviewComesFirst) {
  Facts facts = Replied2024();
  EXPECT_EQ(Show(Get(facts, "2024-07-01", v1::DIRECT_SUIT)),
            "2024-12-24 RUNNING");
  facts.reply->review_first = true;
  EXPECT_EQ(Get(facts, "2024-07-01", v1::DIRECT_SUIT).kind,
            v1::LIMIT_KIND_UNSPECIFIED);
  EXPECT_EQ(Get(facts, "2024-07-01", v1::REVIEW_APPLICATION).state,
            v1::RUNNING);
}

TEST(ReviewLaw23, ReviewCameFirstOnlyFrom2024) {
  Facts facts = Replied("2023-11-20", "2023-12-20", "2023-12-29");
  facts.reply->review_first = true;
  EXPECT_EQ(Get(facts, "2024-01-10", v1::DIRECT_SUIT).state, v1::RUNNING);
  facts.reply->served = D("2024-01-02");
  EXPECT_EQ(Get(facts, "2024-01-10", v1::DIRECT_SUIT).kind,
            v1::LIMIT_KIND_UNSPECIFIED);
}

TEST(LitigationLaw46, ThreeMonthsBeforeMay2015) {
  const Facts facts = Replied("2011-06-01", "2011-06-20", "2011-06-22");
  EXPECT_EQ(Show(Get(facts, "2011-07-01", v1::DIRECT_SUIT)),
            "2011-09-22 RUNNING");
  EXPECT_EQ(Get(facts, "2011-07-01", v1::DIRECT_SUIT).rule_set,
            "LITIGATION-1989");
  EXPECT_EQ(Show(Get(facts, "2011-07-01", v1::REVIEW_APPLICATION)),
            "2011-08-22 RUNNING");
}

TEST(LitigationLaw47, SilenceOpensSixMonthsFromTheEndOfTheReplyLimit) {
  const Facts facts = Received("2024-06-03");
  EXPECT_EQ(Get(facts, "2024-07-02", v1::SUIT_FOR_NO_REPLY).kind,
            v1::LIMIT_KIND_UNSPECIFIED);
  const Limit limit = Get(facts, "2024-07-03", v1::SUIT_FOR_NO_REPLY);
  EXPECT_EQ(limit.start, D("2024-07-02"));
  EXPECT_EQ(Show(limit), "2025-01-02 RUNNING");
}

TEST(LitigationLaw47, ALateReplyEndsTheSilence) {
  const Facts facts = Replied("2024-06-03", "2024-07-10", "2024-07-12");
  const Limit silence = Get(facts, "2024-08-01", v1::SUIT_FOR_NO_REPLY);
  EXPECT_EQ(silence.state, v1::VOID);
  EXPECT_EQ(silence.ended, D("2024-07-10"));
  EXPECT_EQ(Get(facts, "2024-08-01", v1::DIRECT_SUIT).state, v1::RUNNING);
}

TEST(LitigationLaw47, AReplyInTimeOpensNoSuitForSilence) {
  EXPECT_EQ(Get(Replied2024(), "2024-08-01", v1::SUIT_FOR_NO_REPLY).kind,
            v1::LIMIT_KIND_UNSPECIFIED);
}

Docket Review(v1::Procedure procedure = v1::ORDINARY) {
  Docket docket;
  docket.kind = v1::ADMINISTRATIVE_REVIEW;
  docket.procedure = procedure;
  docket.applied = D("2024-07-10");
  return docket;
}

TEST(Remedies, TakingOneWayClosesTheOther) {
  Facts facts = Replied2024();
  facts.dockets = {Review()};
  EXPECT_EQ(Get(facts, "2024-07-20", v1::REVIEW_APPLICATION).state, v1::MET);
  EXPECT_EQ(Get(facts, "2024-07-20", v1::DIRECT_SUIT).state, v1::VOID);
  facts.dockets[0].kind = v1::LAWSUIT;
  EXPECT_EQ(Get(facts, "2024-07-20", v1::REVIEW_APPLICATION).state, v1::VOID);
  EXPECT_EQ(Get(facts, "2024-07-20", v1::DIRECT_SUIT).state, v1::MET);
}

TEST(Remedies, TheCopyStandsForTheApplicationWhenItsDayIsUnknown) {
  Facts facts = Replied2024();
  Docket docket;
  docket.kind = v1::ADMINISTRATIVE_REVIEW;
  docket.copy_received = D("2024-07-22");
  facts.dockets = {docket};
  EXPECT_EQ(Get(facts, "2024-07-30", v1::REVIEW_APPLICATION).ended,
            D("2024-07-22"));
}

TEST(ReviewLaw30, AcceptanceWithinFiveWorkingDaysAndSilenceAccepts) {
  Facts facts = Replied2024();
  facts.dockets = {Review()};
  EXPECT_EQ(Show(Get(facts, "2024-07-17", v1::REVIEW_ACCEPTANCE)),
            "2024-07-17 RUNNING");
  EXPECT_EQ(Get(facts, "2024-07-17", v1::REVIEW_DECISION).kind,
            v1::LIMIT_KIND_UNSPECIFIED);
  EXPECT_EQ(Get(facts, "2024-07-18", v1::REVIEW_ACCEPTANCE).state, v1::VOID);
  EXPECT_EQ(Get(facts, "2024-07-18", v1::REVIEW_DECISION).start,
            D("2024-07-17"));
}

struct ReviewCase {
  v1::Procedure procedure;
  const char* copy;
  const char* answer;
  const char* decision;
};

TEST(ReviewLaw48And54And62, EachProcedureHasItsOwnLimits) {
  for (const ReviewCase& row :
       {ReviewCase{v1::ORDINARY, "2024-07-24", "2024-08-02", "2024-09-13"},
        {v1::SIMPLIFIED, "2024-07-18", "2024-07-26", "2024-08-14"}}) {
    Facts facts = Replied2024();
    Docket docket = Review(row.procedure);
    docket.accepted = D("2024-07-15");
    facts.dockets = {docket};
    EXPECT_EQ(Show(Get(facts, "2024-07-16", v1::REVIEW_COPY)),
              std::string(row.copy) + " RUNNING");
    facts.dockets[0].copy_received = D("2024-07-19");
    const Limit answer = Get(facts, "2024-07-20", v1::REVIEW_ANSWER);
    EXPECT_EQ(Show(answer), std::string(row.answer) + " RUNNING");
    EXPECT_EQ(answer.whose, v1::AGENCY_DUTY);
    EXPECT_EQ(answer.unit, v1::WORKING_DAYS);
    const Limit decision = Get(facts, "2024-07-20", v1::REVIEW_DECISION);
    EXPECT_EQ(Show(decision), std::string(row.decision) + " RUNNING");
    EXPECT_EQ(decision.unit, v1::CALENDAR_DAYS);
  }
}

TEST(ReviewLaw62, TheReviewOrganMayExtendItsOwnLimit) {
  Facts facts = Replied2024();
  Docket docket = Review();
  docket.accepted = D("2024-07-15");
  docket.extended_days = 30;
  facts.dockets = {docket};
  // 2024-10-13, a Sunday, rolls.
  EXPECT_EQ(Show(Get(facts, "2024-07-20", v1::REVIEW_DECISION)),
            "2024-10-14 RUNNING");
}

TEST(ReviewLaw48, TheAnswerMeetsItsLimitAndADecisionEndsIt) {
  Facts facts = Replied2024();
  Docket docket = Review();
  docket.copy_received = D("2024-07-19");
  docket.answered = D("2024-08-05");
  facts.dockets = {docket};
  const Limit late = Get(facts, "2024-08-06", v1::REVIEW_ANSWER);
  EXPECT_EQ(late.state, v1::MET_LATE);
  EXPECT_EQ(late.late_by, 1);
  facts.dockets[0].answered.reset();
  facts.dockets[0].decided = D("2024-07-30");
  EXPECT_EQ(Get(facts, "2024-08-06", v1::REVIEW_ANSWER).state, v1::VOID);
}

TEST(ReviewLaw76, TheOpinionIsReportedOnWithinSixtyDays) {
  Facts facts = Replied2024();
  Docket docket = Review();
  docket.opinion_received = D("2024-09-10");
  facts.dockets = {docket};
  const Limit limit = Get(facts, "2024-09-11", v1::REVIEW_OPINION_REPORT);
  EXPECT_EQ(Show(limit), "2024-11-11 RUNNING");  // 11-09 is a Saturday
  EXPECT_EQ(limit.whose, v1::AGENCY_DUTY);
}

TEST(LitigationLaw45, SuitWithinFifteenDaysOfTheReviewDecision) {
  Facts facts = Replied2024();
  Docket docket = Review();
  docket.accepted = D("2024-07-15");
  docket.decided = D("2024-09-10");
  docket.decision_received = D("2024-09-12");
  docket.result = v1::UPHELD;
  facts.dockets = {docket};
  // 09-27 is a Friday.
  EXPECT_EQ(Show(Get(facts, "2024-09-13", v1::SUIT_AFTER_REVIEW)),
            "2024-09-27 RUNNING");
  Docket suit;
  suit.kind = v1::LAWSUIT;
  suit.applied = D("2024-09-25");
  facts.dockets.push_back(suit);
  EXPECT_EQ(Get(facts, "2024-09-30", v1::SUIT_AFTER_REVIEW).state, v1::MET);
  facts.dockets[0].result = v1::WITHDRAWN_OR_ENDED;
  EXPECT_EQ(Get(facts, "2024-09-30", v1::SUIT_AFTER_REVIEW).kind,
            v1::LIMIT_KIND_UNSPECIFIED);
}

TEST(LitigationLaw45, OrOfTheEndOfAReviewWithoutDecision) {
  Facts facts = Replied2024();
  Docket docket = Review();
  docket.accepted = D("2024-07-15");
  facts.dockets = {docket};
  EXPECT_EQ(Get(facts, "2024-09-13", v1::SUIT_AFTER_REVIEW).kind,
            v1::LIMIT_KIND_UNSPECIFIED);
  const Limit limit = Get(facts, "2024-09-14", v1::SUIT_AFTER_REVIEW);
  EXPECT_EQ(limit.start, D("2024-09-13"));
  EXPECT_EQ(Show(limit), "2024-09-29 RUNNING");  // 09-28 off, 09-29 worked
}

Docket Suit() {
  Docket docket;
  docket.kind = v1::LAWSUIT;
  docket.accepted = D("2025-03-03");
  docket.copy_received = D("2025-03-07");
  return docket;
}

TEST(LitigationLaw67, DefenceWithinFifteenDaysOfTheCopy) {
  Facts facts = Replied2024();
  facts.dockets = {Suit()};
  const Limit defence = Get(facts, "2025-03-10", v1::DEFENCE);
  EXPECT_EQ(Show(defence), "2025-03-24 RUNNING");  // 03-22 is a Saturday
  EXPECT_EQ(defence.whose, v1::AGENCY_DUTY);
  EXPECT_THAT(ShowLedger(Explain(facts, "2025-03-10", v1::DEFENCE)),
              ::testing::EndsWith("03-21:14 03-22:rolled 03-24:15=last"));
}

TEST(LitigationLaw81And83And88, EachInstanceHasItsLimit) {
  Facts facts = Replied2024();
  facts.dockets = {Suit()};
  EXPECT_EQ(Show(Get(facts, "2025-03-10", v1::FIRST_INSTANCE)),
            "2025-09-03 RUNNING");
  facts.dockets[0].procedure = v1::SIMPLIFIED;
  EXPECT_EQ(Show(Get(facts, "2025-03-10", v1::FIRST_INSTANCE)),
            "2025-04-17 RUNNING");
  Docket second;
  second.kind = v1::LAWSUIT;
  second.instance = 2;
  second.accepted = D("2025-10-09");
  facts.dockets.push_back(second);
  EXPECT_EQ(Show(Get(facts, "2025-10-10", v1::SECOND_INSTANCE, 2)),
            "2026-01-09 RUNNING");
  EXPECT_EQ(Get(facts, "2025-10-10", v1::FIRST_INSTANCE, 2).kind,
            v1::LIMIT_KIND_UNSPECIFIED);
}

TEST(LitigationLaw85, AppealFifteenDaysAgainstAJudgmentTenAgainstARuling) {
  Facts facts = Replied2024();
  Docket docket = Suit();
  docket.decided = docket.decision_received.emplace(D("2025-06-03"));
  docket.result = v1::CLAIM_DISMISSED;
  facts.dockets = {docket};
  const Limit judgment = Get(facts, "2025-06-04", v1::APPEAL);
  EXPECT_EQ(Show(judgment), "2025-06-18 RUNNING");
  EXPECT_EQ(judgment.whose, v1::APPLICANT_DUTY);
  facts.dockets[0].by_ruling = true;
  EXPECT_EQ(Show(Get(facts, "2025-06-04", v1::APPEAL)), "2025-06-13 RUNNING");
  facts.dockets[0].appealed = D("2025-06-10");
  EXPECT_EQ(Get(facts, "2025-06-20", v1::APPEAL).state, v1::MET);
}

TEST(LitigationLaw85, WhoLostHasTheAppealToThinkOf) {
  Facts facts = Replied2024();
  Docket docket = Suit();
  docket.decided = docket.decision_received.emplace(D("2025-06-03"));
  docket.result = v1::REVOKED;
  facts.dockets = {docket};
  EXPECT_EQ(Get(facts, "2025-06-04", v1::APPEAL).whose, v1::AGENCY_DUTY);
}

TEST(Interpretation2025, OrderedDisclosureHasTwentyWorkingDaysOrTheOrders) {
  Facts facts = Replied2024();
  Docket docket = Suit();
  docket.ordered_from = D("2025-06-25");
  facts.dockets = {docket};
  EXPECT_EQ(Show(Get(facts, "2025-06-26", v1::ORDERED_DISCLOSURE)),
            "2025-07-23 RUNNING");
  facts.dockets[0].ordered_working_days = 15;
  EXPECT_EQ(Show(Get(facts, "2025-06-26", v1::ORDERED_DISCLOSURE)),
            "2025-07-16 RUNNING");
  facts.dockets[0].ordered_done = D("2025-07-17");
  EXPECT_EQ(Get(facts, "2025-07-18", v1::ORDERED_DISCLOSURE).late_by, 1);
  // Before 2025-06-01 only the order sets a limit.
  facts.dockets[0].ordered_done.reset();
  facts.dockets[0].ordered_from = D("2025-05-06");
  EXPECT_EQ(Get(facts, "2025-05-07", v1::ORDERED_DISCLOSURE).length, 15);
  facts.dockets[0].ordered_working_days = 0;
  EXPECT_EQ(Get(facts, "2025-05-07", v1::ORDERED_DISCLOSURE).kind,
            v1::LIMIT_KIND_UNSPECIFIED);
}

TEST(Complaint, HasNoStatutoryLimit) {
  Facts facts = Replied2024();
  Docket docket = Review();
  docket.kind = v1::COMPLAINT;
  docket.copy_received = D("2024-07-19");
  const size_t without =
      DeriveLimits(facts, Rules(), National(), {}, D("2024-08-01")).size();
  facts.dockets = {docket};
  EXPECT_EQ(
      DeriveLimits(facts, Rules(), National(), {}, D("2024-08-01")).size(),
      without);
}

TEST(Archives, TransferAfterTwentyYearsTenForACounty) {
  Facts facts = Replied2024();
  facts.archived = D("2025-01-10");
  EXPECT_EQ(Show(Get(facts, "2025-01-11", v1::ARCHIVE_TRANSFER)),
            "2045-01-10 RUNNING");
  facts.county_agency = true;
  EXPECT_EQ(Show(Get(facts, "2025-01-11", v1::ARCHIVE_TRANSFER)),
            "2035-01-10 RUNNING");
  EXPECT_EQ(Explain(facts, "2025-01-11", v1::ARCHIVE_TRANSFER).size(), 2u);
}

TEST(Article49, ReportsAreDueOnTheLastOfJanuaryAndOfMarch) {
  const auto limits = YearlyLimits(2024, Rules(), National());
  ASSERT_EQ(limits.size(), 2u);
  EXPECT_EQ(limits[0].kind, v1::DEPARTMENT_REPORT);
  EXPECT_EQ(limits[0].due, D("2025-01-31"));
  EXPECT_EQ(limits[1].kind, v1::GOVERNMENT_REPORT);
  EXPECT_EQ(limits[1].due, D("2025-03-31"));
  EXPECT_TRUE(YearlyLimits(2010, Rules(), National()).empty());
}

TEST(Article26, PublicationWithinTwentyWorkingDays) {
  const Limit limit = PublicationLimit(D("2022-09-30"), Rules(), National());
  EXPECT_EQ(limit.due, D("2022-11-02"));
  EXPECT_EQ(limit.article, "REG 26");
  EXPECT_EQ(PublicationLimit(D("2010-01-01"), Rules(), National()).kind,
            v1::LIMIT_KIND_UNSPECIFIED);
}

}  // namespace
}  // namespace gongkai::law
