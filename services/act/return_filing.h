// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_ACT_RETURN_FILING_H_
#define GONGKAI_SERVICES_ACT_RETURN_FILING_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "gongkai/v1/report_service.pb.h"
#include "services/act/access.h"
#include "services/act/registry.h"
#include "services/act/report_return.h"
#include "services/act/stream_act.h"
#include "services/auth/identity.h"
#include "services/base/clock.h"
#include "storage/reports.h"
#include "storage/store.h"

namespace gongkai::act {

// Files the annual return of an agency (年报报送, REG 49), or restates it: an
// event in the agency's own stream, with the return and its list of cases kept
// beside it in the same commit, as bytes, and held to it by their digests.
// Thread-safe.
class ReturnFiler {
 public:
  // What it reads and writes; outlives it. `standing` may be null.
  struct Parts {
    storage::Store& store;
    storage::ReportBook& book;
    Registry& registry;
    AccessRecorder& recorder;
    Clock& clock;
    Standing* standing = nullptr;
    // Of the digests of requests.
    std::string request_key;
  };
  explicit ReturnFiler(const Parts& parts);

  // OK means durable; the same request again gives what it filed. What was
  // looked at is filed and nothing else: RETURN_CHANGED. RETURN_TOO_EARLY,
  // RETURN_UNBALANCED, RETURN_UNCHANGED. Refusals are recorded.
  absl::StatusOr<v1::FileReturnResponse> FileReturn(
      const auth::Caller& caller, const v1::FileReturnRequest& request,
      absl::Time deadline);

 private:
  // What is filed, once it is decided.
  struct Filing;

  absl::StatusOr<v1::FileReturnResponse> TryFile(
      const auth::Caller& caller, const v1::FileReturnRequest& request,
      absl::Time deadline);
  // The return that may be filed on the agency's stream as it stands.
  absl::StatusOr<Filing> Decide(const v1::FileReturnRequest& request,
                                const storage::History& history,
                                absl::Time deadline);
  absl::Status CheckTime(const v1::FileReturnRequest& request,
                         absl::Time deadline);
  // What an earlier event filed.
  absl::StatusOr<Filing> Filed(const std::string& agency, int year, int64_t seq,
                               absl::Time deadline);
  absl::StatusOr<v1::FileReturnResponse> Answer(const auth::Caller& caller,
                                                const Filing& filing,
                                                absl::Time deadline);

  const Parts parts_;
  Returns returns_;
  StreamWriter writer_;
};

}  // namespace gongkai::act

#endif  // GONGKAI_SERVICES_ACT_RETURN_FILING_H_
