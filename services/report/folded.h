// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_REPORT_FOLDED_H_
#define GONGKAI_SERVICES_REPORT_FOLDED_H_

#include <string>
#include <vector>

#include "services/casework/case.h"
#include "services/law/calendar.h"
#include "services/law/limits.h"
#include "services/law/rulebook.h"

namespace gongkai::report {

// A case as reports read it: folded from its events, which carry no personal
// text.
struct FoldedCase {
  std::string agency;
  casework::Case c;
  // With mends in place or without: reports put them in place.
  std::vector<casework::PastEvent> past;
  // As of today.
  std::vector<law::Limit> limits;
  // Outlive it; never null.
  const law::Rulebook* rules = nullptr;
  const law::Calendar* calendar = nullptr;
};

}  // namespace gongkai::report

#endif  // GONGKAI_SERVICES_REPORT_FOLDED_H_
