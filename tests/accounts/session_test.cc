// SPDX-License-Identifier: Apache-2.0
// Sessions: their tokens and their end.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/accounts/account_house.h"

namespace gongkai::test {
namespace {

constexpr const char* kAgency = TestService::kAgency;

class Sessions : public ::testing::Test {
 protected:
  void SetUp() override {
    sec_ = house_.Staff("sec", {v1::ROLE_SECURITY_ADMIN});
    li_ = house_.Staff("li", {v1::ROLE_HANDLER});
  }
  std::string Refresh(Person& person) {
    grpc::ClientContext context;
    v1::RefreshRequest request;
    request.set_refresh_token(person.refresh);
    v1::SignInResponse response;
    const grpc::Status status =
        house_.accounts().Refresh(&context, request, &response);
    if (status.ok()) {
      person.token = response.access_token();
      person.refresh = response.refresh_token();
    }
    return ReasonOf(status);
  }
  std::string SignOut(AccountHouse& house, const Person& person) {
    v1::SignOutResponse response;
    return ReasonOf(house.accounts().SignOut(house.As(person).get(),
                                             v1::SignOutRequest(), &response));
  }
  std::string Can(const Person& person) {
    return ReasonOf(house_.CanCall(person));
  }
  AccountHouse house_;
  Person sec_;
  Person li_;
};

TEST_F(Sessions, TokensAreKeptAsDigestsAlone) {
  v1::SignInResponse response;
  ASSERT_EQ(ReasonOf(house_.TrySignIn(kAgency, "li", li_.password,
                                      house_.Totp(li_), &response)),
            "OK");
  EXPECT_TRUE(response.access_token().starts_with("gka_"));
  EXPECT_TRUE(response.refresh_token().starts_with("gkr_"));
  EXPECT_EQ(response.access_expires_s(), 600);
  EXPECT_EQ(response.idle_expires_s(), 1800);
  EXPECT_EQ(response.session_expires_s(), 8 * 3600);
  EXPECT_EQ(house_.Ask("SELECT count(*) FROM session s WHERE s::text LIKE "
                       "'%gka_%' OR s::text LIKE '%gkr_%'"),
            "0");
}

TEST_F(Sessions, WhoHasNoTokenIsNobody) {
  Person stranger = li_;
  for (const char* token : {"", "gka_", "gka_AAAA", "x", "gkr_AAAA"}) {
    stranger.token = token;
    EXPECT_EQ(Can(stranger), "NOT_IDENTIFIED") << token;
  }
  // A refresh token is no access token, nor the other way round.
  stranger.token = li_.refresh;
  EXPECT_EQ(Can(stranger), "NOT_IDENTIFIED");
  stranger.refresh = li_.token;
  EXPECT_EQ(Refresh(stranger), "NOT_IDENTIFIED");
}

TEST_F(Sessions, AnAccessTokenEndsAndIsRenewed) {
  EXPECT_EQ(Can(li_), "OK");
  house_.Pass(absl::Minutes(10));
  EXPECT_EQ(Can(li_), "SESSION_OVER");
  ASSERT_EQ(Refresh(li_), "OK");
  EXPECT_EQ(Can(li_), "OK");
}

TEST_F(Sessions, ARefreshTokenUsedTwiceEndsTheSession) {
  Person thief = li_;
  ASSERT_EQ(Refresh(li_), "OK");
  EXPECT_EQ(Can(li_), "OK");
  EXPECT_EQ(Refresh(thief), "SESSION_OVER");
  EXPECT_EQ(Can(li_), "SESSION_OVER");
  EXPECT_EQ(Refresh(li_), "SESSION_OVER");
  const auto replayed = house_.Accesses(v1::TOKEN_REPLAYED);
  ASSERT_EQ(replayed.size(), 1u);
  EXPECT_EQ(replayed[0].actor.account(), "li");
  EXPECT_EQ(replayed[0].access.source(), "127.0.0.1");
}

TEST_F(Sessions, AnIdleSessionEnds) {
  house_.Pass(absl::Minutes(29));
  ASSERT_EQ(Refresh(li_), "OK");
  house_.Pass(absl::Minutes(30));
  EXPECT_EQ(Refresh(li_), "SESSION_OVER");
  EXPECT_EQ(Can(li_), "SESSION_OVER");
}

TEST_F(Sessions, NoSessionOutlivesEightHours) {
  int refreshed = 0;
  std::string last = "OK";
  for (int i = 0; i < 40 && last == "OK"; ++i) {
    house_.Pass(absl::Minutes(20));
    last = Refresh(li_);
    refreshed += last == "OK";
  }
  EXPECT_EQ(last, "SESSION_OVER");
  EXPECT_EQ(refreshed, 23);
}

TEST_F(Sessions, TimesAreTheOperators) {
  act::SignInOptions options = QuickSignIn();
  options.access = absl::Minutes(2);
  options.idle = absl::Minutes(5);
  options.session = absl::Minutes(6);
  AccountHouse house(options);
  house.Staff("li", {v1::ROLE_HANDLER});
  Person li = house.Staff("wang", {v1::ROLE_HANDLER});
  house.Pass(absl::Minutes(2));
  EXPECT_EQ(ReasonOf(house.CanCall(li)), "SESSION_OVER");
}

TEST_F(Sessions, SignOutHoldsOnEveryServerAtOnce) {
  AccountHouse second(house_, QuickSignIn());
  EXPECT_EQ(ReasonOf(second.CanCall(li_)), "OK");
  EXPECT_EQ(Can(li_), "OK");
  ASSERT_EQ(SignOut(house_, li_), "OK");
  EXPECT_EQ(ReasonOf(second.CanCall(li_)), "SESSION_OVER");
  EXPECT_EQ(Can(li_), "SESSION_OVER");
  EXPECT_EQ(Refresh(li_), "SESSION_OVER");
  const auto out = house_.Accesses(v1::SIGNED_OUT);
  ASSERT_EQ(out.size(), 1u);
  EXPECT_EQ(out[0].actor.account(), "li");
}

TEST_F(Sessions, ActsOnAnotherServerStopAtOnceToo) {
  AccountHouse second(house_, QuickSignIn());
  const auto receive = [&] {
    v1::ReceiveApplicationResponse response;
    return ReasonOf(second.test().cases().ReceiveApplication(
        second.As(li_).get(), second.test().Application("申请公开清单。"),
        &response));
  };
  ASSERT_EQ(receive(), "OK");
  v1::EndSessionsRequest request;
  request.set_agency(kAgency);
  request.set_account("li");
  v1::EndSessionsResponse response;
  ASSERT_EQ(ReasonOf(house_.admin().EndSessions(house_.As(sec_).get(), request,
                                                &response)),
            "OK");
  EXPECT_EQ(response.ended(), 1);
  EXPECT_EQ(receive(), "SESSION_OVER");
}

TEST_F(Sessions, ARoleTakenAwayIsGoneAtOnce) {
  AccountHouse second(house_, QuickSignIn());
  EXPECT_EQ(ReasonOf(second.CanCall(li_)), "OK");
  v1::GrantRoleRequest request;
  request.set_agency(kAgency);
  request.set_request_id(house_.test().NewRequestId());
  request.set_account("li");
  request.mutable_grant()->set_role(v1::ROLE_HANDLER);
  v1::AccountResponse response;
  ASSERT_EQ(ReasonOf(house_.admin().WithdrawGrant(house_.As(sec_).get(),
                                                  request, &response)),
            "OK");
  EXPECT_NE(ReasonOf(second.CanCall(li_)), "OK");
  EXPECT_EQ(ReasonOf(second.CanCall(li_)), "METHOD_NOT_ALLOWED");
  // Another session's token is what it was.
  EXPECT_EQ(house_.WhoAmI(li_).grants_size(), 0);
}

TEST_F(Sessions, WhoAmISaysWhatOneHolds) {
  const v1::WhoAmIResponse me = house_.WhoAmI(li_);
  EXPECT_EQ(me.account(), "li");
  EXPECT_EQ(me.agency(), kAgency);
  EXPECT_EQ(me.kind(), v1::STAFF);
  EXPECT_EQ(me.sign_in(), "totp");
  ASSERT_EQ(me.grants_size(), 1);
  EXPECT_EQ(me.grants(0).role(), v1::ROLE_HANDLER);
  EXPECT_FALSE(me.session_expires_time().empty());
}

}  // namespace
}  // namespace gongkai::test
