// SPDX-License-Identifier: Apache-2.0
// The walls around a case (department, labels, restriction) against an oracle
// of its own: random callers before random cases.

#include "services/auth/walls.h"

#include <algorithm>
#include <iostream>
#include <random>
#include <set>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/base/refusal.h"
#include "tests/auth/expected.h"

namespace gongkai::auth {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

v1::Reason ReasonOf(const absl::Status& status) {
  const auto refusal = RefusalOf(status);
  return refusal ? refusal->reason() : v1::REASON_UNSPECIFIED;
}

Caller Holder(std::vector<HeldRole> roles, std::string account = "li") {
  Caller caller;
  caller.account = caller.person = std::move(account);
  caller.roles = std::move(roles);
  caller.agency = "SHGXW";
  return caller;
}

TEST(Walls, ACaseRestrictedToOthersIsNotThere) {
  const CaseMarks marks{"fagui", {v1::LABEL_PRIVACY}, {"zhang", "wang"}};
  for (const RoleRow& row : Matrix()) {
    for (const Access access : row.access) {
      EXPECT_EQ(ReasonOf(MaySee(Holder({row.role}), marks, access)),
                v1::NO_SUCH_CASE);
    }
    EXPECT_THAT(CapacitiesOn(Holder({row.role}), marks), IsEmpty());
  }
  const Caller named = Holder({v1::ROLE_HANDLER}, "wang");
  EXPECT_TRUE(MaySee(named, marks, Access::kReadCase).ok());
  EXPECT_THAT(CapacitiesOn(named, marks), ElementsAre(v1::HANDLER, v1::INTAKE));
  // To be named is to be let through the wall, not to be given a right.
  const Caller manager = Holder({v1::ROLE_MANAGER}, "zhang");
  EXPECT_EQ(ReasonOf(MaySee(manager, marks, Access::kReadCase)),
            v1::LABEL_NOT_CLEARED);
}

TEST(Walls, ADeputyIsNotNamedByThePrincipal) {
  Caller deputy = Holder({v1::ROLE_HANDLER});
  deputy.on_behalf_of = "zhang";
  EXPECT_EQ(ReasonOf(MaySee(deputy, {"", {}, {"zhang"}}, Access::kReadCase)),
            v1::NO_SUCH_CASE);
}

TEST(Walls, ARoleOfOneDepartmentEndsAtItsDoor) {
  const Caller caller = Holder({{v1::ROLE_HANDLER, "fagui"}});
  EXPECT_TRUE(MaySee(caller, {"fagui", {}, {}}, Access::kReadCase).ok());
  for (const char* other : {"", "zhengce", "fagui2"}) {
    EXPECT_EQ(ReasonOf(MaySee(caller, {other, {}, {}}, Access::kReadCase)),
              v1::CAPACITY_MISSING);
    EXPECT_THAT(CapacitiesOn(caller, {other, {}, {}}), IsEmpty());
  }
  EXPECT_THAT(DepartmentsFor(caller, Access::kListCases), ElementsAre("fagui"));
  const Caller two = Holder({{v1::ROLE_MANAGER, "zhengce"},
                             {v1::ROLE_HANDLER, "fagui"},
                             {v1::ROLE_SIGNER, "fagui"}});
  EXPECT_THAT(DepartmentsFor(two, Access::kListCases),
              ElementsAre("fagui", "zhengce"));
  EXPECT_THAT(DepartmentsFor(two, Access::kSearch), ElementsAre("fagui"));
  const Caller whole = Holder({{v1::ROLE_HANDLER, "fagui"}, v1::ROLE_MANAGER});
  EXPECT_THAT(DepartmentsFor(whole, Access::kListCases), IsEmpty());
}

TEST(Walls, AJobOfTheServiceSeesAll) {
  Caller job = Holder({v1::ROLE_HANDLER});
  job.agency = "*";
  const CaseMarks marks{"fagui", {v1::LABEL_PRIVACY}, {"zhang"}};
  EXPECT_TRUE(MaySee(job, marks, Access::kReadCase).ok());
  EXPECT_THAT(CapacitiesOn(job, marks), ElementsAre(v1::HANDLER, v1::INTAKE));
  EXPECT_THAT(DepartmentsFor(job, Access::kReadCase), IsEmpty());
}

// Read down and read up: every role before every set of labels.
TEST(Walls, ALabelAsksForAClearance) {
  const auto labels = test::ReadExpected("labels");
  const std::vector<std::string> names = {"internal", "privacy",
                                          "business_secret", "state_secret"};
  int pairs = 0;
  for (const RoleRow& row : Matrix()) {
    std::string role = v1::Role_Name(row.role).substr(5);
    std::transform(role.begin(), role.end(), role.begin(),
                   [](unsigned char c) { return std::tolower(c); });
    for (int set = 0; set < 16; ++set) {
      CaseMarks marks;
      bool cleared = true;
      for (int i = 0; i < 4; ++i) {
        if ((set & (1 << i)) == 0) continue;
        marks.labels.push_back(i + 1);
        cleared = cleared && labels.rows.at(names[i]).at(role) == "x";
      }
      for (const Access access : row.access) {
        EXPECT_EQ(ReasonOf(MaySee(Holder({row.role}), marks, access)),
                  cleared ? v1::REASON_UNSPECIFIED : v1::LABEL_NOT_CLEARED)
            << role << " " << set;
        ++pairs;
      }
    }
  }
  std::cout << pairs << " pairs of role and labels\n";
}

// Who may see what, told another way: by taking away.
class Oracle {
 public:
  Oracle()
      : accesses_(test::ReadExpected("accesses")),
        labels_(test::ReadExpected("labels")) {}

  v1::Reason Says(const Caller& caller, const CaseMarks& marks,
                  const std::string& access) const {
    std::set<std::string> named(marks.named.begin(), marks.named.end());
    if (!named.empty() && !named.contains(caller.account)) {
      return v1::NO_SUCH_CASE;
    }
    v1::Reason best = v1::CAPACITY_MISSING;
    for (const HeldRole& held : caller.roles) {
      std::string role = v1::Role_Name(held.role).substr(5);
      for (char& c : role) c = static_cast<char>(std::tolower(c));
      if (accesses_.rows.at(access).at(role) != "x") continue;
      if (!held.department.empty() && held.department != marks.department) {
        continue;
      }
      bool all = true;
      for (const int label : marks.labels) {
        std::string name =
            v1::Label_Name(static_cast<v1::Label>(label)).substr(6);
        for (char& c : name) c = static_cast<char>(std::tolower(c));
        all = all && labels_.rows.at(name).at(role) == "x";
      }
      if (all) return v1::REASON_UNSPECIFIED;
      best = v1::LABEL_NOT_CLEARED;
    }
    return best;
  }

 private:
  const test::Expected accesses_;
  const test::Expected labels_;
};

TEST(Walls, StandWhereTheOracleSays) {
  const uint64_t seed = std::random_device{}();
  std::mt19937_64 random(seed);
  const auto below = [&random](int n) {
    return static_cast<int>(random() % static_cast<uint64_t>(n));
  };
  const std::string departments[] = {"", "fagui", "zhengce", "xinxi"};
  const std::string accounts[] = {"li", "wang", "zhang"};
  const Oracle oracle;
  std::map<v1::Reason, int> told;
  constexpr int kTries = 20'000;
  for (int i = 0; i < kTries; ++i) {
    Caller caller = Holder({}, accounts[below(3)]);
    for (int n = below(4); n > 0; --n) {
      caller.roles.emplace_back(static_cast<v1::Role>(1 + below(v1::Role_MAX)),
                                departments[below(3) == 0 ? 0 : below(4)]);
    }
    CaseMarks marks;
    marks.department = departments[below(4)];
    for (int label = 1; label <= v1::Label_MAX; ++label) {
      if (below(4) == 0) marks.labels.push_back(label);
    }
    for (int n = below(3) == 0 ? 1 + below(2) : 0; n > 0; --n) {
      marks.named.push_back(accounts[below(3)]);
    }
    const Access access =
        Accesses()[below(static_cast<int>(Accesses().size()))];
    const v1::Reason want =
        oracle.Says(caller, marks, std::string(AccessName(access)));
    ASSERT_EQ(ReasonOf(MaySee(caller, marks, access)), want)
        << "seed " << seed << " try " << i << " " << AccessName(access);
    if (want == v1::NO_SUCH_CASE) {
      EXPECT_THAT(CapacitiesOn(caller, marks), IsEmpty());
    }
    // Nobody who is limited to departments sees beyond them.
    const auto limited = DepartmentsFor(caller, access);
    if (want == v1::REASON_UNSPECIFIED && !limited.empty()) {
      EXPECT_TRUE(std::count(limited.begin(), limited.end(), marks.department) >
                  0);
    }
    ++told[want];
  }
  std::cout << "seed " << seed << ", " << kTries << " pairs, "
            << told[v1::REASON_UNSPECIFIED] << " seen\n";
  EXPECT_EQ(told.size(), 4u);
}

}  // namespace
}  // namespace gongkai::auth
