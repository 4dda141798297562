// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_ACT_SIGN_IN_H_
#define GONGKAI_SERVICES_ACT_SIGN_IN_H_

#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "gongkai/v1/account_service.pb.h"
#include "services/act/access.h"
#include "services/act/identities.h"
#include "services/act/registry.h"
#include "services/act/sign_in_options.h"
#include "services/auth/identity.h"
#include "services/auth/provider.h"
#include "services/base/clock.h"
#include "services/vault/vault.h"
#include "storage/accounts.h"
#include "storage/store.h"

namespace gongkai::act {

// Where people prove who they are (登录). Both factors, always. Attempts are
// throttled by account, whether or not it exists, and by source, before a
// password is hashed; one password is hashed at a time. What fails says nothing
// of why: SIGN_IN_FAILED, after the same work, for an account that is not there
// or closed, a wrong password, a wrong factor. Everything is recorded. `from`
// is the caller as far as he is known, at least with the source of the call.
// Thread-safe.
class SignInDesk {
 public:
  // What is given outlives it. Without `provider` its tokens are refused.
  struct Parts {
    storage::Store& store;
    storage::AccountBook& book;
    vault::Vault& vault;
    Registry& registry;
    AccessRecorder& recorder;
    Clock& clock;
    Standing* standing = nullptr;
    auth::CheckProviderToken provider;
    SignInOptions options;
  };
  explicit SignInDesk(Parts parts);
  ~SignInDesk();

  // SET_UP_REFUSED; PASSWORD_TOO_WEAK once the code is believed.
  absl::StatusOr<v1::SetUpResponse> SetUp(const auth::Caller& from,
                                          const v1::SetUpRequest& request,
                                          absl::Time deadline);
  absl::StatusOr<v1::ConfirmSetUpResponse> ConfirmSetUp(
      const auth::Caller& from, const v1::ConfirmSetUpRequest& request,
      absl::Time deadline);

  absl::StatusOr<v1::SignInResponse> SignIn(const auth::Caller& from,
                                            const v1::SignInRequest& request,
                                            absl::Time deadline);
  absl::StatusOr<v1::SignInResponse> SignInWithProvider(
      const auth::Caller& from, const v1::SignInWithProviderRequest& request,
      absl::Time deadline);
  // SESSION_OVER, also of a token used before, which ends the session;
  // NOT_IDENTIFIED of one that nobody had.
  absl::StatusOr<v1::SignInResponse> Refresh(const auth::Caller& from,
                                             const v1::RefreshRequest& request,
                                             absl::Time deadline);
  absl::StatusOr<v1::SignOutResponse> SignOut(const auth::Caller& caller,
                                              absl::Time deadline);
  // SIGN_IN_FAILED for a wrong old password, which counts as an attempt.
  absl::StatusOr<v1::ChangePasswordResponse> ChangePassword(
      const auth::Caller& caller, const v1::ChangePasswordRequest& request,
      absl::Time deadline);

  // Passwords hashed or verified since the start.
  int64_t hashed() const;
  // Refusals that were not recorded since the start, for they were a flood.
  int64_t unrecorded() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace gongkai::act

#endif  // GONGKAI_SERVICES_ACT_SIGN_IN_H_
