// SPDX-License-Identifier: Apache-2.0
// Sessions: begun, refreshed, ended.
#include <algorithm>

#include "services/act/account_streams.h"
#include "services/act/perform_impl.h"
#include "services/act/sign_in_impl.h"
#include "services/auth/secret.h"
#include "services/auth/tokens.h"
#include "services/base/ids.h"
#include "services/base/refusal.h"
#include "services/base/status_macros.h"

namespace gongkai::act {
namespace {

// A pair of tokens as they are handed out; wiped when it goes.
struct Pair {
  std::string access = auth::NewToken(auth::kAccessPrefix);
  std::string refresh = auth::NewToken(auth::kRefreshPrefix);
  auth::Wiped wiped_access{access};
  auth::Wiped wiped_refresh{refresh};
};

void SetTokens(const Pair& pair, const SignInOptions& options, absl::Time now,
               storage::SessionRow& session) {
  session.access = auth::TokenDigest(pair.access);
  session.access_until = now + options.access;
  session.refresh = auth::TokenDigest(pair.refresh);
  session.idle_until = now + options.idle;
}

v1::SignInResponse ResponseOf(const Pair& pair,
                              const storage::SessionRow& session,
                              absl::Time now) {
  const auto seconds = [&](absl::Time until) {
    return std::max<int64_t>(0, absl::ToInt64Seconds(until - now));
  };
  v1::SignInResponse response;
  response.set_access_token(pair.access);
  response.set_access_expires_s(seconds(session.access_until));
  response.set_refresh_token(pair.refresh);
  response.set_idle_expires_s(seconds(session.idle_until));
  response.set_session_expires_s(seconds(session.until));
  response.set_must_change_password(session.only_password);
  response.set_agency(session.agency);
  response.set_account(session.account);
  return response;
}

}  // namespace

absl::StatusOr<v1::SignInResponse> SignInDesk::Impl::Begin(
    const Claimant& who, std::string_view sign_in, bool only_password,
    absl::Time deadline) {
  const absl::Time now = parts.clock.Now();
  const Pair pair;
  storage::SessionRow session;
  session.session = NewUuid(now);
  session.agency = who.agency;
  session.account = who.name;
  session.sign_in = std::string(sign_in);
  session.source = who.source;
  session.only_password = only_password;
  session.begun = now;
  session.until = now + parts.options.session;
  SetTokens(pair, parts.options, now, session);
  session.access_until = std::min(session.access_until, session.until);
  session.idle_until = std::min(session.idle_until, session.until);
  RETURN_IF_ERROR(parts.book.OpenSession(session, deadline));
  const absl::Status stands = StillProved(who, session.sign_in, deadline);
  if (!stands.ok()) {
    // Nobody has its tokens.
    parts.book.EndSession(who.agency, session.session, deadline)
        .status()
        .IgnoreError();
    return stands;
  }
  auth::Caller holder = HolderOf(who);
  holder.sign_in = session.sign_in;
  holder.session = session.session;
  v1::Access access;
  access.set_kind(v1::SIGNED_IN);
  access.set_method(std::string(who.method));
  const absl::Status recorded =
      parts.recorder.Record(holder, who.agency, access, deadline);
  if (!recorded.ok()) {
    // Nobody has its tokens; what counts is that it was not recorded.
    parts.book.EndSession(who.agency, session.session, deadline)
        .status()
        .IgnoreError();
    return recorded;
  }
  return ResponseOf(pair, session, now);
}

// What takes the proof away ends the sessions in the transaction that changes
// the account, whose row beginning a session locks too, or, of a password,
// after it: whichever of the two comes later sees the other.
absl::Status SignInDesk::Impl::StillProved(const Claimant& who,
                                           std::string_view sign_in,
                                           absl::Time deadline) {
  ASSIGN_OR_RETURN(
      const account::Account now,
      ReadAccount(parts.store, who.agency, who.name, false, deadline));
  if (!now.active || now.means_seq != who.account.means_seq) {
    return Refuse(v1::SIGN_IN_FAILED);
  }
  if (sign_in == kByProvider) {
    return now.subject == who.account.subject ? absl::OkStatus()
                                              : Refuse(v1::SIGN_IN_FAILED);
  }
  // Another password may have taken the place of the one that was proved.
  ASSIGN_OR_RETURN(const HeldSecrets held,
                   credentials.Read(who.agency, who.name, deadline));
  return held.secrets.password_hash() == who.held.secrets.password_hash()
             ? absl::OkStatus()
             : Refuse(v1::SIGN_IN_FAILED);
}

absl::StatusOr<v1::SignInResponse> SignInDesk::Refresh(
    const auth::Caller& from, const v1::RefreshRequest& request,
    absl::Time deadline) {
  const Parts& parts = impl_->parts;
  const absl::Time now = parts.clock.Now();
  const Pair pair;
  storage::SessionRow next;
  SetTokens(pair, parts.options, now, next);
  using Rotation = storage::AccountBook::Rotation;
  ASSIGN_OR_RETURN(
      const Rotation rotation,
      parts.book.RotateSession(auth::TokenDigest(request.refresh_token()), next,
                               now, deadline));
  const storage::SessionRow& session = rotation.session;
  if (rotation.outcome == storage::Rotated::kRotated) {
    return ResponseOf(pair, session, now);
  }
  Claimant who =
      impl_->Claim("Refresh", session.agency, session.account, from.source);
  if (rotation.outcome == storage::Rotated::kUnknown) {
    who.agency = std::string(storage::kNation);
    return impl_->Refused(who, Refuse(v1::NOT_IDENTIFIED), deadline);
  }
  RETURN_IF_ERROR(impl_->Load(who, deadline));
  if (rotation.outcome == storage::Rotated::kReplayed) {
    auth::Caller holder = impl_->HolderOf(who);
    holder.session = session.session;
    v1::Access access;
    access.set_kind(v1::TOKEN_REPLAYED);
    access.set_method("Refresh");
    RETURN_IF_ERROR(
        parts.recorder.Record(holder, who.agency, access, deadline));
    return Refuse(v1::SESSION_OVER);
  }
  return impl_->Refused(who, Refuse(v1::SESSION_OVER), deadline);
}

absl::StatusOr<v1::SignOutResponse> SignInDesk::SignOut(
    const auth::Caller& caller, absl::Time deadline) {
  const Parts& parts = impl_->parts;
  if (!IsUuid(caller.session)) return Refuse(v1::NOT_IDENTIFIED);
  RETURN_IF_ERROR(
      parts.book.EndSession(caller.agency, caller.session, deadline).status());
  v1::Access access;
  access.set_kind(v1::SIGNED_OUT);
  access.set_method("SignOut");
  RETURN_IF_ERROR(
      parts.recorder.Record(caller, caller.agency, access, deadline));
  return v1::SignOutResponse();
}

}  // namespace gongkai::act
