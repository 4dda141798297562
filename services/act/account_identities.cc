// SPDX-License-Identifier: Apache-2.0
#include "services/act/account_identities.h"

#include <algorithm>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "services/act/account_streams.h"
#include "services/auth/names.h"
#include "services/auth/tokens.h"
#include "services/base/dates.h"
#include "services/base/refusal.h"
#include "services/base/status_macros.h"

namespace gongkai::act {
namespace {

// Stands before the fingerprint where a session's identifier would stand.
constexpr std::string_view kCertificate = "mtls:";

// When the next day begins in Shanghai, UTC+8.
absl::Time NextMidnight(absl::Time now) {
  const absl::CivilDay next = ShanghaiDay(now) + 1;
  return absl::FromCivil(next, absl::FixedTimeZone(8 * 60 * 60));
}

auth::Caller CallerOf(const account::Account& account) {
  auth::Caller caller;
  caller.account = account.name;
  caller.person = account.person;
  caller.agency = account.agency;
  return caller;
}

bool IsOver(const storage::SessionRow& session, absl::Time now) {
  return session.ended || now >= session.access_until ||
         now >= session.idle_until || now >= session.until;
}

}  // namespace

AccountIdentities::AccountIdentities(storage::Store& store,
                                     storage::AccountBook& book,
                                     vault::Vault& vault, Clock& clock)
    : store_(store), book_(book), credentials_(book, vault), clock_(clock) {}

absl::StatusOr<bool> AccountIdentities::HasPostElsewhere(
    const account::Account& account, absl::Time deadline) {
  ASSIGN_OR_RETURN(const std::vector<storage::FoundAccount> all,
                   book_.AccountsOf(account.person, deadline));
  return std::any_of(
      all.begin(), all.end(), [&](const storage::FoundAccount& one) {
        const bool other =
            one.agency != account.agency || one.account != account.name;
        return other && one.post != 0;
      });
}

absl::StatusOr<std::vector<auth::HeldRole>> AccountIdentities::RolesFor(
    const account::Account& account, std::string_view on_behalf_of,
    absl::Time deadline) {
  // Two acts on two accounts of one person may have met: the post alone counts.
  ASSIGN_OR_RETURN(const bool post, HasPostElsewhere(account, deadline));
  if (on_behalf_of.empty()) {
    return post ? std::vector<auth::HeldRole>() : account::RolesOf(account);
  }
  const auto principal = auth::NormalName(on_behalf_of);
  if (post || !principal) return Refuse(v1::NOT_DEPUTY);
  ASSIGN_OR_RETURN(
      const account::Account lender,
      ReadAccount(store_, account.agency, *principal, false, deadline));
  std::vector<auth::HeldRole> roles =
      account::LentOn(account, lender, ShanghaiDay(clock_.Now()));
  if (roles.empty()) return Refuse(v1::NOT_DEPUTY);
  return roles;
}

absl::StatusOr<bool> AccountIdentities::ChangedSince(
    const account::Account& account, absl::Time begun, absl::Time deadline) {
  ASSIGN_OR_RETURN(const HeldSecrets held,
                   credentials_.Read(account.agency, account.name, deadline));
  // Whole seconds are kept; the password that was over is older by days.
  return held.secrets.password_set_s() >= absl::ToUnixSeconds(begun);
}

absl::StatusOr<Identified> AccountIdentities::BySession(
    const std::optional<storage::SessionRow>& session,
    std::string_view on_behalf_of, int64_t revocation, absl::Time deadline) {
  if (!session) return Refuse(v1::NOT_IDENTIFIED);
  const absl::Time now = clock_.Now();
  if (IsOver(*session, now)) return Refuse(v1::SESSION_OVER);
  ASSIGN_OR_RETURN(
      const account::Account account,
      ReadAccount(store_, session->agency, session->account, false, deadline));
  if (!account.active) return Refuse(v1::SESSION_OVER);
  Identified identified;
  identified.caller = CallerOf(account);
  identified.caller.sign_in = session->sign_in;
  identified.caller.session = session->session;
  identified.caller.revocation = revocation;
  identified.until = std::min({session->access_until, session->idle_until,
                               session->until, NextMidnight(now)});
  if (session->only_password) {
    ASSIGN_OR_RETURN(const bool changed,
                     ChangedSince(account, session->begun, deadline));
    identified.only_password = !changed;
    if (!changed) return identified;
  }
  ASSIGN_OR_RETURN(identified.caller.roles,
                   RolesFor(account, on_behalf_of, deadline));
  if (!on_behalf_of.empty()) {
    identified.caller.on_behalf_of = *auth::NormalName(on_behalf_of);
  }
  return identified;
}

absl::StatusOr<Identified> AccountIdentities::ByAccessToken(
    std::string_view token, std::string_view on_behalf_of,
    absl::Time deadline) {
  if (!token.starts_with(auth::kAccessPrefix)) {
    return Refuse(v1::NOT_IDENTIFIED);
  }
  // Read first: what is taken away from here on is looked at again.
  ASSIGN_OR_RETURN(const int64_t revocation, book_.Revocation(deadline));
  ASSIGN_OR_RETURN(const std::optional<storage::SessionRow> session,
                   book_.SessionByAccess(auth::TokenDigest(token), deadline));
  return BySession(session, on_behalf_of, revocation, deadline);
}

absl::StatusOr<Identified> AccountIdentities::ByCertificate(
    std::string_view fingerprint, absl::Time deadline) {
  ASSIGN_OR_RETURN(const int64_t revocation, book_.Revocation(deadline));
  const std::string print(fingerprint);
  ASSIGN_OR_RETURN(const std::optional<storage::FoundAccount> found,
                   book_.AccountWith({storage::AccountKey::Kind::kCertificate,
                                      absl::HexStringToBytes(print)},
                                     deadline));
  if (!found) return Refuse(v1::NOT_IDENTIFIED);
  ASSIGN_OR_RETURN(
      const account::Account account,
      ReadAccount(store_, found->agency, found->account, false, deadline));
  const auto& prints = account.certificates;
  if (!account.active || account.kind != v1::SERVICE_ACCOUNT ||
      std::find(prints.begin(), prints.end(), print) == prints.end()) {
    return Refuse(v1::NOT_IDENTIFIED);
  }
  Identified identified;
  identified.caller = CallerOf(account);
  identified.caller.roles = account::RolesOf(account);
  identified.caller.sign_in = "mtls";
  identified.caller.session = absl::StrCat(ToAbsl(kCertificate), print);
  identified.caller.revocation = revocation;
  identified.until = NextMidnight(clock_.Now());
  return identified;
}

absl::Status AccountIdentities::StillStands(const auth::Caller& caller,
                                            absl::Time deadline) {
  absl::StatusOr<Identified> now = absl::UnknownError("not looked at");
  if (caller.session.starts_with(kCertificate)) {
    now = ByCertificate(
        std::string_view(caller.session).substr(kCertificate.size()), deadline);
  } else {
    ASSIGN_OR_RETURN(const std::optional<storage::SessionRow> session,
                     book_.SessionById(caller.session, deadline));
    now = BySession(session, caller.on_behalf_of, 0, deadline);
  }
  if (absl::IsUnavailable(now.status()) ||
      absl::IsDeadlineExceeded(now.status()) ||
      absl::IsResourceExhausted(now.status())) {
    return now.status();
  }
  const bool same = now.ok() && now->caller.account == caller.account &&
                    now->caller.person == caller.person &&
                    now->caller.agency == caller.agency &&
                    now->caller.roles == caller.roles;
  return same ? absl::OkStatus() : Refuse(v1::SESSION_OVER);
}

}  // namespace gongkai::act
