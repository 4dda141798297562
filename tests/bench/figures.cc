// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/figures.h"

#include <algorithm>
#include <cmath>

namespace gongkai::bench {

double Run::rate() const {
  return seconds > 0 ? static_cast<double>(calls) / seconds : 0;
}

Middle MiddleOf(std::vector<double> values) {
  if (values.empty()) return {};
  std::sort(values.begin(), values.end());
  const size_t n = values.size();
  const double median =
      n % 2 == 1 ? values[n / 2] : (values[n / 2 - 1] + values[n / 2]) / 2;
  size_t cut = 0;
  if (n >= 6) {
    // How many values may be left out at either end.
    const double half = static_cast<double>(n) / 2;
    cut = static_cast<size_t>(std::max(0.0, half - 0.98 * std::sqrt(n)));
  }
  return {median, values[cut], values[n - 1 - cut]};
}

double Quantile(std::vector<double> values, double q) {
  if (values.empty()) return 0;
  const size_t at =
      std::min(values.size() - 1,
               static_cast<size_t>(q * static_cast<double>(values.size())));
  std::nth_element(values.begin(), values.begin() + static_cast<long>(at),
                   values.end());
  return values[at];
}

}  // namespace gongkai::bench
