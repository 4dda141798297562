// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_CLIENTS_CLI_IMPORT_TOTALS_H_
#define GONGKAI_CLIENTS_CLI_IMPORT_TOTALS_H_

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "gongkai/v1/report_service.pb.h"

namespace gongkai::cli {

// The year that a file of totals is of: `2023=return.csv` says it; otherwise
// the one year of four digits in the file's name. INVALID_ARGUMENT when there
// is none. `path` is then the file alone.
absl::StatusOr<int> YearOfTotals(std::string_view typed, std::string* path);

// Table 3 of a published return (公布的年报): a row for each of r1 to r25 with
// its key (`new`, `carried_in`, `granted`, `partial`, `d1`, … or `r1`, `r2`, …)
// in the first column, and the seven figures under `natural_person`,
// `enterprise`, `research`, `social_org`, `legal_service`, `other`, `total` or
// `c1` to `c7`. `text` is UTF-8. INVALID_ARGUMENT names the line and the
// figure: a figure that is left empty is not guessed.
absl::StatusOr<v1::ImportCasesRequest::Totals> ReadTotals(std::string_view text,
                                                          int year);

}  // namespace gongkai::cli

#endif  // GONGKAI_CLIENTS_CLI_IMPORT_TOTALS_H_
