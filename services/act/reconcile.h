// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_ACT_RECONCILE_H_
#define GONGKAI_SERVICES_ACT_RECONCILE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "services/act/finding.h"
#include "services/act/registry.h"
#include "storage/scan.h"

namespace gongkai::act {

struct ReconcileOptions {
  // The service's request key, by which applicants and contents are keyed;
  // empty: those keys are not checked.
  std::string request_key;
  Progress progress;
};

// What was gone through.
struct ReconcileReport {
  int64_t streams = 0;
  int64_t cases = 0;
  int64_t events = 0;
  int64_t limits = 0;
  int64_t requests = 0;
  int64_t findings = 0;
  // What could not be checked, one sentence each.
  std::vector<std::string> unchecked;
};

// Folds the events of every stream and compares with every row that follows
// from them: the stream's row, the limits as of the day of the last event, the
// words, the requests, the counters and the numbers; and holds the invariants
// of every case. Whether the events themselves are genuine is for Fsck to say.
// Memory grows with the longest stream, not with their number. `registry` reads
// calendars from the same database.
absl::StatusOr<ReconcileReport> Reconcile(storage::Scan& scan,
                                          Registry& registry,
                                          const ReconcileOptions& options,
                                          const Findings& findings);

}  // namespace gongkai::act

#endif  // GONGKAI_SERVICES_ACT_RECONCILE_H_
