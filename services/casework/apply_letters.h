// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_CASEWORK_APPLY_LETTERS_H_
#define GONGKAI_SERVICES_CASEWORK_APPLY_LETTERS_H_

#include "absl/time/civil_time.h"
#include "gongkai/v1/matter.pb.h"
#include "services/casework/case.h"

// What the letters of a case do to it: notices, consultations, the reply, and
// the service of each.
namespace gongkai::casework {

void CorrectionRequired(const v1::CorrectionNotice& n, absl::CivilDay day,
                        Case& c);
void ReasonsAsked(const v1::ReasonsNotice& n, absl::CivilDay day, Case& c);
void FeeCharged(const v1::FeeNotice& n, absl::CivilDay day, Case& c);
void Consulted(const v1::ConsultationLetter& l, absl::CivilDay day, Case& c);
void OpinionRecorded(const v1::OpinionReceived& o, absl::CivilDay day, Case& c);
void Dispatched(const v1::Dispatch& d, absl::CivilDay day, Case& c);
void ServiceRecorded(const v1::ServiceRecord& s, absl::CivilDay day, Case& c);

}  // namespace gongkai::casework

#endif  // GONGKAI_SERVICES_CASEWORK_APPLY_LETTERS_H_
