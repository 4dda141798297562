// SPDX-License-Identifier: Apache-2.0
// Means of proof: set up by the one-time code, and the password changed.
#include <algorithm>

#include "absl/strings/str_cat.h"
#include "services/act/perform_impl.h"
#include "services/act/sign_in_impl.h"
#include "services/auth/tokens.h"
#include "services/auth/totp.h"
#include "services/base/ids.h"
#include "services/base/refusal.h"
#include "services/base/status_macros.h"

namespace gongkai::act {
namespace {

constexpr int kRecoveryCodes = 10;
constexpr int kRecoveryChars = 16;  // 80 bits

void SetPassword(const std::string& hash, absl::Time now,
                 v1::Credential& secrets) {
  secrets.set_password_hash(hash);
  secrets.set_password_set_s(absl::ToUnixSeconds(now));
}

// The present password becomes the newest of the earlier ones.
void KeepEarlier(int remembered, v1::Credential& secrets) {
  auto& earlier = *secrets.mutable_earlier_hashes();
  earlier.Add(std::string(secrets.password_hash()));
  std::rotate(earlier.begin(), earlier.end() - 1, earlier.end());
  while (earlier.size() > remembered) earlier.RemoveLast();
}

}  // namespace

absl::Status SignInDesk::Impl::CheckNew(const Claimant& who,
                                        std::string_view password) {
  const auth::PasswordPolicy& policy = parts.options.policy;
  RETURN_IF_ERROR(auth::CheckPassword(policy, password, who.name));
  const v1::Credential& secrets = who.held.secrets;
  std::vector<std::string> last;
  // A password that waits for its set-up was never used.
  if (IsSetUp(who.account, secrets)) last.push_back(secrets.password_hash());
  last.insert(last.end(), secrets.earlier_hashes().begin(),
              secrets.earlier_hashes().end());
  for (int i = 0; i < policy.remembered && i < static_cast<int>(last.size());
       ++i) {
    if (hasher.Verify(last[static_cast<size_t>(i)], password)) {
      return auth::WeakPassword(absl::StrCat(
          "a password that is none of the last ", policy.remembered));
    }
  }
  return absl::OkStatus();
}

bool SignInDesk::Impl::HoldsCode(const Claimant& who, std::string_view code) {
  const v1::Credential& secrets = who.held.secrets;
  const bool same = auth::SameDigest(auth::TokenDigest(auth::NormalCode(code)),
                                     secrets.set_up_digest());
  return same && who.account.active && who.account.kind == v1::STAFF &&
         secrets.begun_seq() == who.account.means_seq &&
         parts.clock.Now() < absl::FromUnixSeconds(secrets.set_up_until_s());
}

absl::StatusOr<v1::SetUpResponse> SignInDesk::Impl::BeginSetUpOf(
    Claimant& who, const v1::SetUpRequest& request, absl::Time deadline) {
  ASSIGN_OR_RETURN(const auto turn, Enter(who, deadline));
  if (!HoldsCode(who, request.code())) {
    return Fail(who, v1::SET_UP_REFUSED, deadline);
  }
  RETURN_IF_ERROR(CheckNew(who, request.password()));
  v1::Credential& secrets = who.held.secrets;
  ASSIGN_OR_RETURN(const std::string hash, hasher.Hash(request.password()));
  SetPassword(hash, parts.clock.Now(), secrets);
  secrets.set_totp_key(RandomBytes(auth::kTotpKeyBytes));
  secrets.set_totp_pending(true);
  secrets.set_totp_last_step(0);
  RETURN_IF_ERROR(PutSecrets(who, deadline));
  v1::SetUpResponse response;
  response.set_totp_secret(auth::Base32(secrets.totp_key()));
  response.set_totp_uri(
      auth::TotpUri(who.agency, who.name, secrets.totp_key()));
  return response;
}

absl::StatusOr<v1::SetUpResponse> SignInDesk::SetUp(
    const auth::Caller& from, const v1::SetUpRequest& request,
    absl::Time deadline) {
  Claimant who =
      impl_->Claim("SetUp", request.agency(), request.account(), from.source);
  auto response = impl_->BeginSetUpOf(who, request, deadline);
  if (response.ok()) return response;
  return impl_->Refused(who, response.status(), deadline);
}

absl::StatusOr<v1::ConfirmSetUpResponse> SignInDesk::Impl::EndSetUpOf(
    Claimant& who, const v1::ConfirmSetUpRequest& request,
    absl::Time deadline) {
  ASSIGN_OR_RETURN(const auto turn, Enter(who, deadline));
  v1::Credential& secrets = who.held.secrets;
  const bool code = HoldsCode(who, request.code()) && secrets.totp_pending();
  const auto step =
      auth::MatchTotp(secrets.totp_key(), request.totp(), parts.clock.Now(), 0);
  if (!code || !step) return Fail(who, v1::SET_UP_REFUSED, deadline);
  v1::ConfirmSetUpResponse response;
  secrets.clear_set_up_digest();
  secrets.clear_set_up_until_s();
  secrets.set_totp_pending(false);
  secrets.set_totp_last_step(*step);
  secrets.clear_recovery_digests();
  for (int i = 0; i < kRecoveryCodes; ++i) {
    const std::string recovery = auth::NewCode(kRecoveryChars);
    secrets.add_recovery_digests(auth::TokenDigest(auth::NormalCode(recovery)));
    response.add_recovery_codes(recovery);
  }
  auth::Caller holder = HolderOf(who);
  holder.sign_in = "totp";
  const v1::Actor actor = ActorOf(holder, v1::SELF);
  RETURN_IF_ERROR(RecordOwn(who, actor, v1::PASSWORD, deadline));
  RETURN_IF_ERROR(RecordOwn(who, actor, v1::SECOND_FACTOR, deadline));
  RETURN_IF_ERROR(PutSecrets(who, deadline));
  RETURN_IF_ERROR(parts.book.ClearAttempts(who.account_key, deadline));
  return response;
}

absl::StatusOr<v1::ConfirmSetUpResponse> SignInDesk::ConfirmSetUp(
    const auth::Caller& from, const v1::ConfirmSetUpRequest& request,
    absl::Time deadline) {
  Claimant who = impl_->Claim("ConfirmSetUp", request.agency(),
                              request.account(), from.source);
  auto response = impl_->EndSetUpOf(who, request, deadline);
  if (response.ok()) return response;
  return impl_->Refused(who, response.status(), deadline);
}

absl::Status SignInDesk::Impl::Replace(Claimant& who,
                                       const auth::Caller& caller,
                                       const v1::ChangePasswordRequest& request,
                                       absl::Time deadline) {
  ASSIGN_OR_RETURN(const auto turn, Enter(who, deadline));
  v1::Credential& secrets = who.held.secrets;
  const bool usable = who.account.active && IsSetUp(who.account, secrets);
  if (!VerifyPassword(who, usable, request.old_password())) {
    return Fail(who, v1::SIGN_IN_FAILED, deadline);
  }
  RETURN_IF_ERROR(CheckNew(who, request.new_password()));
  ASSIGN_OR_RETURN(const std::string hash, hasher.Hash(request.new_password()));
  KeepEarlier(parts.options.policy.remembered, secrets);
  SetPassword(hash, parts.clock.Now(), secrets);
  // Recorded first: what is in force has been recorded. It also raises the
  // count of revocations, by which this session is looked at again.
  RETURN_IF_ERROR(
      RecordOwn(who, ActorOf(caller, v1::SELF), v1::PASSWORD, deadline));
  RETURN_IF_ERROR(PutSecrets(who, deadline));
  RETURN_IF_ERROR(
      parts.book.EndSessions(who.agency, who.name, caller.session, deadline)
          .status());
  // This server is to know at once that the session may do more than before.
  if (parts.standing == nullptr) return absl::OkStatus();
  return parts.standing->Revocation(deadline).status();
}

absl::StatusOr<v1::ChangePasswordResponse> SignInDesk::ChangePassword(
    const auth::Caller& caller, const v1::ChangePasswordRequest& request,
    absl::Time deadline) {
  Claimant who = impl_->Claim("ChangePassword", caller.agency, caller.account,
                              caller.source);
  const absl::Status status = impl_->Replace(who, caller, request, deadline);
  if (!status.ok()) return impl_->Refused(who, status, deadline);
  return v1::ChangePasswordResponse();
}

}  // namespace gongkai::act
