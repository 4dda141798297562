// SPDX-License-Identifier: Apache-2.0
#include "services/report/tables.h"

#include "services/report/folds.h"
#include "services/report/table_maker.h"
#include "services/report/words.h"

namespace gongkai::report {
namespace {

constexpr int kHeavyApplications = 10;
constexpr int kConversionApplicants = 3;

FoldFrame FrameOf(const v1::RunReportRequest& request, absl::CivilDay today,
                  Locale locale) {
  return {PeriodOf(request), request.grouping(), today, locale};
}

void AddWork(const v1::WorkGroup& group, v1::WorkGroup& sum) {
  sum.set_overdue(sum.overdue() + group.overdue());
  sum.set_red(sum.red() + group.red());
  sum.set_yellow(sum.yellow() + group.yellow());
  sum.set_green(sum.green() + group.green());
  sum.set_suspended(sum.suspended() + group.suspended());
}

void WorkRow(const v1::WorkGroup& group, RowMaker row) {
  row.Text(group.agency())
      .Text(group.department())
      .Text(group.officer())
      .Number(group.overdue())
      .Number(group.red())
      .Number(group.yellow())
      .Number(group.green())
      .Number(group.suspended())
      .Number(group.overdue() + group.red() + group.yellow() + group.green() +
              group.suspended());
}

}  // namespace

std::unique_ptr<Fold> NewFold(v1::ReportKind kind,
                              const v1::RunReportRequest& request,
                              absl::CivilDay today, Locale locale) {
  const FoldFrame frame = FrameOf(request, today, locale);
  switch (kind) {
    case v1::REMEDIES:
      return NewRemediesFold(frame);
    case v1::RECTIFICATIONS:
      return NewRectificationsFold(frame);
    case v1::PERFORMANCE:
      return NewPerformanceFold(frame);
    case v1::REGISTER:
      return NewRegisterFold(frame);
    case v1::FEE_STATEMENT:
      return NewFeeStatementFold(frame);
    case v1::RUNNING_DOCKETS:
      return NewRunningDocketsFold(frame);
    default:
      return nullptr;
  }
}

std::vector<v1::Table> WorkloadTables(const std::vector<v1::WorkGroup>& groups,
                                      Locale locale) {
  TableMaker table("workload", "工作量统计", "Workload", locale);
  table.Text("agency", "机关", "agency")
      .Text("department", "承办部门", "department")
      .Text("officer", "经办人", "officer")
      .Number("overdue", "逾期", "overdue")
      .Number("red", "红", "red")
      .Number("yellow", "黄", "yellow")
      .Number("green", "绿", "green")
      .Number("suspended", "中止", "suspended")
      .Number("total", "合计", "total")
      .Note(
          "按期限事项统计，一件案件可有多项；不含移交国家档案馆期限。",
          "Duties are counted, of which a case may have several; the transfer "
          "to the state archives is not among them.");
  v1::WorkGroup sum;
  for (const v1::WorkGroup& group : groups) {
    WorkRow(group, table.Row());
    AddWork(group, sum);
  }
  sum.set_agency(Say(locale, "总计", "total"));
  WorkRow(sum, table.Row());
  return {table.Done()};
}

std::vector<v1::Table> SharedTables(v1::ReportKind kind,
                                    const std::vector<SharedCase>& cases,
                                    const v1::RunReportRequest& request,
                                    Locale locale) {
  const FoldFrame frame = FrameOf(request, absl::CivilDay(), locale);
  const int at_least = request.at_least();
  switch (kind) {
    case v1::HEAVY_APPLICANTS:
      return HeavyApplicantTables(cases, frame,
                                  at_least > 0 ? at_least : kHeavyApplications);
    case v1::CONVERSION:
      return ConversionTables(cases, frame,
                              at_least > 0 ? at_least : kConversionApplicants);
    case v1::CONSISTENCY:
      return ConsistencyTables(cases, frame);
    default:
      return {};
  }
}

}  // namespace gongkai::report
