// SPDX-License-Identifier: Apache-2.0
#include "tests/imports/returns.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "clients/cli/csv.h"
#include "clients/cli/import_totals.h"
#include "services/base/dates.h"

namespace gongkai::test {
namespace {

std::string ReadAll(const std::string& path) {
  std::ifstream in(path);
  EXPECT_TRUE(in.good()) << path;
  return {std::istreambuf_iterator<char>(in), {}};
}

struct Way {
  v1::Outcome outcome;
  v1::Ground ground = v1::GROUND_UNSPECIFIED;
};

// A result that is counted in row r3 to r23.
Way WayTo(int row) {
  switch (row) {
    case 3:
      return {v1::DISCLOSED};
    case 4:
      return {v1::PARTIAL, v1::PERSONAL_PRIVACY};
    case 5:
      return {v1::REFUSED, v1::STATE_SECRET};
    case 6:
      return {v1::REFUSED, v1::FORBIDDEN_BY_LAW};
    case 7:
      return {v1::REFUSED, v1::THREE_SECURITIES};
    case 8:
      return {v1::REFUSED, v1::BUSINESS_SECRET};
    case 9:
      return {v1::REFUSED, v1::INTERNAL_AFFAIRS};
    case 10:
      return {v1::REFUSED, v1::PROCESS_INFORMATION};
    case 11:
      return {v1::REFUSED, v1::ENFORCEMENT_FILE};
    case 12:
      return {v1::SPECIAL_REGIME};
    case 13:
      return {v1::DOES_NOT_EXIST};
    case 14:
      return {v1::NEEDS_PROCESSING};
    case 15:
      return {v1::STILL_UNCLEAR};
    case 16:
      return {v1::PETITION};
    case 17:
      return {v1::REPEATED};
    case 18:
      return {v1::PUBLICATION};
    case 19:
      return {v1::EXCESSIVE};
    case 20:
      return {v1::CONFIRMATION_DEMANDED};
    case 21:
      return {v1::CORRECTION_ABANDONED};
    case 22:
      return {v1::PAYMENT_ABANDONED};
    default:
      return {v1::OTHER_OUTCOME};
  }
}

v1::RemedyResult ResultOf(int group, int cell) {
  if (cell == 1) return group == 1 ? v1::UPHELD : v1::CLAIM_DISMISSED;
  return cell == 2 ? v1::REVOKED : v1::WITHDRAWN_OR_ENDED;
}

std::string Day(int year, int month, int day) {
  return FormatDay(absl::CivilDay(year, month, day));
}

}  // namespace

std::string ReturnPath(const std::string& name) {
  const char* source = std::getenv("GONGKAI_SOURCE_DIR");
  return absl::StrCat(source == nullptr ? "." : source, "/data/annual_returns/",
                      name);
}

Published ReadPublished(const std::string& name, int year, int empty) {
  Published published;
  published.year = year;
  std::string text = ReadAll(ReturnPath(name + ".csv"));
  if (empty >= 0) {
    const std::string figure = absl::StrCat(",", empty);
    text = absl::StrReplaceAll(
        text, {{",\n", figure + "\n"}, {",\r\n", figure + "\r\n"}});
    if (text.ends_with(',')) absl::StrAppend(&text, empty);
  }
  const auto totals = cli::ReadTotals(text, year);
  EXPECT_TRUE(totals.ok()) << totals.status();
  published.table3.mutable_cells()->Resize(175, -1);
  if (totals.ok()) published.table3 = *totals;
  const auto csv = cli::ReadCsv(ReadAll(ReturnPath(name + "_table4.csv")));
  EXPECT_TRUE(csv.ok()) << csv.status();
  if (!csv.ok()) return published;
  for (const char* row : {"review", "suit_direct", "suit_after_review"}) {
    for (const cli::Csv::Row& cells : csv->rows) {
      if (cells.cells[0] != row) continue;
      for (const char* column :
           {"maintained", "corrected", "other", "pending", "total"}) {
        int figure = -1;
        EXPECT_TRUE(absl::SimpleAtoi(csv->Cell(cells, column), &figure));
        published.table4.push_back(figure);
      }
    }
  }
  EXPECT_EQ(published.table4.size(), 15u);
  return published;
}

v1::PastCase& Margins::Receive(int column, int year, int nth, int of) {
  v1::PastCase& past = cases_.emplace_back();
  past.set_number(absl::StrCat(prefix_, "-", year, "-", cases_.size()));
  past.set_applicant_kind(static_cast<v1::ApplicantKind>(column));
  // Spread over the first ten months: what is received is answered in its year
  // unless it is to be carried over.
  const absl::CivilDay day = absl::CivilDay(year, 1, 2) + 300 * nth / of;
  past.set_receipt_date(FormatDay(day));
  open_[column].push_back(cases_.size() - 1);
  return past;
}

void Margins::AddYear(const Published& published) {
  fresh_.clear();
  for (int column = 1; column <= 6; ++column) AddReturn(published, column);
  AddDockets(published);
}

void Margins::AddReturn(const Published& published, int column) {
  std::deque<size_t>& open = open_[column];
  // Of the years before nothing is known but what was open at their end.
  const int carried = published.Cell(2, column);
  while (static_cast<int>(open.size()) < carried) {
    Receive(column, published.year - 1, static_cast<int>(open.size()), carried);
  }
  ASSERT_EQ(static_cast<int>(open.size()), carried) << "c" << column;
  const int received = published.Cell(1, column);
  for (int i = 0; i < received; ++i) {
    Receive(column, published.year, i, received);
  }
  for (int row = 3; row <= 23; ++row) {
    for (int i = 0; i < published.Cell(row, column); ++i) {
      ASSERT_FALSE(open.empty());
      v1::PastCase& past = cases_[open.front()];
      const absl::CivilDay received_day = DayOf(past.receipt_date());
      const bool carried_in = received_day.year() < published.year;
      const absl::CivilDay finished =
          carried_in ? absl::CivilDay(published.year, 1, 15)
                     : received_day + 18;
      past.set_finished_date(FormatDay(finished));
      const Way way = WayTo(row);
      past.set_outcome(way.outcome);
      if (way.ground != v1::GROUND_UNSPECIFIED) past.add_grounds(way.ground);
      if (!carried_in) fresh_.push_back(open.front());
      open.pop_front();
    }
  }
  EXPECT_EQ(static_cast<int>(open.size()), published.Cell(25, column))
      << published.year << " c" << column;
}

void Margins::AddDockets(const Published& published) {
  // Reviews go to the first answers of the year, direct suits to those after
  // them, and suits after review to the reviews that were concluded.
  const auto total = [&](int group) { return published.table4[group * 5 - 1]; };
  const auto reviews = static_cast<size_t>(total(1)) - pending_[1].size();
  const auto suits = static_cast<size_t>(total(2)) - pending_[2].size();
  ASSERT_LE(reviews + suits, fresh_.size());
  AddGroup(published, 1, {fresh_.begin(), fresh_.begin() + reviews}, 9);
  AddGroup(published, 2,
           {fresh_.begin() + reviews, fresh_.begin() + reviews + suits}, 9);
  std::vector<size_t> concluded;
  for (size_t i = 0; i < reviews; ++i) {
    const v1::PastCase& past = cases_[fresh_[i]];
    if (!past.dockets(0).decided_date().empty()) concluded.push_back(fresh_[i]);
  }
  const auto after = static_cast<size_t>(total(3)) - pending_[3].size();
  ASSERT_LE(after, concluded.size());
  concluded.resize(after);
  AddGroup(published, 3, concluded, 11);
}

void Margins::AddGroup(const Published& published, int group,
                       const std::vector<size_t>& cases, int month) {
  std::deque<Docket>& pending = pending_[group];
  const int year = published.year;
  for (const size_t at : cases) {
    v1::PastCase& past = cases_[at];
    v1::PastDocket& docket = *past.add_dockets();
    docket.set_kind(group == 1 ? v1::ADMINISTRATIVE_REVIEW : v1::LAWSUIT);
    // After every answer of the first ten months, and one month before its end.
    docket.set_opened_date(std::max(
        Day(year, month, 1), FormatDay(DayOf(past.finished_date()) + 5)));
    pending.push_back({at, past.dockets_size() - 1});
  }
  for (int cell = 1; cell <= 3; ++cell) {
    for (int i = 0; i < published.table4[group * 5 - 6 + cell]; ++i) {
      ASSERT_FALSE(pending.empty());
      v1::PastDocket& docket =
          *cases_[pending.front().at].mutable_dockets(pending.front().docket);
      docket.set_decided_date(Day(year, month + 1, 20));
      docket.set_result(ResultOf(group, cell));
      pending.pop_front();
    }
  }
  EXPECT_EQ(static_cast<int>(pending.size()), published.table4[group * 5 - 2]);
}

std::vector<v1::PastCase> Margins::ReceivedUntil(int year) const {
  std::vector<v1::PastCase> cases;
  for (const v1::PastCase& past : cases_) {
    if (DayOf(past.receipt_date()).year() <= year) cases.push_back(past);
  }
  return cases;
}

std::vector<v1::PastCase> Margins::ReceivedAfter(int year) const {
  std::vector<v1::PastCase> cases;
  for (const v1::PastCase& past : cases_) {
    if (DayOf(past.receipt_date()).year() > year) cases.push_back(past);
  }
  return cases;
}

}  // namespace gongkai::test
