// SPDX-License-Identifier: Apache-2.0
// REG 35 to 39 and ARL 23: what each reply rests on, counts as and must say.
#include "services/law/replies.h"

#include "tests/law/law_fixture.h"

namespace gongkai::law {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr char kOrgan[] = "上海市人民政府";
constexpr char kCourt[] = "上海铁路运输法院";

ReplyRule Rule(v1::Outcome outcome, const std::vector<v1::Ground>& grounds = {},
               std::string_view day = "2024-06-20") {
  const auto rule =
      RuleOfReply(Rules(), D(day), outcome, grounds, kOrgan, kCourt);
  EXPECT_TRUE(rule.ok()) << rule.status();
  return rule.ok() ? *rule : ReplyRule();
}

struct OutcomeRow {
  v1::Outcome outcome;
  const char* article;
  const char* row;
};

TEST(Reply, HasItsArticleAndItsRowOfTheReturn) {
  const OutcomeRow rows[] = {
      {v1::ALREADY_PUBLIC, "REG 36(1)", "r3"},
      {v1::DISCLOSED, "REG 36(2)", "r3"},
      {v1::DOES_NOT_EXIST, "REG 36(4)", "r13"},
      {v1::NOT_THIS_AGENCY, "REG 36(5)", "r13"},
      {v1::REPEATED, "REG 36(6)", "r17"},
      {v1::SPECIAL_REGIME, "REG 36(7)", "r12"},
      {v1::NEEDS_PROCESSING, "REG 38", "r14"},
      {v1::PETITION, "REG 39(1)", "r16"},
      {v1::PUBLICATION, "REG 39(2)", "r18"},
      {v1::EXCESSIVE, "REG 35", "r19"},
      {v1::CORRECTION_ABANDONED, "REG 30", "r21"},
      {v1::PAYMENT_ABANDONED, "REG 42; FEE", "r22"},
      {v1::STILL_UNCLEAR, "REG 30", "r15"},
      {v1::CONFIRMATION_DEMANDED, "国办公开办函〔2021〕30号", "r20"},
      {v1::OTHER_OUTCOME, "国办公开办函〔2021〕30号", "r23"},
  };
  for (const OutcomeRow& row : rows) {
    const ReplyRule rule = Rule(row.outcome);
    EXPECT_THAT(rule.articles, ElementsAre(row.article));
    EXPECT_EQ(rule.return_row, row.row) << row.article;
    EXPECT_FALSE(rule.document_title.empty());
  }
}

TEST(Reply, ARefusalCountsByItsGround) {
  const std::pair<v1::Ground, const char*> rows[] = {
      {v1::STATE_SECRET, "r5"},         {v1::FORBIDDEN_BY_LAW, "r6"},
      {v1::THREE_SECURITIES, "r7"},     {v1::BUSINESS_SECRET, "r8"},
      {v1::PERSONAL_PRIVACY, "r8"},     {v1::INTERNAL_AFFAIRS, "r9"},
      {v1::PROCESS_INFORMATION, "r10"}, {v1::ENFORCEMENT_FILE, "r11"}};
  for (const auto& [ground, row] : rows) {
    EXPECT_EQ(Rule(v1::REFUSED, {ground}).return_row, row);
    // Partial disclosure beats the ground.
    EXPECT_EQ(Rule(v1::PARTIAL, {ground}).return_row, "r4");
  }
}

TEST(Reply, NamesEachArticleOnce) {
  EXPECT_THAT(Rule(v1::REFUSED, {v1::PERSONAL_PRIVACY, v1::BUSINESS_SECRET,
                                 v1::STATE_SECRET})
                  .articles,
              ElementsAre("REG 36(3)", "REG 15", "REG 14"));
}

TEST(Reply, OfARefusalSendsToReviewFirst) {
  const ReplyRule rule = Rule(v1::REFUSED, {v1::STATE_SECRET});
  EXPECT_EQ(rule.remedy, v1::REVIEW_FIRST);
  EXPECT_EQ(rule.remedy_text,
            "如不服本答复，依照《中华人民共和国行政复议法》第二十三条的规定，"
            "应当先自收到本答复之日起60日内向上海市人民政府申请行政复议；对行政"
            "复议决定不服的，可以自收到行政复议决定书之日起15日内向上海铁路运输"
            "法院提起行政诉讼。");
}

TEST(Reply, OfAnyOtherKindLeavesTheChoice) {
  EXPECT_EQ(Rule(v1::DOES_NOT_EXIST).remedy_text,
            "如不服本答复，可以自收到本答复之日起60日内向上海市人民政府申请行政"
            "复议，或者自收到本答复之日起6个月内向上海铁路运输法院提起行政诉讼"
            "。");
  for (const v1::Outcome outcome :
       {v1::REPEATED, v1::SPECIAL_REGIME, v1::NEEDS_PROCESSING, v1::PETITION,
        v1::PUBLICATION, v1::CORRECTION_ABANDONED, v1::PAYMENT_ABANDONED}) {
    EXPECT_EQ(Rule(outcome).remedy, v1::REVIEW_OR_SUIT);
  }
}

TEST(Reply, ThatPartlyWithholdsCarriesBothClauses) {
  const ReplyRule rule = Rule(v1::PARTIAL, {v1::PERSONAL_PRIVACY});
  EXPECT_EQ(rule.remedy, v1::BOTH_CLAUSES);
  EXPECT_THAT(rule.remedy_text, HasSubstr("应当先自收到"));
  EXPECT_THAT(rule.remedy_text, HasSubstr("6个月"));
}

TEST(Reply, BeforeReviewFirstARefusalLeftTheChoice) {
  const ReplyRule rule = Rule(v1::REFUSED, {v1::STATE_SECRET}, "2023-12-31");
  EXPECT_EQ(rule.remedy, v1::REVIEW_OR_SUIT);
  EXPECT_THAT(rule.remedy_text, Not(HasSubstr("应当先")));
}

TEST(Reply, OfTheOldRegulationHasItsArticlesAndThreeMonths) {
  const ReplyRule rule = Rule(v1::REFUSED, {v1::BUSINESS_SECRET}, "2011-06-20");
  EXPECT_THAT(rule.articles, ElementsAre("REG08 21(2)", "REG08 14(4)"));
  EXPECT_THAT(rule.remedy_text, HasSubstr("3个月"));
}

TEST(Reply, AFileNoteHasNoClause) {
  const ReplyRule rule = Rule(v1::OTHER_OUTCOME);
  EXPECT_EQ(rule.remedy, v1::NO_CLAUSE);
  EXPECT_EQ(rule.remedy_text, "");
}

TEST(Reply, SaysWhatTheArticleAsksFor) {
  EXPECT_THAT(Rule(v1::DOES_NOT_EXIST).contents,
              ElementsAre(v1::SEARCH_STATEMENT));
  EXPECT_THAT(Rule(v1::NOT_THIS_AGENCY).contents,
              ElementsAre(v1::REASONS, v1::RIGHT_AGENCY));
  EXPECT_THAT(Rule(v1::PARTIAL, {v1::STATE_SECRET}).contents,
              ElementsAre(v1::INFORMATION, v1::REASONS));
  EXPECT_THAT(Rule(v1::CORRECTION_ABANDONED).contents,
              ElementsAre(v1::NOTICE_AND_DEFAULT));
}

TEST(Reply, WithoutNamesTheClauseStaysWhole) {
  const auto rule =
      RuleOfReply(Rules(), D("2024-06-20"), v1::DISCLOSED, {}, "", "");
  ASSERT_TRUE(rule.ok());
  EXPECT_THAT(rule->remedy_text, HasSubstr("有管辖权的行政复议机关"));
  EXPECT_THAT(rule->remedy_text, HasSubstr("有管辖权的人民法院"));
}

TEST(Reply, GroundsGoWithWithholdingOnly) {
  const auto code = [](v1::Outcome outcome,
                       const std::vector<v1::Ground>& grounds,
                       std::string_view day) {
    return RuleOfReply(Rules(), D(day), outcome, grounds, kOrgan, kCourt)
        .status()
        .code();
  };
  constexpr auto kInvalid = absl::StatusCode::kInvalidArgument;
  EXPECT_EQ(code(v1::REFUSED, {}, "2024-06-20"), kInvalid);
  EXPECT_EQ(code(v1::PARTIAL, {}, "2024-06-20"), kInvalid);
  EXPECT_EQ(code(v1::DISCLOSED, {v1::STATE_SECRET}, "2024-06-20"), kInvalid);
  EXPECT_EQ(code(v1::REFUSED, {v1::GROUND_UNSPECIFIED}, "2024-06-20"),
            kInvalid);
  EXPECT_EQ(code(v1::OUTCOME_UNSPECIFIED, {}, "2024-06-20"), kInvalid);
  // Fees, and with them their default, are of 2021.
  EXPECT_EQ(code(v1::PAYMENT_ABANDONED, {}, "2020-06-20"), kInvalid);
  EXPECT_EQ(code(v1::REFUSED, {v1::ENFORCEMENT_FILE}, "2011-06-20"), kInvalid);
}

}  // namespace
}  // namespace gongkai::law
