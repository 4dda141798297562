// SPDX-License-Identifier: Apache-2.0
// Deputies (代理): who, on which days, in which roles.
#include <gtest/gtest.h>

#include "tests/account/office.h"

namespace gongkai::account {
namespace {

constexpr const char* kFrom = "2024-03-20";
constexpr const char* kTo = "2024-03-29";

class Deputising : public ::testing::Test {
 protected:
  void SetUp() override {
    office_.Have("head", "p-head");
    office_.Holds("head", v1::ROLE_SIGNER);
    office_.Holds("head", v1::ROLE_HANDLER, "yi");
    office_.Have("li", "p-li");
    office_.Have("sec", "p-sec");
    office_.Holds("sec", v1::ROLE_SECURITY_ADMIN);
  }
  std::vector<auth::HeldRole> On(int month, int day) {
    return LentOn(office_.of("li"), office_.of("head"),
                  absl::CivilDay(2024, month, day));
  }
  Office office_;
};

TEST_F(Deputising, OneselfLendsAllThatOneHolds) {
  ASSERT_EQ(office_.Lend("head", "li", "head", kFrom, kTo), "OK");
  EXPECT_TRUE(On(3, 19).empty());
  const std::vector<auth::HeldRole> both = {{v1::ROLE_SIGNER, ""},
                                            {v1::ROLE_HANDLER, "yi"}};
  EXPECT_EQ(On(3, 20), both);
  EXPECT_EQ(On(3, 29), both);
  EXPECT_TRUE(On(3, 30).empty());
  EXPECT_TRUE(RolesOf(office_.of("li")).empty());
}

TEST_F(Deputising, OnlyNamedRolesAndOnlyWhileHeld) {
  ASSERT_EQ(office_.Lend("head", "li", "head", kFrom, kTo, {v1::ROLE_SIGNER}),
            "OK");
  EXPECT_EQ(On(3, 21).size(), 1u);
  ASSERT_EQ(office_.Withdraw("sec", "head", v1::ROLE_SIGNER), "OK");
  EXPECT_TRUE(On(3, 21).empty());
}

TEST_F(Deputising, NotForACLosedAccountNorByOne) {
  ASSERT_EQ(office_.Lend("head", "li", "head", kFrom, kTo), "OK");
  ASSERT_EQ(office_.State("sec", "head", false), "OK");
  EXPECT_TRUE(On(3, 21).empty());
  ASSERT_EQ(office_.State("sec", "head", true), "OK");
  EXPECT_FALSE(On(3, 21).empty());
  ASSERT_EQ(office_.State("sec", "li", false), "OK");
  EXPECT_TRUE(On(3, 21).empty());
}

TEST_F(Deputising, DaysAreBounded) {
  const auto lend = [&](const char* from, const char* to) {
    return office_.Lend("head", "li", "head", from, to);
  };
  EXPECT_EQ(lend("2024-03-22", "2024-03-21"), "DELEGATION_MISFIT");
  EXPECT_EQ(lend("2024-03-18", "2024-03-19"), "DELEGATION_MISFIT");
  EXPECT_EQ(lend("2024-03-18", "2024-03-20"), "OK");
  EXPECT_EQ(lend("2024-04-01", "2024-07-02"), "DELEGATION_MISFIT");  // 93 days
  EXPECT_EQ(lend("2024-04-01", "2024-07-01"), "OK");
}

TEST_F(Deputising, OnlyRolesThatAreHeldAndNoPost) {
  EXPECT_EQ(
      office_.Lend("head", "li", "head", kFrom, kTo, {v1::ROLE_ARCHIVIST}),
      "DELEGATION_MISFIT");
  EXPECT_EQ(office_.Lend("head", "li", "head", kFrom, kTo,
                         {v1::ROLE_SIGNER, v1::ROLE_SIGNER}),
            "DELEGATION_MISFIT");
  EXPECT_EQ(office_.Lend("sec", "li", "sec", kFrom, kTo), "DELEGATION_MISFIT");
  EXPECT_EQ(
      office_.Lend("sec", "li", "sec", kFrom, kTo, {v1::ROLE_SECURITY_ADMIN}),
      "DELEGATION_MISFIT");
}

TEST_F(Deputising, AnotherPersonOfTheAgency) {
  office_.Have("head2", "p-head");
  EXPECT_EQ(office_.Lend("head", "head2", "head", kFrom, kTo),
            "DELEGATION_MISFIT");
  EXPECT_EQ(office_.Lend("head", "head", "head", kFrom, kTo),
            "DELEGATION_MISFIT");
  EXPECT_EQ(office_.Lend("head", "nobody", "head", kFrom, kTo),
            "NO_SUCH_ACCOUNT");
  office_.all()["li"].agency = "SHFGW";
  EXPECT_EQ(office_.Lend("head", "li", "head", kFrom, kTo),
            "DELEGATION_MISFIT");
}

TEST_F(Deputising, APostIsNoDeputyAndADeputyGetsNoPost) {
  EXPECT_EQ(office_.Lend("head", "sec", "head", kFrom, kTo), "ROLES_EXCLUSIVE");
  ASSERT_EQ(office_.Lend("head", "li", "head", kFrom, kTo), "OK");
  EXPECT_EQ(office_.Propose("sec", "li", v1::ROLE_AUDIT_ADMIN),
            "ROLES_EXCLUSIVE");
  office_.today() = absl::CivilDay(2024, 3, 30);
  EXPECT_EQ(office_.Propose("sec", "li", v1::ROLE_AUDIT_ADMIN), "OK");
}

TEST_F(Deputising, TheKeeperLendsNoPowerfulRoleAlone) {
  EXPECT_EQ(office_.Lend("sec", "li", "head", kFrom, kTo, {v1::ROLE_SIGNER}),
            "GRANT_NEEDS_SECOND_PERSON");
  EXPECT_EQ(office_.Lend("sec", "li", "head", kFrom, kTo),
            "GRANT_NEEDS_SECOND_PERSON");
  EXPECT_EQ(office_.Lend("sec", "li", "head", kFrom, kTo, {v1::ROLE_HANDLER}),
            "OK");
  // Neither to oneself by another account of the keeper's.
  office_.Have("sec2", "p-sec");
  EXPECT_EQ(office_.Lend("sec", "sec2", "head", kFrom, kTo, {v1::ROLE_HANDLER}),
            "OWN_ACCOUNT");
  // The deputy does not lend it to himself.
  EXPECT_EQ(office_.Lend("li", "li", "head", kFrom, kTo, {v1::ROLE_HANDLER}),
            "OWN_ACCOUNT");
}

TEST_F(Deputising, EndsByThePrincipal) {
  ASSERT_EQ(office_.Lend("head", "li", "head", kFrom, kTo), "OK");
  const int64_t seq = office_.of("li").version;
  const auto end = [&](const std::string& actor, int64_t which) {
    return office_.Do(actor, "li",
                      [&](const Matter& m) { return EndDelegation(m, which); });
  };
  EXPECT_EQ(end("li", seq), "DELEGATION_MISFIT");
  EXPECT_EQ(end("head", seq + 1), "DELEGATION_MISFIT");
  EXPECT_EQ(end("head", seq), "OK");
  EXPECT_EQ(end("head", seq), "DELEGATION_MISFIT");
  EXPECT_TRUE(On(3, 21).empty());
}

}  // namespace
}  // namespace gongkai::account
