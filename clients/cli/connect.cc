// SPDX-License-Identifier: Apache-2.0
#include "clients/cli/connect.h"

#include <algorithm>
#include <chrono>
#include <thread>

#include "absl/strings/cord.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "clients/cli/credentials.h"
#include "google/rpc/details.pb.h"
#include "grpcpp/generic/generic_stub.h"
#include "services/base/dates.h"
#include "services/base/ids.h"
#include "services/base/status_macros.h"

namespace gongkai::cli {
namespace {

constexpr char kDetails[] = "type.googleapis.com/google.rpc.Status";

// Keeps what is typed on the command line fit for a header: metadata holds
// visible ASCII only, and the service refuses other identifiers anyway.
std::string HeaderValue(std::string_view text) {
  std::string value;
  for (const char c : text) {
    if (c >= 0x20 && c < 0x7f) value += c;
  }
  return value;
}

}  // namespace

Connection::Connection(const Settings& settings, std::string_view usual,
                       Port port)
    : settings_(settings), usual_(usual) {
  grpc::ChannelArguments arguments;
  // A case with a content of a million letters must be readable.
  arguments.SetMaxReceiveMessageSize(64 << 20);
  // The program tries again by itself; reconnecting must not be slower.
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 100);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 1000);
  const auto open = [&](const std::string& address) {
    auto credentials = CredentialsFor(settings, address);
    if (!credentials.ok() && trouble_.ok()) trouble_ = credentials.status();
    return grpc::CreateCustomChannel(address, credentials.value_or(nullptr),
                                     arguments);
  };
  // Sessions are begun and renewed on the common port alone.
  const std::shared_ptr<grpc::Channel> common = open(settings.server);
  channel_ = port == Port::kAdmin ? open(settings.admin_server) : common;
  sessions_ = std::make_unique<Sessions>(settings, common);
  cases_ = v1::CaseService::NewStub(channel_);
  calendars_ = v1::CalendarService::NewStub(channel_);
  audits_ = v1::AuditService::NewStub(channel_);
  reports_ = v1::ReportService::NewStub(channel_);
}

Identity Connection::Completed(const Identity& identity) const {
  Identity completed = identity;
  if (completed.usual.empty()) completed.usual = usual_;
  return completed;
}

void Connection::AddLanguage(grpc::ClientContext* context) const {
  context->AddMetadata("accept-language",
                       settings_.locale == Locale::kZh ? "zh-CN" : "en");
}

absl::Status Connection::Begin(grpc::ClientContext* context,
                               const Identity& identity, std::string* token) {
  RETURN_IF_ERROR(trouble_);
  ASSIGN_OR_RETURN(*token, sessions_->Token(Completed(identity)));
  if (!token->empty())
    context->AddMetadata("authorization", "Bearer " + *token);
  if (!settings_.on_behalf_of.empty()) {
    context->AddMetadata("x-gongkai-on-behalf-of",
                         HeaderValue(settings_.on_behalf_of));
  }
  AddLanguage(context);
  return absl::OkStatus();
}

absl::Status Connection::Once(
    const Identity* identity, std::string* token,
    const std::function<grpc::Status(grpc::ClientContext*)>& attempt) {
  RETURN_IF_ERROR(trouble_);
  grpc::ClientContext context;
  if (identity == nullptr) {
    AddLanguage(&context);
  } else {
    RETURN_IF_ERROR(Begin(&context, *identity, token));
  }
  context.set_deadline(std::chrono::system_clock::now() +
                       std::chrono::seconds(settings_.timeout_seconds));
  return FromGrpc(attempt(&context));
}

absl::Status Connection::Retry(
    const Identity* identity,
    const std::function<grpc::Status(grpc::ClientContext*)>& attempt) {
  const absl::Time until =
      absl::Now() + absl::Seconds(settings_.timeout_seconds);
  absl::Duration pause = absl::Milliseconds(100);
  bool renewed = false;
  for (;;) {
    std::string token;
    const absl::Status status = Once(identity, &token, attempt);
    const ErrorDetails details = DetailsOf(status);
    // The token was taken back before its time, or renewed by another command.
    if (absl::IsUnauthenticated(status) && !token.empty() && !renewed) {
      renewed = true;
      RETURN_IF_ERROR(sessions_->Another(Completed(*identity), token).status());
      continue;
    }
    // Without a pause asked for, RESOURCE_EXHAUSTED is a message too large:
    // sending it again cannot help. Nor does it after too many sign-ins.
    const bool again =
        absl::IsUnavailable(status) ||
        (absl::IsResourceExhausted(status) && identity != nullptr &&
         details.retry_after > absl::ZeroDuration());
    if (!again) return status;
    const absl::Duration wait = std::max(pause, details.retry_after);
    if (absl::Now() + wait >= until) return status;
    absl::SleepFor(wait);
    pause = std::min(pause * 2, absl::Seconds(2));
  }
}

absl::Status Connection::CheckHealth() {
  // The health service is built into the library of the service, its messages
  // into none: an empty request asks for the whole service, and field 1 of the
  // answer is 1 when it serves.
  RETURN_IF_ERROR(trouble_);
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() +
                       std::chrono::seconds(settings_.timeout_seconds));
  const grpc::Slice empty;
  const grpc::ByteBuffer request(&empty, 1);
  grpc::ByteBuffer response;
  grpc::Status status;
  grpc::GenericStub stub(channel_);
  grpc::CompletionQueue queue;
  const auto call = stub.PrepareUnaryCall(
      &context, "/grpc.health.v1.Health/Check", request, &queue);
  call->StartCall();
  call->Finish(&response, &status, nullptr);
  void* tag = nullptr;
  bool done = false;
  queue.Next(&tag, &done);
  RETURN_IF_ERROR(FromGrpc(status));
  grpc::Slice slice;
  if (!response.DumpToSingleSlice(&slice).ok() || slice.size() != 2 ||
      slice.begin()[0] != 0x08 || slice.begin()[1] != 0x01) {
    return absl::UnavailableError("the service does not serve");
  }
  return absl::OkStatus();
}

absl::Status FromGrpc(const grpc::Status& status) {
  if (status.ok()) return absl::OkStatus();
  absl::Status result(static_cast<absl::StatusCode>(status.error_code()),
                      status.error_message());
  if (!status.error_details().empty()) {
    result.SetPayload(kDetails, absl::Cord(status.error_details()));
  }
  return result;
}

ErrorDetails DetailsOf(const absl::Status& status) {
  ErrorDetails details;
  const auto payload = status.GetPayload(kDetails);
  google::rpc::Status parsed;
  if (!payload.has_value() || !parsed.ParseFromString(std::string(*payload))) {
    return details;
  }
  for (const google::protobuf::Any& any : parsed.details()) {
    google::rpc::ErrorInfo info;
    google::rpc::BadRequest bad;
    google::rpc::LocalizedMessage localized;
    google::rpc::RetryInfo retry;
    if (any.UnpackTo(&info)) {
      details.reason = info.reason();
      details.metadata.insert(info.metadata().begin(), info.metadata().end());
    } else if (any.UnpackTo(&bad)) {
      for (const auto& violation : bad.field_violations()) {
        details.metadata.emplace("field", violation.field());
        details.metadata.emplace("wanted", violation.description());
      }
    } else if (any.UnpackTo(&localized)) {
      details.sentence = localized.message();
    } else if (any.UnpackTo(&retry)) {
      details.retry_after = absl::Seconds(retry.retry_delay().seconds()) +
                            absl::Nanoseconds(retry.retry_delay().nanos());
    }
  }
  return details;
}

absl::StatusOr<std::string> CaseNameOf(std::string_view typed,
                                       std::string_view agency) {
  if (typed.starts_with("agencies/")) {
    ASSIGN_OR_RETURN(const CaseRef ref, ParseCaseName(typed));
    return CaseName(ref.agency, ref.number);
  }
  const std::string own = std::string(agency) + "-";
  if (!agency.empty() && !typed.starts_with(own)) {
    // A number of this service names its agency itself: believe it.
    const auto ref = ParseCaseName(typed);
    const bool whole =
        ref.ok() && std::count(typed.begin(), typed.end(), '-') >= 2;
    if (!whole) return CaseName(agency, typed);
  }
  ASSIGN_OR_RETURN(const CaseRef ref, ParseCaseName(typed));
  return CaseName(ref.agency, ref.number);
}

std::string AgencyOf(std::string_view name) {
  const auto ref = ParseCaseName(name);
  return ref.ok() ? ref->agency : "";
}

absl::StatusOr<std::string> NeedAgency(const Settings& settings) {
  if (!settings.agency.empty()) return settings.agency;
  return UsageError(Say(settings.locale,
                        "请用 --agency 或 GONGKAI_AGENCY 指明机关",
                        "name the agency by --agency or GONGKAI_AGENCY"));
}

}  // namespace gongkai::cli
