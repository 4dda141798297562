// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_ACT_READ_CASE_H_
#define GONGKAI_SERVICES_ACT_READ_CASE_H_

#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "services/act/registry.h"
#include "services/base/ids.h"
#include "services/casework/case.h"
#include "services/law/limits.h"
#include "storage/store.h"

namespace gongkai::act {

// A case as read: folded, with the calendar that its last event pinned.
struct ReadCase {
  storage::History history;
  std::vector<casework::PastEvent> past;
  casework::Case c;
  law::Calendar calendar;
  std::shared_ptr<const Terms> terms;

  std::vector<law::Limit> LimitsOn(const law::Rulebook& rules,
                                   absl::CivilDay as_of) const;
};

// Loads and folds a case. NOT_FOUND (NO_SUCH_CASE) when there is none.
absl::StatusOr<ReadCase> OpenForReading(storage::Store& store,
                                        Registry& registry, const CaseRef& ref,
                                        bool with_private, absl::Time deadline);

}  // namespace gongkai::act

#endif  // GONGKAI_SERVICES_ACT_READ_CASE_H_
