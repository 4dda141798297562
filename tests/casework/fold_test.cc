// SPDX-License-Identifier: Apache-2.0
// Whole lives, act by act: phases, last days, and what became of each limit.
// Most begin on Friday 2024-03-01. In that spring 04-04 to 04-06 and 05-01 to
// 05-05 are days off, Sundays 04-07 and 04-28 and Saturday 05-11 are worked.
#include <gtest/gtest.h>

#include "absl/time/time.h"
#include "services/base/dates.h"
#include "tests/casework/whole_life.h"

namespace gongkai::casework {
namespace {

TEST_F(WholeLife, ReceivedAnsweredServedClosedArchived) {
  EXPECT_EQ(life_.c().phase, v1::HANDLING);
  EXPECT_EQ(At(life_, "2024-03-01", v1::REPLY), "RUNNING 2024-03-29");
  EXPECT_EQ(At(life_, "2024-03-01", v1::REGISTRATION), "MET 2024-03-04");
  life_.Draft("2024-03-11");
  Do("2024-03-11", "submit_for_review {}", v1::IN_REVIEW);
  ASSERT_EQ(ReasonOf(life_.Do(v1::SECRECY_REVIEWER, "mi", "2024-03-11",
                              "clear_draft { step: SECRECY }")),
            "OK");
  ASSERT_EQ(ReasonOf(life_.Do(v1::LEGAL_REVIEWER, "fa", "2024-03-12",
                              "clear_draft { step: LEGAL }")),
            "OK");
  life_.Sign("2024-03-12");
  EXPECT_EQ(life_.c().phase, v1::SIGNED);
  EXPECT_EQ(life_.c().outcome, v1::DISCLOSED);
  Do("2024-03-13", "dispatch { carrier: POST_EMS }", v1::DISPATCHED);
  EXPECT_EQ(At(life_, "2024-03-13", v1::REPLY), "MET 2024-03-29");
  EXPECT_EQ(At(life_, "2024-03-13", v1::REVIEW_APPLICATION), "none");
  Do("2024-03-15", "record_service { outcome: DELIVERED }", v1::SERVED);
  EXPECT_EQ(At(life_, "2024-03-15", v1::REVIEW_APPLICATION),
            "RUNNING 2024-05-14");
  // Six months end on Sunday 09-15, a holiday: on to 09-18.
  EXPECT_EQ(At(life_, "2024-03-15", v1::DIRECT_SUIT), "RUNNING 2024-09-18");
  EXPECT_EQ(At(life_, "2024-05-15", v1::REVIEW_APPLICATION), "VOID 2024-05-14");
  Do("2024-03-18", "close {}", v1::CLOSED);
  Archive("2024-03-20");
  EXPECT_EQ(life_.c().retention, v1::THIRTY_YEARS);
}

TEST_F(WholeLife, ACorrectionStartsTheReplyLimitAfresh) {
  Do("2024-03-05", R"(require_correction { items: "请写明文号" })",
     v1::AWAITING_CORRECTION);
  EXPECT_EQ(At(life_, "2024-03-05", v1::CORRECTION_NOTICE), "MET 2024-03-12");
  EXPECT_EQ(At(life_, "2024-03-05", v1::CORRECTION_PERIOD), "none");
  EXPECT_EQ(At(life_, "2024-03-05", v1::REPLY), "SUSPENDED open");
  Do("2024-03-07",
     "record_service { letter: THE_CORRECTION_NOTICE outcome: DELIVERED }",
     v1::AWAITING_CORRECTION);
  EXPECT_EQ(At(life_, "2024-03-07", v1::CORRECTION_PERIOD),
            "RUNNING 2024-03-21");
  Do("2024-03-15", "accept_correction { channel: IN_PERSON }", v1::HANDLING);
  EXPECT_EQ(At(life_, "2024-03-15", v1::CORRECTION_PERIOD), "MET 2024-03-21");
  EXPECT_EQ(At(life_, "2024-03-15", v1::REPLY), "RUNNING 2024-04-15");
  Answer("2024-04-15");
  Do("2024-04-15", "dispatch { carrier: POST_EMS }", v1::DISPATCHED);
  EXPECT_EQ(At(life_, "2024-04-15", v1::REPLY), "MET 2024-04-15");
}

TEST_F(WholeLife, AConsultationStopsTheClockAndAnExtensionAddsToIt) {
  Do("2024-03-05", R"(consult { kind: THIRD_PARTY addressee: "某公司"
        interest: BUSINESS_SECRET question: "是否同意" })",
     v1::HANDLING);
  // Nothing stops for a letter whose service nobody has shown.
  EXPECT_EQ(At(life_, "2024-03-05", v1::REPLY), "RUNNING 2024-03-29");
  Do("2024-03-06", R"(record_service { letter: A_CONSULTATION_LETTER
                        consultation: 1 outcome: DELIVERED })",
     v1::HANDLING);
  EXPECT_EQ(At(life_, "2024-03-06", v1::THIRD_PARTY_OPINION),
            "RUNNING 2024-03-27");
  EXPECT_EQ(At(life_, "2024-03-06", v1::REPLY), "SUSPENDED 2024-04-23");
  Do("2024-03-20", "record_opinion { consultation: 1 opinion: AGREES }",
     v1::HANDLING);
  EXPECT_EQ(At(life_, "2024-03-20", v1::THIRD_PARTY_OPINION), "MET 2024-03-27");
  EXPECT_EQ(At(life_, "2024-03-20", v1::REPLY), "RUNNING 2024-04-16");
  Do("2024-04-10", R"(request_extension { working_days: 10 reason: "多" })",
     v1::HANDLING);
  ASSERT_EQ(ReasonOf(life_.Head("2024-04-10", R"(decide_extension {
                approved: true notice_date: "2024-04-11" })")),
            "OK");
  EXPECT_EQ(At(life_, "2024-04-11", v1::REPLY), "RUNNING 2024-04-29");
  EXPECT_EQ(At(life_, "2024-04-11", v1::EXTENSION), "MET 2024-04-16");
  Answer("2024-04-28");
  Do("2024-04-29", "dispatch { carrier: POST_REGISTERED }", v1::DISPATCHED);
  EXPECT_EQ(At(life_, "2024-05-06", v1::REPLY), "MET 2024-04-29");
}

TEST_F(WholeLife, AFeeStopsTheClockAndItsPaymentStartsItAfresh) {
  Do("2024-03-05", R"(charge_fee { basis: BY_PAGE pages: 68
        amount_fen: 38000 how_to_pay: "柜台" })",
     v1::AWAITING_PAYMENT);
  EXPECT_EQ(life_.c().fee_fen, 38000);
  EXPECT_EQ(At(life_, "2024-03-05", v1::FEE_NOTICE), "MET 2024-03-29");
  EXPECT_EQ(At(life_, "2024-03-05", v1::REPLY), "SUSPENDED open");
  Do("2024-03-06",
     "record_service { letter: THE_FEE_NOTICE outcome: DELIVERED }",
     v1::AWAITING_PAYMENT);
  EXPECT_EQ(At(life_, "2024-03-06", v1::PAYMENT), "RUNNING 2024-04-03");
  Do("2024-03-20", "accept_payment {}", v1::HANDLING);
  EXPECT_EQ(At(life_, "2024-03-20", v1::PAYMENT), "MET 2024-04-03");
  EXPECT_EQ(At(life_, "2024-03-20", v1::REPLY), "RUNNING 2024-04-18");
}

TEST_F(WholeLife, AnUnpaidFeeEndsTheApplication) {
  Do("2024-03-05", R"(charge_fee { basis: BY_PAGE pages: 31 amount_fen: 1000
        how_to_pay: "柜台" served_at_once: true })",
     v1::AWAITING_PAYMENT);
  Do("2024-04-03", "lapse_payment {}", v1::HANDLING);
  EXPECT_TRUE(life_.c().abandoned());
  EXPECT_EQ(At(life_, "2024-04-03", v1::PAYMENT), "VOID 2024-04-02");
  EXPECT_EQ(At(life_, "2024-04-03", v1::REPLY), "VOID open");
}

TEST_F(WholeLife, ReasonsDoNotStopTheClockAndADeferralSetsItsDay) {
  Do("2024-03-05", R"(ask_reasons { facts: "本月第40件" period_days: 5 })",
     v1::AWAITING_REASONS);
  Do("2024-03-06",
     "record_service { letter: THE_REASONS_NOTICE outcome: DELIVERED }",
     v1::AWAITING_REASONS);
  EXPECT_EQ(At(life_, "2024-03-06", v1::REASONS_PERIOD), "RUNNING 2024-03-13");
  EXPECT_EQ(At(life_, "2024-03-06", v1::REPLY), "RUNNING 2024-03-29");
  Do("2024-03-12", R"(accept_reasons { verdict: REASONABLE note: "研究" })",
     v1::HANDLING);
  EXPECT_EQ(At(life_, "2024-03-12", v1::REASONS_PERIOD), "MET 2024-03-13");
  Do("2024-03-13",
     R"(defer_reply { until_date: "2024-05-31" reason: "件数多" })",
     v1::HANDLING);
  EXPECT_EQ(At(life_, "2024-03-13", v1::REPLY), "RUNNING 2024-05-31");
  EXPECT_EQ(At(life_, "2024-03-13", v1::DEFERRED_REPLY), "RUNNING 2024-05-31");
}

TEST_F(WholeLife, AnUncorrectedApplicationIsAbandonedAndToldSo) {
  Do("2024-03-05", R"(require_correction { items: "项" served_at_once: true })",
     v1::AWAITING_CORRECTION);
  Do("2024-03-20", "lapse_correction {}", v1::HANDLING);
  EXPECT_EQ(At(life_, "2024-03-20", v1::REPLY), "VOID open");
  EXPECT_EQ(At(life_, "2024-03-20", v1::CORRECTION_PERIOD), "VOID 2024-03-19");
  Do("2024-03-21", R"(draft_reply { outcome: CORRECTION_ABANDONED
        text: "不再处理" review_organ: "市人民政府" court: "某法院" })",
     v1::HANDLING);
  life_.Review("2024-03-21");
  life_.Sign("2024-03-22");
  life_.Dispatch("2024-03-22");
  life_.Serve("2024-03-25");
  life_.Close("2024-03-25");
  Archive("2024-03-26");
  EXPECT_EQ(life_.c().outcome, v1::CORRECTION_ABANDONED);
}

TEST_F(WholeLife, HandedOverTheSignatureDecidesAndTheLastDayCounts) {
  Answer("2024-03-29");
  Do("2024-03-29", "dispatch { carrier: HAND_OVER }", v1::DISPATCHED);
  EXPECT_EQ(At(life_, "2024-03-29", v1::REPLY), "RUNNING 2024-03-29");
  const Life sent = life_;
  Do("2024-03-29", "record_service { outcome: DELIVERED }", v1::SERVED);
  EXPECT_EQ(At(life_, "2024-04-30", v1::REPLY), "MET 2024-03-29");

  life_ = sent;
  Do("2024-04-01", "record_service { outcome: DELIVERED }", v1::SERVED);
  EXPECT_EQ(At(life_, "2024-04-30", v1::REPLY), "MET_LATE 2024-03-29");
}

// The day is that of Shanghai: the last second of it is in time.
TEST_F(WholeLife, PostedOnDay20AtNightCountsAndOnDay21IsLate) {
  Answer("2024-03-29");
  const Life ready = life_;
  const absl::Time night =
      absl::FromCivil(absl::CivilSecond(2024, 3, 29, 23, 59, 59),
                      absl::FixedTimeZone(8 * 60 * 60));
  Do(FormatDay(ShanghaiDay(night)), "dispatch { carrier: POST_EMS }",
     v1::DISPATCHED);
  EXPECT_EQ(At(life_, "2024-04-30", v1::REPLY), "MET 2024-03-29");

  life_ = ready;
  // The next working day is Monday; on the weekend before it is late as well.
  for (const std::string late : {"2024-03-30", "2024-04-01"}) {
    life_ = ready;
    Do(late, "dispatch { carrier: POST_EMS }", v1::DISPATCHED);
    EXPECT_EQ(At(life_, "2024-04-30", v1::REPLY), "MET_LATE 2024-03-29");
    const auto limits = life_.Limits(life_.today);
    EXPECT_EQ(law::FindLimit(limits, v1::REPLY)->late_by, 1);
  }
}

TEST_F(WholeLife, ReturnedSentAgainAndDeemedServed) {
  Answer("2024-03-27");
  Do("2024-03-28", "dispatch { carrier: POST_EMS }", v1::DISPATCHED);
  Do("2024-04-08", "record_service { outcome: RETURNED }", v1::DISPATCHED);
  EXPECT_TRUE(life_.c().sending_failed);
  Do("2024-04-09", "dispatch { carrier: POST_REGISTERED }", v1::DISPATCHED);
  EXPECT_FALSE(life_.c().sending_failed);
  Do("2024-04-22", "record_service { outcome: REFUSED_BY_ADDRESSEE }",
     v1::DISPATCHED);
  EXPECT_EQ(At(life_, "2024-04-22", v1::REVIEW_APPLICATION), "none");
  Do("2024-04-29", R"(record_service { outcome: DEEMED basis: "留置送达" })",
     v1::SERVED);
  // The first sending made the reply timely; the last service opens remedies.
  EXPECT_EQ(At(life_, "2024-04-29", v1::REPLY), "MET 2024-03-29");
  EXPECT_EQ(At(life_, "2024-04-29", v1::REVIEW_APPLICATION),
            "RUNNING 2024-06-28");
}

TEST_F(WholeLife, MergedOrWithdrawnNothingIsOwedAnyMore) {
  const Life open = life_;
  for (const std::string act :
       {R"(link { kind: MERGED_INTO other_case: "TEST-2024-00002"
                  reason: "同一申请" })",
        R"(withdraw { note: "书面撤回" })"}) {
    life_ = open;
    Do("2024-03-12", act, v1::CLOSED);
    EXPECT_EQ(life_.c().outcome, v1::OTHER_OUTCOME);
    EXPECT_EQ(At(life_, "2024-06-01", v1::REPLY), "VOID 2024-03-29");
    Archive("2024-03-13");
  }
}

TEST_F(WholeLife, AnotherOfficerTakesOverAndNoLimitMoves) {
  Do("2024-03-04", R"(assign { officer: "sun" department: "fagui" })",
     v1::HANDLING);
  Do("2024-03-05", R"(log_contact { reached: true note: "已电话沟通" })",
     v1::HANDLING);
  EXPECT_EQ(life_.c().officer, "sun");
  EXPECT_EQ(life_.c().department, "fagui");
  EXPECT_EQ(At(life_, "2024-03-05", v1::REPLY), "RUNNING 2024-03-29");
}

TEST_F(WholeLife, AnOrdinaryLetterStartsNoClockUntilItIsConfirmed) {
  life_ = Life();
  Do("2024-03-01", R"(receive { applicant_kind: NATURAL_PERSON
        channel: MAIL_ORDINARY applicant { name: "赵甲" } content: "某" })",
     v1::AWAITING_CONFIRMATION);
  EXPECT_EQ(At(life_, "2024-03-01", v1::MAIL_CONFIRMATION),
            "RUNNING 2024-03-01");
  EXPECT_EQ(At(life_, "2024-03-04", v1::REPLY), "none");
  Do("2024-03-08", "confirm_receipt {}", v1::RECEIVED);
  EXPECT_EQ(At(life_, "2024-03-08", v1::MAIL_CONFIRMATION),
            "MET_LATE 2024-03-01");
  EXPECT_EQ(At(life_, "2024-03-08", v1::REPLY), "RUNNING 2024-04-08");
}

// The notice of 2020-01-26 made three working days of the coming week days off.
class January2020 : public ::testing::Test {
 protected:
  absl::StatusOr<Decision> ApplyTo(const Life& life) {
    v1::Actor clock;
    clock.set_capacity(v1::CLOCK);
    const absl::CivilDay day(2020, 1, 27);
    const auto before =
        TheCalendar().AsPublishedOn(absl::CivilDay(2020, 1, 25));
    const auto after = TheCalendar().AsPublishedOn(day);
    const auto limits =
        law::DeriveLimits(life.c().facts, TheRulebook(), *after, {}, day);
    return Decide(Matter{life.c(), life.history(), act_, clock, day, day,
                         TheRulebook(), *after, life.terms, limits, &*before});
  }
  const v1::Act act_ = ActOf(R"(apply_calendar { calendar_version: "2+0" })");
};

TEST_F(January2020, TheChangeIsRecordedWithBothDates) {
  const Life life = InHand("2020-01-15");
  const auto decision = ApplyTo(life);
  ASSERT_TRUE(decision.ok()) << decision.status();
  const v1::CalendarChange& change = decision->event.calendar_applied();
  EXPECT_EQ(change.calendar_version(), "2+0");
  ASSERT_EQ(change.moves_size(), 1) << change.DebugString();
  EXPECT_EQ(change.moves(0).kind(), v1::REPLY);
  EXPECT_EQ(change.moves(0).old_date(), "2020-02-17");
  EXPECT_EQ(change.moves(0).new_date(), "2020-02-19");
  EXPECT_FALSE(change.moves(0).new_provisional());
}

TEST_F(January2020, WhatEndedBeforeDoesNotMove) {
  EXPECT_EQ(ReasonOf(ApplyTo(InHand("2019-12-20")).status()), "NOTHING_MOVES");
}

TEST_F(January2020, AClosedCaseDoesNotMove) {
  Life life = ServedOn("2020-01-15");
  life.Close("2020-01-16");
  EXPECT_EQ(ReasonOf(ApplyTo(life).status()), "NOT_IN_THIS_PHASE");
}

}  // namespace
}  // namespace gongkai::casework
