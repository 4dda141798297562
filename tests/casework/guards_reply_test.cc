// SPDX-License-Identifier: Apache-2.0
// One refusal per condition, and its lawful neighbour: the draft, its review,
// its way out (REG 14 to 17, 36 to 39). Cases are received on Friday
// 2024-03-01.
#include <gtest/gtest.h>

#include "services/base/refusal.h"
#include "tests/casework/life.h"

namespace gongkai::casework {
namespace {

constexpr char kClause[] = R"( review_organ: "市人民政府" court: "某法院" )";
constexpr char kConsult[] = R"(consult { kind: THIRD_PARTY addressee: "某公司"
    interest: BUSINESS_SECRET question: "是否同意" served_at_once: true })";

std::string Draft(const std::string& rest) {
  return R"(draft_reply { text: "答复" )" + rest + " }";
}
std::string WithClause(const std::string& rest) {
  return Draft(rest + kClause);
}

// The refusal of that draft in a fresh case; `REASON of field` where a field
// is blamed.
std::string Judge(Life life, const std::string& draft) {
  const absl::Status status = life.Handle("2024-04-15", draft);
  const auto refusal = RefusalOf(status);
  if (!refusal || refusal->field().empty()) return ReasonOf(status);
  const std::string prefix = "act.draft_reply.";
  EXPECT_EQ(refusal->field().rfind(prefix, 0), 0u) << refusal->field();
  return ReasonOf(status) + " of " + refusal->field().substr(prefix.size());
}

Life After(const std::vector<std::pair<std::string, std::string>>& acts) {
  Life life = InHand("2024-03-01");
  for (const auto& [date, act] : acts) {
    EXPECT_EQ(ReasonOf(life.Handle(date, act)), "OK") << act;
  }
  return life;
}

TEST(Article36, ANoticeOfAbandonmentNeedsTheLapse) {
  EXPECT_EQ(
      Judge(InHand("2024-03-01"), WithClause("outcome: CORRECTION_ABANDONED")),
      "OUTCOME_UNSUPPORTED of outcome");
  EXPECT_EQ(
      Judge(InHand("2024-03-01"), WithClause("outcome: PAYMENT_ABANDONED")),
      "OUTCOME_UNSUPPORTED of outcome");
}

TEST(Article36, InformationDoesNotExistOnlyAfterASearch) {
  const std::string draft = WithClause("outcome: DOES_NOT_EXIST");
  EXPECT_EQ(Judge(InHand("2024-03-01"), draft),
            "OUTCOME_UNSUPPORTED of outcome");
  EXPECT_EQ(Judge(After({{"2024-03-05", R"(record_search { scope: "档案室"
                            result: "无" })"}}),
                  draft),
            "OK");
}

TEST(Article30, StillUnclearOnlyAfterACorrection) {
  const std::string draft =
      WithClause(R"(outcome: STILL_UNCLEAR reasons: "仍不明确")");
  EXPECT_EQ(Judge(InHand("2024-03-01"), draft),
            "OUTCOME_UNSUPPORTED of outcome");
  EXPECT_EQ(
      Judge(After({{"2024-03-05", R"(require_correction { items: "项" })"},
                   {"2024-03-08", "accept_correction { channel: IN_PERSON }"}}),
            draft),
      "OK");
}

TEST(Article35, ExcessiveOnlyAfterReasonsThatAreNot) {
  const std::string draft = WithClause(R"(outcome: EXCESSIVE reasons: "大量")");
  EXPECT_EQ(Judge(InHand("2024-03-01"), draft),
            "OUTCOME_UNSUPPORTED of outcome");
  for (const std::string verdict : {"UNREASONABLE", "REASONABLE"}) {
    EXPECT_EQ(
        Judge(After({{"2024-03-05",
                      R"(ask_reasons { facts: "多" period_days: 5 })"},
                     {"2024-03-07", "accept_reasons { verdict: " + verdict +
                                        R"( note: "审查" })"}}),
              draft),
        verdict == "UNREASONABLE" ? "OK" : "OUTCOME_UNSUPPORTED of outcome");
  }
}

TEST(Article36, GroundsStandWhereTheReplyWithholdsAndNowhereElse) {
  const Life life = InHand("2024-03-01");
  EXPECT_EQ(Judge(life, WithClause(R"(outcome: REFUSED reasons: "因")")),
            "GROUND_MISFIT of grounds");
  EXPECT_EQ(
      Judge(life, WithClause(R"(outcome: PARTIAL reasons: "因" access: "附")")),
      "GROUND_MISFIT of grounds");
  EXPECT_EQ(Judge(life, WithClause(R"(outcome: DISCLOSED access: "附"
                                      grounds: STATE_SECRET)")),
            "GROUND_MISFIT of grounds");
  EXPECT_EQ(Judge(life, WithClause(R"(outcome: REFUSED reasons: "因"
                                      grounds: STATE_SECRET)")),
            "OK");
}

TEST(Article36, AReplySaysWhatItsKindMustSay) {
  const Life life = InHand("2024-03-01");
  struct Want {
    std::string outcome;
    std::string field;
    std::string value;
  };
  const std::vector<Want> wants = {
      {"ALREADY_PUBLIC", "access", "网站"},
      {"DISCLOSED", "access", "随函"},
      {"REFUSED grounds: STATE_SECRET", "reasons", "因"},
      {"NOT_THIS_AGENCY", "reasons", "因"},
      {"REPEATED", "earlier_case", "TEST-2023-00009"},
      {"SPECIAL_REGIME", "special_law", "不动产登记"},
      {"NEEDS_PROCESSING", "reasons", "因"},
      {"PETITION", "reasons", "因"},
      {"PUBLICATION", "access", "公报"},
      {"CONFIRMATION_DEMANDED", "reasons", "因"},
  };
  for (const Want& want : wants) {
    const std::string bare = "outcome: " + want.outcome;
    EXPECT_EQ(Judge(life, WithClause(bare)),
              "REPLY_INCOMPLETE of " + want.field)
        << want.outcome;
    EXPECT_EQ(Judge(life, WithClause(bare + " " + want.field + ": \"" +
                                     want.value + "\"")),
              "OK")
        << want.outcome;
  }
  // What is handed over in pages needs no other way to it.
  EXPECT_EQ(Judge(life, WithClause("outcome: DISCLOSED pages: 3")), "OK");
  EXPECT_EQ(Judge(life, WithClause(R"(outcome: PARTIAL grounds: STATE_SECRET
                                      access: "附")")),
            "REPLY_INCOMPLETE of reasons");
}

TEST(Article51, ADecisionWithoutItsRemedyClauseIsRefused) {
  const Life life = InHand("2024-03-01");
  const std::string disclosed = R"(outcome: DISCLOSED access: "附" )";
  EXPECT_EQ(Judge(life, Draft(disclosed + R"(court: "某法院")")),
            "REMEDY_CLAUSE_MISSING of review_organ");
  EXPECT_EQ(Judge(life, Draft(disclosed + R"(review_organ: "市人民政府")")),
            "REMEDY_CLAUSE_MISSING of court");
  EXPECT_EQ(Judge(life, WithClause(disclosed)), "OK");
  // A file note decides nothing.
  EXPECT_EQ(Judge(life, Draft("outcome: OTHER_OUTCOME")), "OK");
}

TEST(Article32, WithholdingForAThirdPartysSakeNeedsItsConsultation) {
  for (const std::string ground : {"BUSINESS_SECRET", "PERSONAL_PRIVACY"}) {
    const std::string draft =
        WithClause(R"(outcome: REFUSED reasons: "因" grounds: )" + ground);
    EXPECT_EQ(Judge(InHand("2024-03-01"), draft), "THIRD_PARTY_NOT_CONSULTED");
    // A co-maker is no third party, and a letter that was not served asks
    // nobody.
    EXPECT_EQ(Judge(After({{"2024-03-05", R"(consult { kind: CO_MAKER
                              addressee: "某局" question: "问"
                              served_at_once: true })"}}),
                    draft),
              "THIRD_PARTY_NOT_CONSULTED");
    EXPECT_EQ(Judge(After({{"2024-03-05", R"(consult { kind: THIRD_PARTY
                              addressee: "某公司" question: "问"
                              interest: BUSINESS_SECRET })"}}),
                    draft),
              "THIRD_PARTY_NOT_CONSULTED");
    EXPECT_EQ(Judge(After({{"2024-03-05", kConsult}}), draft), "OK");
  }
}

TEST(Article32, DisclosureOverAReasonableObjectionNamesThePublicInterest) {
  const std::string plain = R"(outcome: DISCLOSED access: "附" )";
  for (const std::string opinion : {"AGREES", "OBJECTS_WITHOUT_REASON",
                                    "NO_POSITION", "OBJECTS_WITH_REASON"}) {
    const Life life = After(
        {{"2024-03-05", kConsult},
         {"2024-03-08",
          "record_opinion { consultation: 1 opinion: " + opinion + " }"}});
    EXPECT_EQ(Judge(life, WithClause(plain)),
              opinion == "OBJECTS_WITH_REASON"
                  ? "OBJECTION_NOT_ANSWERED of public_interest"
                  : "OK")
        << opinion;
    EXPECT_EQ(
        Judge(life, WithClause(plain + R"(public_interest: "重大公共利益")")),
        "OK")
        << opinion;
  }
}

TEST(Article17, NothingIsReviewedWithoutADraft) {
  Life life = InHand("2024-03-01");
  EXPECT_EQ(ReasonOf(life.Handle("2024-03-05", "submit_for_review {}")),
            "NO_DRAFT");
  life.Draft("2024-03-05");
  EXPECT_EQ(ReasonOf(life.Handle("2024-03-05", "submit_for_review {}")), "OK");
}

// Sent and served on 03-05: 15 working days end on 03-26.
TEST(Article32, ADraftWaitsForTheConsulted) {
  for (const std::string kind :
       {"kind: THIRD_PARTY interest: BUSINESS_SECRET", "kind: CO_MAKER"}) {
    Life life = After({{"2024-03-05", "consult { " + kind +
                                          R"( addressee: "某" question: "问"
                                              served_at_once: true })"}});
    life.Draft("2024-03-08");
    EXPECT_EQ(ReasonOf(life.Handle("2024-03-26", "submit_for_review {}")),
              "CONSULTATION_OPEN");
    EXPECT_EQ(ReasonOf(life.Handle("2024-03-27", "submit_for_review {}")),
              "OK");
  }
}

TEST(Article33, AnotherAgencyHasNoLimitSoItsAnswerIsAwaited) {
  Life life = After({{"2024-03-05", R"(consult { kind: OTHER_AGENCY
                        addressee: "某局" question: "问"
                        served_at_once: true })"}});
  life.Draft("2024-03-08");
  EXPECT_EQ(ReasonOf(life.Handle("2024-12-31", "submit_for_review {}")),
            "CONSULTATION_OPEN");
  ASSERT_EQ(ReasonOf(life.Handle(
                "2024-03-20",
                "record_opinion { consultation: 1 opinion: NO_POSITION }")),
            "OK");
  EXPECT_EQ(ReasonOf(life.Handle("2024-03-20", "submit_for_review {}")), "OK");
}

class Review : public ::testing::Test {
 protected:
  void SetUp() override {
    life_.Draft("2024-03-05");
    ASSERT_EQ(ReasonOf(life_.Handle("2024-03-05", "submit_for_review {}")),
              "OK");
  }
  std::string Clear(v1::Capacity capacity, std::string_view person,
                    const std::string& step) {
    return ReasonOf(life_.Do(capacity, person, "2024-03-06",
                             "clear_draft { step: " + step + " }"));
  }
  std::string Sign(std::string_view person) {
    return ReasonOf(life_.Do(v1::SIGNER, person, "2024-03-06",
                             R"(sign { document_number: "某〔2024〕1号" })"));
  }
  Life life_ = InHand("2024-03-01");
};

TEST_F(Review, TheDrafterNeitherClearsNorReturnsNorSigns) {
  EXPECT_EQ(Clear(v1::SECRECY_REVIEWER, "li", "SECRECY"), "BY_DRAFTER");
  EXPECT_EQ(Clear(v1::SECRECY_REVIEWER, "mi", "SECRECY"), "OK");
  EXPECT_EQ(Clear(v1::LEGAL_REVIEWER, "li", "LEGAL"), "BY_DRAFTER");
  EXPECT_EQ(Clear(v1::LEGAL_REVIEWER, "fa", "LEGAL"), "OK");
  EXPECT_EQ(ReasonOf(life_.Do(v1::SIGNER, "li", "2024-03-06",
                              R"(return_draft { reason: "改" })")),
            "BY_DRAFTER");
  EXPECT_EQ(Sign("li"), "BY_DRAFTER");
  EXPECT_EQ(Sign("qian"), "OK");
}

TEST_F(Review, StepsGoInTheirOrderAndOnce) {
  EXPECT_EQ(Sign("qian"), "STEP_OUT_OF_ORDER");
  EXPECT_EQ(Clear(v1::LEGAL_REVIEWER, "fa", "LEGAL"), "STEP_OUT_OF_ORDER");
  EXPECT_EQ(Clear(v1::SECRECY_REVIEWER, "mi", "SECRECY"), "OK");
  EXPECT_EQ(Clear(v1::SECRECY_REVIEWER, "mi", "SECRECY"),
            "STEP_ALREADY_CLEARED");
  EXPECT_EQ(Sign("qian"), "STEP_OUT_OF_ORDER");
  EXPECT_EQ(Clear(v1::LEGAL_REVIEWER, "fa", "LEGAL"), "OK");
  EXPECT_EQ(Clear(v1::LEGAL_REVIEWER, "fa", "LEGAL"), "STEP_ALREADY_CLEARED");
  EXPECT_EQ(Sign("qian"), "OK");
}

TEST_F(Review, EachStepHasItsOwnReviewer) {
  EXPECT_EQ(Clear(v1::LEGAL_REVIEWER, "fa", "SECRECY"), "CAPACITY_MISSING");
  ASSERT_EQ(Clear(v1::SECRECY_REVIEWER, "mi", "SECRECY"), "OK");
  EXPECT_EQ(Clear(v1::SECRECY_REVIEWER, "mi", "LEGAL"), "CAPACITY_MISSING");
}

TEST_F(Review, AReturnedDraftIsClearedAnew) {
  ASSERT_EQ(Clear(v1::SECRECY_REVIEWER, "mi", "SECRECY"), "OK");
  ASSERT_EQ(ReasonOf(life_.Do(v1::LEGAL_REVIEWER, "fa", "2024-03-06",
                              R"(return_draft { reason: "改" })")),
            "OK");
  EXPECT_EQ(life_.c().phase, v1::HANDLING);
  ASSERT_EQ(ReasonOf(life_.Handle("2024-03-06", "submit_for_review {}")), "OK");
  EXPECT_EQ(Clear(v1::LEGAL_REVIEWER, "fa", "LEGAL"), "STEP_OUT_OF_ORDER");
}

// A draft answers the record as it stood; what has changed since asks for
// another.
TEST(Article30, ADraftFromBeforeTheLapseIsNotReviewed) {
  Life life = InHand("2024-03-01");
  life.Draft("2024-03-04");
  ASSERT_EQ(ReasonOf(life.Handle("2024-03-05", R"(require_correction {
                items: "项" served_at_once: true })")),
            "OK");
  ASSERT_EQ(ReasonOf(life.Handle("2024-03-20", "lapse_correction {}")), "OK");
  EXPECT_EQ(ReasonOf(life.Handle("2024-03-21", "submit_for_review {}")),
            "APPLICATION_ABANDONED");
  ASSERT_EQ(ReasonOf(life.Handle("2024-03-21",
                                 WithClause("outcome: CORRECTION_ABANDONED"))),
            "OK");
  EXPECT_EQ(ReasonOf(life.Handle("2024-03-21", "submit_for_review {}")), "OK");
}

TEST(Article30, ADraftFromBeforeTheCorrectionIsNotReviewed) {
  Life life = InHand("2024-03-01");
  life.Draft("2024-03-04");
  ASSERT_EQ(ReasonOf(life.Handle("2024-03-05",
                                 R"(require_correction { items: "项" })")),
            "OK");
  ASSERT_EQ(ReasonOf(life.Handle("2024-03-08",
                                 "accept_correction { channel: IN_PERSON }")),
            "OK");
  EXPECT_EQ(ReasonOf(life.Handle("2024-03-11", "submit_for_review {}")),
            "NO_DRAFT");
  life.Draft("2024-03-11");
  EXPECT_EQ(ReasonOf(life.Handle("2024-03-11", "submit_for_review {}")), "OK");
}

TEST(Article32, ADraftFromBeforeTheObjectionIsNotReviewed) {
  for (const std::string opinion : {"AGREES", "OBJECTS_WITH_REASON"}) {
    Life life = After({{"2024-03-05", kConsult}});
    life.Draft("2024-03-06");
    ASSERT_EQ(ReasonOf(life.Handle(
                  "2024-03-08", "record_opinion { consultation: 1 opinion: " +
                                    opinion + " }")),
              "OK");
    EXPECT_EQ(ReasonOf(life.Handle("2024-03-11", "submit_for_review {}")),
              opinion == "AGREES" ? "OK" : "OBJECTION_NOT_ANSWERED");
  }
  // What is withheld for the third party's sake does as the objection asks.
  Life life = After({{"2024-03-05", kConsult}});
  ASSERT_EQ(ReasonOf(life.Handle("2024-03-06",
                                 WithClause(R"(outcome: REFUSED reasons: "因"
                                               grounds: BUSINESS_SECRET)"))),
            "OK");
  ASSERT_EQ(ReasonOf(life.Handle("2024-03-08",
                                 "record_opinion { consultation: 1 opinion: "
                                 "OBJECTS_WITH_REASON }")),
            "OK");
  EXPECT_EQ(ReasonOf(life.Handle("2024-03-11", "submit_for_review {}")), "OK");
}

}  // namespace
}  // namespace gongkai::casework
