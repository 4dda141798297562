// SPDX-License-Identifier: Apache-2.0
#include "services/report/position.h"

#include <set>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace gongkai::report {
namespace {

v1::Outcome Answer(v1::Outcome outcome) {
  return outcome == v1::ALREADY_PUBLIC ? v1::DISCLOSED : outcome;
}

}  // namespace

bool TakesPosition(v1::Outcome outcome) {
  switch (outcome) {
    case v1::OUTCOME_UNSPECIFIED:
    case v1::REPEATED:
    case v1::EXCESSIVE:
    case v1::CORRECTION_ABANDONED:
    case v1::PAYMENT_ABANDONED:
    case v1::STILL_UNCLEAR:
    case v1::OTHER_OUTCOME:
      return false;
    default:
      return true;
  }
}

bool SameAnswer(v1::Outcome a, v1::Outcome b) { return Answer(a) == Answer(b); }

std::string PositionOf(const casework::Case& c) {
  const std::set<int> grounds(c.grounds.begin(), c.grounds.end());
  return absl::StrCat(static_cast<int>(Answer(c.outcome)), ":",
                      absl::StrJoin(grounds, ","));
}

}  // namespace gongkai::report
