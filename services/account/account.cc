// SPDX-License-Identifier: Apache-2.0
#include "services/account/account.h"

#include <algorithm>

#include "services/base/dates.h"

namespace gongkai::account {
namespace {

using v1::Event;

auth::HeldRole HeldOf(const v1::Grant& grant) {
  return {grant.role(), grant.department()};
}

void Add(const v1::Grant& grant, Account& account) {
  const auth::HeldRole held = HeldOf(grant);
  auto& grants = account.grants;
  if (std::find(grants.begin(), grants.end(), held) == grants.end()) {
    grants.push_back(held);
  }
}

void Change(const v1::CredentialChange& change, int64_t seq, Account& account) {
  switch (change.kind()) {
    case v1::SET_UP_CODE:
      account.means_seq = seq;
      // Every means of proof ends, the provider's word too.
      account.subject.clear();
      break;
    case v1::CERTIFICATE_ADDED:
      account.certificates.push_back(change.fingerprint());
      break;
    case v1::CERTIFICATE_REVOKED:
      std::erase(account.certificates, change.fingerprint());
      break;
    case v1::SUBJECT_LINKED:
      account.subject = change.subject_digest();
      break;
    case v1::SUBJECT_UNLINKED:
      account.subject.clear();
      break;
    default:
      break;
  }
}

void Open(const v1::AccountOpening& opening, int64_t seq, Account& account) {
  account.name = opening.account();
  account.kind = opening.kind();
  account.person = opening.person();
  account.display_name = opening.display_name();
  account.active = true;
  account.means_seq = seq;
}

Lent LentBy(const v1::Delegation& delegation, int64_t seq) {
  Lent lent;
  lent.seq = seq;
  lent.principal = delegation.principal();
  lent.from = DayOf(delegation.from_date());
  lent.to = DayOf(delegation.to_date());
  for (const int role : delegation.roles()) {
    lent.roles.push_back(static_cast<v1::Role>(role));
  }
  return lent;
}

void Decide(const PastEvent& past, Account& account) {
  const v1::GrantDecision& decision = past.event.grant_decided();
  auto& proposed = account.proposed;
  const auto it = std::find_if(
      proposed.begin(), proposed.end(),
      [&](const Proposed& p) { return p.seq == decision.proposal(); });
  if (it == proposed.end()) return;
  // Two persons, whatever the record says of itself.
  const bool second = past.actor.person() != it->proposer;
  if (decision.confirmed() && second) {
    v1::Grant grant;
    grant.set_role(it->grant.role);
    grant.set_department(it->grant.department);
    Add(grant, account);
  }
  proposed.erase(it);
}

}  // namespace

void Apply(const PastEvent& past, Account& account) {
  const Event& event = past.event;
  account.version = past.seq;
  switch (event.body_case()) {
    case Event::kAccountOpened:
      Open(event.account_opened(), past.seq, account);
      break;
    case Event::kAccountStateSet:
      account.active = event.account_state_set().active();
      break;
    case Event::kCredentialChanged:
      Change(event.credential_changed(), past.seq, account);
      break;
    case Event::kGranted:
      Add(event.granted(), account);
      break;
    case Event::kGrantProposed:
      account.proposed.push_back({past.seq,
                                  HeldOf(event.grant_proposed().grant()),
                                  past.actor.person()});
      break;
    case Event::kGrantDecided:
      Decide(past, account);
      break;
    case Event::kGrantWithdrawn:
      std::erase(account.grants, HeldOf(event.grant_withdrawn().grant()));
      break;
    case Event::kDelegated:
      account.lent.push_back(LentBy(event.delegated(), past.seq));
      break;
    case Event::kDelegationEnded:
      std::erase_if(account.lent, [&](const Lent& lent) {
        return lent.seq == event.delegation_ended().delegation();
      });
      break;
    default:
      break;
  }
}

Account Fold(std::string_view agency, const std::vector<PastEvent>& history) {
  Account account;
  account.agency = std::string(agency);
  for (const PastEvent& past : history) Apply(past, account);
  return account;
}

bool IsAdministrator(v1::Role role) {
  return role == v1::ROLE_SYSTEM_ADMIN || role == v1::ROLE_SECURITY_ADMIN ||
         role == v1::ROLE_AUDIT_ADMIN;
}

bool IsPowerful(v1::Role role) {
  return IsAdministrator(role) || role == v1::ROLE_SIGNER ||
         role == v1::ROLE_DISCLOSURE_HEAD || role == v1::ROLE_LEGAL_AUDITOR;
}

bool MayHold(v1::AccountKind kind, v1::Role role) {
  return kind != v1::SERVICE_ACCOUNT || role == v1::ROLE_PORTAL;
}

v1::Role PostOf(const Account& account) {
  for (const auth::HeldRole& held : account.grants) {
    if (IsAdministrator(held.role)) return held.role;
  }
  return v1::ROLE_UNSPECIFIED;
}

std::vector<auth::HeldRole> RolesOf(const Account& account) {
  if (!account.active) return {};
  std::vector<auth::HeldRole> roles;
  std::vector<auth::HeldRole> posts;
  for (const auth::HeldRole& held : account.grants) {
    if (!MayHold(account.kind, held.role)) continue;
    roles.push_back(held);
    if (IsAdministrator(held.role)) posts.push_back(held);
  }
  if (posts.size() > 1) return {};
  return posts.empty() ? roles : posts;
}

std::vector<auth::HeldRole> LentOn(const Account& deputy,
                                   const Account& principal,
                                   absl::CivilDay day) {
  const bool fits = deputy.active && deputy.agency == principal.agency &&
                    deputy.person != principal.person &&
                    PostOf(deputy) == v1::ROLE_UNSPECIFIED;
  if (!fits) return {};
  std::vector<auth::HeldRole> roles;
  for (const auth::HeldRole& held : RolesOf(principal)) {
    if (IsAdministrator(held.role)) continue;
    const bool lent = std::any_of(
        deputy.lent.begin(), deputy.lent.end(), [&](const Lent& one) {
          return one.principal == principal.name && one.from <= day &&
                 day <= one.to &&
                 std::find(one.roles.begin(), one.roles.end(), held.role) !=
                     one.roles.end();
        });
    if (lent) roles.push_back(held);
  }
  return roles;
}

}  // namespace gongkai::account
