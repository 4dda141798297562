// SPDX-License-Identifier: Apache-2.0
// Accounts kept by administrators (GB/T 22239-2019 8.1.4.1 a, 8.1.4.2 a to c).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "absl/time/clock.h"
#include "services/act/account_identities.h"
#include "tests/accounts/account_house.h"
#include "tests/support/test_vault.h"

namespace gongkai::test {
namespace {

constexpr const char* kAgency = TestService::kAgency;

class Keeping : public ::testing::Test {
 protected:
  void SetUp() override {
    sec_ = house_.Staff("sec", {v1::ROLE_SECURITY_ADMIN});
    li_ = house_.Staff("li", {v1::ROLE_HANDLER});
  }
  std::string State(const std::string& name, bool active,
                    std::string request_id = "") {
    v1::SetAccountStateRequest request;
    request.set_agency(kAgency);
    request.set_request_id(request_id.empty() ? house_.test().NewRequestId()
                                              : request_id);
    request.set_account(name);
    request.set_active(active);
    request.set_reason("调离");
    v1::AccountResponse response;
    return ReasonOf(house_.admin().SetAccountState(house_.As(sec_).get(),
                                                   request, &response));
  }
  v1::ListAccountsResponse List(const Person& reader, int size = 0,
                                const std::string& after = "") {
    v1::ListAccountsRequest request;
    request.set_agency(kAgency);
    request.set_page_size(size);
    request.set_after(after);
    v1::ListAccountsResponse response;
    EXPECT_EQ(ReasonOf(house_.admin().ListAccounts(house_.As(reader).get(),
                                                   request, &response)),
              "OK");
    return response;
  }
  AccountHouse house_;
  Person sec_;
  Person li_;
};

TEST_F(Keeping, AnAccountIsOpenedGrantedAndUsed) {
  std::string code;
  ASSERT_EQ(ReasonOf(house_.Open(sec_, "wang", &code)), "OK");
  ASSERT_EQ(ReasonOf(house_.Grant(sec_, "wang", v1::ROLE_HANDLER)), "OK");
  Person wang{"wang"};
  ASSERT_EQ(ReasonOf(house_.SetUp(wang, code)), "OK");
  ASSERT_EQ(ReasonOf(house_.SignIn(wang)), "OK");
  EXPECT_EQ(ReasonOf(house_.CanCall(wang)), "OK");
  const v1::Account view = house_.Account(sec_, "wang");
  EXPECT_EQ(view.display_name(), "钱乙二");
  EXPECT_TRUE(view.active());
  EXPECT_TRUE(view.set_up());
  EXPECT_FALSE(view.stale());
  EXPECT_FALSE(view.last_sign_in_time().empty());
  EXPECT_EQ(view.grants_size(), 1);
}

TEST_F(Keeping, ANameIsNeverGivenTwice) {
  EXPECT_EQ(ReasonOf(house_.Open(sec_, "li", nullptr)), "ACCOUNT_EXISTS");
  ASSERT_EQ(State("li", false), "OK");
  EXPECT_EQ(ReasonOf(house_.Open(sec_, "li", nullptr)), "ACCOUNT_EXISTS");
}

TEST_F(Keeping, TheSameRequestTwiceIsOneAct) {
  v1::OpenAccountRequest request;
  request.set_agency(kAgency);
  request.set_request_id(house_.test().NewRequestId());
  request.set_account("wang");
  request.set_kind(v1::STAFF);
  request.set_identity_number(NewPassport());
  v1::OpenAccountResponse first;
  v1::OpenAccountResponse second;
  ASSERT_EQ(ReasonOf(house_.admin().OpenAccount(house_.As(sec_).get(), request,
                                                &first)),
            "OK");
  ASSERT_EQ(ReasonOf(house_.admin().OpenAccount(house_.As(sec_).get(), request,
                                                &second)),
            "OK");
  EXPECT_FALSE(first.set_up_code().empty());
  EXPECT_TRUE(second.set_up_code().empty());
  EXPECT_EQ(second.account().person(), first.account().person());
  request.set_display_name("另一人");
  EXPECT_EQ(ReasonOf(house_.admin().OpenAccount(house_.As(sec_).get(), request,
                                                &second)),
            "REQUEST_ID_REUSED");
}

// Four eyes are two persons' (DB-06): who opens a second account for himself,
// or for another, is found out by the number.
TEST_F(Keeping, AnAccountOfStaffIsOfAKnownPerson) {
  for (const char* number :
       {"", " - ", "1234", "00000000", "PASSPORT", "张三12345", "E12_345678",
        "310101199001010013", "999999999999999999"}) {
    const grpc::Status status = house_.Open(sec_, "wang", nullptr, number);
    EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT)
        << number;
    EXPECT_EQ(Details(status).field, "identity_number") << number;
    EXPECT_THAT(Details(status).description, testing::HasSubstr("number"));
    EXPECT_THAT(Details(status).description,
                testing::Not(testing::HasSubstr("3101")));
  }
  EXPECT_EQ(house_.Ask("SELECT count(*) FROM account"), "2");
  for (const auto& [name, number] : std::map<std::string, std::string>{
           {"a1", "310101199001010012"},
           {"a2", "11010519491231002x"},
           {"a3", "911124198108030024"},
           {"a4", "H12345678"},
           {"a5", "e1234 5678"},
           {"a6", "DE-AB12-345"},
       }) {
    EXPECT_EQ(ReasonOf(house_.Open(sec_, name, nullptr, number)), "OK") << name;
  }
  EXPECT_EQ(house_.Ask("SELECT count(DISTINCT person) FROM account"), "8");
  EXPECT_EQ(ReasonOf(house_.Open(sec_, "a7", nullptr, "E12345678")), "OK");
  EXPECT_EQ(house_.Account(sec_, "a7").person(),
            house_.Account(sec_, "a5").person());
}

TEST_F(Keeping, AClosedAccountIsOverAtOnce) {
  EXPECT_EQ(ReasonOf(house_.CanCall(li_)), "OK");
  ASSERT_EQ(State("li", false), "OK");
  EXPECT_EQ(ReasonOf(house_.CanCall(li_)), "SESSION_OVER");
  EXPECT_EQ(ReasonOf(house_.SignIn(li_)), "SIGN_IN_FAILED");
  EXPECT_EQ(State("li", false), "ACCOUNT_STATE_MISFIT");
  ASSERT_EQ(State("li", true), "OK");
  ASSERT_EQ(ReasonOf(house_.SignIn(li_)), "OK");
  EXPECT_EQ(ReasonOf(house_.CanCall(li_)), "OK");
}

TEST_F(Keeping, NobodyKeepsOnesOwnAccount) {
  EXPECT_EQ(State("sec", false), "OWN_ACCOUNT");
  EXPECT_EQ(ReasonOf(house_.Grant(sec_, "sec", v1::ROLE_HANDLER)),
            "OWN_ACCOUNT");
  v1::EndSessionsRequest request;
  request.set_agency(kAgency);
  request.set_account("sec");
  v1::EndSessionsResponse response;
  EXPECT_EQ(ReasonOf(house_.admin().EndSessions(house_.As(sec_).get(), request,
                                                &response)),
            "OWN_ACCOUNT");
}

TEST_F(Keeping, OnlyTheSecurityAdministratorKeeps) {
  Person sys = house_.Staff("sys", {v1::ROLE_SYSTEM_ADMIN});
  Person aud = house_.Staff("aud", {v1::ROLE_AUDIT_ADMIN});
  for (const Person& who : {sys, aud, li_}) {
    EXPECT_EQ(ReasonOf(house_.Grant(who, "li", v1::ROLE_ARCHIVIST)),
              "METHOD_NOT_ALLOWED")
        << who.name;
  }
  EXPECT_FALSE(house_.Accesses(v1::CALL_REFUSED).empty());
}

TEST_F(Keeping, AnotherAgencysAccountsAreOutOfReach) {
  Person far = house_.Staff("far", {v1::ROLE_SECURITY_ADMIN}, "SHFGW");
  EXPECT_EQ(ReasonOf(house_.Grant(far, "li", v1::ROLE_ARCHIVIST)),
            "CAPACITY_MISSING");
  const auto refused = house_.Accesses(v1::ACT_REFUSED);
  ASSERT_EQ(refused.size(), 1u);
  EXPECT_EQ(refused[0].access.method(), "GrantRole");
  EXPECT_EQ(refused[0].actor.account(), "far");
  // Those of the installation reach them all.
  Person nation = house_.Staff("nation", {v1::ROLE_SECURITY_ADMIN}, "CN");
  EXPECT_EQ(ReasonOf(house_.Grant(nation, "li", v1::ROLE_ARCHIVIST)), "OK");
}

TEST_F(Keeping, ListsGoByPagesAndAreRecorded) {
  house_.Staff("wang", {});
  const auto all = List(sec_);
  ASSERT_EQ(all.accounts_size(), 3);
  EXPECT_FALSE(all.more());
  const auto first = List(sec_, 2);
  ASSERT_EQ(first.accounts_size(), 2);
  EXPECT_TRUE(first.more());
  const auto rest = List(sec_, 2, first.accounts(1).account());
  ASSERT_EQ(rest.accounts_size(), 1);
  EXPECT_EQ(rest.accounts(0).account(), "wang");
  EXPECT_EQ(house_.Accesses(v1::READ_ACCOUNTS).size(), 3u);
}

TEST_F(Keeping, AccountsIdleForNinetyDaysAreStale) {
  // The administrator's own password is not to be over.
  act::SignInOptions options = QuickSignIn();
  options.policy.max_age = absl::ZeroDuration();
  AccountHouse house(options);
  Person sec = house.Staff("sec", {v1::ROLE_SECURITY_ADMIN});
  house.Staff("li", {v1::ROLE_HANDLER});
  house.Pass(absl::Hours(24 * 89));
  ASSERT_EQ(ReasonOf(house.SignIn(sec)), "OK");
  EXPECT_FALSE(house.Account(sec, "li").stale());
  house.Pass(absl::Hours(24));
  ASSERT_EQ(ReasonOf(house.SignIn(sec)), "OK");
  EXPECT_TRUE(house.Account(sec, "li").stale());
  EXPECT_FALSE(house.Account(sec, "sec").stale());
}

TEST_F(Keeping, AProgramIsKnownByItsCertificate) {
  v1::OpenAccountRequest request;
  request.set_agency(kAgency);
  request.set_request_id(house_.test().NewRequestId());
  request.set_account("portal");
  request.set_kind(v1::SERVICE_ACCOUNT);
  v1::OpenAccountResponse opened;
  ASSERT_EQ(ReasonOf(house_.admin().OpenAccount(house_.As(sec_).get(), request,
                                                &opened)),
            "OK");
  EXPECT_EQ(opened.set_up_code(), "");
  EXPECT_EQ(ReasonOf(house_.Grant(sec_, "portal", v1::ROLE_HANDLER)),
            "GRANT_MISFIT");
  ASSERT_EQ(ReasonOf(house_.Grant(sec_, "portal", v1::ROLE_PORTAL)), "OK");
  const std::string print(64, 'a');
  v1::CertificateRequest certificate;
  certificate.set_agency(kAgency);
  certificate.set_account("portal");
  certificate.set_fingerprint(print);
  v1::AccountResponse response;
  const auto add = [&](const std::string& account) {
    certificate.set_account(account);
    certificate.set_request_id(house_.test().NewRequestId());
    return ReasonOf(house_.admin().AddCertificate(house_.As(sec_).get(),
                                                  certificate, &response));
  };
  EXPECT_EQ(add("li"), "CERTIFICATE_MISFIT");
  ASSERT_EQ(add("portal"), "OK");
  EXPECT_EQ(response.account().certificates_size(), 1);

  act::AccountIdentities identities(house_.test().service().store(),
                                    house_.test().service().store(),
                                    TestVault(), house_.clock());
  const auto soon = absl::Now() + absl::Seconds(20);
  const auto caller = identities.ByCertificate(print, soon);
  ASSERT_TRUE(caller.ok()) << caller.status();
  EXPECT_EQ(caller->caller.account, "portal");
  EXPECT_EQ(caller->caller.sign_in, "mtls");
  ASSERT_EQ(caller->caller.roles.size(), 1u);
  EXPECT_TRUE(identities.StillStands(caller->caller, soon).ok());

  // The same certificate for another program.
  request.set_account("portal2");
  request.set_request_id(house_.test().NewRequestId());
  ASSERT_EQ(ReasonOf(house_.admin().OpenAccount(house_.As(sec_).get(), request,
                                                &opened)),
            "OK");
  EXPECT_EQ(add("portal2"), "CERTIFICATE_MISFIT");

  certificate.set_account("portal");
  certificate.set_request_id(house_.test().NewRequestId());
  ASSERT_EQ(ReasonOf(house_.admin().RevokeCertificate(house_.As(sec_).get(),
                                                      certificate, &response)),
            "OK");
  EXPECT_EQ(ReasonOf(identities.ByCertificate(print, soon).status()),
            "NOT_IDENTIFIED");
  EXPECT_EQ(ReasonOf(identities.StillStands(caller->caller, soon)),
            "SESSION_OVER");
}

}  // namespace
}  // namespace gongkai::test
