// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_REPORT_FOLDS_H_
#define GONGKAI_SERVICES_REPORT_FOLDS_H_

#include <memory>

#include "services/report/grouping.h"
#include "services/report/tables.h"

// The folds that NewFold chooses from, one file each.
namespace gongkai::report {

// What every fold is told.
struct FoldFrame {
  Period period;
  v1::RunReportRequest::Grouping grouping = v1::RunReportRequest::BY_YEAR;
  absl::CivilDay today;
  Locale locale = Locale::kChinese;
};

std::unique_ptr<Fold> NewRemediesFold(const FoldFrame& frame);
std::unique_ptr<Fold> NewRectificationsFold(const FoldFrame& frame);
std::unique_ptr<Fold> NewRunningDocketsFold(const FoldFrame& frame);
std::unique_ptr<Fold> NewPerformanceFold(const FoldFrame& frame);
std::unique_ptr<Fold> NewRegisterFold(const FoldFrame& frame);
std::unique_ptr<Fold> NewFeeStatementFold(const FoldFrame& frame);

std::vector<v1::Table> HeavyApplicantTables(
    const std::vector<SharedCase>& cases, const FoldFrame& frame, int at_least);
std::vector<v1::Table> ConversionTables(const std::vector<SharedCase>& cases,
                                        const FoldFrame& frame, int at_least);
std::vector<v1::Table> ConsistencyTables(const std::vector<SharedCase>& cases,
                                         const FoldFrame& frame);

}  // namespace gongkai::report

#endif  // GONGKAI_SERVICES_REPORT_FOLDS_H_
