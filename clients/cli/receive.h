// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_CLIENTS_CLI_RECEIVE_H_
#define GONGKAI_CLIENTS_CLI_RECEIVE_H_

#include "clients/cli/connect.h"
#include "google/protobuf/repeated_ptr_field.h"

namespace gongkai::cli {

// Takes in one application; sent again with the same request_id while the
// service is away.
absl::StatusOr<v1::ReceiveApplicationResponse> Receive(
    Connection* connection, const Identity& identity,
    const v1::ReceiveApplicationRequest& request);

// Prints like cases as a table; nothing when there are none.
void PrintSimilar(
    const Run& run,
    const google::protobuf::RepeatedPtrField<v1::SimilarCase>& similar);

}  // namespace gongkai::cli

#endif  // GONGKAI_CLIENTS_CLI_RECEIVE_H_
