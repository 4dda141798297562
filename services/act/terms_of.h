// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_ACT_TERMS_OF_H_
#define GONGKAI_SERVICES_ACT_TERMS_OF_H_

#include <optional>
#include <vector>

#include "gongkai/v1/event.pb.h"
#include "gongkai/v1/matter.pb.h"
#include "gongkai/v1/terms.pb.h"
#include "services/casework/case.h"

namespace gongkai::act {

// The terms that an event leaves an agency with; null when it is about
// something else.
const v1::AgencyTerms* TermsIn(const v1::Event& event);

// The last of them in a stream; absent when there are none.
std::optional<v1::AgencyTerms> LastTerms(
    const std::vector<casework::PastEvent>& past);

}  // namespace gongkai::act

#endif  // GONGKAI_SERVICES_ACT_TERMS_OF_H_
