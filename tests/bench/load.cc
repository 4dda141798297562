// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/load.h"

#include <unistd.h>

#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "grpcpp/completion_queue.h"
#include "grpcpp/create_channel.h"
#include "grpcpp/generic/generic_stub.h"
#include "grpcpp/impl/codegen/proto_utils.h"
#include "grpcpp/security/credentials.h"

namespace gongkai::bench {
namespace {

constexpr int kMostConnections = 4;

}  // namespace

// One caller and the call it waits for.
struct LoadCaller {
  int index = 0;
  grpc::GenericStub* stub = nullptr;
  std::optional<grpc::ClientContext> context;
  std::unique_ptr<grpc::GenericClientAsyncResponseReader> reader;
  grpc::ByteBuffer answer;
  grpc::Status status;
  absl::Time begun;
};

void LoadClient::Describe(const Outgoing& call, grpc::ClientContext& context) {
  people_->Identify(call.agency, call.account, context);
  context.set_deadline(absl::ToChronoTime(absl::Now() + absl::Seconds(30)));
}

void LoadClient::Begin(LoadCaller& caller, Workload& workload,
                       grpc::CompletionQueue& queue) {
  const Outgoing call = workload.Next(caller.index);
  caller.context.emplace();
  Describe(call, *caller.context);
  caller.answer.Clear();
  caller.begun = absl::Now();
  caller.reader = caller.stub->PrepareUnaryCall(&*caller.context, call.method,
                                                call.request, &queue);
  caller.reader->StartCall();
  caller.reader->Finish(&caller.answer, &caller.status, &caller);
}

grpc::ByteBuffer BytesOf(const google::protobuf::Message& message) {
  grpc::ByteBuffer bytes;
  bool own = false;
  // A message of the contract can always be serialized.
  grpc::GenericSerialize<grpc::ProtoBufferWriter, google::protobuf::Message>(
      message, &bytes, &own);
  return bytes;
}

LoadClient::LoadClient(std::string address, Processes processes,
                       const std::string& codes)
    : processes_(processes) {
  for (int i = 0; i < kMostConnections; ++i) {
    grpc::ChannelArguments arguments;
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    channels_.push_back(grpc::CreateCustomChannel(
        address, grpc::InsecureChannelCredentials(), arguments));
  }
  people_ = std::make_unique<test::People>(channels_[0], codes);
  people_->SignEverybodyIn();
}

Run LoadClient::Measure(Workload& workload, int callers, const Window& window) {
  grpc::CompletionQueue queue;
  std::vector<std::unique_ptr<grpc::GenericStub>> stubs;
  for (const auto& channel : channels_) {
    stubs.push_back(std::make_unique<grpc::GenericStub>(channel));
  }
  std::vector<LoadCaller> all(static_cast<size_t>(callers));
  for (int i = 0; i < callers; ++i) {
    all[i].index = i;
    all[i].stub = stubs[i % stubs.size()].get();
    Begin(all[i], workload, queue);
  }
  Run run;
  const absl::Time from = absl::Now() + window.warm;
  const absl::Time to = from + window.length;
  std::optional<absl::Time> begun, ended;
  Usage before;
  int under_way = callers;
  void* tag = nullptr;
  bool ok = false;
  while (under_way > 0 && queue.Next(&tag, &ok)) {
    LoadCaller& caller = *static_cast<LoadCaller*>(tag);
    const absl::Time now = absl::Now();
    if (!begun && now >= from) {
      begun = now;
      before = ReadUsage(getpid(), processes_.server, processes_.postmaster);
    }
    if (!ended && now >= to) {
      ended = now;
      run.used = ReadUsage(getpid(), processes_.server, processes_.postmaster) -
                 before;
    }
    if (!caller.status.ok()) {
      ++run.errors;
      if (run.first_error.empty()) {
        run.first_error = absl::StrCat(caller.status.error_code(), " ",
                                       caller.status.error_message());
      }
    } else if (begun && !ended) {
      ++run.calls;
      run.latencies_us.push_back(
          absl::ToDoubleMicroseconds(now - caller.begun));
    }
    workload.Done(caller.index, caller.status.ok());
    if (ended) {
      --under_way;
    } else {
      Begin(caller, workload, queue);
    }
  }
  queue.Shutdown();
  while (queue.Next(&tag, &ok)) {
  }
  if (begun && ended) run.seconds = absl::ToDoubleSeconds(*ended - *begun);
  return run;
}

grpc::Status LoadClient::Once(const Outgoing& call,
                              google::protobuf::Message& answer) {
  grpc::CompletionQueue queue;
  grpc::GenericStub stub(channels_[0]);
  grpc::ClientContext context;
  Describe(call, context);
  const auto reader =
      stub.PrepareUnaryCall(&context, call.method, call.request, &queue);
  reader->StartCall();
  grpc::ByteBuffer bytes;
  grpc::Status status;
  void* tag = nullptr;
  bool ok = false;
  reader->Finish(&bytes, &status, &tag);
  queue.Next(&tag, &ok);
  if (!status.ok()) return status;
  return grpc::GenericDeserialize<grpc::ProtoBufferReader,
                                  google::protobuf::Message>(&bytes, &answer);
}

}  // namespace gongkai::bench
