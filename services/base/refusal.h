// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_BASE_REFUSAL_H_
#define GONGKAI_SERVICES_BASE_REFUSAL_H_

#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "gongkai/v1/reason.pb.h"

namespace gongkai {

// A refusal as a status: the code is the one beside the reason in the
// contract, the refusal travels as a payload, the message is English and for
// developers.
absl::Status Refuse(const v1::Refusal& refusal);
absl::Status Refuse(v1::Reason reason);

// FIELD_INVALID for `field`: what it is (`got`, never personal text) and what
// the rule asks for.
absl::Status RefuseField(std::string_view field, std::string_view wanted,
                         std::string_view got = "");

// STORE_AWAY: nothing is lost, the same request may be sent again.
absl::Status StoreAway(int64_t retry_ms);

// The refusal in `status`, if it carries one.
std::optional<v1::Refusal> RefusalOf(const absl::Status& status);

// The options beside the reason in the contract.
const v1::Refused& RuleOf(v1::Reason reason);

}  // namespace gongkai

#endif  // GONGKAI_SERVICES_BASE_REFUSAL_H_
