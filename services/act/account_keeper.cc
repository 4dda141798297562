// SPDX-License-Identifier: Apache-2.0
// The path of an act on an account; opening, closing, beginning anew.
#include "services/act/account_keeper.h"

#include <algorithm>

#include "services/act/account_keeper_impl.h"
#include "services/act/account_streams.h"
#include "services/act/perform_impl.h"
#include "services/auth/names.h"
#include "services/base/dates.h"
#include "services/base/ids.h"
#include "services/base/refusal.h"
#include "services/base/status_macros.h"
#include "services/base/text.h"
#include "services/law/numbers.h"

namespace gongkai::act {
namespace {

constexpr int kTries = 8;
constexpr size_t kShortestNumber = 5;
constexpr size_t kLongestNumber = 40;
constexpr size_t kResidentNumber = 18;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// Whether one of the documents whose numbers are 17 digits and a check digit
// has this one.
bool HasCheckDigit(const std::string& number) {
  for (const v1::IdentityKind kind : {v1::RESIDENT_ID, v1::HMT_RESIDENCE_PERMIT,
                                      v1::FOREIGN_PERMANENT_RESIDENT_ID}) {
    if (law::CheckIdentityNumber(kind, number) == v1::CHECK_PASSED) return true;
  }
  return false;
}

// Four eyes are those of two persons, so every account of staff is a known
// person's; a number mistyped would make one person two. What kind of document
// it is of is not asked: only what cannot be a number is refused.
absl::Status CheckHolder(const std::string& number) {
  constexpr const char* kField = "identity_number";
  if (number.empty()) {
    return RefuseField(kField,
                       "the number of the holder's identity document: accounts "
                       "of staff belong to known persons");
  }
  const auto is_plain = [](char c) {
    return IsDigit(c) || (c >= 'A' && c <= 'Z');
  };
  const bool fits = number.size() >= kShortestNumber &&
                    number.size() <= kLongestNumber &&
                    std::all_of(number.begin(), number.end(), is_plain) &&
                    std::any_of(number.begin(), number.end(), IsDigit) &&
                    number.find_first_not_of(number[0]) != std::string::npos;
  if (!fits) {
    return RefuseField(kField,
                       "the number of an identity document, 5 to 40 letters "
                       "and digits");
  }
  const bool resident =
      number.size() == kResidentNumber &&
      std::all_of(number.begin(), number.end() - 1, IsDigit) &&
      (IsDigit(number.back()) || number.back() == 'X');
  if (resident && !HasCheckDigit(number)) {
    return RefuseField(kField, "a number with its check digit");
  }
  return absl::OkStatus();
}

}  // namespace

AccountKeeper::AccountKeeper(Parts parts)
    : impl_(std::make_unique<Impl>(std::move(parts))) {}
AccountKeeper::~AccountKeeper() = default;

absl::CivilDay AccountKeeper::Impl::Today() {
  return ShanghaiDay(parts.clock.Now());
}

absl::StatusOr<Streamed> AccountKeeper::Impl::Record(const auth::Caller& caller,
                                                     const KeepAct& act,
                                                     absl::Time deadline) {
  StreamAct streamed;
  streamed.caller = &caller;
  streamed.agency = act.agency;
  streamed.kind = storage::StreamKind::kAccount;
  streamed.stream = storage::AccountStream(act.name);
  streamed.request_id = act.request_id;
  streamed.mac = act.mac;
  streamed.actor = ActorOf(caller, act.capacity);
  streamed.held_elsewhere = act.held_elsewhere;
  account::Account before;
  streamed.decide = [&](const storage::History& history)
      -> absl::StatusOr<std::optional<v1::Event>> {
    ASSIGN_OR_RETURN(before, AccountOf(act.agency, history));
    ASSIGN_OR_RETURN(const std::vector<account::Account> others,
                     OtherAccounts(parts.store, parts.book, before, deadline));
    ASSIGN_OR_RETURN(v1::Event event,
                     act.decide({before, others, streamed.actor, Today()}));
    return std::optional(std::move(event));
  };
  streamed.also = [&](const storage::History&, const v1::Event& event,
                      storage::Append& append) {
    append.account = RowOf(After(before, streamed.actor, event));
    append.account->end_sessions = act.end_sessions;
    return absl::OkStatus();
  };
  return writer.Record(streamed, deadline);
}

absl::StatusOr<Streamed> AccountKeeper::Impl::Keep(const auth::Caller& caller,
                                                   auth::Access access,
                                                   KeepAct act,
                                                   absl::Time deadline) {
  absl::Status status = auth::MayAccess(caller, act.agency, access);
  if (status.ok()) {
    act.capacity = auth::CapacityFor(caller, access);
    auto streamed = Record(caller, act, deadline);
    if (streamed.ok()) return streamed;
    status = streamed.status();
  }
  return parts.recorder.Refused(
      caller, RefusalFor(act.method, act.agency, status), deadline);
}

absl::StatusOr<Streamed> AccountKeeper::Impl::KeepOwn(
    const auth::Caller& caller, KeepAct act, absl::Time deadline) {
  act.capacity = v1::SELF;
  auto streamed = Record(caller, act, deadline);
  if (streamed.ok()) return streamed;
  return parts.recorder.Refused(
      caller, RefusalFor(act.method, act.agency, streamed.status()), deadline);
}

absl::StatusOr<std::string> AccountKeeper::Impl::PersonOf(
    std::string_view identity_number, absl::Time deadline) {
  const std::string number = law::NormalizeNumber(FoldForms(identity_number));
  RETURN_IF_ERROR(CheckHolder(number));
  return parts.book.PersonFor(
      parts.vault.BlindIndex("person of account", number),
      NewUuid(parts.clock.Now()), deadline);
}

absl::StatusOr<AccountKeeper::FirstCode> AccountKeeper::Impl::IssueCode(
    std::string_view agency, std::string_view name, int64_t begun_seq,
    absl::Time deadline) {
  FirstCode issued{std::string(name), NewSetUpCode(),
                   parts.clock.Now() + parts.options.set_up};
  for (int i = 0; i < kTries; ++i) {
    ASSIGN_OR_RETURN(HeldSecrets held,
                     credentials.Read(agency, name, deadline));
    // Another, later beginning stands.
    if (held.secrets.begun_seq() > begun_seq) break;
    BeginSetUp(begun_seq, issued.code, issued.until, held.secrets);
    ASSIGN_OR_RETURN(const bool put,
                     credentials.Put(agency, name, held, deadline));
    if (!put) continue;
    RETURN_IF_ERROR(parts.book.ClearAttempts(
        AccountAttemptKey(parts.vault, agency, name), deadline));
    return issued;
  }
  return Refuse(v1::VERSION_STALE);
}

absl::StatusOr<v1::OpenAccountResponse> AccountKeeper::OpenAccount(
    const auth::Caller& caller, const v1::OpenAccountRequest& request,
    absl::Time deadline) {
  const auto name = auth::NormalName(request.account());
  if (!name) return RefuseField("account", auth::kNameForm);
  if (request.agency() != storage::kNation) {
    RETURN_IF_ERROR(
        impl_->parts.registry.AgencyTermsOf(request.agency(), deadline)
            .status());
  }
  KeepAct act;
  act.method = "OpenAccount";
  act.agency = request.agency();
  act.name = *name;
  act.request_id = request.request_id();
  act.mac = RequestMac(impl_->parts.request_key, caller, request);
  act.decide = [&](const account::Matter& m) -> absl::StatusOr<v1::Event> {
    v1::AccountOpening opening;
    opening.set_account(*name);
    opening.set_kind(request.kind());
    opening.set_display_name(request.display_name());
    if (request.kind() == v1::STAFF) {
      ASSIGN_OR_RETURN(*opening.mutable_person(),
                       impl_->PersonOf(request.identity_number(), deadline));
    } else if (request.identity_number().empty()) {
      opening.set_person(NewUuid(impl_->parts.clock.Now()));
    } else {
      return RefuseField("identity_number", "none for a program");
    }
    return account::OpenAccount(m, opening);
  };
  ASSIGN_OR_RETURN(
      const Streamed streamed,
      impl_->Keep(caller, auth::Access::kKeepAccounts, act, deadline));
  v1::OpenAccountResponse response;
  if (streamed.what == Streamed::kRecorded && request.kind() == v1::STAFF) {
    ASSIGN_OR_RETURN(
        const FirstCode issued,
        impl_->IssueCode(act.agency, act.name, streamed.seq, deadline));
    response.set_set_up_code(issued.code);
    response.set_set_up_until_time(FormatInstant(issued.until));
  }
  RETURN_IF_ERROR(
      impl_->View(act.agency, act.name, *response.mutable_account(), deadline));
  return response;
}

absl::StatusOr<v1::ResetAccountResponse> AccountKeeper::ResetAccount(
    const auth::Caller& caller, const v1::ResetAccountRequest& request,
    absl::Time deadline) {
  KeepAct act;
  act.method = "ResetAccount";
  act.agency = request.agency();
  act.name = request.account();
  act.request_id = request.request_id();
  act.mac = RequestMac(impl_->parts.request_key, caller, request);
  act.decide = account::BeginAnew;
  act.end_sessions = true;
  ASSIGN_OR_RETURN(
      const Streamed streamed,
      impl_->Keep(caller, auth::Access::kKeepAccounts, act, deadline));
  v1::ResetAccountResponse response;
  if (streamed.what == Streamed::kRecorded) {
    ASSIGN_OR_RETURN(
        const FirstCode issued,
        impl_->IssueCode(act.agency, act.name, streamed.seq, deadline));
    response.set_set_up_code(issued.code);
    response.set_set_up_until_time(FormatInstant(issued.until));
  }
  return response;
}

absl::StatusOr<v1::AccountResponse> AccountKeeper::SetAccountState(
    const auth::Caller& caller, const v1::SetAccountStateRequest& request,
    absl::Time deadline) {
  return impl_->Serve(
      caller, "SetAccountState", request, auth::Access::kKeepAccounts, deadline,
      [&](const account::Matter& m) {
        return account::SetState(m, request.active(), request.reason());
      },
      !request.active());
}

absl::StatusOr<v1::EndSessionsResponse> AccountKeeper::EndSessions(
    const auth::Caller& caller, const v1::EndSessionsRequest& request,
    absl::Time deadline) {
  const Parts& parts = impl_->parts;
  absl::Status status =
      auth::MayAccess(caller, request.agency(), auth::Access::kKeepAccounts);
  if (status.ok()) {
    ASSIGN_OR_RETURN(const account::Account account,
                     ReadAccount(parts.store, request.agency(),
                                 request.account(), false, deadline));
    if (account.version == 0) {
      status = Refuse(v1::NO_SUCH_ACCOUNT);
    } else if (account.person == caller.person) {
      status = Refuse(v1::OWN_ACCOUNT);
    }
  }
  if (!status.ok()) {
    return parts.recorder.Refused(
        caller, RefusalFor("EndSessions", request.agency(), status), deadline);
  }
  v1::EndSessionsResponse response;
  ASSIGN_OR_RETURN(const int ended,
                   parts.book.EndSessions(request.agency(), request.account(),
                                          "", deadline));
  response.set_ended(ended);
  v1::Access access;
  access.set_kind(v1::SIGNED_OUT);
  access.set_method("EndSessions");
  RETURN_IF_ERROR(
      parts.recorder.Record(caller, request.agency(), access, deadline));
  return response;
}

}  // namespace gongkai::act
