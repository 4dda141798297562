// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_REPORT_ANNUAL_H_
#define GONGKAI_SERVICES_REPORT_ANNUAL_H_

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "gongkai/v1/report.pb.h"
#include "services/law/facts.h"

// The arithmetic of the annual return (年度报告, REG 50; FMT tables 3 and 4).
namespace gongkai::report {

inline constexpr int kReturnRows = 25;
inline constexpr int kReturnColumns = 7;
inline constexpr int kRemedyGroups = 3;
inline constexpr int kRemedyCells = 5;

// The rows by number.
inline constexpr int kNewRow = 1;
inline constexpr int kCarriedRow = 2;
inline constexpr int kFirstResultRow = 3;
inline constexpr int kLastResultRow = 23;
inline constexpr int kHandledRow = 24;
inline constexpr int kOpenRow = 25;

// The figure of row r1 to r25 and column c1 to c7, or of group 1 to 3 and cell
// 1 to 5. 0 for a place outside, and in a return without figures.
int CellAt(const v1::AnnualReturn& one, int row, int column);
int RemedyAt(const v1::AnnualReturn& one, int group, int cell);

// What the return has to know of a counted case.
struct ReturnFacts {
  absl::CivilDay received;
  law::MaybeDay finished;
  int row = 0;     // of the result, 3 to 23, once finished
  int column = 6;  // 1 to 6
};

// The rows of table 3 in which the case stands in `year`, totals aside: r1 or
// r2, and its result or r25. None when it was finished before the year, or
// received after it.
std::vector<int> RowsIn(const ReturnFacts& facts, int year);

// Adds up the return of one agency. What is added are counts of columns c1 to
// c6; totals are made by Sum.
class ReturnSum {
 public:
  ReturnSum(std::string agency, int year);

  // `count` applications of `column` in `row` (1, 2, 3 to 23 or 25). Others are
  // left out.
  void Add(int row, int column, int64_t count = 1);
  // A case in all its rows.
  void AddCase(const ReturnFacts& facts);
  // Row r2 is r25 of `filed`, whatever was added: what was filed once is what
  // the next year begins with.
  void CarryFrom(const v1::AnnualReturn& filed);
  // A docket of table 4: group 1 to 3, cell 1 to 4.
  void AddDocket(int group, int cell, int64_t count = 1);
  v1::FeeFigures* fees() { return &fees_; }

  // The return with its totals and its digest; edition 0, known_time empty.
  v1::AnnualReturn Sum() const;

 private:
  std::string agency_;
  int year_ = 0;
  std::array<std::array<int64_t, kReturnColumns>, kReturnRows> cells_ = {};
  std::array<std::array<int64_t, kRemedyCells>, kRemedyGroups> remedies_ = {};
  bool carried_from_filed_ = false;
  v1::FeeFigures fees_;
};

// Adds the return of one more agency to that of many. Years must agree; the
// digest is that of the sum.
void AddTo(v1::AnnualReturn& sum, const v1::AnnualReturn& one);

// SHA-256 over agency, year, agencies added up and every figure, hexadecimal.
// Equal figures have equal digests whenever they were drawn up.
std::string DigestOf(const v1::AnnualReturn& one);

// A place of a case in a return. `docket` is the 1-based docket of table 4, 0
// in table 3.
struct Listed {
  std::string number;
  int table = 0;   // 3 or 4
  int row = 0;     // r1, r2, r3 to r23, r25; group 1 to 3
  int column = 0;  // c1 to c6; cell 1 to 4
  int docket = 0;

  auto operator<=>(const Listed&) const = default;
};

// Whether the case counts in the cell, totals (c7, r24, the fifth cell of table
// 4) being made of the others.
bool CountsIn(const Listed& place, int table, int row, int column);

// The identities within a return (勾稽关系): r1 + r2 = r24 + r25
// (`new_and_carried`), r24 = r3 + … + r23 (`handled_total`), c7 = c1 + … + c6
// (`columns`), and the totals of table 4 (`remedy_total`), in every column.
// One violation for each cell that is to blame; none when all hold.
std::vector<v1::ReturnViolation> Check(const v1::AnnualReturn& one);

// Identity 4, r2 = r25 of the year before (`carried_over`): whether what was
// filed as carried over is what today's records say was open then. `filed` is
// the return of the year before with its list; `open_then` the cases open at
// its end by today's records, their places in r25. The cases of a violation are
// those that only one of the two knows in that column.
std::vector<v1::ReturnViolation> CheckCarried(
    const v1::AnnualReturn& filed, const std::vector<Listed>& filed_list,
    const std::vector<Listed>& open_then);

}  // namespace gongkai::report

#endif  // GONGKAI_SERVICES_REPORT_ANNUAL_H_
