// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/report_house.h"

#include <atomic>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "services/base/dates.h"
#include "services/base/ids.h"
#include "services/base/status_macros.h"
#include "tests/bench/lives.h"
#include "tests/support/spoken_identity.h"

namespace gongkai::bench {
namespace {

// Noon in Shanghai on the last day of the decade.
absl::Time LastNoon() {
  return absl::FromCivil(absl::CivilSecond(2025, 12, 31, 4, 0, 0),
                         absl::UTCTimeZone());
}

void Identify(grpc::ClientContext& context, const std::string& account,
              const std::string& roles, const std::string& agency) {
  context.AddMetadata("x-gongkai-account", account);
  context.AddMetadata("x-gongkai-roles", roles);
  context.AddMetadata("x-gongkai-agency", agency);
}

// Calls as head of the disclosure office of `agency`.
template <typename Method, typename Request, typename Response>
absl::Status Ask(v1::ReportService::Stub& stub, Method method,
                 const std::string& agency, const Request& request,
                 Response* response) {
  grpc::ClientContext context;
  Identify(context, "head", "disclosure_head", agency);
  const grpc::Status status = (stub.*method)(&context, request, response);
  if (status.ok()) return absl::OkStatus();
  return absl::Status(static_cast<absl::StatusCode>(status.error_code()),
                      status.error_message());
}

// From the calls' names back to `agencies/A001/cases/…`.
std::string AgencyIn(const std::string& name) {
  const auto ref = ParseCaseName(name);
  return ref.ok() ? ref->agency : "";
}

}  // namespace

ReportHouse::ReportHouse() : clock_(LastNoon()) {}

absl::StatusOr<std::unique_ptr<ReportHouse>> ReportHouse::Start(
    const ReportSetup& setup, const std::string& database) {
  std::unique_ptr<ReportHouse> house(new ReportHouse);
  server::Config config;
  config.database =
      absl::StrCat(setup.host, " dbname=", database, " user=gongkai_service");
  config.listen = "127.0.0.1:0";
  config.metrics = "";
  config.admin_listen = "";
  config.insecure_loopback = true;
  config.rulebook = setup.source + "/ops/rulebook";
  config.request_key = setup.request_key;
  config.vault = setup.vault;
  config.max_backdating_days = 0;
  config.account_rate = config.source_rate = config.account_calls = 0;
  ASSIGN_OR_RETURN(
      house->service_,
      server::Service::Start(config, house->clock_,
                             std::make_unique<test::SpokenIdentity>()));
  house->reports_ = v1::ReportService::NewStub(house->NewChannel());
  return house;
}

std::shared_ptr<grpc::Channel> ReportHouse::NewChannel() const {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  return grpc::CreateCustomChannel(absl::StrCat("127.0.0.1:", service_->port()),
                                   grpc::InsecureChannelCredentials(),
                                   arguments);
}

absl::StatusOr<int64_t> ReportHouse::Overdue(const std::string& agency,
                                             bool beneath,
                                             const std::string& as_of) {
  v1::ListWorkRequest request;
  v1::WorkFilter& filter = *request.mutable_filter();
  filter.set_agency(agency);
  filter.set_with_agencies_beneath(beneath);
  filter.set_overdue_only(true);
  filter.set_as_of_date(as_of);
  request.set_page_size(50);
  v1::ListWorkResponse response;
  RETURN_IF_ERROR(Ask(*reports_, &v1::ReportService::Stub::ListWork, agency,
                      request, &response));
  return response.items_size();
}

absl::StatusOr<int64_t> ReportHouse::Count(const std::string& agency,
                                           bool beneath) {
  v1::CountWorkRequest request;
  request.mutable_filter()->set_agency(agency);
  request.mutable_filter()->set_with_agencies_beneath(beneath);
  request.set_grouping(beneath ? v1::CountWorkRequest::BY_AGENCY
                               : v1::CountWorkRequest::BY_DEPARTMENT);
  v1::CountWorkResponse response;
  RETURN_IF_ERROR(Ask(*reports_, &v1::ReportService::Stub::CountWork, agency,
                      request, &response));
  int64_t limits = 0;
  for (const v1::WorkGroup& group : response.groups()) {
    limits += group.overdue() + group.red() + group.yellow() + group.green() +
              group.suspended();
  }
  return limits;
}

absl::StatusOr<int64_t> ReportHouse::Return(const std::string& agency,
                                            bool beneath, int year) {
  v1::GetReturnRequest request;
  request.set_agency(agency);
  request.set_with_agencies_beneath(beneath);
  request.set_year(year);
  v1::GetReturnResponse response;
  RETURN_IF_ERROR(Ask(*reports_, &v1::ReportService::Stub::GetReturn, agency,
                      request, &response));
  // Row r1 and r2, all columns: the cases of the year.
  const auto& cells = response.annual_return().cells();
  return cells.size() < 14 ? 0 : cells[6] + cells[13];
}

std::vector<std::string> ReportHouse::Receive(const std::string& agency,
                                              int cases) {
  static std::atomic<uint64_t> next{500'000'000};
  std::vector<v1::ReceiveApplicationRequest> requests;
  for (int i = 0; i < cases; ++i) {
    requests.push_back(Application(agency, ShanghaiDay(clock_.Now()), next++));
  }
  std::vector<std::string> names;
  for (auto& row : service_->performer().ReceiveMany(
           Handler(agency), requests, absl::Now() + absl::Minutes(2))) {
    if (row.status.ok()) names.push_back(std::move(row.name));
  }
  return names;
}

double ReportHouse::Act(const std::vector<std::string>& names, int callers,
                        double seconds) {
  std::atomic<int64_t> done{0};
  const std::string day = FormatDay(ShanghaiDay(clock_.Now()));
  const absl::Time begun = absl::Now();
  const absl::Time end = begun + absl::Seconds(seconds);
  std::vector<std::thread> threads;
  for (int i = 0; i < callers; ++i) {
    threads.emplace_back([&] {
      const auto stub = v1::CaseService::NewStub(NewChannel());
      while (absl::Now() < end) {
        const std::string& name = names[next_++ % names.size()];
        grpc::ClientContext context;
        Identify(context, "li", "handler", AgencyIn(name));
        v1::PerformActRequest request;
        request.set_name(name);
        request.set_request_id(NewUuid(absl::Now()));
        request.set_occurred_date(day);
        v1::Contact& contact = *request.mutable_act()->mutable_log_contact();
        contact.set_reached(true);
        contact.set_note("电话告知申请人办理进度，申请人确认接收方式。");
        v1::PerformActResponse response;
        if (stub->PerformAct(&context, request, &response).ok()) ++done;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  return static_cast<double>(done.load()) /
         absl::ToDoubleSeconds(absl::Now() - begun);
}

}  // namespace gongkai::bench
