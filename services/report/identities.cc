// SPDX-License-Identifier: Apache-2.0
// The identities that a return must keep (FMT table 3, law of addition).
#include <algorithm>
#include <iterator>
#include <set>
#include <string>

#include "services/base/ids.h"
#include "services/report/annual.h"

namespace gongkai::report {
namespace {

using Violations = std::vector<v1::ReturnViolation>;

// A violation at the place, unless what is there is what should be.
void Expect(const v1::AnnualReturn& one, const char* identity, int row,
            int column, int64_t is, int64_t should_be, Violations& found) {
  if (is == should_be) return;
  v1::ReturnViolation violation;
  violation.set_identity(identity);
  violation.set_agency(one.agency());
  violation.set_row(row);
  violation.set_column(column);
  violation.set_is(is);
  violation.set_should_be(should_be);
  found.push_back(std::move(violation));
}

// The first printed identity: what came in and what was left over was handled
// or is left over again.
void CheckNewAndCarried(const v1::AnnualReturn& one, Violations& found) {
  for (int column = 1; column <= kReturnColumns; ++column) {
    const int64_t in = int64_t{CellAt(one, kNewRow, column)} +
                       CellAt(one, kCarriedRow, column);
    const int64_t handled = CellAt(one, kHandledRow, column);
    Expect(one, "new_and_carried", kOpenRow, column,
           CellAt(one, kOpenRow, column), in - handled, found);
  }
}

void CheckHandledTotal(const v1::AnnualReturn& one, Violations& found) {
  for (int column = 1; column <= kReturnColumns; ++column) {
    int64_t handled = 0;
    for (int row = kFirstResultRow; row <= kLastResultRow; ++row) {
      handled += CellAt(one, row, column);
    }
    Expect(one, "handled_total", kHandledRow, column,
           CellAt(one, kHandledRow, column), handled, found);
  }
}

void CheckColumns(const v1::AnnualReturn& one, Violations& found) {
  for (int row = 1; row <= kReturnRows; ++row) {
    int64_t total = 0;
    for (int column = 1; column < kReturnColumns; ++column) {
      total += CellAt(one, row, column);
    }
    Expect(one, "columns", row, kReturnColumns,
           CellAt(one, row, kReturnColumns), total, found);
  }
}

void CheckRemedyTotals(const v1::AnnualReturn& one, Violations& found) {
  for (int group = 1; group <= kRemedyGroups; ++group) {
    int64_t total = 0;
    for (int cell = 1; cell < kRemedyCells; ++cell) {
      total += RemedyAt(one, group, cell);
    }
    Expect(one, "remedy_total", group, kRemedyCells,
           RemedyAt(one, group, kRemedyCells), total, found);
  }
}

std::set<std::string> OpenIn(const std::vector<Listed>& list, int column) {
  std::set<std::string> numbers;
  for (const Listed& place : list) {
    if (place.row == kOpenRow && CountsIn(place, 3, kOpenRow, column)) {
      numbers.insert(place.number);
    }
  }
  return numbers;
}

}  // namespace

Violations Check(const v1::AnnualReturn& one) {
  Violations found;
  CheckNewAndCarried(one, found);
  CheckHandledTotal(one, found);
  CheckColumns(one, found);
  CheckRemedyTotals(one, found);
  return found;
}

Violations CheckCarried(const v1::AnnualReturn& filed,
                        const std::vector<Listed>& filed_list,
                        const std::vector<Listed>& open_then) {
  Violations found;
  for (int column = 1; column <= kReturnColumns; ++column) {
    const std::set<std::string> then = OpenIn(filed_list, column);
    const std::set<std::string> now = OpenIn(open_then, column);
    const int64_t carried = CellAt(filed, kOpenRow, column);
    const auto today = static_cast<int64_t>(now.size());
    if (carried == today && then == now) continue;
    v1::ReturnViolation violation;
    violation.set_identity("carried_over");
    violation.set_agency(filed.agency());
    violation.set_row(kCarriedRow);
    violation.set_column(column);
    violation.set_is(carried);
    violation.set_should_be(today);
    std::vector<std::string> differ;
    std::set_symmetric_difference(then.begin(), then.end(), now.begin(),
                                  now.end(), std::back_inserter(differ));
    for (const std::string& number : differ) {
      violation.add_cases(CaseName(filed.agency(), number));
    }
    found.push_back(std::move(violation));
  }
  return found;
}

}  // namespace gongkai::report
