// SPDX-License-Identifier: Apache-2.0
// Roles: granted, proposed, decided, withdrawn.
#include <algorithm>

#include "services/account/decide.h"
#include "services/account/decide_parts.h"
#include "services/base/refusal.h"
#include "services/base/status_macros.h"

namespace gongkai::account {
namespace {

// Whether any grant or loan that is not over, of any of the person's accounts,
// has a role that `is` accepts. Closed accounts count: they may be opened
// again.
bool HasAny(const Matter& m, bool (*is)(v1::Role)) {
  const auto of_account = [&](const Account& account) {
    const bool granted =
        std::any_of(account.grants.begin(), account.grants.end(),
                    [&](const auth::HeldRole& held) { return is(held.role); });
    const bool lent = std::any_of(
        account.lent.begin(), account.lent.end(), [&](const Lent& one) {
          return one.to >= m.today &&
                 std::any_of(one.roles.begin(), one.roles.end(), is);
        });
    return granted || lent;
  };
  return of_account(m.account) ||
         std::any_of(m.others.begin(), m.others.end(), of_account);
}

bool HoldsAny(const Matter& m) {
  return HasAny(m, [](v1::Role) { return true; });
}

bool Covers(const Account& account, const v1::Grant& grant) {
  return std::any_of(account.grants.begin(), account.grants.end(),
                     [&](const auth::HeldRole& held) {
                       return held.role == grant.role() &&
                              (held.department.empty() ||
                               held.department == grant.department());
                     });
}

absl::Status CheckFits(const Matter& m, const v1::Grant& grant) {
  const v1::Role role = grant.role();
  if (IsAdministrator(role) && !grant.department().empty()) {
    return Misfit(v1::GRANT_MISFIT, "grant.department",
                  "none for an administrator", grant.department());
  }
  if (!MayHold(m.account.kind, role)) {
    return Misfit(v1::GRANT_MISFIT, "grant.role",
                  "ROLE_PORTAL, the only one for a program",
                  v1::Role_Name(role));
  }
  if (Covers(m.account, grant)) {
    return Misfit(v1::GRANT_MISFIT, "grant", "a role not yet held",
                  v1::Role_Name(role));
  }
  const bool exclusive =
      IsAdministrator(role) ? HoldsAny(m) : HasAny(m, IsAdministrator);
  return exclusive ? Refuse(v1::ROLES_EXCLUSIVE) : absl::OkStatus();
}

v1::Grant GrantOf(const auth::HeldRole& held) {
  v1::Grant grant;
  grant.set_role(held.role);
  grant.set_department(held.department);
  return grant;
}

}  // namespace

bool HoldsPost(const Matter& m) { return HasAny(m, IsAdministrator); }

absl::StatusOr<v1::Event> GrantRole(const Matter& m, const v1::Grant& grant) {
  RETURN_IF_ERROR(CheckOpen(m));
  if (IsPowerful(grant.role())) return Refuse(v1::GRANT_NEEDS_SECOND_PERSON);
  RETURN_IF_ERROR(CheckFits(m, grant));
  v1::Event event;
  *event.mutable_granted() = grant;
  return event;
}

absl::StatusOr<v1::Event> GrantFirst(const Matter& m, const v1::Grant& grant) {
  RETURN_IF_ERROR(CheckOpen(m));
  RETURN_IF_ERROR(CheckFits(m, grant));
  v1::Event event;
  *event.mutable_granted() = grant;
  return event;
}

absl::StatusOr<v1::Event> ProposeGrant(const Matter& m,
                                       const v1::Grant& grant) {
  RETURN_IF_ERROR(CheckOpen(m));
  RETURN_IF_ERROR(CheckFits(m, grant));
  const auth::HeldRole asked(grant.role(), grant.department());
  for (const Proposed& one : m.account.proposed) {
    if (one.grant != asked) continue;
    return Misfit(v1::GRANT_MISFIT, "grant", "a role not yet proposed",
                  v1::Role_Name(grant.role()));
  }
  v1::Event event;
  *event.mutable_grant_proposed()->mutable_grant() = grant;
  return event;
}

absl::StatusOr<v1::Event> DecideGrant(const Matter& m, int64_t proposal,
                                      bool confirmed) {
  if (m.account.version == 0) return Refuse(v1::NO_SUCH_ACCOUNT);
  const auto& proposed = m.account.proposed;
  const auto it =
      std::find_if(proposed.begin(), proposed.end(),
                   [&](const Proposed& one) { return one.seq == proposal; });
  if (it == proposed.end()) {
    return Misfit(v1::GRANT_MISFIT, "proposal",
                  "the number of a proposal that waits", "");
  }
  if (m.actor.person() == it->proposer ||
      m.actor.person() == m.account.person) {
    return Refuse(v1::GRANT_BY_PROPOSER);
  }
  if (confirmed) {
    RETURN_IF_ERROR(CheckOpen(m));
    RETURN_IF_ERROR(CheckFits(m, GrantOf(it->grant)));
  }
  v1::Event event;
  v1::GrantDecision& decision = *event.mutable_grant_decided();
  decision.set_proposal(proposal);
  decision.set_confirmed(confirmed);
  *decision.mutable_grant() = GrantOf(it->grant);
  return event;
}

absl::StatusOr<v1::Event> WithdrawGrant(const Matter& m,
                                        const v1::Grant& grant) {
  RETURN_IF_ERROR(CheckKept(m));
  const auth::HeldRole asked(grant.role(), grant.department());
  const auto& grants = m.account.grants;
  if (std::find(grants.begin(), grants.end(), asked) == grants.end()) {
    return Misfit(v1::GRANT_MISFIT, "grant", "a role that is held",
                  v1::Role_Name(grant.role()));
  }
  v1::Event event;
  *event.mutable_grant_withdrawn()->mutable_grant() = grant;
  return event;
}

}  // namespace gongkai::account
