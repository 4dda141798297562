// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_REPORT_QUANTILE_H_
#define GONGKAI_SERVICES_REPORT_QUANTILE_H_

#include <vector>

namespace gongkai::report {

// The quantile by nearest rank: of n values in order the one at rank
// ⌈percent × n ÷ 100⌉, so that it is always a value that occurred and at least
// `percent` of all are not above it. 0 < percent <= 100; `values` is not empty
// and in ascending order.
int Quantile(const std::vector<int>& values, int percent);

}  // namespace gongkai::report

#endif  // GONGKAI_SERVICES_REPORT_QUANTILE_H_
