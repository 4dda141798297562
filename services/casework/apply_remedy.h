// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_CASEWORK_APPLY_REMEDY_H_
#define GONGKAI_SERVICES_CASEWORK_APPLY_REMEDY_H_

#include "absl/time/civil_time.h"
#include "gongkai/v1/matter.pb.h"
#include "services/casework/case.h"

// What the events of reviews, lawsuits and complaints do to a case (REG 51).
namespace gongkai::casework {

// The docket of that ordinal, or null.
law::Docket* DocketOf(int ordinal, Case& c);

void RemedyOpened(const v1::RemedyDocket& r, absl::CivilDay day, Case& c);
void RemedyDecided(const v1::RemedyDecision& d, absl::CivilDay day, Case& c);
void RemedyAppealed(const v1::RemedyAppeal& a, absl::CivilDay day, Case& c);
void RectificationRecorded(const v1::Rectification& r, absl::CivilDay day,
                           Case& c);
void Reopened(const v1::Reopening& r, Case& c);

}  // namespace gongkai::casework

#endif  // GONGKAI_SERVICES_CASEWORK_APPLY_REMEDY_H_
