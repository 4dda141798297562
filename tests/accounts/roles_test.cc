// SPDX-License-Identifier: Apache-2.0
// Roles (GB/T 22239-2019 8.1.4.2 d): second persons, the three administrators,
// deputies, and one person with two accounts.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "google/protobuf/text_format.h"
#include "tests/accounts/account_house.h"
#include "tests/support/temp_postgres.h"

namespace gongkai::test {
namespace {

constexpr const char* kAgency = TestService::kAgency;
// Invented, with the right check digit.
constexpr const char* kNumber = "310101199001010012";

class Roles : public ::testing::Test {
 protected:
  void SetUp() override {
    sec_ = house_.Staff("sec", {v1::ROLE_SECURITY_ADMIN});
    aud_ = house_.Staff("aud", {v1::ROLE_AUDIT_ADMIN});
  }
  // Opens and sets up an account of the person with that number.
  Person Opened(const std::string& name,
                const std::optional<std::string>& number = std::nullopt) {
    std::string code;
    EXPECT_EQ(ReasonOf(house_.Open(sec_, name, &code, number)), "OK");
    Person person{name};
    EXPECT_EQ(ReasonOf(house_.SetUp(person, code)), "OK");
    EXPECT_EQ(ReasonOf(house_.SignIn(person)), "OK");
    return person;
  }
  std::string Delegate(const Person& principal, const std::string& deputy,
                       const std::string& from, const std::string& to,
                       std::vector<v1::Role> roles = {}) {
    v1::DelegateRequest request;
    request.set_request_id(house_.test().NewRequestId());
    request.set_deputy(deputy);
    request.set_from_date(from);
    request.set_to_date(to);
    for (const v1::Role role : roles) request.add_roles(role);
    v1::DelegateResponse response;
    const auto status = house_.accounts().Delegate(house_.As(principal).get(),
                                                   request, &response);
    seq_ = response.seq();
    return ReasonOf(status);
  }
  AccountHouse house_;
  Person sec_;
  Person aud_;
  int64_t seq_ = 0;
};

TEST_F(Roles, PowerfulOnesTakeASecondPerson) {
  Person li = Opened("li");
  EXPECT_EQ(ReasonOf(house_.Grant(sec_, "li", v1::ROLE_SIGNER)),
            "GRANT_NEEDS_SECOND_PERSON");
  EXPECT_EQ(ReasonOf(house_.GrantByTwo(sec_, sec_, "li", v1::ROLE_SIGNER)),
            "GRANT_BY_PROPOSER");
  EXPECT_EQ(house_.WhoAmI(li).grants_size(), 0);
  const v1::Account waiting = house_.Account(aud_, "li");
  ASSERT_EQ(waiting.proposed_size(), 1);
  v1::DecideGrantRequest decision;
  decision.set_agency(kAgency);
  decision.set_request_id(house_.test().NewRequestId());
  decision.set_account("li");
  decision.set_proposal(waiting.proposed(0).proposal());
  decision.set_confirmed(true);
  v1::AccountResponse response;
  ASSERT_EQ(ReasonOf(house_.admin().DecideGrant(house_.As(aud_).get(), decision,
                                                &response)),
            "OK");
  ASSERT_EQ(ReasonOf(house_.SignIn(li)), "OK");
  EXPECT_EQ(house_.WhoAmI(li).grants_size(), 1);
  std::vector<v1::RecordedEvent> history;
  house_.Account(aud_, "li", &history);
  EXPECT_EQ(history.back().actor().capacity(), v1::AUDITOR);
  EXPECT_EQ(history.back().event().grant_decided().grant().role(),
            v1::ROLE_SIGNER);
}

TEST_F(Roles, NoTwoPostsInTheCode) {
  Opened("one", kNumber);
  EXPECT_EQ(ReasonOf(house_.Open(sec_, "two", nullptr, "310101199001010013")),
            "FIELD_INVALID");
  Opened("two", "３１０１０１ 19900101 0012");  // the same person
  EXPECT_EQ(house_.Account(sec_, "one").person(),
            house_.Account(sec_, "two").person());
  ASSERT_EQ(
      ReasonOf(house_.GrantByTwo(sec_, aud_, "one", v1::ROLE_SYSTEM_ADMIN)),
      "OK");
  EXPECT_EQ(
      ReasonOf(house_.GrantByTwo(sec_, aud_, "one", v1::ROLE_AUDIT_ADMIN)),
      "ROLES_EXCLUSIVE");
  EXPECT_EQ(
      ReasonOf(house_.GrantByTwo(sec_, aud_, "two", v1::ROLE_AUDIT_ADMIN)),
      "ROLES_EXCLUSIVE");
  EXPECT_EQ(ReasonOf(house_.Grant(sec_, "two", v1::ROLE_HANDLER)),
            "ROLES_EXCLUSIVE");
  EXPECT_EQ(house_.Ask("SELECT count(*) FROM account WHERE post <> 0"), "3");
}

TEST_F(Roles, NoTwoPostsInTheDatabase) {
  Opened("one", kNumber);
  Opened("two", kNumber);
  ASSERT_EQ(
      ReasonOf(house_.GrantByTwo(sec_, aud_, "one", v1::ROLE_SYSTEM_ADMIN)),
      "OK");
  auto& postgres = TempPostgres::Shared();
  const std::string& database = house_.test().database();
  EXPECT_THAT(postgres.Error(postgres.Superuser(database),
                             "UPDATE account SET post = 12 WHERE account = "
                             "'two'"),
              testing::HasSubstr("account_post"));
  // The service itself may not write the table past its events.
  EXPECT_THAT(
      postgres.Error(postgres.Service(database), "UPDATE account SET post = 0"),
      testing::HasSubstr("permission denied"));
}

TEST_F(Roles, ADeputyActsInTheNameOfThePrincipalOnTheDaysLent) {
  Person head = house_.Staff("head", {v1::ROLE_HANDLER});
  Person li = Opened("li");
  EXPECT_EQ(ReasonOf(house_.CanCall(li, "head")), "NOT_DEPUTY");
  ASSERT_EQ(Delegate(head, "li", "2024-03-21", "2024-03-22"), "OK");
  EXPECT_EQ(ReasonOf(house_.CanCall(li, "head")), "NOT_DEPUTY");
  house_.Pass(absl::Hours(24));
  ASSERT_EQ(ReasonOf(house_.SignIn(li)), "OK");
  EXPECT_EQ(ReasonOf(house_.CanCall(li)), "METHOD_NOT_ALLOWED");
  EXPECT_EQ(ReasonOf(house_.CanCall(li, "head")), "OK");
  EXPECT_EQ(ReasonOf(house_.CanCall(li, "sec")), "NOT_DEPUTY");

  v1::ReceiveApplicationResponse received;
  ASSERT_EQ(ReasonOf(house_.test().cases().ReceiveApplication(
                house_.As(li, "head").get(),
                house_.test().Application("申请公开清单。"), &received)),
            "OK");
  v1::GetCaseRequest request;
  request.set_name(received.receipt().name());
  request.set_with_history(true);
  v1::GetCaseResponse response;
  ASSERT_EQ(ReasonOf(house_.test().cases().GetCase(house_.As(li, "head").get(),
                                                   request, &response)),
            "OK");
  ASSERT_EQ(response.history_size(), 1);
  const v1::Actor& actor = response.history(0).actor();
  EXPECT_EQ(actor.account(), "li");
  EXPECT_EQ(actor.on_behalf_of(), "head");
  EXPECT_EQ(actor.person(), house_.WhoAmI(li).person());
  EXPECT_EQ(actor.sign_in(), "totp");

  house_.Pass(absl::Hours(48));
  ASSERT_EQ(ReasonOf(house_.SignIn(li)), "OK");
  EXPECT_EQ(ReasonOf(house_.CanCall(li, "head")), "NOT_DEPUTY");
}

TEST_F(Roles, ADelegationEndsAtMidnightInShanghai) {
  Person head = house_.Staff("head", {v1::ROLE_HANDLER});
  Person li = Opened("li");
  ASSERT_EQ(Delegate(head, "li", "2024-03-20", "2024-03-20"), "OK");
  // 23:55 of the last day, then five past midnight, with the same token.
  house_.clock().Set(absl::FromCivil(absl::CivilSecond(2024, 3, 20, 15, 54, 0),
                                     absl::UTCTimeZone()));
  ASSERT_EQ(ReasonOf(house_.SignIn(li)), "OK");
  EXPECT_EQ(ReasonOf(house_.CanCall(li, "head")), "OK");
  house_.clock().Set(absl::FromCivil(absl::CivilSecond(2024, 3, 20, 16, 1, 0),
                                     absl::UTCTimeZone()));
  EXPECT_EQ(ReasonOf(house_.CanCall(li, "head")), "NOT_DEPUTY");
}

TEST_F(Roles, ADelegationEndsByItsPrincipal) {
  Person head = house_.Staff("head", {v1::ROLE_HANDLER});
  Person li = Opened("li");
  ASSERT_EQ(Delegate(head, "li", "2024-03-20", "2024-03-25"), "OK");
  EXPECT_EQ(ReasonOf(house_.CanCall(li, "head")), "OK");
  EXPECT_EQ(house_.WhoAmI(li).delegations_size(), 1);
  v1::EndDelegationRequest request;
  request.set_request_id(house_.test().NewRequestId());
  request.set_deputy("li");
  request.set_seq(seq_);
  v1::EndDelegationResponse response;
  EXPECT_EQ(ReasonOf(house_.accounts().EndDelegation(house_.As(li).get(),
                                                     request, &response)),
            "DELEGATION_MISFIT");
  ASSERT_EQ(ReasonOf(house_.accounts().EndDelegation(house_.As(head).get(),
                                                     request, &response)),
            "OK");
  EXPECT_NE(ReasonOf(house_.CanCall(li, "head")), "OK");
  EXPECT_EQ(house_.WhoAmI(li).delegations_size(), 0);
}

TEST_F(Roles, TheKeeperLendsPlainRolesAlone) {
  Person head = house_.Staff("head", {v1::ROLE_HANDLER, v1::ROLE_SIGNER});
  Person li = Opened("li");
  v1::SetDelegationRequest request;
  request.set_agency(kAgency);
  request.set_request_id(house_.test().NewRequestId());
  request.set_deputy("li");
  auto& delegation = *request.mutable_delegation();
  delegation.set_principal("head");
  delegation.set_from_date("2024-03-20");
  delegation.set_to_date("2024-03-25");
  delegation.add_roles(v1::ROLE_SIGNER);
  v1::AccountResponse response;
  EXPECT_EQ(ReasonOf(house_.admin().SetDelegation(house_.As(sec_).get(),
                                                  request, &response)),
            "GRANT_NEEDS_SECOND_PERSON");
  delegation.set_roles(0, v1::ROLE_HANDLER);
  request.set_request_id(house_.test().NewRequestId());
  ASSERT_EQ(ReasonOf(house_.admin().SetDelegation(house_.As(sec_).get(),
                                                  request, &response)),
            "OK");
  EXPECT_EQ(response.account().delegations_size(), 1);
  EXPECT_EQ(ReasonOf(house_.CanCall(li, "head")), "OK");
}

// Four eyes compare persons: the second account of the drafter does not sign.
TEST_F(Roles, OnePersonWithTwoAccountsIsOnePairOfEyes) {
  Person one = Opened("one", kNumber);
  Person two = Opened("two", kNumber);
  ASSERT_EQ(ReasonOf(house_.Grant(sec_, "one", v1::ROLE_HANDLER)), "OK");
  ASSERT_EQ(ReasonOf(house_.GrantByTwo(sec_, aud_, "two", v1::ROLE_SIGNER)),
            "OK");
  Person third = house_.Staff("third", {v1::ROLE_SIGNER});
  v1::ReceiveApplicationResponse received;
  ASSERT_EQ(ReasonOf(house_.test().cases().ReceiveApplication(
                house_.As(one).get(),
                house_.test().Application("申请公开清单。"), &received)),
            "OK");
  const auto perform = [&](const Person& who, const std::string& text) {
    v1::PerformActRequest request;
    request.set_name(received.receipt().name());
    request.set_request_id(house_.test().NewRequestId());
    request.set_occurred_date("2024-03-20");
    EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(
        text, request.mutable_act()));
    v1::PerformActResponse response;
    return ReasonOf(house_.test().cases().PerformAct(house_.As(who).get(),
                                                     request, &response));
  };
  Person mi = house_.Staff("mi", {v1::ROLE_SECRECY_REVIEWER});
  Person fa = house_.Staff("fa", {v1::ROLE_LEGAL_REVIEWER});
  ASSERT_EQ(perform(one, R"(register { officer: "one" })"), "OK");
  ASSERT_EQ(perform(one, R"(draft_reply { outcome: DISCLOSED text: "见附件"
              access: "随函" review_organ: "市人民政府" court: "某法院" })"),
            "OK");
  ASSERT_EQ(perform(one, "submit_for_review {}"), "OK");
  ASSERT_EQ(perform(mi, "clear_draft { step: SECRECY }"), "OK");
  ASSERT_EQ(perform(fa, "clear_draft { step: LEGAL }"), "OK");
  const std::string sign = R"(sign { document_number: "某信答〔2024〕1号" })";
  EXPECT_EQ(perform(two, sign), "BY_DRAFTER");
  EXPECT_EQ(perform(third, sign), "OK");
}

}  // namespace
}  // namespace gongkai::test
