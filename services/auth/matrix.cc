// SPDX-License-Identifier: Apache-2.0
#include "services/auth/matrix.h"

#include <algorithm>

#include "services/base/refusal.h"

namespace gongkai::auth {
namespace {

// The calendars of the whole country and the log belong to no agency.
constexpr std::string_view kNation = "CN";

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

bool IsOfTheNation(Access access) {
  switch (access) {
    case Access::kReadCalendar:
    case Access::kLoadCalendar:
    case Access::kReadLog:
    case Access::kDecideFork:
      return true;
    default:
      return false;
  }
}

// National calendars, and the one log of all, are read and kept by the staff
// of every agency.
bool Reaches(const Caller& caller, std::string_view agency, Access access) {
  if (caller.agency == "*") return true;
  if (agency.empty() || agency == kNation) return IsOfTheNation(access);
  return caller.agency == agency;
}

}  // namespace

const std::vector<RoleRow>& Matrix() {
  using enum Access;
  // clang-format off
  static const auto* const matrix = new std::vector<RoleRow>{
      {v1::ROLE_HANDLER,
       {v1::HANDLER, v1::INTAKE},
       {kReadCase, kListCases, kSearch, kReadCalendar}},
      {v1::ROLE_SECRECY_REVIEWER,
       {v1::SECRECY_REVIEWER},
       {kReadCase, kListCases, kReadCalendar}},
      {v1::ROLE_LEGAL_REVIEWER,
       {v1::LEGAL_REVIEWER, v1::LITIGATOR},
       {kReadCase, kListCases, kSearch, kReadCalendar}},
      {v1::ROLE_SIGNER,
       {v1::SIGNER},
       {kReadCase, kListCases, kReadCalendar}},
      {v1::ROLE_DISCLOSURE_HEAD,
       {v1::DISCLOSURE_HEAD, v1::SUPERVISOR},
       {kReadCase, kListCases, kSearch, kReadCalendar, kReadTrail,
        kExportCase}},
      {v1::ROLE_ARCHIVIST,
       {v1::ARCHIVIST},
       {kReadCase, kListCases, kSearch, kReadCalendar}},
      {v1::ROLE_LEGAL_AUDITOR,
       {v1::READER},
       {kReadCase, kListCases, kSearch, kReadCalendar, kExportCase,
        kReadTrail, kReadLog}},
      {v1::ROLE_MANAGER,
       {v1::READER},
       {kReadCase, kListCases, kReadCalendar}},
      {v1::ROLE_PORTAL,
       {v1::INTAKE},
       {}},
      // The three administrators (三员) never see a case, nor that there is one.
      {v1::ROLE_SYSTEM_ADMIN,
       {},
       {kReadCalendar, kReadLog}},
      {v1::ROLE_SECURITY_ADMIN,
       {v1::RULE_KEEPER},
       {kReadCalendar, kLoadCalendar, kReadLog, kDecideFork}},
      {v1::ROLE_AUDIT_ADMIN,
       {},
       {kReadCalendar, kReadLog, kDecideFork}},
  };
  // clang-format on
  return *matrix;
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
