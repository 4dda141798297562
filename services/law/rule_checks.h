// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_LAW_RULE_CHECKS_H_
#define GONGKAI_SERVICES_LAW_RULE_CHECKS_H_

#include "absl/status/status.h"
#include "gongkai/v1/rulebook.pb.h"

namespace gongkai::law {

// Checks one rule set by itself; Rulebook::Parse checks the sets against each
// other. INVALID_ARGUMENT names the set, the rule and the defect.
absl::Status CheckRuleSet(const v1::RuleSet& set);

}  // namespace gongkai::law

#endif  // GONGKAI_SERVICES_LAW_RULE_CHECKS_H_
