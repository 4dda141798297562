// SPDX-License-Identifier: Apache-2.0
#include "clients/cli/import_totals.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <optional>
#include <set>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "clients/cli/csv.h"
#include "services/base/dates.h"
#include "services/base/status_macros.h"

namespace gongkai::cli {
namespace {

constexpr int kFirstYear = 2008;
constexpr int kLastYear = 2199;
constexpr int kMostFigure = 100'000'000;

// Of r1 to r25.
constexpr std::array<std::string_view, 25> kRowKeys = {
    "new", "carried_in", "granted", "partial",    "d1", "d2", "d3",
    "d4",  "d5",         "d6",      "d7",         "d8", "u1", "u2",
    "u3",  "n1",         "n2",      "n3",         "n4", "n5", "o1",
    "o2",  "o3",         "total",   "carried_out"};
// Of c1 to c7.
constexpr std::array<std::string_view, 7> kColumnKeys = {
    "natural_person", "enterprise", "research", "social_org",
    "legal_service",  "other",      "total"};

// 0-based place of a key, or of `r3`, `c3`.
template <size_t n>
std::optional<size_t> PlaceOf(const std::array<std::string_view, n>& keys,
                              char letter, const std::string& key) {
  const auto it = std::find(keys.begin(), keys.end(), key);
  if (it != keys.end()) return static_cast<size_t>(it - keys.begin());
  size_t number = 0;
  if (key.size() > 1 && key[0] == letter &&
      absl::SimpleAtoi(key.substr(1), &number) && number >= 1 && number <= n) {
    return number - 1;
  }
  return std::nullopt;
}

bool IsYear(std::string_view four, int* year) {
  return std::all_of(four.begin(), four.end(), absl::ascii_isdigit) &&
         absl::SimpleAtoi(ToAbsl(four), year) && *year >= kFirstYear &&
         *year <= kLastYear;
}

// Where the seven figures stand in a row.
absl::StatusOr<std::array<size_t, 7>> FigurePlaces(const Csv& csv) {
  std::array<size_t, 7> places;
  std::set<size_t> found;
  for (size_t i = 1; i < csv.heading.size(); ++i) {
    const auto column = PlaceOf(kColumnKeys, 'c', csv.heading[i]);
    if (column && found.insert(*column).second) places[*column] = i;
  }
  if (found.size() == places.size()) return places;
  return absl::InvalidArgumentError(
      "the heading must have natural_person, enterprise, research, social_org, "
      "legal_service, other and total");
}

}  // namespace

absl::StatusOr<int> YearOfTotals(std::string_view typed, std::string* path) {
  int year = 0;
  if (typed.size() > 5 && typed[4] == '=' &&
      IsYear(typed.substr(0, 4), &year)) {
    *path = std::string(typed.substr(5));
    return year;
  }
  *path = std::string(typed);
  const std::string name = std::filesystem::path(*path).filename().string();
  std::set<int> years;
  for (size_t i = 0; i + 4 <= name.size(); ++i) {
    if (IsYear(std::string_view(name).substr(i, 4), &year)) years.insert(year);
  }
  if (years.size() == 1) return *years.begin();
  return absl::InvalidArgumentError(absl::StrCat(
      name, ": of which year? Say it before the file: 2023=", name));
}

absl::StatusOr<v1::ImportCasesRequest::Totals> ReadTotals(std::string_view text,
                                                          int year) {
  ASSIGN_OR_RETURN(const Csv csv, ReadCsv(text));
  ASSIGN_OR_RETURN(const auto places, FigurePlaces(csv));
  v1::ImportCasesRequest::Totals totals;
  totals.set_year(year);
  totals.mutable_cells()->Resize(kRowKeys.size() * kColumnKeys.size(), 0);
  std::set<size_t> seen;
  for (const Csv::Row& row : csv.rows) {
    const auto wrong = [&](std::string_view what) {
      return absl::InvalidArgumentError(
          absl::StrCat("line ", row.line, ": ", ToAbsl(what)));
    };
    const auto r = PlaceOf(kRowKeys, 'r', row.cells[0]);
    if (!r) return wrong("its first cell is no row of table 3");
    if (!seen.insert(*r).second) return wrong("the row stands twice");
    for (size_t c = 0; c < places.size(); ++c) {
      const std::string cell =
          places[c] < row.cells.size() ? row.cells[places[c]] : "";
      int figure = 0;
      if (!absl::SimpleAtoi(cell, &figure) || figure < 0 ||
          figure > kMostFigure) {
        return wrong(absl::StrCat(
            ToAbsl(kColumnKeys[c]),
            cell.empty() ? " is left empty" : " is no number of cases"));
      }
      totals.set_cells(static_cast<int>(*r * kColumnKeys.size() + c), figure);
    }
  }
  for (size_t r = 0; r < kRowKeys.size(); ++r) {
    if (seen.contains(r)) continue;
    return absl::InvalidArgumentError(absl::StrCat(
        "the row ", ToAbsl(kRowKeys[r]), " (r", r + 1, ") is missing"));
  }
  return totals;
}

}  // namespace gongkai::cli
