// SPDX-License-Identifier: Apache-2.0
#include "services/act/import_totals.h"

#include <set>
#include <string>

#include "absl/strings/str_cat.h"
#include "services/base/refusal.h"
#include "services/casework/past_case.h"
#include "services/report/annual.h"
#include "services/report/result.h"

namespace gongkai::act {
namespace {

using Totals = v1::ImportCasesRequest::Totals;

constexpr int kCells = report::kReturnRows * report::kReturnColumns;

v1::AnnualReturn Declared(std::string_view agency, const Totals& totals) {
  v1::AnnualReturn declared;
  declared.set_agency(std::string(agency));
  declared.set_year(totals.year());
  *declared.mutable_cells() = totals.cells();
  return declared;
}

report::ReturnFacts FactsOf(const v1::PastCase& past,
                            const law::Rulebook& rules) {
  casework::Case c;
  casework::CaseImported(past, c);
  return {*c.facts.received, report::FinishedDay(c),
          report::ResultRow(c, rules), report::ColumnOf(c.applicant_kind)};
}

void AddDifferences(const v1::AnnualReturn& declared,
                    const v1::AnnualReturn& computed,
                    std::vector<v1::ReturnViolation>& found) {
  for (int row = 1; row <= report::kReturnRows; ++row) {
    for (int column = 1; column <= report::kReturnColumns; ++column) {
      const int is = report::CellAt(computed, row, column);
      const int should_be = report::CellAt(declared, row, column);
      if (is == should_be) continue;
      v1::ReturnViolation& one = found.emplace_back();
      one.set_identity("declared");
      one.set_agency(declared.agency());
      one.set_row(row);
      one.set_column(column);
      one.set_is(is);
      one.set_should_be(should_be);
    }
  }
}

}  // namespace

absl::Status CheckTotals(const v1::ImportCasesRequest::Head& head) {
  std::set<int> years;
  for (int i = 0; i < head.totals_size(); ++i) {
    const Totals& totals = head.totals(i);
    if (totals.cells_size() != kCells) {
      return RefuseField(absl::StrCat("head.totals[", i, "].cells"),
                         "25 rows of 7 columns: 175 figures",
                         absl::StrCat(totals.cells_size()));
    }
    if (!years.insert(totals.year()).second) {
      return RefuseField(absl::StrCat("head.totals[", i, "].year"),
                         "a year that stands once",
                         absl::StrCat(totals.year()));
    }
  }
  return absl::OkStatus();
}

std::vector<v1::ReturnViolation> FindUnbalanced(
    const v1::ImportCasesRequest::Head& head,
    const std::vector<const v1::PastCase*>& rows, const law::Rulebook& rules) {
  std::vector<v1::ReturnViolation> found;
  std::vector<report::ReturnSum> sums;
  for (const Totals& totals : head.totals()) {
    sums.emplace_back(head.agency(), totals.year());
  }
  if (!sums.empty()) {
    for (const v1::PastCase* past : rows) {
      const report::ReturnFacts facts = FactsOf(*past, rules);
      for (report::ReturnSum& sum : sums) sum.AddCase(facts);
    }
  }
  for (int i = 0; i < head.totals_size(); ++i) {
    const v1::AnnualReturn declared = Declared(head.agency(), head.totals(i));
    const size_t before = found.size();
    for (v1::ReturnViolation& one : report::Check(declared)) {
      found.push_back(std::move(one));
    }
    AddDifferences(declared, sums[static_cast<size_t>(i)].Sum(), found);
    for (size_t k = before; k < found.size(); ++k) {
      found[k].set_identity(
          absl::StrCat(found[k].identity(), ":", head.totals(i).year()));
    }
  }
  return found;
}

}  // namespace gongkai::act
