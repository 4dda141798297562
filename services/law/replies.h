// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_LAW_REPLIES_H_
#define GONGKAI_SERVICES_LAW_REPLIES_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "services/law/rulebook.h"

namespace gongkai::law {

// What the law attaches to a reply (R1 to R17), from its outcome and grounds.
struct ReplyRule {
  std::string code;            // R3
  std::string document_title;  // 政府信息不予公开答复书
  // Legal basis of the outcome and of each ground, in order.
  std::vector<std::string> articles;
  // Row of table 3 of the annual return; a partial disclosure beats the rest
  // (FMT table 3, reading A28).
  std::string return_row;
  std::vector<v1::ReplyContent> contents;
  v1::RemedyClause remedy = v1::REMEDY_CLAUSE_UNSPECIFIED;
  // The remedy clause in Chinese, with `review_organ` and `court` filled in.
  std::string remedy_text;
};

// The rule of a reply under the set in force on `day`. INVALID_ARGUMENT when
// REFUSED or PARTIAL has no ground, or another outcome has one.
absl::StatusOr<ReplyRule> RuleOfReply(const Rulebook& rules, absl::CivilDay day,
                                      v1::Outcome outcome,
                                      const std::vector<v1::Ground>& grounds,
                                      std::string_view review_organ,
                                      std::string_view court);

}  // namespace gongkai::law

#endif  // GONGKAI_SERVICES_LAW_REPLIES_H_
