// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_CLIENTS_CLI_CONNECT_H_
#define GONGKAI_CLIENTS_CLI_CONNECT_H_

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "clients/cli/command.h"
#include "clients/cli/sessions.h"
#include "gongkai/v1/audit_service.grpc.pb.h"
#include "gongkai/v1/calendar_service.grpc.pb.h"
#include "gongkai/v1/case_service.grpc.pb.h"
#include "gongkai/v1/report_service.grpc.pb.h"
#include "grpcpp/grpcpp.h"

namespace gongkai::cli {

// The line to the service. Thread-compatible.
class Connection {
 public:
  // The service answers administration on a port of its own.
  enum class Port { kCommon, kAdmin };

  // `usual` is the account that a call usually needs (see Identity::usual). A
  // line that cannot be protected as asked is an error of each call.
  Connection(const Settings& settings, std::string_view usual,
             Port port = Port::kCommon);

  v1::CaseService::Stub& cases() { return *cases_; }
  v1::CalendarService::Stub& calendars() { return *calendars_; }
  v1::AuditService::Stub& audits() { return *audits_; }
  v1::ReportService::Stub& reports() { return *reports_; }
  const std::shared_ptr<grpc::Channel>& channel() const { return channel_; }
  Sessions& sessions() { return *sessions_; }

  // Sets identity and language of a call that lasts, such as a watch. `token`
  // is what it will be made with.
  absl::Status Begin(grpc::ClientContext* context, const Identity& identity,
                     std::string* token);

  // Makes a unary call and, while the service is away or busy, makes it again
  // with growing pauses until the time for it is over: the request is the
  // same, its request_id too. Example:
  //   connection.Call<v1::GetCaseResponse>(identity, [&](auto* ctx, auto* res)
  //       { return connection.cases().GetCase(ctx, request, res); });
  template <typename Response, typename Make>
  absl::StatusOr<Response> Call(const Identity& identity, const Make& make) {
    return Fetch<Response>(&identity, make);
  }
  // The same for a call that needs no session.
  template <typename Response, typename Make>
  absl::StatusOr<Response> CallUnknown(const Make& make) {
    return Fetch<Response>(nullptr, make);
  }

  // OK when the service says that it serves, UNAVAILABLE otherwise. Tries
  // once.
  absl::Status CheckHealth();

 private:
  template <typename Response, typename Attempt>
  absl::StatusOr<Response> Fetch(const Identity* identity,
                                 const Attempt& attempt) {
    Response response;
    const absl::Status status =
        Retry(identity, [&](grpc::ClientContext* context) {
          response.Clear();
          return attempt(context, &response);
        });
    if (!status.ok()) return status;
    return response;
  }
  absl::Status Retry(
      const Identity* identity,
      const std::function<grpc::Status(grpc::ClientContext*)>& attempt);
  absl::Status Once(
      const Identity* identity, std::string* token,
      const std::function<grpc::Status(grpc::ClientContext*)>& attempt);
  Identity Completed(const Identity& identity) const;
  void AddLanguage(grpc::ClientContext* context) const;

  const Settings& settings_;
  const std::string usual_;
  // Why there is no line.
  absl::Status trouble_;
  std::shared_ptr<grpc::Channel> channel_;
  std::unique_ptr<Sessions> sessions_;
  std::unique_ptr<v1::CaseService::Stub> cases_;
  std::unique_ptr<v1::CalendarService::Stub> calendars_;
  std::unique_ptr<v1::AuditService::Stub> audits_;
  std::unique_ptr<v1::ReportService::Stub> reports_;
};

// A status of the transport as one of ours; the details go with it.
absl::Status FromGrpc(const grpc::Status& status);

// What the service said beside the code.
struct ErrorDetails {
  // Value of v1.Reason by name; empty when there is none.
  std::string reason;
  // The sentence in the reader's language.
  std::string sentence;
  // field, wanted, got, phase, limit, due, article.
  std::map<std::string, std::string> metadata;
  // Zero when the service asks for no pause.
  absl::Duration retry_after;
};
ErrorDetails DetailsOf(const absl::Status& status);

// The resource name of a case from a name or a number as typed. A number that
// does not begin with its agency (an imported one) is taken to be of
// `agency`. INVALID_ARGUMENT when it can be neither.
absl::StatusOr<std::string> CaseNameOf(std::string_view typed,
                                       std::string_view agency);

// The agency in a resource name; empty when there is none.
std::string AgencyOf(std::string_view name);

// The agency of the settings, or a usage error that says how to name it.
absl::StatusOr<std::string> NeedAgency(const Settings& settings);

}  // namespace gongkai::cli

#endif  // GONGKAI_CLIENTS_CLI_CONNECT_H_
