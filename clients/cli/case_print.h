// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_CLIENTS_CLI_CASE_PRINT_H_
#define GONGKAI_CLIENTS_CLI_CASE_PRINT_H_

#include <google/protobuf/message.h>

#include "absl/status/status.h"
#include "clients/cli/command.h"
#include "gongkai/v1/case.pb.h"
#include "gongkai/v1/event.pb.h"

namespace gongkai::cli {

// A case on one page: facts, consultations, remedies, time limits.
void PrintCase(const Run& run, const v1::Case& c);

// Its events, one line each, under a heading.
void PrintHistory(
    const Run& run,
    const google::protobuf::RepeatedPtrField<v1::RecordedEvent>& history);

// The flag by which personal data is shown whole, and what it asks for: sets
// `purpose` of a request.
Flag PurposeFlag(Locale locale);
absl::Status SetPurpose(const Run& run, google::protobuf::Message* request);

}  // namespace gongkai::cli

#endif  // GONGKAI_CLIENTS_CLI_CASE_PRINT_H_
