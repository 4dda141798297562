// SPDX-License-Identifier: Apache-2.0
// ★ The doors: every method of every service, and who may call it at all.
#include "services/auth/methods.h"

#include <algorithm>

#include "services/base/refusal.h"

namespace gongkai::auth {
namespace {

constexpr bool kAdmin = true;

// Whether one of the caller's roles gives one of the accesses.
bool GivesAny(const Caller& caller, const std::vector<Access>& any) {
  for (const HeldRole& held : caller.roles) {
    const RoleRow* row = RowOf(held.role);
    if (row == nullptr) continue;
    const auto gives = [row](Access access) { return Gives(*row, access); };
    if (std::any_of(any.begin(), any.end(), gives)) return true;
  }
  return false;
}

}  // namespace

const std::vector<MethodRow>& Methods() {
  using enum Access;
  using enum Door;
  // clang-format off
  static const auto* const methods = new std::vector<MethodRow>{
      {"CaseService", "ReceiveApplication", kAccess, {kReceive}},
      {"CaseService", "BatchReceive", kAccess, {kReceive}},
      {"CaseService", "PerformAct", kAccess, {kAct}},
      {"CaseService", "ListLawfulActs", kAccess, {kReadCase}},
      {"CaseService", "GetCase", kAccess, {kReadCase}},
      {"CaseService", "ListCases", kAccess, {kListCases}},
      {"CaseService", "SearchCases", kAccess, {kSearch}},
      {"CaseService", "ListSimilarCases", kAccess, {kSearch}},
      {"CaseService", "WatchCases", kAccess, {kListCases}},
      {"CaseService", "ExplainTimeLimit", kAccess, {kReadCase}},
      {"CaseService", "GetProgress", kAccess, {kReadProgress}},

      {"CalendarService", "ListDays", kAccess, {kReadCalendar}},
      {"CalendarService", "PreviewNotice", kAccess, {kLoadCalendar, kListCases}},
      {"CalendarService", "LoadNotice", kAccess, {kLoadCalendar}},
      {"CalendarService", "GetCalendarProgress", kAccess, {kReadCalendar}},

      {"AuditService", "ExportCase", kAccess, {kExportCase}},
      {"AuditService", "GetCaseTrail", kAccess, {kReadTrail}},
      {"AuditService", "GetLogState", kAccess, {kReadLog}},
      {"AuditService", "StateFork", kAccess, {kDecideFork}},
      {"AuditService", "ConfirmFork", kAccess, {kDecideFork}},

      {"ReportService", "ListWork", kAccess, {kListCases}},
      {"ReportService", "CountWork", kAccess, {kListCases}},
      {"ReportService", "GetReturn", kAccess, {kReport}},
      {"ReportService", "ListReturnCases", kAccess, {kReport}},
      {"ReportService", "FileReturn", kAccess, {kFileReturn}},
      {"ReportService", "CompareReturns", kAccess, {kReport}},
      {"ReportService", "RunReport", kAccess, {kReport}},
      {"ReportService", "AdviseDraft", kAccess, {kReadCase}},
      {"ReportService", "ImportCases", kAccess, {kImport}},
      {"ReportService", "ListReminders", kSelf, {}},
      {"ReportService", "MarkReminders", kSelf, {}},
      {"ReportService", "WatchReminders", kSelf, {}},

      {"AccountService", "SetUp", kOpen, {}},
      {"AccountService", "ConfirmSetUp", kOpen, {}},
      {"AccountService", "SignIn", kOpen, {}},
      {"AccountService", "SignInWithProvider", kOpen, {}},
      {"AccountService", "Refresh", kOpen, {}},
      {"AccountService", "SignOut", kSelf, {}},
      {"AccountService", "ChangePassword", kSelf, {}},
      {"AccountService", "WhoAmI", kSelf, {}},
      {"AccountService", "Delegate", kSelf, {}},
      {"AccountService", "EndDelegation", kSelf, {}},

      {"AdminService", "OpenAccount", kAccess, {kKeepAccounts}, kAdmin},
      {"AdminService", "ResetAccount", kAccess, {kKeepAccounts}, kAdmin},
      {"AdminService", "SetAccountState", kAccess, {kKeepAccounts}, kAdmin},
      {"AdminService", "EndSessions", kAccess, {kKeepAccounts}, kAdmin},
      {"AdminService", "GrantRole", kAccess, {kKeepAccounts}, kAdmin},
      {"AdminService", "ProposeGrant", kAccess, {kKeepAccounts}, kAdmin},
      {"AdminService", "DecideGrant", kAccess, {kConfirmGrant}, kAdmin},
      {"AdminService", "WithdrawGrant", kAccess, {kKeepAccounts}, kAdmin},
      {"AdminService", "AddCertificate", kAccess, {kKeepAccounts}, kAdmin},
      {"AdminService", "RevokeCertificate", kAccess, {kKeepAccounts}, kAdmin},
      {"AdminService", "LinkSubject", kAccess, {kKeepAccounts}, kAdmin},
      {"AdminService", "SetDelegation", kAccess, {kKeepAccounts}, kAdmin},
      {"AdminService", "ListAccounts", kAccess, {kReadAccounts}, kAdmin},
      {"AdminService", "GetAccount", kAccess, {kReadAccounts}, kAdmin},
      {"AdminService", "GetAgencyTerms", kAccess, {kReadTerms}, kAdmin},
      {"AdminService", "SetAgencyTerms", kAccess, {kKeepTerms}, kAdmin},
  };
  // clang-format on
  return *methods;
}

const MethodRow* MethodOf(std::string_view method) {
  for (const MethodRow& row : Methods()) {
    if (row.method == method) return &row;
  }
  return nullptr;
}

absl::Status MayCall(const Caller& caller, std::string_view method) {
  const MethodRow* row = MethodOf(method);
  if (row != nullptr) {
    if (row->door == Door::kOpen || row->door == Door::kSelf) {
      return absl::OkStatus();
    }
    if (GivesAny(caller, row->any)) return absl::OkStatus();
  }
  return Refuse(v1::METHOD_NOT_ALLOWED);
}

}  // namespace gongkai::auth
