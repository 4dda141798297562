// SPDX-License-Identifier: Apache-2.0
// Lists: filters, orders and pages.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/storage/samples.h"
#include "tests/storage/store_test.h"

namespace gongkai::storage {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

using Order = CaseQuery::Order;

class ListTest : public StoreTest {
 protected:
  // Four cases of one agency and one of another, made in this order.
  void SetUp() override {
    Make("A-1", 2, "wang", absl::CivilDay(2024, 3, 4),
         absl::CivilDay(2024, 2, 3));
    Make("A-2", 3, "li", absl::CivilDay(2024, 3, 1),
         absl::CivilDay(2024, 2, 2));
    Make("A-3", 3, "wang", std::nullopt, std::nullopt);
    Make("A-4", 11, "", absl::CivilDay(2024, 3, 1), absl::CivilDay(2024, 2, 1),
         true);
    Make("B-1", 2, "wang", absl::CivilDay(2024, 1, 1),
         absl::CivilDay(2023, 12, 1), false, kAgencyB);
  }

  void Make(const std::string& number, int phase, const std::string& officer,
            std::optional<absl::CivilDay> due,
            std::optional<absl::CivilDay> received, bool done = false,
            const std::string& agency = kAgencyA) {
    // Made in the order of their numbers, whatever the clock's grain.
    Append a = SampleAppend(
        agency, NewUuid(absl::FromUnixSeconds(1'700'000'000 + made_++)), 0,
        number);
    a.row.phase = phase;
    a.row.officer = officer;
    a.row.received = received;
    if (done) a.row.done_time = a.event.recorded_time;
    a.limits.emplace();
    if (due.has_value()) a.limits->push_back(SampleLimit(*due));
    LimitRow other = SampleLimit(absl::CivilDay(2024, 1, 2));
    other.kind = 7;
    other.whose = 3;
    other.first = false;
    a.limits->push_back(other);
    ASSERT_EQ(Put(a), Appended::kAppended);
  }

  std::vector<std::string> Numbers(const CaseQuery& query) {
    const auto found = house_.index->List(query, Soon());
    EXPECT_TRUE(found.ok()) << found.status();
    std::vector<std::string> numbers;
    for (const FoundCase& c : found.value_or(std::vector<FoundCase>{})) {
      numbers.push_back(c.number);
    }
    return numbers;
  }

  static CaseQuery Query(Order order) {
    CaseQuery query;
    query.agency = kAgencyA;
    query.order = order;
    return query;
  }

  int made_ = 0;
};

INSTANTIATE_TEST_SUITE_P(Stores, ListTest, BothStores(), KindName);

TEST_P(ListTest, NewestFirst) {
  EXPECT_THAT(Numbers(Query(Order::kNewest)),
              ElementsAre("A-4", "A-3", "A-2", "A-1"));
}

TEST_P(ListTest, DueFirstLeavesOutCasesWithoutALastDay) {
  EXPECT_THAT(Numbers(Query(Order::kDue)), ElementsAre("A-2", "A-4", "A-1"));
}

TEST_P(ListTest, ReceivedFirstPutsTheUnconfirmedLast) {
  EXPECT_THAT(Numbers(Query(Order::kReceivedFirst)),
              ElementsAre("A-4", "A-2", "A-1", "A-3"));
}

TEST_P(ListTest, EveryFilterInEveryOrder) {
  for (const Order order :
       {Order::kNewest, Order::kDue, Order::kReceivedFirst}) {
    const auto sorted = [&](const CaseQuery& query) {
      auto numbers = Numbers(query);
      std::sort(numbers.begin(), numbers.end());
      return numbers;
    };
    const bool due = order == Order::kDue;
    CaseQuery q = Query(order);
    q.phases = {3, 11};
    EXPECT_EQ(sorted(q), due ? (std::vector<std::string>{"A-2", "A-4"})
                             : (std::vector<std::string>{"A-2", "A-3", "A-4"}));
    q = Query(order);
    q.officer = "wang";
    EXPECT_EQ(sorted(q), due ? (std::vector<std::string>{"A-1"})
                             : (std::vector<std::string>{"A-1", "A-3"}));
    q = Query(order);
    q.due_by = absl::CivilDay(2024, 3, 1);
    EXPECT_THAT(sorted(q), ElementsAre("A-2", "A-4"));
    q.open_only = true;
    EXPECT_THAT(sorted(q), ElementsAre("A-2"));
    q = Query(order);
    q.received_from = absl::CivilDay(2024, 2, 2);
    q.received_to = absl::CivilDay(2024, 2, 2);
    EXPECT_THAT(sorted(q), ElementsAre("A-2"));
    q = Query(order);
    q.department = "none";
    EXPECT_THAT(sorted(q), IsEmpty());
    q = Query(order);
    q.outcome = 4;
    EXPECT_THAT(sorted(q), IsEmpty());
    q = Query(order);
    q.applicant_kind = 2;
    EXPECT_THAT(sorted(q), IsEmpty());
  }
}

TEST_P(ListTest, PagesCoverTheListOnce) {
  for (const Order order :
       {Order::kNewest, Order::kDue, Order::kReceivedFirst}) {
    for (const bool open_only : {false, true}) {
      CaseQuery query = Query(order);
      query.open_only = open_only;
      const std::vector<std::string> whole = Numbers(query);
      std::vector<std::string> paged;
      query.limit = 1;
      while (true) {
        const auto page = house_.index->List(query, Soon());
        ASSERT_TRUE(page.ok()) << page.status();
        if (page->empty()) break;
        paged.push_back((*page)[0].number);
        ASSERT_LE(paged.size(), whole.size());
        query.after_key = (*page)[0].key;
        query.after_stream = (*page)[0].stream;
      }
      EXPECT_EQ(paged, whole);
    }
  }
}

TEST_P(ListTest, ARowHoldsWhatWasAppended) {
  CaseQuery query = Query(Order::kDue);
  query.limit = 2;
  const auto found = house_.index->List(query, Soon());
  ASSERT_TRUE(found.ok()) << found.status();
  const FoundCase& open = (*found)[0];
  EXPECT_EQ(open.version, 1);
  EXPECT_EQ(open.row.phase, 3);
  EXPECT_EQ(open.row.officer, "li");
  EXPECT_EQ(open.row.department, "XXGK");
  EXPECT_EQ(open.row.received, absl::CivilDay(2024, 2, 2));
  EXPECT_FALSE(open.row.done_time.has_value());
  EXPECT_EQ(open.row.calendar_version, "CN-2024/1");
  ASSERT_TRUE(open.next.has_value());
  EXPECT_EQ(open.next->kind, 5);
  EXPECT_EQ(open.next->due, absl::CivilDay(2024, 3, 1));
  EXPECT_EQ(open.next->start, absl::CivilDay(2024, 2, 1));
  EXPECT_EQ((*found)[1].row.done_time,
            absl::FromUnixMicros(1'700'000'000'123'456));
}

TEST_P(ListTest, LimitsAreReplacedOnlyWhenGiven) {
  const std::string stream =
      house_.index->List(Query(Order::kDue), Soon()).value()[0].stream;
  Append a = SampleAppend(kAgencyA, stream, 1);
  ASSERT_EQ(Put(a), Appended::kAppended);
  EXPECT_THAT(Numbers(Query(Order::kDue)), ElementsAre("A-2", "A-4", "A-1"));
  a = SampleAppend(kAgencyA, stream, 2);
  a.limits = {SampleLimit(absl::CivilDay(2024, 4, 1))};
  ASSERT_EQ(Put(a), Appended::kAppended);
  EXPECT_THAT(Numbers(Query(Order::kDue)), ElementsAre("A-4", "A-1", "A-2"));
  a = SampleAppend(kAgencyA, stream, 3);
  a.limits.emplace();
  ASSERT_EQ(Put(a), Appended::kAppended);
  EXPECT_THAT(Numbers(Query(Order::kDue)), ElementsAre("A-4", "A-1"));
}

TEST_P(ListTest, JobsWalkTheOpenCases) {
  std::vector<std::string> numbers;
  std::string agency, stream;
  while (true) {
    const auto page = house_.index->OpenCases("", agency, stream, 1, Soon());
    ASSERT_TRUE(page.ok()) << page.status();
    if (page->empty()) break;
    numbers.push_back((*page)[0].number);
    EXPECT_EQ((*page)[0].calendar_version, "CN-2024/1");
    agency = (*page)[0].agency;
    stream = (*page)[0].stream;
  }
  EXPECT_THAT(numbers, ElementsAre("B-1", "A-1", "A-2", "A-3"));
  const auto own = house_.index->OpenCases(kAgencyB, "", "", 10, Soon());
  ASSERT_TRUE(own.ok());
  ASSERT_EQ(own->size(), 1u);
}

}  // namespace
}  // namespace gongkai::storage
