// SPDX-License-Identifier: Apache-2.0
// What must hold of returns over random histories of several years. The seed is
// printed; GONGKAI_SEED repeats a run.
#include <cstdlib>
#include <iostream>
#include <map>
#include <set>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "services/base/ids.h"
#include "services/report/dockets.h"
#include "services/report/result.h"
#include "tests/report/decade.h"
#include "tests/report/report_fixture.h"

namespace gongkai::report {
namespace {

constexpr int kCases = 1200;
const char* const kAgencies[] = {"A", "B", "C", "D"};

uint64_t Seed() {
  const char* text = std::getenv("GONGKAI_SEED");
  return text == nullptr ? 20260601u : std::strtoull(text, nullptr, 10);
}

class Returns : public ::testing::Test {
 protected:
  Returns() : decade_(Seed()) {
    std::cout << "seed " << Seed() << "\n";
    cases_ = decade_.Cases(kCases);
  }
  Decade decade_;
  std::vector<casework::Case> cases_;
};

// Identities 1 to 3 in every column, 4 from year to year; a case has one result
// row (5) and table 4 its totals.
TEST_F(Returns, BalanceYearAfterYear) {
  for (const char* agency : kAgencies) {
    v1::AnnualReturn before;
    for (int year = kFirstYear; year <= kLastYear + 2; ++year) {
      const v1::AnnualReturn one = DrawUp(agency, cases_, year);
      EXPECT_THAT(Check(one), ::testing::IsEmpty()) << agency << year;
      for (int column = 1; column <= kReturnColumns; ++column) {
        EXPECT_EQ(CellAt(one, 2, column), CellAt(before, 25, column))
            << agency << year << " c" << column;
      }
      before = one;
    }
  }
}

// Every cell counted again by its definition, case by case.
TEST_F(Returns, EveryCellIsWhatItsDefinitionCounts) {
  const absl::CivilDay never(2999, 1, 1);
  for (int year = kFirstYear; year <= kLastYear + 1; ++year) {
    std::map<std::pair<int, int>, int> counted;
    for (const casework::Case& c : cases_) {
      if (!c.facts.received || !c.reopened_from.empty()) continue;
      const int column =
          c.applicant_kind == 0 ? 6 : static_cast<int>(c.applicant_kind);
      const absl::CivilDay end = c.facts.reply
                                     ? c.facts.reply->dispatched
                                     : c.facts.withdrawn.value_or(never);
      const absl::CivilDay received = *c.facts.received;
      if (received.year() == year) ++counted[{1, column}];
      if (received.year() < year && end.year() >= year) ++counted[{2, column}];
      if (end.year() == year) ++counted[{24, column}];
      if (received.year() <= year && end.year() > year) ++counted[{25, column}];
      if (end.year() == year && c.outcome == v1::PARTIAL) {
        ++counted[{4, column}];
      }
      if (end.year() == year && c.outcome == v1::STILL_UNCLEAR) {
        ++counted[{15, column}];
      }
    }
    const v1::AnnualReturn all = DrawUp("", cases_, year);
    for (const int row : {1, 2, 4, 15, 24, 25}) {
      for (int column = 1; column <= 6; ++column) {
        const int should_be = counted[{row, column}];
        EXPECT_EQ(CellAt(all, row, column), should_be)
            << year << " r" << row << " c" << column;
      }
    }
  }
}

TEST_F(Returns, OfAgenciesAddUpToThatOfAll) {
  for (int year = kFirstYear; year <= kLastYear; ++year) {
    v1::AnnualReturn sum;
    for (const char* agency : kAgencies) {
      AddTo(sum, DrawUp(agency, cases_, year));
    }
    const v1::AnnualReturn all = DrawUp("", cases_, year);
    EXPECT_THAT(sum.cells(), ::testing::ElementsAreArray(all.cells()));
    EXPECT_THAT(sum.remedies(), ::testing::ElementsAreArray(all.remedies()));
    EXPECT_THAT(sum.agencies(), ::testing::ElementsAreArray(kAgencies));
  }
}

TEST_F(Returns, PartialBeatsTheRestAndSubCasesCountNowhere) {
  int partial = 0;
  int sub_cases = 0;
  for (const casework::Case& c : cases_) {
    const int row = ResultRow(c, casework::TheRulebook());
    EXPECT_EQ(row != 0, c.facts.received && FinishedDay(c));
    if (c.outcome == v1::PARTIAL && row != 0) {
      ++partial;
      EXPECT_EQ(row, 4);
    } else {
      EXPECT_NE(row, 4);
    }
    if (!c.reopened_from.empty()) {
      ++sub_cases;
      EXPECT_FALSE(IsCounted(c));
    }
  }
  EXPECT_GT(partial, 10);
  EXPECT_GT(sub_cases, 10);
}

// What is pending at the end of a year is counted in the next; what ended for
// good is counted with its result in the year it ended, and never after.
TEST_F(Returns, RemediesAreCarriedUntilTheyEnd) {
  int ended = 0;
  for (const casework::Case& c : cases_) {
    for (const Remedy& remedy : RemediesOf(c)) {
      if (remedy.group == 0) continue;
      const RemedyState last = StateOf(c, remedy, kEver);
      std::map<int, int> cells;
      for (int year = kFirstYear; year <= kLastYear + 6; ++year) {
        for (const DocketCell& cell : RemedyCells(c, year)) {
          if (cell.docket == remedy.docket) cells[year] = cell.cell;
        }
      }
      for (const auto& [year, cell] : cells) {
        if (cell == kPendingCell && year < kLastYear + 6) {
          EXPECT_TRUE(cells.contains(year + 1)) << c.number << year;
        }
      }
      ASSERT_FALSE(cells.empty()) << c.number;
      const int year = cells.rbegin()->first;
      if (last.concluded) {
        ++ended;
        EXPECT_EQ(year, last.concluded->year()) << c.number;
        EXPECT_EQ(cells.rbegin()->second, CellOf(last.result)) << c.number;
      } else {
        EXPECT_EQ(cells.rbegin()->second, kPendingCell) << c.number;
      }
    }
  }
  EXPECT_GT(ended, 50);
}

using Members = std::map<std::string, std::multiset<std::string>>;

std::string CellName(int table, int row, int column) {
  return absl::StrCat(table, ":", row, ":", column);
}

// Names of the cases in each cell, totals too.
Members MembersOf(const std::vector<Listed>& list) {
  Members members;
  const auto add_cells = [&members, &list](int table, int rows, int columns) {
    for (int row = 1; row <= rows; ++row) {
      for (int column = 1; column <= columns; ++column) {
        auto& cell = members[CellName(table, row, column)];
        for (const Listed& place : list) {
          if (CountsIn(place, table, row, column)) {
            cell.insert(CaseName("A", place.number));
          }
        }
      }
    }
  };
  add_cells(3, kReturnRows, kReturnColumns);
  add_cells(4, kRemedyGroups, kRemedyCells);
  return members;
}

// The difference of two editions, applied to the first, gives the second:
// figures and cases, cell by cell.
TEST_F(Returns, DifferencesLeadFromOneEditionToTheOther) {
  std::vector<casework::Case> later = cases_;
  for (casework::Case& c : later) {
    if (decade_.OneIn(12)) decade_.Change(c);
  }
  int changed = 0;
  for (int year = kFirstYear; year <= kLastYear; ++year) {
    v1::AnnualReturn figures = DrawUp("A", cases_, year);
    const auto before = ListOf("A", cases_, year);
    const v1::AnnualReturn then = figures;
    const v1::AnnualReturn now = DrawUp("A", later, year);
    const auto after = ListOf("A", later, year);
    Members members = MembersOf(before);
    for (const auto& d : Compare(then, before, now, after, "A")) {
      ++changed;
      if (d.table() == 3) {
        const int at = (d.row() - 1) * kReturnColumns + d.column() - 1;
        EXPECT_EQ(figures.cells(at), d.before());
        figures.set_cells(at, d.after());
      } else {
        const int at = (d.row() - 1) * kRemedyCells + d.column() - 1;
        EXPECT_EQ(figures.remedies(at), d.before());
        figures.set_remedies(at, d.after());
      }
      auto& cell = members[CellName(d.table(), d.row(), d.column())];
      for (const std::string& name : d.came()) cell.insert(name);
      for (const std::string& name : d.went()) {
        ASSERT_TRUE(cell.contains(name)) << name;
        cell.erase(cell.find(name));
      }
      EXPECT_EQ(d.after() - d.before(), d.came_size() - d.went_size());
    }
    EXPECT_EQ(DigestOf(figures), DigestOf(now)) << year;
    EXPECT_EQ(members, MembersOf(after)) << year;
    EXPECT_EQ(*ReadList(WriteList(after)),
              *ReadList(WriteList({after.rbegin(), after.rend()})));
  }
  EXPECT_GT(changed, 20);
}

// What was filed is carried; when records change afterwards, the violation
// names exactly the cases that were open in one and not in the other.
TEST_F(Returns, AViolationNamesTheCasesThatMoved) {
  std::vector<casework::Case> later = cases_;
  for (casework::Case& c : later) {
    if (decade_.OneIn(10)) decade_.Change(c);
  }
  int named = 0;
  for (int year = kFirstYear; year < kLastYear; ++year) {
    const v1::AnnualReturn filed = DrawUp("A", cases_, year);
    const auto filed_list = ListOf("A", cases_, year);
    EXPECT_THAT(CheckCarried(filed, filed_list, filed_list),
                ::testing::IsEmpty());
    std::map<int, std::set<std::string>> moved;
    const auto open_places = [year](const std::vector<casework::Case>& cases) {
      std::set<std::pair<std::string, int>> places;
      for (const Listed& place : ListOf("A", cases, year)) {
        if (place.table == 3 && place.row == 25) {
          places.emplace(CaseName("A", place.number), place.column);
        }
      }
      return places;
    };
    const auto then = open_places(cases_);
    const auto now = open_places(later);
    for (const auto& place : then) {
      if (!now.contains(place)) moved[place.second].insert(place.first);
    }
    for (const auto& place : now) {
      if (!then.contains(place)) moved[place.second].insert(place.first);
    }
    std::map<int, std::set<std::string>> told;
    for (const auto& violation :
         CheckCarried(filed, filed_list, ListOf("A", later, year))) {
      if (violation.column() == kReturnColumns) continue;
      told[violation.column()] = {violation.cases().begin(),
                                  violation.cases().end()};
      named += violation.cases_size();
    }
    EXPECT_EQ(told, moved) << year;
  }
  EXPECT_GT(named, 5);
}

// Table 3 recounted from nothing but the exported register.
TEST_F(Returns, TheRegisterGivesTable3Again) {
  std::vector<FoldedCase> folded;
  for (const casework::Case& c : cases_) {
    folded.push_back(FoldedOf(c, "2026-01-31"));
  }
  const v1::Table table = TablesOf(v1::REGISTER, "", folded, "2026-01-31")[0];
  ASSERT_EQ(table.rows_size(), kCases);
  const std::string day_before = "2023-01-01";
  const std::string day_after = "2023-12-31";
  std::vector<int> cells(kReturnRows * kReturnColumns);
  const auto count = [&cells](int row, int column) {
    ++cells[(row - 1) * kReturnColumns + column - 1];
    ++cells[row * kReturnColumns - 1];
  };
  for (int row = 0; row < table.rows_size(); ++row) {
    if (CellText(table, row, "counted") != "1") continue;
    const std::string received = CellText(table, row, "receipt_date");
    std::string finished = CellText(table, row, "finished_date");
    if (finished == "-") finished = "9999-12-31";
    int column = 0;
    ASSERT_TRUE(
        absl::SimpleAtoi(CellText(table, row, "column").substr(1), &column));
    if (received > day_after || finished < day_before) continue;
    count(received >= day_before ? 1 : 2, column);
    if (finished > day_after) {
      count(25, column);
      continue;
    }
    int result = 0;
    ASSERT_TRUE(absl::SimpleAtoi(CellText(table, row, "return_row").substr(1),
                                 &result));
    count(result, column);
    count(24, column);
  }
  EXPECT_THAT(DrawUp("", cases_, 2023).cells(),
              ::testing::ElementsAreArray(cells));
}

// The same of lives through lawful acts, folded from their events.
TEST_F(Returns, OfLivesBalanceToo) {
  std::vector<casework::Case> cases;
  std::map<v1::Phase, int> phases;
  for (int i = 0; i < 150; ++i) {
    casework::Case c = decade_.LifeFrom(2020 + decade_.Below(4)).c();
    c.number = absl::StrCat("TEST-", i);
    ++phases[c.phase];
    cases.push_back(std::move(c));
  }
  EXPECT_GE(phases.size(), 4u);
  v1::AnnualReturn before;
  int handled = 0;
  for (int year = 2020; year <= 2026; ++year) {
    const v1::AnnualReturn one = DrawUp("TEST", cases, year);
    EXPECT_THAT(Check(one), ::testing::IsEmpty()) << year;
    for (int column = 1; column <= kReturnColumns; ++column) {
      EXPECT_EQ(CellAt(one, 2, column), CellAt(before, 25, column)) << year;
    }
    handled += CellAt(one, 24, 7);
    before = one;
  }
  EXPECT_GT(handled, 60);
}

}  // namespace
}  // namespace gongkai::report
