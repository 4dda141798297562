// SPDX-License-Identifier: Apache-2.0
// A wrong record is put right by a new one: the old stays, every limit is
// derived anew. Cases are received on Friday 2024-03-01 and registered that
// day: records 1 and 2.
#include <gtest/gtest.h>

#include "services/base/refusal.h"
#include "tests/casework/life.h"

namespace gongkai::casework {
namespace {

std::string Mend(const std::string& rest) {
  return R"(mend_record { reason: "笔误" )" + rest + " }";
}

class MendTest : public ::testing::Test {
 protected:
  // The reason and, after it, the field that is blamed.
  std::string Head(const std::string& rest) {
    const absl::Status status = life_.Head("2024-04-01", Mend(rest));
    const auto refusal = RefusalOf(status);
    if (!refusal || refusal->field().empty()) return ReasonOf(status);
    return ReasonOf(status) + " of " + refusal->field();
  }
  void Do(std::string_view date, const std::string& act) {
    ASSERT_EQ(ReasonOf(life_.Handle(date, act)), "OK") << act;
  }
  Life life_ = InHand("2024-03-01");
};

TEST_F(MendTest, TheDayOfReceiptMovesEveryLimitThatCountsFromIt) {
  EXPECT_EQ(life_.Due(v1::REPLY), "2024-03-29");
  EXPECT_EQ(life_.Due(v1::CORRECTION_NOTICE), "2024-03-12");
  EXPECT_EQ(life_.Due(v1::REGISTRATION), "2024-03-04");
  ASSERT_EQ(Head(R"(event_seq: 1 field: "occurred_date" value: "2024-02-28")"),
            "OK");
  EXPECT_EQ(life_.c().facts.received, absl::CivilDay(2024, 2, 28));
  EXPECT_EQ(life_.Due(v1::REPLY), "2024-03-27");
  EXPECT_EQ(life_.Due(v1::CORRECTION_NOTICE), "2024-03-08");
  EXPECT_EQ(life_.Due(v1::REGISTRATION), "2024-02-29");
}

TEST_F(MendTest, TheWrongRecordStaysAsItWas) {
  const std::string first = life_.history().front().event.SerializeAsString();
  ASSERT_EQ(Head(R"(event_seq: 1 field: "occurred_date" value: "2024-02-28")"),
            "OK");
  ASSERT_EQ(life_.history().size(), 3u);
  EXPECT_EQ(life_.history().front().event.SerializeAsString(), first);
  EXPECT_EQ(life_.history().back().event.record_mended().event_seq(), 1);
  EXPECT_EQ(life_.c().version, 3);
}

TEST_F(MendTest, AnEnumByItsName) {
  ASSERT_EQ(Head(R"(event_seq: 1 field: "applicant_kind" value: "ENTERPRISE")"),
            "OK");
  EXPECT_EQ(life_.c().applicant_kind, v1::ENTERPRISE);
  const std::string misfit = "MEND_MISFIT of act.mend_record.value";
  EXPECT_EQ(Head(R"(event_seq: 1 field: "applicant_kind" value: "FIRM")"),
            misfit);
  EXPECT_EQ(Head(R"(event_seq: 1 field: "applicant_kind" value: "2")"), misfit);
  EXPECT_EQ(Head(R"(event_seq: 1 field: "applicant_kind"
                    value: "APPLICANT_KIND_UNSPECIFIED")"),
            misfit);
}

TEST_F(MendTest, ANumberWithinItsBounds) {
  Do("2024-03-05", R"(require_correction { items: "项" period_days: 10
                                           served_at_once: true })");
  const std::string field = R"(event_seq: 3 field: "period_days" )";
  const std::string misfit = "MEND_MISFIT of act.mend_record.value";
  EXPECT_EQ(Head(field + R"(value: "61")"), misfit);
  EXPECT_EQ(Head(field + R"(value: "-1")"), misfit);
  EXPECT_EQ(Head(field + R"(value: "ten")"), misfit);
  EXPECT_EQ(Head(field + R"(value: "")"), misfit);
  EXPECT_EQ(life_.Due(v1::CORRECTION_PERIOD), "2024-03-19");
  ASSERT_EQ(Head(field + R"(value: "15")"), "OK");
  EXPECT_EQ(life_.Due(v1::CORRECTION_PERIOD), "2024-03-26");
}

TEST_F(MendTest, AFlag) {
  Do("2024-03-05", R"(require_correction { items: "项" })");
  const std::string field = R"(event_seq: 3 field: "served_at_once" )";
  EXPECT_EQ(Head(field + R"(value: "yes")"),
            "MEND_MISFIT of act.mend_record.value");
  EXPECT_EQ(life_.Due(v1::CORRECTION_PERIOD), "");
  ASSERT_EQ(Head(field + R"(value: "true")"), "OK");
  EXPECT_EQ(life_.Due(v1::CORRECTION_PERIOD), "2024-03-19");
}

TEST_F(MendTest, APersonalTextBesideItsValue) {
  ASSERT_EQ(Head(R"(event_seq: 1 field: "content" text: "另一文件")"), "OK");
  EXPECT_EQ(WithMends(life_.history()).front().event.received().content(),
            "另一文件");
  EXPECT_EQ(life_.history().front().event.received().content(), "某文件");
  // A required text is not mended away.
  EXPECT_EQ(Head(R"(event_seq: 1 field: "content" value: "另一文件")"),
            "MEND_MISFIT of act.mend_record.value");
}

TEST_F(MendTest, ADateFieldHoldsADate) {
  ASSERT_EQ(ReasonOf(life_.Litigate("2024-03-20", R"(open_remedy {
                kind: LAWSUIT organ: "院" accepted_date: "2024-03-18" })")),
            "OK");
  const std::string field = R"(event_seq: 3 field: "accepted_date" )";
  EXPECT_EQ(Head(field + R"(value: "2024-02-30")"),
            "MEND_MISFIT of act.mend_record.value");
  ASSERT_EQ(Head(field + R"(value: "2024-03-14")"), "OK");
  EXPECT_EQ(life_.c().facts.dockets[0].accepted, absl::CivilDay(2024, 3, 14));
}

TEST_F(MendTest, TheLastMendOfAFieldCounts) {
  for (const std::string day : {"2024-02-26", "2024-02-28", "2024-02-27"}) {
    ASSERT_EQ(
        Head(R"(event_seq: 1 field: "occurred_date" value: ")" + day + R"(")"),
        "OK");
  }
  EXPECT_EQ(life_.c().facts.received, absl::CivilDay(2024, 2, 27));
  EXPECT_EQ(life_.Due(v1::REPLY), "2024-03-26");
}

TEST_F(MendTest, AMendIsNotMendedButFollowedByAnother) {
  ASSERT_EQ(Head(R"(event_seq: 1 field: "occurred_date" value: "2024-02-28")"),
            "OK");
  EXPECT_EQ(Head(R"(event_seq: 3 field: "value" value: "2024-02-27")"),
            "MEND_MISFIT of act.mend_record.event_seq");
}

TEST_F(MendTest, ARecordOrFieldThatIsNotThereIsRefused) {
  EXPECT_EQ(Head(R"(event_seq: 3 field: "occurred_date" value: "2024-02-28")"),
            "MEND_MISFIT of act.mend_record.event_seq");
  for (const std::string field : {"nothing", "applicant", ""}) {
    EXPECT_EQ(
        Head(R"(event_seq: 1 value: "x" text: "x" field: ")" + field + R"(")"),
        "MEND_MISFIT of act.mend_record.field")
        << field;
  }
}

TEST_F(MendTest, WhatTheServiceWroteIsNotMended) {
  for (const std::string field :
       {"number", "identity_check", "postal_check", "reopened_from",
        "ordered_reply_days", "month_rank"}) {
    EXPECT_EQ(Head(R"(event_seq: 1 value: "1" field: ")" + field + R"(")"),
              "MEND_MISFIT of act.mend_record.field")
        << field;
  }
}

TEST_F(MendTest, ADayInTheFutureIsRefused) {
  EXPECT_EQ(Head(R"(event_seq: 1 field: "occurred_date" value: "2026-11-24")"),
            "DATE_IN_FUTURE of act.mend_record.value");
}

// Received after it was registered; sent before it was signed.
TEST_F(MendTest, ARecordThatWouldContradictTheOthersIsRefused) {
  const std::string contradicts = "MEND_CONTRADICTS of act.mend_record.value";
  EXPECT_EQ(Head(R"(event_seq: 1 field: "occurred_date" value: "2024-03-04")"),
            contradicts);
  life_ = SignedOn("2024-03-05");
  life_.Dispatch("2024-03-06");
  const auto sent = std::to_string(life_.c().version);
  EXPECT_EQ(Head("event_seq: " + sent +
                 R"( field: "occurred_date" value: "2024-03-04")"),
            contradicts);
  EXPECT_EQ(Head("event_seq: " + sent +
                 R"( field: "occurred_date" value: "2024-03-05")"),
            "OK");
  EXPECT_EQ(life_.c().facts.reply->dispatched, absl::CivilDay(2024, 3, 5));
}

// In person to ordinary mail: the case would have no day of receipt.
TEST_F(MendTest, AChannelThatTakesTheReceiptAwayIsRefused) {
  EXPECT_EQ(Head(R"(event_seq: 1 field: "channel" value: "MAIL_ORDINARY")"),
            "MEND_CONTRADICTS of act.mend_record.value");
  EXPECT_EQ(Head(R"(event_seq: 1 field: "channel" value: "MAIL_SIGNED")"),
            "OK");
}

// The day of sending decides timeliness, so its mend does too.
TEST_F(MendTest, AMendedDispatchMakesALateReplyTimely) {
  life_.Draft("2024-03-29");
  life_.Review("2024-03-29");
  life_.Sign("2024-03-29");
  life_.Dispatch("2024-04-01");
  const auto state = [&] {
    const auto limits = life_.Limits(life_.today);
    return law::FindLimit(limits, v1::REPLY)->state;
  };
  EXPECT_EQ(state(), v1::MET_LATE);
  ASSERT_EQ(Head("event_seq: " + std::to_string(life_.c().version) +
                 R"( field: "occurred_date" value: "2024-03-29")"),
            "OK");
  EXPECT_EQ(state(), v1::MET);
}

TEST_F(MendTest, ADeferralMayBeMendedToAnotherLawfulDay) {
  Do("2024-03-05", R"(ask_reasons { facts: "多" period_days: 5 })");
  Do("2024-03-07", R"(accept_reasons { verdict: REASONABLE note: "可" })");
  Do("2024-03-08", R"(defer_reply { until_date: "2024-05-31" reason: "多" })");
  ASSERT_EQ(Head(R"(event_seq: 5 field: "until_date" value: "2024-05-30")"),
            "OK");
  EXPECT_EQ(life_.Due(v1::REPLY), "2024-05-30");
}

TEST_F(MendTest, NobodyMendsTheOwnRecord) {
  for (const v1::Capacity capacity :
       {v1::HANDLER, v1::INTAKE, v1::SIGNER, v1::LITIGATOR, v1::ARCHIVIST}) {
    EXPECT_EQ(ReasonOf(life_.Do(capacity, "li", "2024-04-01",
                                Mend(R"(event_seq: 1 field: "applicant_kind"
                                  value: "ENTERPRISE")"))),
              "CAPACITY_MISSING");
  }
}

// Each later act of the main line lies on or after the one before it.
TEST_F(MendTest, ADayOfTheMainLineStaysBetweenItsNeighbours) {
  Do("2024-03-05", R"(require_correction { items: "项" })");
  Do("2024-03-08", "accept_correction { channel: IN_PERSON }");
  life_.Draft("2024-03-11");
  const auto mend = [&](const std::string& seq, const std::string& day) {
    Life trial = life_;
    return ReasonOf(
        trial.Head("2024-04-01",
                   Mend("event_seq: " + seq +
                        R"( field: "occurred_date" value: ")" + day + R"(")")));
  };
  EXPECT_EQ(mend("2", "2024-03-06"), "MEND_CONTRADICTS");
  EXPECT_EQ(mend("2", "2024-03-05"), "OK");
  EXPECT_EQ(mend("4", "2024-03-12"), "MEND_CONTRADICTS");
  EXPECT_EQ(mend("4", "2024-03-04"), "MEND_CONTRADICTS");
  EXPECT_EQ(mend("4", "2024-03-11"), "OK");
}

// A record that pointed at another letter or docket would lose what it says.
TEST_F(MendTest, ARecordIsNotPointedAtNothing) {
  const std::string contradicts = "MEND_CONTRADICTS of act.mend_record.value";
  Do("2024-03-05",
     R"(consult { kind: CO_MAKER addressee: "某局" question: "问" })");
  Do("2024-03-06",
     R"(consult { kind: CO_MAKER addressee: "另局" question: "问" })");
  Do("2024-03-08", "record_opinion { consultation: 1 opinion: AGREES }");
  EXPECT_EQ(Head(R"(event_seq: 5 field: "consultation" value: "3")"),
            contradicts);
  EXPECT_EQ(Head(R"(event_seq: 5 field: "consultation" value: "2")"), "OK");
  life_ = InHand("2024-03-01");
  ASSERT_EQ(ReasonOf(life_.Litigate("2024-03-20",
                                    R"(open_remedy { kind: LAWSUIT
                                         organ: "院" })")),
            "OK");
  ASSERT_EQ(ReasonOf(life_.Litigate(
                "2024-03-28", "decide_remedy { docket: 1 result: REVOKED }")),
            "OK");
  EXPECT_EQ(Head(R"(event_seq: 4 field: "docket" value: "2")"), contradicts);
}

TEST_F(MendTest, AnExtensionIsNotApprovedWithoutItsNotice) {
  Do("2024-03-20", R"(request_extension { working_days: 10 reason: "多" })");
  ASSERT_EQ(ReasonOf(life_.Head("2024-03-21", "decide_extension {}")), "OK");
  EXPECT_EQ(Head(R"(event_seq: 4 field: "approved" value: "true")"),
            "MEND_CONTRADICTS of act.mend_record.value");
  ASSERT_EQ(Head(R"(event_seq: 4 field: "notice_date" value: "2024-03-22")"),
            "OK");
  ASSERT_EQ(Head(R"(event_seq: 4 field: "approved" value: "true")"), "OK");
  EXPECT_EQ(life_.Due(v1::REPLY), "2024-04-15");
}

}  // namespace
}  // namespace gongkai::casework
