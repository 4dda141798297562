// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_ACT_ACCOUNT_KEEPER_H_
#define GONGKAI_SERVICES_ACT_ACCOUNT_KEEPER_H_

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "gongkai/v1/account_service.pb.h"
#include "gongkai/v1/admin_service.pb.h"
#include "services/act/access.h"
#include "services/act/identities.h"
#include "services/act/registry.h"
#include "services/act/sign_in_options.h"
#include "services/auth/identity.h"
#include "services/base/clock.h"
#include "services/vault/vault.h"
#include "storage/accounts.h"
#include "storage/store.h"

namespace gongkai::act {

// Keeps accounts (账号管理): every act is judged by services/account, recorded
// in the stream of the account and durable when OK. Requests have passed
// validation; a request seen before gives the account as it is now. What is
// refused is recorded. Thread-safe.
class AccountKeeper {
 public:
  // What is given outlives it; `standing` may be null.
  struct Parts {
    storage::Store& store;
    storage::AccountBook& book;
    vault::Vault& vault;
    Registry& registry;
    AccessRecorder& recorder;
    Clock& clock;
    Standing* standing = nullptr;
    // Key of the digests of request bodies, 32 bytes.
    std::string request_key;
    SignInOptions options;
  };
  explicit AccountKeeper(Parts parts);
  ~AccountKeeper();

  absl::StatusOr<v1::OpenAccountResponse> OpenAccount(
      const auth::Caller& caller, const v1::OpenAccountRequest& request,
      absl::Time deadline);
  absl::StatusOr<v1::ResetAccountResponse> ResetAccount(
      const auth::Caller& caller, const v1::ResetAccountRequest& request,
      absl::Time deadline);
  absl::StatusOr<v1::AccountResponse> SetAccountState(
      const auth::Caller& caller, const v1::SetAccountStateRequest& request,
      absl::Time deadline);
  absl::StatusOr<v1::EndSessionsResponse> EndSessions(
      const auth::Caller& caller, const v1::EndSessionsRequest& request,
      absl::Time deadline);

  absl::StatusOr<v1::AccountResponse> GrantRole(
      const auth::Caller& caller, const v1::GrantRoleRequest& request,
      absl::Time deadline);
  absl::StatusOr<v1::AccountResponse> ProposeGrant(
      const auth::Caller& caller, const v1::GrantRoleRequest& request,
      absl::Time deadline);
  absl::StatusOr<v1::AccountResponse> DecideGrant(
      const auth::Caller& caller, const v1::DecideGrantRequest& request,
      absl::Time deadline);
  absl::StatusOr<v1::AccountResponse> WithdrawGrant(
      const auth::Caller& caller, const v1::GrantRoleRequest& request,
      absl::Time deadline);

  absl::StatusOr<v1::AccountResponse> AddCertificate(
      const auth::Caller& caller, const v1::CertificateRequest& request,
      absl::Time deadline);
  absl::StatusOr<v1::AccountResponse> RevokeCertificate(
      const auth::Caller& caller, const v1::CertificateRequest& request,
      absl::Time deadline);
  absl::StatusOr<v1::AccountResponse> LinkSubject(
      const auth::Caller& caller, const v1::LinkSubjectRequest& request,
      absl::Time deadline);
  absl::StatusOr<v1::AccountResponse> SetDelegation(
      const auth::Caller& caller, const v1::SetDelegationRequest& request,
      absl::Time deadline);

  absl::StatusOr<v1::ListAccountsResponse> ListAccounts(
      const auth::Caller& caller, const v1::ListAccountsRequest& request,
      absl::Time deadline);
  absl::StatusOr<v1::GetAccountResponse> GetAccount(
      const auth::Caller& caller, const v1::GetAccountRequest& request,
      absl::Time deadline);

  absl::StatusOr<v1::AgencyTermsResponse> GetAgencyTerms(
      const auth::Caller& caller, const v1::GetAgencyTermsRequest& request,
      absl::Time deadline);

  // Of the caller's own account.
  absl::StatusOr<v1::WhoAmIResponse> WhoAmI(const auth::Caller& caller,
                                            absl::Time deadline);
  absl::StatusOr<v1::DelegateResponse> Delegate(
      const auth::Caller& caller, const v1::DelegateRequest& request,
      absl::Time deadline);
  absl::StatusOr<v1::EndDelegationResponse> EndDelegation(
      const auth::Caller& caller, const v1::EndDelegationRequest& request,
      absl::Time deadline);

  // What the operator of the machine gives an agency to begin with: an account
  // with roles, and its code. Not refused for want of a second person, for
  // there is none yet; whether he may is the operator's verb to say. What an
  // earlier try has done already is not done again; the code is always new.
  struct FirstAccount {
    std::string agency;
    std::string name;
    std::vector<v1::Grant> grants;
    // A program gets a certificate in place of a code.
    v1::AccountKind kind = v1::STAFF;
    std::string fingerprint = {};
    // Of the holder. Empty: a person of its own, who is not known to be the
    // same when he gets another account.
    std::string identity_number = {};
  };
  struct FirstCode {
    std::string name;
    std::string code;
    absl::Time until;
  };
  absl::StatusOr<FirstCode> OpenFirst(const auth::Caller& caller,
                                      const FirstAccount& first,
                                      absl::Time deadline);
  // A new beginning without an administrator.
  absl::StatusOr<FirstCode> ResetByOperator(const auth::Caller& caller,
                                            std::string_view agency,
                                            std::string_view name,
                                            absl::Time deadline);
  // Whether an open account of the agency holds the role.
  absl::StatusOr<bool> AnyHolds(std::string_view agency, v1::Role role,
                                absl::Time deadline);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace gongkai::act

#endif  // GONGKAI_SERVICES_ACT_ACCOUNT_KEEPER_H_
