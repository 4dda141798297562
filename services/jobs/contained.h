// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_JOBS_CONTAINED_H_
#define GONGKAI_SERVICES_JOBS_CONTAINED_H_

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "services/audit/merkle.h"
#include "services/audit/suite.h"
#include "storage/store.h"

namespace gongkai::jobs {

// The tiles of the log's tree, each call until `deadline`. `log` outlives it.
audit::ReadTile TilesOf(storage::Log& log, absl::Time deadline);

// OK when the tree of head `tree` begins with that of `earlier`, by what its
// tiles say, and when its tiles give the root that it claims. DATA_LOSS says
// in a sentence with both sizes what does not hold; errors of the store as they
// are.
absl::Status CheckContained(storage::Log& log, audit::Suite suite,
                            const storage::TreeHead& tree,
                            const storage::TreeHead& earlier,
                            absl::Time deadline);

}  // namespace gongkai::jobs

#endif  // GONGKAI_SERVICES_JOBS_CONTAINED_H_
