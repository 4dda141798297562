// SPDX-License-Identifier: Apache-2.0
// Cases of an earlier register: what may be taken in, what it becomes, and that
// what is still open goes on.
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "services/base/dates.h"
#include "services/base/refusal.h"
#include "services/casework/view.h"
#include "services/law/replies.h"
#include "tests/casework/life.h"

namespace gongkai::casework {
namespace {

constexpr char kClosed[] =
    R"(number: "XGK-2023-0007" applicant_kind: NATURAL_PERSON
       receipt_date: "2023-03-01" finished_date: "2023-03-20"
       outcome: DISCLOSED document_number: "某〔2023〕7号"
       served_date: "2023-03-23")";
constexpr char kOpen[] =
    R"(number: "XGK-2024-0001" applicant_kind: ENTERPRISE
       receipt_date: "2024-03-01")";

class PastCaseTest : public ::testing::Test {
 protected:
  // The reason and, after it, the field that is blamed.
  std::string Import(const std::string& fields, const std::string& more = "") {
    v1::Act act =
        ActOf(absl::StrCat("import_case { ", fields, " ", more, " }"));
    v1::Actor actor;
    actor.set_account("zhang");
    actor.set_person("zhang");
    actor.set_capacity(v1::DISCLOSURE_HEAD);
    life_ = Life();
    life_.today = absl::CivilDay(2024, 4, 30);
    const absl::Status status =
        life_.Do(actor, DayOf(act.import_case().receipt_date()), act);
    if (status.ok()) {
      EXPECT_TRUE(CheckInvariants(life_.c()).ok())
          << CheckInvariants(life_.c());
    }
    return Told(status);
  }

  static std::string Told(const absl::Status& status) {
    const auto refusal = RefusalOf(status);
    if (!refusal || refusal->field().empty()) return ReasonOf(status);
    return absl::StrCat(ReasonOf(status), " of ", refusal->field());
  }

  const Case& c() const { return life_.c(); }

  Life life_;
};

TEST_F(PastCaseTest, AFinishedOneIsClosedAsItWas) {
  ASSERT_EQ(Import(kClosed, R"(officer: "li" department: "XX")"), "OK");
  EXPECT_EQ(c().number, "XGK-2023-0007");
  EXPECT_EQ(c().phase, v1::CLOSED);
  EXPECT_TRUE(c().done());
  EXPECT_EQ(c().outcome, v1::DISCLOSED);
  EXPECT_EQ(c().officer, "li");
  EXPECT_EQ(c().department, "XX");
  EXPECT_EQ(c().facts.received, absl::CivilDay(2023, 3, 1));
  ASSERT_TRUE(c().facts.reply.has_value());
  EXPECT_EQ(c().facts.reply->dispatched, absl::CivilDay(2023, 3, 20));
  EXPECT_EQ(c().facts.reply->served, absl::CivilDay(2023, 3, 23));
  EXPECT_EQ(c().main_day, absl::CivilDay(2023, 3, 23));
  const auto limits = life_.Limits(life_.today);
  const law::Limit* reply = law::FindLimit(limits, v1::REPLY);
  ASSERT_NE(reply, nullptr);
  EXPECT_EQ(reply->state, v1::MET);
  EXPECT_EQ(reply->due, absl::CivilDay(2023, 3, 29));
  // Nothing of it is left to be done before the archive.
  for (const law::Limit& limit : limits) {
    EXPECT_FALSE(limit.whose == v1::AGENCY_DUTY && limit.live())
        << v1::LimitKind_Name(limit.kind);
  }
  EXPECT_EQ(ReasonOf(life_.Do(v1::ARCHIVIST, "wu", "2024-04-02",
                              "archive { retention: TEN_YEARS }")),
            "OK");
}

TEST_F(PastCaseTest, ALateOneIsLate) {
  ASSERT_EQ(Import(R"(number: "A-1" applicant_kind: OTHER_ORGANISATION
                      receipt_date: "2023-03-01" finished_date: "2023-04-03"
                      outcome: REFUSED grounds: INTERNAL_AFFAIRS)"),
            "OK");
  const auto limits = life_.Limits(life_.today);
  const law::Limit* reply = law::FindLimit(limits, v1::REPLY);
  EXPECT_EQ(reply->state, v1::MET_LATE);
  EXPECT_EQ(reply->late_by, 3);
}

TEST_F(PastCaseTest, CorrectionAndExtensionMoveItsLimitAsTheyDid) {
  ASSERT_EQ(Import(kOpen, R"(corrected_date: "2024-03-15" extension_days: 10
                             extension_notice_date: "2024-04-08")"),
            "OK");
  // Twenty working days from the corrected application, and ten.
  EXPECT_EQ(life_.Due(v1::REPLY), "2024-04-28");
  ASSERT_EQ(Import(kOpen), "OK");
  EXPECT_EQ(life_.Due(v1::REPLY), "2024-03-29");
}

TEST_F(PastCaseTest, AnOpenOneGoesOnByOrdinaryActs) {
  ASSERT_EQ(Import(kOpen), "OK");
  EXPECT_EQ(c().phase, v1::RECEIVED);
  ASSERT_EQ(ReasonOf(life_.Handle("2024-03-05", R"(register {
                                   officer: "li" department: "XX" })")),
            "OK");
  // It was in a register since its receipt.
  EXPECT_EQ(c().facts.registered, absl::CivilDay(2024, 3, 1));
  EXPECT_EQ(ReasonOf(life_.Handle("2024-02-29", R"(record_search {
                                   scope: "库" keywords: "词" })")),
            "DATE_BEFORE_PREVIOUS");
  life_.Draft("2024-03-06");
  life_.Review("2024-03-06");
  life_.Sign("2024-03-06");
  life_.Dispatch("2024-03-07");
  life_.Serve("2024-03-08");
  life_.Close("2024-03-08");
  EXPECT_EQ(c().phase, v1::CLOSED);
  EXPECT_EQ(ReasonOf(life_.Do(v1::ARCHIVIST, "wu", "2024-04-02",
                              "archive { retention: TEN_YEARS }")),
            "OK");
}

TEST_F(PastCaseTest, AFeeThatIsDueIsAwaited) {
  const std::string fee = R"(fee_basis: BY_PAGE fee_fen: 1000
                             fee_notice_date: "2024-03-06")";
  ASSERT_EQ(Import(kOpen, fee), "OK");
  EXPECT_EQ(c().phase, v1::AWAITING_PAYMENT);
  EXPECT_EQ(c().fee_fen, 1000);
  ASSERT_EQ(ReasonOf(life_.Handle("2024-03-12", "accept_payment {}")), "OK");
  EXPECT_EQ(c().phase, v1::HANDLING);
  // Counted afresh from the payment (REG 42).
  EXPECT_EQ(life_.Due(v1::REPLY), "2024-04-10");
  ASSERT_EQ(Import(kOpen, fee + R"(fee_paid_date: "2024-03-12")"), "OK");
  EXPECT_EQ(c().phase, v1::RECEIVED);
  EXPECT_EQ(life_.Due(v1::REPLY), "2024-04-10");
}

TEST_F(PastCaseTest, WhatEndedWithoutAReplyFellAway) {
  const std::string ended = R"(number: "A-1" applicant_kind: RESEARCH
      receipt_date: "2023-03-01" finished_date: "2023-03-10"
      outcome: OTHER_OUTCOME )";
  ASSERT_EQ(Import(ended), "OK");
  EXPECT_EQ(c().facts.withdrawn, absl::CivilDay(2023, 3, 10));
  EXPECT_FALSE(c().facts.reply.has_value());
  // With a paper it was a reply.
  ASSERT_EQ(Import(ended, R"(document_number: "某〔2023〕9号")"), "OK");
  EXPECT_FALSE(c().facts.withdrawn.has_value());
  EXPECT_TRUE(c().facts.reply.has_value());
}

TEST_F(PastCaseTest, AnAbandonedOneLapsed) {
  ASSERT_EQ(Import(R"(number: "A-1" applicant_kind: NATURAL_PERSON
      receipt_date: "2023-03-01" finished_date: "2023-05-10"
      outcome: CORRECTION_ABANDONED)"),
            "OK");
  EXPECT_TRUE(c().abandoned());
  const auto limits = life_.Limits(life_.today);
  EXPECT_EQ(law::FindLimit(limits, v1::REPLY)->late_by, 0);
  ASSERT_EQ(Import(R"(number: "A-1" applicant_kind: NATURAL_PERSON
      receipt_date: "2023-03-01" finished_date: "2023-05-10"
      fee_basis: BY_ITEM fee_fen: 10000 fee_notice_date: "2023-03-10"
      outcome: PAYMENT_ABANDONED)"),
            "OK");
  EXPECT_TRUE(c().abandoned());
}

TEST_F(PastCaseTest, EveryRowOfTheReturnCanBeReached) {
  struct Way {
    const char* outcome;
    const char* row;
  };
  for (const Way& way : {
           Way{"DISCLOSED", "r3"},
           {"ALREADY_PUBLIC", "r3"},
           {"PARTIAL grounds: BUSINESS_SECRET", "r4"},
           {"REFUSED grounds: STATE_SECRET", "r5"},
           {"REFUSED grounds: FORBIDDEN_BY_LAW", "r6"},
           {"REFUSED grounds: THREE_SECURITIES", "r7"},
           {"REFUSED grounds: PERSONAL_PRIVACY", "r8"},
           {"REFUSED grounds: INTERNAL_AFFAIRS", "r9"},
           {"REFUSED grounds: PROCESS_INFORMATION", "r10"},
           {"REFUSED grounds: ENFORCEMENT_FILE", "r11"},
           {"SPECIAL_REGIME", "r12"},
           {"DOES_NOT_EXIST", "r13"},
           {"NOT_THIS_AGENCY", "r13"},
           {"NEEDS_PROCESSING", "r14"},
           {"STILL_UNCLEAR", "r15"},
           {"PETITION", "r16"},
           {"REPEATED", "r17"},
           {"PUBLICATION", "r18"},
           {"EXCESSIVE", "r19"},
           {"CONFIRMATION_DEMANDED", "r20"},
           {"CORRECTION_ABANDONED", "r21"},
           {"PAYMENT_ABANDONED", "r22"},
           {"OTHER_OUTCOME", "r23"},
       }) {
    ASSERT_EQ(Import(absl::StrCat(
                  R"(number: "A-1" applicant_kind: NATURAL_PERSON
               receipt_date: "2023-03-01" finished_date: "2023-03-20"
               outcome: )",
                  way.outcome)),
              "OK")
        << way.outcome;
    const auto rule = law::RuleOfReply(TheRulebook(), *c().facts.received,
                                       c().outcome, c().grounds, "", "");
    ASSERT_TRUE(rule.ok());
    EXPECT_EQ(rule->return_row, way.row) << way.outcome;
  }
}

TEST_F(PastCaseTest, DaysThatContradictEachOtherAreNamed) {
  const std::string misfit = "PAST_DATES_MISFIT of past_case.";
  const std::string future = "DATE_IN_FUTURE of past_case.";
  EXPECT_EQ(Import(R"(number: "A-1" receipt_date: "2008-04-30")"),
            misfit + "receipt_date");
  EXPECT_EQ(Import(R"(number: "A-1" receipt_date: "2008-05-01")"), "OK");
  EXPECT_EQ(Import(kOpen, R"(corrected_date: "2024-02-29")"),
            misfit + "corrected_date");
  EXPECT_EQ(Import(kOpen, R"(corrected_date: "2024-05-01")"),
            future + "corrected_date");
  EXPECT_EQ(Import(kOpen, R"(corrected_date: "2024-03-15" extension_days: 5
                             extension_notice_date: "2024-03-14")"),
            misfit + "extension_notice_date");
  EXPECT_EQ(Import(kOpen, R"(outcome: DISCLOSED finished_date: "2024-02-01")"),
            misfit + "finished_date");
  EXPECT_EQ(Import(kOpen, R"(outcome: DISCLOSED finished_date: "2024-03-08"
                             served_date: "2024-03-07")"),
            misfit + "served_date");
  EXPECT_EQ(Import(kOpen, R"(outcome: DISCLOSED finished_date: "2024-05-08")"),
            future + "finished_date");
}

TEST_F(PastCaseTest, OutcomeAndGroundsFit) {
  const std::string invalid = "FIELD_INVALID of past_case.";
  const std::string ended = R"(finished_date: "2024-03-08" )";
  EXPECT_EQ(Import(kOpen, ended), invalid + "outcome");
  EXPECT_EQ(Import(kOpen, "outcome: DISCLOSED"), invalid + "finished_date");
  EXPECT_EQ(Import(kOpen, "grounds: INTERNAL_AFFAIRS"), invalid + "grounds");
  EXPECT_EQ(Import(kOpen, R"(document_number: "某〔2024〕1号")"),
            invalid + "document_number");
  EXPECT_EQ(Import(kOpen, R"(served_date: "2024-03-09")"),
            invalid + "served_date");
  EXPECT_EQ(Import(kOpen, ended + "outcome: REFUSED"),
            "GROUND_MISFIT of past_case.grounds");
  EXPECT_EQ(Import(kOpen, ended + "outcome: DISCLOSED grounds: STATE_SECRET"),
            "GROUND_MISFIT of past_case.grounds");
  EXPECT_EQ(Import(kOpen, ended + R"(outcome: CORRECTION_ABANDONED
                                     corrected_date: "2024-03-05")"),
            "PAST_DATES_MISFIT of past_case.corrected_date");
}

TEST_F(PastCaseTest, FeesAndExtensionsAreWhole) {
  const std::string invalid = "FIELD_INVALID of past_case.";
  EXPECT_EQ(Import(kOpen, "extension_days: 10"),
            invalid + "extension_notice_date");
  EXPECT_EQ(Import(kOpen, R"(extension_notice_date: "2024-03-20")"),
            invalid + "extension_days");
  EXPECT_EQ(Import(kOpen, "fee_fen: 100"), invalid + "fee_basis");
  EXPECT_EQ(Import(kOpen, R"(fee_paid_date: "2024-03-20")"),
            invalid + "fee_basis");
  EXPECT_EQ(Import(kOpen, "fee_basis: BY_PAGE"), invalid + "fee_fen");
  EXPECT_EQ(Import(kOpen, "fee_basis: BY_PAGE fee_fen: 100"),
            invalid + "fee_notice_date");
  EXPECT_EQ(Import(kOpen, R"(fee_basis: BY_PAGE fee_fen: 100
                             fee_notice_date: "2024-03-20"
                             fee_paid_date: "2024-03-19")"),
            "PAST_DATES_MISFIT of past_case.fee_paid_date");
  EXPECT_EQ(Import(kClosed, R"(fee_basis: BY_PAGE fee_fen: 100
                               fee_notice_date: "2023-03-21")"),
            "PAST_DATES_MISFIT of past_case.finished_date");
  EXPECT_EQ(Import(kOpen, R"(fee_basis: BY_PAGE fee_fen: 100
                             fee_notice_date: "2024-03-20"
                             fee_paid_date: "2024-03-22"
                             finished_date: "2024-03-25"
                             outcome: PAYMENT_ABANDONED)"),
            "PAST_DATES_MISFIT of past_case.fee_paid_date");
}

TEST_F(PastCaseTest, DocketsBecomeWhatTheyWere) {
  ASSERT_EQ(Import(kClosed, R"(
      dockets { kind: ADMINISTRATIVE_REVIEW docket_number: "沪府复字〔2023〕1号"
                opened_date: "2023-04-01" decided_date: "2023-05-20"
                result: REVOKED rectified: true }
      dockets { kind: LAWSUIT opened_date: "2023-06-01"
                decided_date: "2023-09-01" result: CLAIM_DISMISSED }
      dockets { kind: LAWSUIT instance: 2 opened_date: "2023-09-15" })"),
            "OK");
  ASSERT_EQ(c().facts.dockets.size(), 3u);
  EXPECT_EQ(c().facts.dockets[0].result, v1::REVOKED);
  EXPECT_TRUE(c().docket_rectified[0]);
  EXPECT_EQ(c().docket_numbers[0], "沪府复字〔2023〕1号");
  EXPECT_EQ(c().facts.dockets[1].appealed, absl::CivilDay(2023, 9, 15));
  EXPECT_EQ(c().facts.dockets[2].instance, 2);
  // A docket is open: the case is closed and not done.
  EXPECT_FALSE(c().done());
  EXPECT_EQ(ReasonOf(life_.Do(v1::ARCHIVIST, "wu", "2024-04-02",
                              "archive { retention: TEN_YEARS }")),
            "REMEDY_OPEN");
  EXPECT_EQ(ReasonOf(life_.Litigate(
                "2024-04-02", "decide_remedy { docket: 3 result: UPHELD }")),
            "OK");
  EXPECT_TRUE(c().done());
  EXPECT_EQ(ReasonOf(life_.Litigate("2024-04-03", R"(reopen {
                docket: 1 reason: "撤销重作" })")),
            "OK");
}

TEST_F(PastCaseTest, DocketsThatDoNotFitAreNamed) {
  const auto docket = [&](const std::string& fields) {
    return Import(kClosed, absl::StrCat("dockets { ", fields, " }"));
  };
  const std::string misfit = "PAST_DATES_MISFIT of past_case.dockets[0].";
  const std::string invalid = "FIELD_INVALID of past_case.dockets[0].";
  EXPECT_EQ(docket(R"(kind: LAWSUIT opened_date: "2023-02-28")"),
            misfit + "opened_date");
  EXPECT_EQ(docket(R"(kind: LAWSUIT opened_date: "2023-05-01"
                      decided_date: "2023-04-30" result: UPHELD)"),
            misfit + "decided_date");
  EXPECT_EQ(docket(R"(kind: LAWSUIT opened_date: "2024-05-01")"),
            "DATE_IN_FUTURE of past_case.dockets[0].opened_date");
  EXPECT_EQ(docket(R"(kind: LAWSUIT opened_date: "2023-05-01"
                      decided_date: "2023-06-30")"),
            invalid + "result");
  EXPECT_EQ(docket(R"(kind: LAWSUIT opened_date: "2023-05-01"
                      result: UPHELD)"),
            invalid + "decided_date");
  EXPECT_EQ(docket(R"(kind: LAWSUIT opened_date: "2023-05-01"
                      rectified: true)"),
            invalid + "rectified");
  EXPECT_EQ(docket(R"(kind: COMPLAINT opened_date: "2023-05-01"
                      decided_date: "2023-06-30" result: UPHELD)"),
            "RESULT_MISFIT of past_case.dockets[0].result");
  EXPECT_EQ(docket(R"(kind: LAWSUIT instance: 2 opened_date: "2023-05-01")"),
            invalid + "instance");
  EXPECT_EQ(docket(R"(kind: ADMINISTRATIVE_REVIEW instance: 2
                      opened_date: "2023-05-01")"),
            invalid + "instance");
  EXPECT_EQ(docket(R"(kind: LAWSUIT opened_date: "2023-05-01" } dockets {
                      kind: LAWSUIT instance: 2 opened_date: "2023-06-01")"),
            "PAST_DATES_MISFIT of past_case.dockets[1].opened_date");
  EXPECT_EQ(docket(R"(kind: LAWSUIT opened_date: "2023-05-01" } dockets {
                      kind: ADMINISTRATIVE_REVIEW
                      opened_date: "2023-04-01")"),
            "PAST_DATES_MISFIT of past_case.dockets[1].opened_date");
}

TEST_F(PastCaseTest, ItsFieldsAreMendedWithinTheRules) {
  const auto mend = [&](const std::string& rest) {
    return Told(life_.Head(
        "2024-04-10",
        R"(mend_record { event_seq: 1 reason: "笔误" )" + rest + " }"));
  };
  ASSERT_EQ(Import(kClosed), "OK");
  EXPECT_EQ(mend(R"(field: "finished_date" value: "2023-03-22")"), "OK");
  EXPECT_EQ(c().facts.reply->dispatched, absl::CivilDay(2023, 3, 22));
  EXPECT_EQ(mend(R"(field: "receipt_date" value: "2023-03-02")"), "OK");
  EXPECT_EQ(c().facts.received, absl::CivilDay(2023, 3, 2));
  EXPECT_EQ(mend(R"(field: "applicant_kind" value: "LEGAL_SERVICE")"), "OK");
  EXPECT_EQ(mend(R"(field: "outcome" value: "DOES_NOT_EXIST")"), "OK");
  EXPECT_EQ(c().outcome, v1::DOES_NOT_EXIST);
  const std::string contradicts = "MEND_CONTRADICTS of act.mend_record.value";
  EXPECT_EQ(mend(R"(field: "outcome" value: "REFUSED")"), contradicts);
  EXPECT_EQ(mend(R"(field: "finished_date" value: "2023-03-25")"), contradicts);
  EXPECT_EQ(mend(R"(field: "finished_date" value: "")"), contradicts);
  // What it is found by, and the day that follows from its receipt.
  EXPECT_EQ(mend(R"(field: "number" value: "A-2")"),
            "MEND_MISFIT of act.mend_record.event_seq");
  EXPECT_EQ(mend(R"(field: "occurred_date" value: "2023-03-03")"),
            "MEND_MISFIT of act.mend_record.event_seq");
}

TEST_F(PastCaseTest, ItsTextIsShownAndErased) {
  ASSERT_EQ(
      Import(kClosed, R"(applicant { name: "赵甲一" } content: "某文件")"),
      "OK");
  const v1::Case view = ViewOf(c(), life_.history(), {}, TheRulebook(),
                               TheCalendar(), life_.today);
  EXPECT_EQ(view.applicant().name(), "赵甲一");
  EXPECT_EQ(view.content(), "某文件");
  EXPECT_EQ(view.return_row(), "r3");
  ASSERT_EQ(ReasonOf(life_.Handle("2024-04-10", R"(propose_erasure {
                basis: ORDERED document_number: "某令" })")),
            "OK");
  ASSERT_EQ(ReasonOf(life_.Do(v1::SUPERVISOR, "zhang", "2024-04-10",
                              "erase { proposal: 2 }")),
            "OK");
  EXPECT_TRUE(c().words_erased);
  EXPECT_EQ(ReasonOf(life_.Do(v1::SUPERVISOR, "zhang", "2024-04-11",
                              R"(reopen { reason: "自查" })")),
            "TEXT_ERASED");
}

}  // namespace
}  // namespace gongkai::casework
