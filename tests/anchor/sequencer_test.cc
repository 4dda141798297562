// SPDX-License-Identifier: Apache-2.0
// Two shipped servers over one log, one of them paused and woken; and one that
// dies at its words with the database (strace). Every entry gets one place, the
// tree is that of the entries. GONGKAI_SWEEP=full strikes at every word.
#include <gtest/gtest.h>
#include <signal.h>

#include <atomic>
#include <memory>
#include <random>
#include <thread>

#include "absl/strings/str_cat.h"
#include "tests/act/whole.h"
#include "tests/anchor/log_house.h"
#include "tests/anchor/strace.h"
#include "tests/end_to_end/process.h"
#include "tests/support/test_vault.h"

namespace gongkai::test {
namespace {

constexpr absl::Duration kPatience = absl::Seconds(40);

class SequencerTest : public ::testing::Test {
 protected:
  SequencerTest() {
    WriteSecret(home_.path() + "/request.key", std::string(32, 'k'));
  }

  std::unique_ptr<Process> Server(const std::string& socket) {
    auto server = std::make_unique<Process>(
        std::vector<std::string>{
            ProgramPath("gongkai-server"),
            "serve",
            "--database",
            TempPostgres::Shared().Service(house_.database()),
            "--listen",
            "unix:" + home_.path() + "/" + socket,
            "--admin-listen",
            "",
            "--insecure-loopback",
            "--vault",
            TestVaultFile(),
            "--metrics",
            "",
            "--connections",
            "8",
            "--anchor-alarm",
            "0",
            "--rulebook",
            std::string(std::getenv("GONGKAI_SOURCE_DIR")) + "/ops/rulebook",
            "--request-key",
            home_.path() + "/request.key"},
        std::vector<std::string>{});
    EXPECT_TRUE(server->WaitFor("\"event\":\"serving\"", absl::Seconds(60)))
        << server->err();
    return server;
  }
  std::string Ask(const std::string& sql) {
    auto& postgres = TempPostgres::Shared();
    return postgres.Run(postgres.Superuser(house_.database()), sql);
  }
  int64_t Size() { return house_.Head().size; }
  bool AwaitSize(int64_t size, absl::Duration time = kPatience) {
    const absl::Time end = absl::Now() + time;
    while (Size() < size) {
      if (absl::Now() > end) return false;
      absl::SleepFor(absl::Milliseconds(20));
    }
    return true;
  }
  // Every entry of the `recorded` has one place, dense, and the tree is theirs.
  void ExpectWhole(int64_t recorded, const std::string& when) {
    // Which gives those that wait their place.
    const Whole whole = ReadWhole(TempPostgres::Shared(), house_.database());
    EXPECT_TRUE(whole.faults.empty()) << when << ": " << FaultsOf(whole);
    EXPECT_EQ(Ask("SELECT count(*) FROM access"), std::to_string(recorded));
    EXPECT_EQ(Ask("SELECT count(*) || ' ' || count(DISTINCT stream_id) || ' ' "
                  "|| min(log_index) || ' ' || max(log_index) FROM log_leaf"),
              absl::StrCat(recorded, " ", recorded, " 1 ", recorded))
        << when;
  }

  LogHouse house_;
  TempFolder home_;
};

TEST_F(SequencerTest, OneOfTwoPausedAndWokenLosesAndDoublesNothing) {
  const auto a = Server("a");
  const auto b = Server("b");
  std::atomic<bool> stopping = false;
  std::atomic<int64_t> recorded = 0;
  std::thread writer([&] {
    while (!stopping) {
      house_.Record(7);
      recorded += 7;
      absl::SleepFor(absl::Milliseconds(3));
    }
  });
  std::mt19937 random(20);
  const int rounds = FullSweep() ? 60 : 8;
  for (int round = 0; round < rounds; ++round) {
    Process& paused = round % 2 == 0 ? *a : *b;
    absl::SleepFor(absl::Milliseconds(random() % 150));
    paused.Signal(SIGSTOP);
    // The other goes on, at the latest when the database has ended the
    // transaction in which the one was stopped.
    EXPECT_TRUE(AwaitSize(Size() + 50)) << round;
    paused.Signal(SIGCONT);
    EXPECT_TRUE(AwaitSize(Size() + 50)) << round;
  }
  stopping = true;
  writer.join();
  EXPECT_TRUE(AwaitSize(recorded));
  for (Process* server : {a.get(), b.get()}) {
    server->Signal(SIGTERM);
    EXPECT_EQ(server->Wait(), 0) << server->err();
  }
  ExpectWhole(recorded, "at the end");
}

TEST_F(SequencerTest, DiesAtEachWordWithTheDatabase) {
  int64_t recorded = 0;
  int died = 0;
  for (const char* call : {"sendto", "recvfrom"}) {
    const int most = FullSweep() ? 60 : 16;
    for (int when = 1; when <= most; ++when) {
      const Fault fault{call, "signal=SIGKILL", when};
      SCOPED_TRACE(fault.ToText());
      const auto server = Server("a");
      {
        const Striking striking(fault, server->pid());
        std::atomic<bool> dead = false;
        std::thread waiter(
            [&] { died += server->Wait() == 128 + SIGKILL, dead = true; });
        const absl::Time end = absl::Now() + kPatience;
        while (!dead && absl::Now() < end) {
          house_.Record(3);
          recorded += 3;
          absl::SleepFor(absl::Milliseconds(30));
        }
        EXPECT_TRUE(dead);
        if (!dead) server->Signal(SIGKILL);
        waiter.join();
      }
      // What has a place stays, what has none waits; nothing is torn.
      EXPECT_EQ(Ask("SELECT (SELECT count(*) FROM log_queue) + "
                    "(SELECT count(*) FROM log_leaf)"),
                std::to_string(recorded));
      EXPECT_EQ(Ask("SELECT size = (SELECT count(*) FROM log_leaf) FROM log"),
                "t");
      ExpectWhole(recorded, fault.ToText());
      if (HasFailure()) return;
    }
  }
  EXPECT_GT(died, 0);
  // And the next goes on by itself.
  house_.Record(5);
  const auto server = Server("a");
  EXPECT_TRUE(AwaitSize(recorded + 5));
}

}  // namespace
}  // namespace gongkai::test
