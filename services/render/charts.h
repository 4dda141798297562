// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_RENDER_CHARTS_H_
#define GONGKAI_SERVICES_RENDER_CHARTS_H_

#include <optional>
#include <string>
#include <vector>

#include "gongkai/v1/report.pb.h"
#include "services/base/locale.h"
#include "services/render/chart.h"

namespace gongkai::render {

// Open duties of each group at each level (逾期预警), one bar a group, in the
// order given. Groups without a department or officer are labelled so.
BarChart WorkChart(const std::vector<v1::WorkGroup>& groups, Locale locale);

// The numbers of a table as a bar a row: the texts before the first number are
// its label (those for programs, `…_key`, left out), each of the columns named
// by `keys` one series. Nothing when the table lacks one of them.
std::optional<BarChart> TableChart(const v1::Table& table,
                                   const std::vector<std::string>& keys,
                                   Locale locale);

}  // namespace gongkai::render

#endif  // GONGKAI_SERVICES_RENDER_CHARTS_H_
