// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_TESTS_BENCH_REPORT_H_
#define GONGKAI_TESTS_BENCH_REPORT_H_

#include <string>

#include "tests/bench/rounds.h"

namespace gongkai::bench {

// The table of a bench, one line per measure, and the bars, for people.
std::string Table(const Setup& setup, const Results& results);

// The same as one JSON object.
std::string Json(const Setup& setup, const Results& results);

}  // namespace gongkai::bench

#endif  // GONGKAI_TESTS_BENCH_REPORT_H_
