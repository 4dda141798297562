// SPDX-License-Identifier: Apache-2.0
#include "services/api/call.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "gongkai/v1/case_service.pb.h"
#include "grpc/grpc_security_constants.h"
#include "grpcpp/support/proto_buffer_reader.h"
#include "services/api/source.h"
#include "services/api/validate.h"
#include "services/auth/methods.h"
#include "services/base/address.h"
#include "services/base/dates.h"
#include "services/base/ids.h"
#include "services/base/log.h"
#include "services/base/refusal.h"
#include "services/base/status_macros.h"

namespace gongkai::api {
namespace {

constexpr int64_t kBusyRetryMs = 200;
constexpr int64_t kStoppingRetryMs = 1000;

absl::Status RefuseFor(v1::Reason reason, int64_t retry_ms) {
  v1::Refusal refusal;
  refusal.set_reason(reason);
  refusal.set_retry_ms(retry_ms);
  return Refuse(refusal);
}

std::string CodeName(grpc::StatusCode code) {
  return absl::StatusCodeToString(static_cast<absl::StatusCode>(code));
}

// With several values, the one that was added last.
std::string_view LastValue(const Metadata& metadata, std::string_view key) {
  const auto end =
      metadata.upper_bound(grpc::string_ref(key.data(), key.size()));
  if (end == metadata.begin()) return "";
  const auto& [name, value] = *std::prev(end);
  if (name != grpc::string_ref(key.data(), key.size())) return "";
  return {value.data(), value.size()};
}

// The certificate of the client, which the transport has verified; empty
// without one.
std::string CertificateOf(const grpc::ServerContextBase& context) {
  const auto proved = context.auth_context();
  if (proved == nullptr) return "";
  const auto found =
      proved->FindPropertyValues(GRPC_X509_PEM_CERT_PROPERTY_NAME);
  if (found.empty()) return "";
  return std::string(found[0].data(), found[0].size());
}

}  // namespace

Desk::Desk(Doors& doors, Limits& limits, Pool& pool, CallMetrics& metrics,
           Options options)
    : doors_(doors),
      limits_(limits),
      pool_(pool),
      metrics_(metrics),
      options_(std::move(options)),
      run_(absl::BytesToHexString(RandomBytes(4))) {}

Call Desk::Open(std::string_view method,
                const grpc::CallbackServerContext& context, bool unary) {
  in_flight_.fetch_add(1);
  Call call;
  call.method = method;
  call.serial = serial_.fetch_add(1) + 1;
  call.begun = absl::Now();
  call.deadline = absl::FromChrono(context.deadline());
  // No deadline reaches us as one in a far century.
  if (unary && call.deadline > call.begun + absl::Hours(24)) {
    call.deadline = call.begun + options_.default_deadline;
  }
  call.locale =
      LocaleOf(MetadataValue(context.client_metadata(), "accept-language"));
  call.source =
      SourceBehind(SourceOf(context.peer()),
                   LastValue(context.client_metadata(), "x-forwarded-for"),
                   options_.trusted_proxies);
  call.who.source = NeighbourhoodOf(call.source);
  const auth::MethodRow* row = auth::MethodOf(method);
  call.who.sign_in = row != nullptr && row->door == auth::Door::kOpen;
  call.who.account = doors_.identifier().SeemsToBe(
      {context.client_metadata(), CertificateOf(context), call.source});
  return call;
}

std::string Desk::CallId(const Call& call) const {
  return absl::StrCat(run_, "-", call.serial);
}

grpc::Status Desk::Close(const Call& call, const absl::Status& status) {
  const std::string id = CallId(call);
  grpc::Status told = ToGrpc(status, call.locale, id);
  const absl::Duration took = absl::Now() - call.begun;
  metrics_.Finished(call.method, call.act, told.error_code(), took);
  const auto refusal = RefusalOf(status);
  const bool broken = told.error_code() == grpc::StatusCode::INTERNAL;
  Log(broken ? Severity::kError : Severity::kInfo, "call",
      {{"method", std::string(call.method)},
       {"act", std::string(call.act)},
       {"code", CodeName(told.error_code())},
       {"reason", refusal ? v1::Reason_Name(refusal->reason()) : ""},
       {"ms", absl::ToDoubleMilliseconds(took)},
       {"call", id},
       {"detail", broken ? Scrubbed(ToStd(status.message())) : std::string()}});
  if (call.counted) limits_.Done(call.who);
  in_flight_.fetch_sub(1);
  return told;
}

absl::Status Desk::Admits(Call& call) {
  if (shut_.load()) return RefuseFor(v1::SERVICE_STOPPING, kStoppingRetryMs);
  RETURN_IF_ERROR(limits_.Begin(call.who, absl::Now()));
  call.counted = true;
  return absl::OkStatus();
}

absl::StatusOr<auth::Caller> Desk::Enter(
    const Call& call, const grpc::CallbackServerContext& context, bool later) {
  // Only a socket of this machine has no address, and is let in without one.
  const bool socket = context.peer().rfind("unix:", 0) == 0;
  if (!options_.only_from.empty() && !socket &&
      !AnyHolds(options_.only_from, call.source)) {
    return doors_.TurnAwayStranger(call.method, call.source, call.deadline);
  }
  return doors_.Enter(
      call.method,
      {context.client_metadata(), CertificateOf(context), call.source},
      call.deadline, later);
}

absl::Status Desk::Read(const Call& call, const auth::Caller& caller,
                        const grpc::ByteBuffer& bytes,
                        google::protobuf::Message& request) {
  const absl::Status status = ReadRequest(bytes, request);
  const auto refusal = RefusalOf(status);
  if (!refusal || refusal->reason() != v1::STATE_SECRET_AT_DOOR) return status;
  // A stream may have no deadline; a record does.
  return doors_.Stop(
      caller, call.method, status,
      std::min(call.deadline, absl::Now() + options_.default_deadline));
}

absl::Status TooBusy() { return RefuseFor(v1::TOO_BUSY, kBusyRetryMs); }

absl::Status ReadRequest(const grpc::ByteBuffer& bytes,
                         google::protobuf::Message& request) {
  grpc::ByteBuffer shared(bytes);
  grpc::ProtoBufferReader reader(&shared);
  if (!reader.status().ok() || !request.ParseFromZeroCopyStream(&reader)) {
    const std::string field = FindBadUtf8(request);
    if (!field.empty()) {
      return RefuseField(field, "well-formed text",
                         "a text that is not valid UTF-8");
    }
    return RefuseField(
        "", absl::StrCat("a readable ", request.GetDescriptor()->name()));
  }
  return Validate(request);
}

std::string_view ActNameOf(const google::protobuf::Message& request) {
  if (request.GetDescriptor() != v1::PerformActRequest::descriptor()) return "";
  const auto& act = static_cast<const v1::PerformActRequest&>(request).act();
  const auto* field = v1::Act::descriptor()->FindFieldByNumber(act.act_case());
  return field == nullptr ? std::string_view() : field->name();
}

absl::Status StillWanted(const grpc::CallbackServerContext& context,
                         const Call& call) {
  if (absl::Now() >= call.deadline) {
    return absl::DeadlineExceededError("the deadline passed in the queue");
  }
  if (context.IsCancelled()) return absl::CancelledError("the caller has gone");
  return absl::OkStatus();
}

}  // namespace gongkai::api
