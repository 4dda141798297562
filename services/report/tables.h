// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_REPORT_TABLES_H_
#define GONGKAI_SERVICES_REPORT_TABLES_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/time/civil_time.h"
#include "gongkai/v1/report.pb.h"
#include "gongkai/v1/report_service.pb.h"
#include "services/base/locale.h"
#include "services/report/folded.h"

// The reports that are drawn up as tables (统计报表).
namespace gongkai::report {

// Takes cases one by one, in any order, and gives tables.
class Fold {
 public:
  virtual ~Fold() = default;
  virtual void Add(const FoldedCase& folded) = 0;
  // After the last case. Rows are in an order that does not depend on that in
  // which cases came.
  virtual std::vector<v1::Table> Tables() = 0;
};

// The fold of REMEDIES, RECTIFICATIONS, PERFORMANCE, REGISTER, FEE_STATEMENT or
// RUNNING_DOCKETS; null for another kind. It looks at what falls into the
// period of `request` itself: cases beside it may be given.
std::unique_ptr<Fold> NewFold(v1::ReportKind kind,
                              const v1::RunReportRequest& request,
                              absl::CivilDay today, Locale locale);

// WORKLOAD from counts of open duties.
std::vector<v1::Table> WorkloadTables(const std::vector<v1::WorkGroup>& groups,
                                      Locale locale);

// A case with the keys of who asked and of what: equal keys, equal applicants
// or words within an agency. Neither says anything of a person.
struct SharedCase {
  FoldedCase folded;
  std::string applicant;
  std::string words;
};

// HEAVY_APPLICANTS (REG 35), CONVERSION (REG 44) or CONSISTENCY (统一答复口径);
// none for another kind. Groups below the least number are left out here.
std::vector<v1::Table> SharedTables(v1::ReportKind kind,
                                    const std::vector<SharedCase>& cases,
                                    const v1::RunReportRequest& request,
                                    Locale locale);

}  // namespace gongkai::report

#endif  // GONGKAI_SERVICES_REPORT_TABLES_H_
