// SPDX-License-Identifier: Apache-2.0
#include "services/report/editions.h"

#include <algorithm>
#include <iterator>
#include <set>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "services/base/dates.h"
#include "services/base/ids.h"

namespace gongkai::report {
namespace {

bool IsPlace(const Listed& place) {
  if (place.number.empty()) return false;
  if (place.table == 4) {
    return place.row >= 1 && place.row <= kRemedyGroups && place.column >= 1 &&
           place.column < kRemedyCells && place.docket >= 1;
  }
  return place.table == 3 && place.row >= 1 && place.row <= kReturnRows &&
         place.row != kHandledRow && place.column >= 1 &&
         place.column < kReturnColumns && place.docket == 0;
}

bool ReadPlace(absl::string_view line, Listed& place) {
  const std::vector<absl::string_view> fields = absl::StrSplit(line, '\t');
  if (fields.size() < 4 || fields.size() > 5) return false;
  place.number = std::string(fields[0]);
  if (!absl::SimpleAtoi(fields[1], &place.table) ||
      !absl::SimpleAtoi(fields[2], &place.row) ||
      !absl::SimpleAtoi(fields[3], &place.column)) {
    return false;
  }
  if (fields.size() == 5 && !absl::SimpleAtoi(fields[4], &place.docket)) {
    return false;
  }
  return IsPlace(place);
}

// Case and docket: what moves between cells.
using Mover = std::pair<std::string, int>;

std::set<Mover> InCell(const std::vector<Listed>& list, int table, int row,
                       int column) {
  std::set<Mover> movers;
  for (const Listed& place : list) {
    if (CountsIn(place, table, row, column)) {
      movers.emplace(place.number, place.docket);
    }
  }
  return movers;
}

// Both lists and both figures of one cell.
struct CellPair {
  int table = 0;
  int row = 0;
  int column = 0;
  int before = 0;
  int after = 0;
};

void CompareCell(const CellPair& cell, const std::vector<Listed>& before_list,
                 const std::vector<Listed>& after_list, std::string_view agency,
                 std::vector<v1::ReturnDifference>& differences) {
  const auto then = InCell(before_list, cell.table, cell.row, cell.column);
  const auto now = InCell(after_list, cell.table, cell.row, cell.column);
  if (then == now && cell.before == cell.after) return;
  v1::ReturnDifference difference;
  difference.set_table(cell.table);
  difference.set_row(cell.row);
  difference.set_column(cell.column);
  difference.set_before(cell.before);
  difference.set_after(cell.after);
  std::vector<Mover> moved;
  std::set_difference(now.begin(), now.end(), then.begin(), then.end(),
                      std::back_inserter(moved));
  for (const Mover& mover : moved) {
    difference.add_came(CaseName(agency, mover.first));
  }
  moved.clear();
  std::set_difference(then.begin(), then.end(), now.begin(), now.end(),
                      std::back_inserter(moved));
  for (const Mover& mover : moved) {
    difference.add_went(CaseName(agency, mover.first));
  }
  differences.push_back(std::move(difference));
}

// The places that only one of the two lists has: all that moved.
std::vector<Listed> OnlyIn(const std::vector<Listed>& list,
                           const std::set<Listed>& other) {
  std::vector<Listed> only;
  for (const Listed& place : list) {
    if (!other.contains(place)) only.push_back(place);
  }
  return only;
}

}  // namespace

std::string WriteList(std::vector<Listed> list) {
  std::sort(list.begin(), list.end());
  std::string text;
  for (const Listed& place : list) {
    absl::StrAppend(&text, place.number, "\t", place.table, "\t", place.row,
                    "\t", place.column);
    if (place.table == 4) absl::StrAppend(&text, "\t", place.docket);
    text.push_back('\n');
  }
  return text;
}

absl::StatusOr<std::vector<Listed>> ReadList(std::string_view text) {
  std::vector<Listed> list;
  if (text.empty()) return list;
  if (!text.ends_with('\n')) {
    return absl::InvalidArgumentError("the list of cases is cut off");
  }
  text.remove_suffix(1);
  for (const absl::string_view line : absl::StrSplit(ToAbsl(text), '\n')) {
    Listed place;
    if (!ReadPlace(line, place)) {
      return absl::InvalidArgumentError(absl::StrCat(
          "line ", list.size() + 1, " of the list of cases is no place in it"));
    }
    list.push_back(std::move(place));
  }
  std::sort(list.begin(), list.end());
  return list;
}

std::vector<v1::ReturnDifference> Compare(
    const v1::AnnualReturn& before, const std::vector<Listed>& before_list,
    const v1::AnnualReturn& after, const std::vector<Listed>& after_list,
    std::string_view agency) {
  const auto went = OnlyIn(
      before_list, std::set<Listed>(after_list.begin(), after_list.end()));
  const auto came = OnlyIn(
      after_list, std::set<Listed>(before_list.begin(), before_list.end()));
  std::vector<v1::ReturnDifference> differences;
  for (int row = 1; row <= kReturnRows; ++row) {
    for (int column = 1; column <= kReturnColumns; ++column) {
      CompareCell({3, row, column, CellAt(before, row, column),
                   CellAt(after, row, column)},
                  went, came, agency, differences);
    }
  }
  for (int group = 1; group <= kRemedyGroups; ++group) {
    for (int cell = 1; cell <= kRemedyCells; ++cell) {
      CompareCell({4, group, cell, RemedyAt(before, group, cell),
                   RemedyAt(after, group, cell)},
                  went, came, agency, differences);
    }
  }
  return differences;
}

}  // namespace gongkai::report
