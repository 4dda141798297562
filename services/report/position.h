// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_REPORT_POSITION_H_
#define GONGKAI_SERVICES_REPORT_POSITION_H_

#include <string>

#include "gongkai/v1/types.pb.h"
#include "services/casework/case.h"

// What a reply says of the information itself (答复口径).
namespace gongkai::report {

// Whether the reply says anything of the information: not when the application
// was abandoned, withdrawn or repeated, or remained unclear.
bool TakesPosition(v1::Outcome outcome);

// Whether two replies answer alike. What was given out once and is public since
// is answered alike (REG 36(1), 36(2)).
bool SameAnswer(v1::Outcome a, v1::Outcome b);

// Equal for replies that answer alike on the same grounds, in whatever order.
std::string PositionOf(const casework::Case& c);

}  // namespace gongkai::report

#endif  // GONGKAI_SERVICES_REPORT_POSITION_H_
