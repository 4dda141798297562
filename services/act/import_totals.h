// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_ACT_IMPORT_TOTALS_H_
#define GONGKAI_SERVICES_ACT_IMPORT_TOTALS_H_

#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "gongkai/v1/past.pb.h"
#include "gongkai/v1/report_service.pb.h"
#include "services/law/rulebook.h"

// What the rows of an import must add up to.
namespace gongkai::act {

// FIELD_INVALID when a table is not whole, or a year stands twice.
absl::Status CheckTotals(const v1::ImportCasesRequest::Head& head);

// The declared tables that break an identity of the return themselves, and the
// cells in which they are not what `rows` add up to: identity `declared`, with
// what the rows give as `is`. After the identity stands the year:
// `declared:2023`.
std::vector<v1::ReturnViolation> FindUnbalanced(
    const v1::ImportCasesRequest::Head& head,
    const std::vector<const v1::PastCase*>& rows, const law::Rulebook& rules);

}  // namespace gongkai::act

#endif  // GONGKAI_SERVICES_ACT_IMPORT_TOTALS_H_
