// SPDX-License-Identifier: Apache-2.0
// The pool: bounded, within deadlines, and alive after the database was away.
#include "storage/postgres/session.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <numeric>
#include <pqxx/pqxx>
#include <thread>

#include "absl/synchronization/notification.h"
#include "services/base/refusal.h"
#include "tests/storage/samples.h"
#include "tests/storage/store_test.h"

namespace gongkai::storage {
namespace {

using Tx = pqxx::transaction_base;

v1::Reason ReasonOf(const absl::Status& status) {
  const auto refusal = RefusalOf(status);
  return refusal.has_value() ? refusal->reason() : v1::REASON_UNSPECIFIED;
}

class SessionTest : public PostgresTest {
 protected:
  Sessions sessions_{{service_, 2, true}};
};

TEST_F(SessionTest, NoMoreConnectionsThanAllowed) {
  std::atomic<int> most = 0;
  std::vector<std::thread> callers;
  for (int i = 0; i < 12; ++i) {
    callers.emplace_back([&] {
      for (int n = 0; n < 20; ++n) {
        EXPECT_TRUE(
            sessions_
                .Autocommit(Soon(),
                            [&](Tx& tx) {
                              const int now =
                                  tx.exec1(
                                        "SELECT count(*) FROM "
                                        "pg_stat_activity WHERE "
                                        "usename = 'gongkai_service' "
                                        "AND datname = "
                                        "current_database()")[0]
                                      .as<int>();
                              int old = most;
                              while (old < now &&
                                     !most.compare_exchange_weak(old, now)) {
                              }
                              return absl::OkStatus();
                            })
                .ok());
      }
    });
  }
  for (std::thread& caller : callers) caller.join();
  EXPECT_EQ(most, 2);
  EXPECT_EQ(sessions_.open(), 2);
}

TEST_F(SessionTest, WhoFindsNoFreeConnectionInTimeIsToldSo) {
  Sessions one({service_, 1, true});
  absl::Notification held, release;
  std::thread holder([&] {
    EXPECT_TRUE(one.Autocommit(Soon(),
                               [&](Tx&) {
                                 held.Notify();
                                 release.WaitForNotification();
                                 return absl::OkStatus();
                               })
                    .ok());
  });
  held.WaitForNotification();
  const absl::Status status =
      one.Autocommit(absl::Now() + absl::Milliseconds(50),
                     [](Tx&) { return absl::OkStatus(); });
  EXPECT_EQ(ReasonOf(status), v1::TOO_BUSY) << status;
  release.Notify();
  holder.join();
}

TEST_F(SessionTest, WorkEndsAtItsDeadlineAndTheNextIsUnharmed) {
  for (int i = 0; i < 3; ++i) {
    const absl::Time start = absl::Now();
    const absl::Status status =
        sessions_.Autocommit(start + absl::Milliseconds(100), [](Tx& tx) {
          tx.exec("SELECT pg_sleep(30)");
          return absl::OkStatus();
        });
    EXPECT_EQ(status.code(), absl::StatusCode::kDeadlineExceeded) << status;
    EXPECT_LT(absl::Now() - start, absl::Seconds(5));
    EXPECT_TRUE(sessions_
                    .Autocommit(Soon(),
                                [](Tx& tx) {
                                  tx.exec("SELECT 1");
                                  return absl::OkStatus();
                                })
                    .ok());
  }
}

TEST_F(SessionTest, WhatFailsInATransactionLeavesNothing) {
  const absl::Status status = sessions_.Transact(Soon(), [](Tx& tx) {
    tx.exec("INSERT INTO job_state VALUES ('a', 'b')");
    return absl::FailedPreconditionError("no");
  });
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(server().Run(owner_, "SELECT count(*) FROM job_state"), "0");
}

TEST_F(SessionTest, ADeadlockIsTriedAgain) {
  for (const char* job : {"a", "b"}) {
    ASSERT_TRUE(store().SetJobState(job, "0", Soon()).ok());
  }
  std::atomic<int> holding = 0, attempts = 0;
  const auto update = [&](const std::string& first, const std::string& second) {
    return sessions_.Transact(Soon(), [&](Tx& tx) {
      ++attempts;
      tx.exec("UPDATE job_state SET state = '1' WHERE job = '" + first + "'");
      ++holding;
      // On the first attempts both hold one row before they ask for the other.
      while (holding < 2) std::this_thread::yield();
      tx.exec("UPDATE job_state SET state = '1' WHERE job = '" + second + "'");
      return absl::OkStatus();
    });
  };
  absl::Status one, two;
  std::thread other([&] { one = update("a", "b"); });
  two = update("b", "a");
  other.join();
  EXPECT_TRUE(one.ok()) << one;
  EXPECT_TRUE(two.ok()) << two;
  // Both may be chosen as victims at once.
  EXPECT_GE(attempts, 3);
}

TEST_F(SessionTest, ErrorsOfEveryKindBecomeStatuses) {
  const auto code = [&](const std::string& sql) {
    return sessions_
        .Autocommit(Soon(),
                    [&](Tx& tx) {
                      tx.exec(sql);
                      return absl::OkStatus();
                    })
        .code();
  };
  const auto raise = [](const std::string& state) {
    return "DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '" + state +
           "'; END $$";
  };
  EXPECT_EQ(code("SELECT nothing_such"), absl::StatusCode::kInternal);
  EXPECT_EQ(code("SELECT 1/0"), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(code(raise("23505")), absl::StatusCode::kAlreadyExists);
  EXPECT_EQ(code(raise("40001")), absl::StatusCode::kAborted);
  EXPECT_EQ(code(raise("40P01")), absl::StatusCode::kAborted);
  EXPECT_EQ(code(raise("55P03")), absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(code(raise("57014")), absl::StatusCode::kDeadlineExceeded);
  EXPECT_EQ(code(raise("57P01")), absl::StatusCode::kUnavailable);
  EXPECT_EQ(code(raise("08006")), absl::StatusCode::kUnavailable);
  EXPECT_EQ(code(raise("53100")), absl::StatusCode::kUnavailable);
  EXPECT_EQ(code(raise("25006")), absl::StatusCode::kUnavailable);
}

TEST_F(SessionTest, ErrorsDoNotRepeatWhatRowsHold) {
  ASSERT_TRUE(store().SetJobState("赵甲一", "0", Soon()).ok());
  const absl::Status status = sessions_.Autocommit(Soon(), [&](Tx& tx) {
    tx.exec("INSERT INTO job_state VALUES ('赵甲一', '1')");
    return absl::OkStatus();
  });
  EXPECT_EQ(status.code(), absl::StatusCode::kAlreadyExists);
  EXPECT_EQ(status.ToString().find("赵"), std::string::npos) << status;
}

TEST_F(SessionTest, BackendsTerminatedUnderLoadAreNotSeenByCallers) {
  constexpr int kCallers = 8;
  std::atomic<bool> stop = false;
  std::array<std::atomic<int>, kCallers> acts = {};
  std::vector<std::thread> callers;
  for (int i = 0; i < kCallers; ++i) {
    callers.emplace_back([&, i] {
      const std::string stream = NewId();
      int64_t version = 0;
      while (!stop) {
        const auto appended = store().AppendAll(
            {SampleAppend(kAgencyA, stream, version,
                          version == 0 ? "X-" + std::to_string(i) : "")},
            Soon());
        ASSERT_TRUE(appended.ok()) << appended.status();
        ASSERT_EQ(*appended, Appended::kAppended);
        ++version;
        const auto history =
            store().LoadStream(kAgencyA, stream, "", false, Soon());
        ASSERT_TRUE(history.ok()) << history.status();
        ASSERT_EQ(history->version, version);
        ++acts[i];
      }
    });
  }
  // A lost connection is replaced once in a call, so the next blow waits until
  // every caller has recovered from the one before.
  const auto await_each = [&] {
    for (std::atomic<int>& count : acts) {
      const int before = count;
      while (count < before + 5 && !HasFailure()) std::this_thread::yield();
    }
  };
  for (int round = 0; round < 5; ++round) {
    await_each();
    server().TerminateBackends(database_);
  }
  await_each();
  stop = true;
  for (std::thread& caller : callers) caller.join();
  EXPECT_EQ(server().Run(owner_, "SELECT count(*) FROM event"),
            std::to_string(std::accumulate(acts.begin(), acts.end(), 0)));
}

TEST(RestartTest, WhileTheDatabaseIsAwayCallersAreToldAndThenItGoesOn) {
  test::TempPostgres server({.fsync = true});
  PostgresStore store(server.Service(server.NewDatabase()), 4);
  const std::string stream = NewId();
  const Append first = SampleAppend(kAgencyA, stream, 0, "X-1");
  ASSERT_EQ(store.AppendAll({first}, Soon()).value(), Appended::kAppended);
  server.Stop("immediate");
  const Append second = SampleAppend(kAgencyA, stream, 1);
  const absl::Status away = store.AppendAll({second}, Soon()).status();
  EXPECT_EQ(away.code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(ReasonOf(away), v1::STORE_AWAY);
  EXPECT_GT(RefusalOf(away)->retry_ms(), 0);
  server.Start();
  ASSERT_EQ(store.AppendAll({second}, Soon()).value(), Appended::kAppended);
  const auto history = store.LoadStream(kAgencyA, stream, "", true, Soon());
  ASSERT_TRUE(history.ok()) << history.status();
  EXPECT_EQ(history->version, 2);
}

TEST(RestartTest, AStoreThatStartsBeforeItsDatabaseFindsItLater) {
  test::TempPostgres server;
  const std::string database = server.NewDatabase();
  server.Stop("fast");
  PostgresStore store(server.Service(database), 2);
  EXPECT_EQ(store.LogSize(Soon()).status().code(),
            absl::StatusCode::kUnavailable);
  server.Start();
  EXPECT_EQ(store.LogSize(Soon()).value(), 0);
}

TEST(RestartTest, AcknowledgedEventsOutliveAnImmediateStop) {
  test::TempPostgres server({.fsync = true});
  PostgresStore store(server.Service(server.NewDatabase()), 4);
  for (int round = 0; round < 3; ++round) {
    std::vector<std::string> streams;
    std::vector<int64_t> acknowledged(4, 0);
    std::vector<std::thread> callers;
    std::atomic<int> acts = 0;
    for (int i = 0; i < 4; ++i) streams.push_back(NewId());
    for (int i = 0; i < 4; ++i) {
      callers.emplace_back([&, i] {
        while (true) {
          const int64_t version = acknowledged[i];
          const std::string number =
              version > 0 ? ""
                          : "X-" + std::to_string(round) + std::to_string(i);
          const auto appended = store.AppendAll(
              {SampleAppend(kAgencyA, streams[i], version, number)}, Soon());
          if (!appended.ok()) {
            EXPECT_EQ(ReasonOf(appended.status()), v1::STORE_AWAY)
                << appended.status();
            return;
          }
          ASSERT_EQ(*appended, Appended::kAppended);
          ++acknowledged[i];
          ++acts;
        }
      });
    }
    while (acts < 100) std::this_thread::yield();
    server.Stop("immediate");
    for (std::thread& caller : callers) caller.join();
    server.Start();
    for (int i = 0; i < 4; ++i) {
      const auto h = store.LoadStream(kAgencyA, streams[i], "", false, Soon());
      ASSERT_TRUE(h.ok()) << h.status();
      // The one whose answer was lost may be there or not.
      EXPECT_GE(h->version, acknowledged[i]);
      EXPECT_LE(h->version, acknowledged[i] + 1);
      EXPECT_EQ(h->events.size(), static_cast<size_t>(h->version));
    }
  }
}

}  // namespace
}  // namespace gongkai::storage
