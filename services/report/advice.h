// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_REPORT_ADVICE_H_
#define GONGKAI_SERVICES_REPORT_ADVICE_H_

#include <vector>

#include "gongkai/v1/report.pb.h"
#include "gongkai/v1/types.pb.h"
#include "services/casework/case.h"
#include "services/report/folded.h"

// What earlier cases say to a draft (以案促改, 统一答复口径).
namespace gongkai::report {

// Whether the reply of the case stood: corrected by any review, lawsuit or
// justified complaint; else pending while one is; else upheld, or ended
// otherwise.
v1::Stood StoodOf(const casework::Case& c);

// The earlier case as a precedent; `score` 0 to 1 is the caller's.
v1::Precedent PrecedentOf(const FoldedCase& folded, double score);

// For a draft with this outcome and these grounds: the cases among `earlier`
// whose reply of the same outcome, or on a common ground, was corrected. One
// warning per case and ground (or outcome, where it has no ground in common),
// newest decision first.
std::vector<v1::DraftWarning> WarningsOf(
    v1::Outcome outcome, const std::vector<v1::Ground>& grounds,
    const std::vector<FoldedCase>& earlier);

// How many precedents whose reply stood answered otherwise than the draft:
// another outcome. 0 for a draft without one.
int AnsweredOtherwise(v1::Outcome outcome,
                      const std::vector<v1::Precedent>& precedents);

}  // namespace gongkai::report

#endif  // GONGKAI_SERVICES_REPORT_ADVICE_H_
