// SPDX-License-Identifier: Apache-2.0
// Receipts: numbers without gaps, whatever happens.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <mutex>
#include <set>
#include <thread>

#include "services/base/refusal.h"
#include "tests/storage/samples.h"
#include "tests/storage/store_test.h"

namespace gongkai::storage {
namespace {

using ::testing::SizeIs;

using Places = std::vector<Place>;
using Sealed = absl::StatusOr<std::vector<Append>>;

class ReceiveTest : public StoreTest {
 protected:
  static Arrival SampleArrival(const std::string& applicant = "甲",
                               absl::CivilDay arrived = absl::CivilDay(2024, 2,
                                                                       1)) {
    return {NewId(), KeyOf(applicant), arrived, ""};
  }

  // The case that `arrival` becomes in its place.
  static Append Seal(const Arrival& arrival, const Place& place) {
    Append a = SampleAppend(kAgencyA, NewId(), 0,
                            arrival.imported_number.empty()
                                ? CaseNumber(kAgencyA, 2024, place.serial)
                                : arrival.imported_number);
    a.event.request_id = arrival.request_id;
    a.text = SampleText("甲", "公开信息", arrival.arrived);
    a.text->applicant_key = arrival.applicant_key;
    return a;
  }

  // Receives `arrivals` and tells their places.
  absl::StatusOr<Places> Receive(const std::vector<Arrival>& arrivals) {
    Places seen;
    const absl::Status status = store().Receive(
        kAgencyA, 2024, arrivals,
        [&](const Places& places) -> Sealed {
          seen = places;
          std::vector<Append> batch;
          for (size_t i = 0; i < places.size(); ++i) {
            if (!places[i].prior.has_value()) {
              batch.push_back(Seal(arrivals[i], places[i]));
            }
          }
          return batch;
        },
        Soon());
    if (!status.ok()) return status;
    return seen;
  }
};

INSTANTIATE_TEST_SUITE_P(Stores, ReceiveTest, BothStores(), KindName);

TEST_P(ReceiveTest, SixteenCallersLeaveNoGap) {
  constexpr int kCallers = 16, kEach = 10;
  std::mutex mutex;
  std::set<int64_t> serials;
  std::vector<std::thread> callers;
  for (int i = 0; i < kCallers; ++i) {
    callers.emplace_back([&] {
      for (int n = 0; n < kEach; ++n) {
        const auto places = Receive({SampleArrival(), SampleArrival()});
        ASSERT_TRUE(places.ok()) << places.status();
        const std::lock_guard lock(mutex);
        for (const Place& place : *places) serials.insert(place.serial);
      }
    });
  }
  for (std::thread& caller : callers) caller.join();
  ASSERT_THAT(serials, SizeIs(2 * kCallers * kEach));
  EXPECT_EQ(*serials.begin(), 1);
  EXPECT_EQ(*serials.rbegin(), 2 * kCallers * kEach);
}

TEST_P(ReceiveTest, ARefusedReceiptTakesNoNumber) {
  ASSERT_EQ(Receive({SampleArrival()}).value()[0].serial, 1);
  const absl::Status refused = store().Receive(
      kAgencyA, 2024, {SampleArrival()},
      [](const Places& places) -> Sealed {
        EXPECT_EQ(places[0].serial, 2);
        return absl::FailedPreconditionError("no");
      },
      Soon());
  EXPECT_EQ(refused.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(Receive({SampleArrival()}).value()[0].serial, 2);
}

TEST_P(ReceiveTest, YearsAndAgenciesCountApart) {
  const auto serial = [&](const std::string& agency, int year) {
    int64_t seen = 0;
    const Arrival arrival = SampleArrival();
    EXPECT_TRUE(store()
                    .Receive(
                        agency, year, {arrival},
                        [&](const Places& places) -> Sealed {
                          seen = places[0].serial;
                          Append a = SampleAppend(
                              agency, NewId(), 0,
                              CaseNumber(agency, year, places[0].serial));
                          return std::vector<Append>{a};
                        },
                        Soon())
                    .ok());
    return seen;
  };
  EXPECT_EQ(serial(kAgencyA, 2024), 1);
  EXPECT_EQ(serial(kAgencyA, 2024), 2);
  EXPECT_EQ(serial(kAgencyA, 2025), 1);
  EXPECT_EQ(serial(kAgencyB, 2024), 1);
}

TEST_P(ReceiveTest, ARepeatedRequestGetsItsPriorAndNoNumber) {
  const Arrival first = SampleArrival();
  ASSERT_TRUE(Receive({first}).ok());
  const auto places = Receive({first, SampleArrival()});
  ASSERT_TRUE(places.ok()) << places.status();
  ASSERT_TRUE((*places)[0].prior.has_value());
  EXPECT_EQ((*places)[0].prior->number, "SHGXW-2024-00001");
  EXPECT_EQ((*places)[0].prior->seq, 1);
  EXPECT_EQ((*places)[0].serial, 0);
  EXPECT_EQ((*places)[1].serial, 2);
}

TEST_P(ReceiveTest, OneRequestTwiceInABatchIsRefused) {
  const Arrival arrival = SampleArrival();
  EXPECT_EQ(Receive({arrival, arrival}).status().code(),
            absl::StatusCode::kInvalidArgument);
}

TEST_P(ReceiveTest, AnImportedCaseKeepsItsNumberAndIsSteppedOver) {
  Arrival imported = SampleArrival();
  imported.imported_number = "SHGXW-2024-00002";
  const auto places = Receive({imported, SampleArrival()});
  ASSERT_TRUE(places.ok()) << places.status();
  EXPECT_EQ((*places)[0].serial, 0);
  EXPECT_EQ((*places)[1].serial, 1);
  EXPECT_EQ(Receive({SampleArrival()}).value()[0].serial, 3);
}

TEST_P(ReceiveTest, ATakenNumberIsNamed) {
  Arrival imported = SampleArrival();
  imported.imported_number = "OLD-7";
  ASSERT_TRUE(Receive({imported}).ok());
  imported.request_id = NewId();
  const absl::Status status = Receive({SampleArrival(), imported}).status();
  ASSERT_TRUE(RefusalOf(status).has_value()) << status;
  EXPECT_EQ(RefusalOf(status)->reason(), v1::NUMBER_TAKEN);
  EXPECT_EQ(RefusalOf(status)->got(), "OLD-7");
  EXPECT_EQ(Receive({SampleArrival()}).value()[0].serial, 1);
}

TEST_P(ReceiveTest, RanksCountTheApplicantsMonthAndYear) {
  const absl::CivilDay january(2024, 1, 31), february(2024, 2, 1);
  ASSERT_TRUE(Receive({SampleArrival("甲", january)}).ok());
  ASSERT_TRUE(Receive({SampleArrival("乙", february)}).ok());
  const auto places =
      Receive({SampleArrival("甲", february), SampleArrival("甲", february),
               SampleArrival("甲", january), SampleArrival("丙", january),
               SampleArrival("甲", absl::CivilDay(2025, 2, 1))});
  ASSERT_TRUE(places.ok()) << places.status();
  const auto ranks = [&](size_t i) {
    return std::make_pair((*places)[i].month_rank, (*places)[i].year_count);
  };
  EXPECT_EQ(ranks(0), std::make_pair(1, 2));
  EXPECT_EQ(ranks(1), std::make_pair(2, 3));
  EXPECT_EQ(ranks(2), std::make_pair(2, 4));
  EXPECT_EQ(ranks(3), std::make_pair(1, 1));
  EXPECT_EQ(ranks(4), std::make_pair(1, 1));
}

}  // namespace
}  // namespace gongkai::storage
