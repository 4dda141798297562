// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_RENDER_TABLE_XLSX_H_
#define GONGKAI_SERVICES_RENDER_TABLE_XLSX_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "gongkai/v1/report.pb.h"

namespace gongkai::render {

// What stands around the tables of a file.
struct Surroundings {
  // Line beneath each title, and at the left of the foot: whose figures, of
  // which period, as of when.
  std::string about;
  // Time the file was made, as written into it: the same tables of the same
  // time are the same bytes.
  absl::Time created;
};

// A sheet for each table: title, headings that stay in sight and are repeated
// on each page, a filter, then the rows and the notes. Days are dates, shares
// `0.0%`, money yuan; texts are never formulas. Printed on A4, one page
// wide; where that could not be read, several, each with the first column.
// OUT_OF_RANGE when a table has more rows than a sheet holds.
absl::StatusOr<std::string> Xlsx(const std::vector<v1::Table>& tables,
                                 const Surroundings& around);

}  // namespace gongkai::render

#endif  // GONGKAI_SERVICES_RENDER_TABLE_XLSX_H_
