// SPDX-License-Identifier: Apache-2.0
// Setting up an account, and changing its password (GB/T 22239-2019 8.1.4.1 a).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/accounts/account_house.h"

namespace gongkai::test {
namespace {

constexpr const char* kAgency = TestService::kAgency;

class SettingUp : public ::testing::Test {
 protected:
  void SetUp() override {
    sec_ = house_.Staff("sec", {v1::ROLE_SECURITY_ADMIN});
  }
  std::string TrySetUp(const std::string& name, const std::string& code,
                       const std::string& password = "Kran-Mohn7Tal") {
    Person person{name};
    person.password = password;
    return ReasonOf(house_.SetUp(person, code));
  }
  std::string Change(const Person& person, const std::string& old_password,
                     const std::string& new_password) {
    v1::ChangePasswordRequest request;
    request.set_old_password(old_password);
    request.set_new_password(new_password);
    v1::ChangePasswordResponse response;
    return ReasonOf(house_.accounts().ChangePassword(house_.As(person).get(),
                                                     request, &response));
  }
  AccountHouse house_;
  Person sec_;
};

TEST_F(SettingUp, ACodeServesOnceAndForThreeDays) {
  std::string code;
  ASSERT_EQ(ReasonOf(house_.Open(sec_, "li", &code)), "OK");
  EXPECT_GE(code.size(), 24u);
  EXPECT_EQ(TrySetUp("li", "AAAA-AAAA-AAAA-AAAA-AAAA-AAAA"), "SET_UP_REFUSED");
  EXPECT_EQ(TrySetUp("wang", code), "SET_UP_REFUSED");
  Person li{"li"};
  ASSERT_EQ(ReasonOf(house_.SetUp(li, code)), "OK");
  EXPECT_EQ(li.recovery.size(), 10u);
  EXPECT_EQ(TrySetUp("li", code), "SET_UP_REFUSED");
  EXPECT_EQ(ReasonOf(house_.SignIn(li)), "OK");

  ASSERT_EQ(ReasonOf(house_.Open(sec_, "wang", &code)), "OK");
  house_.Pass(absl::Hours(72));
  EXPECT_EQ(TrySetUp("wang", code), "SET_UP_REFUSED");
}

TEST_F(SettingUp, BothFactorsBeforeTheFirstSignIn) {
  std::string code;
  ASSERT_EQ(ReasonOf(house_.Open(sec_, "li", &code)), "OK");
  EXPECT_EQ(ReasonOf(house_.TrySignIn(kAgency, "li", code, "000000")),
            "SIGN_IN_FAILED");
  grpc::ClientContext context;
  v1::SetUpRequest request;
  request.set_agency(kAgency);
  request.set_account("li");
  request.set_code(code);
  request.set_password("Kran-Mohn7Tal");
  v1::SetUpResponse begun;
  ASSERT_EQ(ReasonOf(house_.accounts().SetUp(&context, request, &begun)), "OK");
  EXPECT_THAT(begun.totp_uri(), testing::HasSubstr(begun.totp_secret()));
  // The password alone, while the second factor waits.
  EXPECT_EQ(
      ReasonOf(house_.TrySignIn(kAgency, "li", "Kran-Mohn7Tal", "000000")),
      "SIGN_IN_FAILED");
}

TEST_F(SettingUp, TheLaterOfTwoTriesCounts) {
  std::string code;
  ASSERT_EQ(ReasonOf(house_.Open(sec_, "li", &code)), "OK");
  grpc::ClientContext context;
  v1::SetUpRequest request;
  request.set_agency(kAgency);
  request.set_account("LI");
  request.set_code(code);
  request.set_password("Mohn-Kran9Tal");
  v1::SetUpResponse begun;
  ASSERT_EQ(ReasonOf(house_.accounts().SetUp(&context, request, &begun)), "OK");
  Person li{"li"};
  ASSERT_EQ(ReasonOf(house_.SetUp(li, code)), "OK");
  EXPECT_EQ(ReasonOf(house_.SignIn(li)), "OK");
  EXPECT_EQ(ReasonOf(house_.TrySignIn(kAgency, "li", "Mohn-Kran9Tal",
                                      house_.Totp(li))),
            "SIGN_IN_FAILED");
}

TEST_F(SettingUp, WeakPasswordsAreRefusedOnceTheCodeIsBelieved) {
  std::string code;
  ASSERT_EQ(ReasonOf(house_.Open(sec_, "li", &code)), "OK");
  EXPECT_EQ(TrySetUp("li", code, "password"), "PASSWORD_TOO_WEAK");
  EXPECT_EQ(TrySetUp("li", code, "Password1234!"), "PASSWORD_TOO_WEAK");
  EXPECT_EQ(TrySetUp("li", "wrong", "password"), "SET_UP_REFUSED");
  EXPECT_EQ(TrySetUp("li", code), "OK");
}

TEST_F(SettingUp, AResetEndsEverythingAndBeginsAnew) {
  Person li = house_.Staff("li", {v1::ROLE_HANDLER});
  EXPECT_EQ(ReasonOf(house_.CanCall(li)), "OK");
  v1::ResetAccountRequest request;
  request.set_agency(kAgency);
  request.set_request_id(house_.test().NewRequestId());
  request.set_account("li");
  v1::ResetAccountResponse response;
  ASSERT_EQ(ReasonOf(house_.admin().ResetAccount(house_.As(sec_).get(), request,
                                                 &response)),
            "OK");
  EXPECT_EQ(ReasonOf(house_.CanCall(li)), "SESSION_OVER");
  EXPECT_EQ(ReasonOf(house_.SignIn(li)), "SIGN_IN_FAILED");
  // Asked again the code is not shown again.
  v1::ResetAccountResponse again;
  ASSERT_EQ(ReasonOf(house_.admin().ResetAccount(house_.As(sec_).get(), request,
                                                 &again)),
            "OK");
  EXPECT_EQ(again.set_up_code(), "");
  // The password from before does not come again.
  EXPECT_EQ(TrySetUp("li", response.set_up_code(), li.password),
            "PASSWORD_TOO_WEAK");
  li.password = "Mohn-Kran9Tal";
  ASSERT_EQ(ReasonOf(house_.SetUp(li, response.set_up_code())), "OK");
  EXPECT_EQ(ReasonOf(house_.SignIn(li)), "OK");
}

TEST_F(SettingUp, AnotherPasswordEndsTheOtherSessions) {
  Person li = house_.Staff("li", {v1::ROLE_HANDLER});
  Person elsewhere = li;
  ASSERT_EQ(ReasonOf(house_.SignIn(elsewhere)), "OK");
  EXPECT_EQ(Change(li, "wrong-Passw0rd!", "Mohn-Kran9Tal"), "SIGN_IN_FAILED");
  EXPECT_EQ(Change(li, li.password, "mohn"), "PASSWORD_TOO_WEAK");
  EXPECT_EQ(Change(li, li.password, li.password), "PASSWORD_TOO_WEAK");
  ASSERT_EQ(Change(li, li.password, "Mohn-Kran9Tal"), "OK");
  EXPECT_EQ(ReasonOf(house_.CanCall(li)), "OK");
  EXPECT_EQ(ReasonOf(house_.CanCall(elsewhere)), "SESSION_OVER");
  EXPECT_EQ(ReasonOf(house_.SignIn(elsewhere)), "SIGN_IN_FAILED");
  li.password = "Mohn-Kran9Tal";
  EXPECT_EQ(ReasonOf(house_.SignIn(li)), "OK");
}

TEST_F(SettingUp, TheLastFivePasswordsDoNotComeAgain) {
  Person li = house_.Staff("li", {v1::ROLE_HANDLER});
  const std::string first = li.password;
  std::string now = first;
  for (int i = 1; i <= 4; ++i) {
    const std::string next = "Mohn-Kran" + std::to_string(i) + "Tal";
    ASSERT_EQ(Change(li, now, next), "OK");
    now = next;
    EXPECT_EQ(Change(li, now, first), "PASSWORD_TOO_WEAK") << i;
  }
  ASSERT_EQ(Change(li, now, "Mohn-Kran5Tal"), "OK");
  EXPECT_EQ(Change(li, "Mohn-Kran5Tal", first), "OK");
}

TEST_F(SettingUp, AnExpiredPasswordCanOnlyBeChanged) {
  Person li = house_.Staff("li", {v1::ROLE_HANDLER});
  house_.Pass(absl::Hours(24 * 90));
  v1::SignInResponse response;
  ASSERT_EQ(ReasonOf(house_.TrySignIn(kAgency, "li", li.password,
                                      house_.Totp(li), &response)),
            "OK");
  EXPECT_TRUE(response.must_change_password());
  li.token = response.access_token();
  EXPECT_EQ(ReasonOf(house_.CanCall(li)), "PASSWORD_EXPIRED");
  ASSERT_EQ(Change(li, li.password, "Mohn-Kran9Tal"), "OK");
  EXPECT_EQ(ReasonOf(house_.CanCall(li)), "OK");
  li.password = "Mohn-Kran9Tal";
  ASSERT_EQ(ReasonOf(house_.SignIn(li)), "OK");
  EXPECT_FALSE(house_.WhoAmI(li).must_change_password());
}

TEST_F(SettingUp, NoSecretIsInTheRecord) {
  Person li = house_.Staff("li", {v1::ROLE_HANDLER});
  std::vector<v1::RecordedEvent> history;
  house_.Account(sec_, "li", &history);
  ASSERT_EQ(history.size(), 4u);  // opened, granted, password, second factor
  EXPECT_EQ(history[2].event().credential_changed().kind(), v1::PASSWORD);
  EXPECT_EQ(history[2].actor().capacity(), v1::SELF);
  EXPECT_EQ(history[3].event().credential_changed().kind(), v1::SECOND_FACTOR);
  EXPECT_EQ(history[1].actor().capacity(), v1::OPERATOR);
  EXPECT_EQ(history[1].actor().sign_in(), "operator");
  const std::string all = house_.Ask(
      "SELECT (SELECT string_agg(encode(sealed, 'escape'), '') FROM "
      "credential) || (SELECT string_agg(encode(record, 'escape'), '') FROM "
      "event) || (SELECT string_agg(s::text, '') FROM session s)");
  EXPECT_THAT(all, testing::Not(testing::HasSubstr("argon2")));
  EXPECT_THAT(all, testing::Not(testing::HasSubstr(li.password)));
  EXPECT_THAT(all, testing::Not(testing::HasSubstr(li.token)));
}

}  // namespace
}  // namespace gongkai::test
