// SPDX-License-Identifier: Apache-2.0
// Signer, anchor folder and witness die, or are told of an error, at each
// system call that they make (strace); whatever stands then is sound, and the
// next run goes on. GONGKAI_SWEEP=full tries every one.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <map>
#include <memory>
#include <set>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "services/audit/merkle.h"
#include "services/jobs/contained.h"
#include "services/server/witness_client.h"
#include "tests/anchor/log_house.h"
#include "tests/anchor/strace.h"
#include "tests/end_to_end/process.h"

namespace gongkai::test {
namespace {

const std::vector<std::string>& Kinds() {
  static const auto* const calls = new std::vector<std::string>{
      "openat", "write",  "fsync",   "rename",   "close",
      "flock",  "sendto", "connect", "recvfrom", "fstat"};
  return *calls;
}

class KillTest : public ::testing::Test {
 protected:
  KillTest() {
    home_.Make("anchors");
    home_.Make("state");
    home_.Make("witness");
    WriteSecret(home_.path() + "/log.key", log_.pem);
    WriteSecret(home_.path() + "/witness.key", witness_.pem);
  }

  std::vector<std::string> WitnessLine() const {
    return {ProgramPath("gongkai-verify"),
            "witness",
            "--lang",
            "en",
            "--listen",
            "127.0.0.1:0",
            "--key",
            home_.path() + "/witness.key",
            "--name",
            witness_.as.name,
            "--state",
            home_.path() + "/witness",
            "--log",
            log_.as.ToText()};
  }
  void StartWitness(const std::vector<std::string>& line) {
    port_ = 0;
    process_ = std::make_unique<Process>(line, std::vector<std::string>{});
    ASSERT_TRUE(process_->WaitFor("listening on ", absl::Seconds(30)))
        << process_->err();
    const std::string out = process_->out();
    const std::string mark = "listening on 127.0.0.1:";
    const size_t at = out.find(mark) + mark.size();
    ASSERT_TRUE(
        absl::SimpleAtoi(out.substr(at, out.find('\n', at) - at), &port_));
  }

  std::vector<std::string> SignLine() const {
    return {
        ProgramPath("gongkai-server"),
        "audit",
        "sign",
        "--once",
        "--database",
        house_.SignerDsn(),
        "--key",
        home_.path() + "/log.key",
        "--name",
        LogHouse::kOrigin,
        "--state",
        home_.path() + "/state/note",
        "--anchor",
        home_.path() + "/anchors",
        "--witness",
        absl::StrCat("http://127.0.0.1:", port_, ",", witness_.as.ToText())};
  }

  // The checkpoint in a file; nothing when it is torn.
  std::optional<storage::TreeHead> Open(const std::string& file) const {
    const auto open = audit::OpenCheckpoint(ReadWhole(file), {log_.as});
    if (!open.ok()) return std::nullopt;
    return storage::TreeHead{open->checkpoint.size, open->checkpoint.root};
  }

  // Whatever stands: each checkpoint is of the log's one history, none of a
  // size has two roots, and none is outside that was not written down.
  void ExpectSound(const std::string& when) {
    const storage::TreeHead head = house_.Head();
    const auto state = Open(home_.path() + "/state/note");
    int64_t newest = 0;
    for (const std::string& name : home_.Names("anchors")) {
      const auto found = Open(home_.path() + "/anchors/" + name);
      if (!found.has_value()) continue;
      newest = std::max(newest, found->size);
      EXPECT_TRUE(jobs::CheckContained(house_.service(), house_.suite(), head,
                                       *found, Soon())
                      .ok())
          << when << ": " << name;
    }
    const auto stored = house_.service().NewestCheckpoint(0, Soon());
    ASSERT_TRUE(stored.ok());
    if (stored->has_value()) newest = std::max(newest, (*stored)->size);
    if (newest == 0) return;
    ASSERT_TRUE(state.has_value()) << when;
    EXPECT_GE(state->size, newest) << when;
    EXPECT_TRUE(jobs::CheckContained(house_.service(), house_.suite(), head,
                                     *state, Soon())
                    .ok())
        << when;
  }

  // A run without a fault: the tree is signed, stored and outside.
  void ExpectGoesOn(const std::string& when) {
    const Finished finished = RunProgram(SignLine(), {});
    ASSERT_EQ(finished.exit, 0) << when << ": " << finished.err;
    const storage::TreeHead head = house_.Head();
    EXPECT_EQ(Open(home_.path() + "/state/note"), head) << when;
    const auto anchors = house_.service().AnchorsOf(head.size, Soon());
    ASSERT_TRUE(anchors.ok());
    EXPECT_EQ(anchors->size(), 2u) << when;
    bool outside = false;
    for (const std::string& name : home_.Names("anchors")) {
      outside = outside || Open(home_.path() + "/anchors/" + name) == head;
    }
    EXPECT_TRUE(outside) << when;
  }

  LogHouse house_;
  TempFolder home_;
  KeyPair log_{house_.suite(), LogHouse::kOrigin, audit::KeyUse::kSign};
  KeyPair witness_{house_.suite(), "witness.test", audit::KeyUse::kCosign};
  std::unique_ptr<Process> process_;
  int port_ = 0;
};

TEST_F(KillTest, SignerAndAnchorAtEachCall) {
  StartWitness(WitnessLine());
  house_.Grow(300);
  ExpectGoesOn("first");
  house_.Grow(1);
  const Calls calls = CallsOf(SignLine(), Kinds(), "note.lock");
  int tried = 0;
  int struck = 0;
  for (const std::string& call : Kinds()) {
    const auto before = calls.before.find(call);
    const int from = before == calls.before.end() ? 0 : before->second;
    const auto all = calls.all.find(call);
    const int to = all == calls.all.end() ? 0 : all->second;
    // What writes files is tried at every call, what talks at some.
    const bool talk = call == "sendto" || call == "recvfrom";
    const int step = FullSweep() || !talk ? 1 : 5;
    for (int when = from + 1; when <= to; when += step) {
      for (const char* what : {"signal=SIGKILL", "error=EIO"}) {
        // A word that seems sent and was not is answered by nobody: to find
        // that out is the network's.
        if (talk && std::string(what) == "error=EIO") continue;
        const Fault fault{call, what, when};
        house_.Grow(1);
        const Finished finished = RunProgram(Under(fault, SignLine()), {});
        ++tried;
        struck += finished.exit != 0;
        ExpectSound(fault.ToText());
        ExpectGoesOn(fault.ToText());
        ExpectSound(fault.ToText());
        if (HasFatalFailure()) return;
      }
    }
  }
  RecordProperty("faults", tried);
  RecordProperty("struck", struck);
  EXPECT_GT(struck, tried / 3);
  std::cout << tried << " faults, " << struck << " of them ended the run\n";
}

TEST_F(KillTest, WitnessAtEachCall) {
  house_.Grow(300);
  int64_t cosigned = 0;  // the largest that was answered for
  int struck = 0;
  const auto put = [&] {
    const storage::TreeHead head = house_.Grow(1);
    audit::Note note;
    note.text =
        audit::Checkpoint{LogHouse::kOrigin, head.size, head.root}.ToText();
    EXPECT_TRUE(audit::SignNote(log_.Again(), log_.as, absl::Now(), note).ok());
    const auto client = server::WitnessClient::Make(
        absl::StrCat("http://127.0.0.1:", port_, ",", witness_.as.ToText()),
        absl::Seconds(5));
    const auto prove = [&](int64_t old_size) {
      EXPECT_GE(old_size, cosigned);  // it never goes back
      return audit::ProveConsistency(house_.suite(), old_size, head.size,
                                     jobs::TilesOf(house_.service(), Soon()));
    };
    const bool done = (*client)->Put({head, note.ToText(), prove}, Soon()).ok();
    if (done) cosigned = head.size;
    return done;
  };
  for (const char* call :
       {"openat", "write", "fsync", "rename", "close", "recvfrom", "sendto"}) {
    for (int when = 1; when <= (FullSweep() ? 4 : 2); ++when) {
      for (const char* what : {"signal=SIGKILL", "error=EIO"}) {
        const Fault fault{call, what, when};
        SCOPED_TRACE(fault.ToText());
        StartWitness(WitnessLine());
        {
          const Striking striking(fault, process_->pid());
          for (int i = 0; i < 3; ++i) struck += !put();
          process_.reset();
        }
        StartWitness(WitnessLine());
        EXPECT_TRUE(put());
        process_.reset();
      }
    }
  }
  EXPECT_GT(struck, 10);
  std::cout << struck << " requests were struck\n";
}

}  // namespace
}  // namespace gongkai::test
