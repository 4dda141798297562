// SPDX-License-Identifier: Apache-2.0
#include "tests/reports/reports_house.h"

#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "services/base/dates.h"
#include "tests/support/temp_postgres.h"

namespace gongkai::test {
namespace {

template <typename Message>
Message Read(const std::string& text) {
  Message message;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &message))
      << text;
  return message;
}

}  // namespace

TestService::As Head(const std::string& agency) {
  return {"zhou", "disclosure_head", agency};
}
TestService::As Manager(const std::string& agency) {
  return {"ma", "manager", agency};
}
TestService::As Officer(const std::string& agency) {
  return {"li", "handler", agency};
}

std::string Past(const std::string& number, const std::string& received,
                 const std::string& finished, const std::string& rest) {
  return absl::StrCat(
      "number: \"", number,
      "\" applicant_kind: NATURAL_PERSON receipt_date: \"", received, "\" ",
      finished.empty()
          ? ""
          : absl::StrCat("finished_date: \"", finished, "\" ", rest));
}

void ReportsHouse::SetDay(const std::string& day, int hour) {
  service_.clock().Set(
      absl::FromCivil(DayOf(day), absl::FixedTimeZone(8 * 3600)) +
      absl::Hours(hour));
}

void ReportsHouse::SetTerms(const std::string& agency,
                            const std::string& superior, int warning_days) {
  v1::AgencyTerms terms;
  terms.set_name("某某委员会");
  terms.set_review_organ("某某人民政府");
  terms.set_court("某某法院");
  terms.set_superior(superior);
  terms.set_warning_days(warning_days);
  auth::Caller keeper;
  keeper.account = keeper.person = "keeper";
  keeper.roles = {v1::ROLE_SECURITY_ADMIN};
  keeper.agency = "*";
  const absl::Status status = service_.service().performer().SetAgencyTerms(
      keeper, agency, terms, absl::Now() + absl::Seconds(30));
  ASSERT_TRUE(status.ok()) << status;
  // What is known of agencies may be a second old.
  service_.clock().Set(service_.clock().Now() + absl::Seconds(2));
}

std::string ReportsHouse::Receive(const std::string& content,
                                  const std::string& agency) {
  service_.clock().Set(service_.clock().Now() + absl::Milliseconds(2));
  v1::ReceiveApplicationRequest request = service_.Application(content);
  request.set_agency(agency);
  grpc::ClientContext context;
  TestService::Identify(Officer(agency), context);
  v1::ReceiveApplicationResponse response;
  const grpc::Status status =
      service_.cases().ReceiveApplication(&context, request, &response);
  EXPECT_TRUE(status.ok()) << status.error_message();
  return response.receipt().name();
}

grpc::Status ReportsHouse::Act(const std::string& name, const std::string& role,
                               const std::string& act,
                               const std::string& account) {
  return service_.Perform({account, role}, name, Read<v1::Act>(act));
}

void ReportsHouse::Must(const std::string& name, const std::string& role,
                        const std::string& act, const std::string& account) {
  const grpc::Status status = Act(name, role, act, account);
  ASSERT_TRUE(status.ok()) << act << ": " << status.error_message();
}

void ReportsHouse::Reply(const std::string& name, const std::string& draft) {
  Must(name, "handler", R"(register { officer: "li" department: "fagui" })");
  Must(name, "handler",
       R"(record_search { scope: "档案" found: true result: "一份" })");
  Must(name, "handler",
       absl::StrCat("draft_reply { ", draft,
                    R"( text: "见附件" access: "随函" reasons: "见理由"
                        review_organ: "市政府" court: "法院" })"));
  Must(name, "handler", "submit_for_review {}");
  Must(name, "secrecy_reviewer", "clear_draft { step: SECRECY }", "sun");
  Must(name, "legal_reviewer", "clear_draft { step: LEGAL }", "wu");
  static int serial = 0;
  Must(name, "signer",
       absl::StrCat("sign { document_number: \"某〔2024〕", ++serial, "号\" }"),
       "qian");
  Must(name, "handler", "dispatch { carrier: POST_EMS }");
}

void ReportsHouse::Import(const std::string& agency,
                          const std::vector<std::string>& cases) {
  grpc::ClientContext context;
  TestService::Identify(Head(agency), context);
  v1::ImportCasesResponse response;
  const auto writer = stub_->ImportCases(&context, &response);
  v1::ImportCasesRequest head;
  head.mutable_head()->set_agency(agency);
  head.mutable_head()->set_request_id(service_.NewRequestId());
  writer->Write(head);
  for (const std::string& text : cases) {
    v1::ImportCasesRequest row;
    *row.mutable_past_case() = Read<v1::PastCase>(text);
    writer->Write(row);
  }
  writer->WritesDone();
  const grpc::Status status = writer->Finish();
  ASSERT_TRUE(status.ok()) << status.error_message();
  ASSERT_EQ(response.imported(), static_cast<int64_t>(cases.size()))
      << response.DebugString();
}

std::vector<v1::WorkItem> ReportsHouse::Work(const As& as,
                                             v1::ListWorkRequest request) {
  std::vector<v1::WorkItem> items;
  if (request.filter().agency().empty()) {
    request.mutable_filter()->set_agency(as.agency);
  }
  do {
    v1::ListWorkResponse response;
    const grpc::Status status =
        Call(&v1::ReportService::Stub::ListWork, as, request, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    for (const auto& item : response.items()) items.push_back(item);
    request.set_page_token(response.next_page_token());
  } while (!request.page_token().empty());
  return items;
}

std::vector<v1::WorkGroup> ReportsHouse::Count(
    const As& as, const v1::CountWorkRequest& request) {
  v1::CountWorkResponse response;
  const grpc::Status status =
      Call(&v1::ReportService::Stub::CountWork, as, request, &response);
  EXPECT_TRUE(status.ok()) << status.error_message();
  return {response.groups().begin(), response.groups().end()};
}

v1::GetReturnResponse ReportsHouse::Return(const As& as,
                                           const std::string& agency, int year,
                                           bool beneath, int edition) {
  v1::GetReturnRequest request;
  request.set_agency(agency);
  request.set_year(year);
  request.set_with_agencies_beneath(beneath);
  request.set_edition(edition);
  v1::GetReturnResponse response;
  const grpc::Status status =
      Call(&v1::ReportService::Stub::GetReturn, as, request, &response);
  EXPECT_TRUE(status.ok()) << status.error_message();
  return response;
}

ReportsHouse::Cell ReportsHouse::CasesOf(const As& as,
                                         v1::ListReturnCasesRequest request) {
  Cell cell;
  do {
    v1::ListReturnCasesResponse response;
    const grpc::Status status =
        Call(&v1::ReportService::Stub::ListReturnCases, as, request, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    for (const auto& one : response.cases()) cell.cases.push_back(one);
    cell.hidden += response.hidden();
    request.set_page_token(response.next_page_token());
  } while (!request.page_token().empty());
  return cell;
}

grpc::Status ReportsHouse::File(const std::string& agency, int year,
                                const std::string& digest,
                                const std::string& reason,
                                v1::FileReturnResponse* response,
                                const std::string& request_id) {
  v1::FileReturnRequest request;
  request.set_agency(agency);
  request.set_year(year);
  request.set_digest(digest);
  request.set_reason(reason);
  request.set_request_id(request_id.empty() ? service_.NewRequestId()
                                            : request_id);
  return Call(&v1::ReportService::Stub::FileReturn, Head(agency), request,
              response);
}

int ReportsHouse::Recorded(v1::AccessKind kind, const std::string& method) {
  auto& postgres = TempPostgres::Shared();
  // The record is canonical bytes with the method's name within.
  return std::stoi(postgres.Run(
      postgres.Superuser(service_.database()),
      absl::StrCat("SELECT count(*) FROM access WHERE kind = ", kind,
                   " AND position('", method, "'::bytea IN record) > 0")));
}

}  // namespace gongkai::test
