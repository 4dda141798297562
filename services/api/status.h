// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_API_STATUS_H_
#define GONGKAI_SERVICES_API_STATUS_H_

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "gongkai/v1/reason.pb.h"
#include "grpcpp/support/status.h"
#include "services/base/locale.h"

namespace gongkai::api {

// The language that an `accept-language` asks for: the first of Chinese and
// English that it names; Chinese otherwise.
Locale LocaleOf(std::string_view accept_language);

// One or two sentences for the reader: the reason's, then phase, limit, last
// day and article (阶段、期限、截止日、依据).
std::string Sentence(const v1::Refusal& refusal, Locale locale);

// What a caller is told. A refusal travels as google.rpc details: ErrorInfo,
// BadRequest when a field is to blame, RetryInfo when waiting helps,
// LocalizedMessage. DEADLINE_EXCEEDED and CANCELLED stay what they are;
// anything else from inside is INTERNAL with `call_id`, by which the log
// knows it, and nothing more.
grpc::Status ToGrpc(const absl::Status& status, Locale locale,
                    std::string_view call_id);

// What of a status from inside may be logged: developers' words, without what
// might be a caller's (quoted text, long numbers, anything not ASCII).
std::string Scrubbed(std::string_view message);

}  // namespace gongkai::api

#endif  // GONGKAI_SERVICES_API_STATUS_H_
