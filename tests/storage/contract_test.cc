// SPDX-License-Identifier: Apache-2.0
// What every store promises, held against each of them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "services/base/refusal.h"
#include "tests/storage/samples.h"
#include "tests/storage/store_test.h"

namespace gongkai::storage {
namespace {

using ::testing::ElementsAre;
using ::testing::SizeIs;

class ContractTest : public StoreTest {};

INSTANTIATE_TEST_SUITE_P(Stores, ContractTest, BothStores(), KindName);

TEST_P(ContractTest, AnEventComesBackAsItWasAppended) {
  const std::string stream = NewId();
  Append a = SampleAppend(kAgencyA, stream, 0, "SHGXW-2024-00001");
  ASSERT_EQ(Put(a), Appended::kAppended);
  const auto h = store().Load(kAgencyA, "SHGXW-2024-00001", a.event.request_id,
                              true, Soon());
  ASSERT_TRUE(h.ok()) << h.status();
  EXPECT_EQ(h->stream, stream);
  EXPECT_EQ(h->number, "SHGXW-2024-00001");
  EXPECT_EQ(h->version, 1);
  EXPECT_EQ(h->head, a.event.hash);
  ASSERT_THAT(h->events, SizeIs(1));
  const StoredEvent& e = h->events[0];
  EXPECT_EQ(e.seq, 1);
  EXPECT_EQ(e.type, 7);
  EXPECT_EQ(e.event_id, a.event.event_id);
  EXPECT_EQ(e.request_id, a.event.request_id);
  EXPECT_EQ(e.recorded_time, a.event.recorded_time);
  EXPECT_EQ(e.occurred, a.event.occurred);
  EXPECT_EQ(e.record, a.event.record);
  EXPECT_EQ(e.hash, a.event.hash);
  EXPECT_EQ(e.leaf_hash, a.event.leaf_hash);
  EXPECT_EQ(e.salt, a.event.salt);
  EXPECT_EQ(e.payload, a.event.payload);
  EXPECT_FALSE(e.erased);
  ASSERT_TRUE(h->prior.has_value());
  EXPECT_EQ(h->prior->stream, stream);
  EXPECT_EQ(h->prior->number, "SHGXW-2024-00001");
  EXPECT_EQ(h->prior->seq, 1);
  EXPECT_EQ(h->prior->mac, a.mac);
}

TEST_P(ContractTest, PrivatePartsAreReadOnlyWhenAskedFor) {
  const std::string stream = NewId();
  Put(SampleAppend(kAgencyA, stream, 0, "SHGXW-2024-00001"));
  const auto h = store().LoadStream(kAgencyA, stream, "", false, Soon());
  ASSERT_TRUE(h.ok());
  ASSERT_THAT(h->events, SizeIs(1));
  EXPECT_EQ(h->events[0].salt, "");
  EXPECT_EQ(h->events[0].payload, "");
}

TEST_P(ContractTest, WhatIsNotThereIsEmpty) {
  const auto h = store().Load(kAgencyA, "SHGXW-2024-99999", "", true, Soon());
  ASSERT_TRUE(h.ok()) << h.status();
  EXPECT_EQ(h->stream, "");
  EXPECT_EQ(h->version, 0);
  EXPECT_TRUE(h->events.empty());
  EXPECT_FALSE(h->prior.has_value());
}

TEST_P(ContractTest, AnotherAgencyHasOtherCases) {
  const std::string stream = NewId();
  Put(SampleAppend(kAgencyA, stream, 0, "X-1"));
  EXPECT_EQ(Get(stream, "", kAgencyB).version, 0);
  EXPECT_EQ(Put(SampleAppend(kAgencyB, NewId(), 0, "X-1")),
            Appended::kAppended);
}

TEST_P(ContractTest, AnOldVersionIsStaleAndLeavesNothing) {
  const std::string stream = NewId();
  Put(SampleAppend(kAgencyA, stream, 0, "X-1"));
  Put(SampleAppend(kAgencyA, stream, 1));
  EXPECT_EQ(Put(SampleAppend(kAgencyA, stream, 1)), Appended::kStale);
  EXPECT_EQ(Put(SampleAppend(kAgencyA, stream, 0, "X-2")), Appended::kStale);
  EXPECT_EQ(Put(SampleAppend(kAgencyA, stream, 5)), Appended::kStale);
  EXPECT_EQ(Get(stream).version, 2);
  EXPECT_THAT(Get(stream).events, SizeIs(2));
}

TEST_P(ContractTest, TheSameEventAgainIsAppendedOnce) {
  const std::string stream = NewId();
  Put(SampleAppend(kAgencyA, stream, 0, "X-1"));
  const Append a = SampleAppend(kAgencyA, stream, 1);
  EXPECT_EQ(Put(a), Appended::kAppended);
  EXPECT_EQ(Put(a), Appended::kAppended);
  EXPECT_EQ(Get(stream).version, 2);
}

TEST_P(ContractTest, ARequestIsCarriedOutOnce) {
  const std::string stream = NewId();
  Put(SampleAppend(kAgencyA, stream, 0, "X-1"));
  const Append a = SampleAppend(kAgencyA, stream, 1);
  Put(a);
  Append again = SampleAppend(kAgencyA, stream, 2);
  again.event.request_id = a.event.request_id;
  EXPECT_EQ(Put(again), Appended::kDuplicate);
  Append older = SampleAppend(kAgencyA, stream, 1);
  older.event.request_id = a.event.request_id;
  EXPECT_EQ(Put(older), Appended::kDuplicate);
  EXPECT_EQ(Get(stream).version, 2);
}

TEST_P(ContractTest, ANumberIsGivenOnce) {
  Put(SampleAppend(kAgencyA, NewId(), 0, "X-1"));
  const std::string other = NewId();
  EXPECT_EQ(Put(SampleAppend(kAgencyA, other, 0, "X-1")),
            Appended::kNumberTaken);
  EXPECT_EQ(Get(other).version, 0);
}

TEST_P(ContractTest, ABatchIsAppendedWholeOrNotAtAll) {
  const std::string one = NewId(), two = NewId();
  const auto both = store().AppendAll({SampleAppend(kAgencyA, one, 0, "X-1"),
                                       SampleAppend(kAgencyA, two, 0, "X-2")},
                                      Soon());
  ASSERT_TRUE(both.ok()) << both.status();
  EXPECT_EQ(*both, Appended::kAppended);
  const auto half = store().AppendAll(
      {SampleAppend(kAgencyA, one, 1), SampleAppend(kAgencyA, two, 7)}, Soon());
  ASSERT_TRUE(half.ok()) << half.status();
  EXPECT_EQ(*half, Appended::kStale);
  EXPECT_EQ(Get(one).version, 1);
}

TEST_P(ContractTest, OneWinnerPerVersion) {
  constexpr int kCallers = 50, kVersions = 8;
  const std::string stream = NewId();
  Put(SampleAppend(kAgencyA, stream, 0, "X-1"));
  for (int version = 1; version <= kVersions; ++version) {
    std::atomic<int> won = 0, stale = 0;
    std::vector<std::thread> callers;
    for (int i = 0; i < kCallers; ++i) {
      callers.emplace_back([&] {
        const Appended a = Put(SampleAppend(kAgencyA, stream, version));
        if (a == Appended::kAppended) ++won;
        if (a == Appended::kStale) ++stale;
      });
    }
    for (std::thread& caller : callers) caller.join();
    EXPECT_EQ(won, 1);
    EXPECT_EQ(stale, kCallers - 1);
  }
  EXPECT_EQ(Get(stream).version, kVersions + 1);
}

TEST_P(ContractTest, AThousandOfOneRequestAreOneEvent) {
  const std::string stream = NewId(), request = NewId();
  Put(SampleAppend(kAgencyA, stream, 0, "X-1"));
  std::atomic<int> won = 0, left = 1000;
  std::vector<std::thread> callers;
  for (int i = 0; i < 20; ++i) {
    callers.emplace_back([&] {
      while (left-- > 0) {
        const History h = Get(stream, request);
        if (h.prior.has_value()) continue;
        Append a = SampleAppend(kAgencyA, stream, h.version);
        a.event.request_id = request;
        if (Put(a) == Appended::kAppended) ++won;
      }
    });
  }
  for (std::thread& caller : callers) caller.join();
  EXPECT_EQ(won, 1);
  EXPECT_EQ(Get(stream).version, 2);
}

TEST_P(ContractTest, VersionsOfCalendarsAndTermsComeWithTheCase) {
  const auto put = [&](const std::string& agency, StreamKind kind, int n) {
    for (int version = 0; version < n; ++version) {
      Append a = SampleAppend(agency, WellKnownStream(kind), version);
      a.kind = kind;
      ASSERT_EQ(Put(a), Appended::kAppended);
    }
  };
  put(std::string(kNation), StreamKind::kCalendar, 3);
  put(kAgencyA, StreamKind::kCalendar, 2);
  put(kAgencyA, StreamKind::kAgency, 1);
  put(kAgencyB, StreamKind::kAgency, 4);
  const History h = Get(NewId());
  EXPECT_EQ(h.national_calendar, 3);
  EXPECT_EQ(h.local_calendar, 2);
  EXPECT_EQ(h.terms, 1);
  const auto agencies = house_.index->Agencies(Soon());
  ASSERT_TRUE(agencies.ok()) << agencies.status();
  EXPECT_THAT(*agencies, ElementsAre(kAgencyB, kAgencyA));
}

TEST_P(ContractTest, NulIsRefused) {
  Append a = SampleAppend(kAgencyA, NewId(), 0, "X-1");
  a.text = SampleText("甲", std::string("公开\0信息", 13));
  const auto status = store().AppendAll({a}, Soon()).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  ASSERT_TRUE(RefusalOf(status).has_value());
  EXPECT_EQ(RefusalOf(status)->field(), "content");
  EXPECT_EQ(Get(a.stream).version, 0);
}

TEST_P(ContractTest, JobsKeepTheirPlace) {
  EXPECT_EQ(house_.jobs->JobState("recompute", Soon()).value(), "");
  ASSERT_TRUE(house_.jobs->SetJobState("recompute", "at 1", Soon()).ok());
  ASSERT_TRUE(house_.jobs->SetJobState("recompute", "at 'two\"", Soon()).ok());
  EXPECT_EQ(house_.jobs->JobState("recompute", Soon()).value(), "at 'two\"");
}

}  // namespace
}  // namespace gongkai::storage
