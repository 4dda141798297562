// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_TESTS_SUPPORT_TEST_SERVICE_H_
#define GONGKAI_TESTS_SUPPORT_TEST_SERVICE_H_

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "gongkai/v1/calendar_service.grpc.pb.h"
#include "gongkai/v1/case_service.grpc.pb.h"
#include "google/rpc/details.pb.h"
#include "grpcpp/grpcpp.h"
#include "services/api/identity.h"
#include "services/base/clock.h"
#include "services/server/service.h"

namespace gongkai::test {

// The day that tests live on: a Wednesday, 2024-03-20, noon in Shanghai.
absl::Time TestNoon();

// The whole service in this process, on a database of its own in the shared
// cluster, with one agency, SHGXW, reached over a real channel. Trouble with
// starting ends the test binary.
class TestService {
 public:
  struct Options {
    server::Config config;  // database, listen, metrics and key are filled in
    absl::Time now = TestNoon();
    // Load the national calendar of ops/calendar.
    bool calendar = true;
    // Callers are whom they say they are; otherwise they sign in.
    bool identity = true;
    // Says who calls instead, by the clock of the service.
    std::function<std::unique_ptr<api::Identifier>(Clock&)> identifier =
        nullptr;
    // Hold callers to the limits of `config`.
    bool limits = false;
    // Of the shared cluster, with its agency and calendar; empty: a new one.
    std::string database = "";
  };

  TestService();
  explicit TestService(const Options& options);
  ~TestService();

  static constexpr const char* kAgency = "SHGXW";

  v1::CaseService::Stub& cases() { return *cases_; }
  v1::CalendarService::Stub& calendars() { return *calendars_; }
  server::Service& service() { return *service_; }
  ManualClock& clock() { return clock_; }
  const std::shared_ptr<grpc::Channel>& channel() const { return channel_; }
  // Name of the database; TempPostgres::Shared() reaches it.
  const std::string& database() const { return database_; }

  // A channel of its own connection.
  std::shared_ptr<grpc::Channel> NewChannel() const;
  // A new id for a request.
  std::string NewRequestId();

  // Who calls: an account with roles as the metadata take them (`handler`).
  struct As {
    std::string account = "li";
    std::string roles = "handler";
    std::string agency = kAgency;
    std::string language = "en";
    std::string person = "";  // the account when empty
  };
  static void Identify(const As& as, grpc::ClientContext& context);

  // A well-formed application in person on the clock's day.
  v1::ReceiveApplicationRequest Application(std::string_view content);
  // Receives it as a handler; ends the test binary unless it is taken in.
  v1::ReceiveApplicationResponse Receive(std::string_view content);
  // One act on a case on the clock's day.
  grpc::Status Perform(const As& as, const std::string& name,
                       const v1::Act& act,
                       v1::PerformActResponse* response = nullptr);
  v1::Case Get(const std::string& name);

 private:
  void LoadCalendar();

  std::string database_;
  ManualClock clock_;
  std::unique_ptr<server::Service> service_;
  std::shared_ptr<grpc::Channel> channel_;
  std::unique_ptr<v1::CaseService::Stub> cases_;
  std::unique_ptr<v1::CalendarService::Stub> calendars_;
};

// What a status tells beside its code.
struct Told {
  std::string reason;
  std::map<std::string, std::string> metadata;
  std::string field;        // of BadRequest
  std::string description;  // of BadRequest
  std::optional<absl::Duration> retry;
  std::string locale;
  std::string sentence;
};
Told Details(const grpc::Status& status);

}  // namespace gongkai::test

#endif  // GONGKAI_TESTS_SUPPORT_TEST_SERVICE_H_
