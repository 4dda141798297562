// SPDX-License-Identifier: Apache-2.0
#include "services/law/replies.h"

#include <algorithm>

#include "absl/strings/str_format.h"
#include "services/base/status_macros.h"

namespace gongkai::law {
namespace {

bool Withholds(v1::Outcome outcome) {
  return outcome == v1::REFUSED || outcome == v1::PARTIAL;
}

absl::Status CheckGrounds(v1::Outcome outcome,
                          const std::vector<v1::Ground>& grounds) {
  if (Withholds(outcome) && grounds.empty()) {
    return absl::InvalidArgumentError(
        "what is withheld needs a ground of REG 14, 15 or 16");
  }
  if (!Withholds(outcome) && !grounds.empty()) {
    return absl::InvalidArgumentError(
        "a ground of withholding belongs to a refusal, whole or in part");
  }
  return absl::OkStatus();
}

absl::StatusOr<const v1::GroundRow*> RowOf(const v1::OutcomeRule& rule,
                                           v1::Ground ground) {
  for (const v1::GroundRow& row : rule.ground_rows()) {
    if (row.ground() == ground) return &row;
  }
  return absl::InvalidArgumentError(absl::StrFormat(
      "the law of that day knows no ground %s", v1::Ground_Name(ground)));
}

const char* UnitText(v1::LimitUnit unit) {
  switch (unit) {
    case v1::WORKING_DAYS:
      return "个工作日";
    case v1::MONTHS:
      return "个月";
    case v1::YEARS:
      return "年";
    default:
      return "日";
  }
}

// `60日`, `6个月`, as the set in force on `day` has it.
absl::StatusOr<std::string> PeriodText(const Rulebook& rules,
                                       v1::LimitKind kind, absl::CivilDay day) {
  const v1::LimitRule* rule = rules.LimitFor(kind, day);
  if (rule == nullptr) {
    return absl::InvalidArgumentError(absl::StrFormat(
        "no rule for %s on that day", v1::LimitKind_Name(kind)));
  }
  return absl::StrFormat("%d%s", rule->length(), UnitText(rule->unit()));
}

// What the clause of a reply is made of.
struct Remedies {
  std::string review;        // period
  std::string suit;          // period of a direct suit
  std::string after_review;  // period of a suit after review
  std::string organ;
  std::string court;
};

std::string FreeChoice(const Remedies& r) {
  return absl::StrFormat(
      "可以自收到本答复之日起%s内向%s申请行政复议，或者自收到本答复之日起%"
      "s内向%"
      "s提起行政诉讼",
      r.review, r.organ, r.suit, r.court);
}

// ARL 23(2): the agency must say that review comes first.
std::string ReviewFirst(const Remedies& r) {
  return absl::StrFormat(
      "依照《中华人民共和国行政复议法》第二十三条的规定，应当先自收到本答复之日"
      "起%s内向%s申请行政复议；对行政复议决定不服的，可以自收到行政复议决定书之"
      "日起%s内向%s提起行政诉讼",
      r.review, r.organ, r.after_review, r.court);
}

std::string TextOf(v1::RemedyClause clause, const Remedies& r) {
  switch (clause) {
    case v1::REVIEW_OR_SUIT:
      return "如不服本答复，" + FreeChoice(r) + "。";
    case v1::REVIEW_FIRST:
      return "如不服本答复，" + ReviewFirst(r) + "。";
    case v1::BOTH_CLAUSES:
      return "对本答复中不予公开的部分不服的，" + ReviewFirst(r) +
             "。对本答复的其他内容不服的，" + FreeChoice(r) + "。";
    default:
      return "";
  }
}

absl::StatusOr<std::string> RemedyText(const Rulebook& rules,
                                       absl::CivilDay day,
                                       v1::RemedyClause clause,
                                       std::string_view review_organ,
                                       std::string_view court) {
  if (clause == v1::NO_CLAUSE) return std::string();
  Remedies remedies;
  ASSIGN_OR_RETURN(remedies.review,
                   PeriodText(rules, v1::REVIEW_APPLICATION, day));
  ASSIGN_OR_RETURN(remedies.suit, PeriodText(rules, v1::DIRECT_SUIT, day));
  ASSIGN_OR_RETURN(remedies.after_review,
                   PeriodText(rules, v1::SUIT_AFTER_REVIEW, day));
  remedies.organ = review_organ.empty() ? "有管辖权的行政复议机关"
                                        : std::string(review_organ);
  remedies.court = court.empty() ? "有管辖权的人民法院" : std::string(court);
  return TextOf(clause, remedies);
}

void AddOnce(std::vector<std::string>& articles, const std::string& article) {
  if (std::find(articles.begin(), articles.end(), article) == articles.end()) {
    articles.push_back(article);
  }
}

}  // namespace

absl::StatusOr<ReplyRule> RuleOfReply(const Rulebook& rules, absl::CivilDay day,
                                      v1::Outcome outcome,
                                      const std::vector<v1::Ground>& grounds,
                                      std::string_view review_organ,
                                      std::string_view court) {
  RETURN_IF_ERROR(CheckGrounds(outcome, grounds));
  const v1::OutcomeRule* rule = rules.OutcomeFor(outcome, day);
  if (rule == nullptr) {
    return absl::InvalidArgumentError(absl::StrFormat(
        "the law of that day knows no outcome %s", v1::Outcome_Name(outcome)));
  }
  ReplyRule reply;
  reply.code = rule->code();
  reply.document_title = rule->document_title();
  reply.articles.push_back(rule->article());
  reply.return_row = rule->return_row();
  reply.remedy = rule->remedy();
  for (const v1::Ground ground : grounds) {
    ASSIGN_OR_RETURN(const v1::GroundRow* row, RowOf(*rule, ground));
    AddOnce(reply.articles, row->article());
    // An application has one row (reading A28): that of the first ground.
    if (reply.return_row.empty()) reply.return_row = row->return_row();
  }
  for (const int content : rule->contents()) {
    reply.contents.push_back(static_cast<v1::ReplyContent>(content));
  }
  ASSIGN_OR_RETURN(reply.remedy_text,
                   RemedyText(rules, day, reply.remedy, review_organ, court));
  return reply;
}

}  // namespace gongkai::law
