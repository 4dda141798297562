// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_STORAGE_ACCOUNTS_H_
#define GONGKAI_STORAGE_ACCOUNTS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "storage/store.h"

// Accounts beside their streams: what must be found without folding, and what
// may not be in the record. Statuses as in store.h. Digests are SHA-256, 32
// bytes, of what only the caller has.
namespace gongkai::storage {

// An account to be listed.
struct FoundAccount {
  std::string agency;
  std::string account;
  std::string person;
  int kind = 0;
  bool active = true;
  int post = 0;
  std::optional<absl::Time> last_sign_in;
};

// The secrets of an account, sealed by whoever puts them.
struct Credential {
  int64_t version = 0;  // 0 when there is none
  std::string sealed;
};

// A session (会话).
struct SessionRow {
  std::string session;  // UUID
  std::string agency;
  std::string account;
  std::string sign_in;  // as in v1::Actor
  std::string source;
  bool only_password = false;
  absl::Time begun;
  std::string access;  // digest of the access token
  absl::Time access_until;
  std::string refresh;  // digest of the refresh token
  absl::Time idle_until;
  absl::Time until;
  // Over, by sign-out, revocation or replay.
  bool ended = false;
};

// What presenting a refresh token did.
enum class Rotated {
  kRotated,
  kUnknown,  // no session has had this token
  kOver,     // ended or past its time
  kReplayed  // used before: the session was ended
};

// How attempts under one key stand (登录失败处理).
struct Attempts {
  int failures = 0;
  std::optional<absl::Time> locked_until;
};

// Thread-safe.
class AccountBook {
 public:
  virtual ~AccountBook() = default;

  // The count of revocations; see History.
  virtual absl::StatusOr<int64_t> Revocation(absl::Time deadline) = 0;

  // Accounts of an agency by name, after one.
  virtual absl::StatusOr<std::vector<FoundAccount>> AccountsIn(
      std::string_view agency, std::string_view after, int limit,
      absl::Time deadline) = 0;
  // Every account of a person, in all agencies.
  virtual absl::StatusOr<std::vector<FoundAccount>> AccountsOf(
      std::string_view person, absl::Time deadline) = 0;
  // The account that has the key, active or not; absent when none has.
  virtual absl::StatusOr<std::optional<FoundAccount>> AccountWith(
      const AccountKey& key, absl::Time deadline) = 0;
  // The person known under the digest of an identity number; `fresh` becomes
  // its identifier when there is none.
  virtual absl::StatusOr<std::string> PersonFor(std::string_view digest,
                                                std::string_view fresh,
                                                absl::Time deadline) = 0;

  virtual absl::StatusOr<Credential> ReadCredential(std::string_view agency,
                                                    std::string_view account,
                                                    absl::Time deadline) = 0;
  // Puts it in the place of `version`; false when another came between.
  virtual absl::StatusOr<bool> PutCredential(std::string_view agency,
                                             std::string_view account,
                                             int64_t version,
                                             std::string_view sealed,
                                             absl::Time deadline) = 0;

  // Begins a session, and notes the sign-in of its account.
  virtual absl::Status OpenSession(const SessionRow& session,
                                   absl::Time deadline) = 0;
  // The session of an access token, ended or not; absent when there is none.
  virtual absl::StatusOr<std::optional<SessionRow>> SessionByAccess(
      std::string_view access, absl::Time deadline) = 0;
  // The same by its identifier.
  virtual absl::StatusOr<std::optional<SessionRow>> SessionById(
      std::string_view session, absl::Time deadline) = 0;
  // Exchanges the tokens of the session that has `refresh`, in one step: the
  // digests and times of `next` (access, access_until, refresh, idle_until)
  // take their place. A token used before ends the session and raises the
  // count of revocations. `session` is the session after it, when there is one.
  struct Rotation {
    Rotated outcome = Rotated::kUnknown;
    SessionRow session;
  };
  virtual absl::StatusOr<Rotation> RotateSession(std::string_view refresh,
                                                 const SessionRow& next,
                                                 absl::Time now,
                                                 absl::Time deadline) = 0;
  // Ends one session, or all of an account but `keep` (may be empty); raises
  // the count of revocations. How many were ended.
  virtual absl::StatusOr<int> EndSession(std::string_view agency,
                                         std::string_view session,
                                         absl::Time deadline) = 0;
  virtual absl::StatusOr<int> EndSessions(std::string_view agency,
                                          std::string_view account,
                                          std::string_view keep,
                                          absl::Time deadline) = 0;

  // Attempts under a key: of an account, whether or not it exists.
  virtual absl::StatusOr<Attempts> ReadAttempts(std::string_view key,
                                                absl::Time now,
                                                absl::Time deadline) = 0;
  // One more failure: at `limit` of them within `window` the key is locked for
  // `lock`, twice as long each time it happens again, at most 16 times.
  virtual absl::StatusOr<Attempts> AddFailure(std::string_view key, int limit,
                                              absl::Duration window,
                                              absl::Duration lock,
                                              absl::Time now,
                                              absl::Time deadline) = 0;
  virtual absl::Status ClearAttempts(std::string_view key,
                                     absl::Time deadline) = 0;

  // Notes a token of the identity provider as used until it would end anyway;
  // false when it was used before.
  virtual absl::StatusOr<bool> UseOnce(std::string_view digest,
                                       absl::Time until,
                                       absl::Time deadline) = 0;
};

// Data keys, for the job that wraps them anew. Thread-safe.
class KeyBook {
 public:
  virtual ~KeyBook() = default;
  struct StreamKey {
    std::string agency;
    std::string stream;
    DataKey key;
  };
  // Keys under another outer key than `newest`, at most `limit`.
  virtual absl::StatusOr<std::vector<StreamKey>> KeysNotUnder(
      int newest, int limit, absl::Time deadline) = 0;
  // Puts `to` where `from` still is; false when it is not.
  virtual absl::StatusOr<bool> ReplaceKey(std::string_view agency,
                                          std::string_view stream,
                                          const DataKey& from,
                                          const DataKey& to,
                                          absl::Time deadline) = 0;
  // The secrets of an account, as PutCredential takes them.
  struct AccountSecret {
    std::string agency;
    std::string account;
    int64_t version = 0;
    std::string sealed;
  };
  // Secrets under another outer key than `newest`, at most `limit`. The number
  // of their key stands in the four bytes after the first, as the vault seals
  // them.
  virtual absl::StatusOr<std::vector<AccountSecret>> SecretsNotUnder(
      int newest, int limit, absl::Time deadline) = 0;
  // How many data keys and secrets lie under each outer key.
  struct KeyCount {
    int outer = 0;
    int64_t keys = 0;
    int64_t secrets = 0;
  };
  virtual absl::StatusOr<std::vector<KeyCount>> CountKeys(
      absl::Time deadline) = 0;
  // Seals at most `limit` private parts that were stored bare, before there
  // were keys. How many were found; 0 when there are no more.
  // FAILED_PRECONDITION when the store has no keys.
  virtual absl::StatusOr<int> SealPlain(int limit, absl::Time deadline) = 0;
};

}  // namespace gongkai::storage

#endif  // GONGKAI_STORAGE_ACCOUNTS_H_
