// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_TESTS_BENCH_DECADE_PAST_H_
#define GONGKAI_TESTS_BENCH_DECADE_PAST_H_

#include <string>

#include "gongkai/v1/past.pb.h"
#include "tests/bench/decade_life.h"

namespace gongkai::bench {

// A life as an earlier register tells it on `until`: what of it had been done
// by then, as one row.
v1::PastCase PastOf(const PlannedLife& life, const std::string& number,
                    absl::CivilDay until);

}  // namespace gongkai::bench

#endif  // GONGKAI_TESTS_BENCH_DECADE_PAST_H_
