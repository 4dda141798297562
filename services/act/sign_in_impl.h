// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_ACT_SIGN_IN_IMPL_H_
#define GONGKAI_SERVICES_ACT_SIGN_IN_IMPL_H_

#include <atomic>
#include <memory>
#include <string>
#include <string_view>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "services/account/account.h"
#include "services/act/credentials.h"
#include "services/act/hash_turn.h"
#include "services/act/sign_in.h"
#include "services/act/stream_act.h"
#include "services/auth/password.h"

// What the parts of signing in share: sign_in.cc (proving), set_up.cc (means of
// proof), sessions.cc (tokens) and sign_in_parts.cc (throttling, records).
namespace gongkai::act {

// How a session by the identity provider was begun, as Actor.sign_in has it.
inline constexpr std::string_view kByProvider = "oidc";

// Somebody who claims to hold an account, and what was found of it.
struct Claimant {
  std::string_view method;
  std::string agency;
  std::string name;  // empty when what was typed names nobody
  std::string source;
  std::string account_key;  // of attempts
  std::string source_key;   // empty without a source
  account::Account account;
  HeldSecrets held;
  bool looked = false;  // these two were read
};

struct SignInDesk::Impl {
  explicit Impl(Parts given)
      : parts(std::move(given)),
        hasher(parts.options.cost),
        turns(parts.options.most_waiting),
        credentials(parts.book, parts.vault),
        writer(parts.store, parts.registry, parts.clock, parts.standing) {}

  const Parts parts;
  auth::PasswordHasher hasher;
  HashTurns turns;
  Credentials credentials;
  StreamWriter writer;
  std::atomic<int64_t> unrecorded{0};
  absl::Mutex flood_mutex;
  absl::Time flood_begun ABSL_GUARDED_BY(flood_mutex);
  int flood ABSL_GUARDED_BY(flood_mutex) = 0;

  // sign_in_parts.cc
  Claimant Claim(std::string_view method, std::string_view agency,
                 std::string_view typed, std::string_view source);
  // OK, or TOO_MANY_ATTEMPTS with the time to wait.
  absl::Status CheckThrottle(const Claimant& who, absl::Time deadline);
  // Reads account and secrets; the same work when there are none.
  absl::Status Load(Claimant& who, absl::Time deadline);
  // A turn to hash, taken between two looks at the throttle.
  absl::StatusOr<std::unique_ptr<HashTurns::Turn>> Enter(Claimant& who,
                                                         absl::Time deadline);
  // Counts a failed attempt; returns the answer to it.
  absl::Status Fail(const Claimant& who, v1::Reason reason,
                    absl::Time deadline);
  // Whether a refusal that cost nothing is still worth a record, or one of a
  // flood that would fill the log.
  bool WorthARecord(v1::Reason reason);
  // Records that the claimant was refused, with the nation's when the agency
  // that was named is none; returns why.
  absl::Status Refused(Claimant& who, const absl::Status& why,
                       absl::Time deadline);
  // Records the event of a means of proof by the account itself.
  absl::Status RecordOwn(const Claimant& who, const v1::Actor& actor,
                         v1::CredentialKind kind, absl::Time deadline);
  // The account's holder as the record names him; nobody when it is not there.
  auth::Caller HolderOf(const Claimant& who) const;
  // The version of the secrets counts: another's change in between makes this
  // attempt one that failed.
  absl::Status PutSecrets(Claimant& who, absl::Time deadline);

  // sign_in.cc
  absl::StatusOr<v1::SignInResponse> Prove(Claimant& who,
                                           const v1::SignInRequest& request,
                                           absl::Time deadline);
  bool VerifyPassword(const Claimant& who, bool usable,
                      std::string_view password);
  absl::StatusOr<v1::SignInResponse> ProveByProvider(
      Claimant& who, const v1::SignInWithProviderRequest& request,
      absl::Time deadline);

  // set_up.cc
  bool HoldsCode(const Claimant& who, std::string_view code);
  absl::StatusOr<v1::SetUpResponse> BeginSetUpOf(
      Claimant& who, const v1::SetUpRequest& request, absl::Time deadline);
  absl::StatusOr<v1::ConfirmSetUpResponse> EndSetUpOf(
      Claimant& who, const v1::ConfirmSetUpRequest& request,
      absl::Time deadline);
  absl::Status Replace(Claimant& who, const auth::Caller& caller,
                       const v1::ChangePasswordRequest& request,
                       absl::Time deadline);
  // PASSWORD_TOO_WEAK also of one of the last passwords.
  absl::Status CheckNew(const Claimant& who, std::string_view password);

  // sessions.cc
  absl::StatusOr<v1::SignInResponse> Begin(const Claimant& who,
                                           std::string_view sign_in,
                                           bool only_password,
                                           absl::Time deadline);
  // Whether what was proved proves it yet, once the session is begun: a reset,
  // another password or the end of a link may have come between.
  // SIGN_IN_FAILED if not.
  absl::Status StillProved(const Claimant& who, std::string_view sign_in,
                           absl::Time deadline);
};

}  // namespace gongkai::act

#endif  // GONGKAI_SERVICES_ACT_SIGN_IN_IMPL_H_
