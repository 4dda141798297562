// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_LAW_LAPSING_H_
#define GONGKAI_SERVICES_LAW_LAPSING_H_

#include "gongkai/v1/types.pb.h"

namespace gongkai::law {

// Whether a limit of `kind` that runs out with nothing done falls away: a right
// is lost, or silence stands for the step (T3, T15, T16, T21 to T23, T26). It
// is void from its last day. Every other one stays a duty and is missed.
bool LapsesWithItsDay(v1::LimitKind kind);

}  // namespace gongkai::law

#endif  // GONGKAI_SERVICES_LAW_LAPSING_H_
