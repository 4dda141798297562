// SPDX-License-Identifier: Apache-2.0
// The permission matrix against tables written apart from it, by hand, from
// what the office asks for: every capacity, access, label, method and act by
// every role.

#include "services/auth/matrix.h"

#include <algorithm>
#include <iostream>
#include <set>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gongkai/v1/account_service.pb.h"
#include "gongkai/v1/admin_service.pb.h"
#include "gongkai/v1/audit_service.pb.h"
#include "gongkai/v1/calendar_service.pb.h"
#include "gongkai/v1/case_service.pb.h"
#include "gongkai/v1/report_service.pb.h"
#include "google/protobuf/descriptor.h"
#include "gtest/gtest.h"
#include "services/auth/methods.h"
#include "services/auth/walls.h"
#include "services/base/refusal.h"
#include "services/casework/decide.h"
#include "tests/auth/expected.h"

namespace gongkai::auth {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

Caller Holder(std::vector<HeldRole> roles, std::string agency = "SHGXW") {
  Caller caller;
  caller.account = caller.person = "li";
  caller.roles = std::move(roles);
  caller.agency = std::move(agency);
  return caller;
}

std::string Lower(const std::string& name, size_t prefix) {
  return absl::AsciiStrToLower(name.substr(prefix));
}

// The roles of the contract in the columns' form: `handler`.
std::vector<std::string> RolesOfTheContract() {
  std::vector<std::string> roles;
  for (int i = 1; i < v1::Role_descriptor()->value_count(); ++i) {
    roles.push_back(Lower(v1::Role_descriptor()->value(i)->name(), 5));
  }
  return roles;
}

v1::Role RoleNamed(const std::string& column) {
  v1::Role role = v1::ROLE_UNSPECIFIED;
  EXPECT_TRUE(v1::Role_Parse(
      absl::StrCat("ROLE_", absl::AsciiStrToUpper(column)), &role))
      << column;
  return role;
}

// Every cell of a table against what `mark` says; the cells.
template <typename Mark>
int EveryCell(const test::Expected& expected, Mark mark) {
  EXPECT_THAT(expected.columns,
              testing::UnorderedElementsAreArray(RolesOfTheContract()));
  int cells = 0;
  for (const auto& [name, row] : expected.rows) {
    for (const auto& [column, want] : row) {
      EXPECT_EQ(mark(name, RoleNamed(column)), want) << name << " " << column;
      ++cells;
    }
  }
  return cells;
}

TEST(Matrix, EveryCapacityOfEveryRoleIsAsExpected) {
  const test::Expected expected = test::ReadExpected("capacities");
  const int cells = EveryCell(
      expected, [](const std::string& name, v1::Role role) -> std::string {
        v1::Capacity capacity;
        EXPECT_TRUE(v1::Capacity_Parse(absl::AsciiStrToUpper(name), &capacity));
        const auto held = CapacitiesOf(Holder({role}));
        return std::count(held.begin(), held.end(), capacity) > 0 ? "x" : ".";
      });
  EXPECT_EQ(cells, v1::Capacity_MAX * 12);
  std::cout << cells << " cells of capacities\n";
}

TEST(Matrix, EveryAccessOfEveryRoleIsAsExpected) {
  const test::Expected expected = test::ReadExpected("accesses");
  const int cells = EveryCell(
      expected, [](const std::string& name, v1::Role role) -> std::string {
        for (const Access access : Accesses()) {
          if (AccessName(access) != name) continue;
          return MayAccess(Holder({role}), "SHGXW", access).ok() ? "x" : ".";
        }
        return "no such access";
      });
  EXPECT_EQ(cells, static_cast<int>(Accesses().size()) * 12);
  std::cout << cells << " cells of accesses\n";
}

TEST(Matrix, EveryLabelOfEveryRoleIsAsExpected) {
  const int cells = EveryCell(
      test::ReadExpected("labels"),
      [](const std::string& name, v1::Role role) -> std::string {
        v1::Label label;
        EXPECT_TRUE(v1::Label_Parse(
            absl::StrCat("LABEL_", absl::AsciiStrToUpper(name)), &label));
        const RoleRow* row = RowOf(role);
        return std::count(row->cleared.begin(), row->cleared.end(), label) > 0
                   ? "x"
                   : ".";
      });
  EXPECT_EQ(cells, v1::Label_MAX * 12);
  std::cout << cells << " cells of labels\n";
}

std::string MarkOf(const MethodRow& row, const Caller& caller) {
  if (row.door == Door::kOpen) return "o";
  if (row.door == Door::kSelf) return "s";
  const absl::Status may = MayCall(caller, row.method);
  if (may.ok()) return "x";
  EXPECT_EQ(RefusalOf(may)->reason(), v1::METHOD_NOT_ALLOWED);
  return ".";
}

TEST(Methods, EveryMethodByEveryRoleIsAsExpected) {
  const int cells = EveryCell(
      test::ReadExpected("methods"),
      [](const std::string& name, v1::Role role) -> std::string {
        const MethodRow* row = MethodOf(name.substr(name.find('.') + 1));
        if (row == nullptr) return "no such method";
        EXPECT_EQ(absl::StrCat(std::string(row->service), ".",
                               std::string(row->method)),
                  name);
        return MarkOf(*row, Holder({role}));
      });
  EXPECT_EQ(cells, static_cast<int>(Methods().size()) * 12);
  std::cout << cells << " cells of methods\n";
}

// The contract, the table and the expectation name the same methods.
TEST(Methods, EveryMethodOfTheContractHasOneRow) {
  const auto expected = test::ReadExpected("methods");
  std::multiset<std::string> rows;
  for (const MethodRow& row : Methods()) {
    rows.insert(
        absl::StrCat(std::string(row.service), ".", std::string(row.method)));
    EXPECT_EQ(row.admin, row.service == "AdminService") << row.method;
    EXPECT_EQ(row.any.empty(), row.door != Door::kAccess) << row.method;
    EXPECT_EQ(MethodOf(row.method), &row) << row.method << " stands twice";
  }
  size_t methods = 0;
  for (const auto* file : {v1::GetCaseRequest::descriptor()->file(),
                           v1::ListDaysRequest::descriptor()->file(),
                           v1::ExportCaseRequest::descriptor()->file(),
                           v1::ListWorkRequest::descriptor()->file(),
                           v1::SignInRequest::descriptor()->file(),
                           v1::GetAccountRequest::descriptor()->file()}) {
    const auto& service = *file->service(0);
    for (int i = 0; i < service.method_count(); ++i) {
      const std::string name =
          absl::StrCat(service.name(), ".", service.method(i)->name());
      EXPECT_EQ(rows.count(name), 1u) << name;
      EXPECT_TRUE(expected.rows.contains(name)) << name;
      ++methods;
    }
  }
  EXPECT_EQ(rows.size(), methods);
  EXPECT_EQ(expected.rows.size(), methods);
}

TEST(Methods, OneThatIsNotInTheTableIsRefusedToAll) {
  Caller all;
  for (const RoleRow& row : Matrix()) all.roles.push_back(row.role);
  for (const char* method : {"", "getcase", "GetCases", "Methods"}) {
    EXPECT_EQ(MethodOf(method), nullptr);
    EXPECT_EQ(RefusalOf(MayCall(all, method))->reason(),
              v1::METHOD_NOT_ALLOWED);
  }
}

TEST(Methods, WhoHasNoRoleComesToOneselfAlone) {
  for (const MethodRow& row : Methods()) {
    EXPECT_EQ(MayCall(Holder({}), row.method).ok(), row.door != Door::kAccess)
        << row.method;
  }
}

// Whether a role does an act on a case that nothing restricts: the door, the
// capacity, the row of the statute.
std::string ActMark(const std::string& name, v1::Role role) {
  const auto* field = v1::Act::descriptor()->FindFieldByName(name);
  if (field == nullptr) return "no such act";
  const auto number = static_cast<v1::Act::ActCase>(field->number());
  const casework::Rule& rule = *casework::RuleFor(number);
  const Caller caller = Holder({role});
  const Access access = number == v1::Act::kReceive      ? Access::kReceive
                        : number == v1::Act::kImportCase ? Access::kImport
                                                         : Access::kAct;
  casework::Capacities held;
  for (const v1::Capacity c : CapacitiesOn(caller, {})) held.insert(c);
  const bool may = MaySee(caller, {}, access).ok() &&
                   (held.bits() & rule.capacities.bits()) != 0;
  return may ? "x" : ".";
}

TEST(Acts, EveryActByEveryRoleIsAsExpected) {
  const auto expected = test::ReadExpected("acts");
  const int cells = EveryCell(expected, ActMark);
  EXPECT_EQ(cells, v1::Act::descriptor()->field_count() * 12);
  std::cout << cells << " cells of acts\n";
}

// A role may act at all only where the statute has something for it to do.
TEST(Acts, TheDoorToActsIsOpenToWhoeverHasAny) {
  for (const RoleRow& row : Matrix()) {
    bool any = false;
    for (const casework::Rule& rule : casework::Statute()) {
      if (rule.act == v1::Act::kReceive || rule.act == v1::Act::kImportCase) {
        continue;
      }
      any = any || ActMark(std::string(rule.name), row.role) == "x";
    }
    EXPECT_EQ(Gives(row, Access::kAct), any) << v1::Role_Name(row.role);
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
  }
}

TEST(Matrix, EveryCapacityButTheClocksAndOnesOwnIsHeldByARole) {
  std::set<v1::Capacity> held;
  for (const RoleRow& row : Matrix()) {
    held.insert(row.capacities.begin(), row.capacities.end());
  }
  for (int c = v1::HANDLER; c <= v1::Capacity_MAX; ++c) {
    const auto capacity = static_cast<v1::Capacity>(c);
    EXPECT_EQ(held.contains(capacity),
              capacity != v1::CLOCK && capacity != v1::SELF)
        << v1::Capacity_Name(capacity);
  }
}

constexpr Access kOfCases[] = {
    Access::kReadCase,   Access::kListCases,     Access::kSearch,
    Access::kExportCase, Access::kReadTrail,     Access::kReadProgress,
    Access::kAct,        Access::kReceive,       Access::kRevealPersonal,
    Access::kReport,     Access::kReportBeneath, Access::kFileReturn,
    Access::kImport};

TEST(Matrix, AdministratorsSeeNoCaseEvenAllThreeTogether) {
  const Caller all = Holder(
      {v1::ROLE_SYSTEM_ADMIN, v1::ROLE_SECURITY_ADMIN, v1::ROLE_AUDIT_ADMIN},
      "*");
  EXPECT_THAT(CapacitiesOf(all),
              UnorderedElementsAre(v1::RULE_KEEPER, v1::ACCOUNT_KEEPER,
                                   v1::AUDITOR, v1::OPERATOR));
  for (const Access access : kOfCases) {
    EXPECT_FALSE(MayAccess(all, "SHGXW", access).ok());
    EXPECT_FALSE(MaySee(all, {}, access).ok());
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
  for (const Access access : Accesses()) {
    EXPECT_FALSE(MayAccess(caller, "SHGXW", access).ok());
  }
}

TEST(Matrix, AnotherAgencysCaseIsRefusedInTheSameWords) {
  const Caller handler = Holder({v1::ROLE_HANDLER}, "BJGXW");
  for (const Access access : Accesses()) {
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

TEST(Matrix, TheNationIsReadByEveryAgencyAndKeptByTheInstallation) {
  const Caller keeper = Holder({v1::ROLE_SECURITY_ADMIN}, "CN");
  const Caller local = Holder({v1::ROLE_SECURITY_ADMIN});
  const Caller handler = Holder({v1::ROLE_HANDLER});
  const Caller auditor = Holder({v1::ROLE_LEGAL_AUDITOR});
  for (const char* nation : {"", "CN"}) {
    EXPECT_TRUE(MayAccess(handler, nation, Access::kReadCalendar).ok());
    EXPECT_TRUE(MayAccess(auditor, nation, Access::kReadLog).ok());
    EXPECT_TRUE(MayAccess(keeper, nation, Access::kLoadCalendar).ok());
    EXPECT_TRUE(MayAccess(keeper, nation, Access::kDecideFork).ok());
    EXPECT_TRUE(MayAccess(keeper, nation, Access::kKeepAccounts).ok());
    EXPECT_FALSE(MayAccess(local, nation, Access::kLoadCalendar).ok());
    EXPECT_FALSE(MayAccess(local, nation, Access::kDecideFork).ok());
    EXPECT_FALSE(MayAccess(local, nation, Access::kKeepAccounts).ok());
    EXPECT_FALSE(MayAccess(local, nation, Access::kReadTerms).ok());
    EXPECT_FALSE(MayAccess(handler, nation, Access::kLoadCalendar).ok());
    for (const Access access : kOfCases) {
      EXPECT_FALSE(MayAccess(handler, nation, access).ok());
      EXPECT_FALSE(MayAccess(auditor, nation, access).ok());
    }
  }
}

TEST(Matrix, TheInstallationReachesAccountsAndTermsOfAgenciesAndNoCase) {
  Caller all = Holder({}, "CN");
  for (const RoleRow& row : Matrix()) all.roles.push_back(row.role);
  const std::set<Access> reached = {
      Access::kKeepAccounts, Access::kConfirmGrant, Access::kReadAccounts,
      Access::kReadTerms, Access::kKeepTerms};
  for (const Access access : Accesses()) {
    EXPECT_EQ(MayAccess(all, "SHGXW", access).ok(), reached.contains(access))
        << AccessName(access);
  }
}

TEST(Matrix, TheCapacityOfAnAccessIsThatOfTheRoleThatGivesIt) {
  const Caller many = Holder({v1::ROLE_PORTAL, v1::ROLE_AUDIT_ADMIN,
                              v1::ROLE_LEGAL_AUDITOR, v1::ROLE_HANDLER});
  EXPECT_EQ(CapacityFor(many, Access::kReadCase), v1::READER);
  EXPECT_EQ(CapacityFor(many, Access::kReadLog), v1::AUDITOR);
  const Caller security = Holder({v1::ROLE_SECURITY_ADMIN});
  EXPECT_EQ(CapacityFor(security, Access::kKeepAccounts), v1::ACCOUNT_KEEPER);
  EXPECT_EQ(CapacityFor(security, Access::kLoadCalendar), v1::RULE_KEEPER);
  EXPECT_EQ(CapacityFor(security, Access::kKeepTerms), v1::RULE_KEEPER);
  EXPECT_EQ(CapacityFor(Holder({v1::ROLE_HANDLER}), Access::kSearch),
            v1::HANDLER);
  EXPECT_EQ(CapacityFor(Holder({v1::ROLE_PORTAL}), Access::kReadCase),
            v1::CAPACITY_UNSPECIFIED);
}

}  // namespace
}  // namespace gongkai::auth
