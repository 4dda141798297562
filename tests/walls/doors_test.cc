// SPDX-License-Identifier: Apache-2.0
// Every method by every role and every act by every role, over the wire,
// against the tables of tests/auth.

#include <iostream>

#include "absl/strings/str_cat.h"
#include "gongkai/v1/report_service.grpc.pb.h"
#include "gtest/gtest.h"
#include "tests/auth/expected.h"
#include "tests/walls/wall_house.h"

namespace gongkai {
namespace {

using test::Answer;
using test::CallMethod;
using test::TestService;

std::string NameOf(const auth::MethodRow& row) {
  return absl::StrCat(std::string(row.service), ".", std::string(row.method));
}

TestService::As Holder(const std::string& role) { return {"wang", role}; }

// Brings one case of an earlier register; the reason of the refusal.
std::string Import(TestService& service, const TestService::As& as) {
  grpc::ClientContext context;
  TestService::Identify(as, context);
  const auto stub = v1::ReportService::NewStub(service.channel());
  v1::ImportCasesResponse response;
  const auto stream = stub->ImportCases(&context, &response);
  v1::ImportCasesRequest head;
  head.mutable_head()->set_agency(TestService::kAgency);
  head.mutable_head()->set_request_id(service.NewRequestId());
  v1::ImportCasesRequest row;
  row.mutable_past_case()->set_number(absl::StrCat("A-", as.roles.size()));
  row.mutable_past_case()->set_applicant_kind(v1::NATURAL_PERSON);
  row.mutable_past_case()->set_receipt_date("2024-03-01");
  if (stream->Write(head)) stream->Write(row);
  stream->WritesDone();
  return test::Details(stream->Finish()).reason;
}

TEST(Doors, EveryMethodByEveryRoleIsRefusedExactlyWhereTheTableSaysSo) {
  TestService service;
  const auto expected = test::ReadExpected("methods");
  int called = 0;
  int refused = 0;
  for (const auth::MethodRow& row : auth::Methods()) {
    const auto& marks = expected.rows.at(NameOf(row));
    for (const std::string& role : test::AllRoles()) {
      const std::string where = absl::StrCat(NameOf(row), " by ", role);
      // A stream that everybody has of himself goes on: it is soon left.
      const bool goes_on = row.method == "WatchReminders";
      const Answer answer =
          CallMethod(service, row, Holder(role), "",
                     goes_on ? absl::Milliseconds(300) : absl::Seconds(5));
      ASSERT_NE(answer.status.error_code(), grpc::StatusCode::UNIMPLEMENTED)
          << where;
      ++called;
      const bool denied =
          answer.status.error_code() == grpc::StatusCode::PERMISSION_DENIED;
      EXPECT_EQ(denied, marks.at(role) == ".")
          << where << ": " << answer.status.error_message();
      if (!denied) continue;
      ++refused;
      EXPECT_EQ(answer.reason(), "METHOD_NOT_ALLOWED") << where;
      EXPECT_TRUE(answer.messages.empty()) << where;
    }
  }
  std::cout << called << " calls of methods by roles, " << refused
            << " refused at the door\n";
  EXPECT_EQ(called, static_cast<int>(auth::Methods().size()) * 12);
}

// What is of administration is answered nowhere else, and nothing else there.
TEST(Doors, EachPortAnswersItsOwn) {
  TestService service;
  for (const auth::MethodRow& row : auth::Methods()) {
    if (row.service == "AccountService") continue;
    auth::MethodRow elsewhere = row;
    elsewhere.admin = !row.admin;
    EXPECT_EQ(CallMethod(service, elsewhere, Holder("security_admin"), "",
                         absl::Seconds(5))
                  .status.error_code(),
              grpc::StatusCode::UNIMPLEMENTED)
        << row.method;
  }
}

TEST(Doors, NobodyWithoutRolesComesToAnything) {
  TestService service;
  for (const auth::MethodRow& row : auth::Methods()) {
    if (row.door != auth::Door::kAccess) continue;
    const Answer answer =
        CallMethod(service, row, Holder(""), "", absl::Seconds(5));
    EXPECT_EQ(answer.reason(), "METHOD_NOT_ALLOWED") << row.method;
  }
}

TEST(Doors, EveryActByEveryRoleIsRefusedExactlyWhereTheTableSaysSo) {
  TestService service;
  const auto expected = test::ReadExpected("acts");
  int done = 0;
  int refused = 0;
  for (const auto& [act, marks] : expected.rows) {
    const auto* field = v1::Act::descriptor()->FindFieldByName(act);
    ASSERT_NE(field, nullptr) << act;
    for (const std::string& role : test::AllRoles()) {
      const std::string where = absl::StrCat(act, " by ", role);
      std::string reason;
      if (act == "import_case") {
        reason = Import(service, Holder(role));
      } else if (act == "receive") {
        grpc::ClientContext context;
        TestService::Identify(Holder(role), context);
        v1::ReceiveApplicationResponse response;
        reason = test::Details(service.cases().ReceiveApplication(
                                   &context, service.Application("申请公开。"),
                                   &response))
                     .reason;
      } else {
        const std::string name = service.Receive("申请公开。").receipt().name();
        v1::Act content;
        test::Fill(*content.GetReflection()->MutableMessage(&content, field),
                   test::FittingText,
                   [](const v1::FieldRule&) { return false; });
        reason =
            test::Details(service.Perform(Holder(role), name, content)).reason;
      }
      ++done;
      // The clock's act is asked for by nobody.
      const bool denied = reason == "CAPACITY_MISSING" ||
                          reason == "METHOD_NOT_ALLOWED" ||
                          (act == "apply_calendar" && reason == "ACT_MISSING");
      EXPECT_EQ(denied, marks.at(role) == ".") << where << ": " << reason;
      EXPECT_NE(reason, "FIELD_INVALID") << where;
      refused += denied ? 1 : 0;
    }
  }
  EXPECT_EQ(done, v1::Act::descriptor()->field_count() * 12);
  std::cout << done << " acts by roles, " << refused << " refused\n";
}

TEST(Doors, APortalHandsInAndTellsHowFarACaseHasCome) {
  TestService service;
  const TestService::As portal = {"portal", "portal"};
  grpc::ClientContext context;
  TestService::Identify(portal, context);
  v1::ReceiveApplicationRequest request = service.Application("申请公开。");
  request.mutable_application()->set_channel(v1::MAIL_SIGNED);
  v1::ReceiveApplicationResponse receipt;
  ASSERT_TRUE(
      service.cases().ReceiveApplication(&context, request, &receipt).ok());
  const auto progress = [&](const TestService::As& as, const std::string& name,
                            v1::GetProgressResponse* response) {
    grpc::ClientContext asking;
    TestService::Identify(as, asking);
    v1::GetProgressRequest ask;
    ask.set_name(name);
    return service.cases().GetProgress(&asking, ask, response);
  };
  v1::GetProgressResponse told;
  ASSERT_TRUE(progress(portal, receipt.receipt().name(), &told).ok());
  EXPECT_EQ(told.number(), receipt.receipt().number());
  EXPECT_EQ(told.phase(), v1::RECEIVED);
  EXPECT_EQ(told.receipt_date(), "2024-03-20");
  EXPECT_EQ(told.reply_state(), v1::RUNNING);
  // 20 working days after the day of receipt, over Qingming.
  EXPECT_EQ(told.reply_due_date(), "2024-04-18");
  EXPECT_EQ(told.dispatched_date(), "");
  EXPECT_EQ(told.ShortDebugString().find("赵"), std::string::npos);
  v1::GetProgressResponse none;
  EXPECT_EQ(test::Details(
                progress(portal, "agencies/SHGXW/cases/SHGXW-2024-9", &none))
                .reason,
            "NO_SUCH_CASE");
  EXPECT_EQ(test::Details(progress({"fang", "system_admin"},
                                   receipt.receipt().name(), &none))
                .reason,
            "METHOD_NOT_ALLOWED");
}

}  // namespace
}  // namespace gongkai
