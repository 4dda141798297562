// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_ACT_REPORT_RETURN_H_
#define GONGKAI_SERVICES_ACT_REPORT_RETURN_H_

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "gongkai/v1/report.pb.h"
#include "services/act/registry.h"
#include "services/act/report_scope.h"
#include "services/auth/identity.h"
#include "services/auth/walls.h"
#include "services/base/clock.h"
#include "services/report/annual.h"
#include "storage/reports.h"
#include "storage/store.h"

namespace gongkai::act {

// A return as it would be filed now.
struct DrawnReturn {
  v1::AnnualReturn annual_return;
  std::vector<v1::ReturnViolation> violations;
  // Every case in its cells; only where it was asked for.
  std::vector<report::Listed> list;
};

// A case in a cell, with who may see it.
struct CellCase {
  v1::ReturnCase shown;
  std::string number;
  auth::CaseMarks marks;
};

// The annual return, drawn up from the rows and events of cases, and as it was
// filed (REG 49, 50). Row r2 is r25 of the last edition filed for the year
// before, where there is one. Thread-safe.
class Returns {
 public:
  // What is given outlives it.
  Returns(storage::Store& store, storage::ReportBook& book, Registry& registry,
          Clock& clock)
      : store_(store), book_(book), registry_(registry), clock_(clock) {}

  // DATE_IN_FUTURE of a year that has not begun.
  absl::Status CheckYear(int year) const;

  // The return of all of `agencies`, under the name of `agency`.
  // YEAR_WITHOUT_DATA where every figure is 0 and the year before was not filed
  // either.
  absl::StatusOr<DrawnReturn> Draw(const std::string& agency,
                                   const std::vector<std::string>& agencies,
                                   int year, absl::Time deadline);
  // That of one agency with its list.
  absl::StatusOr<DrawnReturn> DrawWithList(const std::string& agency, int year,
                                           absl::Time deadline);

  // Every edition of a year, first to last; lists where `whole`.
  absl::StatusOr<std::vector<storage::FiledReturn>> Editions(
      const std::string& agency, int year, bool whole, absl::Time deadline);
  // Edition `edition` of them, -1 being the last: RETURN_NOT_FILED.
  static absl::StatusOr<storage::FiledReturn> EditionOf(
      std::vector<storage::FiledReturn> editions, int edition);

  // The cases of one cell of one agency, by number and docket: as drawn up now,
  // or in a filed edition.
  struct Cell {
    int table = 3;
    int row = 0;
    int column = 0;
  };
  absl::StatusOr<std::vector<CellCase>> CasesIn(
      const std::string& agency, int year, const Cell& cell,
      const storage::FiledReturn* edition, absl::Time deadline);

  // Those of `agencies` that have cases in the cell, as drawn up now; or all,
  // where that is not known beforehand.
  absl::StatusOr<std::vector<std::string>> AgenciesWith(
      const std::vector<std::string>& agencies, int year, const Cell& cell,
      absl::Time deadline);

  // Takes out the names of cases of an agency that the caller may not see, as
  // they stand now.
  using Names = std::vector<google::protobuf::RepeatedPtrField<std::string>*>;
  absl::Status HideNames(const auth::Caller& caller, auth::Access access,
                         const std::string& agency, int year,
                         const Names& names, absl::Time deadline);

 private:
  using Sums = std::map<std::string, report::ReturnSum>;
  using LastFiled = std::map<std::string, storage::FiledReturn>;
  // The rows of an agency's cases by number.
  using Rows = std::map<std::string, storage::CaseRow>;

  absl::StatusOr<LastFiled> FiledBefore(
      const std::vector<std::string>& agencies, int year, bool whole,
      absl::Time deadline);
  // Table 3 from counts, r2 as computed.
  absl::Status AddCounts(const std::vector<std::string>& agencies, int year,
                         Sums& sums, absl::Time deadline);
  // Reviews, lawsuits and fees of a year, into the sums; places of dockets are
  // added to `list`, unless it is null.
  absl::Status AddFolded(const std::vector<std::string>& agencies, int year,
                         Sums& sums, std::vector<report::Listed>* list,
                         absl::Time deadline);
  // What of r25 of the year, as it was filed last, is not what is open at its
  // end by today's records.
  absl::StatusOr<std::vector<v1::ReturnViolation>> CheckCarriedOver(
      const std::string& agency, int year, absl::Time deadline);
  absl::StatusOr<Rows> RowsOf(const std::string& agency, int year,
                              absl::Time deadline);
  // The row of one case, where `rows` does not have it; absent when there is
  // none.
  absl::StatusOr<std::optional<storage::CaseRow>> RowOfCase(
      const Rows& rows, const std::string& agency, const std::string& number,
      absl::Time deadline);
  absl::StatusOr<std::vector<report::Listed>> PlacesIn(
      const std::string& agency, int year, const Cell& cell, const Rows& rows,
      absl::Time deadline);

  storage::Store& store_;
  storage::ReportBook& book_;
  Registry& registry_;
  Clock& clock_;
};

}  // namespace gongkai::act

#endif  // GONGKAI_SERVICES_ACT_REPORT_RETURN_H_
