// SPDX-License-Identifier: Apache-2.0
// The annual return: it balances, every cell opens into its cases, and the
// returns of agencies add up.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <iostream>
#include <random>
#include <set>

#include "absl/strings/str_cat.h"
#include "services/base/dates.h"
#include "services/report/annual.h"
#include "tests/reports/reports_house.h"

namespace gongkai {
namespace {

using report::CellAt;
using report::RemedyAt;
using test::Details;
using test::Head;
using test::Manager;
using test::Officer;
using test::Past;
using test::ReportsHouse;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;
constexpr char kAgency[] = "SHGXW";

std::string Day(absl::CivilDay day) { return FormatDay(day); }

// A register of three years by chance.
std::vector<std::string> Register(const std::string& prefix, uint64_t seed,
                                  int cases) {
  std::mt19937_64 random(seed);
  static const std::vector<std::string> ends = {
      "outcome: DISCLOSED",
      "outcome: DISCLOSED fee_basis: BY_ITEM fee_fen: 10000 "
      "fee_notice_date: \"RECEIVED\"",
      "outcome: PARTIAL grounds: PERSONAL_PRIVACY",
      "outcome: REFUSED grounds: BUSINESS_SECRET",
      "outcome: REFUSED grounds: INTERNAL_AFFAIRS",
      "outcome: DOES_NOT_EXIST",
      "outcome: NOT_THIS_AGENCY",
      "outcome: OTHER_OUTCOME"};
  std::vector<std::string> rows;
  for (int i = 0; i < cases; ++i) {
    const absl::CivilDay received =
        absl::CivilDay(2021, 1, 4) + static_cast<int>(random() % 1080);
    const absl::CivilDay finished = received + static_cast<int>(random() % 40);
    std::string end = ends[random() % ends.size()];
    const size_t day = end.find("RECEIVED");
    if (day != std::string::npos) end.replace(day, 8, Day(received));
    const bool open = random() % 12 == 0;
    if (!open && random() % 5 == 0) {
      const absl::CivilDay opened = finished + 20;
      absl::StrAppend(
          &end, " dockets { kind: ",
          random() % 2 ? "LAWSUIT" : "ADMINISTRATIVE_REVIEW",
          " opened_date: \"", Day(opened), "\"",
          random() % 3
              ? absl::StrCat(" decided_date: \"", Day(opened + 50),
                             "\" result: ", random() % 2 ? "UPHELD" : "REVOKED")
              : "",
          " }");
    }
    static const std::vector<std::string> kinds = {
        "NATURAL_PERSON", "ENTERPRISE", "LEGAL_SERVICE"};
    std::string row = Past(absl::StrCat(prefix, i), Day(received),
                           open ? "" : Day(finished), end);
    const size_t kind = row.find("NATURAL_PERSON");
    row.replace(kind, 14, kinds[random() % kinds.size()]);
    rows.push_back(row);
  }
  return rows;
}

v1::ListReturnCasesRequest CellOf(int table, int row, int column, int year,
                                  bool beneath = false) {
  v1::ListReturnCasesRequest request;
  request.set_agency(kAgency);
  request.set_year(year);
  request.set_with_agencies_beneath(beneath);
  request.set_table(table);
  request.set_row(row);
  request.set_column(column);
  request.set_page_size(7);
  return request;
}

TEST(Return, EveryCellOpensIntoAsManyCasesAsItCounts) {
  ReportsHouse house;
  const uint64_t seed = std::random_device{}();
  house.Import(kAgency, Register("R", seed, 120));
  int cells = 0;
  for (const int year : {2021, 2022, 2023}) {
    const auto drawn = house.Return(Head(), kAgency, year);
    const v1::AnnualReturn& one = drawn.annual_return();
    EXPECT_THAT(drawn.violations(), IsEmpty());
    for (int row = 1; row <= 25; ++row) {
      for (int column = 1; column <= 7; ++column) {
        const int is = CellAt(one, row, column);
        if (is == 0 && column != 7) continue;
        const auto cell = house.CasesOf(Head(), CellOf(3, row, column, year));
        EXPECT_EQ(static_cast<int>(cell.cases.size()), is)
            << year << " r" << row << " c" << column << " seed " << seed;
        EXPECT_EQ(cell.hidden, 0);
        ++cells;
      }
    }
    for (int group = 1; group <= 3; ++group) {
      for (int column = 1; column <= 5; ++column) {
        const auto cell = house.CasesOf(Head(), CellOf(4, group, column, year));
        EXPECT_EQ(static_cast<int>(cell.cases.size()),
                  RemedyAt(one, group, column))
            << year << " group " << group << " cell " << column << " seed "
            << seed;
        ++cells;
      }
    }
  }
  // What was open at the end of a year is carried into the next.
  const auto last = house.Return(Head(), kAgency, 2022).annual_return();
  const auto next = house.Return(Head(), kAgency, 2023).annual_return();
  for (int column = 1; column <= 7; ++column) {
    EXPECT_EQ(CellAt(next, 2, column), CellAt(last, 25, column));
  }
  EXPECT_GT(CellAt(next, 24, 7), 20);
  EXPECT_GT(next.fees().notices() + last.fees().notices(), 0);
  std::cout << "seed " << seed << ", " << cells << " cells opened\n";
}

TEST(Return, AgenciesBeneathAddUpForWhoMayAskForThem) {
  ReportsHouse house;
  house.SetTerms(kAgency);
  house.SetTerms("XJGXW", kAgency);
  house.SetTerms("YJGXW", "XJGXW");
  house.SetTerms("ZJGXW");
  const uint64_t seed = std::random_device{}();
  v1::AnnualReturn sum;
  for (const char* agency : {kAgency, "XJGXW", "YJGXW", "ZJGXW"}) {
    house.Import(agency, Register(absl::StrCat(agency, "-"), seed, 30));
  }
  const auto city = house.Return(Head(), kAgency, 2022, true);
  EXPECT_THAT(city.annual_return().agencies(),
              ElementsAre("SHGXW", "XJGXW", "YJGXW"));
  EXPECT_THAT(city.violations(), IsEmpty());
  const auto own = house.Return(Head(), kAgency, 2022).annual_return();
  for (int row = 1; row <= 25; ++row) {
    EXPECT_EQ(CellAt(city.annual_return(), row, 7), 3 * CellAt(own, row, 7));
  }
  const auto cell = house.CasesOf(Manager(), CellOf(3, 1, 7, 2022, true));
  EXPECT_EQ(static_cast<int>(cell.cases.size()),
            CellAt(city.annual_return(), 1, 7));
  // From beneath nobody looks up, and no legal reviewer sees all agencies.
  const auto reason = [&](const test::TestService::As& as, bool beneath,
                          int edition = 0) {
    v1::GetReturnRequest request;
    request.set_agency(kAgency);
    request.set_year(2022);
    request.set_with_agencies_beneath(beneath);
    request.set_edition(edition);
    v1::GetReturnResponse response;
    return Details(house.Call(&v1::ReportService::Stub::GetReturn, as, request,
                              &response))
        .reason;
  };
  EXPECT_EQ(reason(Head("XJGXW"), true), "CAPACITY_MISSING");
  EXPECT_EQ(reason({"wu", "legal_reviewer"}, false), "");
  EXPECT_EQ(reason({"wu", "legal_reviewer"}, true), "CAPACITY_MISSING");
  EXPECT_EQ(reason({"ma", "manager@fagui"}, false), "CAPACITY_MISSING");
  EXPECT_EQ(reason(Head(), true, 1), "FIELD_INVALID");
  EXPECT_EQ(house.Recorded(v1::REPORTED, "GetReturn"), 3);
  EXPECT_EQ(house.Recorded(v1::READ_REFUSED, "GetReturn"), 3);
}

// What one agency beneath filed as carried over, and what turned up later.
TEST(Return, OfACityNamesTheAgencyAndCaseThatDoNotBalance) {
  ReportsHouse house;
  house.SetTerms(kAgency);
  house.SetTerms("XJGXW", kAgency);
  house.Import(kAgency, {Past("A1", "2021-12-20", "2022-01-10")});
  house.Import("XJGXW", {Past("B1", "2021-12-20", "2022-01-10")});
  const std::string digest =
      house.Return(Head("XJGXW"), "XJGXW", 2021).annual_return().digest();
  v1::FileReturnResponse filed;
  ASSERT_TRUE(house.File("XJGXW", 2021, digest, "", &filed).ok());
  EXPECT_THAT(house.Return(Head(), kAgency, 2022, true).violations(),
              IsEmpty());
  house.Import("XJGXW", {Past("B2", "2021-12-21", "2022-01-11")});
  const auto city = house.Return(Head(), kAgency, 2022, true);
  std::set<std::string> named;
  for (const v1::ReturnViolation& one : city.violations()) {
    EXPECT_EQ(one.agency(), "XJGXW");
    named.insert(one.cases().begin(), one.cases().end());
  }
  EXPECT_THAT(named, ElementsAre("agencies/XJGXW/cases/B2"));
}

// A case reviewed, answered anew and reviewed again, and in court for years.
TEST(Return, DocketsOfOneCaseAreAllListedAndMakeAYearOfTheirOwn) {
  ReportsHouse house;
  house.Import(
      kAgency,
      {Past("A1", "2021-03-01", "2021-03-20",
            "outcome: REFUSED grounds: BUSINESS_SECRET "
            "dockets { kind: ADMINISTRATIVE_REVIEW opened_date: \"2021-04-01\" "
            "decided_date: \"2021-05-01\" result: REVOKED } "
            "dockets { kind: ADMINISTRATIVE_REVIEW opened_date: \"2021-06-01\" "
            "decided_date: \"2021-07-01\" result: UPHELD } "
            "dockets { kind: LAWSUIT opened_date: \"2021-07-10\" }")});
  const auto cell = house.CasesOf(Head(), CellOf(4, 1, 5, 2021));
  ASSERT_THAT(cell.cases, SizeIs(2));
  EXPECT_EQ(cell.cases[0].docket(), 1);
  EXPECT_EQ(cell.cases[1].docket(), 2);
  // Nothing was received or open in 2022; the suit was.
  const auto next = house.Return(Head(), kAgency, 2022).annual_return();
  EXPECT_EQ(CellAt(next, 1, 7), 0);
  EXPECT_EQ(RemedyAt(next, 3, 4), 1);
}

TEST(Return, WhatCannotBeAskedIsSaid) {
  ReportsHouse house;
  house.Import(kAgency, {Past("A1", "2022-03-01", "2022-03-20")});
  const auto get = [&](int year, int edition) {
    v1::GetReturnRequest request;
    request.set_agency(kAgency);
    request.set_year(year);
    request.set_edition(edition);
    v1::GetReturnResponse response;
    return Details(house.Call(&v1::ReportService::Stub::GetReturn, Head(),
                              request, &response));
  };
  EXPECT_EQ(get(2022, 0).reason, "");
  EXPECT_EQ(get(2020, 0).reason, "YEAR_WITHOUT_DATA");
  EXPECT_EQ(get(2025, 0).reason, "DATE_IN_FUTURE");
  EXPECT_EQ(get(2025, 0).metadata["field"], "year");
  EXPECT_EQ(get(2022, 1).reason, "RETURN_NOT_FILED");
  EXPECT_EQ(get(2007, 0).reason, "FIELD_INVALID");
  const auto cell = [&](int table, int row, int column) {
    v1::ListReturnCasesResponse response;
    return Details(house.Call(&v1::ReportService::Stub::ListReturnCases, Head(),
                              CellOf(table, row, column, 2022), &response))
        .metadata["field"];
  };
  EXPECT_EQ(cell(4, 4, 1), "row");
  EXPECT_EQ(cell(4, 1, 6), "column");
  EXPECT_EQ(cell(5, 1, 1), "table");
  EXPECT_EQ(cell(3, 26, 1), "row");
}

}  // namespace
}  // namespace gongkai
