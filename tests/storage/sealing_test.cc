// SPDX-License-Identifier: Apache-2.0
// Private parts sealed before they reach the database, their keys, and who may
// see a case, which comes with every row of it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "services/vault/vault.h"
#include "tests/storage/samples.h"
#include "tests/storage/store_test.h"

namespace gongkai::storage {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr char kWords[] = "31010119900101001X 王小明 plain words";

std::string KeyFile() {
  return vault::Vault::Generate(vault::Cipher::kAes256Gcm, "").value();
}

class SealingTest : public PostgresTest {
 protected:
  Append Sample(int64_t version, const std::string& stream,
                const std::string& agency = kAgencyA) {
    Append a = SampleAppend(agency, stream, version,
                            version == 0 ? absl::StrCat("X-", ++cases_) : "");
    a.event.payload = absl::StrCat(kWords, version);
    return a;
  }
  Appended Seal(const Append& append) {
    const auto appended = sealing_.AppendAll({append}, Soon());
    EXPECT_TRUE(appended.ok()) << appended.status();
    return appended.value_or(Appended::kStale);
  }
  absl::StatusOr<History> Read(const std::string& stream,
                               const std::string& agency = kAgencyA) {
    return sealing_.LoadStream(agency, stream, "", true, Soon());
  }
  std::string Owner(const std::string& sql) {
    return server().Run(owner_, sql);
  }
  // Bytes of `text` anywhere in the rows of private parts.
  std::string RowsWith(const std::string& text) {
    return Owner(absl::StrCat(
        "SELECT count(*) FROM private_part p WHERE strpos(p::text, '",
        absl::BytesToHexString(text), "') > 0"));
  }

  int cases_ = 0;
  const std::string file_ = KeyFile();
  const std::unique_ptr<vault::Vault> vault_ =
      vault::Vault::Parse(file_).value();
  PostgresStore sealing_{service_, 4, vault_.get()};
  const std::string stream_ = NewId();
};

TEST_F(SealingTest, WhatIsStoredTellsNothingAndComesBackWhole) {
  const Append first = Sample(0, stream_);
  ASSERT_EQ(Seal(first), Appended::kAppended);
  auto history = Read(stream_);
  ASSERT_TRUE(history.ok()) << history.status();
  EXPECT_EQ(history->events[0].salt, first.event.salt);
  EXPECT_EQ(history->events[0].payload, first.event.payload);
  EXPECT_NE(history->key.outer, 0);
  EXPECT_EQ(Owner("SELECT octet_length(salt) FROM private_part"), "0");
  EXPECT_EQ(RowsWith("plain words"), "0");
  EXPECT_EQ(RowsWith("31010119900101001X"), "0");
  EXPECT_EQ(RowsWith(first.event.salt), "0");

  // The next one is sealed with the same key.
  Append second = Sample(1, stream_);
  second.key = history->key;
  ASSERT_EQ(Seal(second), Appended::kAppended);
  history = Read(stream_);
  ASSERT_TRUE(history.ok()) << history.status();
  EXPECT_EQ(history->events[1].payload, second.event.payload);
  EXPECT_EQ(Owner("SELECT count(*) FROM data_key"), "1");
  // Without private parts nothing is opened.
  const auto bare = sealing_.LoadStream(kAgencyA, stream_, "", false, Soon());
  EXPECT_EQ(bare->events[0].payload, "");
  EXPECT_EQ(bare->key.wrapped, history->key.wrapped);
}

TEST_F(SealingTest, AStreamOfOneBatchGetsOneKey) {
  ASSERT_EQ(sealing_.AppendAll({Sample(0, stream_), Sample(1, stream_)}, Soon())
                .value(),
            Appended::kAppended);
  const auto history = Read(stream_);
  ASSERT_TRUE(history.ok()) << history.status();
  EXPECT_EQ(history->events[1].payload, absl::StrCat(kWords, 1));
}

TEST_F(SealingTest, AKeyIsNeverPutInThePlaceOfAnother) {
  ASSERT_EQ(Seal(Sample(0, stream_)), Appended::kAppended);
  // Whoever does not know the key of the stream has to load it first.
  EXPECT_EQ(Seal(Sample(1, stream_)), Appended::kStale);
  EXPECT_EQ(Read(stream_)->version, 1);
}

TEST_F(SealingTest, EventsWithoutPrivatePartsNeedNoKey) {
  Append a = Sample(0, stream_);
  a.event.salt.clear();
  a.event.payload.clear();
  ASSERT_EQ(Seal(a), Appended::kAppended);
  EXPECT_EQ(Owner("SELECT count(*) FROM data_key"), "0");
  EXPECT_EQ(Read(stream_)->key.outer, 0);
  // The first private part brings it.
  ASSERT_EQ(Seal(Sample(1, stream_)), Appended::kAppended);
  EXPECT_NE(Read(stream_)->key.outer, 0);
}

TEST_F(SealingTest, ReceiptsAreSealedToo) {
  ASSERT_TRUE(sealing_
                  .Receive(
                      kAgencyA, 2024,
                      {{NewId(), KeyOf("a"), absl::CivilDay(2024, 2, 1), ""}},
                      [&](const std::vector<Place>&) {
                        return std::vector<Append>{Sample(0, stream_)};
                      },
                      Soon())
                  .ok());
  EXPECT_EQ(RowsWith("plain words"), "0");
  EXPECT_EQ(Read(stream_)->events[0].payload, absl::StrCat(kWords, 0));
}

TEST_F(SealingTest, WithoutTheKeysNothingIsRead) {
  ASSERT_EQ(Seal(Sample(0, stream_)), Appended::kAppended);
  const auto bare = store().LoadStream(kAgencyA, stream_, "", true, Soon());
  EXPECT_EQ(bare.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_TRUE(store().LoadStream(kAgencyA, stream_, "", false, Soon()).ok());
  const auto other = vault::Vault::Parse(KeyFile()).value();
  PostgresStore stranger(service_, 1, other.get());
  EXPECT_FALSE(stranger.LoadStream(kAgencyA, stream_, "", true, Soon()).ok());
}

TEST_F(SealingTest, AnAlteredMovedOrKeylessPartIsDataLoss) {
  const std::string other = NewId();
  ASSERT_EQ(Seal(Sample(0, stream_)), Appended::kAppended);
  ASSERT_EQ(Seal(Sample(0, other)), Appended::kAppended);
  const std::string of = absl::StrCat(" WHERE stream_id = '", stream_, "'");
  const auto code = [&] { return Read(stream_).status().code(); };
  const std::string kept =
      Owner("SELECT encode(payload, 'hex') FROM private_part" + of);
  Owner(
      "UPDATE private_part SET payload = set_byte(payload, 40, "
      "get_byte(payload, 40) # 1)" +
      of);
  EXPECT_EQ(code(), absl::StatusCode::kDataLoss);
  Owner(
      "UPDATE private_part SET payload = (SELECT payload FROM private_part "
      "WHERE stream_id = '" +
      other + "')" + of);
  EXPECT_EQ(code(), absl::StatusCode::kDataLoss);
  Owner("UPDATE private_part SET payload = decode('" + kept + "', 'hex')" + of);
  EXPECT_TRUE(Read(stream_).ok());
  Owner("DELETE FROM data_key" + of);
  EXPECT_EQ(code(), absl::StatusCode::kDataLoss);
  EXPECT_TRUE(Read(other).ok());
}

TEST_F(SealingTest, TheKeyGoesWithTheLastPrivatePart) {
  Append first = Sample(0, stream_);
  first.text = SampleText("甲", "公开信息");
  first.text->person_keys = {{PersonKeyKind::kIdentityNumber, KeyOf("n")},
                             {PersonKeyKind::kTelephone, KeyOf("t")}};
  ASSERT_EQ(sealing_.AppendAll({first, Sample(1, stream_)}, Soon()).value(),
            Appended::kAppended);
  ASSERT_EQ(Seal(Sample(0, NewId())), Appended::kAppended);
  const auto erase = [&](int64_t version, std::vector<int64_t> seqs,
                         bool words) {
    Append a = SampleAppend(kAgencyA, stream_, version);
    a.event.type = 42;
    a.event.salt.clear();
    a.event.payload.clear();
    a.erase = std::move(seqs);
    a.erase_words = words;
    return a;
  };
  ASSERT_EQ(Seal(erase(2, {1}, false)), Appended::kAppended);
  EXPECT_EQ(Owner("SELECT count(*) FROM data_key"), "2");
  EXPECT_EQ(Owner("SELECT count(*) FROM person_key"), "2");
  EXPECT_EQ(Read(stream_)->events[1].payload, absl::StrCat(kWords, 1));
  ASSERT_EQ(Seal(erase(3, {2}, true)), Appended::kAppended);
  EXPECT_EQ(Owner("SELECT count(*) FROM data_key"), "1");
  EXPECT_EQ(Owner("SELECT count(*) FROM person_key"), "0");
  const auto history = Read(stream_);
  ASSERT_TRUE(history.ok()) << history.status();
  EXPECT_TRUE(history->events[1].erased);
  EXPECT_EQ(history->key.outer, 0);
}

// After a restore the backup's key is there again.
TEST_F(SealingTest, AReplayedErasureDestroysTheKeyToo) {
  ASSERT_EQ(Seal(Sample(0, stream_)), Appended::kAppended);
  EXPECT_EQ(Owner(absl::StrCat(
                "SELECT destroyed FROM replay_erasure('SHGXW', '", stream_,
                "', '{1}', ARRAY(SELECT leaf_hash FROM event), true)")),
            "1");
  EXPECT_EQ(Owner("SELECT count(*) FROM data_key"), "0");
}

TEST_F(SealingTest, KeysAreListedAndWrappedAnew) {
  const std::string other = NewId();
  ASSERT_EQ(Seal(Sample(0, stream_)), Appended::kAppended);
  ASSERT_EQ(Seal(Sample(0, other, kAgencyB)), Appended::kAppended);
  const int old = vault_->newest();
  EXPECT_THAT(sealing_.KeysNotUnder(old, 10, Soon()).value(), IsEmpty());
  const auto newer =
      vault::Vault::Parse(
          vault::Vault::Generate(vault::Cipher::kAes256Gcm, file_).value())
          .value();
  EXPECT_THAT(sealing_.KeysNotUnder(newer->newest(), 1, Soon()).value(),
              SizeIs(1));
  const auto keys = sealing_.KeysNotUnder(newer->newest(), 10, Soon()).value();
  ASSERT_THAT(keys, SizeIs(2));
  for (const KeyBook::StreamKey& key : keys) {
    const DataKey to = newer->Rewrap(key.agency, key.stream, key.key).value();
    DataKey wrong = key.key;
    wrong.wrapped += "x";
    EXPECT_FALSE(
        *sealing_.ReplaceKey(key.agency, key.stream, wrong, to, Soon()));
    EXPECT_TRUE(
        *sealing_.ReplaceKey(key.agency, key.stream, key.key, to, Soon()));
    // After a lost answer.
    EXPECT_TRUE(
        *sealing_.ReplaceKey(key.agency, key.stream, key.key, to, Soon()));
  }
  const auto counts = sealing_.CountKeys(Soon()).value();
  ASSERT_THAT(counts, SizeIs(1));
  EXPECT_EQ(counts[0].outer, newer->newest());
  EXPECT_EQ(counts[0].keys, 2);
  PostgresStore reader(service_, 1, newer.get());
  const auto history = reader.LoadStream(kAgencyB, other, "", true, Soon());
  ASSERT_TRUE(history.ok()) << history.status();
  EXPECT_EQ(history->events[0].payload, absl::StrCat(kWords, 0));
}

TEST_F(SealingTest, WhatWasStoredBareIsReadAndSealedLater) {
  const std::string other = NewId();
  // From before there were keys, of two agencies; one went on since.
  ASSERT_EQ(Put(Sample(0, stream_)), Appended::kAppended);
  ASSERT_EQ(Put(Sample(0, other, kAgencyB)), Appended::kAppended);
  ASSERT_EQ(Seal(Sample(1, stream_)), Appended::kAppended);
  auto history = Read(stream_);
  ASSERT_TRUE(history.ok()) << history.status();
  EXPECT_EQ(history->events[0].payload, absl::StrCat(kWords, 0));
  EXPECT_EQ(RowsWith("plain words"), "2");

  EXPECT_EQ(store().SealPlain(10, Soon()).status().code(),
            absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(*sealing_.SealPlain(1, Soon()), 1);
  EXPECT_EQ(*sealing_.SealPlain(10, Soon()), 1);
  EXPECT_EQ(*sealing_.SealPlain(10, Soon()), 0);
  EXPECT_EQ(RowsWith("plain words"), "0");
  EXPECT_EQ(Owner("SELECT count(*) FROM data_key"), "2");
  history = Read(stream_);
  ASSERT_TRUE(history.ok()) << history.status();
  EXPECT_EQ(history->events[0].payload, absl::StrCat(kWords, 0));
  EXPECT_EQ(history->events[1].payload, absl::StrCat(kWords, 1));
  EXPECT_EQ(Read(other, kAgencyB)->events[0].payload, absl::StrCat(kWords, 0));
}

// A sealed part, or one that the caller does not know, stays as it is.
TEST_F(SealingTest, TheServiceCannotReplaceASealedPart) {
  ASSERT_EQ(Seal(Sample(0, stream_)), Appended::kAppended);
  const std::string other = NewId();
  ASSERT_EQ(Put(Sample(0, other)), Appended::kAppended);
  const auto seal = [&](const std::string& stream) {
    return server().Run(
        service_,
        absl::StrCat("SELECT set_config('gongkai.agency', 'SHGXW', false); "
                     "SELECT seal_part('SHGXW', '",
                     stream,
                     "', 1, '', '', repeat('x', 999)::bytea, NULL, "
                     "NULL)"));
  };
  EXPECT_EQ(seal(stream_), "f");
  EXPECT_EQ(seal(other), "f");
  EXPECT_THAT(server().Error(service_, "UPDATE private_part SET payload = ''"),
              HasSubstr("permission denied"));
  EXPECT_THAT(server().Error(service_, "UPDATE data_key SET wrapped = ''"),
              HasSubstr("permission denied"));
  EXPECT_THAT(server().Error(service_, "DELETE FROM data_key"),
              HasSubstr("permission denied"));
}

TEST_F(SealingTest, KeysAndPersonsAreSeenOneAgencyAtATime) {
  for (const char* agency : {kAgencyA, kAgencyB}) {
    Append a = Sample(0, NewId(), agency);
    a.text = SampleText("甲", "公开信息");
    a.text->person_keys = {{PersonKeyKind::kTelephone, KeyOf("t")}};
    ASSERT_EQ(Seal(a), Appended::kAppended);
  }
  for (const char* table : {"data_key", "person_key"}) {
    const std::string count = absl::StrCat("SELECT count(*) FROM ", table);
    EXPECT_EQ(server().Run(service_, count), "0");
    EXPECT_EQ(
        server().Run(
            service_,
            "SELECT set_config('gongkai.agency', 'SHGXW', false); " + count),
        "1");
    EXPECT_EQ(server().Run(server().Auditor(database_), count), "2");
  }
  const auto found = sealing_.FindByPerson(
      kAgencyA, {PersonKeyKind::kTelephone, KeyOf("t")}, 10, "", Soon());
  ASSERT_TRUE(found.ok()) << found.status();
  EXPECT_THAT(*found, SizeIs(1));
}

class MarksContract : public StoreTest {
 protected:
  Append Case(const std::string& stream, std::vector<PersonKey> keys) {
    Append a = SampleAppend(kAgencyA, stream, 0, "X-" + stream);
    a.text = SampleText("甲", "公开信息");
    a.text->person_keys = std::move(keys);
    return a;
  }
  std::vector<std::string> Of(const PersonKey& key, int limit = 10,
                              const std::string& after = "") {
    std::vector<std::string> streams;
    const auto found =
        house_.index->FindByPerson(kAgencyA, key, limit, after, Soon());
    EXPECT_TRUE(found.ok()) << found.status();
    for (const FoundText& one : *found) streams.push_back(one.found.stream);
    return streams;
  }
  const PersonKey number_{PersonKeyKind::kIdentityNumber, KeyOf("n")};
  const PersonKey phone_{PersonKeyKind::kTelephone, KeyOf("n")};
};
INSTANTIATE_TEST_SUITE_P(Stores, MarksContract, BothStores(), KindName);

TEST_P(MarksContract, CasesAreFoundByPersonNewestFirst) {
  std::vector<std::string> streams;
  for (int i = 0; i < 3; ++i) {
    streams.push_back(NewUuid(absl::Now() + absl::Milliseconds(i)));
    ASSERT_EQ(Put(Case(streams.back(), {number_})), Appended::kAppended);
  }
  const std::string other = NewUuid(absl::Now() + absl::Seconds(1));
  ASSERT_EQ(Put(Case(other, {phone_})), Appended::kAppended);
  EXPECT_THAT(Of(number_), ElementsAre(streams[2], streams[1], streams[0]));
  EXPECT_THAT(Of(number_, 1), ElementsAre(streams[2]));
  EXPECT_THAT(Of(number_, 1, streams[2]), ElementsAre(streams[1]));
  EXPECT_THAT(Of(number_, 9, streams[0]), IsEmpty());
  EXPECT_THAT(Of(phone_), ElementsAre(other));
  // The words of a case bring its persons with them.
  Append mended = SampleAppend(kAgencyA, streams[0], 1);
  mended.text = SampleText("乙", "公开信息");
  mended.text->person_keys = {phone_};
  ASSERT_EQ(Put(mended), Appended::kAppended);
  EXPECT_THAT(Of(number_), ElementsAre(streams[2], streams[1]));
  EXPECT_THAT(Of(phone_), ElementsAre(other, streams[0]));
  // Others leave them.
  ASSERT_EQ(Put(SampleAppend(kAgencyA, streams[1], 1)), Appended::kAppended);
  EXPECT_THAT(Of(number_), ElementsAre(streams[2], streams[1]));
  const auto none =
      house_.index->FindByPerson(kAgencyB, number_, 9, "", Soon());
  EXPECT_THAT(*none, IsEmpty());
}

TEST_P(MarksContract, WhoMaySeeACaseComesWithEveryRowOfIt) {
  const std::string stream = NewId();
  Append a = Case(stream, {number_});
  a.row.labels = {1, 3};
  a.row.restricted_to = {"li", "wang\"{,}"};
  ASSERT_EQ(Put(a), Appended::kAppended);
  CaseQuery query;
  query.agency = kAgencyA;
  for (const auto order :
       {CaseQuery::Order::kNewest, CaseQuery::Order::kReceivedFirst}) {
    query.order = order;
    const auto listed = house_.index->List(query, Soon());
    ASSERT_TRUE(listed.ok()) << listed.status();
    ASSERT_THAT(*listed, SizeIs(1));
    EXPECT_EQ((*listed)[0].row.labels, a.row.labels);
    EXPECT_EQ((*listed)[0].row.restricted_to, a.row.restricted_to);
  }
  const auto found =
      house_.index->FindByPerson(kAgencyA, number_, 9, "", Soon());
  EXPECT_EQ((*found)[0].found.row.restricted_to, a.row.restricted_to);
  ASSERT_TRUE(house_.log->Sequence(10, nullptr, Soon()).ok());
  auto entries = house_.log->ReadLog(0, "", 10, Soon());
  ASSERT_TRUE(entries.ok()) << entries.status();
  EXPECT_EQ((*entries)[0].department, "XXGK");
  EXPECT_EQ((*entries)[0].labels, a.row.labels);
  EXPECT_EQ((*entries)[0].restricted_to, a.row.restricted_to);
  // As the case stands now, not as it stood then.
  Append next = SampleAppend(kAgencyA, stream, 1);
  next.row.department = "FGC";
  ASSERT_EQ(Put(next), Appended::kAppended);
  entries = house_.log->ReadLog(0, "", 10, Soon());
  EXPECT_EQ((*entries)[0].department, "FGC");
  EXPECT_THAT((*entries)[0].labels, IsEmpty());
  EXPECT_THAT((*entries)[0].restricted_to, IsEmpty());
}

}  // namespace
}  // namespace gongkai::storage
