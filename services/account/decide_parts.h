// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_ACCOUNT_DECIDE_PARTS_H_
#define GONGKAI_SERVICES_ACCOUNT_DECIDE_PARTS_H_

#include <string_view>

#include "absl/status/status.h"
#include "gongkai/v1/reason.pb.h"
#include "services/account/decide.h"

// What decide.cc and decide_grant.cc share.
namespace gongkai::account {

// A refusal that names the field, what it is to be and what it is; never
// personal text.
absl::Status Misfit(v1::Reason reason, std::string_view field,
                    std::string_view wanted, std::string_view got);

// The account is there and not of the actor's person; it is open as well; it is
// also of staff.
absl::Status CheckKept(const Matter& m);
absl::Status CheckOpen(const Matter& m);
absl::Status CheckStaff(const Matter& m);

// Whether the person holds an administrator's post, by whatever account.
bool HoldsPost(const Matter& m);

}  // namespace gongkai::account

#endif  // GONGKAI_SERVICES_ACCOUNT_DECIDE_PARTS_H_
