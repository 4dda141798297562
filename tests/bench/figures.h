// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_TESTS_BENCH_FIGURES_H_
#define GONGKAI_TESTS_BENCH_FIGURES_H_

#include <cstdint>
#include <string>
#include <vector>

#include "tests/bench/usage.h"

namespace gongkai::bench {

// What one run of one load gave within its window.
struct Run {
  double seconds = 0;
  int64_t calls = 0;
  int64_t errors = 0;
  std::string first_error;
  // The most that one caller did, also outside the window.
  int64_t most_by_one = 0;
  Usage used;
  // Of each call that ended in the window, microseconds.
  std::vector<double> latencies_us;

  double rate() const;
};

// A median with an interval that covers the true one with about 95 percent
// (that of order statistics); with fewer than six values, their range.
struct Middle {
  double median = 0;
  double low = 0;
  double high = 0;
};
Middle MiddleOf(std::vector<double> values);

// The value below which the share `q` of `values` lies; 0 when there are none.
double Quantile(std::vector<double> values, double q);

}  // namespace gongkai::bench

#endif  // GONGKAI_TESTS_BENCH_FIGURES_H_
