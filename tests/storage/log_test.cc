// SPDX-License-Identifier: Apache-2.0
// The log: every event once, without gaps, in the order of its stream.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <map>
#include <thread>
#include <vector>

#include "services/audit/merkle.h"
#include "services/audit/record.h"
#include "tests/storage/samples.h"
#include "tests/storage/store_test.h"

namespace gongkai::storage {
namespace {

using ::testing::SizeIs;

class LogTest : public StoreTest {};

INSTANTIATE_TEST_SUITE_P(Stores, LogTest, BothStores(), KindName);

TEST_P(LogTest, EventsGetPlacesFromOneOn) {
  const std::string stream = NewId();
  Put(SampleAppend(kAgencyA, stream, 0, "X-1"));
  Put(SampleAppend(kAgencyB, NewId(), 0, "X-2"));
  Put(SampleAppend(kAgencyA, stream, 1));
  EXPECT_EQ(house_.log->LogSize(Soon()).value(), 0);
  EXPECT_EQ(house_.log->Sequence(2, nullptr, Soon()).value().placed, 2);
  EXPECT_EQ(house_.log->Sequence(2, nullptr, Soon()).value().placed, 1);
  EXPECT_EQ(house_.log->Sequence(2, nullptr, Soon()).value().placed, 0);
  EXPECT_EQ(house_.log->LogSize(Soon()).value(), 3);
  const auto entries = house_.log->ReadLog(1, kAgencyA, 10, Soon());
  ASSERT_TRUE(entries.ok()) << entries.status();
  ASSERT_THAT(*entries, SizeIs(1));
  const LogEntry& e = (*entries)[0];
  EXPECT_EQ(e.log_index, 3);
  EXPECT_EQ(e.agency, kAgencyA);
  EXPECT_EQ(e.stream, stream);
  EXPECT_EQ(e.number, "X-1");
  EXPECT_EQ(e.kind, StreamKind::kCase);
  EXPECT_EQ(e.seq, 2);
  EXPECT_EQ(e.type, 7);
  EXPECT_EQ(e.occurred, absl::CivilDay(2024, 2, 29));
  EXPECT_EQ(e.recorded_time, absl::FromUnixMicros(1'700'000'000'123'457));
}

TEST_P(LogTest, TwoSequencersGiveEveryEventOnePlaceInItsOrder) {
  constexpr int kWriters = 6, kStreams = 3, kEvents = 20;
  std::atomic<int> writing = kWriters;
  std::vector<std::thread> threads;
  for (int i = 0; i < kWriters; ++i) {
    threads.emplace_back([&, i] {
      for (int s = 0; s < kStreams; ++s) {
        const std::string stream = NewId();
        for (int v = 0; v < kEvents; ++v) {
          const std::string number =
              v > 0 ? "" : "X-" + std::to_string(i) + "-" + std::to_string(s);
          EXPECT_EQ(Put(SampleAppend(kAgencyA, stream, v, number)),
                    Appended::kAppended);
        }
      }
      --writing;
    });
  }
  std::atomic<int> taken = 0;
  for (int i = 0; i < 2; ++i) {
    threads.emplace_back([&] {
      bool more = true;
      while (more) {
        const bool last = writing == 0;
        const auto n = house_.log->Sequence(7, nullptr, Soon());
        ASSERT_TRUE(n.ok()) << n.status();
        taken += n->placed;
        more = !last || n->placed > 0;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  // One of the two may have stopped while the other held the lock.
  while (true) {
    const int n = house_.log->Sequence(100, nullptr, Soon()).value().placed;
    if (n == 0) break;
    taken += n;
  }
  constexpr int kAll = kWriters * kStreams * kEvents;
  EXPECT_EQ(taken, kAll);
  const auto entries = house_.log->ReadLog(0, "", kAll + 1, Soon());
  ASSERT_TRUE(entries.ok()) << entries.status();
  ASSERT_THAT(*entries, SizeIs(kAll));
  std::map<std::string, int64_t> seq;
  for (int i = 0; i < kAll; ++i) {
    const LogEntry& e = (*entries)[i];
    EXPECT_EQ(e.log_index, i + 1);
    EXPECT_EQ(e.seq, ++seq[e.stream]);
  }
}

// The root over the leaves of what was appended, in the order of the log.
std::string RootOver(const std::vector<std::string>& leaves) {
  audit::RootBuilder builder(audit::Suite::kSha256Ed25519);
  for (const std::string& leaf : leaves) builder.Add(leaf);
  return builder.Root();
}

TEST_P(LogTest, TheTreeOfAnEmptyLogHasTheEmptyRoot) {
  const auto head = house_.log->Head(Soon());
  ASSERT_TRUE(head.ok()) << head.status();
  EXPECT_EQ(head->size, 0);
  EXPECT_EQ(head->root, audit::EmptyRoot(audit::Suite::kSha256Ed25519));
}

TEST_P(LogTest, EveryPlaceIsALeafOfTheTreeAcrossTheEdgesOfTiles) {
  std::vector<std::string> leaves;
  const auto put = [&](int n) {
    for (int i = 0; i < n; ++i) {
      const Append a = SampleAppend(kAgencyA, NewId(), 0);
      ASSERT_EQ(Put(a), Appended::kAppended);
      leaves.push_back(a.event.leaf_hash);
    }
  };
  // Batches that end before, on and after the edge of a tile of 256.
  for (const int n : {1, 254, 1, 1, 300}) {
    put(n);
    const auto done = house_.log->Sequence(1000, nullptr, Soon());
    ASSERT_TRUE(done.ok()) << done.status();
    EXPECT_EQ(done->placed, n);
    const TreeHead expected{static_cast<int64_t>(leaves.size()),
                            RootOver(leaves)};
    EXPECT_EQ(*done->head, expected);
    EXPECT_EQ(house_.log->Head(Soon()).value(), expected);
  }
  const audit::ReadTile read = [&](int level, int64_t index, int) {
    return house_.log->Tile(level, index, Soon());
  };
  const auto size = static_cast<int64_t>(leaves.size());
  for (const int64_t index :
       {int64_t{0}, int64_t{255}, int64_t{256}, size - 1}) {
    const auto proof =
        audit::ProveInclusion(audit::Suite::kSha256Ed25519, index, size, read);
    ASSERT_TRUE(proof.ok()) << proof.status();
    EXPECT_TRUE(audit::CheckInclusion(audit::Suite::kSha256Ed25519, index, size,
                                      leaves[static_cast<size_t>(index)],
                                      *proof, RootOver(leaves))
                    .ok());
  }
  EXPECT_TRUE(absl::IsNotFound(house_.log->Tile(0, 9, Soon()).status()));
}

TEST_P(LogTest, ATreeThatTheSequencerDoesNotKnowIsLeftAlone) {
  Put(SampleAppend(kAgencyA, NewId(), 0));
  const auto first = house_.log->Sequence(10, nullptr, Soon());
  ASSERT_TRUE(first.ok()) << first.status();
  Put(SampleAppend(kAgencyA, NewId(), 0));
  const TreeHead other{1, std::string(32, 'x')};
  const auto refused = house_.log->Sequence(10, &other, Soon());
  ASSERT_TRUE(refused.ok()) << refused.status();
  EXPECT_TRUE(refused->moved);
  EXPECT_EQ(refused->placed, 0);
  EXPECT_EQ(*refused->head, *first->head);
  EXPECT_EQ(house_.log->Sequence(10, &*first->head, Soon()).value().placed, 1);
}

// What only the database can be asked.
class PostgresLogTest : public ::testing::Test {
 protected:
  test::TempPostgres& server() { return test::TempPostgres::Shared(); }
  void Put(const Append& append) {
    ASSERT_EQ(store_.AppendAll({append}, Soon()).value(), Appended::kAppended);
  }
  std::string Ask(std::string_view sql) {
    return server().Run(server().Superuser(database_), sql);
  }
  const std::string database_ = server().NewDatabase();
  PostgresStore store_{server().Service(database_), 2};
};

TEST_F(PostgresLogTest, ALogWithoutATreeIsCaughtUpBeforeItGrows) {
  std::vector<std::string> leaves;
  for (int i = 0; i < 600; ++i) {
    const Append a = SampleAppend(kAgencyA, NewId(), 0);
    Put(a);
    leaves.push_back(a.event.leaf_hash);
  }
  // As a database looks whose places were given before there was a tree.
  Ask("INSERT INTO log_leaf (log_id, log_index, agency_id, stream_id, seq, "
      "leaf_hash) SELECT 1, row_number() OVER (ORDER BY queue_id), agency_id, "
      "stream_id, seq, leaf_hash FROM log_queue ORDER BY queue_id LIMIT 599; "
      "DELETE FROM log_queue WHERE queue_id <> (SELECT max(queue_id) FROM "
      "log_queue); UPDATE log SET size = 599");
  Sequenced done;
  int calls = 0;
  do {
    done = store_.Sequence(100, nullptr, Soon()).value();
    ++calls;
  } while (done.more || done.placed > 0 || calls < 7);
  EXPECT_EQ(*done.head, (TreeHead{600, RootOver(leaves)}));
  EXPECT_EQ(store_.LogSize(Soon()).value(), 600);
}

TEST_F(PostgresLogTest, ATileOnlyGrowsAlsoForItsOwner) {
  Put(SampleAppend(kAgencyA, NewId(), 0));
  ASSERT_TRUE(store_.Sequence(10, nullptr, Soon()).ok());
  const std::string owner = server().Owner(database_);
  for (const char* statement :
       {"UPDATE log_tile SET hashes = decode(repeat('00', 32), 'hex')",
        "UPDATE log_tile SET hashes = ''", "DELETE FROM log_tile",
        "TRUNCATE log_tile"}) {
    EXPECT_NE(server().Error(owner, statement), "") << statement;
  }
}

TEST_F(PostgresLogTest, ARecordOfAnotherLogOrSuiteIsRefused) {
  Append foreign = SampleAppend(kAgencyA, NewId(), 0);
  foreign.event.record =
      audit::RecordPrefix(audit::Suite::kSha256Ed25519, "another") + "rest";
  EXPECT_TRUE(
      absl::IsFailedPrecondition(store_.AppendAll({foreign}, Soon()).status()));
  foreign.event.record =
      audit::RecordPrefix(audit::Suite::kSm3Sm2, "gongkai") + "rest";
  EXPECT_TRUE(
      absl::IsFailedPrecondition(store_.AppendAll({foreign}, Soon()).status()));
}

TEST_F(PostgresLogTest, ALogIsNamedOnceAndBeforeItHoldsAnything) {
  PostgresStore owner(server().Owner(database_), 1);
  const LogIdentity identity{"sh.example/log", 2};
  ASSERT_TRUE(owner.CreateLog(identity, Soon()).ok());
  EXPECT_EQ(store_.Identity(Soon())->origin, "sh.example/log");
  EXPECT_EQ(store_.Identity(Soon())->suite, 2);
  EXPECT_EQ(store_.Head(Soon())->root, audit::EmptyRoot(audit::Suite::kSm3Sm2));
  Append a = SampleAppend(kAgencyA, NewId(), 0);
  a.event.record =
      audit::RecordPrefix(audit::Suite::kSm3Sm2, identity.origin) + "rest";
  Put(a);
  EXPECT_FALSE(owner.CreateLog({"other", 1}, Soon()).ok());
}

}  // namespace
}  // namespace gongkai::storage
