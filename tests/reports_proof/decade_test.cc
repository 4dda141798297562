// SPDX-License-Identifier: Apache-2.0
// A generated decade: the annual return of each agency and year is the one
// that a script recomputes from the exported register, in every cell, and
// what is carried in is what was carried out.
#include "tests/bench/decade.h"

#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <map>
#include <numeric>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gongkai/v1/report_service.grpc.pb.h"
#include "gtest/gtest.h"
#include "tests/bench/program.h"
#include "tests/support/temp_postgres.h"
#include "tests/support/test_service.h"
#include "tests/support/test_vault.h"

namespace gongkai {
namespace {

using bench::DecadeAgency;
using test::TempPostgres;
using test::TestService;

constexpr int kFirstYear = 2016;
constexpr int kLastYear = 2025;
constexpr int kAgencies = 3;
constexpr int kCells = 175;

std::string Source() {
  const char* source = std::getenv("GONGKAI_SOURCE_DIR");
  return source == nullptr ? "." : source;
}

std::string TempFile() {
  std::string name = "/tmp/gongkai-decade-XXXXXX";
  const int fd = mkstemp(name.data());
  EXPECT_GE(fd, 0);
  close(fd);
  return name;
}

// Fills a new database with the decade; its name.
std::string FilledDatabase(const bench::Decade& decade) {
  const std::string database = TempPostgres::Shared().NewDatabase();
  bench::BulkOffice::Options options;
  options.source = Source();
  options.request_key = std::string(32, 'k');
  options.vault = {std::shared_ptr<void>(), &test::TestVault()};
  const std::string script = TempFile();
  options.out = std::fopen(script.c_str(), "w");
  const auto filled = bench::FillDecade(options, decade);
  std::fclose(options.out);
  EXPECT_TRUE(filled.ok()) << filled.status();
  const auto said = bench::RunProgram(
      {"/usr/lib/postgresql/15/bin/psql", "-qX", "-v", "ON_ERROR_STOP=1", "-d",
       TempPostgres::Shared().Superuser(database), "-f", script},
      script + ".out");
  EXPECT_TRUE(said.ok()) << said.status();
  unlink(script.c_str());
  unlink((script + ".out").c_str());
  return database;
}

TestService::Options Over(const std::string& database) {
  TestService::Options options;
  options.database = database;
  options.calendar = false;
  options.now = absl::FromCivil(absl::CivilSecond(2026, 1, 5, 4, 0, 0),
                                absl::UTCTimeZone());
  return options;
}

// A table as CSV, its columns by key.
class CsvTable {
 public:
  void Head(const v1::Table& table) {
    for (const v1::Column& column : table.columns()) Put(column.key());
    End();
  }
  void Rows(const v1::Table& table) {
    for (const v1::Row& row : table.rows()) {
      for (const v1::Cell& cell : row.cells()) Put(TextOf(cell));
      End();
      ++rows_;
    }
  }
  const std::string& text() const { return text_; }
  int rows() const { return rows_; }

 private:
  static std::string TextOf(const v1::Cell& cell) {
    switch (cell.value_case()) {
      case v1::Cell::kText:
        return cell.text();
      case v1::Cell::kNumber:
        return absl::StrCat(cell.number());
      case v1::Cell::kDecimal:
        return absl::StrCat(cell.decimal());
      default:
        return "";
    }
  }
  void Put(const std::string& field) {
    if (!line_.empty()) line_.push_back(',');
    line_.push_back('"');
    for (const char c : field) {
      if (c == '"') line_.push_back('"');
      line_.push_back(c);
    }
    line_.push_back('"');
  }
  void End() {
    text_ += line_ + "\n";
    line_.clear();
  }
  std::string text_, line_;
  int rows_ = 0;
};

using Figures = std::map<std::pair<std::string, int>, std::vector<int>>;

class DecadeReturn : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    bench::Decade decade;
    decade.cases = 1500;
    decade.agencies = kAgencies;
    decade.seed = 20160101;
    service_ = new TestService(Over(FilledDatabase(decade)));
  }
  static void TearDownTestSuite() {
    delete service_;
    service_ = nullptr;
  }

  DecadeReturn() : stub_(v1::ReportService::NewStub(service_->channel())) {}

  static void AsHead(const std::string& agency, grpc::ClientContext& context) {
    TestService::As as;
    as.account = "head";
    as.roles = "disclosure_head";
    as.agency = agency;
    TestService::Identify(as, context);
  }

  v1::GetReturnResponse Return(const std::string& agency, int year,
                               bool beneath = false) {
    grpc::ClientContext context;
    AsHead(agency, context);
    v1::GetReturnRequest request;
    request.set_agency(agency);
    request.set_year(year);
    request.set_with_agencies_beneath(beneath);
    v1::GetReturnResponse response;
    const grpc::Status status = stub_->GetReturn(&context, request, &response);
    EXPECT_TRUE(status.ok())
        << agency << " " << year << ": " << status.error_message();
    return response;
  }

  // The register of all years, of the city and what is beneath it.
  CsvTable Register() {
    grpc::ClientContext context;
    AsHead(bench::kCity, context);
    v1::RunReportRequest request;
    request.set_kind(v1::REGISTER);
    request.set_agency(bench::kCity);
    request.set_with_agencies_beneath(true);
    request.set_from_date("2015-01-01");
    request.set_to_date("2026-01-05");
    CsvTable table;
    const auto reader = stub_->RunReport(&context, request);
    for (v1::RunReportResponse piece; reader->Read(&piece);) {
      if (piece.has_table()) table.Head(piece.table());
      if (piece.has_rows()) table.Rows(piece.rows());
    }
    const grpc::Status status = reader->Finish();
    EXPECT_TRUE(status.ok()) << status.error_message();
    return table;
  }

  static Figures Recompute(const CsvTable& table) {
    const std::string file = TempFile();
    std::ofstream(file, std::ios::binary) << table.text();
    const auto said = bench::RunProgram(
        {"/usr/bin/env", "python3",
         Source() + "/tests/reports_proof/recompute_return.py", file,
         absl::StrCat(kFirstYear), absl::StrCat(kLastYear)},
        file + ".out");
    EXPECT_TRUE(said.ok()) << said.status();
    unlink(file.c_str());
    unlink((file + ".out").c_str());
    Figures figures;
    std::istringstream lines(said.ok() ? *said : "");
    std::string agency;
    for (int year = 0; lines >> agency >> year;) {
      std::vector<int>& cells = figures[{agency, year}];
      cells.resize(kCells);
      for (int& cell : cells) lines >> cell;
    }
    return figures;
  }

  static TestService* service_;
  std::unique_ptr<v1::ReportService::Stub> stub_;
};

TestService* DecadeReturn::service_ = nullptr;

TEST_F(DecadeReturn, IsRecomputedFromTheRegisterInEveryCell) {
  const CsvTable table = Register();
  EXPECT_GE(table.rows(), 1500);
  const Figures figures = Recompute(table);
  ASSERT_EQ(figures.size(), size_t{kAgencies * 10});
  std::vector<int> reached(kCells);
  for (const auto& [place, cells] : figures) {
    const auto& [agency, year] = place;
    const v1::GetReturnResponse response = Return(agency, year);
    const auto& drawn_up = response.annual_return().cells();
    EXPECT_THAT(std::vector<int>(drawn_up.begin(), drawn_up.end()),
                ::testing::ElementsAreArray(cells))
        << agency << " " << year;
    for (int i = 0; i < kCells; ++i) reached[i] += cells[i];
  }
  // A decade that leaves most of the form empty proves little: every row but
  // what is rare has cases.
  int rows = 0;
  for (int row = 0; row < 25; ++row) rows += reached[row * 7 + 6] > 0 ? 1 : 0;
  EXPECT_GE(rows, 21);
}

TEST_F(DecadeReturn, CarriesOnFromYearToYearAndAddsUp) {
  std::map<std::string, std::vector<int>> carried_out;
  for (int year = kFirstYear; year <= kLastYear; ++year) {
    std::vector<int> sum(kCells);
    for (int i = 1; i <= kAgencies; ++i) {
      const std::string agency = DecadeAgency(i);
      const v1::GetReturnResponse response = Return(agency, year);
      EXPECT_EQ(response.violations_size(), 0)
          << agency << " " << year << response.ShortDebugString();
      const auto& cells = response.annual_return().cells();
      ASSERT_EQ(cells.size(), kCells);
      std::vector<int>& before = carried_out[agency];
      if (!before.empty()) {
        EXPECT_THAT(std::vector<int>(cells.begin() + 7, cells.begin() + 14),
                    ::testing::ElementsAreArray(before))
            << agency << " " << year;
      }
      before.assign(cells.begin() + 168, cells.end());
      for (int c = 0; c < kCells; ++c) sum[c] += cells[c];
    }
    const v1::GetReturnResponse city = Return(bench::kCity, year, true);
    EXPECT_EQ(city.violations_size(), 0) << city.ShortDebugString();
    const auto& cells = city.annual_return().cells();
    EXPECT_THAT(std::vector<int>(cells.begin(), cells.end()),
                ::testing::ElementsAreArray(sum))
        << year;
  }
}

}  // namespace
}  // namespace gongkai
