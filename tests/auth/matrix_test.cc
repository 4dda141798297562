// SPDX-License-Identifier: Apache-2.0
// The permission matrix against an expectation of its own: one line of marks
// per role, in another form than the table it checks.

#include "services/auth/matrix.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>

#include "gmock/gmock.h"
#include "google/protobuf/descriptor.h"
#include "gtest/gtest.h"
#include "services/base/refusal.h"

namespace gongkai::auth {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

// Columns: HANDLER SECRECY LEGAL SIGNER HEAD ARCHIVIST LITIGATOR SUPERVISOR
// INTAKE CLOCK RULE_KEEPER READER | read list search calendar load | export
// trail log fork.
const std::map<std::string, std::string>& Expected() {
  static const auto* const expected = new std::map<std::string, std::string>{
      {"ROLE_HANDLER", "x.......x... xxxx. ...."},
      {"ROLE_SECRECY_REVIEWER", ".x.......... xx.x. ...."},
      {"ROLE_LEGAL_REVIEWER", "..x...x..... xxxx. ...."},
      {"ROLE_SIGNER", "...x........ xx.x. ...."},
      {"ROLE_DISCLOSURE_HEAD", "....x..x.... xxxx. xx.."},
      {"ROLE_ARCHIVIST", ".....x...... xxxx. ...."},
      {"ROLE_LEGAL_AUDITOR", "...........x xxxx. xxx."},
      {"ROLE_MANAGER", "...........x xx.x. ...."},
      {"ROLE_PORTAL", "........x... ..... ...."},
      {"ROLE_SYSTEM_ADMIN", "............ ...x. ..x."},
      {"ROLE_SECURITY_ADMIN", "..........x. ...xx ..xx"},
      {"ROLE_AUDIT_ADMIN", "............ ...x. ..xx"},
  };
  return *expected;
}

Caller Holder(std::vector<v1::Role> roles, std::string agency = "SHGXW") {
  return {"li", "li", std::move(roles), std::move(agency), "dev"};
}

constexpr Access kAccesses[] = {
    Access::kReadCase,     Access::kListCases,    Access::kSearch,
    Access::kReadCalendar, Access::kLoadCalendar, Access::kExportCase,
    Access::kReadTrail,    Access::kReadLog,      Access::kDecideFork};

std::string MarksOf(v1::Role role) {
  const Caller caller = Holder({role});
  const auto held = CapacitiesOf(caller);
  std::string marks;
  for (int c = v1::HANDLER; c <= v1::Capacity_MAX; ++c) {
    const bool has = std::find(held.begin(), held.end(),
                               static_cast<v1::Capacity>(c)) != held.end();
    marks.push_back(has ? 'x' : '.');
  }
  marks.push_back(' ');
  for (const Access access : kAccesses) {
    if (access == Access::kExportCase) marks.push_back(' ');
    marks.push_back(MayAccess(caller, "SHGXW", access).ok() ? 'x' : '.');
  }
  return marks;
}

TEST(Matrix, EveryCellIsAsExpected) {
  for (const auto& [name, marks] : Expected()) {
    v1::Role role;
    ASSERT_TRUE(v1::Role_Parse(name, &role)) << name;
    EXPECT_EQ(MarksOf(role), marks) << name;
  }
}

TEST(Matrix, EveryRoleOfTheContractHasOneRow) {
  std::multiset<int> rows;
  for (const RoleRow& row : Matrix()) rows.insert(row.role);
  const auto* roles = v1::Role_descriptor();
  for (int i = 0; i < roles->value_count(); ++i) {
    const int number = roles->value(i)->number();
    EXPECT_EQ(rows.count(number), number == 0 ? 0u : 1u)
        << roles->value(i)->name();
    if (number != 0) {
      EXPECT_TRUE(Expected().contains(roles->value(i)->name()));
    }
  }
}

TEST(Matrix, EveryCapacityButTheClocksIsHeldByAPerson) {
  std::set<v1::Capacity> held;
  for (const RoleRow& row : Matrix()) {
    held.insert(row.capacities.begin(), row.capacities.end());
  }
  EXPECT_FALSE(held.contains(v1::CLOCK));
  for (int c = v1::HANDLER; c <= v1::Capacity_MAX; ++c) {
    if (c == v1::CLOCK) continue;
    EXPECT_TRUE(held.contains(static_cast<v1::Capacity>(c)))
        << v1::Capacity_Name(static_cast<v1::Capacity>(c));
  }
}

TEST(Matrix, AdministratorsSeeNoCaseEvenAllThreeTogether) {
  const Caller all = Holder(
      {v1::ROLE_SYSTEM_ADMIN, v1::ROLE_SECURITY_ADMIN, v1::ROLE_AUDIT_ADMIN},
      "*");
  EXPECT_THAT(CapacitiesOf(all), ElementsAre(v1::RULE_KEEPER));
  for (const Access access :
       {Access::kReadCase, Access::kListCases, Access::kSearch,
        Access::kExportCase, Access::kReadTrail}) {
    EXPECT_FALSE(MayAccess(all, "SHGXW", access).ok());
  }
}

TEST(Matrix, RolesAddUpWithoutRepeats) {
  EXPECT_THAT(
      CapacitiesOf(Holder({v1::ROLE_HANDLER, v1::ROLE_PORTAL, v1::ROLE_MANAGER,
                           v1::ROLE_LEGAL_AUDITOR, v1::ROLE_HANDLER})),
      UnorderedElementsAre(v1::HANDLER, v1::INTAKE, v1::READER));
}

TEST(Matrix, UnknownRolesGiveNothing) {
  const Caller caller =
      Holder({v1::ROLE_UNSPECIFIED, static_cast<v1::Role>(99)});
  EXPECT_THAT(CapacitiesOf(caller), IsEmpty());
  for (const Access access : kAccesses) {
    EXPECT_FALSE(MayAccess(caller, "SHGXW", access).ok());
  }
}

TEST(Matrix, AnotherAgencysCaseIsRefusedInTheSameWords) {
  const Caller handler = Holder({v1::ROLE_HANDLER}, "BJGXW");
  for (const Access access : kAccesses) {
    EXPECT_EQ(MayAccess(handler, "SHGXW", access),
              MayAccess(Holder({}), "SHGXW", access));
  }
  const auto refusal =
      RefusalOf(MayAccess(handler, "SHGXW", Access::kReadCase));
  ASSERT_TRUE(refusal.has_value());
  EXPECT_EQ(refusal->reason(), v1::CAPACITY_MISSING);
}

TEST(Matrix, TheServicesOwnJobsReachEveryAgency) {
  const Caller job = Holder({v1::ROLE_MANAGER}, "*");
  EXPECT_TRUE(MayAccess(job, "SHGXW", Access::kListCases).ok());
  EXPECT_TRUE(MayAccess(job, "BJGXW", Access::kListCases).ok());
}

TEST(Matrix, NationalCalendarsAreOpenToTheStaffOfEveryAgency) {
  const Caller keeper = Holder({v1::ROLE_SECURITY_ADMIN});
  const Caller handler = Holder({v1::ROLE_HANDLER});
  for (const char* nation : {"", "CN"}) {
    EXPECT_TRUE(MayAccess(handler, nation, Access::kReadCalendar).ok());
    EXPECT_FALSE(MayAccess(handler, nation, Access::kLoadCalendar).ok());
    EXPECT_TRUE(MayAccess(keeper, nation, Access::kLoadCalendar).ok());
    EXPECT_FALSE(MayAccess(handler, nation, Access::kListCases).ok());
    EXPECT_FALSE(MayAccess(handler, nation, Access::kReadCase).ok());
  }
}

TEST(Matrix, TheLogBelongsToNoAgency) {
  const Caller auditor = Holder({v1::ROLE_LEGAL_AUDITOR});
  const Caller keeper = Holder({v1::ROLE_AUDIT_ADMIN}, "BJGXW");
  for (const char* nation : {"", "CN"}) {
    EXPECT_TRUE(MayAccess(auditor, nation, Access::kReadLog).ok());
    EXPECT_TRUE(MayAccess(keeper, nation, Access::kDecideFork).ok());
    EXPECT_FALSE(MayAccess(auditor, nation, Access::kDecideFork).ok());
    EXPECT_FALSE(MayAccess(auditor, nation, Access::kExportCase).ok());
    EXPECT_FALSE(MayAccess(auditor, nation, Access::kReadTrail).ok());
  }
}

TEST(Matrix, TheCapacityOfAnAccessIsThatOfTheRoleThatGivesIt) {
  const Caller many = Holder({v1::ROLE_PORTAL, v1::ROLE_AUDIT_ADMIN,
                              v1::ROLE_LEGAL_AUDITOR, v1::ROLE_HANDLER});
  EXPECT_EQ(CapacityFor(many, Access::kReadCase), v1::READER);
  EXPECT_EQ(CapacityFor(many, Access::kReadLog), v1::CAPACITY_UNSPECIFIED);
  EXPECT_EQ(CapacityFor(Holder({v1::ROLE_HANDLER}), Access::kSearch),
            v1::HANDLER);
  EXPECT_EQ(CapacityFor(Holder({v1::ROLE_PORTAL}), Access::kReadCase),
            v1::CAPACITY_UNSPECIFIED);
}

}  // namespace
}  // namespace gongkai::auth
