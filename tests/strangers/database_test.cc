// SPDX-License-Identifier: Apache-2.0
// The second wall: the service's own database role with one agency set, at the
// rows of another. The setting is the service's word for whom it works, and a
// statement that changes it works for another agency: the policies stand
// behind a statement that forgot its condition. What is tried is made from the
// catalogue, so a new table or function is tried from the day it is there.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <libpq-fe.h>

#include <iostream>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "tests/support/temp_postgres.h"
#include "tests/walls/wall_house.h"

namespace gongkai {
namespace {

using test::TempPostgres;
using test::TestService;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr char kOther[] = "BJGXW";
constexpr char kCanary[] = "金丝雀专项资金";
constexpr int kStatements = 700;
constexpr int kCalls = 300;

// Functions that the role may call and that take the agency as an argument:
// each answers for the agency it is asked for, which the service has from the
// caller or the record, never from a request that has not passed the reach of
// the caller (services/auth). Asked for one's own they hold nothing of others.
const std::set<std::string>& TakeTheAgency() {
  static const auto& all = *new std::set<std::string>{
      "accesses_of",     "accounts_in",      "append_event",
      "count_unread",    "end_session",      "end_sessions",
      "erase_private",   "find_by_person",   "find_earlier",
      "find_similar",    "inbox_after",      "list_by_due",
      "list_by_receipt", "list_newest",      "list_worklist",
      "load_history",    "mail_back",        "mail_done",
      "mail_failed",     "mark_read",        "open_cases",
      "open_session",    "places_of",        "put_account",
      "put_credential",  "put_inbox",        "read_credential",
      "read_inbox",      "read_log",         "read_plain",
      "record_access",   "refresh_case_row", "replace_key",
      "replay_erasure",  "seal_part",        "search_phrase",
      "take_numbers",    "why_not_appended"};
  return all;
}

// Functions without an agency: of the one log, of the installation, or of what
// only whoever holds a secret or its digest can ask for. None gives a text of a
// case. `open_cases` and `read_log` are for jobs when the agency is empty, and
// `take_mails` is for one.
const std::set<std::string>& OfNoAgency() {
  static const auto& all = *new std::set<std::string>{
      "account_stream",    "account_with",      "accounts_of",
      "add_failure",       "agencies",          "anchors_of",
      "clear_attempts",    "count_keys",        "count_secrets",
      "count_stale_cases", "stale_cases",       "destroy_private",
      "extend_tree",       "keys_not_under",    "log_head",
      "log_health",        "log_size",          "mails_waiting",
      "newest_checkpoint", "outer_key_of",      "person_for",
      "plain_parts",       "put_anchor",        "put_checkpoint",
      "raise_revocation",  "rare_words",        "read_attempts",
      "read_tile",         "rotate_session",    "secrets_not_under",
      "sequence_log",      "session_by_access", "session_by_id",
      "take_mails",        "use_once"};
  return all;
}

class DatabaseWall : public ::testing::Test {
 protected:
  void SetUp() override {
    test::AddAgency(service_, kOther);
    for (int i = 0; i < 4; ++i) {
      test::ReceiveIn(service_, kOther,
                      absl::StrCat("申请公开", kCanary, i, "。"));
      test::ReceiveIn(service_, TestService::kAgency, "申请公开某表。");
    }
    // Accounts of both, as the owner would have them.
    Ask("INSERT INTO account SELECT a, n, NULL, 1, 0, true, a || n FROM "
        "unnest(ARRAY['SHGXW', 'BJGXW']) a, unnest(ARRAY['li', 'wang']) n");
    Ask("INSERT INTO credential SELECT agency_id, account, 1, "
        "convert_to('金丝雀专项资金', 'UTF8') FROM account");
    Ask("INSERT INTO account_key SELECT 1, sha256(convert_to(agency_id || "
        "account, 'UTF8')), agency_id, account FROM account");
    before_ = Theirs();
  }

  std::string Ask(const std::string& sql) {
    auto& postgres = TempPostgres::Shared();
    return postgres.Run(postgres.Superuser(service_.database()), sql);
  }
  std::vector<std::string> List(const std::string& sql) {
    return absl::StrSplit(
        Ask(absl::StrCat("SELECT coalesce(string_agg(x, ',' ORDER BY x), '') "
                         "FROM (",
                         sql, ") q (x)")),
        ',', absl::SkipEmpty());
  }
  // What a statement of the service's role, working for the first agency, came
  // to: the first column of the first row, or what was wrong.
  struct Shown {
    std::string error;
    std::string text;
  };
  Shown Do(const std::string& sql) {
    if (ours_ == nullptr) {
      ours_.reset(PQconnectdb(
          absl::StrCat(TempPostgres::Shared().Service(service_.database()),
                       " options='-c gongkai.agency=SHGXW'")
              .c_str()));
    }
    const std::unique_ptr<PGresult, decltype(&PQclear)> result(
        PQexec(ours_.get(), sql.c_str()), &PQclear);
    Shown shown;
    shown.error = PQresultErrorMessage(result.get());
    if (PQresultStatus(result.get()) == PGRES_COPY_OUT) PQreset(ours_.get());
    if (PQntuples(result.get()) > 0) {
      shown.text = PQgetvalue(result.get(), 0, 0);
    }
    return shown;
  }
  std::vector<std::string> Tables() {
    return List(
        "SELECT c.relname::text FROM pg_class c JOIN pg_attribute a ON "
        "a.attrelid = c.oid AND a.attname = 'agency_id' WHERE c.relkind IN "
        "('r', 'p') AND c.relnamespace = 'public'::regnamespace AND NOT "
        "c.relispartition");
  }
  // Every row of the other agency but of who knocked, and of the one log.
  std::string Theirs() {
    std::string all;
    for (const std::string& table : Tables()) {
      if (table == "access" || table == "log_leaf" || table == "log_queue") {
        continue;
      }
      absl::StrAppend(
          &all, table, "=",
          Ask(absl::StrCat("SELECT count(*) || ' ' || coalesce(md5(string_agg("
                           "t::text, '|' ORDER BY t::text)), '') FROM ",
                           table, " t WHERE agency_id = '", kOther, "'")),
          "\n");
    }
    return all;
  }

  int Below(int n) {
    return static_cast<int>(random_() % static_cast<uint64_t>(n));
  }
  template <typename T>
  const T& Of(const std::vector<T>& all) {
    return all[Below(static_cast<int>(all.size()))];
  }

  // All rows of a query as text.
  Shown Show(const std::string& query) {
    return Do(absl::StrCat(
        "SELECT coalesce(string_agg(q::text, '|'), '') FROM (", query, ") q"));
  }

  TestService service_;
  std::unique_ptr<PGconn, decltype(&PQfinish)> ours_{nullptr, &PQfinish};
  std::string before_;
  uint64_t seed_ = std::random_device{}();
  std::mt19937_64 random_{seed_};
};

TEST_F(DatabaseWall, EveryTableOfAnAgencyHasItsPolicies) {
  EXPECT_THAT(
      List("SELECT c.relname::text FROM pg_class c JOIN pg_attribute a ON "
           "a.attrelid = c.oid AND a.attname = 'agency_id' WHERE c.relkind IN "
           "('r', 'p') AND c.relnamespace = 'public'::regnamespace AND NOT "
           "c.relispartition AND NOT c.relrowsecurity AND "
           "has_table_privilege('gongkai_service', c.oid, 'SELECT, UPDATE, "
           "DELETE') AND c.relname <> 'log_leaf'"),
      IsEmpty());
  EXPECT_EQ(Ask("SELECT rolsuper OR rolbypassrls OR rolcreaterole FROM "
                "pg_roles WHERE rolname = 'gongkai_service'"),
            "f");
  EXPECT_EQ(Ask("SELECT count(*) FROM pg_auth_members WHERE member = "
                "'gongkai_service'::regrole"),
            "0");
  EXPECT_EQ(Ask("SELECT count(*) FROM pg_class WHERE relowner = "
                "'gongkai_service'::regrole"),
            "0");
}

TEST_F(DatabaseWall, RandomStatementsReachNothingOfTheOther) {
  const std::vector<std::string> reads = {
      "SELECT * FROM $t",
      "SELECT * FROM $t WHERE agency_id = '$b'",
      "SELECT * FROM $t WHERE agency_id <> '$a'",
      "SELECT * FROM $t WHERE agency_id LIKE 'BJ%' OR true",
      "SELECT x.* FROM $t x JOIN stream s ON true WHERE x.agency_id = '$b'",
      "SELECT * FROM $t ORDER BY random() LIMIT 7",
      "SELECT (SELECT string_agg(y::text, '') FROM $t y WHERE "
      "y.agency_id = '$b')",
      "SELECT agency_id, count(*) FROM $t GROUP BY agency_id",
      "SELECT x.* FROM (SELECT * FROM $t) x WHERE EXISTS (SELECT FROM $t z "
      "WHERE z.agency_id = '$b')"};
  const std::vector<std::string> writes = {
      "UPDATE $t SET agency_id = '$a' WHERE agency_id = '$b'",
      "UPDATE $t SET agency_id = agency_id",
      "UPDATE $t SET agency_id = '$b'",
      "UPDATE $t x SET agency_id = '$a' FROM stream s WHERE "
      "s.agency_id = x.agency_id",
      "DELETE FROM $t WHERE agency_id = '$b'",
      "DELETE FROM $t",
      "INSERT INTO $t SELECT (jsonb_populate_record(x, '{\"agency_id\": "
      "\"$b\"}')).* FROM $t x LIMIT 1",
      "INSERT INTO $t (agency_id) VALUES ('$b')",
      "INSERT INTO $t SELECT * FROM $t WHERE agency_id = '$b' ON CONFLICT DO "
      "NOTHING",
      "TRUNCATE $t",
      "COPY $t TO PROGRAM 'cat'",
      "LOCK TABLE $t IN ACCESS EXCLUSIVE MODE",
      "SET row_security = off; SELECT * FROM $t",
      "SET ROLE gongkai_owner; SELECT * FROM $t",
      "SET SESSION AUTHORIZATION gongkai_owner; DELETE FROM $t",
      "ALTER TABLE $t DISABLE ROW LEVEL SECURITY",
      "CREATE POLICY mine ON $t USING (true)",
      "DROP POLICY own_agency ON $t",
      "ALTER TABLE $t NO FORCE ROW LEVEL SECURITY"};
  const std::vector<std::string> tables = Tables();
  ASSERT_GE(tables.size(), 12u);
  int refused = 0;
  for (int i = 0; i < kStatements; ++i) {
    const bool reading = Below(2) == 0;
    const std::string& table = Of(tables);
    const std::string sql = absl::StrReplaceAll(
        Of(reading ? reads : writes),
        {{"$t", table}, {"$a", TestService::kAgency}, {"$b", kOther}});
    if (!reading) {
      refused += Do(sql).error.empty() ? 0 : 1;
      Do("RESET SESSION AUTHORIZATION; RESET ROLE; RESET ALL");
      continue;
    }
    const Shown shown = Show(sql);
    if (!shown.error.empty()) {
      ++refused;
      ASSERT_THAT(shown.error, HasSubstr("permission denied")) << sql;
      continue;
    }
    // The places of the log are of no agency: which stream, never whose case.
    if (table == "log_leaf") continue;
    ASSERT_THAT(shown.text, Not(HasSubstr(kOther))) << "seed " << seed_ << sql;
    ASSERT_THAT(shown.text, Not(HasSubstr(kCanary))) << sql;
  }
  EXPECT_EQ(Theirs(), before_);
  std::cout << "seed " << seed_ << ", " << kStatements << " statements on "
            << tables.size() << " tables, " << refused << " refused\n";
}

TEST_F(DatabaseWall, EveryFunctionIsKnownForWhoseRowsItReads) {
  const auto callable = List(
      "SELECT DISTINCT p.proname::text FROM pg_proc p WHERE p.pronamespace = "
      "'public'::regnamespace AND p.prorettype <> 'trigger'::regtype AND "
      "has_function_privilege('gongkai_service', p.oid, 'EXECUTE') AND NOT "
      "EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = "
      "'e')");
  const auto taking = List(
      "SELECT DISTINCT p.proname::text FROM pg_proc p WHERE p.pronamespace = "
      "'public'::regnamespace AND 'p_agency' = ANY (p.proargnames)");
  const std::set<std::string> by_agency(taking.begin(), taking.end());
  for (const std::string& name : callable) {
    const bool listed = by_agency.contains(name)
                            ? TakeTheAgency().contains(name)
                            : OfNoAgency().contains(name);
    EXPECT_TRUE(listed) << name << " is new: say whose rows it reads";
  }
  std::cout << callable.size() << " functions\n";
}

TEST_F(DatabaseWall, RandomCallsForOnesOwnAgencyHoldNothingOfTheOther) {
  // name(argument types), the arguments made for each call.
  const auto functions = List(
      "SELECT replace(p.proname || ' ' || coalesce((SELECT string_agg("
      "coalesce(p.proargnames[o], '') || ':' || replace(format_type(t, NULL), "
      "'timestamp with time zone', 'timestamptz'), ' ' ORDER BY o) FROM "
      "unnest(p.proargtypes) WITH ORDINALITY u (t, o)), ''), "
      "',', ';') FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace "
      "AND p.prorettype <> 'trigger'::regtype AND "
      "has_function_privilege('gongkai_service', p.oid, 'EXECUTE') AND NOT "
      "EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = "
      "'e')");
  ASSERT_GE(functions.size(), 30u);
  const auto streams = List(absl::StrCat(
      "SELECT stream_id::text FROM stream WHERE agency_id = '", kOther, "'"));
  const auto digests = List(
      "SELECT '\\x' || encode(digest, 'hex') FROM "
      "account_key");
  // An argument of a type, from what the other agency has.
  const auto of_type = [&](const std::string& type) -> std::string {
    if (type == "uuid") return absl::StrCat("'", Of(streams), "'::uuid");
    if (type == "text") {
      return Of<std::string>(
          {"'BJGXW-2024-00001'::text", "'li'::text", "''::text"});
    }
    if (type == "bytea") return absl::StrCat("'", Of(digests), "'::bytea");
    if (type == "integer" || type == "bigint" || type == "smallint") {
      return absl::StrCat(Below(200), "::", type);
    }
    if (type == "boolean") return Below(2) == 0 ? "true" : "false";
    if (type == "timestamptz") return "now()";
    if (type == "date") return "'2024-03-20'::date";
    return absl::StrCat("NULL::", type);
  };
  const auto made = [&](const std::string& argument) -> std::string {
    const size_t colon = argument.find(':');
    const std::string type = argument.substr(colon + 1);
    if (argument.substr(0, colon) == "p_agency") {
      return type == "text" ? "'SHGXW'::text" : "ARRAY['SHGXW']";
    }
    if (!type.ends_with("[]")) return of_type(type);
    // What a call writes, a later one may read: nothing of the other's name.
    if (type == "text[]") return "ARRAY['li']";
    return absl::StrCat("ARRAY[", of_type(type.substr(0, type.size() - 2)),
                        "]");
  };
  int refused = 0;
  for (int i = 0; i < kCalls; ++i) {
    const std::string& function = Of(functions);
    const std::string name = function.substr(0, function.find(' '));
    std::string call = name;
    char before = '(';
    for (const absl::string_view argument :
         absl::StrSplit(function.substr(name.size()), ' ', absl::SkipEmpty())) {
      absl::StrAppend(&call, std::string(1, before),
                      made(std::string(argument)));
      before = ',';
    }
    if (before == '(') call += "(";
    const Shown shown = Show(absl::StrCat("SELECT * FROM ", call, ") f"));
    if (!shown.error.empty()) {
      ++refused;
      ASSERT_THAT(shown.error, Not(HasSubstr("does not exist")))
          << call << shown.error;
      continue;
    }
    ASSERT_THAT(shown.text, Not(HasSubstr(kCanary))) << seed_ << " " << call;
    if (TakeTheAgency().contains(name)) {
      ASSERT_THAT(shown.text, Not(HasSubstr(kOther))) << seed_ << " " << call;
    }
  }
  EXPECT_EQ(Theirs(), before_);
  std::cout << "seed " << seed_ << ", " << kCalls << " calls of "
            << functions.size() << " functions, " << refused << " refused\n";
}

}  // namespace
}  // namespace gongkai
