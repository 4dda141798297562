// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_ACT_RECONCILE_H_
#define GONGKAI_SERVICES_ACT_RECONCILE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "services/act/finding.h"
#include "services/act/persons.h"
#include "services/act/registry.h"
#include "storage/scan.h"

namespace gongkai::act {

struct ReconcileOptions {
  // The service's request key, by which applicants and contents are keyed;
  // empty: those keys are not checked.
  std::string request_key;
  // By which persons are found; empty: that is not checked.
  BlindIndex blind_index = {};
  Progress progress = {};
};

// What was gone through.
struct ReconcileReport {
  int64_t streams = 0;
  int64_t cases = 0;
  int64_t events = 0;
  int64_t limits = 0;
  int64_t requests = 0;
  int64_t sealed = 0;  // streams with private parts that were not opened
  // Cases whose rows are from before the annual return was counted by them.
  int64_t stale = 0;
  int64_t findings = 0;
  // What could not be checked, one sentence each.
  std::vector<std::string> unchecked;
};

// Folds the events of every stream and compares with every row that follows
// from them: the stream's row, the limits as of the day of the last event, the
// words, the requests, the accounts, the counters and the numbers; and holds
// the invariants of every case. Whether the events themselves are genuine is
// for Fsck to say. Memory grows with the longest stream and the number of
// accounts. `registry` reads calendars from the same database.
absl::StatusOr<ReconcileReport> Reconcile(storage::Scan& scan,
                                          Registry& registry,
                                          const ReconcileOptions& options,
                                          const Findings& findings);

}  // namespace gongkai::act

#endif  // GONGKAI_SERVICES_ACT_RECONCILE_H_
