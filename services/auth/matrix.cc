// SPDX-License-Identifier: Apache-2.0
#include "services/auth/matrix.h"

#include <algorithm>

#include "services/base/refusal.h"

namespace gongkai::auth {
namespace {

// The calendars of the whole country and the log belong to no agency; the
// administrators of the installation are of this one.
constexpr std::string_view kNation = "CN";

struct Named {
  Access access;
  std::string_view name;
};

constexpr Named kNames[] = {
    {Access::kReadCase, "read_case"},
    {Access::kListCases, "list_cases"},
    {Access::kSearch, "search"},
    {Access::kReadCalendar, "read_calendar"},
    {Access::kLoadCalendar, "load_calendar"},
    {Access::kExportCase, "export_case"},
    {Access::kReadTrail, "read_trail"},
    {Access::kReadLog, "read_log"},
    {Access::kDecideFork, "decide_fork"},
    {Access::kReceive, "receive"},
    {Access::kAct, "act"},
    {Access::kReadProgress, "read_progress"},
    {Access::kRevealPersonal, "reveal_personal"},
    {Access::kKeepAccounts, "keep_accounts"},
    {Access::kConfirmGrant, "confirm_grant"},
    {Access::kReadAccounts, "read_accounts"},
    {Access::kReadTerms, "read_terms"},
    {Access::kKeepTerms, "keep_terms"},
    {Access::kReport, "report"},
    {Access::kReportBeneath, "report_beneath"},
    {Access::kFileReturn, "file_return"},
    {Access::kImport, "import"},
};

// What the installation's administrators reach in every agency.
bool IsOfTheInstallation(Access access) {
  switch (access) {
    case Access::kKeepAccounts:
    case Access::kConfirmGrant:
    case Access::kReadAccounts:
    case Access::kReadTerms:
    case Access::kKeepTerms:
      return true;
    default:
      return false;
  }
}

// National calendars and the state of the one log are read by the staff of
// every agency, and kept by those of the installation alone.
bool ReachesTheNation(const Caller& caller, Access access) {
  switch (access) {
    case Access::kReadCalendar:
    case Access::kReadLog:
      return true;
    case Access::kLoadCalendar:
    case Access::kDecideFork:
      return caller.agency == kNation;
    default:
      return caller.agency == kNation && IsOfTheInstallation(access);
  }
}

bool Reaches(const Caller& caller, std::string_view agency, Access access) {
  if (caller.agency == "*") return true;
  if (agency.empty() || agency == kNation) {
    return ReachesTheNation(caller, access);
  }
  return caller.agency == agency ||
         (caller.agency == kNation && IsOfTheInstallation(access));
}

// The capacity that an access is meant for, where a role has several.
v1::Capacity MeantFor(Access access) {
  switch (access) {
    case Access::kKeepAccounts:
    case Access::kConfirmGrant:
    case Access::kReadAccounts:
      return v1::ACCOUNT_KEEPER;
    default:
      return v1::CAPACITY_UNSPECIFIED;
  }
}

bool Holds(const RoleRow& row, v1::Capacity capacity) {
  return std::find(row.capacities.begin(), row.capacities.end(), capacity) !=
         row.capacities.end();
}

}  // namespace

const std::vector<RoleRow>& Matrix() {
  using enum Access;
  // clang-format off
  static const std::vector<v1::Label> kAll = {
      v1::LABEL_INTERNAL, v1::LABEL_PRIVACY, v1::LABEL_BUSINESS_SECRET};
  static const auto* const matrix = new std::vector<RoleRow>{
      {v1::ROLE_HANDLER,
       {v1::HANDLER, v1::INTAKE},
       {kReceive, kAct, kReadCase, kListCases, kSearch, kReadProgress,
        kRevealPersonal, kReadCalendar, kReadTerms},
       kAll},
      {v1::ROLE_SECRECY_REVIEWER,
       {v1::SECRECY_REVIEWER},
       {kAct, kReadCase, kListCases, kReadProgress, kReadCalendar, kReadTerms},
       kAll},
      {v1::ROLE_LEGAL_REVIEWER,
       {v1::LEGAL_REVIEWER, v1::LITIGATOR},
       {kAct, kReadCase, kListCases, kSearch, kReadProgress, kRevealPersonal,
        kReport, kReadCalendar, kReadTerms},
       kAll},
      {v1::ROLE_SIGNER,
       {v1::SIGNER},
       {kAct, kReadCase, kListCases, kReadProgress, kReadCalendar, kReadTerms},
       kAll},
      {v1::ROLE_DISCLOSURE_HEAD,
       {v1::DISCLOSURE_HEAD, v1::SUPERVISOR},
       {kAct, kReadCase, kListCases, kSearch, kReadProgress,
        kRevealPersonal, kExportCase, kReadTrail, kReport, kReportBeneath,
        kFileReturn, kImport, kReadCalendar, kReadTerms},
       kAll},
      {v1::ROLE_ARCHIVIST,
       {v1::ARCHIVIST},
       {kAct, kReadCase, kListCases, kSearch, kReadProgress, kRevealPersonal,
        kReadCalendar, kReadTerms},
       kAll},
      {v1::ROLE_LEGAL_AUDITOR,
       {v1::READER},
       {kReadCase, kListCases, kSearch, kReadProgress, kExportCase, kReadTrail,
        kReport, kReadLog, kReadCalendar, kReadTerms},
       kAll},
      {v1::ROLE_MANAGER,
       {v1::READER},
       {kReadCase, kListCases, kReadProgress, kReport, kReportBeneath,
        kReadCalendar, kReadTerms},
       {v1::LABEL_INTERNAL}},
      // The portal hands in, and tells the applicant how far a case has come.
      {v1::ROLE_PORTAL,
       {v1::INTAKE},
       {kReceive, kReadProgress},
       {}},
      // The three administrators (三员) never see a case, nor that there is one.
      {v1::ROLE_SYSTEM_ADMIN,
       {v1::OPERATOR},
       {kReadAccounts, kReadLog, kReadCalendar, kReadTerms},
       {}},
      {v1::ROLE_SECURITY_ADMIN,
       {v1::RULE_KEEPER, v1::ACCOUNT_KEEPER},
       {kKeepAccounts, kConfirmGrant, kReadAccounts, kKeepTerms, kReadTerms,
        kReadCalendar, kLoadCalendar, kReadLog, kDecideFork},
       {}},
      {v1::ROLE_AUDIT_ADMIN,
       {v1::AUDITOR},
       {kConfirmGrant, kReadAccounts, kReadLog, kDecideFork, kReadCalendar,
        kReadTerms},
       {}},
  };
  // clang-format on
  return *matrix;
}

const RoleRow* RowOf(v1::Role role) {
  for (const RoleRow& row : Matrix()) {
    if (row.role == role) return &row;
  }
  return nullptr;
}

bool Gives(const RoleRow& row, Access access) {
  return std::find(row.access.begin(), row.access.end(), access) !=
         row.access.end();
}

std::string_view AccessName(Access access) {
  for (const Named& named : kNames) {
    if (named.access == access) return named.name;
  }
  return "";
}

const std::vector<Access>& Accesses() {
  static const auto* const all = [] {
    auto* accesses = new std::vector<Access>;
    for (const Named& named : kNames) accesses->push_back(named.access);
    return accesses;
  }();
  return *all;
}

std::vector<v1::Capacity> CapacitiesOf(const Caller& caller) {
  std::vector<v1::Capacity> held;
  for (const HeldRole& held_role : caller.roles) {
    const RoleRow* row = RowOf(held_role.role);
    if (row == nullptr) continue;
    for (const v1::Capacity capacity : row->capacities) {
      if (std::find(held.begin(), held.end(), capacity) == held.end()) {
        held.push_back(capacity);
      }
    }
  }
  return held;
}

v1::Capacity CapacityFor(const Caller& caller, Access access) {
  for (const HeldRole& held_role : caller.roles) {
    const RoleRow* row = RowOf(held_role.role);
    if (row == nullptr || !Gives(*row, access)) continue;
    const v1::Capacity meant = MeantFor(access);
    if (Holds(*row, meant)) return meant;
    return row->capacities.empty() ? v1::CAPACITY_UNSPECIFIED
                                   : row->capacities.front();
  }
  return v1::CAPACITY_UNSPECIFIED;
}

absl::Status MayAccess(const Caller& caller, std::string_view agency,
                       Access access) {
  if (Reaches(caller, agency, access)) {
    for (const HeldRole& held_role : caller.roles) {
      const RoleRow* row = RowOf(held_role.role);
      if (row != nullptr && Gives(*row, access)) return absl::OkStatus();
    }
  }
  return Refuse(v1::CAPACITY_MISSING);
}

}  // namespace gongkai::auth
