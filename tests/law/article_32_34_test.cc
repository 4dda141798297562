// SPDX-License-Identifier: Apache-2.0
// REG 32 and 34, REG 11 and 33(3): consultations. T7, T8, T8b, and the days
// they take out of T5.
#include "tests/law/law_fixture.h"

namespace gongkai::law {
namespace {

// Received Monday 2024-06-03; without consultation due on 2024-07-02
// (06-10 Dragon Boat off).
Facts Case() { return Received("2024-06-03"); }

Consultation Letter(v1::ConsultationKind kind, std::string_view sent,
                    std::string_view served, std::string_view answered = "") {
  Consultation letter;
  letter.kind = kind;
  letter.sent = D(sent);
  if (!served.empty()) letter.served = D(served);
  if (!answered.empty()) letter.answered = D(answered);
  return letter;
}

TEST(Article32, TheThirdPartyHasFifteenWorkingDaysFromService) {
  Facts facts = Case();
  facts.consultations = {Letter(v1::THIRD_PARTY, "2024-06-05", "2024-06-07")};
  const Limit limit = Get(facts, "2024-06-11", v1::THIRD_PARTY_OPINION);
  EXPECT_EQ(Show(limit), "2024-07-01 RUNNING");
  EXPECT_EQ(limit.whose, v1::THIRD_PARTY_DUTY);
  EXPECT_EQ(limit.article, "REG 32");
  EXPECT_EQ(Get(facts, "2024-07-02", v1::THIRD_PARTY_OPINION).state,
            v1::MISSED);
}

TEST(Article34, TheCoMakerHasFifteenWorkingDaysFromService) {
  Facts facts = Case();
  facts.consultations = {Letter(v1::CO_MAKER, "2024-06-05", "2024-06-07")};
  const Limit limit = Get(facts, "2024-06-11", v1::CO_MAKER_OPINION);
  EXPECT_EQ(Show(limit), "2024-07-01 RUNNING");
  EXPECT_EQ(limit.whose, v1::REVIEWER_DUTY);
}

TEST(Article33, TheDaysFromSendingToTheAnswerAreLeftOut) {
  EXPECT_EQ(ReplyDue(Case()), "2024-07-02");
  Facts facts = Case();
  // Left out: 06-06, 07, 11, 12, 13: five working days.
  facts.consultations = {
      Letter(v1::THIRD_PARTY, "2024-06-05", "2024-06-07", "2024-06-13")};
  EXPECT_EQ(ReplyDue(facts), "2024-07-09");
}

TEST(Article33, TheSuspensionEndsWithTheLimitOfTheThirdPartyAtTheLatest) {
  Facts facts = Case();
  facts.consultations = {Letter(v1::THIRD_PARTY, "2024-06-05", "2024-06-07")};
  const std::string silent = ReplyDue(facts);
  // 06-06 and 06-07, then fifteen: seventeen working days after 07-02.
  EXPECT_EQ(silent, "2024-07-25");
  facts.consultations[0].answered = D("2024-07-20");
  EXPECT_EQ(ReplyDue(facts), silent);
}

TEST(Article33, AnOpenConsultationSuspendsUntilItsCertainEnd) {
  Facts facts = Case();
  facts.consultations = {Letter(v1::THIRD_PARTY, "2024-06-05", "2024-06-07")};
  EXPECT_EQ(Show(Get(facts, "2024-06-04", v1::REPLY)), "2024-07-25 RUNNING");
  EXPECT_EQ(Show(Get(facts, "2024-06-05", v1::REPLY)), "2024-07-25 SUSPENDED");
  EXPECT_EQ(Show(Get(facts, "2024-07-01", v1::REPLY)), "2024-07-25 SUSPENDED");
  EXPECT_EQ(Show(Get(facts, "2024-07-02", v1::REPLY)), "2024-07-25 RUNNING");
}

TEST(Article33, AnAnswerSetsTheClockGoingOnItsDay) {
  Facts facts = Case();
  facts.consultations = {
      Letter(v1::THIRD_PARTY, "2024-06-05", "2024-06-07", "2024-06-13")};
  EXPECT_EQ(Get(facts, "2024-06-12", v1::REPLY).state, v1::SUSPENDED);
  EXPECT_EQ(Get(facts, "2024-06-13", v1::REPLY).state, v1::RUNNING);
}

TEST(Article33, ALetterNeverServedSuspendsNothing) {
  Facts facts = Case();
  facts.consultations = {Letter(v1::THIRD_PARTY, "2024-06-05", "")};
  EXPECT_EQ(ReplyDue(facts), "2024-07-02");
  EXPECT_EQ(Get(facts, "2024-06-10", v1::REPLY).state, v1::RUNNING);
  EXPECT_EQ(Get(facts, "2024-06-10", v1::THIRD_PARTY_OPINION).kind,
            v1::LIMIT_KIND_UNSPECIFIED);
  // An answer proves that it came.
  facts.consultations[0].answered = D("2024-06-13");
  EXPECT_EQ(ReplyDue(facts), "2024-07-09");
}

TEST(Article33, OverlappingConsultationsAreLeftOutOnce) {
  Facts facts = Case();
  facts.consultations = {
      Letter(v1::THIRD_PARTY, "2024-06-05", "2024-06-07", "2024-06-13"),
      Letter(v1::CO_MAKER, "2024-06-06", "2024-06-06", "2024-06-14")};
  // 06-06, 07, 11, 12, 13, 14: six, not eleven.
  EXPECT_EQ(ReplyDue(facts), "2024-07-10");
  EXPECT_EQ(Get(facts, "2024-06-20", v1::CO_MAKER_OPINION, 2).state, v1::MET);
  EXPECT_EQ(Get(facts, "2024-06-20", v1::THIRD_PARTY_OPINION, 1).state,
            v1::MET);
}

TEST(Article33, AnotherAgencyHoldsTheClockUntilItAnswers) {
  Facts facts = Case();
  facts.consultations = {Letter(v1::OTHER_AGENCY, "2024-06-05", "2024-06-05")};
  EXPECT_EQ(Show(Get(facts, "2024-09-01", v1::REPLY)), "none SUSPENDED");
  facts.consultations[0].answered = D("2024-06-13");
  EXPECT_EQ(ReplyDue(facts), "2024-07-09");
}

TEST(Article11, TheOfficesCapOnOtherAgenciesIsAReminderOnly) {
  Facts facts = Case();
  facts.consultations = {Letter(v1::OTHER_AGENCY, "2024-06-05", "")};
  EXPECT_EQ(Show(Get(facts, "2024-06-06", v1::OTHER_AGENCY_OPINION)),
            "2024-06-27 RUNNING");
  AgencyTerms terms;
  terms.other_agency_cap_days = 5;
  const auto limits =
      DeriveLimits(facts, Rules(), National(), terms, D("2024-06-20"));
  const Limit* cap = FindLimit(limits, v1::OTHER_AGENCY_OPINION);
  EXPECT_EQ(Show(*cap), "2024-06-13 MISSED");
  EXPECT_EQ(cap->late_by, 5);
}

TEST(Article33, ALetterSentAfterTheLastDaySavesNothing) {
  Facts facts = Case();
  facts.consultations = {Letter(v1::OTHER_AGENCY, "2024-07-02", "2024-07-02")};
  EXPECT_EQ(Show(Get(facts, "2024-07-05", v1::REPLY)), "2024-07-02 MISSED");
}

TEST(Article33, ALetterSentOnTheDayBeforeTheLastHoldsOneDay) {
  Facts facts = Case();
  facts.consultations = {
      Letter(v1::THIRD_PARTY, "2024-07-01", "2024-07-01", "2024-07-03")};
  EXPECT_EQ(ReplyDue(facts), "2024-07-04");
}

TEST(Article33, AnsweredOnTheDayOfSendingLeavesNothingOut) {
  Facts facts = Case();
  facts.consultations = {
      Letter(v1::THIRD_PARTY, "2024-06-05", "2024-06-05", "2024-06-05")};
  EXPECT_EQ(ReplyDue(facts), "2024-07-02");
}

TEST(Article33, TheReplyEndsWhatIsStillAsked) {
  Facts facts = Case();
  facts.consultations = {Letter(v1::THIRD_PARTY, "2024-06-05", "2024-06-07")};
  facts.reply = ReplySent{v1::POST_EMS, D("2024-06-20"), {}, true, false};
  EXPECT_EQ(Get(facts, "2024-06-21", v1::THIRD_PARTY_OPINION).state, v1::VOID);
  EXPECT_EQ(Get(facts, "2024-06-21", v1::REPLY).state, v1::MET);
}

TEST(OldArticle24, OnlyThirdPartiesHoldTheClock) {
  Facts facts = Received("2013-05-14");
  facts.consultations = {
      Letter(v1::OTHER_AGENCY, "2013-05-16", "2013-05-16", "2013-05-21"),
      Letter(v1::CO_MAKER, "2013-05-16", "2013-05-16", "2013-05-21")};
  EXPECT_EQ(ReplyDue(facts), "2013-06-04");
  facts.consultations = {Letter(v1::THIRD_PARTY, "2013-05-16", "2013-05-16")};
  EXPECT_EQ(ReplyDue(facts), "none");
  facts.consultations[0].answered = D("2013-05-21");  // 17, 20, 21
  EXPECT_EQ(ReplyDue(facts), "2013-06-07");
}

TEST(Article33, TheLedgerNamesWhatLeavesADayOut) {
  Facts facts = Case();
  facts.consultations = {
      Letter(v1::THIRD_PARTY, "2024-06-05", "2024-06-07", "2024-06-13")};
  const auto lines = Explain(facts, "2024-06-14", v1::REPLY);
  EXPECT_THAT(ShowLedger(lines),
              ::testing::StartsWith(
                  "06-03:trigger 06-04:1 06-05:2 06-06:out 06-07:out 06-11:out "
                  "06-12:out 06-13:out 06-14:3 "));
  EXPECT_EQ(lines[3].reason, "征求第三方意见");
  EXPECT_EQ(lines[3].article, "REG 33(3)");
  // Rests keep their own reason: 06-10 is the Dragon Boat Festival.
  EXPECT_EQ(lines[7].note, DayNote::kRest);
  EXPECT_EQ(lines[7].reason, "端午节放假");
}

}  // namespace
}  // namespace gongkai::law
