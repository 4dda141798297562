// SPDX-License-Identifier: Apache-2.0
// What is wrong with a database is found: otherwise the tests that end with
// this check would prove nothing.
#include "tests/act/whole.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/test_service.h"

namespace gongkai {
namespace {

using test::TempPostgres;
using test::Whole;
using ::testing::HasSubstr;

class WholeDatabase : public ::testing::Test {
 protected:
  WholeDatabase() {
    test::TestService service;
    database_ = service.database();
    for (int i = 0; i < 3; ++i) {
      const std::string name = service.Receive("申请公开。").receipt().name();
      v1::Act act;
      act.mutable_register_()->set_officer("li");
      EXPECT_TRUE(service.Perform({}, name, act).ok());
      service.Get(name);
    }
    service.service().Drain(absl::Seconds(5));
  }

  Whole Read() const {
    return test::ReadWhole(TempPostgres::Shared(), database_);
  }

  // Faults after a change behind the service's back, by one whom no trigger
  // stops.
  std::string After(const std::string& change) const {
    auto& postgres = TempPostgres::Shared();
    // Reading gives what still waits its place in the log, so that the change
    // meets the whole of it.
    Read();
    postgres.Run(postgres.Superuser(database_),
                 "ALTER TABLE event DISABLE TRIGGER ALL;"
                 "ALTER TABLE log_leaf DISABLE TRIGGER ALL;"
                 "ALTER TABLE access DISABLE TRIGGER ALL;" +
                     change);
    return test::FaultsOf(Read());
  }

  std::string database_;
};

TEST_F(WholeDatabase, IsWholeAsTheServiceLeavesIt) {
  const Whole whole = Read();
  EXPECT_TRUE(whole.faults.empty()) << FaultsOf(whole);
  EXPECT_EQ(whole.cases, 3);
  for (const auto& [number, types] : whole.histories) {
    EXPECT_EQ(types, (std::vector<int>{1, 4})) << number;
  }
}

TEST_F(WholeDatabase, ARowThatTheFoldDoesNotGiveIsFound) {
  EXPECT_THAT(
      After("UPDATE stream SET officer = 'wang' "
            "WHERE number LIKE '%-00002'"),
      HasSubstr("-00002: its row does not follow from its records: officer"));
}

TEST_F(WholeDatabase, AMovedLimitIsFound) {
  EXPECT_THAT(After("UPDATE case_limit SET due = due + 1"),
              HasSubstr("-00003: its limits are stored as ["));
}

TEST_F(WholeDatabase, AnAlteredRecordIsFound) {
  EXPECT_THAT(After("UPDATE event SET record = record || '\\x00'::bytea "
                    "WHERE seq = 2"),
              HasSubstr("record 2: the record was altered"));
}

TEST_F(WholeDatabase, AnAlteredPrivatePartIsFound) {
  EXPECT_THAT(After("UPDATE private_part SET payload = '\\x00'::bytea"),
              HasSubstr("record 1: the private part was altered"));
}

TEST_F(WholeDatabase, AnEventTakenAwayIsFound) {
  EXPECT_THAT(After("DELETE FROM event WHERE seq = 2"),
              HasSubstr("record 2: the record is missing; left are its place"));
}

TEST_F(WholeDatabase, AnAccessRecordTakenAwayIsFound) {
  EXPECT_THAT(After("DELETE FROM access WHERE access_id = "
                    "(SELECT min(access_id::text)::uuid FROM access)"),
              HasSubstr("record 1: the record is missing; left are its place"));
}

TEST_F(WholeDatabase, AnAlteredAccessRecordIsFound) {
  EXPECT_THAT(After("UPDATE access SET record = record || '\\x00'::bytea"),
              HasSubstr("the record was altered"));
}

TEST_F(WholeDatabase, ANumberThatNoCaseHasIsFound) {
  EXPECT_THAT(After("UPDATE counter SET last = last + 1"),
              HasSubstr("-00004 was given and no case has it"));
}

TEST_F(WholeDatabase, ALogOutOfOrderIsFound) {
  EXPECT_THAT(After("UPDATE log_leaf SET log_index = -log_index"),
              HasSubstr("before a record that it follows"));
}

TEST_F(WholeDatabase, ARequestThatPointsElsewhereIsFound) {
  EXPECT_THAT(After("UPDATE request SET seq = seq + 7"),
              HasSubstr("is said to have caused this record, and did not"));
}

}  // namespace
}  // namespace gongkai
