// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_API_BATCH_H_
#define GONGKAI_SERVICES_API_BATCH_H_

#include <functional>

#include "grpcpp/grpcpp.h"
#include "services/act/perform.h"
#include "services/api/call.h"

namespace gongkai::api {

// Rows that one BatchReceive may carry.
inline constexpr int64_t kMaxBatchRows = 100'000;

// One call of BatchReceive (批量收件): rows are collected and handed to the
// lane of acts chunk by chunk; a row that is wrong is named in the answer and
// the others are kept. While a chunk is worked off nothing more is read. The
// caller is identified before each chunk: when his session is over the call
// ends with SESSION_OVER, and what was received before stays. When the database
// goes away the call ends with UNAVAILABLE: the same rows may be sent again.
// Owns itself until the call is done.
grpc::ServerReadReactor<grpc::ByteBuffer>* NewBatch(
    Desk& desk, act::Performer& performer, std::function<void()> written,
    grpc::CallbackServerContext* context, grpc::ByteBuffer* reply);

}  // namespace gongkai::api

#endif  // GONGKAI_SERVICES_API_BATCH_H_
