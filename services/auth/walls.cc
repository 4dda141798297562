// SPDX-License-Identifier: Apache-2.0
#include "services/auth/walls.h"

#include <algorithm>

#include "services/base/refusal.h"

namespace gongkai::auth {
namespace {

bool IsJob(const Caller& caller) { return caller.agency == "*"; }

// Whether the case is restricted to others. A deputy is not named by the
// principal's being so: the restriction is on who knows.
bool IsRestrictedTo(const CaseMarks& marks, const Caller& caller) {
  return !marks.named.empty() &&
         std::find(marks.named.begin(), marks.named.end(), caller.account) ==
             marks.named.end();
}

bool IsOfDepartment(const HeldRole& held, const CaseMarks& marks) {
  return held.department.empty() || held.department == marks.department;
}

bool IsClearedFor(const RoleRow& row, const CaseMarks& marks) {
  return std::all_of(
      marks.labels.begin(), marks.labels.end(), [&row](int label) {
        return std::find(row.cleared.begin(), row.cleared.end(), label) !=
               row.cleared.end();
      });
}

}  // namespace

absl::Status MaySee(const Caller& caller, const CaseMarks& marks,
                    Access access) {
  const bool job = IsJob(caller);
  if (!job && IsRestrictedTo(marks, caller)) return Refuse(v1::NO_SUCH_CASE);
  bool uncleared = false;
  for (const HeldRole& held : caller.roles) {
    const RoleRow* row = RowOf(held.role);
    if (row == nullptr || !Gives(*row, access)) continue;
    if (job) return absl::OkStatus();
    if (!IsOfDepartment(held, marks)) continue;
    if (IsClearedFor(*row, marks)) return absl::OkStatus();
    uncleared = true;
  }
  return Refuse(uncleared ? v1::LABEL_NOT_CLEARED : v1::CAPACITY_MISSING);
}

std::vector<v1::Capacity> CapacitiesOn(const Caller& caller,
                                       const CaseMarks& marks) {
  if (IsJob(caller)) return CapacitiesOf(caller);
  if (IsRestrictedTo(marks, caller)) return {};
  Caller here = caller;
  std::erase_if(here.roles, [&marks](const HeldRole& held) {
    const RoleRow* row = RowOf(held.role);
    return row == nullptr || !IsOfDepartment(held, marks) ||
           !IsClearedFor(*row, marks);
  });
  return CapacitiesOf(here);
}

std::vector<std::string> DepartmentsFor(const Caller& caller, Access access) {
  std::vector<std::string> departments;
  if (IsJob(caller)) return departments;
  for (const HeldRole& held : caller.roles) {
    const RoleRow* row = RowOf(held.role);
    if (row == nullptr || !Gives(*row, access)) continue;
    if (held.department.empty()) return {};
    departments.push_back(held.department);
  }
  std::sort(departments.begin(), departments.end());
  departments.erase(std::unique(departments.begin(), departments.end()),
                    departments.end());
  return departments;
}

}  // namespace gongkai::auth
