// SPDX-License-Identifier: Apache-2.0
#include "services/act/credentials.h"

#include <sodium.h>

#include "absl/strings/str_cat.h"
#include "services/auth/secret.h"
#include "services/auth/tokens.h"
#include "services/base/address.h"
#include "services/base/dates.h"
#include "services/base/status_macros.h"

namespace gongkai::act {
namespace {

constexpr int kSetUpChars = 24;
constexpr int kEarlierAtMost = 24;

void Wipe(std::string* text) { sodium_memzero(text->data(), text->size()); }

}  // namespace

HeldSecrets::~HeldSecrets() {
  Wipe(secrets.mutable_set_up_digest());
  Wipe(secrets.mutable_password_hash());
  Wipe(secrets.mutable_totp_key());
  for (std::string& hash : *secrets.mutable_earlier_hashes()) Wipe(&hash);
  for (std::string& digest : *secrets.mutable_recovery_digests()) {
    Wipe(&digest);
  }
}

absl::StatusOr<HeldSecrets> Credentials::Read(std::string_view agency,
                                              std::string_view account,
                                              absl::Time deadline) {
  ASSIGN_OR_RETURN(const storage::Credential stored,
                   book_.ReadCredential(agency, account, deadline));
  HeldSecrets held;
  held.version = stored.version;
  if (stored.version == 0) return held;
  ASSIGN_OR_RETURN(std::string plain,
                   vault_.OpenSecret(vault::CredentialContext(agency, account),
                                     stored.sealed));
  const auth::Wiped wiped(plain);
  if (!held.secrets.ParseFromString(plain)) {
    return absl::DataLossError("the secrets of an account cannot be read");
  }
  return held;
}

absl::StatusOr<bool> Credentials::Put(std::string_view agency,
                                      std::string_view account,
                                      HeldSecrets& held, absl::Time deadline) {
  std::string plain = held.secrets.SerializeAsString();
  const auth::Wiped wiped(plain);
  ASSIGN_OR_RETURN(
      const std::string sealed,
      vault_.SealSecret(vault::CredentialContext(agency, account), plain));
  ASSIGN_OR_RETURN(
      const bool put,
      book_.PutCredential(agency, account, held.version, sealed, deadline));
  if (put) ++held.version;
  return put;
}

std::string NewSetUpCode() { return auth::NewCode(kSetUpChars); }

void BeginSetUp(int64_t begun_seq, std::string_view code, absl::Time until,
                v1::Credential& secrets) {
  v1::Credential begun;
  begun.set_begun_seq(begun_seq);
  begun.set_set_up_digest(auth::TokenDigest(auth::NormalCode(code)));
  begun.set_set_up_until_s(absl::ToUnixSeconds(until));
  if (!secrets.password_hash().empty()) {
    begun.add_earlier_hashes(secrets.password_hash());
  }
  for (const std::string& hash : secrets.earlier_hashes()) {
    if (begun.earlier_hashes_size() == kEarlierAtMost) break;
    begun.add_earlier_hashes(hash);
  }
  secrets = begun;
}

bool IsSetUp(const account::Account& account, const v1::Credential& secrets) {
  return account.version > 0 && secrets.begun_seq() == account.means_seq &&
         secrets.set_up_digest().empty() && !secrets.totp_pending() &&
         !secrets.password_hash().empty() && !secrets.totp_key().empty();
}

std::string AccountAttemptKey(const vault::Vault& vault,
                              std::string_view agency, std::string_view name) {
  return vault.BlindIndex("attempt of account",
                          absl::StrCat(ToAbsl(agency), "\n", ToAbsl(name)));
}

std::string SourceAttemptKey(const vault::Vault& vault,
                             std::string_view source) {
  return vault.BlindIndex("attempt from source",
                          NeighbourhoodOf(std::string(source)));
}

}  // namespace gongkai::act
