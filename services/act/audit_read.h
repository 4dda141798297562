// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_ACT_AUDIT_READ_H_
#define GONGKAI_SERVICES_ACT_AUDIT_READ_H_

#include <functional>
#include <optional>
#include <string_view>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "gongkai/v1/audit_service.pb.h"
#include "gongkai/v1/matter.pb.h"
#include "gongkai/v1/terms.pb.h"
#include "services/act/access.h"
#include "services/act/registry.h"
#include "services/act/reveals.h"
#include "services/auth/identity.h"
#include "services/base/clock.h"
#include "storage/proofs.h"
#include "storage/store.h"

namespace gongkai::act {

// Reads for those who answer for the record. Requests have passed validation;
// every call checks the permission matrix first. Thread-safe.
class AuditReader {
 public:
  // What it reads from; all outlive it.
  struct Sources {
    storage::Store& store;
    storage::Log& log;
    storage::Proofs& proofs;
    storage::AccessBook& accesses;
    Registry& registry;
    AccessRecorder& recorder;
    Clock& clock;
    // What the log lacks of an outside checkpoint; absent while it goes on.
    std::function<std::optional<v1::LogFork>()> fork;
    // Watches how many cases are shown whole; may be null.
    RevealWatch* reveals = nullptr;
  };
  explicit AuditReader(Sources sources) : from_(std::move(sources)) {}

  // The case as it stood at a moment of the record, and who saw it until then.
  // Itself recorded. NO_SUCH_CASE also when there was none yet; FIELD_INVALID
  // for a moment that is malformed or still to come.
  absl::StatusOr<v1::GetCaseTrailResponse> GetCaseTrail(
      const auth::Caller& caller, const v1::GetCaseTrailRequest& request,
      absl::Time deadline);

  // How far the log is signed and anchored. Shows nothing of any case, and is
  // not recorded.
  absl::StatusOr<v1::GetLogStateResponse> GetLogState(
      const auth::Caller& caller, const v1::GetLogStateRequest& request,
      absl::Time deadline);

  // What the log is found to lack of an outside checkpoint; absent while it
  // goes on.
  std::optional<v1::LogFork> Fork() const {
    return from_.fork ? from_.fork() : std::nullopt;
  }

 private:
  // The terms of the agency that were set by then.
  absl::StatusOr<v1::AgencyTerms> TermsUntil(std::string_view agency,
                                             absl::Time until,
                                             absl::Time deadline);

  const Sources from_;
};

}  // namespace gongkai::act

#endif  // GONGKAI_SERVICES_ACT_AUDIT_READ_H_
