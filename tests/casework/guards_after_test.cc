// SPDX-License-Identifier: Apache-2.0
// One refusal per condition, and its lawful neighbour: sending, service,
// closing, and the record itself (REG 45). Replies are signed on Friday
// 2024-03-01.
#include <gtest/gtest.h>

#include "services/base/refusal.h"
#include "tests/casework/life.h"

namespace gongkai::casework {
namespace {

constexpr char kEms[] = "dispatch { carrier: POST_EMS }";
constexpr char kDelivered[] = "record_service { outcome: DELIVERED }";
constexpr char kDeemed[] =
    R"(record_service { outcome: DEEMED basis: "公告送达期满" })";

TEST(Sending, APrivateCourierCarriesNoDecision) {
  Life life = SignedOn("2024-03-01");
  EXPECT_EQ(ReasonOf(life.Handle("2024-03-04",
                                 "dispatch { carrier: PRIVATE_COURIER }")),
            "CARRIER_NOT_POSTAL");
  for (const std::string carrier : {"HAND_OVER", "ENTRUSTED", "POST_EMS",
                                    "POST_REGISTERED", "POST_ORDINARY"}) {
    EXPECT_EQ(ReasonOf(SignedOn("2024-03-01")
                           .Handle("2024-03-04",
                                   "dispatch { carrier: " + carrier + " }")),
              "OK")
        << carrier;
  }
}

TEST(Sending, ElectronicallyOnlyWithTheApplicantsConsent) {
  for (const bool agreed : {false, true}) {
    Life life;
    ASSERT_EQ(ReasonOf(life.Handle(
                  "2024-03-01",
                  std::string(R"(receive { applicant_kind: NATURAL_PERSON
                      channel: IN_PERSON applicant { name: "赵甲" }
                      content: "某文件" electronic_service_agreed: )") +
                      (agreed ? "true }" : "false }"))),
              "OK");
    life.Register("2024-03-01");
    life.Draft("2024-03-01");
    life.Review("2024-03-01");
    life.Sign("2024-03-01");
    EXPECT_EQ(
        ReasonOf(life.Handle("2024-03-04", "dispatch { carrier: ELECTRONIC }")),
        agreed ? "OK" : "ELECTRONIC_NOT_AGREED");
  }
}

TEST(Sending, ASecondOneOnlyWhenTheFirstFailed) {
  for (const std::string outcome : {"REFUSED_BY_ADDRESSEE", "RETURNED"}) {
    Life life = SignedOn("2024-03-01");
    life.Dispatch("2024-03-04");
    EXPECT_EQ(ReasonOf(life.Handle("2024-03-05", kEms)), "STILL_ON_ITS_WAY");
    ASSERT_EQ(ReasonOf(life.Handle(
                  "2024-03-06", "record_service { outcome: " + outcome + " }")),
              "OK");
    EXPECT_EQ(ReasonOf(life.Handle("2024-03-07", kEms)), "OK");
    EXPECT_EQ(ReasonOf(life.Handle("2024-03-08", kEms)), "STILL_ON_ITS_WAY");
  }
}

TEST(Service, OfALetterThatWasNotSentIsRefused) {
  Life life = InHand("2024-03-01");
  for (const std::string letter :
       {"THE_REPLY", "THE_CORRECTION_NOTICE", "THE_REASONS_NOTICE",
        "THE_FEE_NOTICE", "A_CONSULTATION_LETTER consultation: 1",
        "A_CONSULTATION_LETTER"}) {
    EXPECT_EQ(ReasonOf(life.Handle("2024-03-04",
                                   "record_service { outcome: DELIVERED "
                                   "letter: " +
                                       letter + " }")),
              "NO_SUCH_LETTER")
        << letter;
  }
}

TEST(Service, OfALetterIsRecordedOnceAndNotBeforeItWasSent) {
  const std::vector<std::pair<std::string, std::string>> letters = {
      {R"(require_correction { items: "项" })", "THE_CORRECTION_NOTICE"},
      {R"(ask_reasons { facts: "多" period_days: 5 })", "THE_REASONS_NOTICE"},
      {R"(charge_fee { basis: BY_PAGE pages: 31 amount_fen: 1000 })",
       "THE_FEE_NOTICE"},
      {R"(consult { kind: CO_MAKER addressee: "某局" question: "问" })",
       "A_CONSULTATION_LETTER consultation: 1"}};
  for (const auto& [act, letter] : letters) {
    Life life = InHand("2024-03-01");
    ASSERT_EQ(ReasonOf(life.Handle("2024-03-05", act)), "OK");
    const std::string served =
        "record_service { outcome: DELIVERED letter: " + letter + " }";
    EXPECT_EQ(ReasonOf(life.Handle("2024-03-04", served)),
              "DATE_BEFORE_PREVIOUS")
        << letter;
    EXPECT_EQ(ReasonOf(life.Handle("2024-03-05", served)), "OK") << letter;
    EXPECT_EQ(ReasonOf(life.Handle("2024-03-06", served)), "NO_SUCH_LETTER")
        << letter;
  }
}

TEST(Service, OfTheReplyDoesNotLieBeforeItsSending) {
  Life life = SignedOn("2024-03-01");
  life.Dispatch("2024-03-05");
  EXPECT_EQ(ReasonOf(life.Handle("2024-03-04", kDelivered)),
            "DATE_BEFORE_PREVIOUS");
  EXPECT_EQ(ReasonOf(life.Handle("2024-03-05", kDelivered)), "OK");
}

TEST(Service, WhatCameBackIsDeemedServedOrSentAgain) {
  Life life = SignedOn("2024-03-01");
  life.Dispatch("2024-03-04");
  ASSERT_EQ(ReasonOf(life.Handle("2024-03-08",
                                 "record_service { outcome: RETURNED }")),
            "OK");
  EXPECT_EQ(ReasonOf(life.Handle("2024-03-11", kDelivered)), "NO_SUCH_LETTER");
  EXPECT_EQ(ReasonOf(life.Handle("2024-04-15", kDeemed)), "OK");
  EXPECT_EQ(life.c().phase, v1::SERVED);
}

TEST(Service, DeemedOnlyOnAStatedBasis) {
  Life life = SignedOn("2024-03-01");
  life.Dispatch("2024-03-04");
  EXPECT_EQ(
      ReasonOf(life.Handle("2024-04-15", "record_service { outcome: DEEMED }")),
      "BASIS_MISSING");
  EXPECT_EQ(ReasonOf(life.Handle("2024-04-15", kDeemed)), "OK");
}

// The duty to answer stays when its day is over (REG 33).
TEST(Article33, ALateReplyGoesOutAndItsLatenessIsKept) {
  Life life = InHand("2024-03-01");
  life.Draft("2024-04-10");
  life.Review("2024-04-10");
  life.Sign("2024-04-10");
  life.Dispatch("2024-04-10");
  const auto limits = life.Limits(life.today);
  const law::Limit* reply = law::FindLimit(limits, v1::REPLY);
  ASSERT_NE(reply, nullptr);
  EXPECT_EQ(reply->state, v1::MET_LATE);
  // 04-01, 02, 03, Sunday 04-07 (worked), 08, 09, 10.
  EXPECT_EQ(reply->late_by, 7);
}

TEST(Article45, NothingClosesWithoutServiceOrAReason) {
  Life life = SignedOn("2024-03-01");
  life.Dispatch("2024-03-04");
  EXPECT_EQ(ReasonOf(life.Handle("2024-03-20", "close {}")),
            "SERVICE_NOT_SHOWN");
  EXPECT_EQ(ReasonOf(life.Handle("2024-03-20",
                                 R"(close { waiver_reason: "平信无回执" })")),
            "OK");
  EXPECT_EQ(ReasonOf(ServedOn("2024-03-01").Handle("2024-03-20", "close {}")),
            "OK");
}

TEST(Article45, NoFileIsSealedWhileARemedyIsOpen) {
  Life life = ServedOn("2024-03-01");
  life.Close("2024-03-04");
  ASSERT_EQ(ReasonOf(life.Litigate("2024-03-20", R"(open_remedy {
                kind: LAWSUIT organ: "某法院" })")),
            "OK");
  const auto seal = [&] {
    return ReasonOf(life.Do(v1::ARCHIVIST, "dang", "2024-06-03",
                            "archive { retention: TEN_YEARS }"));
  };
  EXPECT_EQ(seal(), "REMEDY_OPEN");
  ASSERT_EQ(
      ReasonOf(life.Litigate(
          "2024-05-20", "decide_remedy { docket: 1 result: CLAIM_DISMISSED }")),
      "OK");
  EXPECT_EQ(seal(), "OK");
}

TEST(Linking, ACaseIsLinkedToAnotherAndOnce) {
  Life life = InHand("2024-03-01");
  const auto link =
      [&](const std::string& other) {
        return ReasonOf(life.Handle("2024-03-05", R"(link { kind: RELATED
        reason: "同一事项" other_case: ")" + other + R"(" })"));
      };
  EXPECT_EQ(link("TEST-2024-00001"), "LINK_MISFIT");
  EXPECT_EQ(link("TEST-2024-00002"), "OK");
  EXPECT_EQ(link("TEST-2024-00002"), "LINK_MISFIT");
  EXPECT_EQ(link("TEST-2024-00003"), "OK");
}

TEST(Linking, NothingIsMergedOnceTheReplyExists) {
  const std::string merge = R"(link { kind: MERGED_INTO
      reason: "同一申请" other_case: "TEST-2024-00002" })";
  EXPECT_EQ(ReasonOf(SignedOn("2024-03-01").Handle("2024-03-05", merge)),
            "NOT_IN_THIS_PHASE");
  Life in_review = InHand("2024-03-01");
  in_review.Draft("2024-03-04");
  in_review.Review("2024-03-04");
  EXPECT_EQ(ReasonOf(in_review.Handle("2024-03-05", merge)), "OK");
}

TEST(Withdrawal, OnlyUntilTheReplyExists) {
  const std::string withdraw = R"(withdraw { note: "书面撤回" })";
  EXPECT_EQ(ReasonOf(SignedOn("2024-03-01").Handle("2024-03-05", withdraw)),
            "NOT_IN_THIS_PHASE");
  EXPECT_EQ(ReasonOf(InHand("2024-03-01").Handle("2024-03-05", withdraw)),
            "OK");
}

TEST(LegalHold, IsPlacedOnceAndLiftedOnce) {
  Life life = InHand("2024-03-01");
  const auto hold = [&](const std::string& act) {
    return ReasonOf(life.Litigate("2024-03-05", act));
  };
  const std::string place = R"(place_legal_hold { reason: "诉讼" })";
  const std::string lift = R"(lift_legal_hold { reason: "结案" })";
  EXPECT_EQ(hold(lift), "HOLD_MISFIT");
  EXPECT_EQ(hold(place), "OK");
  EXPECT_EQ(hold(place), "HOLD_MISFIT");
  EXPECT_EQ(hold(lift), "OK");
  EXPECT_FALSE(life.c().legal_hold);
}

TEST(Calendar, AChangeThatMovesNothingIsNotRecorded) {
  Life life = InHand("2024-03-01");
  EXPECT_EQ(ReasonOf(life.Do(v1::CLOCK, "clock", "2024-03-05",
                             R"(apply_calendar { calendar_version: "2+0" })")),
            "NOTHING_MOVES");
}

}  // namespace
}  // namespace gongkai::casework
