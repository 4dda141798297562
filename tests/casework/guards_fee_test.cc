// SPDX-License-Identifier: Apache-2.0
// One refusal per condition, and its lawful neighbour: consultation, extension,
// fee (REG 11, 32 to 34, 42). Cases are received on Friday 2024-03-01: 20
// working days end on 03-29.
#include <gtest/gtest.h>

#include "services/base/refusal.h"
#include "tests/casework/life.h"

namespace gongkai::casework {
namespace {

std::string Fee(const std::string& rest) {
  return R"(charge_fee { how_to_pay: "柜台" served_at_once: true )" + rest +
         " }";
}

constexpr char kAsk[] =
    R"(request_extension { working_days: 20 reason: "检索量大" })";
constexpr char kConsult[] = R"(consult { kind: THIRD_PARTY addressee: "某公司"
    interest: BUSINESS_SECRET question: "是否同意" served_at_once: true })";

std::string Approve(const std::string& notice) {
  return R"(decide_extension { approved: true notice_date: ")" + notice +
         R"(" })";
}

Life ExtensionAsked() {
  Life life = InHand("2024-03-01");
  EXPECT_EQ(ReasonOf(life.Handle("2024-03-20", kAsk)), "OK");
  return life;
}

TEST(Article42, AFeeIsChargedOnce) {
  const std::string fee = Fee("basis: BY_PAGE pages: 68 amount_fen: 38000");
  Life life = InHand("2024-03-01");
  ASSERT_EQ(ReasonOf(life.Handle("2024-03-05", fee)), "OK");
  ASSERT_EQ(ReasonOf(life.Handle("2024-03-06", "accept_payment {}")), "OK");
  EXPECT_EQ(ReasonOf(life.Handle("2024-03-07", fee)), "FEE_ALREADY_CHARGED");
}

TEST(Article42, AFeeNoticeAfterTheReplyLimitIsRefused) {
  const std::string fee = Fee("basis: BY_PAGE pages: 31 amount_fen: 1000");
  Life life = InHand("2024-03-01");
  const absl::Status refused = life.Handle("2024-04-01", fee);
  EXPECT_EQ(ReasonOf(refused), "FEE_NOTICE_TOO_LATE");
  EXPECT_EQ(LastDayOf(refused), "2024-03-29");
  EXPECT_EQ(ReasonOf(life.Handle("2024-03-29", fee)), "OK");
}

TEST(Article42, AnAmountOtherThanTheTariffsIsRefused) {
  const auto charge = [](const std::string& rest) {
    return ReasonOf(InHand("2024-03-01").Handle("2024-03-05", Fee(rest)));
  };
  EXPECT_EQ(charge("basis: BY_PAGE pages: 68 amount_fen: 38000"), "OK");
  EXPECT_EQ(charge("basis: BY_PAGE pages: 68 amount_fen: 37999"),
            "AMOUNT_WRONG");
  EXPECT_EQ(charge("basis: BY_PAGE pages: 30 amount_fen: 1"), "AMOUNT_WRONG");
  EXPECT_EQ(charge("basis: BY_PAGE amount_fen: 1000"), "FIELD_INVALID");
  // The eleventh item is the first that costs; the thirty-first costs twice.
  EXPECT_EQ(charge("basis: BY_ITEM first_rank: 11 last_rank: 11 "
                   "amount_fen: 10000"),
            "OK");
  EXPECT_EQ(charge("basis: BY_ITEM first_rank: 31 last_rank: 31 "
                   "amount_fen: 10000"),
            "AMOUNT_WRONG");
  EXPECT_EQ(charge("basis: BY_ITEM first_rank: 12 last_rank: 11 "
                   "amount_fen: 10000"),
            "FIELD_INVALID");
}

TEST(Article42, NoFeeIsChargedBeforeTheTariff) {
  const std::string fee = Fee("basis: BY_PAGE pages: 31 amount_fen: 1000");
  EXPECT_EQ(ReasonOf(InHand("2020-12-31").Handle("2021-01-04", fee)),
            "NO_TARIFF");
  EXPECT_EQ(ReasonOf(InHand("2021-01-01").Handle("2021-01-04", fee)), "OK");
}

TEST(Article42, APaymentDoesNotLapseBeforeItsTwentyWorkingDays) {
  Life life = InHand("2024-03-01");
  ASSERT_EQ(
      ReasonOf(life.Handle("2024-03-05",
                           Fee("basis: BY_PAGE pages: 31 amount_fen: 1000"))),
      "OK");
  const absl::Status refused = life.Handle("2024-04-02", "lapse_payment {}");
  EXPECT_EQ(ReasonOf(refused), "PERIOD_NOT_OVER");
  EXPECT_EQ(LastDayOf(refused), "2024-04-02");
  EXPECT_EQ(ReasonOf(life.Handle("2024-04-03", "lapse_payment {}")), "OK");
  EXPECT_EQ(ReasonOf(life.Handle("2024-04-03", R"(draft_reply {
                outcome: CORRECTION_ABANDONED text: "文" review_organ: "甲"
                court: "乙" })")),
            "APPLICATION_ABANDONED");
  EXPECT_EQ(ReasonOf(life.Handle("2024-04-03", R"(draft_reply {
                outcome: PAYMENT_ABANDONED text: "文" review_organ: "甲"
                court: "乙" })")),
            "OK");
}

TEST(Article32, AThirdPartyIsAskedAboutAnInterestOfArticle15) {
  const auto consult = [](const std::string& rest) {
    return ReasonOf(
        InHand("2024-03-01")
            .Handle("2024-03-05",
                    R"(consult { addressee: "某公司" question: "问" )" + rest +
                        " }"));
  };
  EXPECT_EQ(consult("kind: THIRD_PARTY"), "INTEREST_MISSING");
  EXPECT_EQ(consult("kind: THIRD_PARTY interest: INTERNAL_AFFAIRS"),
            "INTEREST_MISSING");
  EXPECT_EQ(consult("kind: THIRD_PARTY interest: BUSINESS_SECRET"), "OK");
  EXPECT_EQ(consult("kind: THIRD_PARTY interest: PERSONAL_PRIVACY"), "OK");
  EXPECT_EQ(consult("kind: CO_MAKER"), "OK");
  EXPECT_EQ(consult("kind: OTHER_AGENCY"), "OK");
}

TEST(Article32, AnOpinionBelongsToALetterThatWasSent) {
  Life life = InHand("2024-03-01");
  const std::string opinion =
      "record_opinion { consultation: 1 opinion: AGREES }";
  EXPECT_EQ(ReasonOf(life.Handle("2024-03-05", opinion)),
            "NO_SUCH_CONSULTATION");
  ASSERT_EQ(ReasonOf(life.Handle("2024-03-05", kConsult)), "OK");
  EXPECT_EQ(
      ReasonOf(life.Handle(
          "2024-03-06", "record_opinion { consultation: 2 opinion: AGREES }")),
      "NO_SUCH_CONSULTATION");
  EXPECT_EQ(ReasonOf(life.Handle("2024-03-04", opinion)),
            "DATE_BEFORE_PREVIOUS");
  EXPECT_EQ(ReasonOf(life.Handle("2024-03-05", opinion)), "OK");
  EXPECT_EQ(ReasonOf(life.Handle("2024-03-06", opinion)),
            "OPINION_ALREADY_RECORDED");
}

TEST(Article33, AnExtensionAfterTheLimitIsRefused) {
  Life asked_late = InHand("2024-03-01");
  const absl::Status refused = asked_late.Handle("2024-04-01", kAsk);
  EXPECT_EQ(ReasonOf(refused), "LIMIT_HAS_PASSED");
  EXPECT_EQ(LastDayOf(refused), "2024-03-29");
  EXPECT_EQ(ReasonOf(asked_late.Handle("2024-03-29", kAsk)), "OK");

  Life decided_late = ExtensionAsked();
  const absl::Status too_late =
      decided_late.Head("2024-04-01", Approve("2024-04-01"));
  EXPECT_EQ(ReasonOf(too_late), "LIMIT_HAS_PASSED");
  EXPECT_EQ(LastDayOf(too_late), "2024-03-29");
  EXPECT_EQ(ReasonOf(decided_late.Head("2024-03-29", Approve("2024-03-29"))),
            "OK");
  // Twenty more: 04-04 and 04-05 are days off, Sunday 04-07 is worked.
  EXPECT_EQ(decided_late.Due(v1::REPLY), "2024-04-28");
}

TEST(Article33, AnExtensionNoticeThatGoesOutAfterTheLimitIsRefused) {
  Life life = ExtensionAsked();
  const absl::Status refused = life.Head("2024-03-28", Approve("2024-04-01"));
  EXPECT_EQ(ReasonOf(refused), "EXTENSION_NOTICE_LATE");
  EXPECT_EQ(LastDayOf(refused), "2024-03-29");
  EXPECT_EQ(ReasonOf(life.Head("2024-03-28", Approve("2024-03-27"))),
            "FIELD_INVALID");
  EXPECT_EQ(
      ReasonOf(life.Head("2024-03-28", "decide_extension { approved: true }")),
      "FIELD_INVALID");
  EXPECT_EQ(ReasonOf(life.Head("2024-03-28", Approve("2024-03-29"))), "OK");
}

TEST(Article33, AnExtensionBeyondTwentyWorkingDaysIsRefused) {
  const auto ask = [](const std::string& days) {
    return ReasonOf(
        InHand("2024-03-01")
            .Handle("2024-03-20", R"(request_extension { reason: "多"
                                       working_days: )" +
                                      days + " }"));
  };
  EXPECT_EQ(ask("21"), "EXTENSION_TOO_LONG");
  EXPECT_EQ(ask("20"), "OK");
}

TEST(Article33, OnlyTheHeadOfTheDisclosureOfficeExtends) {
  for (int c = v1::Capacity_MIN; c <= v1::Capacity_MAX; ++c) {
    const auto capacity = static_cast<v1::Capacity>(c);
    Life life = ExtensionAsked();
    EXPECT_EQ(ReasonOf(life.Do(capacity, "zhang", "2024-03-21",
                               Approve("2024-03-21"))),
              capacity == v1::DISCLOSURE_HEAD ? "OK" : "CAPACITY_MISSING")
        << v1::Capacity_Name(capacity);
  }
}

TEST(Article33, NoTimeIsGrantedForAnAbandonedApplication) {
  Life life = ExtensionAsked();
  EXPECT_EQ(ReasonOf(life.Handle("2024-03-11",
                                 "require_correction { items: \"项\" "
                                 "period_days: 5 served_at_once: true }")),
            "OK");
  EXPECT_EQ(ReasonOf(life.Handle("2024-03-20", "lapse_correction {}")), "OK");
  EXPECT_EQ(ReasonOf(life.Do(v1::DISCLOSURE_HEAD, "zhang", "2024-03-21",
                             Approve("2024-03-21"))),
            "APPLICATION_ABANDONED");
}

TEST(Article33, WhoeverAsksForTimeDoesNotGrantIt) {
  Life life = ExtensionAsked();
  EXPECT_EQ(ReasonOf(life.Do(v1::DISCLOSURE_HEAD, "li", "2024-03-21",
                             Approve("2024-03-21"))),
            "EXTENSION_BY_REQUESTER");
  EXPECT_EQ(ReasonOf(life.Head("2024-03-21", Approve("2024-03-21"))), "OK");
}

TEST(Article33, AnExtensionNobodyAskedForIsRefused) {
  Life life = InHand("2024-03-01");
  EXPECT_EQ(ReasonOf(life.Head("2024-03-21", Approve("2024-03-21"))),
            "NO_EXTENSION_REQUESTED");
}

TEST(Article33, AnExtensionIsAskedForAndGivenOnce) {
  Life life = ExtensionAsked();
  EXPECT_EQ(ReasonOf(life.Handle("2024-03-21", kAsk)), "EXTENSION_PENDING");
  // What was refused may be asked for anew.
  ASSERT_EQ(ReasonOf(life.Head("2024-03-21", "decide_extension {}")), "OK");
  EXPECT_EQ(life.Due(v1::REPLY), "2024-03-29");
  ASSERT_EQ(ReasonOf(life.Handle("2024-03-22", kAsk)), "OK");
  ASSERT_EQ(ReasonOf(life.Head("2024-03-22", Approve("2024-03-22"))), "OK");
  EXPECT_EQ(ReasonOf(life.Handle("2024-03-25", kAsk)), "ALREADY_EXTENDED");
}

// Asking for reasons stops no clock: the limit may end while they are awaited.
TEST(Article33, TimeMayBeAskedForWhileReasonsAreAwaited) {
  Life life = InHand("2024-03-01");
  ASSERT_EQ(ReasonOf(life.Handle("2024-03-20",
                                 R"(ask_reasons { facts: "多"
                                      period_days: 15 })")),
            "OK");
  EXPECT_EQ(life.Due(v1::REPLY), "2024-03-29");
  EXPECT_EQ(ReasonOf(life.Handle("2024-03-27", kAsk)), "OK");
  EXPECT_EQ(ReasonOf(life.Head("2024-03-28", Approve("2024-03-28"))), "OK");
  EXPECT_EQ(life.Due(v1::REPLY), "2024-04-28");
}

}  // namespace
}  // namespace gongkai::casework
