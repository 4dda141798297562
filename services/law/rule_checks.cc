// SPDX-License-Identifier: Apache-2.0
#include "services/law/rule_checks.h"

#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_format.h"
#include "services/base/dates.h"
#include "services/base/status_macros.h"

namespace gongkai::law {
namespace {

absl::Status Defect(const v1::RuleSet& set, const std::string& rule,
                    const std::string& what) {
  return absl::InvalidArgumentError(
      absl::StrFormat("rule set %s, %s: %s", set.id(), rule, what));
}

absl::Status CheckHead(const v1::RuleSet& set) {
  if (set.id().empty()) {
    return absl::InvalidArgumentError("a rule set has no id");
  }
  if (set.title().empty()) return Defect(set, "head", "no title");
  const auto from = ParseDay(set.effective_from());
  if (!from.ok()) {
    return Defect(set, "effective_from", std::string(from.status().message()));
  }
  if (set.effective_until().empty()) return absl::OkStatus();
  const auto until = ParseDay(set.effective_until());
  if (!until.ok()) {
    return Defect(set, "effective_until",
                  std::string(until.status().message()));
  }
  if (*until < *from) return Defect(set, "head", "ends before it begins");
  return absl::OkStatus();
}

// Confirming an ordinary letter has no length: the day of arrival itself.
bool IsSameDay(const v1::LimitRule& rule) {
  return rule.kind() == v1::MAIL_CONFIRMATION;
}

absl::Status CheckLimit(const v1::RuleSet& set, const v1::LimitRule& rule) {
  const std::string name = v1::LimitKind_Name(rule.kind());
  if (rule.kind() == v1::LIMIT_KIND_UNSPECIFIED) {
    return Defect(set, "limit", "no kind");
  }
  if (rule.article().empty()) return Defect(set, name, "no article");
  if (rule.unit() == v1::LIMIT_UNIT_UNSPECIFIED) {
    return Defect(set, name, "no unit");
  }
  if (rule.whose() == v1::WHOSE_UNSPECIFIED) {
    return Defect(set, name, "does not say whose");
  }
  for (const int figure : {rule.length(), rule.min_length(), rule.max_length(),
                           rule.simplified_length(), rule.alternative_length(),
                           rule.untold_length()}) {
    if (figure < 0) return Defect(set, name, "a figure below nought");
  }
  const bool bounded = rule.min_length() > 0 && rule.max_length() > 0;
  if (rule.length() == 0 && !bounded && !IsSameDay(rule)) {
    return Defect(set, name, "no length and no bounds");
  }
  if (bounded && rule.min_length() > rule.max_length()) {
    return Defect(set, name, "bounds the wrong way round");
  }
  if (bounded && rule.length() > 0 &&
      (rule.length() < rule.min_length() ||
       rule.length() > rule.max_length())) {
    return Defect(set, name, "length outside its bounds");
  }
  if ((rule.untold_length() > 0) !=
      (rule.untold_unit() != v1::LIMIT_UNIT_UNSPECIFIED)) {
    return Defect(set, name, "untold_length and untold_unit go together");
  }
  if (rule.simplified_length() == 0 &&
      rule.simplified_unit() != v1::LIMIT_UNIT_UNSPECIFIED) {
    return Defect(set, name, "simplified_unit without simplified_length");
  }
  return absl::OkStatus();
}

absl::Status CheckTiers(const v1::RuleSet& set) {
  std::map<int, const v1::FeeTier*> last;
  for (const v1::FeeTier& tier : set.fee_tiers()) {
    const std::string name = v1::FeeBasis_Name(tier.basis());
    if (tier.basis() == v1::FEE_BASIS_UNSPECIFIED) {
      return Defect(set, "fee tier", "no basis");
    }
    if (tier.article().empty()) return Defect(set, name, "no article");
    if (tier.fen_per_unit() < 0 || tier.rise_fen() < 0) {
      return Defect(set, name, "a price below nought");
    }
    if ((tier.rise_fen() > 0) != (tier.step_units() > 0)) {
      return Defect(set, name, "rise_fen and step_units go together");
    }
    const v1::FeeTier*& before = last[tier.basis()];
    const int expected = before == nullptr ? 1 : before->last() + 1;
    if ((before != nullptr && before->last() == 0) ||
        tier.first() != expected ||
        (tier.last() != 0 && tier.last() < tier.first())) {
      return Defect(set, name, "tiers do not join");
    }
    before = &tier;
  }
  for (const auto& [basis, tier] : last) {
    if (tier->last() != 0) {
      return Defect(set, v1::FeeBasis_Name(static_cast<v1::FeeBasis>(basis)),
                    "the last tier has an end");
    }
  }
  return absl::OkStatus();
}

absl::Status CheckOutcome(const v1::RuleSet& set, const v1::OutcomeRule& rule) {
  const std::string name = v1::Outcome_Name(rule.outcome());
  if (rule.outcome() == v1::OUTCOME_UNSPECIFIED) {
    return Defect(set, "outcome", "no outcome");
  }
  if (rule.code().empty()) return Defect(set, name, "no code");
  if (rule.article().empty()) return Defect(set, name, "no article");
  if (rule.document_title().empty()) return Defect(set, name, "no title");
  if (rule.remedy() == v1::REMEDY_CLAUSE_UNSPECIFIED) {
    return Defect(set, name, "does not say which remedies");
  }
  if (rule.return_row().empty() && rule.ground_rows().empty()) {
    return Defect(set, name, "no return row");
  }
  std::set<int> grounds;
  for (const v1::GroundRow& row : rule.ground_rows()) {
    const std::string ground = name + " " + v1::Ground_Name(row.ground());
    if (row.ground() == v1::GROUND_UNSPECIFIED) {
      return Defect(set, name, "a ground row without ground");
    }
    if (row.return_row().empty()) return Defect(set, ground, "no return row");
    if (row.article().empty()) return Defect(set, ground, "no article");
    if (row.remedy() == v1::REMEDY_CLAUSE_UNSPECIFIED) {
      return Defect(set, ground, "does not say which remedies");
    }
    if (!grounds.insert(row.ground()).second) {
      return Defect(set, ground, "is there twice");
    }
  }
  return absl::OkStatus();
}

absl::Status CheckClock(const v1::RuleSet& set) {
  if (!set.has_clock()) return absl::OkStatus();
  const v1::ClockRule& clock = set.clock();
  if (clock.correction_article().empty() ||
      clock.consultation_article().empty() || clock.payment_article().empty()) {
    return Defect(set, "clock", "no article");
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status CheckRuleSet(const v1::RuleSet& set) {
  RETURN_IF_ERROR(CheckHead(set));
  std::set<int> kinds;
  bool reply = false;
  for (const v1::LimitRule& rule : set.limits()) {
    RETURN_IF_ERROR(CheckLimit(set, rule));
    if (!kinds.insert(rule.kind()).second) {
      return Defect(set, v1::LimitKind_Name(rule.kind()), "is there twice");
    }
    reply |= rule.kind() == v1::REPLY;
  }
  if (reply != set.has_clock()) {
    return Defect(set, "clock", "goes together with REPLY");
  }
  std::set<int> outcomes;
  for (const v1::OutcomeRule& rule : set.outcomes()) {
    RETURN_IF_ERROR(CheckOutcome(set, rule));
    if (!outcomes.insert(rule.outcome()).second) {
      return Defect(set, v1::Outcome_Name(rule.outcome()), "is there twice");
    }
  }
  RETURN_IF_ERROR(CheckTiers(set));
  return CheckClock(set);
}

}  // namespace gongkai::law
