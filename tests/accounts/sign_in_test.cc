// SPDX-License-Identifier: Apache-2.0
// Signing in (GB/T 22239-2019 8.1.4.1 b, d): both factors, and answers that say
// nothing.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/escaping.h"
#include "absl/time/clock.h"
#include "services/auth/tokens.h"
#include "services/auth/totp.h"
#include "services/base/refusal.h"
#include "tests/accounts/account_house.h"
#include "tests/support/test_vault.h"

namespace gongkai::test {
namespace {

constexpr const char* kAgency = TestService::kAgency;

absl::Time Soon() { return absl::Now() + absl::Seconds(30); }

// Nothing is locked, however often it fails.
act::SignInOptions Patient() {
  act::SignInOptions options = QuickSignIn();
  options.failures = 1000;
  options.source_failures = 1000;
  return options;
}

class SigningIn : public ::testing::Test {
 protected:
  void SetUp() override {
    sec_ = house_.Staff("sec", {v1::ROLE_SECURITY_ADMIN});
    li_ = house_.Staff("li", {v1::ROLE_HANDLER});
  }
  std::string Try(const std::string& account, const std::string& password,
                  const std::string& factor) {
    return ReasonOf(house_.TrySignIn(kAgency, account, password, factor));
  }
  AccountHouse house_{Patient()};
  Person sec_;
  Person li_;
};

TEST_F(SigningIn, TakesBothFactors) {
  EXPECT_EQ(Try("li", li_.password, house_.Totp(li_)), "OK");
  EXPECT_EQ(Try("li", li_.password, "000000"), "SIGN_IN_FAILED");
  EXPECT_EQ(Try("li", "Kran-Mohn7Tak", house_.Totp(li_)), "SIGN_IN_FAILED");
  EXPECT_EQ(Try("li", li_.password, house_.Totp(sec_)), "SIGN_IN_FAILED");
}

TEST_F(SigningIn, NamesThatDifferByFormsOfUnicodeAreOne) {
  for (const char* typed : {"LI", "Li", "ｌｉ", "ＬＩ"}) {
    v1::SignInResponse response;
    ASSERT_EQ(ReasonOf(house_.TrySignIn(kAgency, typed, li_.password,
                                        house_.Totp(li_), &response)),
              "OK")
        << typed;
    EXPECT_EQ(response.account(), "li");
  }
  EXPECT_EQ(ReasonOf(house_.Open(sec_, "ＬＩ", nullptr)), "ACCOUNT_EXISTS");
  EXPECT_EQ(ReasonOf(house_.Open(sec_, "张三", nullptr)), "FIELD_INVALID");
}

TEST_F(SigningIn, AStepOfTheSecondFactorServesOnce) {
  const std::string digits = house_.Totp(li_);
  EXPECT_EQ(Try("li", li_.password, digits), "OK");
  EXPECT_EQ(Try("li", li_.password, digits), "SIGN_IN_FAILED");
  EXPECT_EQ(Try("li", li_.password, house_.Totp(li_)), "OK");
}

TEST_F(SigningIn, ARecoveryCodeServesOnceAndIsRecorded) {
  v1::SignInResponse response;
  ASSERT_EQ(ReasonOf(house_.TrySignIn(kAgency, "li", li_.password,
                                      li_.recovery[3], &response)),
            "OK");
  li_.token = response.access_token();
  EXPECT_EQ(house_.WhoAmI(li_).sign_in(), "recovery");
  EXPECT_EQ(Try("li", li_.password, li_.recovery[3]), "SIGN_IN_FAILED");
  EXPECT_EQ(Try("li", li_.password, li_.recovery[4]), "OK");
  std::vector<v1::RecordedEvent> history;
  house_.Account(sec_, "li", &history);
  EXPECT_EQ(history.back().event().credential_changed().kind(),
            v1::RECOVERY_CODE);
}

TEST_F(SigningIn, WhateverIsWrongTheAnswerIsOne) {
  std::string code;
  ASSERT_EQ(ReasonOf(house_.Open(sec_, "wang", &code)), "OK");
  Person closed = house_.Staff("zhao", {v1::ROLE_HANDLER});
  v1::SetAccountStateRequest request;
  request.set_agency(kAgency);
  request.set_request_id(house_.test().NewRequestId());
  request.set_account("zhao");
  request.set_reason("离职");
  v1::AccountResponse response;
  ASSERT_EQ(ReasonOf(house_.admin().SetAccountState(house_.As(sec_).get(),
                                                    request, &response)),
            "OK");
  const int64_t before = house_.test().service().sign_in().hashed();
  const std::vector<grpc::Status> answers = {
      house_.TrySignIn(kAgency, "nobody", "Kran-Mohn7Tal", "123456"),
      house_.TrySignIn(kAgency, "张三", "Kran-Mohn7Tal", "123456"),
      house_.TrySignIn("ZZZZ", "li", "Kran-Mohn7Tal", "123456"),
      house_.TrySignIn(kAgency, "zhao", closed.password, house_.Totp(closed)),
      house_.TrySignIn(kAgency, "wang", code, "123456"),
      house_.TrySignIn(kAgency, "li", "wrong", house_.Totp(li_)),
      house_.TrySignIn(kAgency, "li", li_.password, "123456"),
      house_.TrySignIn(kAgency, "li", li_.password, li_.recovery[0] + "A"),
  };
  // One password was hashed for each: the dummy's where there was none.
  EXPECT_EQ(house_.test().service().sign_in().hashed() - before,
            static_cast<int64_t>(answers.size()));
  for (const grpc::Status& answer : answers) {
    EXPECT_EQ(answer.error_code(), grpc::StatusCode::UNAUTHENTICATED);
    EXPECT_EQ(ReasonOf(answer), "SIGN_IN_FAILED");
    EXPECT_EQ(answer.error_message(), answers[0].error_message());
    EXPECT_EQ(Details(answer).sentence, Details(answers[0]).sentence);
    EXPECT_TRUE(Details(answer).field.empty());
  }
}

TEST_F(SigningIn, EverythingIsRecordedWithItsSource) {
  const size_t in = house_.Accesses(v1::SIGNED_IN).size();
  ASSERT_EQ(ReasonOf(house_.SignIn(li_)), "OK");
  Try("li", "wrong", "123456");
  Try("my-Passw0rd-by-mistake", "x", "123456");
  const auto begun = house_.Accesses(v1::SIGNED_IN);
  ASSERT_EQ(begun.size(), in + 1);
  EXPECT_EQ(begun.back().actor.account(), "li");
  EXPECT_EQ(begun.back().actor.sign_in(), "totp");
  EXPECT_EQ(begun.back().access.method(), "SignIn");
  EXPECT_EQ(begun.back().access.source(), "127.0.0.1");
  EXPECT_EQ(begun.back().agency, kAgency);
  const auto refused = house_.Accesses(v1::SIGN_IN_REFUSED);
  ASSERT_EQ(refused.size(), 2u);
  EXPECT_EQ(refused[0].actor.account(), "li");
  EXPECT_EQ(refused[0].actor.sign_in(), "");
  EXPECT_EQ(refused[0].access.reason(), "SIGN_IN_FAILED");
  // What was typed in place of a name is not kept.
  EXPECT_EQ(refused[1].actor.account(), "nobody");
  EXPECT_EQ(refused[1].access.source(), "127.0.0.1");
}

TEST_F(SigningIn, AnotherCostIsTakenAtTheNextSignIn) {
  act::SignInOptions dearer = Patient();
  dearer.cost = {2, 8};
  const auto desk = house_.Desk(dearer);
  v1::SignInRequest request;
  request.set_agency(kAgency);
  request.set_account("li");
  request.set_password(li_.password);
  for (const int hashes : {2, 1}) {
    const int64_t before = desk->hashed();
    request.set_second_factor(house_.Totp(li_));
    ASSERT_TRUE(desk->SignIn({}, request, Soon()).ok());
    EXPECT_EQ(desk->hashed() - before, hashes);
  }
}

// The office's identity provider: tokens are its subject, between dots.
class WithProvider : public SigningIn {
 protected:
  static constexpr const char* kIssuer = "https://id.example.cn";

  absl::StatusOr<v1::SignInResponse> ByToken(const std::string& token,
                                             const std::string& agency) {
    if (desk_ == nullptr) {
      desk_ = house_.Desk(Patient(), [this](std::string_view text, absl::Time) {
        return Believe(text);
      });
    }
    v1::SignInWithProviderRequest request;
    request.set_agency(agency);
    request.set_token(token);
    auth::Caller from;
    from.source = "10.0.0.7";
    return desk_->SignInWithProvider(from, request, Soon());
  }
  absl::StatusOr<auth::ProviderClaims> Believe(std::string_view text) {
    if (away_) return Refuse(v1::TOO_BUSY);
    if (!text.ends_with(".good") && !text.ends_with(".also")) {
      return absl::UnauthenticatedError("forged");
    }
    return auth::ProviderClaims{kIssuer,
                                std::string(text.substr(0, text.find('.'))),
                                house_.clock().Now() + absl::Minutes(5)};
  }
  void Link(const std::string& name, const std::string& subject) {
    auto& service = house_.test().service();
    const auth::Caller keeper{
        "sec9", "sec9", {v1::ROLE_SECURITY_ADMIN}, kAgency, "totp"};
    act::SignInOptions options = Patient();
    options.issuer = kIssuer;
    act::AccountKeeper linker({service.store(), service.store(), TestVault(),
                               service.registry(), service.recorder(),
                               house_.clock(), nullptr, std::string(32, 'k'),
                               options});
    v1::LinkSubjectRequest request;
    request.set_agency(kAgency);
    request.set_request_id(house_.test().NewRequestId());
    request.set_account(name);
    request.set_subject(subject);
    const auto linked = linker.LinkSubject(keeper, request, Soon());
    ASSERT_TRUE(linked.ok()) << linked.status();
    EXPECT_EQ(linked->account().linked(), !subject.empty());
  }

  bool away_ = false;
  std::unique_ptr<act::SignInDesk> desk_;
};

TEST_F(WithProvider, ALinkedAccountSignsInOnce) {
  EXPECT_EQ(ReasonOf(ByToken("s-li.x.good", kAgency).status()),
            "SIGN_IN_FAILED");
  Link("li", "s-li");
  const auto begun = ByToken("s-li.1.good", kAgency);
  ASSERT_TRUE(begun.ok()) << begun.status();
  li_.token = begun->access_token();
  EXPECT_EQ(house_.WhoAmI(li_).sign_in(), "oidc");
  EXPECT_EQ(ReasonOf(house_.CanCall(li_)), "OK");
  EXPECT_EQ(ReasonOf(ByToken("s-li.1.good", kAgency).status()),
            "PROVIDER_TOKEN_REFUSED");
  // The same token under a signature written in another way.
  EXPECT_EQ(ReasonOf(ByToken("s-li.1.also", kAgency).status()),
            "PROVIDER_TOKEN_REFUSED");
}

TEST_F(WithProvider, OnlyTheAgencysOpenAccounts) {
  Link("li", "s-li");
  EXPECT_EQ(ReasonOf(ByToken("s-li.1.bad", kAgency).status()),
            "PROVIDER_TOKEN_REFUSED");
  EXPECT_EQ(ReasonOf(ByToken("s-li.1.good", "SHFGW").status()),
            "SIGN_IN_FAILED");
  Link("li", "");
  EXPECT_EQ(ReasonOf(ByToken("s-li.2.good", kAgency).status()),
            "SIGN_IN_FAILED");
  away_ = true;
  // As long as one likes: it is the provider's failure.
  for (int i = 0; i < 40; ++i) {
    EXPECT_EQ(ReasonOf(ByToken("s-li.3.good", kAgency).status()), "TOO_BUSY");
  }
  away_ = false;
  Link("li", "s-li");
  EXPECT_EQ(ReasonOf(ByToken("s-li.3.good", kAgency).status()), "OK");
  const auto refused = house_.Accesses(v1::SIGN_IN_REFUSED);
  ASSERT_FALSE(refused.empty());
  EXPECT_EQ(refused.back().access.source(), "10.0.0.7");
}

TEST_F(WithProvider, ASubjectIsOfOneAccount) {
  Link("li", "s-li");
  house_.Staff("wang", {v1::ROLE_HANDLER});
  v1::LinkSubjectRequest request;
  request.set_agency(kAgency);
  request.set_request_id(house_.test().NewRequestId());
  request.set_account("wang");
  request.set_subject("s-li");
  act::SignInOptions options = Patient();
  options.issuer = kIssuer;
  auto& service = house_.test().service();
  act::AccountKeeper linker({service.store(), service.store(), TestVault(),
                             service.registry(), service.recorder(),
                             house_.clock(), nullptr, std::string(32, 'k'),
                             options});
  const auth::Caller keeper{
      "sec9", "sec9", {v1::ROLE_SECURITY_ADMIN}, kAgency, "totp"};
  EXPECT_EQ(ReasonOf(linker.LinkSubject(keeper, request, Soon()).status()),
            "ACCOUNT_STATE_MISFIT");
}

}  // namespace
}  // namespace gongkai::test
