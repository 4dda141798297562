// SPDX-License-Identifier: Apache-2.0
// The tamper drill. A superuser alters a copy of a signed database; the shipped
// check finds it when it is given a checkpoint from outside that is newer than
// the records. What nobody can find who has the database alone is shown, too.
// Each test is one step, numbered as in the standard; storage is altered in
// tamper_storage_test.cc.

#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/base/ids.h"
#include "tests/proof/forger.h"
#include "tests/proof/office.h"
#include "tests/support/test_service.h"

namespace gongkai {
namespace {

using test::Finished;
using test::Forger;
using test::LogKey;
using test::Office;
using test::SequenceAll;
using test::TempPostgres;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class TamperDrill : public ::testing::Test {
 protected:
  TamperDrill()
      : office_(Office::Shared()),
        postgres_(TempPostgres::Shared()),
        database_(office_.Copy()),
        long_(office_.long_case()),
        young_(office_.young_case()) {}

  Finished Fsck(const std::vector<std::string>& words) const {
    return test::Audit(postgres_, database_, "fsck", words);
  }
  Forger Attack() const { return Forger(postgres_, database_); }

  // With the key and the newest outside checkpoint it is found, and said.
  void ExpectFound(const std::string& diagnosis) const {
    ExpectFoundAll({diagnosis});
  }
  void ExpectFoundAll(const std::vector<std::string>& diagnoses) const {
    const Finished with = Fsck(office_.Outside());
    EXPECT_EQ(with.exit, 1) << with.out << with.err;
    for (const std::string& diagnosis : diagnoses) {
      EXPECT_THAT(with.out, HasSubstr(diagnosis));
    }
  }
  // The database agrees with itself.
  void ExpectNotFoundInside(const std::vector<std::string>& words = {}) const {
    const Finished alone = Fsck(words);
    EXPECT_EQ(alone.exit, 0) << alone.out << alone.err;
    EXPECT_THAT(alone.out, HasSubstr("no checkpoint from outside"));
  }
  void ExpectFoundInside(const std::string& diagnosis) const {
    const Finished alone = Fsck({});
    EXPECT_EQ(alone.exit, 1) << alone.out << alone.err;
    EXPECT_THAT(alone.out, HasSubstr(diagnosis));
  }

  std::string Case(const std::string& number, int64_t seq = 0) const {
    return absl::StrCat("SHGXW, case ", number,
                        seq == 0 ? "" : absl::StrCat(", record ", seq), ": ");
  }

  Office& office_;
  TempPostgres& postgres_;
  const std::string database_;
  const std::string long_;
  const std::string young_;
};

constexpr char kRewritten[] = "the log was rewritten: the checkpoint in ";
constexpr char kShortened[] = "the log was shortened: the checkpoint in ";
constexpr char kPrivate[] = "the private part was altered";
constexpr char kAltered[] = "the record was altered";

TEST_F(TamperDrill, Step00UntouchedIsSound) {
  const Finished with = Fsck(office_.Outside());
  EXPECT_EQ(with.exit, 0) << with.out << with.err;
  EXPECT_THAT(with.out,
              AllOf(HasSubstr("\nsound\n"), Not(HasSubstr("not checked"))));
  ExpectNotFoundInside();
  const Finished rows = test::Audit(postgres_, database_, "reconcile", {});
  EXPECT_EQ(rows.exit, 0) << rows.out << rows.err;
}

TEST_F(TamperDrill, Step01AnEditedPayload) {
  const Forger forger = Attack();
  forger.Sql(
      "UPDATE private_part SET payload = payload || '\\x00'::bytea "
      "WHERE " +
      forger.Of(long_, 1));
  ExpectFound(Case(long_, 1) + kPrivate);
}

// By one who has the keys of the vault besides.
TEST_F(TamperDrill, Step01AnEditedPayloadSealedAgain) {
  const Forger forger = Attack();
  forger.EditPrivate(long_, 1, [](v1::Event& part) {
    part.mutable_received()->set_content("申请公开别的文件。");
  });
  ExpectFound(Case(long_, 1) + kPrivate);
}

TEST_F(TamperDrill, Step01AnEditedPayloadWithItsCommitment) {
  const Forger forger = Attack();
  forger.EditPrivate(long_, 1, [](v1::Event& part) {
    part.mutable_received()->set_content("申请公开别的文件。");
  });
  forger.Rebuild();
  ExpectFound(kRewritten);
}

void ActorIsWang(audit::Record& record, v1::Event&) {
  record.actor.set_account("wang");
  record.actor.set_person("wang");
}

TEST_F(TamperDrill, Step02AnEditedActor) {
  Attack().EditRecord(long_, 4, ActorIsWang);
  ExpectFound(Case(long_, 4) + kAltered);
}

TEST_F(TamperDrill, Step02AnEditedActorInANewChain) {
  const Forger forger = Attack();
  forger.EditRecord(long_, 4, ActorIsWang);
  forger.RebuildChains();
  ExpectFound(Case(long_, 4) + "the leaf in its place");
}

TEST_F(TamperDrill, Step03AnEditedTime) {
  const Forger forger = Attack();
  forger.Sql(
      "UPDATE event SET recorded_time = recorded_time - interval '3 d' "
      "WHERE " +
      forger.Of(young_, 2));
  ExpectFound(Case(young_, 2) + "stored beside it is another recorded_time");
  forger.RebuildChains();
  ExpectFoundAll({Case(young_, 2) + "the leaf in its place",
                  Case(young_, 2) + "time anomaly"});
}

TEST_F(TamperDrill, Step04AMiddleEventDeleted) {
  const Forger forger = Attack();
  forger.Sql("DELETE FROM event WHERE " + forger.Of(long_, 5));
  ExpectFound(Case(long_, 5) + "the record is missing; left are its place");
}

TEST_F(TamperDrill, Step04AMiddleEventDeletedAndTheRestMovedUp) {
  const Forger forger = Attack();
  for (const char* table : {"event", "private_part", "log_leaf", "request"}) {
    forger.Sql(
        absl::StrCat("DELETE FROM ", table, " WHERE ", forger.Of(long_, 5)));
    for (int64_t seq = 6; seq <= office_.long_events(); ++seq) {
      forger.Sql(absl::StrCat("UPDATE ", table, " SET seq = seq - 1 WHERE ",
                              forger.Of(long_, seq)));
    }
  }
  forger.RebuildChains();
  ExpectFound("the leaf in its place");
  forger.RebuildLog();
  ExpectFound(kRewritten);
}

TEST_F(TamperDrill, Step05TheLastEventOfACaseDeleted) {
  const Forger forger = Attack();
  const int64_t last = office_.long_events();
  forger.Sql("DELETE FROM event WHERE " + forger.Of(long_, last));
  ExpectFound(Case(long_) + absl::StrCat("its row counts ", last,
                                         " records and the last is ",
                                         last - 1));
  // The row of the case, too; its place in the log is left.
  forger.RebuildChains();
  ExpectFound(Case(long_, last) + "the record is missing; left are its place");
  forger.RebuildLog();
  ExpectFound(kRewritten);
}

// Deletes the last k entries of the log with their records, everywhere.
void DeleteLast(const Forger& forger, int k) {
  forger.Sql(absl::StrCat(
      "CREATE TEMP TABLE gone AS SELECT agency_id, stream_id, seq FROM "
      "log_leaf ORDER BY log_index DESC LIMIT ",
      k,
      ";DELETE FROM event USING gone g WHERE (event.agency_id, "
      "event.stream_id, event.seq) = (g.agency_id, g.stream_id, g.seq)"
      ";DELETE FROM private_part p USING gone g WHERE (p.agency_id, "
      "p.stream_id, p.seq) = (g.agency_id, g.stream_id, g.seq)"
      ";DELETE FROM access a USING gone g WHERE a.access_id = g.stream_id"
      ";DELETE FROM stream s WHERE NOT EXISTS (SELECT FROM event e WHERE "
      "(e.agency_id, e.stream_id) = (s.agency_id, s.stream_id))"));
  forger.Rebuild();
  forger.DropCheckpointsBeyond();
}

TEST_F(TamperDrill, Step06TheNewestEntriesDeleted) {
  const Forger forger = Attack();
  const int64_t before = forger.TreeSize();
  DeleteLast(forger, 4);
  ExpectFoundAll({kShortened, absl::StrCat("is of ", before,
                                           " entries, and the database "
                                           "holds ",
                                           before - 4)});
  ExpectNotFoundInside();
}

TEST_F(TamperDrill, Step07AWholeCaseDeletedEverywhere) {
  const Forger forger = Attack();
  const std::string where = forger.Of(young_);
  for (const char* table :
       {"event", "private_part", "log_leaf", "request", "case_limit",
        "case_text", "data_key", "person_key", "stream"}) {
    forger.Sql(absl::StrCat("DELETE FROM ", table, " WHERE ", where));
  }
  forger.Rebuild();
  forger.DropCheckpointsBeyond();
  ExpectFound(kShortened);
  ExpectNotFoundInside();
  // What the number tells is not proof, but it is told.
  const Finished rows = test::Audit(postgres_, database_, "reconcile", {});
  EXPECT_EQ(rows.exit, 1) << rows.out;
  EXPECT_THAT(rows.out, HasSubstr(young_ + " was given and no case has it"));
}

TEST_F(TamperDrill, Step08TwoEventsSwapped) {
  const Forger forger = Attack();
  for (const char* table : {"event", "private_part"}) {
    forger.Sql(absl::StrCat(
        "UPDATE ", table, " SET seq = -3 WHERE ", forger.Of(long_, 3),
        ";UPDATE ", table, " SET seq = 3 WHERE ", forger.Of(long_, 2),
        ";UPDATE ", table, " SET seq = 2 WHERE ", forger.Of(long_, -3)));
  }
  ExpectFoundAll({Case(long_, 2) + "the record was moved here: it "
                                   "says that it is record 3",
                  Case(long_, 3) + "the record was moved here: it "
                                   "says that it is record 2"});
  forger.Rebuild();
  ExpectFound(kRewritten);
}

TEST_F(TamperDrill, Step09AnEventMovedToAnotherCase) {
  const Forger forger = Attack();
  forger.Sql(absl::StrCat(
      "UPDATE event SET stream_id = (SELECT stream_id FROM stream WHERE "
      "number = '",
      young_, "'), seq = 4 WHERE ", forger.Of(long_, office_.long_events())));
  ExpectFoundAll(
      {Case(young_, 4) + "the record was moved here",
       Case(long_, office_.long_events()) + "the record is missing"});
  forger.Rebuild();
  ExpectFound(kRewritten);
}

TEST_F(TamperDrill, Step10ABackdatedEventPutIn) {
  const Forger forger = Attack();
  for (const char* table : {"event", "private_part", "log_leaf", "request"}) {
    for (int64_t seq = office_.long_events(); seq >= 3; --seq) {
      forger.Sql(absl::StrCat("UPDATE ", table, " SET seq = seq + 1 WHERE ",
                              forger.Of(long_, seq)));
    }
  }
  forger.Sql(absl::StrCat(
      "INSERT INTO event SELECT agency_id, stream_id, 3, recorded_time, "
      "occurred_date, type, '",
      NewUuid(test::TestNoon()), "', '", NewUuid(test::TestNoon()),
      "', hash, leaf_hash, record FROM event WHERE ", forger.Of(long_, 2)));
  forger.RebuildChains();
  ExpectFound(Case(long_, 3) +
              "the record has no place in the log and does not wait for one");
  // In the queue it would wait while later records have their place.
  forger.Sql(absl::StrCat(
      "INSERT INTO log_queue (agency_id, stream_id, seq, leaf_hash) SELECT "
      "agency_id, stream_id, seq, leaf_hash FROM event WHERE ",
      forger.Of(long_, 3)));
  ExpectFoundInside(Case(long_, 4) +
                    "it has a place in the log while a record before it waits");
  forger.RebuildLog();
  ExpectFound(kRewritten);
}

TEST_F(TamperDrill, Step11AllRewrittenUnderANewKey) {
  const Forger forger = Attack();
  forger.EditRecord(long_, 4, ActorIsWang);
  forger.Rebuild();
  forger.Resign(LogKey::New(audit::Suite::kSha256Ed25519));
  ExpectFound(kRewritten);
  ExpectNotFoundInside();
  // With the true key alone the signature is found out.
  const Finished key = Fsck({"--vkey", office_.key().verifier.ToText()});
  EXPECT_EQ(key.exit, 1);
  EXPECT_THAT(key.out, HasSubstr("the checkpoint in the database of "));
}

TEST_F(TamperDrill, Step12AllRewrittenUnderTheRealKey) {
  const Forger forger = Attack();
  forger.EditRecord(long_, 4, ActorIsWang);
  forger.Rebuild();
  forger.Resign(office_.key());
  ExpectFound(kRewritten);
  ExpectNotFoundInside();
  // Not even by its key: only a checkpoint that left the house helps.
  ExpectNotFoundInside({"--vkey", office_.key().verifier.ToText()});
}

TEST_F(TamperDrill, Step13TheNewestCheckpointsDeleted) {
  const Forger forger = Attack();
  forger.Sql(
      "DELETE FROM checkpoint WHERE tree_size = "
      "(SELECT max(tree_size) FROM checkpoint)");
  ExpectFoundAll({"the checkpoint in ", "is not among those of the database"});
}

TEST_F(TamperDrill, Step14YesterdaysDumpRestored) {
  const std::string restored = office_.CopyOfYesterday();
  const Finished at_once =
      test::Audit(postgres_, restored, "fsck", office_.Outside());
  EXPECT_EQ(at_once.exit, 1);
  EXPECT_THAT(at_once.out, HasSubstr(kShortened));
  // And gone on with, past what had been signed.
  test::Path path(postgres_, restored, test::TestNoon() + absl::Hours(30));
  path.Receive("SHGXW", 40);
  SequenceAll(postgres_, restored);
  test::SignTree(postgres_, restored, office_.key());
  const Finished later =
      test::Audit(postgres_, restored, "fsck", office_.Outside());
  EXPECT_EQ(later.exit, 1);
  EXPECT_THAT(later.out, HasSubstr(kRewritten));
  const Finished alone = test::Audit(
      postgres_, restored, "fsck", {"--vkey", office_.key().verifier.ToText()});
  EXPECT_EQ(alone.exit, 0) << alone.out;
}

TEST_F(TamperDrill, Step15OneTileChanged) {
  const Forger forger = Attack();
  forger.Sql(
      "UPDATE log_tile SET hashes = overlay(hashes PLACING "
      "decode(repeat('ab', 32), 'hex') FROM 65) "
      "WHERE level = 0 AND tile_index = 0");
  ExpectFound(
      "tile 0 of level 0 of the tree was altered: it does not hold the "
      "leaf of place 3 of the log");
}

TEST_F(TamperDrill, Step16OneLeafChanged) {
  const Forger forger = Attack();
  forger.Sql(
      "UPDATE log_leaf SET leaf_hash = decode(repeat('ab', 32), 'hex') "
      "WHERE " +
      forger.Of(long_, 2));
  ExpectFoundAll({Case(long_, 2) + "the leaf in its place",
                  "tile 0 of level 0 of the tree was altered",
                  "the root of the tree of"});
}

// The salts are sealed with the parts, so these are swapped whole.
TEST_F(TamperDrill, Step17TheSaltsOfTwoEventsSwapped) {
  const Forger forger = Attack();
  forger.Sql(absl::StrCat(
      "UPDATE private_part p SET payload = o.payload FROM private_part o "
      "WHERE "
      "(p.agency_id, p.stream_id) = (o.agency_id, o.stream_id) AND p.seq + "
      "o.seq = 4 AND p.seq IN (1, 3) AND (p.agency_id, p.stream_id) = (SELECT "
      "agency_id, stream_id FROM stream WHERE number = '",
      young_, "')"));
  ExpectFoundAll({Case(young_, 1) + kPrivate, Case(young_, 3) + kPrivate});
}

// No attachment is stored yet: what proves one is its commitment in the record,
// so it is that which is changed.
TEST_F(TamperDrill, Step18AnAttachmentExchanged) {
  const Forger forger = Attack();
  forger.EditRecord(long_, 9, [](audit::Record& record, v1::Event&) {
    record.attachment_commitments = {std::string(audit::kHashBytes, 'a')};
  });
  ExpectFound(Case(long_, 9) + kAltered);
  forger.RebuildChains();
  ExpectFound(Case(long_, 9) + "the leaf in its place");
}

TEST_F(TamperDrill, Step19AnEventUnderASecondIndex) {
  const Forger forger = Attack();
  const int64_t size = forger.TreeSize();
  forger.Sql(absl::StrCat(
      "DO $$ BEGIN EXECUTE (SELECT 'ALTER TABLE log_leaf DROP CONSTRAINT ' || "
      "conname FROM pg_constraint WHERE conrelid = 'log_leaf'::regclass AND "
      "contype = 'u'); END $$;"
      "INSERT INTO log_leaf SELECT log_id, ",
      size + 1,
      ", seq, stream_id, agency_id, leaf_hash, kind FROM log_leaf "
      "WHERE ",
      forger.Of(long_, 2), ";UPDATE log SET size = size + 1"));
  ExpectFound(Case(long_, 2) +
              "the record has more than one place: 2 in the log");
}

TEST_F(TamperDrill, Step19AnEventCopiedToTheEndOfItsCase) {
  const Forger forger = Attack();
  forger.Sql(absl::StrCat(
      "INSERT INTO event SELECT agency_id, stream_id, 4, recorded_time, "
      "occurred_date, type, event_id, request_id, hash, leaf_hash, record "
      "FROM event WHERE ",
      forger.Of(young_, 2)));
  forger.RebuildChains();
  forger.Sql(absl::StrCat(
      "INSERT INTO log_queue (agency_id, stream_id, seq, leaf_hash) SELECT "
      "agency_id, stream_id, seq, leaf_hash FROM event WHERE ",
      forger.Of(young_, 4)));
  SequenceAll(postgres_, database_);
  // Nothing that was signed is touched: it is its id that gives it away.
  ExpectFoundInside("2 records have the event id ");
  ExpectFound("2 records have the event id ");
}

TEST_F(TamperDrill, Step20TheClockSetBack) {
  test::Path path(postgres_, database_,
                  test::TestNoon() + absl::Hours(24 * 21));
  path.Act(young_, R"(log_contact { note: "电话核实" })", v1::ROLE_HANDLER,
           "li");
  path.clock().Set(test::TestNoon() + absl::Hours(24 + 1));
  path.Act(young_, R"(log_contact { note: "电话核实" })", v1::ROLE_HANDLER,
           "li");
  SequenceAll(postgres_, database_);
  ExpectFoundInside(Case(young_, 5) +
                    "time anomaly: it was recorded at 2024-03-21T05:00:00");
}

TEST_F(TamperDrill, Step21TwoCheckpointsOfOneSize) {
  const Forger forger = Attack();
  const int64_t size = forger.TreeSize();
  const std::string other = test::SignedNote(
      office_.key(), {"gongkai", size, std::string(audit::kHashBytes, 'r')});
  // One of them in the database.
  forger.Sql(absl::StrCat("UPDATE checkpoint SET root = ",
                          test::Bytes(std::string(audit::kHashBytes, 'r')),
                          ", note = convert_from(", test::Bytes(other),
                          ", 'UTF8') WHERE tree_size = ", size));
  ExpectFoundAll({"two histories of the log were signed",
                  absl::StrCat("are both of ", size,
                               " entries and have different roots")});
}

TEST_F(TamperDrill, Step21TwoCheckpointsOfOneSizeOutside) {
  const int64_t size = Attack().TreeSize();
  const std::string file = office_.Write(
      "other.note",
      test::SignedNote(office_.key(),
                       {"gongkai", size, std::string(audit::kHashBytes, 'r')}));
  std::vector<std::string> words = office_.Outside();
  words.insert(words.end(), {"--old", file});
  const Finished both = Fsck(words);
  EXPECT_EQ(both.exit, 1) << both.out;
  EXPECT_THAT(both.out, AllOf(HasSubstr("two histories of the log were signed"),
                              HasSubstr(office_.new_file()), HasSubstr(file)));
}

TEST_F(TamperDrill, Step22ATriggerStoppedForAMoment) {
  const auto sql = [&](const std::string& text) {
    postgres_.Run(postgres_.Superuser(database_), text);
  };
  const Forger eyes(postgres_, office_.Copy());
  const std::string where = eyes.Of(long_, 4);
  EXPECT_NE(postgres_.Error(postgres_.Superuser(database_),
                            "UPDATE event SET occurred_date = "
                            "occurred_date - 30 WHERE " +
                                where),
            "");
  sql("ALTER TABLE event DISABLE TRIGGER event_append_only;"
      "UPDATE event SET occurred_date = occurred_date - 30 WHERE " +
      where + ";ALTER TABLE event ENABLE ALWAYS TRIGGER event_append_only");
  ExpectFound(Case(long_, 4) + "stored beside it is another occurred_date");
}

TEST_F(TamperDrill, Step24APayloadErasedWithoutItsEvent) {
  const Forger forger = Attack();
  forger.Sql(
      "UPDATE private_part SET salt = NULL, payload = NULL, erased_time "
      "= now() WHERE " +
      forger.Of(long_, 1));
  ExpectFound(Case(long_, 1) +
              "its private part was destroyed and no erasure names it");
}

TEST_F(TamperDrill, Step24APrivateRowDeleted) {
  const Forger forger = Attack();
  forger.Sql("DELETE FROM private_part WHERE " + forger.Of(long_, 1));
  ExpectFound(Case(long_, 1) +
              "its private part was destroyed and no erasure names it");
}

}  // namespace
}  // namespace gongkai
