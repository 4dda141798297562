// SPDX-License-Identifier: Apache-2.0
// REG 35: an excessive number. T9 and T9a.
#include "tests/law/law_fixture.h"

namespace gongkai::law {
namespace {

TEST(Article35, TheApplicantGivesReasonsWithinThePeriodFromService) {
  Facts facts = Received("2024-06-03");
  Reasons reasons;
  reasons.asked = D("2024-06-05");
  facts.reasons = reasons;
  EXPECT_EQ(Get(facts, "2024-06-06", v1::REASONS_PERIOD).kind,
            v1::LIMIT_KIND_UNSPECIFIED);
  facts.reasons->served = D("2024-06-06");
  EXPECT_EQ(Show(Get(facts, "2024-06-07", v1::REASONS_PERIOD)),
            "2024-06-21 RUNNING");
  facts.reasons->length = 5;
  EXPECT_EQ(Show(Get(facts, "2024-06-17", v1::REASONS_PERIOD)),
            "2024-06-14 MISSED");
}

TEST(Article35, AskingForReasonsDoesNotHoldTheReplyLimit) {
  Facts facts = Received("2024-06-03");
  Reasons reasons;
  reasons.asked = reasons.served.emplace(D("2024-06-05"));
  facts.reasons = reasons;
  EXPECT_EQ(Show(Get(facts, "2024-06-06", v1::REPLY)), "2024-07-02 RUNNING");
}

TEST(Article35, ReasonsGivenMeetThePeriodHoweverJudged) {
  Facts facts = Received("2024-06-03");
  Reasons reasons;
  reasons.asked = reasons.served.emplace(D("2024-06-05"));
  reasons.judged = D("2024-06-28");
  reasons.verdict = v1::UNREASONABLE;
  facts.reasons = reasons;
  const Limit given = Get(facts, "2024-06-28", v1::REASONS_PERIOD);
  EXPECT_EQ(given.state, v1::MET);
  EXPECT_EQ(given.ended, D("2024-06-28"));
  facts.reasons->verdict = v1::NONE_GIVEN;
  EXPECT_EQ(Get(facts, "2024-06-28", v1::REASONS_PERIOD).state, v1::VOID);
}

TEST(Article35, ADeferralSetsTheLastDay) {
  Facts facts = Received("2024-06-03");
  facts.deferral = Deferral{D("2024-06-20"), D("2024-09-30")};
  const Limit reply = Get(facts, "2024-08-01", v1::REPLY);
  EXPECT_EQ(Show(reply), "2024-09-30 RUNNING");
  EXPECT_EQ(reply.article, "REG 33(2); REG 35");
  const Limit deferred = Get(facts, "2024-08-01", v1::DEFERRED_REPLY);
  EXPECT_EQ(Show(deferred), "2024-09-30 RUNNING");
  EXPECT_EQ(deferred.start, D("2024-06-20"));
  EXPECT_EQ(deferred.length,
            National().WorkdaysBetween(D("2024-06-20"), D("2024-09-30")));
  facts.reply = ReplySent{v1::POST_EMS, D("2024-10-08"), {}, true, false};
  EXPECT_EQ(Get(facts, "2024-10-09", v1::DEFERRED_REPLY).state, v1::MET_LATE);
  EXPECT_EQ(Get(facts, "2024-10-09", v1::REPLY).late_by, 1);
}

TEST(Article35, TheLedgerOfADeferredReplyEndsOnTheSetDay) {
  Facts facts = Received("2024-06-03");
  facts.deferral = Deferral{D("2024-06-20"), D("2024-07-12")};
  const auto lines = Explain(facts, "2024-07-01", v1::REPLY);
  EXPECT_EQ(lines.back().day, D("2024-07-12"));
  EXPECT_EQ(lines.back().note, DayNote::kLast);
  EXPECT_EQ(lines.back().reason, "延迟答复的最后一日");
}

}  // namespace
}  // namespace gongkai::law
