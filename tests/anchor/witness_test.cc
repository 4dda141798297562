// SPDX-License-Identifier: Apache-2.0
// The witness as it ships, over HTTP: the rules of C2SP tlog-witness, its
// memory, and the signer's client.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <httplib.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <thread>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "services/audit/encoding.h"
#include "services/audit/merkle.h"
#include "services/server/witness_client.h"
#include "tests/anchor/log_house.h"
#include "tests/end_to_end/process.h"

namespace gongkai {
namespace {

using server::WitnessClient;
using test::KeyPair;
using test::Process;
using test::ReadWhole;
using test::Soon;
using test::TempFolder;
using ::testing::HasSubstr;
using ::testing::SizeIs;

constexpr char kOrigin[] = "gov.example.cn/test";

int ConnectTo(int port) {
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(static_cast<uint16_t>(port));
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const int one = socket(AF_INET, SOCK_STREAM, 0);
  if (connect(one, reinterpret_cast<sockaddr*>(&to), sizeof to) != 0) return -1;
  return one;
}

// A log in memory.
class Grown {
 public:
  Grown(audit::Suite suite, int64_t size, char seed = 'a') : suite_(suite) {
    for (int64_t i = 0; i < size; ++i) {
      leaves_.push_back(
          audit::LeafHashOf(suite, std::string(1, seed) + std::to_string(i)));
    }
  }
  audit::ReadTile Tiles() const {
    return [this](int level, int64_t index,
                  int width) -> absl::StatusOr<std::string> {
      const auto tiles = audit::ExtendTiles(suite_, 0, leaves_, nullptr);
      for (const audit::Tile& tile : *tiles) {
        if (tile.level == level && tile.index == index) return tile.hashes;
      }
      return absl::NotFoundError(absl::StrCat("no tile of width ", width));
    };
  }
  std::string Root(int64_t size) const {
    return audit::RootAt(suite_, size, Tiles()).value();
  }
  std::string Proof(int64_t from, int64_t to) const {
    std::string lines;
    const auto proof = audit::ProveConsistency(suite_, from, to, Tiles());
    for (const std::string& hash : *proof) {
      absl::StrAppend(&lines, audit::ToBase64(hash), "\n");
    }
    return lines;
  }

 private:
  audit::Suite suite_;
  audit::Hashes leaves_;
};

class WitnessTest : public ::testing::TestWithParam<audit::Suite> {
 protected:
  WitnessTest() {
    test::WriteSecret(home_.path() + "/witness.key", witness_.pem);
    home_.Make("state");
    Start();
  }

  std::vector<std::string> Line(const std::string& listen) {
    return {test::ProgramPath("gongkai-verify"),
            "witness",
            "--lang",
            "en",
            "--listen",
            listen,
            "--key",
            home_.path() + "/witness.key",
            "--name",
            witness_.as.name,
            "--state",
            home_.path() + "/state",
            "--log",
            log_.as.ToText(),
            "--log",
            next_log_.as.ToText()};
  }
  void Start() {
    process_ = std::make_unique<Process>(Line("127.0.0.1:0"),
                                         std::vector<std::string>{});
    ASSERT_TRUE(process_->WaitFor("listening on ", absl::Seconds(30)))
        << process_->err();
    const std::string out = process_->out();
    const std::string mark = "listening on 127.0.0.1:";
    ASSERT_TRUE(absl::SimpleAtoi(out.substr(out.find(mark) + mark.size(),
                                            out.find('\n', out.find(mark)) -
                                                out.find(mark) - mark.size()),
                                 &port_))
        << out;
  }
  int Stop(int signal = SIGTERM) {
    process_->Signal(signal);
    return process_->Wait();
  }

  std::string Note(int64_t size, const std::string& root,
                   const std::vector<const KeyPair*>& keys) {
    audit::Note note;
    note.text = audit::Checkpoint{kOrigin, size, root}.ToText();
    for (const KeyPair* key : keys) {
      EXPECT_TRUE(
          audit::SignNote(key->Again(), key->as, absl::Now(), note).ok());
    }
    return note.ToText();
  }
  std::string Note(int64_t size) {
    return Note(size, log_of_.Root(size), {&log_});
  }
  httplib::Result Post(const std::string& body) {
    httplib::Client client("127.0.0.1", port_);
    return client.Post("/add-checkpoint", body, "text/plain");
  }
  int StatusOf(const std::string& body) {
    const auto result = Post(body);
    return result ? result->status : -1;
  }
  // Witnessed from `from` to `to`.
  int Advance(int64_t from, int64_t to) {
    const std::string proof =
        from > 0 && from < to ? log_of_.Proof(from, to) : "";
    return StatusOf(absl::StrCat("old ", from, "\n", proof, "\n", Note(to)));
  }

  TempFolder home_;
  KeyPair log_{GetParam(), kOrigin, audit::KeyUse::kSign};
  KeyPair next_log_{GetParam(), kOrigin, audit::KeyUse::kSign};
  KeyPair witness_{GetParam(), "witness.example.cn/w1", audit::KeyUse::kCosign};
  Grown log_of_{GetParam(), 700};
  std::unique_ptr<Process> process_;
  int port_ = 0;
};

INSTANTIATE_TEST_SUITE_P(Suites, WitnessTest,
                         ::testing::Values(audit::Suite::kSha256Ed25519,
                                           audit::Suite::kSm3Sm2),
                         [](const auto& suite) {
                           return suite.param == audit::Suite::kSm3Sm2
                                      ? "Sm3Sm2"
                                      : "Sha256Ed25519";
                         });

TEST_P(WitnessTest, CosignsWhatFollowsWithItsTime) {
  const auto result = Post("old 0\n\n" + Note(10));
  ASSERT_TRUE(result);
  ASSERT_EQ(result->status, 200) << result->body;
  const auto note = audit::ParseNote(Note(10) + result->body);
  ASSERT_TRUE(note.ok()) << note.status();
  const auto held = audit::CheckNote(*note, {log_.as, witness_.as});
  ASSERT_TRUE(held.ok()) << held.status();
  ASSERT_THAT(*held, SizeIs(2));
  EXPECT_LT(absl::AbsDuration(*(*held)[1].time - absl::Now()),
            absl::Seconds(30));
  for (const auto& [from, to] : std::vector<std::pair<int64_t, int64_t>>{
           {10, 11}, {11, 11}, {11, 256}, {256, 257}, {257, 700}}) {
    EXPECT_EQ(Advance(from, to), 200) << from << " to " << to;
  }
}

TEST_P(WitnessTest, TellsTheSizeThatItKnows) {
  ASSERT_EQ(Advance(0, 10), 200);
  for (const int64_t old_size : {0, 9, 11}) {
    const auto result = Post(absl::StrCat("old ", old_size, "\n\n", Note(20)));
    ASSERT_TRUE(result);
    EXPECT_EQ(result->status, 409);
    EXPECT_EQ(result->get_header_value("Content-Type"), "text/x.tlog.size");
    EXPECT_EQ(result->body, "10\n");
  }
}

TEST_P(WitnessTest, RefusesAnotherRootOfTheSameSizeAndKeepsBoth) {
  ASSERT_EQ(Advance(0, 10), 200);
  const std::string other = Note(10, std::string(32, 'x'), {&log_});
  const auto result = Post("old 10\n\n" + other);
  ASSERT_TRUE(result);
  EXPECT_EQ(result->status, 409);
  EXPECT_NE(result->get_header_value("Content-Type"), "text/x.tlog.size");
  std::string kept;
  for (const std::string& name : home_.Names("state")) {
    if (name.ends_with(".conflict")) {
      kept = ReadWhole(home_.path() + "/state/" + name);
    }
  }
  EXPECT_THAT(kept, HasSubstr(other));
  EXPECT_THAT(kept, HasSubstr(audit::ToBase64(log_of_.Root(10))));
  EXPECT_EQ(Advance(10, 20), 200);
}

TEST_P(WitnessTest, RefusesWhatDoesNotFollow) {
  ASSERT_EQ(Advance(0, 10), 200);
  const Grown fork(GetParam(), 30, 'z');
  // Another history with its own proof, no proof, a proof too many.
  EXPECT_EQ(StatusOf(absl::StrCat("old 10\n", fork.Proof(10, 30), "\n",
                                  Note(30, fork.Root(30), {&log_}))),
            422);
  EXPECT_EQ(StatusOf("old 10\n\n" + Note(30)), 422);
  EXPECT_EQ(StatusOf(absl::StrCat("old 10\n", log_of_.Proof(10, 30),
                                  log_of_.Proof(10, 30), "\n", Note(30))),
            422);
  EXPECT_EQ(
      StatusOf(absl::StrCat("old 10\n", log_of_.Proof(10, 30), "\n", Note(10))),
      422);
  EXPECT_EQ(Advance(10, 30), 200);
}

TEST_P(WitnessTest, KnowsLogsByNameAndByKey) {
  KeyPair stranger(GetParam(), kOrigin, audit::KeyUse::kSign);
  KeyPair elsewhere(GetParam(), "another.log", audit::KeyUse::kSign);
  audit::Note foreign;
  foreign.text =
      audit::Checkpoint{"another.log", 10, log_of_.Root(10)}.ToText();
  ASSERT_TRUE(
      audit::SignNote(elsewhere.Again(), elsewhere.as, absl::Now(), foreign)
          .ok());
  EXPECT_EQ(StatusOf("old 0\n\n" + foreign.ToText()), 404);
  EXPECT_EQ(StatusOf("old 0\n\n" + Note(10, log_of_.Root(10), {&stranger})),
            403);
  // A known name and id with a signature of something else.
  std::string broken = Note(10);
  broken.replace(broken.find("\n10\n"), 4, "\n11\n");
  EXPECT_EQ(StatusOf("old 0\n\n" + broken), 403);
  // Unknown signatures beside the known one do no harm; either key will do.
  EXPECT_EQ(
      StatusOf("old 0\n\n" + Note(10, log_of_.Root(10), {&stranger, &log_})),
      200);
  EXPECT_EQ(StatusOf(absl::StrCat("old 10\n", log_of_.Proof(10, 20), "\n",
                                  Note(20, log_of_.Root(20), {&next_log_}))),
            200);
}

TEST_P(WitnessTest, RefusesWhatIsNoRequest) {
  const std::string hash = audit::ToBase64(std::string(32, 'h')) + "\n";
  std::string many;
  for (int i = 0; i < 64; ++i) many += hash;
  for (const std::string& body :
       {std::string(), std::string("x"), std::string("old\n\n"),
        "old 00\n\n" + Note(1), "old -1\n\n" + Note(1),
        "old 9223372036854775808\n\n" + Note(1), "old 1 \n\n" + Note(1),
        "old 20\n\n" + Note(10), "old 0\nAAA=\n\n" + Note(1),
        "old 0\n" + hash + Note(1), "old 0\n" + many + "\n" + Note(1),
        std::string("old 0\n\n"), "old 0\n\n" + Note(1).substr(0, 40),
        std::string("old 0\n\nno note\n"),
        "old 0\n\n" + std::string("a\n01\n") + hash + "\n— a AAAAAAAA\n"}) {
    EXPECT_EQ(StatusOf(body), 400) << body.substr(0, 80);
  }
  EXPECT_EQ(StatusOf("old 0\n\n" + std::string(1 << 20, 'x')), 413);
  httplib::Client client("127.0.0.1", port_);
  const auto get = client.Get("/add-checkpoint");
  EXPECT_TRUE(get && get->status == 404);
  EXPECT_EQ(Advance(0, 5), 200);
}

// What one stranger sends without end is not kept, and is not waited for.
TEST_P(WitnessTest, AHeadWithoutEndIsCutOff) {
  constexpr size_t kAll = size_t{64} << 20;
  for (const std::string begin :
       {"POST /", "POST /add-checkpoint HTTP/1.1\r\nX: ",
        "POST /add-checkpoint HTTP/1.1\r\nTransfer-Encoding: "
        "chunked\r\n\r\n"}) {
    const int stranger = ConnectTo(port_);
    ASSERT_GE(stranger, 0);
    size_t sent = 0;
    std::string next = begin;
    while (sent < kAll) {
      const ssize_t n = send(stranger, next.data(), next.size(), MSG_NOSIGNAL);
      if (n < 0) break;
      sent += static_cast<size_t>(n);
      next.assign(1 << 16, 'a');
    }
    close(stranger);
    EXPECT_LT(sent, kAll) << begin;
  }
  EXPECT_EQ(Advance(0, 5), 200);
}

// A quarter of a minute, and the suite plays no part.
class OneWitnessTest : public WitnessTest {};
INSTANTIATE_TEST_SUITE_P(Suite, OneWitnessTest,
                         ::testing::Values(audit::Suite::kSha256Ed25519));

TEST_P(OneWitnessTest, SlowStrangersGiveTheirWorkersBack) {
  std::vector<int> strangers;
  for (int i = 0; i < 8; ++i) strangers.push_back(ConnectTo(port_));
  const absl::Time end = absl::Now() + absl::Seconds(14);
  std::thread drip([&] {
    for (; absl::Now() < end; absl::SleepFor(absl::Seconds(1))) {
      for (const int one : strangers) send(one, "P", 1, MSG_NOSIGNAL);
    }
  });
  httplib::Client client("127.0.0.1", port_);
  client.set_read_timeout(13);
  const auto got = client.Get("/");
  EXPECT_TRUE(got && got->status == 404);
  drip.join();
  for (const int one : strangers) close(one);
}

TEST_P(WitnessTest, RemembersOverAnyEnd) {
  ASSERT_EQ(Advance(0, 300), 200);
  for (const int signal : {SIGTERM, SIGKILL}) {
    const int end = Stop(signal);
    EXPECT_EQ(end, signal == SIGTERM ? 0 : 128 + SIGKILL);
    Start();
    EXPECT_EQ(Advance(0, 10), 409);
    EXPECT_EQ(Advance(200, 300), 409);
  }
  EXPECT_EQ(Advance(300, 301), 200);
}

TEST_P(WitnessTest, DoesNotStartOnAMemoryThatIsNotItsOwn) {
  ASSERT_EQ(Advance(0, 300), 200);
  ASSERT_EQ(Stop(), 0);
  std::string file;
  for (const std::string& name : home_.Names("state")) {
    if (name.ends_with(".checkpoint")) file = home_.path() + "/state/" + name;
  }
  const std::string whole = ReadWhole(file);
  for (const std::string& damaged :
       {std::string(), whole.substr(0, whole.size() / 2), Note(20)}) {
    std::ofstream(file, std::ios::trunc | std::ios::binary) << damaged;
    const auto ended = test::RunProgram(Line("127.0.0.1:0"), {});
    EXPECT_EQ(ended.exit, 2);
    EXPECT_THAT(ended.err, HasSubstr("is not one that this witness cosigned"));
  }
}

TEST_P(WitnessTest, OneProcessAtATime) {
  const auto ended = test::RunProgram(Line("127.0.0.1:0"), {});
  EXPECT_EQ(ended.exit, 2);
  EXPECT_THAT(ended.err, HasSubstr("another process is at work here"));
}

TEST_P(WitnessTest, ManyAtOnceNeverGoBack) {
  ASSERT_EQ(Advance(0, 10), 200);
  std::vector<std::thread> callers;
  std::atomic<int> cosigned = 0;
  for (int64_t to = 11; to < 27; ++to) {
    callers.emplace_back([&, to] {
      if (Advance(10, to) == 200) ++cosigned;
    });
  }
  for (std::thread& caller : callers) caller.join();
  EXPECT_EQ(cosigned, 1);
}

// A witness that answers without end holds nobody up: its carrier says so and
// goes on.
TEST(SlowWitness, AnAnswerWithoutEndIsGivenUp) {
  const int listening = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in here{};
  here.sin_family = AF_INET;
  here.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof here;
  ASSERT_EQ(bind(listening, reinterpret_cast<sockaddr*>(&here), size), 0);
  ASSERT_EQ(listen(listening, 1), 0);
  getsockname(listening, reinterpret_cast<sockaddr*>(&here), &size);
  std::thread dripping([&] {
    const int caller = accept(listening, nullptr, nullptr);
    const std::string head = "HTTP/1.1 200 OK\r\nX: ";
    send(caller, head.data(), head.size(), MSG_NOSIGNAL);
    const absl::Time end = absl::Now() + absl::Seconds(6);
    while (absl::Now() < end && send(caller, "x", 1, MSG_NOSIGNAL) == 1) {
      absl::SleepFor(absl::Milliseconds(50));
    }
    close(caller);
  });
  const KeyPair witness(audit::Suite::kSha256Ed25519, "w.example",
                        audit::KeyUse::kCosign);
  auto client = WitnessClient::Make(
      absl::StrCat("http://127.0.0.1:", ntohs(here.sin_port), ",",
                   witness.as.ToText()),
      absl::Seconds(1));
  ASSERT_TRUE(client.ok());
  const absl::Time start = absl::Now();
  const auto put =
      (*client)->Put({{1, std::string(32, 'r')}, "note\n", nullptr}, Soon());
  EXPECT_EQ(put.status().code(), absl::StatusCode::kUnavailable);
  EXPECT_LT(absl::Now() - start, absl::Seconds(3));
  dripping.join();
  close(listening);
}

TEST_P(WitnessTest, TheClientFindsItsWayAndChecksWhatItGets) {
  const std::string url = absl::StrCat("http://127.0.0.1:", port_);
  const auto outgoing = [&](int64_t size) {
    jobs::Outgoing out{{size, log_of_.Root(size)}, Note(size), nullptr};
    out.prove = [this, size](int64_t old_size) {
      return audit::ProveConsistency(GetParam(), old_size, size,
                                     log_of_.Tiles());
    };
    return out;
  };
  const auto make = [&] {
    return WitnessClient::Make(url + "/," + witness_.as.ToText(),
                               absl::Seconds(10))
        .value();
  };
  const auto client = make();
  EXPECT_EQ(client->name(), url);
  for (const int64_t size : {10, 10, 300}) {
    const auto note = client->Put(outgoing(size), Soon());
    ASSERT_TRUE(note.ok()) << note.status();
    const auto open = audit::OpenCheckpoint(*note, {log_.as, witness_.as});
    ASSERT_TRUE(open.ok()) << open.status();
    EXPECT_THAT(open->signatures, SizeIs(2));
  }
  // One that knows nothing is told the size; one that is behind is told why.
  EXPECT_TRUE(make()->Put(outgoing(400), Soon()).ok());
  const auto behind = make()->Put(outgoing(20), Soon());
  EXPECT_TRUE(absl::IsFailedPrecondition(behind.status()));
  EXPECT_THAT(std::string(behind.status().message()),
              HasSubstr("does not go back to 20"));
  // Another key than the witness has.
  KeyPair other(GetParam(), witness_.as.name, audit::KeyUse::kCosign);
  const auto wrong =
      WitnessClient::Make(url + "," + other.as.ToText(), absl::Seconds(10))
          .value();
  EXPECT_TRUE(absl::IsDataLoss(wrong->Put(outgoing(500), Soon()).status()));
  ASSERT_EQ(Stop(), 0);
  EXPECT_TRUE(absl::IsUnavailable(client->Put(outgoing(600), Soon()).status()));
}

TEST(WitnessClientTest, SaysWhatIsWrongWithAnAddress) {
  KeyPair cosigner(audit::Suite::kSha256Ed25519, "w", audit::KeyUse::kCosign);
  KeyPair signer(audit::Suite::kSha256Ed25519, "w", audit::KeyUse::kSign);
  for (const std::string& given :
       {std::string(), std::string("http://127.0.0.1:1"),
        "127.0.0.1:1," + cosigner.as.ToText(),
        "http://127.0.0.1:1," + signer.as.ToText(),
        std::string("http://127.0.0.1:1,w+00000000+AAAA")}) {
    EXPECT_TRUE(absl::IsInvalidArgument(
        WitnessClient::Make(given, absl::Seconds(1)).status()))
        << given;
  }
}

// A witness that answers nonsense, too much, or nothing.
TEST(WitnessClientTest, AHostileAnswerIsAnErrorWithinItsBounds) {
  httplib::Server server;
  std::string body;
  int status = 200;
  std::string type = "text/plain";
  server.Post("/add-checkpoint",
              [&](const httplib::Request&, httplib::Response& response) {
                response.status = status;
                response.set_content(body, type.c_str());
              });
  const int port = server.bind_to_any_port("127.0.0.1");
  std::thread serving([&] { server.listen_after_bind(); });
  KeyPair log(audit::Suite::kSha256Ed25519, kOrigin, audit::KeyUse::kSign);
  KeyPair cosigner(audit::Suite::kSha256Ed25519, "w", audit::KeyUse::kCosign);
  const auto client =
      WitnessClient::Make(
          absl::StrCat("http://127.0.0.1:", port, ",", cosigner.as.ToText()),
          absl::Seconds(2))
          .value();
  audit::Note note;
  note.text = audit::Checkpoint{kOrigin, 1, std::string(32, 'r')}.ToText();
  ASSERT_TRUE(audit::SignNote(log.Again(), log.as, absl::Now(), note).ok());
  const jobs::Outgoing out{{1, std::string(32, 'r')}, note.ToText(), nullptr};
  for (const auto& [s, t, b] :
       std::vector<std::tuple<int, std::string, std::string>>{
           {200, "text/plain", ""},
           {200, "text/plain", "thanks\n"},
           {200, "text/plain", std::string(10 << 20, 'x')},
           {200, "text/plain", note.ToText()},
           {409, "text/x.tlog.size", "007\n"},
           {409, "text/x.tlog.size", "-1\n"},
           {409, "text/x.tlog.size", "99999999999999999999\n"},
           {409, "text/x.tlog.size", "5\n"},
           {409, "text/plain", "other root"},
           {500, "text/plain", "\x1b[31m red"},
           {302, "text/plain", ""}}) {
    status = s, type = t, body = b;
    const auto put = client->Put(out, Soon());
    EXPECT_FALSE(put.ok()) << s << " " << b.substr(0, 20);
    EXPECT_EQ(std::string(put.status().message()).find('\x1b'),
              std::string::npos);
  }
  server.stop();
  serving.join();
}

}  // namespace
}  // namespace gongkai
