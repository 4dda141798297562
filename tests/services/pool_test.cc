// SPDX-License-Identifier: Apache-2.0
// Lanes: bounded, fair, and finished before they end.

#include "services/api/pool.h"

#include <atomic>
#include <thread>
#include <vector>

#include "absl/synchronization/blocking_counter.h"
#include "absl/synchronization/notification.h"
#include "gtest/gtest.h"

namespace gongkai::api {
namespace {

Pool::Limits Small(int workers, size_t queue) {
  Pool::Limits limits;
  limits.workers = workers;
  limits.queue = queue;
  return limits;
}

// Jobs that hold a worker until let go.
class Holding {
 public:
  explicit Holding(int jobs) : begun_(jobs) {}
  Pool::Job Job() {
    return [this] {
      begun_.DecrementCount();
      go_.WaitForNotification();
      done_.fetch_add(1);
    };
  }
  void AwaitBegun() { begun_.Wait(); }
  void LetGo() { go_.Notify(); }
  int done() const { return done_.load(); }

 private:
  absl::BlockingCounter begun_;
  absl::Notification go_;
  std::atomic<int> done_{0};
};

TEST(Pool, AFullLaneRefuses) {
  Pool pool(Small(2, 3));
  Holding holding(1);
  ASSERT_TRUE(pool.TrySubmit(Lane::kActs, holding.Job()));
  holding.AwaitBegun();
  // One of two workers is kept for the other lanes: these wait.
  for (int i = 0; i < 3; ++i) {
    EXPECT_TRUE(pool.TrySubmit(Lane::kActs, [] {}));
  }
  EXPECT_FALSE(pool.TrySubmit(Lane::kActs, [] {}));
  EXPECT_EQ(pool.LoadOf(Lane::kActs).queued, 3u);
  EXPECT_EQ(pool.LoadOf(Lane::kActs).running, 1);
  // Who has a place already goes on.
  EXPECT_TRUE(pool.Continue(Lane::kActs, [] {}));
  holding.LetGo();
}

TEST(Pool, AFullLaneDoesNotStopTheOthers) {
  Pool pool(Small(3, 100));
  Holding acts(2);
  for (int i = 0; i < 10; ++i) {
    ASSERT_TRUE(
        pool.TrySubmit(Lane::kActs, i < 2 ? acts.Job() : Pool::Job([] {})));
  }
  acts.AwaitBegun();
  absl::Notification read;
  ASSERT_TRUE(pool.TrySubmit(Lane::kReads, [&] { read.Notify(); }));
  read.WaitForNotification();
  acts.LetGo();
}

TEST(Pool, ReportsHoldAtMostTwoWorkers) {
  Pool pool(Small(8, 160));
  Holding reports(2);
  std::atomic<int> at_once{0};
  std::atomic<int> most{0};
  for (int i = 0; i < 2; ++i) {
    ASSERT_TRUE(pool.TrySubmit(Lane::kReports, reports.Job()));
  }
  reports.AwaitBegun();
  absl::BlockingCounter later(8);
  for (int i = 0; i < 8; ++i) {
    ASSERT_TRUE(pool.TrySubmit(Lane::kReports, [&] {
      const int now = at_once.fetch_add(1) + 1;
      int seen = most.load();
      while (seen < now && !most.compare_exchange_weak(seen, now)) {
      }
      at_once.fetch_sub(1);
      later.DecrementCount();
    }));
  }
  EXPECT_EQ(pool.LoadOf(Lane::kReports).queued, 8u);
  EXPECT_EQ(pool.LoadOf(Lane::kReports).running, 2);
  reports.LetGo();
  later.Wait();
  EXPECT_LE(most.load(), 2);
}

TEST(Pool, SigningInHasWorkersOfItsOwn) {
  Pool::Limits limits = Small(2, 100);
  limits.sign_in = 1;
  limits.sign_in_queue = 1;
  Pool pool(limits);
  // One who signs in holds the worker, one waits, and there is no more room.
  Holding signing(1);
  ASSERT_TRUE(pool.TrySubmit(Lane::kSignIn, signing.Job()));
  signing.AwaitBegun();
  ASSERT_TRUE(pool.TrySubmit(Lane::kSignIn, [] {}));
  EXPECT_FALSE(pool.TrySubmit(Lane::kSignIn, [] {}));
  absl::Notification acted;
  ASSERT_TRUE(pool.TrySubmit(Lane::kActs, [&] { acted.Notify(); }));
  acted.WaitForNotification();
  // And the other way round: full lanes do not keep anybody from signing in.
  signing.LetGo();
  Holding acting(1);
  Holding reading(1);
  ASSERT_TRUE(pool.TrySubmit(Lane::kActs, acting.Job()));
  ASSERT_TRUE(pool.TrySubmit(Lane::kReads, reading.Job()));
  acting.AwaitBegun();
  reading.AwaitBegun();
  absl::Notification signed_in;
  while (!pool.TrySubmit(Lane::kSignIn, [&] { signed_in.Notify(); })) {
    std::this_thread::yield();
  }
  signed_in.WaitForNotification();
  acting.LetGo();
  reading.LetGo();
}

TEST(Pool, StoppingFinishesWhatIsQueuedAndTakesNoMore) {
  Pool pool(Small(2, 100));
  std::atomic<int> done{0};
  for (int i = 0; i < 50; ++i) {
    ASSERT_TRUE(pool.TrySubmit(Lane::kActs, [&] { done.fetch_add(1); }));
  }
  pool.Stop();
  EXPECT_EQ(done.load(), 50);
  EXPECT_FALSE(pool.TrySubmit(Lane::kActs, [] {}));
  EXPECT_FALSE(pool.Continue(Lane::kActs, [] {}));
}

TEST(Pool, EveryJobOfManyCallersRunsOnce) {
  Pool pool(Small(6, 100'000));
  std::atomic<int> done{0};
  std::vector<std::thread> callers;
  for (int c = 0; c < 8; ++c) {
    callers.emplace_back([&, c] {
      for (int i = 0; i < 2000; ++i) {
        const auto lane = static_cast<Lane>((c + i) % kLanes);
        while (!pool.TrySubmit(lane, [&] { done.fetch_add(1); })) {
          std::this_thread::yield();
        }
      }
    });
  }
  for (std::thread& caller : callers) caller.join();
  pool.Stop();
  EXPECT_EQ(done.load(), 16'000);
}

}  // namespace
}  // namespace gongkai::api
