// SPDX-License-Identifier: Apache-2.0
#include "services/account/decide.h"

#include <algorithm>

#include "services/account/decide_parts.h"
#include "services/base/dates.h"
#include "services/base/refusal.h"
#include "services/base/status_macros.h"

namespace gongkai::account {
namespace {

constexpr size_t kFingerprintDigits = 64;

bool IsFingerprint(std::string_view text) {
  return text.size() == kFingerprintDigits &&
         text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

bool Has(const std::vector<std::string>& all, std::string_view one) {
  return std::find(all.begin(), all.end(), one) != all.end();
}

// Whoever holds the proof of an account has its roles. Those that take two
// persons to be given are not to be had by one who gives himself the proof.
absl::Status CheckProofIsOneKeepersToGive(const Matter& m) {
  const bool granted = std::any_of(
      m.account.grants.begin(), m.account.grants.end(),
      [](const auth::HeldRole& held) { return IsPowerful(held.role); });
  const bool lent = std::any_of(
      m.account.lent.begin(), m.account.lent.end(), [&](const Lent& one) {
        return one.to >= m.today &&
               std::any_of(one.roles.begin(), one.roles.end(), IsPowerful);
      });
  if (!granted && !lent) return absl::OkStatus();
  return Misfit(v1::GRANT_NEEDS_SECOND_PERSON, "account",
                "an account without a powerful role: withdraw it, and propose "
                "it again afterwards",
                "");
}

v1::Event Changed(v1::CredentialKind kind) {
  v1::Event event;
  event.mutable_credential_changed()->set_kind(kind);
  return event;
}

absl::Status CheckDates(const v1::Delegation& delegation,
                        absl::CivilDay today) {
  const absl::CivilDay from = DayOf(delegation.from_date());
  const absl::CivilDay to = DayOf(delegation.to_date());
  if (from > to || to < today) {
    return Misfit(v1::DELEGATION_MISFIT, "to_date",
                  "a last day not before the first, nor before today",
                  delegation.to_date());
  }
  if (to - from >= kLongestDelegation) {
    return Misfit(v1::DELEGATION_MISFIT, "to_date", "at most 92 days",
                  delegation.to_date());
  }
  return absl::OkStatus();
}

absl::Status CheckPersons(const Matter& m, const Account& principal) {
  const Account& deputy = m.account;
  if (principal.version == 0 || !principal.active ||
      principal.kind != v1::STAFF || deputy.kind != v1::STAFF) {
    return Misfit(v1::DELEGATION_MISFIT, "principal",
                  "an open account of staff", "");
  }
  if (principal.agency != deputy.agency || principal.person == deputy.person) {
    return Misfit(v1::DELEGATION_MISFIT, "deputy",
                  "another person of the same agency", "");
  }
  const bool own = m.actor.account() == principal.name &&
                   m.actor.person() == principal.person;
  const bool is_party =
      m.actor.person() == principal.person || m.actor.person() == deputy.person;
  if (!own && is_party) return Refuse(v1::OWN_ACCOUNT);
  return absl::OkStatus();
}

// The roles that are lent: as named, or all that may be.
absl::StatusOr<std::vector<v1::Role>> RolesToLend(
    const Account& principal, const v1::Delegation& delegation, bool own) {
  std::vector<v1::Role> held;
  for (const auth::HeldRole& one : RolesOf(principal)) {
    if (!IsAdministrator(one.role) &&
        std::find(held.begin(), held.end(), one.role) == held.end()) {
      held.push_back(one.role);
    }
  }
  std::vector<v1::Role> lent;
  for (const int number : delegation.roles()) {
    const auto role = static_cast<v1::Role>(number);
    if (std::find(held.begin(), held.end(), role) == held.end() ||
        std::find(lent.begin(), lent.end(), role) != lent.end()) {
      return Misfit(v1::DELEGATION_MISFIT, "roles",
                    "roles that the principal holds, each once; never an "
                    "administrator's",
                    v1::Role_Name(role));
    }
    lent.push_back(role);
  }
  if (lent.empty()) lent = held;
  if (lent.empty()) {
    return Misfit(v1::DELEGATION_MISFIT, "roles", "a role to lend", "none");
  }
  if (!own && std::any_of(lent.begin(), lent.end(), IsPowerful)) {
    return Refuse(v1::GRANT_NEEDS_SECOND_PERSON);
  }
  return lent;
}

}  // namespace

absl::Status Misfit(v1::Reason reason, std::string_view field,
                    std::string_view wanted, std::string_view got) {
  v1::Refusal refusal;
  refusal.set_reason(reason);
  refusal.set_field(std::string(field));
  refusal.set_wanted(std::string(wanted));
  refusal.set_got(std::string(got));
  return Refuse(refusal);
}

absl::Status CheckKept(const Matter& m) {
  if (m.account.version == 0) return Refuse(v1::NO_SUCH_ACCOUNT);
  if (m.account.person == m.actor.person()) return Refuse(v1::OWN_ACCOUNT);
  return absl::OkStatus();
}

absl::Status CheckOpen(const Matter& m) {
  RETURN_IF_ERROR(CheckKept(m));
  if (!m.account.active) {
    return Misfit(v1::ACCOUNT_STATE_MISFIT, "account", "an open account",
                  "a closed one");
  }
  return absl::OkStatus();
}

absl::Status CheckStaff(const Matter& m) {
  RETURN_IF_ERROR(CheckOpen(m));
  if (m.account.kind != v1::STAFF) {
    return Misfit(v1::ACCOUNT_STATE_MISFIT, "account", "an account of staff",
                  "one of a program");
  }
  return absl::OkStatus();
}

absl::StatusOr<v1::Event> OpenAccount(const Matter& m,
                                      const v1::AccountOpening& opening) {
  if (m.account.version != 0) return Refuse(v1::ACCOUNT_EXISTS);
  if (opening.person() == m.actor.person()) return Refuse(v1::OWN_ACCOUNT);
  v1::Event event;
  *event.mutable_account_opened() = opening;
  return event;
}

absl::StatusOr<v1::Event> SetState(const Matter& m, bool active,
                                   std::string_view reason) {
  RETURN_IF_ERROR(CheckKept(m));
  if (m.account.active == active) {
    return Misfit(v1::ACCOUNT_STATE_MISFIT, "active",
                  active ? "a closed account" : "an open account",
                  active ? "an open one" : "a closed one");
  }
  v1::Event event;
  v1::AccountState& state = *event.mutable_account_state_set();
  state.set_active_before(m.account.active);
  state.set_active(active);
  state.set_reason(std::string(reason));
  return event;
}

absl::StatusOr<v1::Event> BeginAnew(const Matter& m) {
  RETURN_IF_ERROR(CheckStaff(m));
  RETURN_IF_ERROR(CheckProofIsOneKeepersToGive(m));
  return Changed(v1::SET_UP_CODE);
}

absl::StatusOr<v1::Event> BeginFirst(const Matter& m) {
  RETURN_IF_ERROR(CheckStaff(m));
  return Changed(v1::SET_UP_CODE);
}

absl::StatusOr<v1::Event> AddCertificate(const Matter& m,
                                         std::string_view fingerprint) {
  RETURN_IF_ERROR(CheckOpen(m));
  if (m.account.kind != v1::SERVICE_ACCOUNT || !IsFingerprint(fingerprint) ||
      Has(m.account.certificates, fingerprint)) {
    return Misfit(v1::CERTIFICATE_MISFIT, "fingerprint",
                  "SHA-256 in 64 hexadecimal digits, new to a service account",
                  "");
  }
  v1::Event event = Changed(v1::CERTIFICATE_ADDED);
  event.mutable_credential_changed()->set_fingerprint(std::string(fingerprint));
  return event;
}

absl::StatusOr<v1::Event> RevokeCertificate(const Matter& m,
                                            std::string_view fingerprint) {
  RETURN_IF_ERROR(CheckKept(m));
  if (!Has(m.account.certificates, fingerprint)) {
    return Misfit(v1::CERTIFICATE_MISFIT, "fingerprint",
                  "a certificate that the account has", "");
  }
  v1::Event event = Changed(v1::CERTIFICATE_REVOKED);
  event.mutable_credential_changed()->set_fingerprint(std::string(fingerprint));
  return event;
}

absl::StatusOr<v1::Event> LinkSubject(const Matter& m,
                                      std::string_view digest) {
  // Of a closed account a link may still be ended.
  RETURN_IF_ERROR(digest.empty() ? CheckKept(m) : CheckStaff(m));
  if (!digest.empty()) RETURN_IF_ERROR(CheckProofIsOneKeepersToGive(m));
  if (m.account.subject == digest) {
    return Misfit(v1::ACCOUNT_STATE_MISFIT, "subject",
                  "another subject than now", "");
  }
  v1::Event event =
      Changed(digest.empty() ? v1::SUBJECT_UNLINKED : v1::SUBJECT_LINKED);
  event.mutable_credential_changed()->set_subject_digest(
      digest.empty() ? m.account.subject : std::string(digest));
  return event;
}

absl::StatusOr<v1::Event> Delegate(const Matter& m, const Account& principal,
                                   const v1::Delegation& delegation) {
  if (m.account.version == 0) return Refuse(v1::NO_SUCH_ACCOUNT);
  if (!m.account.active) return Refuse(v1::ACCOUNT_STATE_MISFIT);
  RETURN_IF_ERROR(CheckPersons(m, principal));
  RETURN_IF_ERROR(CheckDates(delegation, m.today));
  const bool own = m.actor.person() == principal.person;
  ASSIGN_OR_RETURN(const std::vector<v1::Role> roles,
                   RolesToLend(principal, delegation, own));
  if (HoldsPost(m)) return Refuse(v1::ROLES_EXCLUSIVE);
  v1::Event event;
  v1::Delegation& delegated = *event.mutable_delegated();
  delegated.set_principal(principal.name);
  delegated.set_from_date(delegation.from_date());
  delegated.set_to_date(delegation.to_date());
  for (const v1::Role role : roles) delegated.add_roles(role);
  return event;
}

absl::StatusOr<v1::Event> EndDelegation(const Matter& m, int64_t delegation) {
  if (m.account.version == 0) return Refuse(v1::NO_SUCH_ACCOUNT);
  const auto& lent = m.account.lent;
  const auto it = std::find_if(lent.begin(), lent.end(), [&](const Lent& one) {
    return one.seq == delegation;
  });
  if (it == lent.end() || it->to < m.today ||
      it->principal != m.actor.account()) {
    return Misfit(v1::DELEGATION_MISFIT, "seq",
                  "a delegation of one's own that is not over", "");
  }
  v1::Event event;
  event.mutable_delegation_ended()->set_delegation(delegation);
  return event;
}

}  // namespace gongkai::account
