// SPDX-License-Identifier: Apache-2.0
// witness: the one verb that listens. It keeps one checkpoint of each log and
// cosigns what follows it.
#include <httplib.h>
#include <signal.h>

#include <memory>
#include <ostream>
#include <thread>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "clients/verify/bounded_server.h"
#include "clients/verify/keys.h"
#include "clients/verify/verbs.h"
#include "clients/verify/witness_book.h"
#include "services/base/status_macros.h"

namespace gongkai::verify {
namespace {

constexpr int kTooLarge = 413;
constexpr int kWorkers = 8;
constexpr absl::Duration kLookAgain = absl::Milliseconds(1);
constexpr char kDefaultAddress[] = "127.0.0.1:7072";

struct Address {
  std::string host;
  int port = 0;
};

absl::StatusOr<Address> ReadAddress(const std::string& text) {
  const size_t colon = text.rfind(':');
  Address address{text.substr(0, colon), 0};
  if (colon == std::string::npos || address.host.empty() ||
      !absl::SimpleAtoi(text.substr(colon + 1), &address.port) ||
      address.port < 0 || address.port > 65535) {
    return absl::InvalidArgumentError("--listen takes HOST:PORT");
  }
  return address;
}

// Workers, and the size of a body that is told beforehand.
void SetBounds(httplib::Server& server) {
  server.new_task_queue = [] { return new httplib::ThreadPool(kWorkers); };
  server.set_payload_max_length(kMostRequestBytes);
  // A second witness on the same port is an error, not a partner.
  server.set_socket_options([](int socket) {
    const int yes = 1;
    setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  });
}

void SetRoute(httplib::Server& server, WitnessBook& book) {
  server.Post("/add-checkpoint", [&book](const httplib::Request&,
                                         httplib::Response& response,
                                         const httplib::ContentReader& read) {
    std::string body;
    // Counted here: a length may be left out, or be that of what is packed.
    const bool whole = read([&body](const char* bytes, size_t n) {
      if (body.size() + n > kMostRequestBytes) return false;
      body.append(bytes, n);
      return true;
    });
    if (!whole) {
      response.status = kTooLarge;
      return;
    }
    const WitnessAnswer answer = book.AddCheckpoint(body, absl::Now());
    response.status = answer.status;
    response.set_content(answer.body, answer.type);
  });
}

sigset_t BlockEndSignals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  signal(SIGPIPE, SIG_IGN);
  return signals;
}

absl::StatusOr<std::unique_ptr<WitnessBook>> OpenBook(const Given& given,
                                                      std::string& vkey) {
  ASSIGN_OR_RETURN(audit::SigningKey key, ReadSigningKey(given.Get("key")));
  ASSIGN_OR_RETURN(
      audit::VerifierKey as,
      audit::VerifierKeyOf(key, given.Get("name"), audit::KeyUse::kCosign));
  ASSIGN_OR_RETURN(const auto logs, ReadVerifierKeys(given.All("log")));
  vkey = as.ToText();
  return WitnessBook::Open(given.Get("state"), std::move(key), std::move(as),
                           logs);
}

absl::StatusOr<Exit> Witness(const Call& call) {
  const Given& given = call.given;
  ASSIGN_OR_RETURN(
      const Address address,
      ReadAddress(given.Has("listen") ? given.Get("listen") : kDefaultAddress));
  std::string vkey;
  ASSIGN_OR_RETURN(const auto book, OpenBook(given, vkey));
  const sigset_t signals = BlockEndSignals();
  BoundedServer server({});
  SetBounds(server);
  SetRoute(server, *book);
  int port = address.port;
  const bool bound = port != 0
                         ? server.bind_to_port(address.host, port)
                         : (port = server.bind_to_any_port(address.host)) > 0;
  if (!bound) {
    return absl::UnavailableError(
        absl::StrCat("cannot listen on ", address.host, ":", address.port));
  }
  call.out << "witness " << vkey << "\nlistening on " << address.host << ":"
           << port << std::endl;
  std::thread serving([&server] { server.listen_after_bind(); });
  // Before that it would not hear that it is to stop.
  while (!server.is_running()) absl::SleepFor(kLookAgain);
  int got = 0;
  sigwait(&signals, &got);
  server.stop();
  serving.join();
  return Exit::kSound;
}

}  // namespace

Verb WitnessVerb() {
  return {
      .name = "witness",
      .zh = "作为见证方运行：只签署与上次所见一致的检查点，直至收到 SIGTERM",
      .en =
          "Runs a witness until SIGTERM: cosigns checkpoints that follow "
          "the last it saw",
      .flags = {{.name = "listen",
                 .zh = "监听地址 HOST:PORT（默认 127.0.0.1:7072）",
                 .en = "HOST:PORT (default 127.0.0.1:7072)"},
                {.name = "key",
                 .zh = "见证方私钥文件（PEM）",
                 .en = "file of the witness's private key (PEM)",
                 .required = true},
                {.name = "name",
                 .zh = "见证方名称",
                 .en = "name of the witness",
                 .required = true},
                {.name = "state",
                 .zh = "保存各日志最近检查点的目录",
                 .en = "folder that keeps the last checkpoint of each log",
                 .required = true},
                {.name = "log",
                 .zh = "日志的验证公钥或其文件，可重复",
                 .en = "verifier key of a log, or its file; may be repeated",
                 .required = true,
                 .repeated = true}},
      .run = Witness};
}

}  // namespace gongkai::verify
