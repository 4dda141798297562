// SPDX-License-Identifier: Apache-2.0
#include "services/report/annual.h"

#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "services/base/digest.h"

namespace gongkai::report {
namespace {

bool IsResultRow(int row) {
  return row >= kFirstResultRow && row <= kLastResultRow;
}

int32_t Figure(int64_t n) { return static_cast<int32_t>(n); }

void AddFigures(google::protobuf::RepeatedField<int32_t>& sum,
                const google::protobuf::RepeatedField<int32_t>& one,
                int count) {
  if (sum.size() < count) sum.Resize(count, 0);
  for (int i = 0; i < count && i < one.size(); ++i) {
    sum.Set(i, sum.Get(i) + one.Get(i));
  }
}

}  // namespace

int CellAt(const v1::AnnualReturn& one, int row, int column) {
  if (row < 1 || row > kReturnRows || column < 1 || column > kReturnColumns) {
    return 0;
  }
  const int at = (row - 1) * kReturnColumns + column - 1;
  return at < one.cells_size() ? one.cells(at) : 0;
}

int RemedyAt(const v1::AnnualReturn& one, int group, int cell) {
  if (group < 1 || group > kRemedyGroups || cell < 1 || cell > kRemedyCells) {
    return 0;
  }
  const int at = (group - 1) * kRemedyCells + cell - 1;
  return at < one.remedies_size() ? one.remedies(at) : 0;
}

std::vector<int> RowsIn(const ReturnFacts& facts, int year) {
  const absl::CivilDay begin(year, 1, 1);
  const absl::CivilDay end(year, 12, 31);
  if (facts.received > end) return {};
  if (facts.finished && *facts.finished < begin) return {};
  std::vector<int> rows = {facts.received >= begin ? kNewRow : kCarriedRow};
  rows.push_back(facts.finished && *facts.finished <= end ? facts.row
                                                          : kOpenRow);
  return rows;
}

ReturnSum::ReturnSum(std::string agency, int year)
    : agency_(std::move(agency)), year_(year) {}

void ReturnSum::Add(int row, int column, int64_t count) {
  const bool known = row == kNewRow || row == kCarriedRow || IsResultRow(row) ||
                     row == kOpenRow;
  if (!known || column < 1 || column >= kReturnColumns) return;
  if (row == kCarriedRow && carried_from_filed_) return;
  cells_[row - 1][column - 1] += count;
}

void ReturnSum::AddCase(const ReturnFacts& facts) {
  for (const int row : RowsIn(facts, year_)) Add(row, facts.column);
}

void ReturnSum::CarryFrom(const v1::AnnualReturn& filed) {
  carried_from_filed_ = true;
  for (int column = 1; column < kReturnColumns; ++column) {
    cells_[kCarriedRow - 1][column - 1] = CellAt(filed, kOpenRow, column);
  }
}

void ReturnSum::AddDocket(int group, int cell, int64_t count) {
  if (group < 1 || group > kRemedyGroups || cell < 1 || cell >= kRemedyCells) {
    return;
  }
  remedies_[group - 1][cell - 1] += count;
}

v1::AnnualReturn ReturnSum::Sum() const {
  auto cells = cells_;
  for (int row = kFirstResultRow; row <= kLastResultRow; ++row) {
    for (int column = 1; column < kReturnColumns; ++column) {
      cells[kHandledRow - 1][column - 1] += cells[row - 1][column - 1];
    }
  }
  v1::AnnualReturn sum;
  sum.set_agency(agency_);
  sum.set_year(year_);
  sum.add_agencies(agency_);
  for (auto& row : cells) {
    for (int column = 1; column < kReturnColumns; ++column) {
      row[kReturnColumns - 1] += row[column - 1];
    }
    for (const int64_t cell : row) sum.add_cells(Figure(cell));
  }
  for (auto group : remedies_) {
    for (int cell = 1; cell < kRemedyCells; ++cell) {
      group[kRemedyCells - 1] += group[cell - 1];
    }
    for (const int64_t cell : group) sum.add_remedies(Figure(cell));
  }
  *sum.mutable_fees() = fees_;
  sum.set_carried_from_filed(carried_from_filed_);
  sum.set_digest(DigestOf(sum));
  return sum;
}

void AddTo(v1::AnnualReturn& sum, const v1::AnnualReturn& one) {
  const bool first = sum.agencies_size() == 0;
  sum.set_year(one.year());
  if (sum.agency().empty()) sum.set_agency(one.agency());
  std::set<std::string> agencies(sum.agencies().begin(), sum.agencies().end());
  agencies.insert(one.agencies().begin(), one.agencies().end());
  sum.clear_agencies();
  for (const std::string& agency : agencies) sum.add_agencies(agency);
  AddFigures(*sum.mutable_cells(), one.cells(), kReturnRows * kReturnColumns);
  AddFigures(*sum.mutable_remedies(), one.remedies(),
             kRemedyGroups * kRemedyCells);
  v1::FeeFigures& fees = *sum.mutable_fees();
  fees.set_notices(fees.notices() + one.fees().notices());
  fees.set_asked_fen(fees.asked_fen() + one.fees().asked_fen());
  fees.set_payments(fees.payments() + one.fees().payments());
  fees.set_paid_fen(fees.paid_fen() + one.fees().paid_fen());
  sum.set_carried_from_filed((first || sum.carried_from_filed()) &&
                             one.carried_from_filed());
  // Everything in the sum was recorded by the earliest of the moments.
  if (first || one.known_time() < sum.known_time()) {
    sum.set_known_time(one.known_time());
  }
  sum.set_digest(DigestOf(sum));
}

std::string DigestOf(const v1::AnnualReturn& one) {
  std::string text = absl::StrCat(one.agency(), "\n", one.year(), "\n");
  for (const std::string& agency : one.agencies()) {
    absl::StrAppend(&text, agency, " ");
  }
  for (int row = 1; row <= kReturnRows; ++row) {
    for (int column = 1; column <= kReturnColumns; ++column) {
      absl::StrAppend(&text, column == 1 ? "\n" : " ",
                      CellAt(one, row, column));
    }
  }
  for (int group = 1; group <= kRemedyGroups; ++group) {
    for (int cell = 1; cell <= kRemedyCells; ++cell) {
      absl::StrAppend(&text, cell == 1 ? "\n" : " ",
                      RemedyAt(one, group, cell));
    }
  }
  const v1::FeeFigures& fees = one.fees();
  absl::StrAppend(&text, "\n", fees.notices(), " ", fees.asked_fen(), " ",
                  fees.payments(), " ", fees.paid_fen(), "\n");
  return Sha256Hex(text);
}

bool CountsIn(const Listed& place, int table, int row, int column) {
  if (place.table != table) return false;
  if (table == 4) {
    return place.row == row &&
           (place.column == column || column == kRemedyCells);
  }
  const bool in_row =
      place.row == row || (row == kHandledRow && IsResultRow(place.row));
  return in_row && (place.column == column || column == kReturnColumns);
}

}  // namespace gongkai::report
