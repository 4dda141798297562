// SPDX-License-Identifier: Apache-2.0
// DB-02: what is revoked at one server is over at all of them, at once.

#include <memory>
#include <string>

#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/api/token_identifier.h"
#include "tests/accounts/account_house.h"
#include "tests/transport/tls_house.h"

namespace gongkai::test {
namespace {

class Standing : public ::testing::Test {
 protected:
  Standing() : other_(home_, QuickSignIn()) {
    sec_ = home_.Staff("sec", {v1::ROLE_SECURITY_ADMIN});
    li_ = home_.Staff("li", {v1::ROLE_HANDLER});
    qian_ = home_.Staff("qian", {v1::ROLE_HANDLER});
    other_.clock().Set(home_.clock().Now());
    name_ = Received(li_);
    // Everybody is known at the other server.
    EXPECT_EQ(Read(li_), "OK");
    EXPECT_EQ(Read(qian_), "OK");
  }

  std::string Received(const Person& person) {
    v1::ReceiveApplicationResponse response;
    EXPECT_EQ(ReasonOf(home_.test().cases().ReceiveApplication(
                  home_.As(person).get(),
                  home_.test().Application("申请公开。"), &response)),
              "OK");
    return response.receipt().name();
  }
  // At the other server.
  std::string Read(const Person& person) {
    return ReasonOf(other_.CanCall(person));
  }
  std::string Receive(const Person& person) {
    v1::ReceiveApplicationResponse response;
    return ReasonOf(other_.test().cases().ReceiveApplication(
        other_.As(person).get(), other_.test().Application("另一申请。"),
        &response));
  }
  std::string Register(const Person& person) {
    v1::PerformActRequest request;
    request.set_name(name_);
    request.set_request_id(other_.test().NewRequestId());
    request.set_occurred_date("2024-03-20");
    request.mutable_act()->mutable_register_()->set_officer("li");
    v1::PerformActResponse response;
    return ReasonOf(other_.test().cases().PerformAct(other_.As(person).get(),
                                                     request, &response));
  }
  // At the first one.
  void SignOut(const Person& person) {
    v1::SignOutResponse response;
    ASSERT_EQ(ReasonOf(home_.accounts().SignOut(
                  home_.As(person).get(), v1::SignOutRequest(), &response)),
              "OK");
  }

  AccountHouse home_;
  AccountHouse other_;
  Person sec_;
  Person li_;
  Person qian_;
  std::string name_;
};

TEST_F(Standing, WhoSignedOutReadsNothingAnywhere) {
  SignOut(li_);
  EXPECT_EQ(Read(li_), "SESSION_OVER");
  EXPECT_EQ(Read(qian_), "OK");
}

TEST_F(Standing, WhoSignedOutActsNowhere) {
  SignOut(li_);
  EXPECT_EQ(Register(li_), "SESSION_OVER");
  EXPECT_EQ(Register(qian_), "OK");
}

TEST_F(Standing, WhoSignedOutReceivesNothing) {
  SignOut(li_);
  EXPECT_EQ(Receive(li_), "SESSION_OVER");
  EXPECT_EQ(Receive(qian_), "OK");
  grpc::ClientContext context;
  context.AddMetadata("authorization", "Bearer " + li_.token);
  v1::BatchReceiveResponse response;
  const auto writer = other_.test().cases().BatchReceive(&context, &response);
  writer->Write(other_.test().Application("再一申请。"));
  writer->WritesDone();
  const grpc::Status status = writer->Finish();
  EXPECT_TRUE(ReasonOf(status) == "SESSION_OVER" ||
              (status.ok() && response.received() == 0))
      << ReasonOf(status);
}

TEST_F(Standing, ARoleThatIsTakenAwayIsOverAtOnce) {
  v1::GrantRoleRequest request;
  request.set_agency(TestService::kAgency);
  request.set_request_id(home_.test().NewRequestId());
  request.set_account("li");
  request.mutable_grant()->set_role(v1::ROLE_HANDLER);
  v1::AccountResponse response;
  ASSERT_EQ(ReasonOf(home_.admin().WithdrawGrant(home_.As(sec_).get(), request,
                                                 &response)),
            "OK");
  EXPECT_NE(Register(li_), "OK");
  EXPECT_NE(Read(li_), "OK");
  EXPECT_EQ(Read(qian_), "OK");
}

TEST_F(Standing, WhoWatchesHearsNoMore) {
  // Those who were revoked before, and others' changes, do not end a stream.
  grpc::ClientContext context;
  context.AddMetadata("authorization", "Bearer " + li_.token);
  grpc::ClientContext other_context;
  other_context.AddMetadata("authorization", "Bearer " + qian_.token);
  v1::WatchCasesRequest request;
  request.set_agency(TestService::kAgency);
  const auto watch = other_.test().cases().WatchCases(&context, request);
  const auto stays = other_.test().cases().WatchCases(&other_context, request);
  watch->WaitForInitialMetadata();
  stays->WaitForInitialMetadata();
  v1::WatchCasesResponse change;
  const auto hears = [&](auto& reader, const std::string& name) {
    while (reader->Read(&change)) {
      if (change.name() == name) return true;
    }
    return false;
  };
  const std::string before = Received(qian_);
  ASSERT_TRUE(hears(watch, before));
  ASSERT_TRUE(hears(stays, before));
  SignOut(li_);
  const std::string after = Received(qian_);
  EXPECT_FALSE(hears(watch, after));
  EXPECT_EQ(ReasonOf(watch->Finish()), "SESSION_OVER");
  ASSERT_TRUE(hears(stays, after));
  other_context.TryCancel();
}

TEST_F(Standing, NothingRevokedMeansNothingIsLookedUp) {
  auto& identifier =
      dynamic_cast<api::TokenIdentifier&>(other_.test().service().identifier());
  const int64_t before = identifier.remembered();
  for (int i = 0; i < 10; ++i) EXPECT_EQ(Read(qian_), "OK");
  EXPECT_GE(identifier.remembered(), before + 9);
}

}  // namespace
}  // namespace gongkai::test
