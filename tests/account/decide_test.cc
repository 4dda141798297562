// SPDX-License-Identifier: Apache-2.0
// Acts on accounts (GB/T 22239-2019 8.1.4.1 a, 8.1.4.2 d): each refusal and its
// lawful neighbour.
#include "services/account/decide.h"

#include <gtest/gtest.h>

#include "tests/account/office.h"

namespace gongkai::account {
namespace {

class Deciding : public ::testing::Test {
 protected:
  void SetUp() override {
    office_.Have("sec", "p-sec");
    office_.Holds("sec", v1::ROLE_SECURITY_ADMIN);
    office_.Have("aud", "p-aud");
    office_.Holds("aud", v1::ROLE_AUDIT_ADMIN);
    office_.Have("li", "p-li");
    office_.Have("li2", "p-li");  // another account of the same person
    office_.Have("web", "x-web", v1::SERVICE_ACCOUNT);
  }
  std::string Open(const std::string& name, const std::string& person) {
    v1::AccountOpening opening;
    opening.set_account(name);
    opening.set_kind(v1::STAFF);
    opening.set_person(person);
    return office_.Do("sec", name,
                      [&](const Matter& m) { return OpenAccount(m, opening); });
  }
  std::string Certificate(const std::string& name, const std::string& print,
                          bool add) {
    return office_.Do("sec", name, [&](const Matter& m) {
      return add ? AddCertificate(m, print) : RevokeCertificate(m, print);
    });
  }
  std::string Link(const std::string& name, const std::string& digest) {
    return office_.Do("sec", name,
                      [&](const Matter& m) { return LinkSubject(m, digest); });
  }
  std::string Anew(const std::string& actor, const std::string& name) {
    return office_.Do(actor, name,
                      [](const Matter& m) { return BeginAnew(m); });
  }
  Office office_;
};

TEST_F(Deciding, ANameIsGivenOnce) {
  EXPECT_EQ(Open("wang", "p-wang"), "OK");
  EXPECT_EQ(Open("wang", "p-other"), "ACCOUNT_EXISTS");
  EXPECT_EQ(office_.State("sec", "wang", false), "OK");
  EXPECT_EQ(Open("wang", "p-other"), "ACCOUNT_EXISTS");
  EXPECT_EQ(Open("sec2", "p-sec"), "OWN_ACCOUNT");
}

TEST_F(Deciding, StatesAlternate) {
  EXPECT_EQ(office_.State("sec", "li", true), "ACCOUNT_STATE_MISFIT");
  EXPECT_EQ(office_.State("sec", "li", false), "OK");
  EXPECT_EQ(office_.State("sec", "li", false), "ACCOUNT_STATE_MISFIT");
  EXPECT_TRUE(
      office_.history("li").back().event.account_state_set().active_before());
  EXPECT_EQ(office_.State("sec", "li", true), "OK");
  EXPECT_EQ(office_.State("sec", "nobody", false), "NO_SUCH_ACCOUNT");
  EXPECT_EQ(office_.State("sec", "sec", false), "OWN_ACCOUNT");
}

TEST_F(Deciding, AClosedAccountHasNoRoles) {
  office_.Holds("li", v1::ROLE_HANDLER);
  EXPECT_EQ(RolesOf(office_.of("li")).size(), 1u);
  ASSERT_EQ(office_.State("sec", "li", false), "OK");
  EXPECT_TRUE(RolesOf(office_.of("li")).empty());
  EXPECT_EQ(office_.Grant("sec", "li", v1::ROLE_ARCHIVIST),
            "ACCOUNT_STATE_MISFIT");
  EXPECT_EQ(Anew("sec", "li"), "ACCOUNT_STATE_MISFIT");
  ASSERT_EQ(office_.State("sec", "li", true), "OK");
  EXPECT_EQ(RolesOf(office_.of("li")).size(), 1u);
}

TEST_F(Deciding, MeansOfProofBeginAnew) {
  EXPECT_EQ(office_.of("li").means_seq, 1);
  EXPECT_EQ(Anew("sec", "li"), "OK");
  EXPECT_EQ(office_.of("li").means_seq, 2);
  EXPECT_EQ(Anew("sec", "sec"), "OWN_ACCOUNT");
  EXPECT_EQ(Anew("sec", "web"), "ACCOUNT_STATE_MISFIT");
}

// Else one security administrator would have every role by giving himself the
// proof of another's account: his own second person, too.
TEST_F(Deciding, NobodyAloneTakesThePowerfulOver) {
  EXPECT_EQ(Anew("sec", "aud"), "GRANT_NEEDS_SECOND_PERSON");
  EXPECT_EQ(Link("aud", "ab"), "GRANT_NEEDS_SECOND_PERSON");
  office_.Have("wang", "p-wang");
  office_.Holds("wang", v1::ROLE_SIGNER);
  EXPECT_EQ(Anew("sec", "wang"), "GRANT_NEEDS_SECOND_PERSON");
  EXPECT_EQ(Link("wang", "ab"), "GRANT_NEEDS_SECOND_PERSON");
  // Nor what was lent, for as long as it is.
  ASSERT_EQ(office_.Lend("wang", "li", "wang", "2024-03-20", "2024-03-22"),
            "OK");
  EXPECT_EQ(Anew("sec", "li"), "GRANT_NEEDS_SECOND_PERSON");
  office_.today() = absl::CivilDay(2024, 3, 23);
  EXPECT_EQ(Anew("sec", "li"), "OK");
  // With two persons: withdrawn, begun anew, proposed and confirmed again.
  ASSERT_EQ(office_.Withdraw("sec", "wang", v1::ROLE_SIGNER), "OK");
  EXPECT_EQ(Link("wang", "ab"), "OK");
  // Nor does an old link outlive the new beginning.
  EXPECT_EQ(Anew("sec", "wang"), "OK");
  EXPECT_EQ(office_.of("wang").subject, "");
  EXPECT_EQ(Link("wang", "ab"), "OK");
  // A link may be ended at any time, and the operator begins anyone anew.
  office_.Holds("wang", v1::ROLE_SIGNER);
  EXPECT_EQ(Link("wang", ""), "OK");
  EXPECT_EQ(
      office_.Do("root", "wang", [](const Matter& m) { return BeginFirst(m); }),
      "OK");
}

TEST_F(Deciding, PlainRolesAreGrantedAndWithdrawn) {
  EXPECT_EQ(office_.Grant("sec", "li", v1::ROLE_HANDLER, "yi"), "OK");
  EXPECT_EQ(office_.Grant("sec", "li", v1::ROLE_HANDLER, "yi"), "GRANT_MISFIT");
  EXPECT_EQ(office_.Grant("sec", "li", v1::ROLE_HANDLER, "er"), "OK");
  EXPECT_EQ(office_.Grant("sec", "li", v1::ROLE_HANDLER), "OK");
  // Who has it in the whole agency has it in each department.
  EXPECT_EQ(office_.Grant("sec", "li", v1::ROLE_HANDLER, "san"),
            "GRANT_MISFIT");
  EXPECT_EQ(RolesOf(office_.of("li")).size(), 3u);
  EXPECT_EQ(office_.Withdraw("sec", "li", v1::ROLE_HANDLER, "wu"),
            "GRANT_MISFIT");
  EXPECT_EQ(office_.Withdraw("sec", "li", v1::ROLE_HANDLER, "er"), "OK");
  EXPECT_EQ(office_.Withdraw("sec", "li", v1::ROLE_HANDLER, "er"),
            "GRANT_MISFIT");
  EXPECT_EQ(RolesOf(office_.of("li")).size(), 2u);
  EXPECT_EQ(office_.Grant("sec", "sec", v1::ROLE_HANDLER), "OWN_ACCOUNT");
}

TEST_F(Deciding, PowerfulRolesTakeTwoPersons) {
  for (const v1::Role role :
       {v1::ROLE_SIGNER, v1::ROLE_DISCLOSURE_HEAD, v1::ROLE_LEGAL_AUDITOR,
        v1::ROLE_SYSTEM_ADMIN, v1::ROLE_SECURITY_ADMIN, v1::ROLE_AUDIT_ADMIN}) {
    EXPECT_TRUE(IsPowerful(role));
    EXPECT_EQ(office_.Grant("sec", "li", role), "GRANT_NEEDS_SECOND_PERSON");
  }
  ASSERT_EQ(office_.Propose("sec", "li", v1::ROLE_SIGNER), "OK");
  const int64_t proposal = office_.of("li").version;
  EXPECT_TRUE(RolesOf(office_.of("li")).empty());
  EXPECT_EQ(office_.Propose("sec", "li", v1::ROLE_SIGNER), "GRANT_MISFIT");
  EXPECT_EQ(office_.Decide("sec", "li", proposal), "GRANT_BY_PROPOSER");
  EXPECT_EQ(office_.Decide("li", "li", proposal), "GRANT_BY_PROPOSER");
  EXPECT_EQ(office_.Decide("li2", "li", proposal), "GRANT_BY_PROPOSER");
  EXPECT_EQ(office_.Decide("aud", "li", proposal + 1), "GRANT_MISFIT");
  EXPECT_EQ(office_.Decide("aud", "li", proposal), "OK");
  EXPECT_EQ(office_.Decide("aud", "li", proposal), "GRANT_MISFIT");
  ASSERT_EQ(RolesOf(office_.of("li")).size(), 1u);
  EXPECT_EQ(office_.history("li").back().event.grant_decided().grant().role(),
            v1::ROLE_SIGNER);
}

TEST_F(Deciding, AProposalMayBeDeclined) {
  ASSERT_EQ(office_.Propose("sec", "li", v1::ROLE_SIGNER), "OK");
  const int64_t proposal = office_.of("li").version;
  EXPECT_EQ(office_.Decide("sec", "li", proposal, false), "GRANT_BY_PROPOSER");
  EXPECT_EQ(office_.Decide("aud", "li", proposal, false), "OK");
  EXPECT_TRUE(office_.of("li").proposed.empty());
  EXPECT_TRUE(office_.of("li").grants.empty());
}

TEST_F(Deciding, WhatStandsAgainstARoleIsLookedAtAgain) {
  ASSERT_EQ(office_.Propose("sec", "li", v1::ROLE_SYSTEM_ADMIN), "OK");
  const int64_t proposal = office_.of("li").version;
  ASSERT_EQ(office_.Grant("sec", "li2", v1::ROLE_HANDLER), "OK");
  EXPECT_EQ(office_.Decide("aud", "li", proposal), "ROLES_EXCLUSIVE");
  ASSERT_EQ(office_.Withdraw("sec", "li2", v1::ROLE_HANDLER), "OK");
  EXPECT_EQ(office_.Decide("aud", "li", proposal), "OK");
  EXPECT_EQ(PostOf(office_.of("li")), v1::ROLE_SYSTEM_ADMIN);
}

TEST_F(Deciding, APostStandsAlone) {
  for (const v1::Role post : {v1::ROLE_SYSTEM_ADMIN, v1::ROLE_SECURITY_ADMIN}) {
    EXPECT_EQ(office_.Propose("sec", "aud", post), "ROLES_EXCLUSIVE");
  }
  EXPECT_EQ(office_.Grant("sec", "aud", v1::ROLE_HANDLER), "ROLES_EXCLUSIVE");
  office_.Have("aud2", "p-aud");
  EXPECT_EQ(office_.Grant("sec", "aud2", v1::ROLE_MANAGER), "ROLES_EXCLUSIVE");
  EXPECT_EQ(office_.Propose("sec", "aud2", v1::ROLE_AUDIT_ADMIN),
            "ROLES_EXCLUSIVE");
  EXPECT_EQ(office_.Propose("sec", "li", v1::ROLE_AUDIT_ADMIN, "yi"),
            "GRANT_MISFIT");
  // Also a closed account's post: it may be opened again.
  ASSERT_EQ(office_.State("sec", "aud", false), "OK");
  EXPECT_EQ(office_.Grant("sec", "aud2", v1::ROLE_MANAGER), "ROLES_EXCLUSIVE");
}

TEST_F(Deciding, WhateverTheRecordSaysAPostStandsAlone) {
  office_.Holds("aud", v1::ROLE_HANDLER);
  ASSERT_EQ(RolesOf(office_.of("aud")).size(), 1u);
  EXPECT_EQ(RolesOf(office_.of("aud"))[0].role, v1::ROLE_AUDIT_ADMIN);
  office_.Holds("aud", v1::ROLE_SYSTEM_ADMIN);
  EXPECT_TRUE(RolesOf(office_.of("aud")).empty());
}

// Else a security administrator alone would read cases through a program of
// his own.
TEST_F(Deciding, AProgramHoldsThePortalsRoleAlone) {
  for (int i = v1::Role_MIN; i <= v1::Role_MAX; ++i) {
    const auto role = static_cast<v1::Role>(i);
    if (!v1::Role_IsValid(i) || role == v1::ROLE_UNSPECIFIED) continue;
    EXPECT_EQ(MayHold(v1::SERVICE_ACCOUNT, role), role == v1::ROLE_PORTAL);
    EXPECT_TRUE(MayHold(v1::STAFF, role));
    const std::string expected =
        role == v1::ROLE_PORTAL ? "OK" : "GRANT_MISFIT";
    EXPECT_EQ(office_.Propose("sec", "web", role), expected) << i;
    if (IsPowerful(role)) continue;
    EXPECT_EQ(office_.Grant("sec", "web", role), expected) << i;
  }
  // Whatever the record says.
  office_.Holds("web", v1::ROLE_HANDLER);
  ASSERT_EQ(RolesOf(office_.of("web")).size(), 1u);
  EXPECT_EQ(RolesOf(office_.of("web"))[0].role, v1::ROLE_PORTAL);
}

TEST_F(Deciding, CertificatesAreOfPrograms) {
  const std::string print(64, 'a');
  EXPECT_EQ(Certificate("li", print, true), "CERTIFICATE_MISFIT");
  EXPECT_EQ(Certificate("web", std::string(63, 'a'), true),
            "CERTIFICATE_MISFIT");
  EXPECT_EQ(Certificate("web", std::string(64, 'A'), true),
            "CERTIFICATE_MISFIT");
  EXPECT_EQ(Certificate("web", print, true), "OK");
  EXPECT_EQ(Certificate("web", print, true), "CERTIFICATE_MISFIT");
  EXPECT_EQ(Certificate("web", std::string(64, 'b'), false),
            "CERTIFICATE_MISFIT");
  EXPECT_EQ(office_.of("web").certificates.size(), 1u);
  EXPECT_EQ(Certificate("web", print, false), "OK");
  EXPECT_TRUE(office_.of("web").certificates.empty());
}

TEST_F(Deciding, SubjectsAreLinkedAndUnlinked) {
  EXPECT_EQ(Link("li", ""), "ACCOUNT_STATE_MISFIT");
  EXPECT_EQ(Link("web", "ab"), "ACCOUNT_STATE_MISFIT");
  EXPECT_EQ(Link("li", "ab"), "OK");
  EXPECT_EQ(Link("li", "ab"), "ACCOUNT_STATE_MISFIT");
  EXPECT_EQ(Link("li", "cd"), "OK");
  EXPECT_EQ(office_.of("li").subject, "cd");
  ASSERT_EQ(office_.State("sec", "li", false), "OK");
  EXPECT_EQ(Link("li", "ef"), "ACCOUNT_STATE_MISFIT");
  EXPECT_EQ(Link("li", ""), "OK");
  EXPECT_EQ(office_.of("li").subject, "");
}

TEST_F(Deciding, FoldingIsApplyingInOrder) {
  ASSERT_EQ(office_.Propose("sec", "li", v1::ROLE_SIGNER), "OK");
  ASSERT_EQ(office_.Decide("aud", "li", office_.of("li").version), "OK");
  ASSERT_EQ(office_.State("sec", "li", false), "OK");
  const Account folded = Fold("SHGXW", office_.history("li"));
  EXPECT_EQ(folded.version, office_.of("li").version);
  EXPECT_EQ(folded.grants, office_.of("li").grants);
  EXPECT_FALSE(folded.active);
  // One person's word in the record is not two.
  std::vector<PastEvent> forged = office_.history("li");
  forged[2].actor.set_person("p-sec");
  EXPECT_TRUE(Fold("SHGXW", forged).grants.empty());
}

}  // namespace
}  // namespace gongkai::account
