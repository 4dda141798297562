// SPDX-License-Identifier: Apache-2.0
// Who calls: refused unless it can be said. What tests in this process take for
// an identity, and that the service takes none of it.

#include "services/api/identity.h"

#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gongkai/v1/audit_service.grpc.pb.h"
#include "gtest/gtest.h"
#include "services/base/refusal.h"
#include "tests/support/spoken_identity.h"
#include "tests/support/test_service.h"

namespace gongkai::api {
namespace {

using test::Details;
using test::TestService;
using testing::ElementsAre;

// Owns the text that metadata refer to.
class Sent {
 public:
  explicit Sent(std::vector<std::pair<std::string, std::string>> pairs)
      : pairs_(std::move(pairs)) {
    for (const auto& [key, value] : pairs_) {
      metadata_.emplace(grpc::string_ref(key.data(), key.size()),
                        grpc::string_ref(value.data(), value.size()));
    }
  }
  const Metadata& metadata() const { return metadata_; }

 private:
  const std::vector<std::pair<std::string, std::string>> pairs_;
  Metadata metadata_;
};

absl::StatusOr<auth::Caller> Identify(const Metadata& sent) {
  auto identified =
      test::SpokenIdentity().Identify({sent, "", ""}, absl::InfiniteFuture());
  if (!identified.ok()) return identified.status();
  return std::move(identified->caller);
}

TEST(Identity, MetadataSayWhoCalls) {
  const Sent sent({{"x-gongkai-account", "li.2"},
                   {"x-gongkai-person", "p-7"},
                   {"x-gongkai-roles", "handler, legal_reviewer"},
                   {"x-gongkai-agency", "*"}});
  const auto caller = Identify(sent.metadata());
  ASSERT_TRUE(caller.ok()) << caller.status();
  EXPECT_EQ(caller->account, "li.2");
  EXPECT_EQ(caller->person, "p-7");
  EXPECT_THAT(caller->roles,
              ElementsAre(v1::ROLE_HANDLER, v1::ROLE_LEGAL_REVIEWER));
  EXPECT_EQ(caller->agency, "*");
  EXPECT_EQ(caller->sign_in, "dev");
}

TEST(Identity, ThePersonIsTheAccountUnlessSaid) {
  const Sent sent({{"x-gongkai-account", "li"}, {"x-gongkai-agency", "SHGXW"}});
  const auto caller = Identify(sent.metadata());
  ASSERT_TRUE(caller.ok()) << caller.status();
  EXPECT_EQ(caller->person, "li");
  EXPECT_TRUE(caller->roles.empty());
}

TEST(Identity, WhatIsMissingOrMalformedIsNamed) {
  struct Row {
    std::vector<std::pair<std::string, std::string>> sent;
    const char* field;
  };
  const std::vector<Row> rows = {
      {{}, "x-gongkai-account"},
      {{{"x-gongkai-account", "li si"}}, "x-gongkai-account"},
      {{{"x-gongkai-account", std::string(65, 'a')}}, "x-gongkai-account"},
      {{{"x-gongkai-account", "li"}, {"x-gongkai-person", "a'b"}},
       "x-gongkai-person"},
      {{{"x-gongkai-account", "li"}}, "x-gongkai-agency"},
      {{{"x-gongkai-account", "li"}, {"x-gongkai-agency", "shgxw"}},
       "x-gongkai-agency"},
      {{{"x-gongkai-account", "li"},
        {"x-gongkai-agency", "SHGXW"},
        {"x-gongkai-roles", "handler,emperor"}},
       "x-gongkai-roles"},
      {{{"x-gongkai-account", "li"},
        {"x-gongkai-agency", "SHGXW"},
        {"x-gongkai-roles", "unspecified"}},
       "x-gongkai-roles"},
  };
  for (const Row& row : rows) {
    const auto caller = Identify(Sent(row.sent).metadata());
    EXPECT_EQ(caller.status().code(), absl::StatusCode::kUnauthenticated);
    const auto refusal = RefusalOf(caller.status());
    ASSERT_TRUE(refusal.has_value());
    EXPECT_EQ(refusal->reason(), v1::NOT_IDENTIFIED);
    EXPECT_EQ(refusal->field(), row.field);
  }
}

TEST(Identity, NoMethodTakesTheCallersWord) {
  TestService::Options options;
  options.identity = false;
  options.calendar = false;
  TestService service(options);
  const auto refused = [](const grpc::Status& status) {
    EXPECT_EQ(status.error_code(), grpc::StatusCode::UNAUTHENTICATED);
    EXPECT_EQ(Details(status).reason, "NOT_IDENTIFIED");
  };
  const auto unary = [&](auto method, const auto& request, auto response) {
    grpc::ClientContext context;
    TestService::Identify({}, context);
    refused((service.cases().*method)(&context, request, &response));
  };
  using Stub = v1::CaseService::Stub;
  unary(&Stub::ReceiveApplication, service.Application("申请。"),
        v1::ReceiveApplicationResponse());
  unary(&Stub::PerformAct, v1::PerformActRequest(), v1::PerformActResponse());
  unary(&Stub::ListLawfulActs, v1::ListLawfulActsRequest(),
        v1::ListLawfulActsResponse());
  unary(&Stub::GetCase, v1::GetCaseRequest(), v1::GetCaseResponse());
  unary(&Stub::ListCases, v1::ListCasesRequest(), v1::ListCasesResponse());
  unary(&Stub::SearchCases, v1::SearchCasesRequest(),
        v1::SearchCasesResponse());
  unary(&Stub::ListSimilarCases, v1::ListSimilarCasesRequest(),
        v1::ListSimilarCasesResponse());
  unary(&Stub::ExplainTimeLimit, v1::ExplainTimeLimitRequest(),
        v1::ExplainTimeLimitResponse());
  {
    grpc::ClientContext context;
    TestService::Identify({}, context);
    v1::WatchCasesRequest request;
    const auto reader = service.cases().WatchCases(&context, request);
    v1::WatchCasesResponse change;
    EXPECT_FALSE(reader->Read(&change));
    refused(reader->Finish());
  }
  {
    grpc::ClientContext context;
    TestService::Identify({}, context);
    v1::BatchReceiveResponse response;
    const auto writer = service.cases().BatchReceive(&context, &response);
    writer->Write(service.Application("申请。"));
    writer->WritesDone();
    refused(writer->Finish());
  }
  const auto calendar = [&](auto method, const auto& request, auto response) {
    grpc::ClientContext context;
    TestService::Identify({}, context);
    refused((service.calendars().*method)(&context, request, &response));
  };
  using Calendar = v1::CalendarService::Stub;
  calendar(&Calendar::ListDays, v1::ListDaysRequest(), v1::ListDaysResponse());
  calendar(&Calendar::PreviewNotice, v1::PreviewNoticeRequest(),
           v1::PreviewNoticeResponse());
  calendar(&Calendar::LoadNotice, v1::LoadNoticeRequest(),
           v1::LoadNoticeResponse());
  calendar(&Calendar::GetCalendarProgress, v1::GetCalendarProgressRequest(),
           v1::GetCalendarProgressResponse());
  const auto audits = v1::AuditService::NewStub(service.channel());
  const auto audit = [&](auto method, const auto& request, auto response) {
    grpc::ClientContext context;
    TestService::Identify({}, context);
    refused(((*audits).*method)(&context, request, &response));
  };
  using Audit = v1::AuditService::Stub;
  audit(&Audit::ExportCase, v1::ExportCaseRequest(), v1::ExportCaseResponse());
  audit(&Audit::GetCaseTrail, v1::GetCaseTrailRequest(),
        v1::GetCaseTrailResponse());
  audit(&Audit::GetLogState, v1::GetLogStateRequest(),
        v1::GetLogStateResponse());
  audit(&Audit::StateFork, v1::StateForkRequest(), v1::ForkResponse());
  audit(&Audit::ConfirmFork, v1::ConfirmForkRequest(), v1::ForkResponse());
}

}  // namespace
}  // namespace gongkai::api
