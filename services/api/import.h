// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_API_IMPORT_H_
#define GONGKAI_SERVICES_API_IMPORT_H_

#include <cstddef>
#include <functional>

#include "grpcpp/grpcpp.h"
#include "services/act/import.h"
#include "services/api/call.h"

namespace gongkai::api {

// What the rows of one import may be together, so that it fits into memory, and
// how many of those that break a rule one answer names.
inline constexpr size_t kMaxImportBytes = size_t{64} << 20;
inline constexpr size_t kMostImportFailures = 10'000;

// One call of ImportCases (历史案件导入): the head, then rows, then all of them
// are taken in at once, or none and each bad row is named. Rows are read and
// their form is looked at chunk by chunk; nothing is written before the last.
// Ends with FIELD_INVALID when the first piece is not the head alone, a later
// one is not a case, or there are too many. Owns itself until the call is done.
grpc::ServerReadReactor<grpc::ByteBuffer>* NewImport(
    Desk& desk, act::Importer& importer, std::function<void()> written,
    grpc::CallbackServerContext* context, grpc::ByteBuffer* reply);

}  // namespace gongkai::api

#endif  // GONGKAI_SERVICES_API_IMPORT_H_
