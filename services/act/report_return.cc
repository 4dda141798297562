// SPDX-License-Identifier: Apache-2.0
#include "services/act/report_return.h"

#include <algorithm>
#include <utility>

#include "services/act/marks.h"
#include "services/act/read_case.h"
#include "services/act/report_fold.h"
#include "services/act/rows.h"
#include "services/base/dates.h"
#include "services/base/ids.h"
#include "services/base/refusal.h"
#include "services/base/status_macros.h"
#include "services/report/dockets.h"
#include "services/report/editions.h"
#include "services/report/fees.h"
#include "services/report/result.h"

namespace gongkai::act {
namespace {

constexpr int kRowsAtOnce = 5000;

absl::CivilDay FirstDay(int year) { return absl::CivilDay(year, 1, 1); }
absl::CivilDay LastDay(int year) { return absl::CivilDay(year, 12, 31); }

int ColumnOf(int applicant_kind) {
  return report::ColumnOf(static_cast<v1::ApplicantKind>(applicant_kind));
}

std::optional<report::ReturnFacts> FactsOf(const storage::CaseRow& row) {
  if (!row.received || !row.counted) return std::nullopt;
  return report::ReturnFacts{*row.received, row.finished, row.return_row,
                             ColumnOf(row.applicant_kind)};
}

void AddPlaces(const std::string& number, const storage::CaseRow& row, int year,
               std::vector<report::Listed>& list) {
  const auto facts = FactsOf(row);
  if (!facts) return;
  for (const int r : report::RowsIn(*facts, year)) {
    list.push_back({number, 3, r, facts->column, 0});
  }
}

// The list of what was carried over, from the list of the edition filed.
absl::StatusOr<std::vector<report::Listed>> CarriedList(
    const storage::FiledReturn& filed) {
  ASSIGN_OR_RETURN(std::vector<report::Listed> list,
                   report::ReadList(filed.cases));
  std::erase_if(list, [](const report::Listed& one) {
    return one.table != 3 || one.row != report::kOpenRow;
  });
  for (report::Listed& one : list) one.row = report::kCarriedRow;
  return list;
}

absl::StatusOr<v1::AnnualReturn> Parsed(const storage::FiledReturn& filed) {
  v1::AnnualReturn parsed;
  if (!parsed.ParseFromString(filed.document)) {
    return absl::DataLossError("a filed return cannot be read");
  }
  return parsed;
}

// Whether every figure is 0.
bool IsZero(const v1::AnnualReturn& one) {
  const auto some = [](const auto& list) {
    return std::any_of(list.begin(), list.end(), [](int n) { return n != 0; });
  };
  return !some(one.cells()) && !some(one.remedies()) &&
         one.fees().notices() == 0 && one.fees().payments() == 0;
}

v1::ReturnCase Shown(const std::string& agency, const std::string& number,
                     const storage::CaseRow& row, int docket) {
  v1::ReturnCase shown;
  shown.set_name(CaseName(agency, number));
  if (row.received) shown.set_receipt_date(FormatDay(*row.received));
  if (row.finished) shown.set_finished_date(FormatDay(*row.finished));
  shown.set_row(row.return_row);
  shown.set_column(ColumnOf(row.applicant_kind));
  shown.set_outcome(static_cast<v1::Outcome>(row.outcome));
  shown.set_docket(docket);
  return shown;
}

}  // namespace

absl::Status Returns::CheckYear(int year) const {
  if (year <= ShanghaiDay(clock_.Now()).year()) return absl::OkStatus();
  v1::Refusal refusal;
  refusal.set_reason(v1::DATE_IN_FUTURE);
  refusal.set_field("year");
  refusal.set_got(std::to_string(year));
  return Refuse(refusal);
}

absl::StatusOr<Returns::LastFiled> Returns::FiledBefore(
    const std::vector<std::string>& agencies, int year, bool whole,
    absl::Time deadline) {
  ASSIGN_OR_RETURN(std::vector<storage::FiledReturn> filed,
                   book_.FiledReturns(agencies, year - 1, whole, deadline));
  LastFiled last;
  for (storage::FiledReturn& one : filed) {
    storage::FiledReturn& known = last[one.agency];
    if (one.edition > known.edition) known = std::move(one);
  }
  return last;
}

absl::Status Returns::AddFolded(const std::vector<std::string>& agencies,
                                int year, Sums& sums,
                                std::vector<report::Listed>* list,
                                absl::Time deadline) {
  ASSIGN_OR_RETURN(const std::vector<storage::CasePlace> places,
                   book_.CasesWith(agencies, true, true, FirstDay(year),
                                   LastDay(year), deadline));
  ReportFolder folder(registry_, clock_.Now(), deadline);
  return EachHistory(
      book_, places, absl::InfiniteFuture(), deadline,
      [&](const storage::PastCaseEvents& past) -> absl::Status {
        ASSIGN_OR_RETURN(const report::FoldedCase folded, folder.Fold(past));
        report::ReturnSum& sum = sums.at(folded.agency);
        for (const auto& one : report::RemedyCells(folded.c, year)) {
          sum.AddDocket(one.group, one.cell);
          if (list != nullptr) {
            list->push_back(
                {folded.c.number, 4, one.group, one.cell, one.docket});
          }
        }
        report::AddFees(folded, year, sum.fees());
        return absl::OkStatus();
      });
}

absl::StatusOr<std::vector<v1::ReturnViolation>> Returns::CheckCarriedOver(
    const std::string& agency, int year, absl::Time deadline) {
  ASSIGN_OR_RETURN(auto editions, Editions(agency, year, true, deadline));
  ASSIGN_OR_RETURN(const storage::FiledReturn filed,
                   EditionOf(std::move(editions), -1));
  ASSIGN_OR_RETURN(const v1::AnnualReturn before, Parsed(filed));
  ASSIGN_OR_RETURN(const std::vector<report::Listed> list,
                   report::ReadList(filed.cases));
  ASSIGN_OR_RETURN(const Rows rows, RowsOf(agency, year, deadline));
  std::vector<report::Listed> open;
  for (const auto& [number, row] : rows) AddPlaces(number, row, year, open);
  std::erase_if(open, [](const report::Listed& one) {
    return one.row != report::kOpenRow;
  });
  return report::CheckCarried(before, list, open);
}

absl::Status Returns::AddCounts(const std::vector<std::string>& agencies,
                                int year, Sums& sums, absl::Time deadline) {
  using Count = storage::ReturnCount;
  for (const std::string& one : agencies) {
    sums.emplace(one, report::ReturnSum(one, year));
  }
  ASSIGN_OR_RETURN(const std::vector<Count> counts,
                   book_.CountReturn(agencies, year, deadline));
  for (const Count& one : counts) {
    const int row = one.what == Count::kReceived   ? report::kNewRow
                    : one.what == Count::kFinished ? one.return_row
                                                   : report::kOpenRow;
    sums.at(one.agency).Add(row, ColumnOf(one.applicant_kind), one.count);
  }
  ASSIGN_OR_RETURN(const std::vector<Count> before,
                   book_.CountReturn(agencies, year - 1, deadline));
  for (const Count& one : before) {
    if (one.what != Count::kOpenAtEnd) continue;
    sums.at(one.agency)
        .Add(report::kCarriedRow, ColumnOf(one.applicant_kind), one.count);
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<std::string>> Returns::AgenciesWith(
    const std::vector<std::string>& agencies, int year, const Cell& cell,
    absl::Time deadline) {
  // What was filed as carried over, and dockets, are not among the counts.
  if (agencies.size() == 1 || cell.table != 3 ||
      cell.row == report::kCarriedRow) {
    return agencies;
  }
  Sums sums;
  RETURN_IF_ERROR(AddCounts(agencies, year, sums, deadline));
  std::vector<std::string> with;
  for (const auto& [code, sum] : sums) {
    if (report::CellAt(sum.Sum(), cell.row, cell.column) > 0) {
      with.push_back(code);
    }
  }
  return with;
}

absl::StatusOr<DrawnReturn> Returns::Draw(
    const std::string& agency, const std::vector<std::string>& agencies,
    int year, absl::Time deadline) {
  RETURN_IF_ERROR(CheckYear(year));
  const absl::Time known = clock_.Now();
  ASSIGN_OR_RETURN(const LastFiled filed,
                   FiledBefore(agencies, year, false, deadline));
  Sums sums;
  RETURN_IF_ERROR(AddCounts(agencies, year, sums, deadline));
  RETURN_IF_ERROR(AddFolded(agencies, year, sums, nullptr, deadline));

  DrawnReturn drawn;
  for (auto& [code, sum] : sums) {
    const auto carried = filed.find(code);
    if (carried != filed.end()) {
      ASSIGN_OR_RETURN(const v1::AnnualReturn last, Parsed(carried->second));
      sum.CarryFrom(last);
    }
    const v1::AnnualReturn one = sum.Sum();
    auto found = report::Check(one);
    if (carried != filed.end() && (agencies.size() == 1 || !found.empty())) {
      ASSIGN_OR_RETURN(auto more, CheckCarriedOver(code, year - 1, deadline));
      std::move(more.begin(), more.end(), std::back_inserter(found));
    }
    std::move(found.begin(), found.end(), std::back_inserter(drawn.violations));
    if (agencies.size() == 1) {
      drawn.annual_return = one;
    } else {
      drawn.annual_return.set_year(year);
      report::AddTo(drawn.annual_return, one);
    }
  }
  const bool zero = filed.empty() && IsZero(drawn.annual_return);
  if (zero) return Refuse(v1::YEAR_WITHOUT_DATA);
  drawn.annual_return.set_agency(agency);
  drawn.annual_return.set_known_time(FormatInstant(known));
  drawn.annual_return.set_digest(report::DigestOf(drawn.annual_return));
  return drawn;
}

absl::StatusOr<DrawnReturn> Returns::DrawWithList(const std::string& agency,
                                                  int year,
                                                  absl::Time deadline) {
  RETURN_IF_ERROR(CheckYear(year));
  const absl::Time known = clock_.Now();
  ASSIGN_OR_RETURN(const LastFiled filed,
                   FiledBefore({agency}, year, true, deadline));
  ASSIGN_OR_RETURN(const Rows rows, RowsOf(agency, year, deadline));
  DrawnReturn drawn;
  Sums sums;
  report::ReturnSum& sum =
      sums.emplace(agency, report::ReturnSum(agency, year)).first->second;
  for (const auto& [number, row] : rows) {
    if (const auto facts = FactsOf(row)) sum.AddCase(*facts);
    AddPlaces(number, row, year, drawn.list);
  }
  RETURN_IF_ERROR(AddFolded({agency}, year, sums, &drawn.list, deadline));
  if (!filed.empty()) {
    const storage::FiledReturn& last = filed.begin()->second;
    ASSIGN_OR_RETURN(const v1::AnnualReturn before, Parsed(last));
    sum.CarryFrom(before);
    std::erase_if(drawn.list, [](const report::Listed& one) {
      return one.table == 3 && one.row == report::kCarriedRow;
    });
    ASSIGN_OR_RETURN(auto carried, CarriedList(last));
    std::move(carried.begin(), carried.end(), std::back_inserter(drawn.list));
    ASSIGN_OR_RETURN(drawn.violations,
                     CheckCarriedOver(agency, year - 1, deadline));
  }
  drawn.annual_return = sum.Sum();
  const bool zero = filed.empty() && IsZero(drawn.annual_return);
  if (zero) return Refuse(v1::YEAR_WITHOUT_DATA);
  drawn.annual_return.set_known_time(FormatInstant(known));
  auto found = report::Check(drawn.annual_return);
  std::move(found.begin(), found.end(), std::back_inserter(drawn.violations));
  std::sort(drawn.list.begin(), drawn.list.end());
  return drawn;
}

absl::StatusOr<std::vector<storage::FiledReturn>> Returns::Editions(
    const std::string& agency, int year, bool whole, absl::Time deadline) {
  return book_.FiledReturns({agency}, year, whole, deadline);
}

absl::StatusOr<storage::FiledReturn> Returns::EditionOf(
    std::vector<storage::FiledReturn> editions, int edition) {
  for (storage::FiledReturn& one : editions) {
    const bool last = one.edition == static_cast<int>(editions.size());
    if (one.edition == edition || (edition < 0 && last)) return std::move(one);
  }
  return Refuse(v1::RETURN_NOT_FILED);
}

absl::StatusOr<Returns::Rows> Returns::RowsOf(const std::string& agency,
                                              int year, absl::Time deadline) {
  Rows rows;
  std::optional<storage::CasePlace> after;
  while (true) {
    ASSIGN_OR_RETURN(
        std::vector<storage::ReturnRow> some,
        book_.ReturnCases({agency}, year, after, kRowsAtOnce, deadline));
    const bool last = some.size() < static_cast<size_t>(kRowsAtOnce);
    if (!some.empty()) after = some.back().place;
    for (storage::ReturnRow& one : some) {
      rows.emplace(std::move(one.place.number), std::move(one.row));
    }
    if (last) return rows;
  }
}

absl::StatusOr<std::optional<storage::CaseRow>> Returns::RowOfCase(
    const Rows& rows, const std::string& agency, const std::string& number,
    absl::Time deadline) {
  const auto it = rows.find(number);
  if (it != rows.end()) return it->second;
  const auto read =
      OpenForReading(store_, registry_, {agency, number}, false, deadline);
  const auto refusal = RefusalOf(read.status());
  if (refusal && refusal->reason() == v1::NO_SUCH_CASE) {
    return std::optional<storage::CaseRow>();
  }
  if (!read.ok()) return read.status();
  storage::CaseRow row;
  row.received = read->c.facts.received;
  row.finished = report::FinishedDay(read->c);
  row.return_row = report::ResultRow(read->c, registry_.rules());
  row.applicant_kind = read->c.applicant_kind;
  row.outcome = read->c.outcome;
  row.department = read->c.department;
  row.labels = read->c.labels;
  row.restricted_to = read->c.restricted_to;
  return std::optional<storage::CaseRow>(std::move(row));
}

absl::StatusOr<std::vector<report::Listed>> Returns::PlacesIn(
    const std::string& agency, int year, const Cell& cell, const Rows& rows,
    absl::Time deadline) {
  std::vector<report::Listed> list;
  if (cell.table == 4) {
    Sums sums;
    sums.emplace(agency, report::ReturnSum(agency, year));
    RETURN_IF_ERROR(AddFolded({agency}, year, sums, &list, deadline));
    return list;
  }
  if (cell.row == report::kCarriedRow) {
    ASSIGN_OR_RETURN(const LastFiled filed,
                     FiledBefore({agency}, year, true, deadline));
    if (!filed.empty()) return CarriedList(filed.begin()->second);
  }
  for (const auto& [number, row] : rows) AddPlaces(number, row, year, list);
  return list;
}

absl::StatusOr<std::vector<CellCase>> Returns::CasesIn(
    const std::string& agency, int year, const Cell& cell,
    const storage::FiledReturn* edition, absl::Time deadline) {
  ASSIGN_OR_RETURN(const Rows rows, RowsOf(agency, year, deadline));
  std::vector<report::Listed> list;
  if (edition != nullptr) {
    ASSIGN_OR_RETURN(list, report::ReadList(edition->cases));
  } else {
    ASSIGN_OR_RETURN(list, PlacesIn(agency, year, cell, rows, deadline));
  }
  // In the total of table 4 a case may stand with dockets of several cells.
  std::sort(list.begin(), list.end(), [](const auto& a, const auto& b) {
    return std::pair(a.number, a.docket) < std::pair(b.number, b.docket);
  });
  std::vector<CellCase> cases;
  for (const report::Listed& one : list) {
    if (!report::CountsIn(one, cell.table, cell.row, cell.column)) continue;
    ASSIGN_OR_RETURN(const auto row,
                     RowOfCase(rows, agency, one.number, deadline));
    if (!row) continue;
    cases.push_back({Shown(agency, one.number, *row, one.docket), one.number,
                     MarksOf(*row)});
  }
  return cases;
}

absl::Status Returns::HideNames(const auth::Caller& caller, auth::Access access,
                                const std::string& agency, int year,
                                const Names& names, absl::Time deadline) {
  const auto none = [](const auto* list) { return list->empty(); };
  if (std::all_of(names.begin(), names.end(), none)) return absl::OkStatus();
  ASSIGN_OR_RETURN(const Rows rows, RowsOf(agency, year, deadline));
  for (auto* list : names) {
    google::protobuf::RepeatedPtrField<std::string> shown;
    for (std::string& name : *list) {
      ASSIGN_OR_RETURN(const CaseRef ref, ParseCaseName(name));
      ASSIGN_OR_RETURN(const auto row,
                       RowOfCase(rows, agency, ref.number, deadline));
      if (row && auth::MaySee(caller, MarksOf(*row), access).ok()) {
        *shown.Add() = std::move(name);
      }
    }
    *list = std::move(shown);
  }
  return absl::OkStatus();
}

}  // namespace gongkai::act
