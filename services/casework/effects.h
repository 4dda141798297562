// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_CASEWORK_EFFECTS_H_
#define GONGKAI_SERVICES_CASEWORK_EFFECTS_H_

#include "services/casework/decide.h"

namespace gongkai::casework {

// What a lawful act becomes: the event that carries the act's own message,
// with what the service adds. Requires that every guard of the act holds.
Decision Effects(const Matter& matter);

}  // namespace gongkai::casework

#endif  // GONGKAI_SERVICES_CASEWORK_EFFECTS_H_
