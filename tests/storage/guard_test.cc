// SPDX-License-Identifier: Apache-2.0
// What the database itself refuses: changing what was recorded, and another
// agency's rows.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "tests/storage/samples.h"
#include "tests/storage/store_test.h"

namespace gongkai::storage {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class GuardTest : public PostgresTest {
 protected:
  void SetUp() override {
    for (const char* agency : {kAgencyA, kAgencyB}) {
      Append a = SampleAppend(agency, NewId(), 0, "X-1");
      a.limits = {SampleLimit(absl::CivilDay(2024, 3, 1))};
      a.text = SampleText("甲", "公开信息");
      ASSERT_EQ(Put(a), Appended::kAppended);
    }
    ASSERT_TRUE(store().Sequence(1, nullptr, Soon()).ok());
  }
};

TEST_F(GuardTest, TheServiceMayNotChangeWhatWasRecorded) {
  for (const char* table : {"event", "log_leaf", "private_part", "request"}) {
    const std::string name = table;
    EXPECT_THAT(server().Error(service_, "UPDATE " + name + " SET seq = 9"),
                HasSubstr("permission denied"));
    EXPECT_THAT(server().Error(service_, "DELETE FROM " + name),
                HasSubstr("permission denied"));
    EXPECT_THAT(server().Error(service_, "TRUNCATE " + name),
                HasSubstr("permission denied"));
  }
  EXPECT_THAT(server().Error(service_, "ALTER TABLE event DISABLE TRIGGER ALL"),
              HasSubstr("must be owner"));
  EXPECT_THAT(
      server().Error(service_, "SET session_replication_role = replica"),
      HasSubstr("permission denied"));
  EXPECT_THAT(server().Error(service_, "CREATE TABLE mine (a int)"),
              HasSubstr("permission denied"));
}

// Functions with the owner's rights look nothing up among what the caller made:
// a type of the session's own, named as one of ours, would run its checks as
// the owner.
TEST_F(GuardTest, TheServiceLendsTheOwnersFunctionsNothing) {
  const std::string said = server().Error(service_, R"(
    CREATE FUNCTION pg_temp.peek(bigint) RETURNS boolean LANGUAGE plpgsql AS $$
      BEGIN RAISE EXCEPTION 'run by %', current_user; END $$;
    CREATE DOMAIN pg_temp.trap AS bigint CHECK (pg_temp.peek(VALUE));
    CREATE TYPE pg_temp.found_case AS (version pg_temp.trap);
    SELECT set_config('gongkai.agency', agency_id, false)
    FROM (VALUES (')" + std::string(kAgencyA) + R"(')) AS a (agency_id);
    SELECT find_earlier(agency_id, stream_id) FROM case_text;)");
  EXPECT_THAT(said, Not(HasSubstr("run by")));
  // Nor any other of them, now or later.
  EXPECT_EQ(server().Run(owner_,
                         "SELECT string_agg(proname, ' ') FROM pg_proc "
                         "WHERE prosecdef AND proowner = 'gongkai_owner'::"
                         "regrole AND NOT coalesce('search_path=pg_catalog, "
                         "public, pg_temp' = ANY (proconfig), false)"),
            "");
}

TEST_F(GuardTest, TheOwnerIsStoppedByTriggers) {
  for (const char* table : {"event", "log_leaf"}) {
    const std::string name = table;
    for (const std::string& statement :
         {"UPDATE " + name + " SET seq = 9", "DELETE FROM " + name,
          "TRUNCATE " + name}) {
      EXPECT_THAT(server().Error(owner_, statement), HasSubstr("append-only"))
          << statement;
    }
  }
}

TEST_F(GuardTest, TriggersDoNotSleepWhileReplicationReplays) {
  const std::string super = server().Superuser(database_);
  for (const char* statement :
       {"DELETE FROM event", "TRUNCATE event", "DELETE FROM log_leaf",
        "TRUNCATE log_leaf", "UPDATE event SET seq = 9"}) {
    EXPECT_THAT(
        server().Error(super, "SET session_replication_role = replica; " +
                                  std::string(statement)),
        HasSubstr("append-only"))
        << statement;
  }
}

TEST_F(GuardTest, TheServiceSeesOneAgencyAtATime) {
  const auto count = [&](const std::string& agency, const std::string& table) {
    return server().Run(service_,
                        "SELECT set_config('gongkai.agency', '" + agency +
                            "', false); SELECT count(*) FROM " + table);
  };
  for (const char* table : {"stream", "event", "private_part", "request",
                            "case_limit", "case_text"}) {
    EXPECT_EQ(count(kAgencyA, table), "1") << table;
    EXPECT_EQ(count("", table), "0") << table;
    EXPECT_EQ(
        server().Run(service_, "SELECT count(*) FROM " + std::string(table)),
        "0")
        << table;
  }
}

// Whatever tables there are: either the service cannot read one at all, or it
// sees nothing of another agency in it.
TEST_F(GuardTest, NoTableShowsTheServiceAnotherAgency) {
  server().Run(owner_,
               "INSERT INTO account (agency_id, account, kind, post, active, "
               "person) VALUES ('BJJW', 'li', 1, 0, true, 'p'); "
               "INSERT INTO account_key VALUES (1, 'k', 'BJJW', 'li'); "
               "INSERT INTO credential VALUES ('BJJW', 'li', 1, 's'); "
               "INSERT INTO data_key VALUES ('BJJW', gen_random_uuid(), 1, "
               "'w'); "
               "INSERT INTO person_key VALUES ('BJJW', gen_random_uuid(), 1, "
               "'d'); "
               "SELECT open_session(gen_random_uuid(), 'BJJW', 'li', 'x', 'y', "
               "false, now(), 'a', now(), 'r', now(), now())");
  const std::string tables = server().Run(
      owner_,
      "SELECT string_agg(c.table_name, ' ') FROM information_schema.columns c "
      "JOIN information_schema.tables t USING (table_schema, table_name) WHERE "
      "c.table_schema = 'public' AND c.column_name = 'agency_id' AND "
      "t.table_type = 'BASE TABLE'");
  int readable = 0, closed = 0;
  for (const absl::string_view table : absl::StrSplit(tables, ' ')) {
    // A row of another agency ends in a division by zero.
    const std::string said = server().Error(
        service_,
        absl::StrCat("SELECT set_config('gongkai.agency', 'SHGXW', false); "
                     "SELECT 1 / (CASE WHEN EXISTS (SELECT FROM ",
                     table,
                     " WHERE agency_id NOT IN ('SHGXW', 'CN')) THEN 0 ELSE 1 "
                     "END)"));
    if (said.empty()) {
      ++readable;
    } else {
      EXPECT_THAT(said, HasSubstr("permission denied")) << table;
      ++closed;
    }
  }
  EXPECT_GE(readable, 10) << tables;
  EXPECT_GE(closed, 4) << tables;
}

TEST_F(GuardTest, TheServiceWritesIntoOneAgencyAtATime) {
  const std::string error =
      server().Error(service_,
                     "SELECT set_config('gongkai.agency', 'SHGXW', false); "
                     "INSERT INTO request VALUES ('BJJW', gen_random_uuid(), "
                     "gen_random_uuid(), 1, '')");
  EXPECT_THAT(error, HasSubstr("row-level security"));
}

TEST_F(GuardTest, TheNationsStreamsAreEverybodysToRead) {
  Append a = SampleAppend(std::string(kNation),
                          WellKnownStream(StreamKind::kCalendar), 0);
  a.kind = StreamKind::kCalendar;
  ASSERT_EQ(Put(a), Appended::kAppended);
  EXPECT_EQ(server().Run(service_,
                         "SELECT set_config('gongkai.agency', 'SHGXW', false);"
                         "SELECT count(*) FROM stream"),
            "2");
}

TEST_F(GuardTest, TheAuditorReadsAllAndWritesNothing) {
  const std::string auditor = server().Auditor(database_);
  EXPECT_EQ(server().Run(auditor, "SELECT count(*) FROM event"), "2");
  EXPECT_EQ(server().Run(auditor, "SELECT count(*) FROM log_leaf"), "1");
  for (const char* statement :
       {"INSERT INTO job_state VALUES ('a', 'b')", "DELETE FROM event",
        "UPDATE stream SET version = 9", "SELECT sequence_log(1, NULL, NULL)",
        "SELECT put_checkpoint(1, '', '')"}) {
    EXPECT_THAT(server().Error(auditor, statement),
                HasSubstr("permission denied"))
        << statement;
  }
  PostgresStore reader(auditor, 1);
  const auto history = reader.Load(kAgencyB, "X-1", "", true, Soon());
  ASSERT_TRUE(history.ok()) << history.status();
  EXPECT_EQ(history->version, 1);
}

TEST_F(GuardTest, TheSignerCannotClaimMoreThanTheTreeHolds) {
  const std::string signer = server().Signer(database_);
  EXPECT_EQ(server().Error(signer, "SELECT put_checkpoint(1, 'r', 'note')"),
            "");
  EXPECT_EQ(
      server().Error(signer, "SELECT put_anchor(1, 1::smallint, 'a', '')"), "");
  server().Run(signer, "SELECT put_checkpoint(99, 'r', 'note')");
  server().Run(signer, "SELECT put_anchor(99, 1::smallint, 'a', 'note')");
  const std::string auditor = server().Auditor(database_);
  EXPECT_EQ(server().Run(auditor,
                         "SELECT string_agg(tree_size::text, ',') "
                         "FROM checkpoint"),
            "1");
  EXPECT_EQ(server().Run(auditor,
                         "SELECT string_agg(tree_size::text, ',') FROM anchor"),
            "1");
  EXPECT_THAT(server().Error(signer, "SELECT * FROM event"),
              HasSubstr("permission denied"));
}

TEST_F(GuardTest, QuotingIsNeverAPieceOfAStatement) {
  const std::string nasty = "'; DROP TABLE event; --\\\"{},$1%_\n\t公开";
  Append a = SampleAppend(kAgencyA, NewId(), 0, "X-2");
  a.row.officer = nasty;
  a.text = SampleText(nasty, nasty + nasty);
  a.text->words.push_back(nasty);
  ASSERT_EQ(Put(a), Appended::kAppended);
  CaseQuery query;
  query.agency = kAgencyA;
  query.officer = nasty;
  const auto listed = store().List(query, Soon());
  ASSERT_TRUE(listed.ok()) << listed.status();
  ASSERT_EQ(listed->size(), 1u);
  EXPECT_EQ((*listed)[0].row.officer, nasty);
  const auto found = store().Search(kAgencyA, nasty, {nasty}, 10, "", Soon());
  ASSERT_TRUE(found.ok()) << found.status();
  ASSERT_EQ(found->size(), 1u);
  EXPECT_EQ((*found)[0].applicant_name, nasty);
}

TEST_F(GuardTest, InvalidUtf8IsRefusedAndSaysNothingOfTheText) {
  Append a = SampleAppend(kAgencyA, NewId(), 0, "X-2");
  a.text = SampleText("甲", "secret\xff\xfe");
  const absl::Status status = store().AppendAll({a}, Soon()).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(status.ToString().find("secret"), std::string::npos);
}

}  // namespace
}  // namespace gongkai::storage
