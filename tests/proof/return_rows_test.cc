// SPDX-License-Identifier: Apache-2.0
// What the annual return counts cases by, and what was filed: held against the
// records; and a database of before, brought up to date.

#include <cstdlib>
#include <functional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/act/stream_act.h"
#include "services/audit/encoding.h"
#include "services/base/ids.h"
#include "services/jobs/row_job.h"
#include "services/server/config.h"
#include "storage/postgres/migrate.h"
#include "tests/proof/forger.h"
#include "tests/proof/office.h"
#include "tests/support/test_service.h"
#include "tests/support/test_vault.h"

namespace gongkai {
namespace {

using test::Finished;
using test::Forger;
using test::Office;
using test::Path;
using test::TempPostgres;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

// Of every case, in order.
constexpr char kColumns[] =
    "SELECT string_agg(concat_ws(' ', stream_id, coalesce(finished_date::text, "
    "'-'), return_row, counted, remedies, fees, row_version), E'\\n' "
    "ORDER BY agency_id, stream_id) FROM stream WHERE kind = 1";

absl::Time Soon() { return absl::Now() + absl::Seconds(60); }

law::Rulebook Rules() {
  auto rules = server::ReadRulebook(
      std::string(std::getenv("GONGKAI_SOURCE_DIR")) + "/ops/rulebook");
  EXPECT_TRUE(rules.ok()) << rules.status();
  return *std::move(rules);
}

class ReturnRows : public ::testing::Test {
 protected:
  ReturnRows()
      : office_(Office::Shared()),
        postgres_(TempPostgres::Shared()),
        database_(office_.Copy()) {
    // A lawsuit over the case of a whole life, a complaint over it, and a fee.
    Path path(postgres_, database_, test::TestNoon() + absl::Hours(25));
    path.Act(office_.long_case(),
             R"(open_remedy { kind: COMPLAINT organ: "上级机关" })",
             v1::ROLE_LEGAL_REVIEWER, "fa");
    path.Act(office_.long_case(),
             R"(open_remedy { kind: LAWSUIT organ: "铁路运输法院" })",
             v1::ROLE_LEGAL_REVIEWER, "fa");
    path.Act(office_.young_case(),
             R"(charge_fee { basis: BY_PAGE pages: 31 amount_fen: 1000
                how_to_pay: "柜台" served_at_once: true })",
             v1::ROLE_HANDLER, "li");
    test::SequenceAll(postgres_, database_);
  }

  std::string Ask(const std::string& database, const std::string& sql) const {
    return postgres_.Run(postgres_.Superuser(database), sql);
  }
  Finished Audit(const std::string& database, const char* verb) const {
    return test::Audit(postgres_, database, verb, {});
  }
  // The row of a case, as `finished_date return_row counted remedies fees`.
  std::string RowOf(const std::string& number) const {
    return Ask(database_,
               absl::StrCat("SELECT concat_ws(' ', coalesce(finished_date::"
                            "text, '-'), return_row, counted, remedies, fees) "
                            "FROM stream WHERE number = '",
                            number, "'"));
  }
  // Files a return of 2023 by the agency's own stream.
  void File(int edition) const;

  Office& office_;
  TempPostgres& postgres_;
  const std::string database_;
};

void ReturnRows::File(int edition) const {
  ManualClock clock(test::TestNoon() + absl::Hours(26));
  storage::PostgresStore store(postgres_.Service(database_), 1,
                               &test::TestVault());
  act::Registry registry(store, Rules());
  act::StreamWriter writer(store, registry, clock, nullptr);
  storage::FiledDocument filed{2023, edition, std::string("\0return", 7),
                               absl::StrCat("SHGXW-2023-00001\t3\t3\t1\n")};
  act::StreamAct act;
  act.agency = "SHGXW";
  act.kind = storage::StreamKind::kAgency;
  act.request_id = NewUuid(absl::Now());
  act.mac = std::string(16, 'm');
  act.actor.set_account("zhang");
  act.actor.set_person("zhang");
  const auto digest = [](const std::string& bytes) {
    return audit::ToHex(audit::Digest(audit::Suite::kSha256Ed25519, {bytes}));
  };
  act.decide = [&](const storage::History&) {
    v1::Event event;
    v1::ReturnFiling& filing = *event.mutable_return_filed();
    filing.set_year(filed.year);
    filing.set_edition(edition);
    filing.set_return_digest(digest(filed.document));
    filing.set_cases_digest(digest(filed.cases));
    filing.set_reason("更正");
    return std::optional<v1::Event>(event);
  };
  act.also = [&](const storage::History&, const v1::Event&,
                 storage::Append& append) {
    append.filed = filed;
    return absl::OkStatus();
  };
  const auto recorded = writer.Record(act, Soon());
  ASSERT_TRUE(recorded.ok()) << recorded.status();
  test::SequenceAll(postgres_, database_);
}

TEST_F(ReturnRows, FollowFromTheRecords) {
  EXPECT_EQ(RowOf(office_.long_case()), "2024-03-20 3 t t f");
  EXPECT_EQ(RowOf(office_.young_case()), "- 0 t f t");
  EXPECT_EQ(RowOf(office_.other_case()), "- 0 t f f");
  EXPECT_EQ(Ask(database_,
                "SELECT count(*) FROM stream WHERE kind = 1 AND row_version "
                "<> 1"),
            "0");
  const Finished rows = Audit(database_, "reconcile");
  EXPECT_EQ(rows.exit, 0) << rows.out << rows.err;
  EXPECT_THAT(rows.out, Not(HasSubstr("to be brought up to date")));
}

TEST_F(ReturnRows, AChangedOneIsFound) {
  const Forger forger(postgres_, database_);
  const std::string whole = forger.Of(office_.long_case());
  const std::string terms =
      "stream_id = '00000000-0000-7000-8000-000000000002'";
  const std::string was = Ask(database_, kColumns);
  const auto expect = [&](const std::string& set, const std::string& where,
                          const std::string& says) {
    forger.Sql(absl::StrCat(
        "CREATE TABLE kept AS SELECT * FROM stream; UPDATE stream SET ", set,
        " WHERE ", where));
    const Finished rows = Audit(database_, "reconcile");
    EXPECT_EQ(rows.exit, 1) << set;
    EXPECT_THAT(rows.out, HasSubstr(says)) << set;
    forger.Sql(
        "UPDATE stream s SET finished_date = k.finished_date, return_row = "
        "k.return_row, counted = k.counted, remedies = k.remedies, fees = "
        "k.fees FROM kept k WHERE k.agency_id = s.agency_id AND k.stream_id = "
        "s.stream_id; DROP TABLE kept");
  };
  const std::string follow = "does not follow from its records: ";
  expect("finished_date = finished_date - 1", whole, follow + "finished_date");
  expect("return_row = 4", whole, follow + "return_row");
  expect("counted = false", whole, follow + "counted");
  expect("remedies = false, fees = true", whole, follow + "remedies, fees");
  expect("return_row = 3", terms, "it is no case, and its row is a case's");
  EXPECT_EQ(Ask(database_, kColumns), was);
  EXPECT_EQ(Audit(database_, "reconcile").exit, 0);
}

TEST_F(ReturnRows, WhatWasFiledIsHeldAgainstItsEvent) {
  File(1);
  File(2);
  const Finished fsck = Audit(database_, "fsck");
  EXPECT_EQ(fsck.exit, 0) << fsck.out << fsck.err;
  EXPECT_THAT(fsck.out, HasSubstr("returns 2"));
  EXPECT_EQ(Audit(database_, "reconcile").exit, 0);
  const Forger forger(postgres_, database_);
  const auto expect = [&](const std::string& sql, const std::string& says) {
    forger.Sql("CREATE TABLE kept AS SELECT * FROM filed_return; " + sql);
    const Finished altered = Audit(database_, "fsck");
    EXPECT_EQ(altered.exit, 1) << sql;
    EXPECT_THAT(altered.out, HasSubstr(says)) << sql;
    forger.Sql(
        "DELETE FROM filed_return; INSERT INTO filed_return SELECT * FROM "
        "kept; DROP TABLE kept");
  };
  const std::string second =
      "SHGXW, its terms, record 3: the return of 2023, edition 2";
  const std::string at = " WHERE edition = 2";
  expect("UPDATE filed_return SET document = document || '\\x00'" + at,
         second + " was altered since it was filed: document");
  expect("UPDATE filed_return SET cases = ''" + at,
         second + " was altered since it was filed: cases");
  expect("UPDATE filed_return SET filed_by = 'li', filed_time = now()" + at,
         second + " was altered since it was filed: filed_time, filed_by");
  expect("DELETE FROM filed_return" + at,
         second + ", which it files, is missing");
  expect("UPDATE filed_return SET edition = 7" + at,
         "the return of 2023, edition 7 lies beside it, and it files another");
  const auto extra = [](int seq) {
    return absl::StrCat(
        "INSERT INTO filed_return SELECT agency_id, 2022, 1, stream_id, ", seq,
        ", filed_time, filed_by, document, cases FROM filed_return "
        "WHERE edition = 1");
  };
  expect(extra(1),
         "record 1: the return of 2022, edition 1 lies beside it, and it "
         "files none");
  expect(extra(9), "record 9: the record is missing; left are a return");
  EXPECT_EQ(Audit(database_, "fsck").exit, 0);
}

// A database of the schema V020 with all that is in `from`: what V021 added is
// left out.
std::string DatabaseOfBefore(TempPostgres& postgres, const std::string& from) {
  const std::string database = postgres.EmptyDatabase();
  auto steps = storage::BuiltInMigrations();
  steps.resize(20);
  const auto applied = storage::Migrate(postgres.Owner(database), steps);
  EXPECT_EQ(applied.value_or(0), 20) << applied.status();
  const std::string super = postgres.Superuser(database);
  const std::string home =
      postgres.Run(super, "SELECT current_setting('data_directory')");
  const std::string tables = postgres.Run(
      super,
      "SELECT string_agg(table_name || ' (' || columns || ')', ';') FROM ("
      "SELECT c.table_name, string_agg(quote_ident(column_name), ', ') AS "
      "columns FROM information_schema.columns c JOIN "
      "information_schema.tables t USING (table_schema, table_name) WHERE "
      "table_schema = 'public' AND table_type = 'BASE TABLE' AND table_name <> "
      "'schema_version' GROUP BY c.table_name) AS q");
  for (const std::string& table :
       std::vector<std::string>(absl::StrSplit(tables, ';'))) {
    const std::string name = table.substr(0, table.find(' '));
    const std::string file = absl::StrCat("'", home, "/", database, ".copy'");
    postgres.Run(postgres.Superuser(from),
                 absl::StrCat("COPY ", table, " TO ", file));
    // What the steps themselves put in.
    postgres.Run(super,
                 absl::StrCat("DO $$ BEGIN IF EXISTS (SELECT FROM ", name,
                              ") THEN DELETE FROM ", name, "; END IF; END $$"));
    postgres.Run(super, absl::StrCat("COPY ", table, " FROM ", file));
  }
  return database;
}

TEST_F(ReturnRows, ADatabaseOfBeforeIsBroughtUpToDate) {
  const std::string before = DatabaseOfBefore(postgres_, database_);
  EXPECT_THAT(postgres_.Error(postgres_.Superuser(before),
                              "SELECT row_version FROM stream"),
              HasSubstr("does not exist"));
  const auto migrated =
      storage::Migrate(postgres_.Owner(before), storage::BuiltInMigrations());
  ASSERT_TRUE(migrated.ok()) << migrated.status();
  const std::string stale =
      Ask(before, "SELECT count(*) FROM stream WHERE kind = 1");
  const Finished early = Audit(before, "reconcile");
  EXPECT_EQ(early.exit, 0) << early.out << early.err;
  EXPECT_THAT(early.out, HasSubstr(absl::StrCat("the annual return ", stale,
                                                " cases are counted: they are "
                                                "still to be brought up")));

  // An act on one of them writes its row whole.
  const auto contact = [&](const std::string& database) {
    Path path(postgres_, database, test::TestNoon() + absl::Hours(27));
    path.Act(office_.other_case(), R"(log_contact { note: "电话核实" })",
             v1::ROLE_HANDLER, "wang");
  };
  contact(before);
  contact(database_);
  storage::PostgresStore store(postgres_.Service(before), 2,
                               &test::TestVault());
  const law::Rulebook rules = Rules();
  {
    jobs::RowJob job({store, store, rules}, {.batch = 2, .pause = {}});
    EXPECT_TRUE(job.AwaitDone(absl::Seconds(30)));
    EXPECT_EQ(absl::StrCat(job.done() + 1), stale);
    EXPECT_EQ(job.stuck(), 0);
  }
  EXPECT_EQ(Ask(before, kColumns), Ask(database_, kColumns));
  const Finished late = Audit(before, "reconcile");
  EXPECT_EQ(late.exit, 0) << late.out << late.err;
  EXPECT_THAT(late.out, Not(HasSubstr("to be brought up to date")));
  EXPECT_EQ(Audit(before, "fsck").exit, 0);
  // Once more there is nothing to do.
  jobs::RowJob again({store, store, rules}, {});
  EXPECT_TRUE(again.AwaitDone(absl::Seconds(30)));
  EXPECT_EQ(again.done(), 0);
}

TEST_F(ReturnRows, TheJobPassesOverWhatItCannotRead) {
  const Forger forger(postgres_, database_);
  forger.Sql("UPDATE event SET record = '\\x00' WHERE " +
             forger.Of(office_.young_case(), 1));
  const std::string was = Ask(
      database_,
      absl::StrCat(kColumns, " AND number <> '", office_.young_case(), "'"));
  forger.Sql(
      "UPDATE stream SET finished_date = NULL, return_row = 0, remedies = "
      "false, fees = false, row_version = 0 WHERE kind = 1");
  storage::PostgresStore store(postgres_.Service(database_), 2,
                               &test::TestVault());
  const law::Rulebook rules = Rules();
  {
    // Stopped in the middle, it goes on from there.
    jobs::RowJob job({store, store, rules},
                     {.batch = 1, .pause = absl::Seconds(20)});
    while (job.done() == 0) absl::SleepFor(absl::Milliseconds(5));
    job.Stop();
    EXPECT_GT(store.CountStaleCases(Soon()).value(), 2);
  }
  jobs::RowJob job({store, store, rules}, {.pause = {}});
  while (store.CountStaleCases(Soon()).value() > 1 || job.stuck() == 0) {
    absl::SleepFor(absl::Milliseconds(5));
  }
  EXPECT_FALSE(job.AwaitDone(absl::ZeroDuration()));
  EXPECT_EQ(Ask(database_, absl::StrCat(kColumns, " AND number <> '",
                                        office_.young_case(), "'")),
            was);
}

}  // namespace
}  // namespace gongkai
