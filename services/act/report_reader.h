// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_ACT_REPORT_READER_H_
#define GONGKAI_SERVICES_ACT_REPORT_READER_H_

#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "gongkai/v1/report_service.pb.h"
#include "services/act/access.h"
#include "services/act/registry.h"
#include "services/act/report_return.h"
#include "services/act/report_scope.h"
#include "services/act/report_work.h"
#include "services/auth/identity.h"
#include "services/base/clock.h"
#include "services/base/locale.h"
#include "services/report/folded.h"
#include "storage/reports.h"
#include "storage/store.h"

namespace gongkai::act {

// The one way to figures and lists over many cases (统计与督办). Requests have
// passed validation; every call checks the permission matrix first. Nobody is
// shown a case that he may not see; figures count every one. Each answer is
// recorded before it leaves, but for a worklist of today of one's own agency,
// which is read as often as a list of cases. Thread-safe.
class ReportReader {
 public:
  // What it reads and asks; outlives it. `token_key` binds page tokens to their
  // query.
  struct Parts {
    storage::Store& store;
    storage::Index& index;
    storage::ReportBook& book;
    Registry& registry;
    AccessRecorder& recorder;
    Clock& clock;
    std::string token_key;
  };
  explicit ReportReader(const Parts& parts);

  absl::StatusOr<v1::ListWorkResponse> ListWork(
      const auth::Caller& caller, const v1::ListWorkRequest& request,
      Locale locale, absl::Time deadline);
  absl::StatusOr<v1::CountWorkResponse> CountWork(
      const auth::Caller& caller, const v1::CountWorkRequest& request,
      absl::Time deadline);
  absl::StatusOr<v1::GetReturnResponse> GetReturn(
      const auth::Caller& caller, const v1::GetReturnRequest& request,
      absl::Time deadline);
  absl::StatusOr<v1::ListReturnCasesResponse> ListReturnCases(
      const auth::Caller& caller, const v1::ListReturnCasesRequest& request,
      absl::Time deadline);
  absl::StatusOr<v1::CompareReturnsResponse> CompareReturns(
      const auth::Caller& caller, const v1::CompareReturnsRequest& request,
      absl::Time deadline);
  absl::StatusOr<v1::AdviseDraftResponse> AdviseDraft(
      const auth::Caller& caller, const v1::AdviseDraftRequest& request,
      absl::Time deadline);

  // Takes a piece of a report; an error ends the work and is its result.
  using Sink = std::function<absl::Status(const v1::RunReportResponse&)>;
  absl::Status RunReport(const auth::Caller& caller,
                         const v1::RunReportRequest& request, Locale locale,
                         absl::Time deadline, const Sink& sink);

 private:
  // The cases that those before `place` and those on the page make up.
  struct CellPage;
  absl::Status TakeCell(const v1::ListReturnCasesRequest& request,
                        const ReportReach& reach, CellPage& page,
                        absl::Time deadline);
  // The day asked for, today without one: DATE_IN_FUTURE naming the field.
  absl::StatusOr<absl::CivilDay> AsOf(const v1::WorkFilter& filter) const;
  absl::StatusOr<ReportReach> ReachWork(const auth::Caller& caller,
                                        std::string_view method,
                                        const v1::WorkFilter& filter,
                                        absl::Time deadline);
  // report_advice.cc: like cases that were answered, best first.
  absl::StatusOr<std::vector<v1::Precedent>> PrecedentsFor(
      const auth::Caller& caller, const std::string& agency,
      const std::string& stream, absl::Time deadline);

  // report_run.cc
  struct Run;
  absl::StatusOr<std::vector<v1::Table>> CountedTables(Run& run);
  absl::StatusOr<std::vector<v1::Table>> FoldedTables(Run& run);
  absl::StatusOr<std::vector<v1::Table>> SharedTables(Run& run);
  // Cases among which those of the period are.
  absl::StatusOr<std::vector<storage::CasePlace>> CasesFor(const Run& run);
  // Folds each with its limits of today, tells how far it is, and hands over
  // those that go into the report, with their place in `places`.
  absl::Status FoldAll(
      Run& run, const std::vector<storage::CasePlace>& places,
      const std::function<void(size_t, report::FoldedCase)>& take);

  const Parts parts_;
  ReportScope scope_;
  WorkLists work_;
  Returns returns_;
};

}  // namespace gongkai::act

#endif  // GONGKAI_SERVICES_ACT_REPORT_READER_H_
