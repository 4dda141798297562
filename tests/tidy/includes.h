// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_TESTS_TIDY_INCLUDES_H_
#define GONGKAI_TESTS_TIDY_INCLUDES_H_

#include <vector>

#include "tests/tidy/source.h"

namespace gongkai::tidy {

// Includes that the table of rooms does not allow, and C++ files in no room.
// The table is in includes.cc; services/README.md draws it.
Findings CheckIncludes(const std::vector<Source>& sources);

}  // namespace gongkai::tidy

#endif  // GONGKAI_TESTS_TIDY_INCLUDES_H_
