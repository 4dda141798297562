// SPDX-License-Identifier: Apache-2.0
#include "tests/support/test_service.h"

#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <iostream>
#include <sstream>
#include <utility>
#include <vector>

#include "absl/time/clock.h"
#include "services/base/dates.h"
#include "services/base/ids.h"
#include "services/law/calendar.h"
#include "tests/support/spoken_identity.h"
#include "tests/support/temp_postgres.h"
#include "tests/support/test_vault.h"

namespace gongkai::test {
namespace {

[[noreturn]] void Die(const std::string& what) {
  std::cerr << "test service: " << what << std::endl;
  std::_Exit(1);
}

std::string SourceDir() {
  const char* dir = std::getenv("GONGKAI_SOURCE_DIR");
  return dir == nullptr ? "." : dir;
}

std::string ReadText(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in.is_open()) Die("cannot read " + path);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

std::string WriteKey() {
  std::string path = "/tmp/gongkai-key-XXXXXX";
  const int fd = mkstemp(path.data());
  if (fd < 0) Die("cannot make a key file");
  const std::string key(32, 'k');
  if (write(fd, key.data(), key.size()) != static_cast<ssize_t>(key.size())) {
    Die("cannot write a key file");
  }
  close(fd);
  return path;
}

const auth::Caller& Keeper() {
  static const auto* const keeper = new auth::Caller{
      "keeper", "keeper", {v1::ROLE_SECURITY_ADMIN}, "*", "dev"};
  return *keeper;
}

v1::CalendarNotice ToProto(const law::Notice& notice) {
  v1::CalendarNotice out;
  out.set_number(notice.number);
  out.set_title(notice.title);
  out.set_issued_date(FormatDay(notice.issued));
  out.set_year(notice.year);
  out.set_source(notice.source);
  for (const auto& day : notice.days) {
    auto* d = out.add_days();
    d->set_date(FormatDay(day.day));
    d->set_kind(day.kind);
    d->set_name(day.name);
  }
  return out;
}

void MustBeOk(const absl::Status& status, const char* what) {
  if (!status.ok()) Die(std::string(what) + ": " + status.ToString());
}

}  // namespace

absl::Time TestNoon() {
  return absl::FromCivil(absl::CivilSecond(2024, 3, 20, 4, 0, 0),
                         absl::UTCTimeZone());
}

TestService::TestService() : TestService(Options()) {}

TestService::TestService(const Options& options)
    : database_(options.database.empty() ? TempPostgres::Shared().NewDatabase()
                                         : options.database),
      clock_(options.now) {
  const std::string key_file = WriteKey();
  server::Config config = options.config;
  config.database = TempPostgres::Shared().Service(database_);
  config.listen = "127.0.0.1:0";
  config.metrics = "";
  config.admin_listen = "127.0.0.1:0";
  config.insecure_loopback = config.tls_cert.empty();
  config.rulebook = SourceDir() + "/ops/rulebook";
  config.request_key = key_file;
  if (config.vault.empty()) config.vault = TestVaultFile();
  config.max_backdating_days = 0;
  if (!options.limits) {
    config.account_rate = config.source_rate = config.account_calls = 0;
  }
  std::unique_ptr<api::Identifier> identifier;
  if (options.identifier) {
    identifier = options.identifier(clock_);
  } else if (options.identity) {
    identifier = std::make_unique<SpokenIdentity>();
  }
  auto service = server::Service::Start(config, clock_, std::move(identifier));
  // It has been read: also a service that a test never destroys leaves none.
  unlink(key_file.c_str());
  MustBeOk(service.status(), "start");
  service_ = *std::move(service);
  v1::AgencyTerms terms;
  terms.set_name("上海市某某委员会");
  terms.set_review_organ("上海市人民政府");
  terms.set_court("上海铁路运输法院");
  MustBeOk(service_->performer().SetAgencyTerms(
               Keeper(), kAgency, terms, absl::Now() + absl::Seconds(30)),
           "agency");
  if (options.calendar) LoadCalendar();
  channel_ = NewChannel();
  cases_ = v1::CaseService::NewStub(channel_);
  calendars_ = v1::CalendarService::NewStub(channel_);
}

TestService::~TestService() = default;

void TestService::LoadCalendar() {
  const auto notices =
      law::ReadNotices(ReadText(SourceDir() + "/ops/calendar/notices.csv"),
                       ReadText(SourceDir() + "/ops/calendar/days.csv"));
  MustBeOk(notices.status(), "calendar");
  for (const law::Notice& notice : *notices) {
    v1::LoadNoticeRequest request;
    request.set_request_id(NewRequestId());
    *request.mutable_notice() = ToProto(notice);
    MustBeOk(service_->performer()
                 .LoadNotice(Keeper(), request, absl::Now() + absl::Seconds(30))
                 .status(),
             "notice");
  }
}

std::shared_ptr<grpc::Channel> TestService::NewChannel() const {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  return grpc::CreateCustomChannel(
      "127.0.0.1:" + std::to_string(service_->port()),
      grpc::InsecureChannelCredentials(), arguments);
}

std::string TestService::NewRequestId() { return NewUuid(absl::Now()); }

void TestService::Identify(const As& as, grpc::ClientContext& context) {
  context.AddMetadata("x-gongkai-account", as.account);
  if (!as.person.empty()) context.AddMetadata("x-gongkai-person", as.person);
  context.AddMetadata("x-gongkai-roles", as.roles);
  context.AddMetadata("x-gongkai-agency", as.agency);
  context.AddMetadata("accept-language", as.language);
}

v1::ReceiveApplicationRequest TestService::Application(
    std::string_view content) {
  v1::ReceiveApplicationRequest request;
  request.set_agency(kAgency);
  request.set_request_id(NewRequestId());
  request.set_arrived_date(FormatDay(ShanghaiDay(clock_.Now())));
  auto* application = request.mutable_application();
  application->set_applicant_kind(v1::NATURAL_PERSON);
  application->mutable_applicant()->set_name("赵甲一");
  application->set_channel(v1::IN_PERSON);
  application->set_content(std::string(content));
  return request;
}

v1::ReceiveApplicationResponse TestService::Receive(std::string_view content) {
  grpc::ClientContext context;
  Identify(As(), context);
  v1::ReceiveApplicationResponse response;
  const grpc::Status status =
      cases_->ReceiveApplication(&context, Application(content), &response);
  if (!status.ok()) Die("receive: " + status.error_message());
  return response;
}

grpc::Status TestService::Perform(const As& as, const std::string& name,
                                  const v1::Act& act,
                                  v1::PerformActResponse* response) {
  grpc::ClientContext context;
  Identify(as, context);
  v1::PerformActRequest request;
  request.set_name(name);
  request.set_request_id(NewRequestId());
  request.set_occurred_date(FormatDay(ShanghaiDay(clock_.Now())));
  *request.mutable_act() = act;
  v1::PerformActResponse unwanted;
  return cases_->PerformAct(&context, request,
                            response == nullptr ? &unwanted : response);
}

v1::Case TestService::Get(const std::string& name) {
  grpc::ClientContext context;
  Identify(As(), context);
  v1::GetCaseRequest request;
  request.set_name(name);
  v1::GetCaseResponse response;
  const grpc::Status status = cases_->GetCase(&context, request, &response);
  if (!status.ok()) Die("get: " + status.error_message());
  return response.case_();
}

Told Details(const grpc::Status& status) {
  Told told;
  google::rpc::Status full;
  if (!full.ParseFromString(status.error_details())) return told;
  for (const auto& detail : full.details()) {
    google::rpc::ErrorInfo info;
    google::rpc::BadRequest bad;
    google::rpc::RetryInfo retry;
    google::rpc::LocalizedMessage localized;
    if (detail.UnpackTo(&info)) {
      told.reason = info.reason();
      told.metadata = {info.metadata().begin(), info.metadata().end()};
    } else if (detail.UnpackTo(&bad) && bad.field_violations_size() > 0) {
      told.field = bad.field_violations(0).field();
      told.description = bad.field_violations(0).description();
    } else if (detail.UnpackTo(&retry)) {
      told.retry = absl::Seconds(retry.retry_delay().seconds()) +
                   absl::Nanoseconds(retry.retry_delay().nanos());
    } else if (detail.UnpackTo(&localized)) {
      told.locale = localized.locale();
      told.sentence = localized.message();
    }
  }
  return told;
}

}  // namespace gongkai::test
