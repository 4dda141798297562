// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_REPORT_EDITIONS_H_
#define GONGKAI_SERVICES_REPORT_EDITIONS_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "gongkai/v1/report.pb.h"
#include "services/report/annual.h"

// What is kept beside a filed return, and what differs between two editions.
namespace gongkai::report {

// The list of cases as text, one place a line, sorted:
// `NUMBER\tTABLE\tROW\tCOLUMN\n`, with `\tDOCKET` in table 4. Equal lists give
// equal bytes whatever their order.
std::string WriteList(std::vector<Listed> list);

// Reads it back, sorted. INVALID_ARGUMENT names the line that is none.
absl::StatusOr<std::vector<Listed>> ReadList(std::string_view text);

// Every cell, totals too, whose figure or whose cases differ, by table, row and
// column, with the cases that came into it and those that went.
std::vector<v1::ReturnDifference> Compare(
    const v1::AnnualReturn& before, const std::vector<Listed>& before_list,
    const v1::AnnualReturn& after, const std::vector<Listed>& after_list,
    std::string_view agency);

}  // namespace gongkai::report

#endif  // GONGKAI_SERVICES_REPORT_EDITIONS_H_
