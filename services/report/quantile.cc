// SPDX-License-Identifier: Apache-2.0
#include "services/report/quantile.h"

#include <algorithm>
#include <cstddef>

namespace gongkai::report {

int Quantile(const std::vector<int>& values, int percent) {
  const size_t rank = (values.size() * static_cast<size_t>(percent) + 99) / 100;
  return values[std::max<size_t>(rank, 1) - 1];
}

}  // namespace gongkai::report
