// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_CLIENTS_CLI_ACTS_H_
#define GONGKAI_CLIENTS_CLI_ACTS_H_

#include <string>
#include <string_view>

#include "clients/cli/connect.h"
#include "gongkai/v1/act.pb.h"
#include "google/protobuf/message.h"
#include "services/casework/statute.h"

namespace gongkai::cli {

// Sets the field of the oneof by name (`require_correction`) and returns its
// message; null when the contract has no such act.
google::protobuf::Message* SetAct(v1::Act* act, std::string_view name);

// The phases in which the act is lawful, as read out: `办理中、审核中`, or all
// but a few.
std::string PhasesText(const casework::Rule& rule, Locale locale);

// A role that may do the act, for a caller who named none; `handler` when the
// matrix has none for it.
std::string UsualRole(v1::Act::ActCase act);

// A role that has the capacity.
std::string UsualRole(v1::Capacity capacity);

// Does one act: the request is sent again with the same request_id while the
// service is away.
absl::StatusOr<v1::PerformActResponse> Perform(
    Connection* connection, const Identity& identity,
    const v1::PerformActRequest& request);

}  // namespace gongkai::cli

#endif  // GONGKAI_CLIENTS_CLI_ACTS_H_
