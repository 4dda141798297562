// SPDX-License-Identifier: Apache-2.0
// What the bulk path fills a database with is what the service would have
// written: the check of the whole database, made for the service, finds
// nothing.
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <string>

#include "absl/strings/numbers.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/act/whole.h"
#include "tests/bench/figures.h"
#include "tests/bench/fill.h"
#include "tests/bench/lives.h"
#include "tests/bench/program.h"
#include "tests/support/temp_postgres.h"
#include "tests/support/test_vault.h"

namespace gongkai::bench {
namespace {

using test::TempPostgres;

class Bulk : public ::testing::Test {
 protected:
  Bulk() : database_(TempPostgres::Shared().NewDatabase()) {
    const char* source = std::getenv("GONGKAI_SOURCE_DIR");
    options_.source = source == nullptr ? "." : source;
    options_.request_key = std::string(32, 'k');
    options_.vault = {std::shared_ptr<void>(), &test::TestVault()};
    std::string name = "/tmp/gongkai-bulk-XXXXXX";
    const int fd = mkstemp(name.data());
    EXPECT_GE(fd, 0);
    script_ = name;
    close(fd);
  }
  ~Bulk() override {
    unlink(script_.c_str());
    unlink((script_ + ".out").c_str());
  }

  // Runs what `fill` writes.
  template <typename Fill>
  void Run(Fill fill) {
    options_.out = std::fopen(script_.c_str(), "w");
    ASSERT_NE(options_.out, nullptr);
    const absl::Status filled = fill(options_);
    std::fclose(options_.out);
    ASSERT_TRUE(filled.ok()) << filled;
    const auto said = RunProgram(
        {"/usr/lib/postgresql/15/bin/psql", "-qX", "-v", "ON_ERROR_STOP=1",
         "-d", TempPostgres::Shared().Superuser(database_), "-f", script_},
        script_ + ".out");
    ASSERT_TRUE(said.ok()) << said.status();
  }

  test::Whole Read() const {
    return test::ReadWhole(TempPostgres::Shared(), database_);
  }
  int64_t LogSize() const {
    auto& postgres = TempPostgres::Shared();
    int64_t size = 0;
    EXPECT_TRUE(absl::SimpleAtoi(
        postgres.Run(postgres.Superuser(database_), "SELECT size FROM log"),
        &size));
    return size;
  }

  std::string database_;
  std::string script_;
  BulkOffice::Options options_;
};

TEST_F(Bulk, WhatIsFilledIsWhole) {
  Contents contents;
  contents.open = {300};
  contents.histories = 20;
  contents.supply = 100;
  Run([&](const auto& options) { return FillMain(options, contents); });
  const test::Whole whole = Read();
  EXPECT_TRUE(whole.faults.empty()) << FaultsOf(whole);
  EXPECT_GE(whole.cases, 420);
  const std::string number = std::string(kHistoryAgency) + "-" +
                             std::to_string(contents.history_year) + "-00020";
  ASSERT_TRUE(whole.histories.contains(number));
  EXPECT_EQ(whole.histories.at(number).size(), Life().size() + 1);
  EXPECT_TRUE(whole.histories.contains(SupplyNumber(99, contents.supply_year)));
}

TEST_F(Bulk, WhatIsAddedLaterIsWholeWithTheRest) {
  Contents contents;
  contents.open = {60};
  contents.histories = 1;
  contents.supply = 50;
  Run([&](const auto& options) { return FillMain(options, contents); });
  const int before = Read().cases;
  const int64_t size = LogSize();
  Run([&](const auto& options) { return FillMore(options, 700, size); });
  const test::Whole whole = Read();
  EXPECT_TRUE(whole.faults.empty()) << FaultsOf(whole);
  EXPECT_EQ(whole.cases, before + 700);
}

TEST(Figures, TheMedianLiesInItsInterval) {
  const Middle few = MiddleOf({3, 1, 2});
  EXPECT_EQ(few.median, 2);
  EXPECT_EQ(few.low, 1);
  EXPECT_EQ(few.high, 3);
  // Of twenty, the sixth and the fifteenth cover the median with 95 percent.
  std::vector<double> twenty;
  for (int i = 20; i >= 1; --i) twenty.push_back(i);
  const Middle many = MiddleOf(twenty);
  EXPECT_EQ(many.median, 10.5);
  EXPECT_EQ(many.low, 6);
  EXPECT_EQ(many.high, 15);
}

TEST(Figures, AQuantileIsTheValueBelowWhichTheShareLies) {
  std::vector<double> hundred;
  for (int i = 0; i < 100; ++i) hundred.push_back(i);
  EXPECT_EQ(Quantile(hundred, 0.5), 50);
  EXPECT_EQ(Quantile(hundred, 0.99), 99);
  EXPECT_EQ(Quantile({}, 0.5), 0);
}

}  // namespace
}  // namespace gongkai::bench
