// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_TESTS_BENCH_LOAD_H_
#define GONGKAI_TESTS_BENCH_LOAD_H_

#include <sys/types.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "google/protobuf/message.h"
#include "grpcpp/channel.h"
#include "grpcpp/client_context.h"
#include "grpcpp/completion_queue.h"
#include "grpcpp/support/byte_buffer.h"
#include "tests/bench/figures.h"
#include "tests/support/people.h"

namespace gongkai::bench {

// One call to make: the request is serialized already, and its answer is not
// read, so that the load takes as little of the machine as it can.
struct Outgoing {
  // `/gongkai.v1.CaseService/GetCase`.
  std::string method;
  grpc::ByteBuffer request;
  std::string account = "li";
  std::string agency;
};

// Serialized for an Outgoing.
grpc::ByteBuffer BytesOf(const google::protobuf::Message& message);

// What callers ask for, one after another.
class Workload {
 public:
  virtual ~Workload() = default;
  // The next call of a caller, from 0. Called when it has no other under way.
  virtual Outgoing Next(int caller) = 0;
  // How it ended.
  virtual void Done(int /*caller*/, bool /*ok*/) {}
};

// A window of measuring: after `warm`, for `length`.
struct Window {
  absl::Duration warm;
  absl::Duration length;
};

// Whose processor time is read.
struct Processes {
  pid_t server = 0;
  pid_t postmaster = 0;
};

struct LoadCaller;

// `callers` callers in this one thread, each with one call under way, over at
// most four connections.
class LoadClient {
 public:
  // `codes` is a folder with the set-up codes of everybody who will call, as
  // AGENCY/ACCOUNT.code: all are set up and signed in when this returns.
  LoadClient(std::string address, Processes processes,
             const std::string& codes);
  Run Measure(Workload& workload, int callers, const Window& window);
  // One call alone; its answer, or the error.
  grpc::Status Once(const Outgoing& call, google::protobuf::Message& answer);

 private:
  void Describe(const Outgoing& call, grpc::ClientContext& context);
  void Begin(LoadCaller& caller, Workload& workload,
             grpc::CompletionQueue& queue);

  std::vector<std::shared_ptr<grpc::Channel>> channels_;
  const Processes processes_;
  std::unique_ptr<test::People> people_;
};

}  // namespace gongkai::bench

#endif  // GONGKAI_TESTS_BENCH_LOAD_H_
