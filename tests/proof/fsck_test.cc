// SPDX-License-Identifier: Apache-2.0
// The check of the whole database itself: what is sound is called so, in every
// state that a log passes through, and what cannot be checked is never called
// sound.

#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "services/audit/encoding.h"
#include "services/audit/merkle.h"
#include "services/vault/vault.h"
#include "tests/bench/fill.h"
#include "tests/bench/program.h"
#include "tests/proof/forger.h"
#include "tests/proof/office.h"
#include "tests/support/test_service.h"
#include "tests/support/test_vault.h"

namespace gongkai {
namespace {

using test::Finished;
using test::Forger;
using test::LogKey;
using test::Office;
using test::Path;
using test::SequenceAll;
using test::TempPostgres;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

Finished Audit(const std::string& database, std::string_view verb,
               const std::vector<std::string>& words) {
  return test::Audit(TempPostgres::Shared(), database, verb, words);
}

class LogOfSuite : public ::testing::TestWithParam<audit::Suite> {
 protected:
  static constexpr char kOrigin[] = "gov.example.cn/gongkai";

  LogOfSuite()
      : postgres_(TempPostgres::Shared()),
        database_(postgres_.NewDatabase()),
        key_(LogKey::New(GetParam(), kOrigin)) {
    storage::PostgresStore owner(postgres_.Owner(database_), 1);
    EXPECT_TRUE(owner
                    .CreateLog({kOrigin, static_cast<int>(GetParam())},
                               absl::Now() + absl::Seconds(30))
                    .ok());
  }

  // Signs the tree; the words to check it with.
  std::vector<std::string> Sign() {
    const std::string file =
        Office::Shared().Write(absl::StrCat("suite_", ++notes_, ".note"),
                               test::SignTree(postgres_, database_, key_));
    return {"--vkey", key_.verifier.ToText(), "--old", file};
  }

  TempPostgres& postgres_;
  const std::string database_;
  const LogKey key_;
  int notes_ = 0;
};

TEST_P(LogOfSuite, AnEmptyOneIsSound) {
  const Finished fsck = Audit(database_, "fsck", Sign());
  EXPECT_EQ(fsck.exit, 0) << fsck.out << fsck.err;
  EXPECT_THAT(fsck.out,
              AllOf(HasSubstr("events 0, "),
                    HasSubstr(audit::ToHex(audit::EmptyRoot(GetParam()))),
                    HasSubstr("checkpoints 1, ")));
  EXPECT_EQ(Audit(database_, "reconcile", {}).exit, 0);
}

TEST_P(LogOfSuite, OneThatGrowsIsSoundAtEverySize) {
  Path path(postgres_, database_, test::TestNoon());
  path.AddAgency("SHGXW");
  path.AddAgency("COURT");
  // Past full tiles of the lowest level and of 256 in the next.
  for (const int n : {1, 254, 3, 300}) {
    path.Receive("SHGXW", n);
    path.Receive("COURT", 1);
    SequenceAll(postgres_, database_);
    const Finished fsck = Audit(database_, "fsck", Sign());
    EXPECT_EQ(fsck.exit, 0) << fsck.out << fsck.err;
  }
  const Finished rows = Audit(database_, "reconcile", {});
  EXPECT_EQ(rows.exit, 0) << rows.out << rows.err;
}

TEST_P(LogOfSuite, OneByteIsFound) {
  Path path(postgres_, database_, test::TestNoon());
  path.AddAgency("SHGXW");
  const std::string number = path.Receive("SHGXW", 3)[1];
  SequenceAll(postgres_, database_);
  const std::vector<std::string> words = Sign();
  const Forger forger(postgres_, database_);
  forger.EditRecord(number, 1, [](audit::Record& record, v1::Event&) {
    record.rulebook_version += "x";
  });
  forger.Rebuild();
  const Finished fsck = Audit(database_, "fsck", words);
  EXPECT_EQ(fsck.exit, 1) << fsck.out;
  EXPECT_THAT(fsck.out, HasSubstr("the log was rewritten"));
  EXPECT_EQ(Audit(database_, "fsck", {}).exit, 1)
      << "its own checkpoint is an old one";
}

INSTANTIATE_TEST_SUITE_P(Suites, LogOfSuite,
                         ::testing::Values(audit::Suite::kSha256Ed25519,
                                           audit::Suite::kSm3Sm2),
                         [](const auto& which) {
                           return which.param == audit::Suite::kSm3Sm2
                                      ? "Sm3Sm2"
                                      : "Sha256Ed25519";
                         });

class Fsck : public ::testing::Test {
 protected:
  Fsck()
      : office_(Office::Shared()),
        postgres_(TempPostgres::Shared()),
        database_(office_.Copy()) {}

  std::string Key() const { return office_.key().verifier.ToText(); }

  Office& office_;
  TempPostgres& postgres_;
  const std::string database_;
};

TEST_F(Fsck, WhatWaitsForItsPlaceIsSound) {
  Path path(postgres_, database_, test::TestNoon() + absl::Hours(25));
  path.Receive("SHGXW", 5);
  const Finished fsck = Audit(database_, "fsck", office_.Outside());
  EXPECT_EQ(fsck.exit, 0) << fsck.out << fsck.err;
  EXPECT_THAT(fsck.out, HasSubstr("waiting 5, "));
  const Forger forger(postgres_, database_);
  forger.Sql(
      "UPDATE log_queue SET leaf_hash = sha256('') "
      "WHERE queue_id = (SELECT max(queue_id) FROM log_queue)");
  const Finished altered = Audit(database_, "fsck", {});
  EXPECT_EQ(altered.exit, 1);
  EXPECT_THAT(altered.out, HasSubstr("the leaf that waits for a place is not "
                                     "the hash of the record"));
}

TEST_F(Fsck, ATreeThatIsCaughtUpIsSoundUnlessItWasSignedLarger) {
  const Forger forger(postgres_, database_);
  forger.Sql(
      "DELETE FROM log_tile; UPDATE log SET tree_size = 0, "
      "root = sha256('')");
  const Finished signed_larger = Audit(database_, "fsck", {});
  EXPECT_EQ(signed_larger.exit, 1);
  EXPECT_THAT(signed_larger.out,
              AllOf(HasSubstr("the log was shortened"),
                    HasSubstr("the tree of the database holds 0")));
  forger.Sql("DELETE FROM checkpoint; DELETE FROM anchor");
  const Finished fsck = Audit(database_, "fsck", {});
  EXPECT_EQ(fsck.exit, 0) << fsck.out;
  EXPECT_THAT(fsck.out, HasSubstr("tree_size 0, "));
}

// What the database of the day before has lost.
class Forked : public Fsck {
 protected:
  Forked() : restored_(office_.CopyOfYesterday()) {
    const Forger today(postgres_, database_);
    lost_.origin = "gongkai";
    lost_.size = today.TreeSize();
    lost_.root = *audit::FromHex(
        today.Sql("SELECT encode(root, 'hex') FROM log WHERE log_id = 1"));
  }

  // Two persons record it, and the log goes on.
  void GoOn() {
    Path path(postgres_, restored_, absl::Now());
    path.Fork(lost_, /*confirm=*/true);
    path.clock().Set(absl::Now());
    path.Receive("SHGXW", 40);
    SequenceAll(postgres_, restored_);
  }

  const std::string restored_;
  audit::Checkpoint lost_;
};

TEST_F(Forked, WhatTwoPersonsRecordedExplainsTheOldCheckpoints) {
  // One of the lost branch, between the fork and the newest.
  const std::string between = office_.Write(
      "between.note",
      test::SignedNote(office_.key(), {"gongkai", lost_.size - 2,
                                       std::string(audit::kHashBytes, 'b')}));
  GoOn();
  test::SignTree(postgres_, restored_, office_.key());
  std::vector<std::string> words = office_.Outside();
  words.insert(words.end(), {"--old", office_.old_file(), "--old", between});
  const Finished fsck = Audit(restored_, "fsck", words);
  EXPECT_EQ(fsck.exit, 0) << fsck.out << fsck.err;
  EXPECT_THAT(fsck.out,
              HasSubstr(absl::StrCat(
                  "2 checkpoints of ", lost_.size - 2, " to ", lost_.size,
                  " entries: they are of the branch that "
                  "was given up by the fork of the log stated in "
                  "record 1")));
  const Finished rows = Audit(restored_, "reconcile", {});
  EXPECT_EQ(rows.exit, 0) << rows.out;
}

TEST_F(Forked, OnePersonIsNotEnough) {
  Path path(postgres_, restored_, absl::Now());
  path.Fork(lost_, /*confirm=*/false);
  SequenceAll(postgres_, restored_);
  EXPECT_EQ(Audit(restored_, "fsck", office_.Outside()).exit, 1);
}

TEST_F(Forked, ItExcusesNoLaterRewriting) {
  GoOn();
  // Signed since, within the sizes that the fork gave up.
  const std::string since = office_.Write(
      "since.note",
      test::SignedNote(office_.key(), {"gongkai", lost_.size - 2,
                                       std::string(audit::kHashBytes, 's')}));
  std::vector<std::string> words = office_.Outside();
  words.insert(words.end(), {"--old", since});
  const Finished fsck = Audit(restored_, "fsck", words);
  EXPECT_EQ(fsck.exit, 1) << fsck.out;
  EXPECT_THAT(fsck.out, AllOf(HasSubstr("the log was rewritten: the checkpoint "
                                        "in " +
                                        since),
                              HasSubstr("given up")));
}

TEST_F(Fsck, AnAnchorFolderIsReadAndTornFilesArePassedOver) {
  const std::string folder = office_.folder() + "/anchors";
  ASSERT_EQ(std::system(absl::StrCat("mkdir -p ", folder, " && cp ",
                                     office_.new_file(), " ", folder,
                                     "/00000000000000000063.note && printf torn"
                                     " > ",
                                     folder, "/00000000000000000064.note")
                            .c_str()),
            0);
  const Finished fsck =
      Audit(database_, "fsck", {"--vkey", Key(), "--anchor-dir", folder});
  EXPECT_EQ(fsck.exit, 0) << fsck.out << fsck.err;
  EXPECT_THAT(fsck.out, Not(HasSubstr("proved_from_outside 0")));
}

TEST_F(Fsck, WhatCannotBeReadIsNeverCalledSound) {
  const auto expect = [&](const std::vector<std::string>& words,
                          const std::string& says) {
    const Finished fsck = Audit(database_, "fsck", words);
    EXPECT_EQ(fsck.exit, 2) << fsck.out << fsck.err;
    EXPECT_THAT(fsck.out, HasSubstr("NOT CHECKED"));
    EXPECT_THAT(fsck.out + fsck.err, HasSubstr(says));
  };
  const LogKey other = LogKey::New(audit::Suite::kSha256Ed25519, "other");
  expect({"--vkey", other.verifier.ToText()},
         "none of the keys signs for the log gongkai");
  expect({"--vkey", "gongkai+00000000+AAAA"},
         "neither a verifier key nor a file of them");
  expect({"--old", office_.new_file()}, "give the verifier key with --vkey");
  expect({"--vkey", Key(), "--old", office_.folder() + "/none"},
         "could not be read: ");
  expect({"--vkey", Key(), "--old", office_.Write("torn.note", "gongkai\n")},
         "could not be read: ");
  expect({"--vkey", Key(), "--anchor-dir", "/nowhere"},
         "the anchor folder /nowhere cannot be read");
  // Its own checkpoint, signed by somebody else.
  expect(
      {"--vkey", Key(), "--old",
       office_.Write("foreign.note",
                     test::SignedNote(LogKey::New(audit::Suite::kSha256Ed25519),
                                      {"gongkai", 63, std::string(32, 'r')}))},
      "is not signed by a known key");
}

TEST_F(Fsck, WithoutADatabaseNothingIsChecked) {
  const std::string program =
      std::string(std::getenv("GONGKAI_BIN_DIR")) + "/gongkai-server";
  for (const char* verb : {"fsck", "reconcile"}) {
    const auto at = [&](const std::string& dsn) {
      return test::RunProgram({program, "audit", verb, "--database", dsn}, {});
    };
    const Finished away = at("host=/nowhere dbname=none");
    EXPECT_EQ(away.exit, 2) << away.out;
    EXPECT_THAT(away.err, HasSubstr("did not come to its end"));
    const Finished empty = at(postgres_.Superuser(postgres_.EmptyDatabase()));
    EXPECT_EQ(empty.exit, 2) << empty.out;
    // The service's role sees one agency at a time: nothing, here.
    const Finished service = at(postgres_.Service(database_));
    EXPECT_EQ(service.exit, 2) << service.out;
    EXPECT_THAT(service.err, HasSubstr("connect as gongkai_auditor"));
  }
}

TEST_F(Fsck, FindingsAreLimitedCountedAndGivenAsJson) {
  const Forger forger(postgres_, database_);
  forger.Sql("UPDATE event SET request_id = event_id");
  const Finished text = Audit(database_, "fsck", {"--limit-findings", "3"});
  EXPECT_EQ(text.exit, 1);
  EXPECT_THAT(text.out, testing::ContainsRegex("… and [0-9]+ more\n"));
  const Finished out =
      Audit(database_, "fsck", {"--limit-findings", "3", "--output", "json"});
  EXPECT_EQ(out.exit, 1);
  const nlohmann::json json = nlohmann::json::parse(out.out, nullptr, false);
  ASSERT_TRUE(json.is_object()) << out.out;
  EXPECT_EQ(json["result"], "altered");
  EXPECT_EQ(json["findings"].size(), 3u);
  EXPECT_EQ(json["found"], json["account"]["events"]);
  EXPECT_EQ(json["findings"][0]["defect"],
            "stored beside it is another request_id than the record says");
}

// An office that seals what it likes: the hashes fit, the parts are false.
TEST_F(Fsck, EachPartOfARecordHoldsWhatBelongsThere) {
  const Forger forger(postgres_, database_);
  const std::string young = office_.young_case();
  forger.EditRecord(young, 1, [](audit::Record&, v1::Event& body) {
    body.mutable_received()->mutable_applicant()->set_name("钱乙");
  });
  const std::string other = office_.other_case();
  forger.EditPrivate(
      other, 1, [](v1::Event& part) { part.set_occurred_date("2024-02-01"); });
  forger.Rebuild();
  forger.Resign(office_.key());
  const Finished out = Audit(database_, "fsck", {});
  EXPECT_EQ(out.exit, 1);
  EXPECT_THAT(out.out, HasSubstr("its public part holds personal text"));
  EXPECT_THAT(out.out,
              HasSubstr("the private part holds what is not personal"));
}

// Sealed, a private part is nothing that its writer did not seal, and nothing
// without its key.
TEST_F(Fsck, SealedPartsAreOpenedWithTheKeys) {
  const std::string young = office_.young_case();
  const Forger forger(postgres_, database_);
  EXPECT_EQ(forger.Sql("SELECT count(*) FROM private_part "
                       "WHERE octet_length(salt) > 0"),
            "0");
  const auto found = [&](const std::string& sql) {
    const std::string copy = office_.Copy();
    Forger(postgres_, copy).Sql(sql);
    const Finished fsck = Audit(copy, "fsck", {});
    EXPECT_EQ(fsck.exit, 1) << sql;
    return fsck.out;
  };
  EXPECT_THAT(found("UPDATE private_part SET payload = set_byte(payload, "
                    "octet_length(payload) - 1, 255 - get_byte(payload, "
                    "octet_length(payload) - 1)) WHERE " +
                    forger.Of(young, 1)),
              HasSubstr(young + ", record 1: the private part was altered or "
                                "moved here"));
  EXPECT_THAT(found("UPDATE private_part SET payload = (SELECT payload FROM "
                    "private_part WHERE " +
                    forger.Of(office_.long_case(), 1) + ") WHERE " +
                    forger.Of(young, 1)),
              HasSubstr(young + ", record 1: the private part was altered or "
                                "moved here"));
  EXPECT_THAT(found("DELETE FROM data_key WHERE " + forger.Of(young)),
              HasSubstr(young + ", record 1: its private part is sealed, and "
                                "the data key of the stream is missing"));
  EXPECT_THAT(found("INSERT INTO data_key SELECT agency_id, "
                    "gen_random_uuid(), outer_key, wrapped FROM data_key "
                    "WHERE " +
                    forger.Of(young)),
              HasSubstr("its data key is still there, and it has no private "
                        "part left"));
}

TEST_F(Fsck, WithoutTheKeysItSaysWhatItCouldNotCheck) {
  const Finished without = Audit(database_, "fsck", {"--vault", ""});
  EXPECT_EQ(without.exit, 0) << without.out << without.err;
  EXPECT_THAT(without.out, HasSubstr("sealed private parts are those that the "
                                     "records commit to: the vault's keys were "
                                     "not given"));
  const std::string others = office_.Write(
      "others.vault",
      vault::Vault::Generate(vault::Cipher::kAes256Gcm, "").value());
  chmod(others.c_str(), 0600);
  // A key of the same number that is another opens nothing.
  EXPECT_EQ(Audit(database_, "fsck", {"--vault", others}).exit, 1);
  const Finished rows = Audit(database_, "reconcile", {"--vault", ""});
  EXPECT_EQ(rows.exit, 0) << rows.out << rows.err;
  EXPECT_THAT(rows.out,
              AllOf(HasSubstr("their private parts are sealed and "
                              "were not opened"),
                    HasSubstr("the persons that cases are found by")));
}

using Reconcile = Fsck;

TEST_F(Reconcile, KeysAreCheckedWithTheKeyAlone) {
  const std::string key = office_.Write("request.key", std::string(32, 'k'));
  EXPECT_EQ(Audit(database_, "reconcile", {"--request-key", key}).exit, 0);
  const Forger forger(postgres_, database_);
  forger.Sql("UPDATE case_text SET content_key = applicant_key WHERE " +
             forger.Of(office_.young_case()));
  const Finished without = Audit(database_, "reconcile", {});
  EXPECT_EQ(without.exit, 0);
  EXPECT_THAT(without.out, HasSubstr("no request key was given"));
  const Finished with = Audit(database_, "reconcile", {"--request-key", key});
  EXPECT_EQ(with.exit, 1);
  EXPECT_THAT(with.out, HasSubstr("do not follow from its records: "
                                  "content_key"));
}

TEST_F(Reconcile, EveryKindOfRowIsHeldAgainstTheRecords) {
  const Forger forger(postgres_, database_);
  const std::string young = forger.Of(office_.young_case());
  const auto expect = [&](const std::string& sql, const std::string& says) {
    const std::string copy = office_.Copy();
    Forger(postgres_, copy).Sql(sql);
    const Finished rows = Audit(copy, "reconcile", {});
    EXPECT_EQ(rows.exit, 1) << sql;
    EXPECT_THAT(rows.out, HasSubstr(says)) << sql;
    // None of it is proof: the records are as they were.
    EXPECT_EQ(Audit(copy, "fsck", office_.Outside()).exit, 0) << sql;
  };
  expect("UPDATE stream SET phase = phase + 1 WHERE " + young,
         "its row does not follow from its records: phase");
  expect("UPDATE stream SET done_time = now() WHERE " + young, "done_time");
  expect("UPDATE stream SET received_date = received_date - 1 WHERE " + young,
         "received_date");
  expect("UPDATE stream SET opened_time = opened_time - interval '1 d' WHERE " +
             young,
         "opened at another time");
  expect("DELETE FROM case_limit WHERE " + young, "stored as [none]");
  expect("UPDATE case_text SET content = content || 'x' WHERE " + young,
         "do not follow from its records: content");
  expect("UPDATE case_text SET grams = '' WHERE " + young, "grams");
  expect("DELETE FROM case_text WHERE " + young, "are missing");
  expect(
      "INSERT INTO case_limit SELECT agency_id, "
      "'00000000-0000-7000-8000-000000000002', start_date, due, kind, "
      "ordinal, whose, state, provisional, first FROM case_limit WHERE " +
          young + " LIMIT 1",
      "it is no case, and there are limits");
  expect("UPDATE stream SET labels = '{2}' WHERE " + young, "labels");
  expect("UPDATE stream SET restricted_to = '{li}' WHERE " + young,
         "restricted_to");
  expect(
      "INSERT INTO person_key SELECT agency_id, stream_id, 1, '\\x00' FROM "
      "stream WHERE " +
          young,
      "persons");
  expect(
      "INSERT INTO account (agency_id, account, kind, post, active, person) "
      "VALUES ('SHGXW', 'ghost', 1, 12, true, 'p')",
      "account ghost: there is a row of an account that has no records");
  expect("UPDATE request SET seq = 1 WHERE " + young,
         "is said to have caused this record, and did not");
  expect("UPDATE counter SET last = last + 2", "were given and no case has");
  expect("UPDATE counter SET last = 0", "was never given by the counter");
}

TEST_F(Reconcile, DestroyedWordsMustBeGone) {
  const std::string erased = "SHGXW-2024-00003";
  const Forger forger(postgres_, database_);
  forger.Sql("UPDATE case_text SET applicant_name = '赵甲一' WHERE " +
             forger.Of(erased));
  const Finished rows = Audit(database_, "reconcile", {});
  EXPECT_EQ(rows.exit, 1);
  EXPECT_THAT(rows.out, HasSubstr(erased + ": the words that it is searched by "
                                           "do not follow from its records: "
                                           "applicant_name"));
  // And a private part that was to be destroyed is no less a finding.
  forger.Sql(
      "UPDATE private_part SET salt = '\\x00', payload = '\\x00', "
      "erased_time = NULL WHERE " +
      forger.Of(erased, 1));
  EXPECT_THAT(Audit(database_, "fsck", {}).out,
              HasSubstr(erased + ", record 1: its private part is still there, "
                                 "and record "));
}

TEST_F(Reconcile, LimitsMayStandByTermsThatWereInForce) {
  Path path(postgres_, database_, test::TestNoon() + absl::Hours(25));
  const std::string number = path.Receive("COURT", 1).front();
  path.clock().Set(test::TestNoon() + absl::Hours(26));
  path.AddAgency("COURT", /*registration_days=*/9);
  path.clock().Set(test::TestNoon() + absl::Hours(27));
  path.Act(number, R"(log_contact { note: "电话核实" })", v1::ROLE_HANDLER,
           "wang");
  const Finished rows = Audit(database_, "reconcile", {});
  EXPECT_EQ(rows.exit, 0) << rows.out;
}

// What a run of `gongkai-server audit VERB` took.
struct Taken {
  int64_t memory_kib = 0;  // at most
  absl::Duration time;
};
Taken Measure(const std::string& database, const char* verb) {
  const std::string program =
      std::string(std::getenv("GONGKAI_BIN_DIR")) + "/gongkai-server";
  const std::string dsn = TempPostgres::Shared().Auditor(database);
  const std::string rules =
      std::string(std::getenv("GONGKAI_SOURCE_DIR")) + "/ops/rulebook";
  const std::string& vault = test::TestVaultFile();
  const bool reconcile = std::string_view(verb) == "reconcile";
  const absl::Time start = absl::Now();
  const pid_t child = fork();
  if (child == 0) {
    execl(program.c_str(), program.c_str(), "audit", verb, "--database",
          dsn.c_str(), "--vault", vault.c_str(),
          reconcile ? "--rulebook" : nullptr, rules.c_str(), nullptr);
    _exit(127);
  }
  int status = -1;
  rusage usage{};
  EXPECT_EQ(wait4(child, &status, 0, &usage), child);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << status;
  return {usage.ru_maxrss, absl::Now() - start};
}

// A database of about so many events, nine tenths of them of whole lives, by
// the bulk path.
std::string Filled(int64_t events) {
  auto& postgres = TempPostgres::Shared();
  const std::string database = postgres.NewDatabase();
  const std::string script =
      Office::Shared().folder() + absl::StrCat("/fill_", events);
  bench::BulkOffice::Options options;
  options.source = std::getenv("GONGKAI_SOURCE_DIR");
  options.request_key = std::string(32, 'k');
  options.vault = {std::shared_ptr<void>(), &test::TestVault()};
  options.out = std::fopen(script.c_str(), "w");
  bench::Contents contents;
  contents.open = {events / 10};
  contents.histories = events / 10;
  contents.supply = 50;
  EXPECT_TRUE(bench::FillMain(options, contents).ok());
  std::fclose(options.out);
  const auto said = bench::RunProgram(
      {"/usr/lib/postgresql/15/bin/psql", "-qX", "-v", "ON_ERROR_STOP=1", "-d",
       postgres.Superuser(database), "-f", script},
      script + ".out");
  EXPECT_TRUE(said.ok()) << said.status();
  unlink(script.c_str());
  SequenceAll(postgres, database);
  return database;
}

// The long run has a million events.
TEST(LargeLog, NeedsNoMoreMemoryThanASmallOne) {
  int64_t events = 25'000;
  if (const char* asked = std::getenv("GONGKAI_FSCK_EVENTS")) {
    ASSERT_TRUE(absl::SimpleAtoi(asked, &events));
  }
  const std::string small = Filled(3'000);
  const std::string large = Filled(events);
  for (const char* verb : {"fsck", "reconcile"}) {
    const Taken little = Measure(small, verb);
    const Taken much = Measure(large, verb);
    std::printf("%s of %lld events: %.1f s, %.0f events/s, %.1f MiB\n", verb,
                static_cast<long long>(events),
                absl::ToDoubleSeconds(much.time),
                static_cast<double>(events) / absl::ToDoubleSeconds(much.time),
                static_cast<double>(much.memory_kib) / 1024);
    // The records alone would take a kilobyte each.
    EXPECT_LT(much.memory_kib, little.memory_kib + 8 * 1024)
        << verb << ": " << little.memory_kib << " and " << much.memory_kib;
  }
}

}  // namespace
}  // namespace gongkai
