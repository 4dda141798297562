// SPDX-License-Identifier: Apache-2.0
// Throttling and records of attempts.
#include <algorithm>

#include "absl/time/clock.h"
#include "services/act/account_streams.h"
#include "services/act/perform_impl.h"
#include "services/act/sign_in_impl.h"
#include "services/auth/names.h"
#include "services/base/dates.h"
#include "services/base/ids.h"
#include "services/base/refusal.h"
#include "services/base/status_macros.h"
#include "services/base/text.h"

namespace gongkai::act {
namespace {

constexpr absl::Duration kSourceWindow = absl::Minutes(1);
constexpr absl::Duration kSourceLock = absl::Minutes(1);

// So many refusals of attempts that were locked out or showed nobody's token
// are recorded in a minute. What led to the lock is recorded always.
constexpr int kFlood = 120;
constexpr absl::Duration kFloodWindow = absl::Minutes(1);

// Stands in the record where there is no account: what was typed might be
// anything, a password among it.
constexpr const char* kNobody = "nobody";

// For the agency of a record to be looked up.
constexpr absl::Duration kLookUp = absl::Seconds(2);

// Whether the answer is that there is no such agency; that it could not be
// looked up is no such answer.
bool IsNone(const absl::StatusOr<v1::AgencyTerms>& terms) {
  const auto refusal = RefusalOf(terms.status());
  return refusal && refusal->reason() == v1::NO_SUCH_AGENCY;
}

absl::Status TooMany(absl::Duration wait) {
  v1::Refusal refusal;
  refusal.set_reason(v1::TOO_MANY_ATTEMPTS);
  refusal.set_retry_ms(
      std::max<int64_t>(1000, absl::ToInt64Milliseconds(wait)));
  return Refuse(refusal);
}

}  // namespace

Claimant SignInDesk::Impl::Claim(std::string_view method,
                                 std::string_view agency,
                                 std::string_view typed,
                                 std::string_view source) {
  Claimant who;
  who.method = method;
  who.agency = std::string(agency);
  who.name = auth::NormalName(typed).value_or("");
  who.source = std::string(source);
  who.account_key = AccountAttemptKey(
      parts.vault, agency, who.name.empty() ? FoldForms(typed) : who.name);
  if (!source.empty()) who.source_key = SourceAttemptKey(parts.vault, source);
  return who;
}

absl::Status SignInDesk::Impl::CheckThrottle(const Claimant& who,
                                             absl::Time deadline) {
  const absl::Time now = parts.clock.Now();
  for (const std::string& key : {who.source_key, who.account_key}) {
    if (key.empty()) continue;
    ASSIGN_OR_RETURN(const storage::Attempts attempts,
                     parts.book.ReadAttempts(key, now, deadline));
    if (attempts.locked_until && *attempts.locked_until > now) {
      return TooMany(*attempts.locked_until - now);
    }
  }
  return absl::OkStatus();
}

absl::Status SignInDesk::Impl::Load(Claimant& who, absl::Time deadline) {
  ASSIGN_OR_RETURN(who.account, ReadAccount(parts.store, who.agency, who.name,
                                            false, deadline));
  ASSIGN_OR_RETURN(who.held, credentials.Read(who.agency, who.name, deadline));
  who.looked = true;
  return absl::OkStatus();
}

absl::StatusOr<std::unique_ptr<HashTurns::Turn>> SignInDesk::Impl::Enter(
    Claimant& who, absl::Time deadline) {
  RETURN_IF_ERROR(CheckThrottle(who, deadline));
  ASSIGN_OR_RETURN(auto turn, turns.Take(deadline));
  // Others may have failed while this one waited.
  RETURN_IF_ERROR(CheckThrottle(who, deadline));
  RETURN_IF_ERROR(Load(who, deadline));
  return turn;
}

absl::Status SignInDesk::Impl::Fail(const Claimant& who, v1::Reason reason,
                                    absl::Time deadline) {
  const absl::Time now = parts.clock.Now();
  const SignInOptions& options = parts.options;
  if (!who.account_key.empty()) {
    RETURN_IF_ERROR(parts.book
                        .AddFailure(who.account_key, options.failures,
                                    options.window, options.lock, now, deadline)
                        .status());
  }
  if (!who.source_key.empty()) {
    RETURN_IF_ERROR(parts.book
                        .AddFailure(who.source_key, options.source_failures,
                                    kSourceWindow, kSourceLock, now, deadline)
                        .status());
  }
  return Refuse(reason);
}

auth::Caller SignInDesk::Impl::HolderOf(const Claimant& who) const {
  auth::Caller holder;
  const bool known = who.account.version > 0;
  holder.account = known ? who.account.name : kNobody;
  holder.person = known ? who.account.person : kNobody;
  holder.agency = who.agency;
  holder.source = who.source;
  return holder;
}

bool SignInDesk::Impl::WorthARecord(v1::Reason reason) {
  if (reason != v1::TOO_MANY_ATTEMPTS && reason != v1::NOT_IDENTIFIED) {
    return true;
  }
  const absl::Time now = parts.clock.Now();
  absl::MutexLock lock(&flood_mutex);
  if (now - flood_begun >= kFloodWindow) {
    flood_begun = now;
    flood = 0;
  }
  if (++flood <= kFlood) return true;
  unrecorded.fetch_add(1);
  return false;
}

absl::Status SignInDesk::Impl::Refused(Claimant& who, const absl::Status& why,
                                       absl::Time deadline) {
  const auto refusal = RefusalOf(why);
  if (!refusal || !WorthARecord(refusal->reason())) return why;
  // Turned away before anything was read: whose account it was is read for the
  // record, if it can be.
  if (!who.looked && !who.name.empty()) {
    auto account =
        ReadAccount(parts.store, who.agency, who.name, false, deadline);
    if (account.ok()) who.account = *std::move(account);
  }
  // Asked whatever the account: the time it takes tells nothing of that.
  if (who.agency != storage::kNation &&
      IsNone(parts.registry.AgencyTermsOf(
          who.agency, std::min(deadline, absl::Now() + kLookUp)))) {
    who.agency = std::string(storage::kNation);
  }
  Refusing refusing;
  refusing.agency = who.agency;
  refusing.access.set_kind(v1::SIGN_IN_REFUSED);
  refusing.access.set_method(std::string(who.method));
  refusing.status = why;
  return parts.recorder.Refused(HolderOf(who), refusing, deadline);
}

absl::Status SignInDesk::Impl::RecordOwn(const Claimant& who,
                                         const v1::Actor& actor,
                                         v1::CredentialKind kind,
                                         absl::Time deadline) {
  StreamAct act;
  act.agency = who.agency;
  act.kind = storage::StreamKind::kAccount;
  act.stream = storage::AccountStream(who.name);
  act.request_id = NewUuid(parts.clock.Now());
  act.actor = actor;
  account::Account before;
  act.decide = [&](const storage::History& history)
      -> absl::StatusOr<std::optional<v1::Event>> {
    ASSIGN_OR_RETURN(before, AccountOf(who.agency, history));
    // It was closed or begun anew while this went on.
    if (!before.active || before.means_seq != who.account.means_seq) {
      return Refuse(v1::SIGN_IN_FAILED);
    }
    std::optional<v1::Event> event(std::in_place);
    event->mutable_credential_changed()->set_kind(kind);
    return event;
  };
  act.also = [&](const storage::History&, const v1::Event& event,
                 storage::Append& append) {
    append.account = RowOf(After(before, act.actor, event));
    return absl::OkStatus();
  };
  return writer.Record(act, deadline).status();
}

absl::Status SignInDesk::Impl::PutSecrets(Claimant& who, absl::Time deadline) {
  ASSIGN_OR_RETURN(const bool put,
                   credentials.Put(who.agency, who.name, who.held, deadline));
  return put ? absl::OkStatus() : Refuse(v1::SIGN_IN_FAILED);
}

}  // namespace gongkai::act
