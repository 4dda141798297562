// SPDX-License-Identifier: Apache-2.0
// One refusal per condition, by the fact that breaks it, and beside it the
// neighbour that is lawful: receipt, correction, excessive use (REG 30, 31,
// 35).
//
// Cases are received on Friday 2024-03-01: 7 working days end on 03-12, 20 on
// 03-29.
#include <gtest/gtest.h>

#include "services/base/refusal.h"
#include "tests/casework/life.h"

namespace gongkai::casework {
namespace {

std::string Application(const std::string& rest) {
  return R"(receive { applicant_kind: NATURAL_PERSON applicant { name: "赵甲" }
              content: "某文件" )" +
         rest + " }";
}

// The correction notice of 03-05, served at once: 10 working days end on 03-19.
Life AwaitingCorrection() {
  Life life = InHand("2024-03-01");
  EXPECT_EQ(ReasonOf(life.Handle("2024-03-05", R"(require_correction {
                items: "请写明文号" served_at_once: true })")),
            "OK");
  return life;
}

Life Abandoned() {
  Life life = AwaitingCorrection();
  EXPECT_EQ(ReasonOf(life.Handle("2024-03-20", "lapse_correction {}")), "OK");
  return life;
}

TEST(Dates, ADayAfterTodayIsRefused) {
  Life life;
  life.today = absl::CivilDay(2024, 3, 1);
  EXPECT_EQ(
      ReasonOf(life.Handle("2024-03-02", Application("channel: IN_PERSON"))),
      "DATE_IN_FUTURE");
  EXPECT_EQ(
      ReasonOf(life.Handle("2024-03-01", Application("channel: IN_PERSON"))),
      "OK");
}

TEST(Dates, AnActBeforeTheLastOneOfTheMainLineIsRefused) {
  Life life = InHand("2024-03-04");
  const std::string notice = R"(require_correction { items: "项" })";
  EXPECT_EQ(ReasonOf(life.Handle("2024-03-03", notice)),
            "DATE_BEFORE_PREVIOUS");
  EXPECT_EQ(ReasonOf(life.Handle("2024-03-04", notice)), "OK");
}

TEST(Dates, AnActAsideMayLieBeforeTheLastOneButNotBeforeReceipt) {
  Life life;
  life.Receive("2024-03-01");
  life.Register("2024-03-05");
  const std::string search =
      R"(record_search { scope: "档案室" result: "无" })";
  EXPECT_EQ(ReasonOf(life.Handle("2024-02-29", search)),
            "DATE_BEFORE_PREVIOUS");
  EXPECT_EQ(ReasonOf(life.Handle("2024-03-01", search)), "OK");
}

TEST(Article31, AReceiptDayThatContradictsTheChannelIsRefused) {
  const auto receive = [](const std::string& rest) {
    return ReasonOf(Life().Handle("2024-03-01", Application(rest)));
  };
  for (const std::string channel : {"IN_PERSON", "MAIL_SIGNED"}) {
    EXPECT_EQ(receive("channel: " + channel + R"( receipt_date: "2024-03-04")"),
              "RECEIPT_CONTRADICTS_CHANNEL");
    EXPECT_EQ(receive("channel: " + channel + R"( receipt_date: "2024-03-01")"),
              "OK");
  }
  for (const std::string channel : {"MAIL_ORDINARY", "WEB", "FAX", "EMAIL"}) {
    const std::string day =
        "channel: " + channel + R"( receipt_date: "2024-03-01")";
    EXPECT_EQ(receive(day), "RECEIPT_CONTRADICTS_CHANNEL");
    EXPECT_EQ(receive(day + " confirmed_on_arrival: true"), "OK");
  }
}

TEST(Article31, APostingDayAfterArrivalIsRefused) {
  const auto receive = [](const std::string& rest) {
    return ReasonOf(Life().Handle("2024-03-01", Application(rest)));
  };
  EXPECT_EQ(receive(R"(channel: MAIL_SIGNED sent_date: "2024-03-02")"),
            "DATE_BEFORE_PREVIOUS");
  EXPECT_EQ(receive(R"(channel: MAIL_SIGNED sent_date: "2024-03-01")"), "OK");
}

TEST(Article31, OnlyAnUnconfirmedApplicationIsConfirmed) {
  Life web;
  ASSERT_EQ(ReasonOf(web.Handle("2024-03-01", Application("channel: WEB"))),
            "OK");
  EXPECT_EQ(web.c().phase, v1::AWAITING_CONFIRMATION);
  EXPECT_EQ(ReasonOf(web.Handle("2024-03-01", R"(register { officer: "li" })")),
            "NOT_IN_THIS_PHASE");
  EXPECT_EQ(ReasonOf(web.Handle("2024-03-04", "confirm_receipt {}")), "OK");
  EXPECT_EQ(ReasonOf(web.Handle("2024-03-05", "confirm_receipt {}")),
            "NOT_IN_THIS_PHASE");
}

TEST(Article30, ACorrectionNoticeAfterSevenWorkingDaysIsRefused) {
  const std::string notice = R"(require_correction { items: "请写明文号" })";
  Life late = InHand("2024-03-01");
  const absl::Status refused = late.Handle("2024-03-13", notice);
  EXPECT_EQ(ReasonOf(refused), "CORRECTION_NOTICE_TOO_LATE");
  EXPECT_EQ(LastDayOf(refused), "2024-03-12");
  EXPECT_EQ(RefusalOf(refused)->article(), "REG 30");
  EXPECT_EQ(late.c().phase, v1::HANDLING);

  Life inside = InHand("2024-03-01");
  EXPECT_EQ(ReasonOf(inside.Handle("2024-03-12", notice)), "OK");
}

TEST(Article30, OnlyASupervisorLetsALateNoticeOutAndTheReplyLimitStays) {
  const std::string notice = R"(require_correction {
      items: "请写明文号" override_reason: "申请人要求" })";
  Life life = InHand("2024-03-01");
  const absl::Status refused = life.Handle("2024-03-13", notice);
  EXPECT_EQ(ReasonOf(refused), "OVERRIDE_NEEDS_SUPERVISOR");
  EXPECT_EQ(LastDayOf(refused), "2024-03-12");

  ASSERT_EQ(ReasonOf(life.Do(v1::SUPERVISOR, "zhou", "2024-03-13", notice)),
            "OK");
  EXPECT_EQ(life.Due(v1::REPLY), "2024-03-29");
  ASSERT_EQ(ReasonOf(life.Handle("2024-03-18",
                                 "accept_correction { channel: IN_PERSON }")),
            "OK");
  EXPECT_EQ(life.Due(v1::REPLY), "2024-03-29");
}

TEST(Article30, ASupervisorWithoutAReasonMayNotOverride) {
  Life life = InHand("2024-03-01");
  EXPECT_EQ(ReasonOf(life.Do(v1::SUPERVISOR, "zhou", "2024-03-13",
                             R"(require_correction { items: "项" })")),
            "CORRECTION_NOTICE_TOO_LATE");
}

TEST(Article30, ASecondCorrectionNoticeIsRefused) {
  Life life = AwaitingCorrection();
  ASSERT_EQ(ReasonOf(life.Handle("2024-03-08",
                                 "accept_correction { channel: IN_PERSON }")),
            "OK");
  EXPECT_EQ(ReasonOf(life.Handle("2024-03-11",
                                 R"(require_correction { items: "又一项" })")),
            "CORRECTION_ALREADY_REQUIRED");
}

TEST(Article30, ACorrectionPeriodOutOfBoundsIsRefused) {
  const auto notice = [](const std::string& days) {
    return ReasonOf(InHand("2024-03-01")
                        .Handle("2024-03-05", R"(require_correction {
                            items: "项" period_days: )" +
                                                  days + " }"));
  };
  EXPECT_EQ(notice("4"), "PERIOD_OUT_OF_BOUNDS");
  EXPECT_EQ(notice("5"), "OK");
  EXPECT_EQ(notice("15"), "OK");
  EXPECT_EQ(notice("16"), "PERIOD_OUT_OF_BOUNDS");
}

TEST(Article30, ACorrectionAfterThePeriodNeedsAGoodReason) {
  const std::string plain = "accept_correction { channel: IN_PERSON }";
  Life late = AwaitingCorrection();
  const absl::Status refused = late.Handle("2024-03-20", plain);
  EXPECT_EQ(ReasonOf(refused), "CORRECTION_CAME_LATE");
  EXPECT_EQ(LastDayOf(refused), "2024-03-19");
  EXPECT_EQ(ReasonOf(late.Handle("2024-03-20", R"(accept_correction {
                         channel: IN_PERSON good_reason: "住院" })")),
            "OK");

  Life inside = AwaitingCorrection();
  EXPECT_EQ(ReasonOf(inside.Handle("2024-03-19", plain)), "OK");
}

TEST(Article30, ACorrectionDoesNotLapseBeforeItsPeriodIsOver) {
  Life life = AwaitingCorrection();
  const absl::Status refused = life.Handle("2024-03-19", "lapse_correction {}");
  EXPECT_EQ(ReasonOf(refused), "PERIOD_NOT_OVER");
  EXPECT_EQ(LastDayOf(refused), "2024-03-19");
  EXPECT_EQ(ReasonOf(life.Handle("2024-03-20", "lapse_correction {}")), "OK");
}

TEST(Article30, ACorrectionWhoseNoticeWasNeverServedDoesNotLapse) {
  Life life = InHand("2024-03-01");
  ASSERT_EQ(ReasonOf(life.Handle("2024-03-05",
                                 R"(require_correction { items: "项" })")),
            "OK");
  EXPECT_EQ(ReasonOf(life.Handle("2024-12-31", "lapse_correction {}")),
            "PERIOD_NOT_OVER");
  ASSERT_EQ(ReasonOf(life.Handle("2024-03-07", R"(record_service {
                letter: THE_CORRECTION_NOTICE outcome: DELIVERED })")),
            "OK");
  EXPECT_EQ(ReasonOf(life.Handle("2024-12-31", "lapse_correction {}")), "OK");
}

TEST(Article30, AnAbandonedApplicationIsOnlyToldSo) {
  Life life = Abandoned();
  for (const std::string act :
       {R"(require_correction { items: "项" })",
        R"(ask_reasons { facts: "多" period_days: 5 })",
        R"(defer_reply { until_date: "2024-06-28" reason: "多" })",
        R"(charge_fee { basis: BY_PAGE pages: 31 amount_fen: 1000 })",
        R"(consult { kind: CO_MAKER addressee: "某局" question: "问" })",
        R"(request_extension { working_days: 5 reason: "多" })",
        R"(draft_reply { outcome: DISCLOSED text: "文" access: "附"
             review_organ: "甲" court: "乙" })",
        R"(draft_reply { outcome: PAYMENT_ABANDONED text: "文"
             review_organ: "甲" court: "乙" })"}) {
    EXPECT_EQ(ReasonOf(life.Handle("2024-03-21", act)), "APPLICATION_ABANDONED")
        << act;
  }
  EXPECT_EQ(ReasonOf(life.Handle("2024-03-21", R"(draft_reply {
                outcome: CORRECTION_ABANDONED text: "不再处理"
                review_organ: "甲" court: "乙" })")),
            "OK");
}

TEST(Article35, ReasonsAreAskedOnce) {
  Life life = InHand("2024-03-01");
  const std::string ask = R"(ask_reasons { facts: "本月第40件" period_days: 5
                                           served_at_once: true })";
  ASSERT_EQ(ReasonOf(life.Handle("2024-03-05", ask)), "OK");
  ASSERT_EQ(ReasonOf(life.Handle("2024-03-07",
                                 R"(accept_reasons { verdict: REASONABLE
                                      note: "研究所需" })")),
            "OK");
  EXPECT_EQ(ReasonOf(life.Handle("2024-03-08", ask)), "REASONS_ALREADY_ASKED");
}

TEST(Article35, ReasonsAreNotMissingBeforeTheirPeriodIsOver) {
  Life life = InHand("2024-03-01");
  ASSERT_EQ(ReasonOf(life.Handle("2024-03-05",
                                 R"(ask_reasons { facts: "多" period_days: 5
                                      served_at_once: true })")),
            "OK");
  const std::string none =
      R"(accept_reasons { verdict: NONE_GIVEN note: "无" })";
  const absl::Status refused = life.Handle("2024-03-12", none);
  EXPECT_EQ(ReasonOf(refused), "PERIOD_NOT_OVER");
  EXPECT_EQ(LastDayOf(refused), "2024-03-12");
  EXPECT_EQ(ReasonOf(life.Handle("2024-03-13", none)), "OK");
}

TEST(Article35, AReplyIsDeferredOnlyAfterReasonableReasons) {
  const std::string defer =
      R"(defer_reply { until_date: "2024-05-31" reason: "件数多" })";
  Life unasked = InHand("2024-03-01");
  EXPECT_EQ(ReasonOf(unasked.Handle("2024-03-05", defer)),
            "REASONS_NOT_REASONABLE");
  for (const std::string verdict : {"UNREASONABLE", "REASONABLE"}) {
    Life life = InHand("2024-03-01");
    ASSERT_EQ(
        ReasonOf(life.Handle("2024-03-05",
                             R"(ask_reasons { facts: "多" period_days: 5 })")),
        "OK");
    ASSERT_EQ(
        ReasonOf(life.Handle("2024-03-07", "accept_reasons { verdict: " +
                                               verdict + R"( note: "审查" })")),
        "OK");
    EXPECT_EQ(ReasonOf(life.Handle("2024-03-08", defer)),
              verdict == "REASONABLE" ? "OK" : "REASONS_NOT_REASONABLE");
  }
}

class Deferral : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_EQ(ReasonOf(life_.Handle("2024-03-05",
                                    R"(ask_reasons { facts: "多"
                                         period_days: 5 })")),
              "OK");
    ASSERT_EQ(ReasonOf(life_.Handle("2024-03-07",
                                    R"(accept_reasons { verdict: REASONABLE
                                         note: "研究所需" })")),
              "OK");
  }
  std::string Defer(std::string_view date, const std::string& until) {
    const absl::Status status =
        life_.Handle(date, R"(defer_reply { reason: "件数多" until_date: ")" +
                               until + R"(" })");
    last_day_ = LastDayOf(status);
    return ReasonOf(status);
  }
  Life life_ = InHand("2024-03-01");
  std::string last_day_;
};

TEST_F(Deferral, ToADayNotAfterTheLimitIsRefused) {
  EXPECT_EQ(Defer("2024-03-08", "2024-03-29"), "DEFERRAL_NOT_LATER");
  EXPECT_EQ(Defer("2024-03-08", "2024-03-30"), "OK");
}

TEST_F(Deferral, AfterTheReplyLimitIsRefused) {
  EXPECT_EQ(Defer("2024-04-01", "2024-05-31"), "LIMIT_HAS_PASSED");
  EXPECT_EQ(last_day_, "2024-03-29");
  EXPECT_EQ(Defer("2024-03-29", "2024-05-31"), "OK");
}

TEST_F(Deferral, ASecondTimeIsRefused) {
  ASSERT_EQ(Defer("2024-03-08", "2024-05-31"), "OK");
  EXPECT_EQ(Defer("2024-03-11", "2024-06-28"), "REPLY_ALREADY_DEFERRED");
}

// Every try to reach the applicant is kept, also when it is entered after he
// was reached (reading A5).
TEST(Article31, ATryBeforeTheConfirmationMayBeNotedAfterIt) {
  Life life;
  ASSERT_EQ(ReasonOf(life.Handle("2024-03-01",
                                 Application("channel: MAIL_ORDINARY"))),
            "OK");
  ASSERT_EQ(ReasonOf(life.Handle("2024-03-08", "confirm_receipt {}")), "OK");
  const std::string tried = R"(log_contact { note: "无人接听" })";
  EXPECT_EQ(ReasonOf(life.Handle("2024-02-29", tried)), "DATE_BEFORE_PREVIOUS");
  EXPECT_EQ(ReasonOf(life.Handle("2024-03-04", tried)), "OK");
}

}  // namespace
}  // namespace gongkai::casework
