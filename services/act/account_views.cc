// SPDX-License-Identifier: Apache-2.0
// Accounts as administrators and their holders see them.
#include <algorithm>

#include "services/act/account_keeper_impl.h"
#include "services/act/account_streams.h"
#include "services/act/history.h"
#include "services/act/perform_impl.h"
#include "services/base/dates.h"
#include "services/base/ids.h"
#include "services/base/refusal.h"
#include "services/base/status_macros.h"

namespace gongkai::act {
namespace {

constexpr int kPage = 50;
// Accounts of staff that were not used for so long are stale (DB-05).
constexpr absl::Duration kStale = absl::Hours(24 * 90);

v1::Grant GrantOf(const auth::HeldRole& held) {
  v1::Grant grant;
  grant.set_role(held.role);
  grant.set_department(held.department);
  return grant;
}

v1::Delegation DelegationOf(const account::Lent& lent) {
  v1::Delegation delegation;
  delegation.set_principal(lent.principal);
  delegation.set_from_date(FormatDay(lent.from));
  delegation.set_to_date(FormatDay(lent.to));
  for (const v1::Role role : lent.roles) delegation.add_roles(role);
  return delegation;
}

void Fill(const account::Account& account, absl::CivilDay today,
          v1::Account& view) {
  view.set_agency(account.agency);
  view.set_account(account.name);
  view.set_kind(account.kind);
  view.set_person(account.person);
  view.set_display_name(account.display_name);
  view.set_active(account.active);
  for (const auth::HeldRole& held : account.grants) {
    *view.add_grants() = GrantOf(held);
  }
  for (const account::Proposed& one : account.proposed) {
    v1::PendingGrant& pending = *view.add_proposed();
    pending.set_proposal(one.seq);
    *pending.mutable_grant() = GrantOf(one.grant);
    pending.set_proposer(one.proposer);
  }
  for (const account::Lent& lent : account.lent) {
    if (lent.to >= today) *view.add_delegations() = DelegationOf(lent);
  }
  for (const std::string& fingerprint : account.certificates) {
    view.add_certificates(fingerprint);
  }
  view.set_linked(!account.subject.empty());
  view.set_version(account.version);
}

absl::Time OpenedAt(const storage::History& history) {
  return history.events.empty() ? absl::InfinitePast()
                                : history.events[0].recorded_time;
}

}  // namespace

absl::Status AccountKeeper::Impl::FillUse(
    const account::Account& account, absl::Time opened,
    const std::optional<absl::Time>& last_sign_in, v1::Account& view,
    absl::Time deadline) {
  const absl::Time now = parts.clock.Now();
  if (last_sign_in) view.set_last_sign_in_time(FormatInstant(*last_sign_in));
  if (account.kind != v1::STAFF) return absl::OkStatus();
  view.set_stale(account.active &&
                 now - last_sign_in.value_or(opened) >= kStale);
  ASSIGN_OR_RETURN(const HeldSecrets held,
                   credentials.Read(account.agency, account.name, deadline));
  view.set_set_up(IsSetUp(account, held.secrets));
  ASSIGN_OR_RETURN(
      const storage::Attempts attempts,
      parts.book.ReadAttempts(
          AccountAttemptKey(parts.vault, account.agency, account.name), now,
          deadline));
  if (attempts.locked_until && *attempts.locked_until > now) {
    view.set_locked_until_time(FormatInstant(*attempts.locked_until));
  }
  return absl::OkStatus();
}

absl::Status AccountKeeper::Impl::View(std::string_view agency,
                                       std::string_view name, v1::Account& view,
                                       absl::Time deadline) {
  ASSIGN_OR_RETURN(const storage::History history,
                   parts.store.LoadStream(agency, storage::AccountStream(name),
                                          "", true, deadline));
  ASSIGN_OR_RETURN(const account::Account account, AccountOf(agency, history));
  if (account.version == 0) return Refuse(v1::NO_SUCH_ACCOUNT);
  Fill(account, Today(), view);
  ASSIGN_OR_RETURN(const std::vector<storage::FoundAccount> found,
                   parts.book.AccountsOf(account.person, deadline));
  const auto row = std::find_if(
      found.begin(), found.end(), [&](const storage::FoundAccount& one) {
        return one.agency == agency && one.account == name;
      });
  return FillUse(account, OpenedAt(history),
                 row == found.end() ? std::nullopt : row->last_sign_in, view,
                 deadline);
}

absl::StatusOr<v1::ListAccountsResponse> AccountKeeper::ListAccounts(
    const auth::Caller& caller, const v1::ListAccountsRequest& request,
    absl::Time deadline) {
  const Parts& parts = impl_->parts;
  RETURN_IF_ERROR(parts.recorder.Admit(caller, "ListAccounts", request.agency(),
                                       "", auth::Access::kReadAccounts,
                                       deadline));
  const int size = request.page_size() == 0 ? kPage : request.page_size();
  ASSIGN_OR_RETURN(std::vector<storage::FoundAccount> found,
                   parts.book.AccountsIn(request.agency(), request.after(),
                                         size + 1, deadline));
  v1::ListAccountsResponse response;
  response.set_more(static_cast<int>(found.size()) > size);
  if (response.more()) found.pop_back();
  for (const storage::FoundAccount& one : found) {
    ASSIGN_OR_RETURN(
        const storage::History history,
        parts.store.LoadStream(one.agency, storage::AccountStream(one.account),
                               "", true, deadline));
    ASSIGN_OR_RETURN(const account::Account account,
                     AccountOf(one.agency, history));
    v1::Account& view = *response.add_accounts();
    Fill(account, impl_->Today(), view);
    RETURN_IF_ERROR(impl_->FillUse(account, OpenedAt(history), one.last_sign_in,
                                   view, deadline));
  }
  v1::Access access;
  access.set_kind(v1::READ_ACCOUNTS);
  access.set_method("ListAccounts");
  RETURN_IF_ERROR(
      parts.recorder.Record(caller, request.agency(), access, deadline));
  return response;
}

absl::StatusOr<v1::GetAccountResponse> AccountKeeper::GetAccount(
    const auth::Caller& caller, const v1::GetAccountRequest& request,
    absl::Time deadline) {
  const Parts& parts = impl_->parts;
  RETURN_IF_ERROR(parts.recorder.Admit(caller, "GetAccount", request.agency(),
                                       "", auth::Access::kReadAccounts,
                                       deadline));
  v1::GetAccountResponse response;
  RETURN_IF_ERROR(impl_->View(request.agency(), request.account(),
                              *response.mutable_account(), deadline));
  v1::Access access;
  access.set_kind(v1::READ_ACCOUNTS);
  access.set_method("GetAccount");
  access.set_version(response.account().version());
  RETURN_IF_ERROR(
      parts.recorder.Record(caller, request.agency(), access, deadline));
  if (!request.with_history()) return response;
  ASSIGN_OR_RETURN(
      const storage::History history,
      parts.store.LoadStream(request.agency(),
                             storage::AccountStream(request.account()), "",
                             true, deadline));
  ASSIGN_OR_RETURN(const std::vector<v1::RecordedEvent> events,
                   UnsealForReader(history.events));
  response.mutable_history()->Add(events.begin(), events.end());
  return response;
}

absl::StatusOr<v1::AgencyTermsResponse> AccountKeeper::GetAgencyTerms(
    const auth::Caller& caller, const v1::GetAgencyTermsRequest& request,
    absl::Time deadline) {
  const Parts& parts = impl_->parts;
  RETURN_IF_ERROR(parts.recorder.Admit(caller, "GetAgencyTerms",
                                       request.agency(), "",
                                       auth::Access::kReadTerms, deadline));
  ASSIGN_OR_RETURN(const auto terms,
                   parts.registry.AgencyTermsOf(request.agency(), deadline));
  ASSIGN_OR_RETURN(const auto newest,
                   parts.registry.Newest(request.agency(), deadline));
  v1::AgencyTermsResponse response;
  *response.mutable_terms() = terms;
  response.set_version(newest->terms_version);
  return response;
}

absl::StatusOr<v1::WhoAmIResponse> AccountKeeper::WhoAmI(
    const auth::Caller& caller, absl::Time deadline) {
  const Parts& parts = impl_->parts;
  ASSIGN_OR_RETURN(
      const account::Account account,
      ReadAccount(parts.store, caller.agency, caller.account, false, deadline));
  if (account.version == 0) return Refuse(v1::NO_SUCH_ACCOUNT);
  v1::WhoAmIResponse response;
  response.set_agency(account.agency);
  response.set_account(account.name);
  response.set_person(account.person);
  response.set_kind(account.kind);
  response.set_sign_in(caller.sign_in);
  for (const auth::HeldRole& held : account::RolesOf(account)) {
    *response.add_grants() = GrantOf(held);
  }
  for (const account::Lent& lent : account.lent) {
    if (lent.to < impl_->Today()) continue;
    v1::HeldDelegation& held = *response.add_delegations();
    held.set_seq(lent.seq);
    *held.mutable_delegation() = DelegationOf(lent);
  }
  if (!IsUuid(caller.session)) return response;
  ASSIGN_OR_RETURN(const std::optional<storage::SessionRow> session,
                   parts.book.SessionById(caller.session, deadline));
  if (session) {
    response.set_session_expires_time(FormatInstant(session->until));
    response.set_must_change_password(session->only_password);
  }
  return response;
}

}  // namespace gongkai::act
