// SPDX-License-Identifier: Apache-2.0
// REG 31: the day of receipt. T1 and T2.
#include "tests/law/law_fixture.h"

namespace gongkai::law {
namespace {

Facts OrdinaryLetter() {
  Facts facts;
  facts.channel = v1::MAIL_ORDINARY;
  facts.arrived = D("2024-05-10");
  return facts;
}

TEST(Article31, AnOrdinaryLetterIsConfirmedOnTheDayItCame) {
  Facts facts = OrdinaryLetter();
  EXPECT_EQ(Show(Get(facts, "2024-05-10", v1::MAIL_CONFIRMATION)),
            "2024-05-10 RUNNING");
  const Limit missed = Get(facts, "2024-05-13", v1::MAIL_CONFIRMATION);
  EXPECT_EQ(missed.state, v1::MISSED);
  EXPECT_EQ(missed.late_by, 3);
  facts.received = D("2024-05-10");
  EXPECT_EQ(Get(facts, "2024-05-13", v1::MAIL_CONFIRMATION).state, v1::MET);
  facts.received = D("2024-05-13");
  EXPECT_EQ(Get(facts, "2024-05-13", v1::MAIL_CONFIRMATION).state,
            v1::MET_LATE);
}

TEST(Article31, UntilConfirmedNoOtherClockRuns) {
  const auto limits =
      DeriveLimits(OrdinaryLetter(), Rules(), National(), {}, D("2024-06-30"));
  ASSERT_EQ(limits.size(), 1u);
  EXPECT_EQ(limits[0].kind, v1::MAIL_CONFIRMATION);
}

TEST(Article31, TheClockStartsWithTheConfirmationNotTheArrival) {
  Facts facts = OrdinaryLetter();
  facts.received = D("2024-05-20");
  EXPECT_EQ(Get(facts, "2024-05-20", v1::REPLY).start, D("2024-05-20"));
}

TEST(Article31, WhatIsHandedInOrSignedForNeedsNoConfirmation) {
  Facts facts = OrdinaryLetter();
  for (const v1::Channel channel : {v1::IN_PERSON, v1::MAIL_SIGNED}) {
    facts.channel = channel;
    EXPECT_TRUE(
        DeriveLimits(facts, Rules(), National(), {}, D("2024-06-30")).empty());
  }
}

TEST(Article31, AnUnconfirmedWebFormFaxOrEmailIsNotLeftUnseen) {
  Facts facts = OrdinaryLetter();
  for (const v1::Channel channel : {v1::WEB, v1::FAX, v1::EMAIL}) {
    facts.channel = channel;
    facts.received.reset();
    EXPECT_EQ(Show(Get(facts, "2024-05-10", v1::MAIL_CONFIRMATION)),
              "2024-05-10 RUNNING");
    facts.received = facts.arrived;
    EXPECT_EQ(Get(facts, "2024-05-10", v1::MAIL_CONFIRMATION).kind,
              v1::LIMIT_KIND_UNSPECIFIED);
  }
}

TEST(Article31, ALetterFullyWithdrawnNeedsNoConfirmation) {
  Facts facts = OrdinaryLetter();
  facts.withdrawn = D("2024-05-11");
  EXPECT_EQ(Get(facts, "2024-05-20", v1::MAIL_CONFIRMATION).state, v1::VOID);
}

TEST(Article31, RegistrationFollowsTheOfficesOwnFigure) {
  Facts facts = Received("2024-05-10");
  facts.registered.reset();
  EXPECT_EQ(Show(Get(facts, "2024-05-10", v1::REGISTRATION)),
            "2024-05-11 RUNNING");  // a worked Saturday
  AgencyTerms terms;
  terms.registration_days = 3;
  const auto limits =
      DeriveLimits(facts, Rules(), National(), terms, D("2024-05-10"));
  EXPECT_EQ(FindLimit(limits, v1::REGISTRATION)->due, D("2024-05-14"));
}

TEST(Article31, TheLedgerOfTheSameDayHasOneLine) {
  const auto lines =
      Explain(OrdinaryLetter(), "2024-05-10", v1::MAIL_CONFIRMATION);
  ASSERT_EQ(lines.size(), 1u);
  EXPECT_EQ(lines[0].note, DayNote::kLast);
}

}  // namespace
}  // namespace gongkai::law
