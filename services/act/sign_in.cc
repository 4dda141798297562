// SPDX-License-Identifier: Apache-2.0
// Proving who one is.
#include "services/act/sign_in.h"

#include "services/act/account_streams.h"
#include "services/act/perform_impl.h"
#include "services/act/sign_in_impl.h"
#include "services/auth/secret.h"
#include "services/auth/tokens.h"
#include "services/auth/totp.h"
#include "services/base/refusal.h"
#include "services/base/status_macros.h"

namespace gongkai::act {
namespace {

constexpr size_t kTotpDigits = 6;

// What proves the second factor, and how it is used up.
struct Factor {
  std::optional<int64_t> step;
  int recovery = -1;  // place among the digests
  bool holds() const { return step.has_value() || recovery >= 0; }
};

// Looks at everything whatever it finds, so that the time tells nothing.
Factor FindFactor(const v1::Credential& secrets, std::string_view typed,
                  absl::Time now) {
  std::string code = auth::NormalCode(typed);
  const auth::Wiped wiped(code);
  std::string digits;
  for (const char c : typed) {
    if (c >= '0' && c <= '9') digits += c;
  }
  const auth::Wiped wiped_digits(digits);
  // Without a key the work is the same.
  std::string key = secrets.totp_key();
  const auth::Wiped wiped_key(key);
  key.resize(auth::kTotpKeyBytes);
  Factor factor;
  const auto step = auth::MatchTotp(key, digits, now, secrets.totp_last_step());
  if (code.size() == kTotpDigits && !secrets.totp_key().empty()) {
    factor.step = step;
  }
  const std::string digest = auth::TokenDigest(code);
  for (int i = 0; i < secrets.recovery_digests_size(); ++i) {
    if (auth::SameDigest(digest, secrets.recovery_digests(i))) {
      factor.recovery = i;
    }
  }
  return factor;
}

void UseUp(const Factor& factor, v1::Credential& secrets) {
  if (factor.step) {
    secrets.set_totp_last_step(*factor.step);
  } else {
    auto& digests = *secrets.mutable_recovery_digests();
    digests.erase(digests.begin() + factor.recovery);
  }
}

// A JWT without its signature: one may be written in several ways, but what is
// signed in one alone.
std::string_view SignedPart(std::string_view token) {
  return token.substr(0, token.rfind('.'));
}

}  // namespace

SignInDesk::SignInDesk(Parts parts)
    : impl_(std::make_unique<Impl>(std::move(parts))) {}
SignInDesk::~SignInDesk() = default;

int64_t SignInDesk::hashed() const { return impl_->hasher.count(); }

int64_t SignInDesk::unrecorded() const { return impl_->unrecorded.load(); }

bool SignInDesk::Impl::VerifyPassword(const Claimant& who, bool usable,
                                      std::string_view password) {
  return usable ? hasher.Verify(who.held.secrets.password_hash(), password)
                : hasher.VerifyNothing(password);
}

absl::StatusOr<v1::SignInResponse> SignInDesk::Impl::Prove(
    Claimant& who, const v1::SignInRequest& request, absl::Time deadline) {
  ASSIGN_OR_RETURN(const auto turn, Enter(who, deadline));
  v1::Credential& secrets = who.held.secrets;
  const absl::Time now = parts.clock.Now();
  const bool usable = who.account.active && who.account.kind == v1::STAFF &&
                      IsSetUp(who.account, secrets);
  const bool password = VerifyPassword(who, usable, request.password());
  const Factor factor = FindFactor(secrets, request.second_factor(), now);
  if (!usable || !password || !factor.holds()) {
    return Fail(who, v1::SIGN_IN_FAILED, deadline);
  }
  UseUp(factor, secrets);
  if (hasher.IsOutdated(secrets.password_hash())) {
    ASSIGN_OR_RETURN(const std::string hash, hasher.Hash(request.password()));
    secrets.set_password_hash(hash);
  }
  const std::string sign_in = factor.step ? "totp" : "recovery";
  RETURN_IF_ERROR(PutSecrets(who, deadline));
  if (!factor.step) {
    auth::Caller holder = HolderOf(who);
    holder.sign_in = sign_in;
    RETURN_IF_ERROR(
        RecordOwn(who, ActorOf(holder, v1::SELF), v1::RECOVERY_CODE, deadline));
  }
  RETURN_IF_ERROR(parts.book.ClearAttempts(who.account_key, deadline));
  const bool expired =
      auth::IsExpired(parts.options.policy,
                      absl::FromUnixSeconds(secrets.password_set_s()), now);
  return Begin(who, sign_in, expired, deadline);
}

absl::StatusOr<v1::SignInResponse> SignInDesk::SignIn(
    const auth::Caller& from, const v1::SignInRequest& request,
    absl::Time deadline) {
  Claimant who =
      impl_->Claim("SignIn", request.agency(), request.account(), from.source);
  auto response = impl_->Prove(who, request, deadline);
  if (response.ok()) return response;
  return impl_->Refused(who, response.status(), deadline);
}

absl::StatusOr<v1::SignInResponse> SignInDesk::Impl::ProveByProvider(
    Claimant& who, const v1::SignInWithProviderRequest& request,
    absl::Time deadline) {
  if (!parts.provider) return Refuse(v1::PROVIDER_TOKEN_REFUSED);
  RETURN_IF_ERROR(CheckThrottle(who, deadline));
  const auto claims = parts.provider(request.token(), parts.clock.Now());
  // That its keys cannot be had is no failure of whoever signs in.
  if (absl::IsUnavailable(claims.status()) ||
      absl::IsResourceExhausted(claims.status())) {
    return claims.status();
  }
  if (!claims.ok()) {
    return Fail(who, v1::PROVIDER_TOKEN_REFUSED, deadline);
  }
  ASSIGN_OR_RETURN(
      const bool fresh,
      parts.book.UseOnce(auth::TokenDigest(SignedPart(request.token())),
                         claims->expires, deadline));
  if (!fresh) return Fail(who, v1::PROVIDER_TOKEN_REFUSED, deadline);
  ASSIGN_OR_RETURN(const std::optional<storage::FoundAccount> found,
                   parts.book.AccountWith(
                       {storage::AccountKey::Kind::kSubject,
                        auth::SubjectDigest(claims->issuer, claims->subject)},
                       deadline));
  if (!found || found->agency != who.agency) {
    return Fail(who, v1::SIGN_IN_FAILED, deadline);
  }
  who.name = found->account;
  RETURN_IF_ERROR(Load(who, deadline));
  if (!who.account.active || who.account.kind != v1::STAFF ||
      who.account.subject.empty()) {
    return Fail(who, v1::SIGN_IN_FAILED, deadline);
  }
  return Begin(who, kByProvider, false, deadline);
}

absl::StatusOr<v1::SignInResponse> SignInDesk::SignInWithProvider(
    const auth::Caller& from, const v1::SignInWithProviderRequest& request,
    absl::Time deadline) {
  // Which account it is the token says: until it is believed, attempts are
  // counted by their source alone.
  Claimant who =
      impl_->Claim("SignInWithProvider", request.agency(), "", from.source);
  who.account_key.clear();
  auto response = impl_->ProveByProvider(who, request, deadline);
  if (response.ok()) return response;
  return impl_->Refused(who, response.status(), deadline);
}

}  // namespace gongkai::act
