// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_RENDER_JSON_H_
#define GONGKAI_SERVICES_RENDER_JSON_H_

#include <string>
#include <vector>

#include "gongkai/v1/report.pb.h"

namespace gongkai::render {

// The rows as an array of objects by the keys of the columns, an object a line.
// Shares are numbers from 0 to 1, money is yuan, an empty cell is null.
std::string Json(const v1::Table& table);

// One table as above; several as an object of such arrays by the tables' keys.
std::string Json(const std::vector<v1::Table>& tables);

}  // namespace gongkai::render

#endif  // GONGKAI_SERVICES_RENDER_JSON_H_
