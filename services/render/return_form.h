// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_RENDER_RETURN_FORM_H_
#define GONGKAI_SERVICES_RENDER_RETURN_FORM_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "gongkai/v1/report.pb.h"
#include "services/base/locale.h"

// The annual return (年度报告) as a form to print and as plain tables.
namespace gongkai::render {

// The form as the State Council's office drew it up (国办公开办函〔2021〕30号),
// each of tables 3 and 4 on one page of A4; the fees stand beneath the latter
// as section 六 wants them. `agency_name` is what the title says. The same
// return gives the same bytes. INVALID_ARGUMENT for a return without all its
// cells or without its time.
absl::StatusOr<std::string> ReturnXlsx(const v1::AnnualReturn& annual,
                                       std::string_view agency_name,
                                       Locale locale);

// The same figures as tables `applications`, `remedies` and `fees`. Cells that
// the return lacks are empty.
std::vector<v1::Table> ReturnTables(const v1::AnnualReturn& annual,
                                    Locale locale);

// A row of table 3 as the form prints it: `（三）不予公开：1.属于国家秘密`.
// `row` from 1 to 25.
std::string ReturnRowLabel(int row, Locale locale);

}  // namespace gongkai::render

#endif  // GONGKAI_SERVICES_RENDER_RETURN_FORM_H_
