// SPDX-License-Identifier: Apache-2.0
// What takes a proof away while somebody signs in by it: nobody has a session
// by a proof that is over.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <utility>

#include "absl/time/clock.h"
#include "services/auth/tokens.h"
#include "storage/postgres/postgres_store.h"
#include "tests/accounts/account_house.h"
#include "tests/support/temp_postgres.h"
#include "tests/support/test_vault.h"

namespace gongkai::test {
namespace {

constexpr const char* kAgency = TestService::kAgency;
constexpr const char* kIssuer = "https://id.example";

absl::Time Soon() { return absl::Now() + absl::Seconds(30); }

// A store in which something happens just before a session is begun.
class Interrupted : public storage::PostgresStore {
 public:
  using PostgresStore::PostgresStore;
  absl::Status OpenSession(const storage::SessionRow& session,
                           absl::Time deadline) override {
    if (between) std::exchange(between, nullptr)();
    return PostgresStore::OpenSession(session, deadline);
  }
  std::function<void()> between;
};

class Between : public ::testing::Test {
 protected:
  void SetUp() override {
    sec_ = house_.Staff("sec", {v1::ROLE_SECURITY_ADMIN});
    li_ = house_.Staff("li", {v1::ROLE_HANDLER});
    begun_ = house_.Accesses(v1::SIGNED_IN).size();
  }
  std::string SignIn(std::function<void()> between) {
    store_.between = std::move(between);
    v1::SignInRequest request;
    request.set_agency(kAgency);
    request.set_account("li");
    request.set_password(li_.password);
    request.set_second_factor(house_.Totp(li_));
    return ReasonOf(desk_.SignIn({}, request, Soon()).status());
  }
  std::string ByProvider(const std::string& token,
                         std::function<void()> between) {
    store_.between = std::move(between);
    v1::SignInWithProviderRequest request;
    request.set_agency(kAgency);
    request.set_token(token);
    return ReasonOf(desk_.SignInWithProvider({}, request, Soon()).status());
  }
  void Reset() {
    v1::ResetAccountRequest request;
    request.set_agency(kAgency);
    request.set_request_id(house_.test().NewRequestId());
    request.set_account("li");
    v1::ResetAccountResponse response;
    EXPECT_EQ(ReasonOf(house_.admin().ResetAccount(house_.As(sec_).get(),
                                                   request, &response)),
              "OK");
  }
  void Close() {
    v1::SetAccountStateRequest request;
    request.set_agency(kAgency);
    request.set_request_id(house_.test().NewRequestId());
    request.set_account("li");
    request.set_reason("调离");
    v1::AccountResponse response;
    EXPECT_EQ(ReasonOf(house_.admin().SetAccountState(house_.As(sec_).get(),
                                                      request, &response)),
              "OK");
  }
  void ChangePassword() {
    v1::ChangePasswordRequest request;
    request.set_old_password(li_.password);
    request.set_new_password("Mohn-Kran9Tal");
    v1::ChangePasswordResponse response;
    EXPECT_EQ(ReasonOf(house_.accounts().ChangePassword(house_.As(li_).get(),
                                                        request, &response)),
              "OK");
  }
  void Link(const std::string& subject) {
    auto& service = house_.test().service();
    act::SignInOptions options = QuickSignIn();
    options.issuer = kIssuer;
    act::AccountKeeper linker({service.store(), service.store(), TestVault(),
                               service.registry(), service.recorder(),
                               house_.clock(), nullptr, std::string(32, 'k'),
                               options});
    const auth::Caller keeper{
        "sec9", "sec9", {v1::ROLE_SECURITY_ADMIN}, kAgency, "totp"};
    v1::LinkSubjectRequest request;
    request.set_agency(kAgency);
    request.set_request_id(house_.test().NewRequestId());
    request.set_account("li");
    request.set_subject(subject);
    EXPECT_EQ(ReasonOf(linker.LinkSubject(keeper, request, Soon()).status()),
              "OK");
  }
  // Sessions of the account that are not over.
  std::string Open() {
    return house_.Ask(
        "SELECT count(*) FROM session WHERE account = 'li' AND NOT ended");
  }
  // Sign-ins recorded since the beginning, and refusals of them.
  std::pair<size_t, size_t> Recorded() {
    return {house_.Accesses(v1::SIGNED_IN).size() - begun_,
            house_.Accesses(v1::SIGN_IN_REFUSED).size()};
  }

  AccountHouse house_;
  Person sec_;
  Person li_;
  size_t begun_ = 0;
  Interrupted store_{TempPostgres::Shared().Service(house_.test().database()),
                     2, &TestVault()};
  act::SignInDesk desk_{act::SignInDesk::Parts{
      store_, store_, TestVault(), house_.test().service().registry(),
      house_.test().service().recorder(), house_.clock(), nullptr,
      [this](std::string_view token,
             absl::Time) -> absl::StatusOr<auth::ProviderClaims> {
        return auth::ProviderClaims{
            kIssuer, std::string(token.substr(0, token.find('.'))),
            house_.clock().Now() + absl::Minutes(5)};
      },
      QuickSignIn()}};
};

TEST_F(Between, NothingAndTheSessionBegins) {
  EXPECT_EQ(SignIn(nullptr), "OK");
  EXPECT_EQ(Open(), "2");
  // Another sign-in takes nothing away.
  EXPECT_EQ(SignIn([&] { EXPECT_EQ(ReasonOf(house_.SignIn(li_)), "OK"); }),
            "OK");
  EXPECT_EQ(Open(), "4");
}

TEST_F(Between, AResetEndsWhatTheOldProofBegan) {
  EXPECT_EQ(SignIn([&] { Reset(); }), "SIGN_IN_FAILED");
  EXPECT_EQ(Open(), "0");
  EXPECT_EQ(Recorded(), std::make_pair(size_t{0}, size_t{1}));
}

TEST_F(Between, SoDoesTheEndOfTheAccount) {
  EXPECT_EQ(SignIn([&] { Close(); }), "SIGN_IN_FAILED");
  EXPECT_EQ(Open(), "0");
  EXPECT_EQ(Recorded(), std::make_pair(size_t{0}, size_t{1}));
}

TEST_F(Between, SoDoesAnotherPassword) {
  EXPECT_EQ(SignIn([&] { ChangePassword(); }), "SIGN_IN_FAILED");
  // The one that changed it.
  EXPECT_EQ(Open(), "1");
  EXPECT_EQ(ReasonOf(house_.CanCall(li_)), "OK");
}

TEST_F(Between, ALinkThatIsNoMoreBeginsNothing) {
  // A link, too, ends the sessions that there are.
  Link("s-li");
  EXPECT_EQ(ByProvider("s-li.1.good", nullptr), "OK");
  EXPECT_EQ(Open(), "1");
  EXPECT_EQ(ByProvider("s-li.2.good", [&] { Link(""); }), "SIGN_IN_FAILED");
  EXPECT_EQ(Open(), "0");
  Link("s-li");
  EXPECT_EQ(ByProvider("s-li.3.good", [&] { Link("s-wang"); }),
            "SIGN_IN_FAILED");
  EXPECT_EQ(Open(), "0");
  Link("s-li");
  EXPECT_EQ(ByProvider("s-li.4.good", [&] { Reset(); }), "SIGN_IN_FAILED");
  EXPECT_EQ(Open(), "0");
}

}  // namespace
}  // namespace gongkai::test
