// SPDX-License-Identifier: Apache-2.0
#include "services/api/failures.h"

#include "services/base/refusal.h"

namespace gongkai::api {

v1::BatchReceiveResponse::Failure FailureOf(int64_t row,
                                            const std::string& request_id,
                                            const absl::Status& status,
                                            Locale locale) {
  v1::BatchReceiveResponse::Failure failure;
  failure.set_row(row);
  failure.set_request_id(request_id);
  failure.set_code(static_cast<int32_t>(status.code()));
  const auto refusal = RefusalOf(status);
  if (!refusal.has_value()) {
    failure.set_message(ToGrpc(status, locale, "").error_message());
    return failure;
  }
  failure.set_reason(v1::Reason_Name(refusal->reason()));
  failure.set_field(refusal->field());
  failure.set_message(Sentence(*refusal, locale));
  return failure;
}

}  // namespace gongkai::api
