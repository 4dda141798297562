// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_ACT_EXPORT_H_
#define GONGKAI_SERVICES_ACT_EXPORT_H_

#include <utility>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "gongkai/v1/audit_service.pb.h"
#include "services/act/access.h"
#include "services/act/registry.h"
#include "services/act/reveals.h"
#include "services/auth/identity.h"
#include "services/base/clock.h"
#include "storage/proofs.h"
#include "storage/store.h"

namespace gongkai::act {

// Gives out the evidence of a case (证据导出). Thread-safe.
class Exporter {
 public:
  // What it reads from; all outlive it.
  struct Sources {
    storage::Store& store;
    storage::Log& log;
    storage::Proofs& proofs;
    Registry& registry;
    AccessRecorder& recorder;
    Clock& clock;
    // Watches how many cases are shown whole; may be null.
    RevealWatch* reveals = nullptr;
  };
  explicit Exporter(Sources sources) : from_(sources) {}

  // A page of a case's events, each proved to be in the log of a checkpoint
  // that the first page chose: one that a witness saw or that left the database
  // if such a one holds the whole case, else the newest. Every page is recorded
  // as an access, with the purpose stated, before it is given out, and counts
  // as a case shown whole. NOT_YET_SIGNED (with a delay) while no checkpoint
  // holds any event of the case. A page ends early when it grows large.
  absl::StatusOr<v1::ExportCaseResponse> ExportCase(
      const auth::Caller& caller, const v1::ExportCaseRequest& request,
      absl::Time deadline);

 private:
  // The case as read, and what it is proved against.
  struct Case;

  absl::StatusOr<storage::StoredCheckpoint> Choose(
      const v1::ExportCaseRequest& request, const Case& c,
      absl::Time deadline) const;
  absl::Status AddFirst(const v1::ExportCaseRequest& request, const Case& c,
                        absl::Time deadline,
                        v1::ExportCaseResponse& response) const;

  const Sources from_;
};

}  // namespace gongkai::act

#endif  // GONGKAI_SERVICES_ACT_EXPORT_H_
