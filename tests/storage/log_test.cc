// SPDX-License-Identifier: Apache-2.0
// The log: every event once, without gaps, in the order of its stream.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <map>
#include <thread>

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

}  // namespace
}  // namespace gongkai::storage
