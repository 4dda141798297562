// SPDX-License-Identifier: Apache-2.0
#include "services/report/advice.h"

#include <algorithm>
#include <string>
#include <utility>

#include "services/base/dates.h"
#include "services/base/ids.h"
#include "services/report/dockets.h"
#include "services/report/position.h"

namespace gongkai::report {
namespace {

// A remedy that corrected the reply.
struct Correction {
  Remedy remedy;
  RemedyState state;
};

std::vector<Correction> CorrectionsOf(const casework::Case& c) {
  std::vector<Correction> corrections;
  for (const Remedy& remedy : RemediesOf(c)) {
    const RemedyState state = StateOf(c, remedy, kEver);
    if (state.concluded && CellOf(state.result) == kCorrectedCell) {
      corrections.push_back({remedy, state});
    }
  }
  return corrections;
}

// The grounds on which the warning rests; the outcome alone is one unspecified
// ground; none when the cases have nothing in common.
std::vector<v1::Ground> CommonGrounds(v1::Outcome outcome,
                                      const std::vector<v1::Ground>& grounds,
                                      const casework::Case& earlier) {
  std::vector<v1::Ground> common;
  for (const v1::Ground ground : grounds) {
    if (std::find(earlier.grounds.begin(), earlier.grounds.end(), ground) !=
        earlier.grounds.end()) {
      common.push_back(ground);
    }
  }
  if (common.empty() && outcome != v1::OUTCOME_UNSPECIFIED &&
      SameAnswer(outcome, earlier.outcome)) {
    common.push_back(v1::GROUND_UNSPECIFIED);
  }
  return common;
}

v1::DraftWarning WarningOf(const FoldedCase& folded,
                           const Correction& correction, v1::Ground ground) {
  v1::DraftWarning warning;
  warning.set_outcome(folded.c.outcome);
  warning.set_ground(ground);
  warning.set_name(CaseName(folded.agency, folded.c.number));
  warning.set_remedy(correction.remedy.kind);
  warning.set_result(correction.state.result);
  warning.set_decided_date(FormatDay(*correction.state.concluded));
  warning.set_rectified(IsRectified(folded.c, correction.remedy));
  return warning;
}

}  // namespace

v1::Stood StoodOf(const casework::Case& c) {
  bool seen[5] = {};
  bool any = false;
  for (const Remedy& remedy : RemediesOf(c)) {
    const RemedyState state = StateOf(c, remedy, kEver);
    seen[state.concluded ? CellOf(state.result) : kPendingCell] = true;
    any = true;
  }
  if (!any) return v1::UNCHALLENGED;
  if (seen[kCorrectedCell]) return v1::STOOD_CORRECTED;
  if (seen[kPendingCell]) return v1::STOOD_PENDING;
  if (seen[kUpheldCell]) return v1::STOOD_UPHELD;
  return v1::STOOD_OTHER;
}

v1::Precedent PrecedentOf(const FoldedCase& folded, double score) {
  v1::Precedent precedent;
  precedent.set_name(CaseName(folded.agency, folded.c.number));
  if (folded.c.facts.received) {
    precedent.set_receipt_date(FormatDay(*folded.c.facts.received));
  }
  precedent.set_outcome(folded.c.outcome);
  for (const v1::Ground ground : folded.c.grounds) {
    precedent.add_grounds(ground);
  }
  precedent.set_stood(StoodOf(folded.c));
  precedent.set_score(score);
  return precedent;
}

std::vector<v1::DraftWarning> WarningsOf(
    v1::Outcome outcome, const std::vector<v1::Ground>& grounds,
    const std::vector<FoldedCase>& earlier) {
  std::vector<v1::DraftWarning> warnings;
  for (const FoldedCase& folded : earlier) {
    const auto common = CommonGrounds(outcome, grounds, folded.c);
    for (const Correction& correction : CorrectionsOf(folded.c)) {
      for (const v1::Ground ground : common) {
        warnings.push_back(WarningOf(folded, correction, ground));
      }
    }
  }
  std::sort(warnings.begin(), warnings.end(),
            [](const v1::DraftWarning& a, const v1::DraftWarning& b) {
              if (a.decided_date() != b.decided_date()) {
                return a.decided_date() > b.decided_date();
              }
              return std::pair(a.name(), a.ground()) <
                     std::pair(b.name(), b.ground());
            });
  return warnings;
}

int AnsweredOtherwise(v1::Outcome outcome,
                      const std::vector<v1::Precedent>& precedents) {
  if (outcome == v1::OUTCOME_UNSPECIFIED) return 0;
  return static_cast<int>(
      std::count_if(precedents.begin(), precedents.end(),
                    [outcome](const v1::Precedent& precedent) {
                      return precedent.stood() != v1::STOOD_CORRECTED &&
                             precedent.stood() != v1::STOOD_PENDING &&
                             TakesPosition(precedent.outcome()) &&
                             !SameAnswer(outcome, precedent.outcome());
                    }));
}

}  // namespace gongkai::report
