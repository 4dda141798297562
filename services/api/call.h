// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_API_CALL_H_
#define GONGKAI_SERVICES_API_CALL_H_

#include <atomic>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "google/protobuf/message.h"
#include "grpcpp/impl/codegen/proto_utils.h"
#include "grpcpp/server_context.h"
#include "grpcpp/support/byte_buffer.h"
#include "grpcpp/support/server_callback.h"
#include "services/api/doors.h"
#include "services/api/identity.h"
#include "services/api/limits.h"
#include "services/api/pool.h"
#include "services/api/source.h"
#include "services/api/status.h"
#include "services/auth/identity.h"

namespace gongkai::api {

// What is measured of calls. The server gives it a face for scraping.
// Thread-safe.
class CallMetrics {
 public:
  virtual ~CallMetrics() = default;
  // `act` is empty for methods that do none.
  virtual void Finished(std::string_view method, std::string_view act,
                        grpc::StatusCode code, absl::Duration took) = 0;
};

// One call from entry to answer.
struct Call {
  std::string_view method;
  // Field name in v1::Act, once the request has been read.
  std::string_view act;
  uint64_t serial = 0;
  absl::Time begun;
  // The caller's, or the default of the service.
  absl::Time deadline;
  Locale locale = Locale::kChinese;
  // Address that it comes from; empty from a socket of this machine.
  std::string source;
  // Whom it is counted against, and whether it has been.
  Limits::Who who;
  bool counted = false;
};

// What every call passes: counted in at the door, told its number and its
// deadline; counted out with a log line and a measure. Thread-safe.
class Desk {
 public:
  struct Options {
    absl::Duration default_deadline = absl::Seconds(10);
    // Networks whose word for where a call comes from is taken
    // (`x-forwarded-for`).
    std::vector<Network> trusted_proxies = {};
    // Networks that calls are taken from, besides sockets of this machine; none
    // takes all.
    std::vector<Network> only_from = {};
  };

  // What is given outlives it.
  Desk(Doors& doors, Limits& limits, Pool& pool, CallMetrics& metrics,
       Options options);

  // `unary` calls without a deadline get the default one.
  Call Open(std::string_view method, const grpc::CallbackServerContext& context,
            bool unary);
  // Counts the call out and says what the caller is told.
  grpc::Status Close(const Call& call, const absl::Status& status);

  // OK, or why the call is not taken now. After OK it counts against its
  // caller until it is closed.
  absl::Status Admits(Call& call);
  // Who calls, let in by the method's door.
  absl::StatusOr<auth::Caller> Enter(const Call& call,
                                     const grpc::CallbackServerContext& context,
                                     bool later = false);

  // ReadRequest for a caller who was let in: who brings a state secret is
  // recorded, without a word of it.
  absl::Status Read(const Call& call, const auth::Caller& caller,
                    const grpc::ByteBuffer& bytes,
                    google::protobuf::Message& request);

  Doors& doors() { return doors_; }
  Pool& pool() { return pool_; }
  int64_t in_flight() const { return in_flight_.load(); }

  // From now on new calls are SERVICE_STOPPING.
  void Shut() { shut_.store(true); }
  bool shut() const { return shut_.load(); }

 private:
  std::string CallId(const Call& call) const;

  Doors& doors_;
  Limits& limits_;
  Pool& pool_;
  CallMetrics& metrics_;
  const Options options_;
  const std::string run_;  // tells calls of this process from others'
  std::atomic<uint64_t> serial_{0};
  std::atomic<int64_t> in_flight_{0};
  std::atomic<bool> shut_{false};
};

// TOO_BUSY, with the time after which to come again.
absl::Status TooBusy();

// Reads and validates a request from the wire. Bytes that are no such message
// are FIELD_INVALID: of the field, where it is a text that is not UTF-8.
absl::Status ReadRequest(const grpc::ByteBuffer& bytes,
                         google::protobuf::Message& request);

// The name of the act that a request asks for; empty for other requests.
std::string_view ActNameOf(const google::protobuf::Message& request);

// What is left undone because the caller has gone or its time is over.
absl::Status StillWanted(const grpc::CallbackServerContext& context,
                         const Call& call);

// One unary call, the whole way: the handler's thread only queues it; a worker
// of the lane lets the caller in, reads, validates, runs
//   absl::StatusOr<Response> run(const auth::Caller&, const Request&,
//                                absl::Time deadline)
// and answers.
template <typename Request, typename Run>
grpc::ServerUnaryReactor* ServeUnary(Desk& desk, std::string_view method,
                                     Lane lane,
                                     grpc::CallbackServerContext* context,
                                     const grpc::ByteBuffer* bytes,
                                     grpc::ByteBuffer* reply, Run run) {
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  Call opened = desk.Open(method, *context, true);
  absl::Status admitted = desk.Admits(opened);
  const auto work = [&desk, lane, context, bytes, reply, run](Call& call) {
    absl::Status status = StillWanted(*context, call);
    if (!status.ok()) return status;
    // Who only reads is looked at when the answer is there: calls that are
    // under way together then share the question. Nothing is told before.
    const bool later = lane == Lane::kReads || lane == Lane::kReports;
    const int64_t mark = later ? desk.doors().Mark() : 0;
    absl::StatusOr<auth::Caller> caller = desk.Enter(call, *context, later);
    if (!caller.ok()) return caller.status();
    Request request;
    status = desk.Read(call, *caller, *bytes, request);
    call.act = ActNameOf(request);
    if (!status.ok()) return status;
    auto response = run(*caller, request, call.deadline);
    if (later) {
      status = desk.doors().StoodAfter(mark, *caller, call.deadline);
      // Another caller than was thought, or none: once more, as who he is.
      if (absl::IsUnauthenticated(status)) {
        caller = desk.Enter(call, *context);
        if (!caller.ok()) return caller.status();
        response = run(*caller, request, call.deadline);
      } else if (!status.ok()) {
        return status;
      }
    }
    if (!response.ok()) return response.status();
    bool own_buffer = false;
    const grpc::Status written =
        grpc::GenericSerialize<grpc::ProtoBufferWriter,
                               google::protobuf::Message>(*response, reply,
                                                          &own_buffer);
    return written.ok() ? absl::OkStatus()
                        : absl::InternalError(written.error_message());
  };
  if (admitted.ok() &&
      !desk.pool().TrySubmit(lane, [&desk, reactor, opened, work] {
        Call call = opened;
        const absl::Status status = work(call);
        reactor->Finish(desk.Close(call, status));
      })) {
    admitted = TooBusy();
  }
  if (!admitted.ok()) reactor->Finish(desk.Close(opened, admitted));
  return reactor;
}

}  // namespace gongkai::api

#endif  // GONGKAI_SERVICES_API_CALL_H_
