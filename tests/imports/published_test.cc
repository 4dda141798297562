// SPDX-License-Identifier: Apache-2.0
// Published returns reproduced: cases built to their margins are imported, and
// the return that the service draws up is the published one in every cell.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "clients/cli/import_totals.h"
#include "tests/imports/import_house.h"

namespace gongkai {
namespace {

using test::ImportHouse;
using test::Margins;
using test::Published;
using test::ReadPublished;
using test::TestService;

std::vector<int> Cells(const v1::AnnualReturn& one) {
  return {one.cells().begin(), one.cells().end()};
}

void ExpectReproduced(const v1::GetReturnResponse& drawn,
                      const Published& published) {
  const v1::AnnualReturn& computed = drawn.annual_return();
  ASSERT_EQ(computed.cells_size(), 175);
  for (int row = 1; row <= 25; ++row) {
    for (int column = 1; column <= 7; ++column) {
      EXPECT_EQ(computed.cells((row - 1) * 7 + column - 1),
                published.Cell(row, column))
          << published.year << " r" << row << " c" << column;
    }
  }
  EXPECT_EQ(
      std::vector<int>(computed.remedies().begin(), computed.remedies().end()),
      published.table4)
      << published.year;
  EXPECT_EQ(drawn.violations_size(), 0) << drawn.DebugString();
}

TEST(PublishedReturns, TwoYearsOfACityOneAfterTheOther) {
  const Published y2023 = ReadPublished("suqian_2023", 2023);
  const Published y2024 = ReadPublished("suqian_2024", 2024);
  Margins margins("SQ");
  margins.AddYear(y2023);
  margins.AddYear(y2024);

  ImportHouse house;
  // Received until 2023, those that were answered in 2024 among them: what they
  // must add up to is known.
  auto head = house.Head();
  *head.add_totals() = y2023.table3;
  const auto until = margins.ReceivedUntil(2023);
  const auto first = house.Bring(head, until);
  EXPECT_EQ(first.imported(), static_cast<int64_t>(until.size()));
  EXPECT_EQ(first.failures_size() + first.unbalanced_size(), 0)
      << first.DebugString();
  ExpectReproduced(house.Return(test::Head(), TestService::kAgency, 2023),
                   y2023);
  // The rest, and the year after balances with what was carried over.
  const auto second = house.Bring(house.Head(), margins.ReceivedAfter(2023));
  EXPECT_EQ(second.imported(), y2024.Cell(1, 7));
  const auto drawn = house.Return(test::Head(), TestService::kAgency, 2024);
  ExpectReproduced(drawn, y2024);
  ExpectReproduced(house.Return(test::Head(), TestService::kAgency, 2023),
                   y2023);
  for (int column = 1; column <= 7; ++column) {
    EXPECT_EQ(drawn.annual_return().cells(7 + column - 1),
              y2023.Cell(25, column));
  }

  // Filed one after the other, the second begins with what was filed.
  for (const int year : {2022, 2023}) {
    v1::FileReturnResponse filed;
    const auto now = house.Return(test::Head(), TestService::kAgency, year);
    const grpc::Status status = house.File(
        TestService::kAgency, year, now.annual_return().digest(), "", &filed);
    ASSERT_TRUE(status.ok()) << year << ": " << status.error_message();
  }
  const auto after = house.Return(test::Head(), TestService::kAgency, 2024);
  EXPECT_TRUE(after.annual_return().carried_from_filed());
  EXPECT_EQ(Cells(after.annual_return()), Cells(drawn.annual_return()));

  // A cell opens into its cases.
  v1::ListReturnCasesRequest request;
  request.set_agency(TestService::kAgency);
  request.set_year(2024);
  request.set_table(3);
  request.set_row(22);
  request.set_column(1);
  EXPECT_EQ(house.CasesOf(test::Head(), request).cases.size(), 38u);
}

// The total of the last row was published empty. Its six columns say 1, and so
// does the printed identity (34 + 2 = 35 + 1): filled in, the return balances.
TEST(PublishedReturns, AnEmptyFigureIsNamedAndNotGuessed) {
  std::string path;
  ASSERT_EQ(*cli::YearOfTotals("shanghai_kewei_2024.csv", &path), 2024);
  std::ifstream in(test::ReturnPath("shanghai_kewei_2024.csv"));
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  const auto totals = cli::ReadTotals(text, 2024);
  ASSERT_FALSE(totals.ok());
  EXPECT_EQ(totals.status().message(), "line 26: total is left empty");

  const Published published = ReadPublished("shanghai_kewei_2024", 2024, 1);
  Margins margins("KW");
  margins.AddYear(published);
  ImportHouse house;
  auto head = house.Head();
  *head.add_totals() = published.table3;
  const auto done = house.Bring(head, margins.ReceivedUntil(2024));
  EXPECT_EQ(done.imported(), 36);
  ExpectReproduced(house.Return(test::Head(), TestService::kAgency, 2024),
                   published);
}

}  // namespace
}  // namespace gongkai
