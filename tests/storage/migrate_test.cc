// SPDX-License-Identifier: Apache-2.0
// The schema is brought up step by step, each exactly once.
#include "storage/postgres/migrate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <thread>

#include "tests/support/temp_postgres.h"

namespace gongkai::storage {
namespace {

using ::testing::HasSubstr;

class MigrateTest : public ::testing::Test {
 protected:
  test::TempPostgres& server() { return test::TempPostgres::Shared(); }
  const std::string owner_ = server().Owner(server().EmptyDatabase());
  const std::vector<Migration> steps_ = {
      {1, "V001__a.sql", "CREATE TABLE a (n int); INSERT INTO a VALUES (1);"},
      {2, "V002__b.sql", "UPDATE a SET n = n + 1;"}};
};

TEST_F(MigrateTest, EachStepIsAppliedOnce) {
  EXPECT_EQ(Migrate(owner_, {steps_[0]}).value(), 1);
  EXPECT_EQ(Migrate(owner_, steps_).value(), 1);
  EXPECT_EQ(Migrate(owner_, steps_).value(), 0);
  EXPECT_EQ(server().Run(owner_, "SELECT n FROM a"), "2");
}

TEST_F(MigrateTest, ManyAtOnceApplyEachStepOnce) {
  std::atomic<int> applied = 0;
  std::vector<std::thread> callers;
  for (int i = 0; i < 8; ++i) {
    callers.emplace_back([&] {
      const auto count = Migrate(owner_, steps_);
      ASSERT_TRUE(count.ok()) << count.status();
      applied += *count;
    });
  }
  for (std::thread& caller : callers) caller.join();
  EXPECT_EQ(applied, 2);
  EXPECT_EQ(server().Run(owner_, "SELECT n FROM a"), "2");
}

TEST_F(MigrateTest, AChangedStepIsRefused) {
  ASSERT_TRUE(Migrate(owner_, steps_).ok());
  auto changed = steps_;
  changed[0].sql += " ";
  const auto status = Migrate(owner_, changed).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(status.ToString(), HasSubstr("V001__a.sql"));
}

TEST_F(MigrateTest, AMissingStepIsRefused) {
  ASSERT_TRUE(Migrate(owner_, steps_).ok());
  const auto status = Migrate(owner_, {steps_[0]}).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(status.ToString(), HasSubstr("V002__b.sql"));
}

TEST_F(MigrateTest, AFailingStepLeavesNothingAndIsNamed) {
  auto broken = steps_;
  broken[1].sql = "UPDATE a SET n = 7; SELECT nothing_such;";
  const auto status = Migrate(owner_, broken).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInternal);
  EXPECT_THAT(status.ToString(), HasSubstr("V002__b.sql"));
  EXPECT_THAT(status.ToString(), HasSubstr("nothing_such"));
  EXPECT_EQ(server().Run(owner_, "SELECT n FROM a"), "1");
  EXPECT_EQ(Migrate(owner_, steps_).value(), 1);
}

TEST_F(MigrateTest, ADatabaseThatIsAwayIsUnavailable) {
  EXPECT_EQ(Migrate("host=/nowhere dbname=x", steps_).status().code(),
            absl::StatusCode::kUnavailable);
}

TEST_F(MigrateTest, TheBuiltInStepsAreTheFiles) {
  const char* source = std::getenv("GONGKAI_SOURCE_DIR");
  ASSERT_NE(source, nullptr) << "run by ctest";
  const auto files =
      ReadMigrations(std::string(source) + "/storage/migrations");
  ASSERT_TRUE(files.ok()) << files.status();
  const auto built = BuiltInMigrations();
  ASSERT_EQ(built.size(), files->size());
  for (size_t i = 0; i < built.size(); ++i) {
    EXPECT_EQ(built[i].version, (*files)[i].version);
    EXPECT_EQ(built[i].name, (*files)[i].name);
    EXPECT_EQ(built[i].sql, (*files)[i].sql);
  }
}

TEST_F(MigrateTest, ADirectoryWithAGapIsRefused) {
  char path[] = "/tmp/gongkai-migrate-XXXXXX";
  ASSERT_NE(mkdtemp(path), nullptr);
  const std::string directory = path;
  EXPECT_EQ(ReadMigrations(directory).status().code(),
            absl::StatusCode::kNotFound);
  std::ofstream(directory + "/V001__a.sql") << "SELECT 1";
  std::ofstream(directory + "/notes.txt") << "not a step";
  EXPECT_EQ(ReadMigrations(directory).value().size(), 1u);
  std::ofstream(directory + "/V003__c.sql") << "SELECT 3";
  EXPECT_EQ(ReadMigrations(directory).status().code(),
            absl::StatusCode::kFailedPrecondition);
  std::filesystem::remove_all(directory);
}

TEST_F(MigrateTest, EveryTableAndColumnHasAComment) {
  const std::string migrated = server().Owner(server().NewDatabase());
  EXPECT_EQ(
      server().Run(migrated,
                   "SELECT string_agg(c.relname || '.' || "
                   "coalesce(a.attname, ''), ', ') FROM pg_class c "
                   "JOIN pg_attribute a ON a.attrelid = c.oid "
                   "WHERE c.relkind = 'r' AND c.relnamespace = "
                   "'public'::regnamespace AND c.relname <> 'schema_version' "
                   "AND a.attnum > 0 AND (col_description(c.oid, a.attnum) IS "
                   "NULL OR obj_description(c.oid, 'pg_class') IS NULL)"),
      "");
}

TEST_F(MigrateTest, EveryKeyOfAnAgencysTableLeadsWithTheAgency) {
  const std::string migrated = server().Owner(server().NewDatabase());
  // The queue and the log are in the order of the log. Accounts and sessions
  // are also found by what only their holder has, sessions, data keys and
  // mails by jobs of the whole house.
  EXPECT_EQ(
      server().Run(migrated,
                   "SELECT string_agg(i.indexrelid::regclass::text, ', ') "
                   "FROM pg_index i JOIN pg_attribute a ON a.attrelid = "
                   "i.indrelid AND a.attname = 'agency_id' WHERE "
                   "i.indkey[0] <> a.attnum AND i.indrelid::regclass::text NOT "
                   "IN ('log_queue', 'log_leaf') AND "
                   "i.indexrelid::regclass::text NOT IN "
                   "('case_text_grams', 'access_numbers', "
                   "'account_key_pkey', 'account_post', 'account_person', "
                   "'session_pkey', 'session_access', 'session_refresh', "
                   "'session_until', 'data_key_outer', 'credential_outer', "
                   "'inbox_mail')"),
      "");
}

}  // namespace
}  // namespace gongkai::storage
