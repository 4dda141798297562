// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_API_FAILURES_H_
#define GONGKAI_SERVICES_API_FAILURES_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "gongkai/v1/case_service.pb.h"
#include "services/api/status.h"

namespace gongkai::api {

// A row that broke a rule, as the answer names it, in the caller's language.
// An id that is itself malformed is not echoed: give none then.
v1::BatchReceiveResponse::Failure FailureOf(int64_t row,
                                            const std::string& request_id,
                                            const absl::Status& status,
                                            Locale locale);

}  // namespace gongkai::api

#endif  // GONGKAI_SERVICES_API_FAILURES_H_
