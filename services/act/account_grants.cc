// SPDX-License-Identifier: Apache-2.0
// Acts on what an account may do and is known by: roles, certificates, the
// provider's subject, delegations.
#include "absl/strings/escaping.h"
#include "services/act/account_keeper_impl.h"
#include "services/act/account_streams.h"
#include "services/act/perform_impl.h"
#include "services/auth/provider.h"
#include "services/base/refusal.h"
#include "services/base/status_macros.h"

namespace gongkai::act {
namespace {

using account::Matter;

// The digest by which an account is linked; empty for no subject.
absl::StatusOr<std::string> DigestOf(const SignInOptions& options,
                                     const std::string& subject) {
  if (subject.empty()) return std::string();
  if (options.issuer.empty()) {
    v1::Refusal refusal;
    refusal.set_reason(v1::ACCOUNT_STATE_MISFIT);
    refusal.set_field("subject");
    refusal.set_wanted("a service with an identity provider");
    return Refuse(refusal);
  }
  return absl::BytesToHexString(auth::SubjectDigest(options.issuer, subject));
}

}  // namespace

absl::StatusOr<v1::AccountResponse> AccountKeeper::GrantRole(
    const auth::Caller& caller, const v1::GrantRoleRequest& request,
    absl::Time deadline) {
  return impl_->Serve(
      caller, "GrantRole", request, auth::Access::kKeepAccounts, deadline,
      [&](const Matter& m) { return account::GrantRole(m, request.grant()); });
}

absl::StatusOr<v1::AccountResponse> AccountKeeper::ProposeGrant(
    const auth::Caller& caller, const v1::GrantRoleRequest& request,
    absl::Time deadline) {
  return impl_->Serve(caller, "ProposeGrant", request,
                      auth::Access::kKeepAccounts, deadline,
                      [&](const Matter& m) {
                        return account::ProposeGrant(m, request.grant());
                      });
}

absl::StatusOr<v1::AccountResponse> AccountKeeper::DecideGrant(
    const auth::Caller& caller, const v1::DecideGrantRequest& request,
    absl::Time deadline) {
  return impl_->Serve(
      caller, "DecideGrant", request, auth::Access::kConfirmGrant, deadline,
      [&](const Matter& m) {
        return account::DecideGrant(m, request.proposal(), request.confirmed());
      });
}

absl::StatusOr<v1::AccountResponse> AccountKeeper::WithdrawGrant(
    const auth::Caller& caller, const v1::GrantRoleRequest& request,
    absl::Time deadline) {
  return impl_->Serve(caller, "WithdrawGrant", request,
                      auth::Access::kKeepAccounts, deadline,
                      [&](const Matter& m) {
                        return account::WithdrawGrant(m, request.grant());
                      });
}

absl::StatusOr<v1::AccountResponse> AccountKeeper::AddCertificate(
    const auth::Caller& caller, const v1::CertificateRequest& request,
    absl::Time deadline) {
  return impl_->Serve(
      caller, "AddCertificate", request, auth::Access::kKeepAccounts, deadline,
      [&](const Matter& m) {
        return account::AddCertificate(m, request.fingerprint());
      },
      false, v1::CERTIFICATE_MISFIT);
}

absl::StatusOr<v1::AccountResponse> AccountKeeper::RevokeCertificate(
    const auth::Caller& caller, const v1::CertificateRequest& request,
    absl::Time deadline) {
  return impl_->Serve(
      caller, "RevokeCertificate", request, auth::Access::kKeepAccounts,
      deadline, [&](const Matter& m) {
        return account::RevokeCertificate(m, request.fingerprint());
      });
}

absl::StatusOr<v1::AccountResponse> AccountKeeper::LinkSubject(
    const auth::Caller& caller, const v1::LinkSubjectRequest& request,
    absl::Time deadline) {
  // Whoever is known by another subject from now on signs in anew.
  return impl_->Serve(
      caller, "LinkSubject", request, auth::Access::kKeepAccounts, deadline,
      [&](const Matter& m) -> absl::StatusOr<v1::Event> {
        ASSIGN_OR_RETURN(const std::string digest,
                         DigestOf(impl_->parts.options, request.subject()));
        return account::LinkSubject(m, digest);
      },
      true, v1::ACCOUNT_STATE_MISFIT);
}

absl::StatusOr<v1::AccountResponse> AccountKeeper::SetDelegation(
    const auth::Caller& caller, const v1::SetDelegationRequest& request,
    absl::Time deadline) {
  return impl_->Serve(
      caller, "SetDelegation", request, auth::Access::kKeepAccounts, deadline,
      [&](const Matter& m) -> absl::StatusOr<v1::Event> {
        ASSIGN_OR_RETURN(
            const account::Account principal,
            ReadAccount(impl_->parts.store, request.agency(),
                        request.delegation().principal(), false, deadline));
        return account::Delegate(m, principal, request.delegation());
      });
}

absl::StatusOr<v1::DelegateResponse> AccountKeeper::Delegate(
    const auth::Caller& caller, const v1::DelegateRequest& request,
    absl::Time deadline) {
  v1::Delegation delegation;
  delegation.set_principal(caller.account);
  delegation.set_from_date(request.from_date());
  delegation.set_to_date(request.to_date());
  *delegation.mutable_roles() = request.roles();
  KeepAct act;
  act.method = "Delegate";
  act.agency = caller.agency;
  act.name = request.deputy();
  act.request_id = request.request_id();
  act.mac = RequestMac(impl_->parts.request_key, caller, request);
  act.decide = [&](const Matter& m) -> absl::StatusOr<v1::Event> {
    // What one holds for another is not one's own to lend.
    if (!caller.on_behalf_of.empty()) return Refuse(v1::DELEGATION_MISFIT);
    ASSIGN_OR_RETURN(const account::Account principal,
                     ReadAccount(impl_->parts.store, caller.agency,
                                 caller.account, false, deadline));
    return account::Delegate(m, principal, delegation);
  };
  ASSIGN_OR_RETURN(const Streamed streamed,
                   impl_->KeepOwn(caller, std::move(act), deadline));
  v1::DelegateResponse response;
  response.set_seq(streamed.seq);
  return response;
}

absl::StatusOr<v1::EndDelegationResponse> AccountKeeper::EndDelegation(
    const auth::Caller& caller, const v1::EndDelegationRequest& request,
    absl::Time deadline) {
  KeepAct act;
  act.method = "EndDelegation";
  act.agency = caller.agency;
  act.name = request.deputy();
  act.request_id = request.request_id();
  act.mac = RequestMac(impl_->parts.request_key, caller, request);
  act.decide = [&](const Matter& m) {
    return account::EndDelegation(m, request.seq());
  };
  RETURN_IF_ERROR(impl_->KeepOwn(caller, std::move(act), deadline).status());
  return v1::EndDelegationResponse();
}

}  // namespace gongkai::act
