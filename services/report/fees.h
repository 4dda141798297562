// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_REPORT_FEES_H_
#define GONGKAI_SERVICES_REPORT_FEES_H_

#include "gongkai/v1/report.pb.h"
#include "services/report/folded.h"

namespace gongkai::report {

// Adds the fee of a case to the figures of `year`: the notice in the year in
// which it was sent, the payment in the year in which it was made (信息处理费,
// REG 42; FMT part 六).
void AddFees(const FoldedCase& folded, int year, v1::FeeFigures* figures);

}  // namespace gongkai::report

#endif  // GONGKAI_SERVICES_REPORT_FEES_H_
