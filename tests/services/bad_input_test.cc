// SPDX-License-Identifier: Apache-2.0
// Bad input over the wire: a clear status with the field, nothing lost,
// nothing half done.

#include <functional>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "grpcpp/generic/generic_stub.h"
#include "gtest/gtest.h"
#include "tests/support/test_service.h"

namespace gongkai {
namespace {

using test::Details;
using test::TestService;
using testing::HasSubstr;
using testing::Not;

TestService& Shared() {
  static auto* const service = new TestService();
  return *service;
}

// Sends bytes as they are.
grpc::Status RawCall(TestService& service, const std::string& method,
                     const std::string& bytes) {
  grpc::GenericStub stub(service.channel());
  grpc::ClientContext context;
  TestService::Identify({}, context);
  grpc::CompletionQueue queue;
  const grpc::Slice slice(bytes);
  const auto call =
      stub.PrepareUnaryCall(&context, "/gongkai.v1.CaseService/" + method,
                            grpc::ByteBuffer(&slice, 1), &queue);
  call->StartCall();
  grpc::ByteBuffer reply;
  grpc::Status status;
  call->Finish(&reply, &status, nullptr);
  void* tag = nullptr;
  bool ok = false;
  queue.Next(&tag, &ok);
  return status;
}

grpc::Status Receive(TestService& service,
                     const v1::ReceiveApplicationRequest& request,
                     v1::ReceiveApplicationResponse* response) {
  grpc::ClientContext context;
  TestService::Identify({}, context);
  return service.cases().ReceiveApplication(&context, request, response);
}

int64_t CasesIn(TestService& service) {
  grpc::ClientContext context;
  TestService::Identify({}, context);
  v1::ListCasesRequest request;
  request.set_agency(TestService::kAgency);
  request.set_page_size(200);
  v1::ListCasesResponse response;
  EXPECT_TRUE(service.cases().ListCases(&context, request, &response).ok());
  return response.cases_size();
}

struct BadReceipt {
  const char* name;
  std::function<void(v1::ReceiveApplicationRequest&)> spoil;
  const char* field;
  const char* reason;
};

const std::vector<BadReceipt>& BadReceipts() {
  using R = v1::ReceiveApplicationRequest;
  static const auto* const rows = new std::vector<BadReceipt>{
      {"empty content", [](R& r) { r.mutable_application()->clear_content(); },
       "application.content", "FIELD_INVALID"},
      {"over-long content",
       [](R& r) {
         std::string text;
         for (int i = 0; i < 200'001; ++i) text += "公";
         r.mutable_application()->set_content(text);
       },
       "application.content", "FIELD_INVALID"},
      {"a million characters",
       [](R& r) {
         r.mutable_application()->set_content(std::string(1'000'000, 'a'));
       },
       "application.content", "FIELD_INVALID"},
      {"invalid UTF-8",
       [](R& r) {
         r.mutable_application()->mutable_applicant()->set_address("\xff\xfe");
       },
       "application.applicant.address", "FIELD_INVALID"},
      {"an imported number that no name can hold",
       [](R& r) { r.mutable_application()->set_imported_number("old/7"); },
       "application.imported_number", "FIELD_INVALID"},
      {"NUL",
       [](R& r) {
         r.mutable_application()->set_content(std::string("a\0b", 3));
       },
       "application.content", "FIELD_INVALID"},
      {"bidirectional control in a name",
       [](R& r) {
         r.mutable_application()->mutable_applicant()->set_name("赵\u202e甲");
       },
       "application.applicant.name", "FIELD_INVALID"},
      {"unknown channel",
       [](R& r) {
         r.mutable_application()->set_channel(static_cast<v1::Channel>(999));
       },
       "application.channel", "FIELD_INVALID"},
      {"no such day", [](R& r) { r.set_arrived_date("2024-02-30"); },
       "arrived_date", "FIELD_INVALID"},
      {"malformed id", [](R& r) { r.set_request_id("1 OR 1=1"); }, "request_id",
       "FIELD_INVALID"},
  };
  return *rows;
}

TEST(BadInput, AReceiptThatIsWrongNamesTheField) {
  TestService& service = Shared();
  for (const BadReceipt& row : BadReceipts()) {
    v1::ReceiveApplicationRequest request = service.Application("申请公开。");
    row.spoil(request);
    v1::ReceiveApplicationResponse response;
    const grpc::Status status = Receive(service, request, &response);
    EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT)
        << row.name;
    EXPECT_EQ(Details(status).reason, row.reason) << row.name;
    EXPECT_EQ(Details(status).field, row.field) << row.name;
    EXPECT_THAT(status.error_message(), Not(HasSubstr("赵"))) << row.name;
  }
}

TEST(BadInput, ArrivalInTheFutureIsRefused) {
  TestService& service = Shared();
  v1::ReceiveApplicationRequest request = service.Application("申请公开。");
  request.set_arrived_date("2024-03-21");
  v1::ReceiveApplicationResponse response;
  const grpc::Status status = Receive(service, request, &response);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(Details(status).reason, "DATE_IN_FUTURE");
}

TEST(BadInput, AReceiptDateThatContradictsItsChannelIsRefused) {
  TestService& service = Shared();
  v1::ReceiveApplicationRequest request = service.Application("申请公开。");
  request.mutable_application()->set_receipt_date("2024-03-18");
  v1::ReceiveApplicationResponse response;
  const grpc::Status status = Receive(service, request, &response);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(Details(status).reason, "RECEIPT_CONTRADICTS_CHANNEL");
  EXPECT_EQ(Details(status).metadata.at("article"), "REG 31");
}

TEST(BadInput, BytesThatAreNoMessageAreAnArgumentNotAnAccident) {
  TestService& service = Shared();
  for (const std::string& bytes :
       {std::string("\xff\xff\xff\xff"), std::string("\x0a\xff\x01", 3),
        std::string(2000, '\x0a'), std::string("\x22\x7f", 2)}) {
    const grpc::Status status = RawCall(service, "ReceiveApplication", bytes);
    EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT)
        << testing::PrintToString(bytes);
    EXPECT_EQ(Details(status).reason, "FIELD_INVALID");
  }
  EXPECT_EQ(RawCall(service, "PerformAct", "").error_code(),
            grpc::StatusCode::INVALID_ARGUMENT);
}

TEST(BadInput, RawBytesThatAreNotUtf8NameTheField) {
  TestService& service = Shared();
  std::string bytes =
      service.Application("MARKER-OF-THE-CONTENT").SerializeAsString();
  const size_t at = bytes.find("MARKER");
  ASSERT_NE(at, std::string::npos);
  bytes[at] = '\xc3';
  bytes[at + 1] = '\x28';
  const grpc::Status status = RawCall(service, "ReceiveApplication", bytes);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(Details(status).field, "application.content");
}

TEST(BadInput, AnActThatIsNotNamedOrNotKnownIsRefused) {
  TestService& service = Shared();
  const std::string name = service.Receive("申请公开。").receipt().name();
  v1::Act act;
  const grpc::Status none = service.Perform({}, name, act);
  EXPECT_EQ(none.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(Details(none).reason, "ACT_MISSING");
  // Field 999 is an act of some later contract.
  ASSERT_TRUE(act.ParseFromString(std::string("\xba\x3e\x00", 3)));
  EXPECT_EQ(Details(service.Perform({}, name, act)).reason, "ACT_MISSING");
}

TEST(BadInput, AnActBeforeTheFactItFollowsIsRefused) {
  TestService& service = Shared();
  const std::string name = service.Receive("申请公开。").receipt().name();
  grpc::ClientContext context;
  TestService::Identify({}, context);
  v1::PerformActRequest request;
  request.set_name(name);
  request.set_request_id(service.NewRequestId());
  request.set_occurred_date("2024-03-19");
  request.mutable_act()->mutable_register_()->set_officer("li");
  v1::PerformActResponse response;
  const grpc::Status status =
      service.cases().PerformAct(&context, request, &response);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(Details(status).reason, "DATE_BEFORE_PREVIOUS");
  EXPECT_EQ(service.Get(name).version(), 1);
}

TEST(BadInput, APageTokenOfAnotherQueryIsRefused) {
  TestService& service = Shared();
  service.Receive("申请公开甲。");
  service.Receive("申请公开乙。");
  const auto list = [&](v1::ListCasesRequest request,
                        v1::ListCasesResponse* response) {
    grpc::ClientContext context;
    TestService::Identify({}, context);
    return service.cases().ListCases(&context, request, response);
  };
  v1::ListCasesRequest request;
  request.set_agency(TestService::kAgency);
  request.set_page_size(1);
  v1::ListCasesResponse first;
  ASSERT_TRUE(list(request, &first).ok());
  ASSERT_FALSE(first.next_page_token().empty());
  request.set_page_token(first.next_page_token());
  v1::ListCasesResponse second;
  ASSERT_TRUE(list(request, &second).ok());
  ASSERT_EQ(second.cases_size(), 1);
  EXPECT_NE(second.cases(0).name(), first.cases(0).name());

  v1::ListCasesRequest other = request;
  other.set_officer("wang");
  v1::ListCasesResponse none;
  grpc::Status status = list(other, &none);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(Details(status).reason, "PAGE_TOKEN_FOREIGN");
  other = request;
  other.set_page_token("AAAA" + first.next_page_token());
  status = list(other, &none);
  EXPECT_EQ(Details(status).reason, "PAGE_TOKEN_FOREIGN");
}

TEST(BadInput, NothingOfARefusedReceiptIsLeft) {
  TestService service;
  for (const BadReceipt& row : BadReceipts()) {
    v1::ReceiveApplicationRequest request = service.Application("申请公开。");
    row.spoil(request);
    v1::ReceiveApplicationResponse response;
    EXPECT_FALSE(Receive(service, request, &response).ok());
  }
  EXPECT_EQ(CasesIn(service), 0);
  // No number was taken.
  EXPECT_EQ(service.Receive("申请公开。").receipt().number(),
            "SHGXW-2024-00001");
}

TEST(BadInput, AMessageOverTheLimitIsRefusedBeforeItIsRead) {
  TestService& service = Shared();
  const grpc::Status status =
      RawCall(service, "ReceiveApplication", std::string(9 << 20, 'a'));
  EXPECT_EQ(status.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
}

TEST(BadInput, TheLongestContentIsTakenWhole) {
  TestService& service = Shared();
  std::string text;
  for (int i = 0; i < 200'000; ++i) text += "公";
  const std::string name = service.Receive(text).receipt().name();
  EXPECT_EQ(service.Get(name).content(), text);
}

}  // namespace
}  // namespace gongkai
