// SPDX-License-Identifier: Apache-2.0
#include "services/act/account_streams.h"

#include "absl/strings/escaping.h"
#include "services/act/history.h"
#include "services/base/status_macros.h"

namespace gongkai::act {

account::Account FoldAccount(std::string_view agency,
                             const std::vector<casework::PastEvent>& past) {
  account::Account account;
  account.agency = std::string(agency);
  for (const casework::PastEvent& one : past) {
    account::Apply({one.seq, one.actor, one.event}, account);
  }
  return account;
}

absl::StatusOr<account::Account> AccountOf(std::string_view agency,
                                           const storage::History& history) {
  ASSIGN_OR_RETURN(const std::vector<casework::PastEvent> past,
                   Unseal(history.events));
  return FoldAccount(agency, past);
}

absl::StatusOr<account::Account> ReadAccount(storage::Store& store,
                                             std::string_view agency,
                                             std::string_view name,
                                             bool with_private,
                                             absl::Time deadline) {
  ASSIGN_OR_RETURN(const storage::History history,
                   store.LoadStream(agency, storage::AccountStream(name), "",
                                    with_private, deadline));
  return AccountOf(agency, history);
}

absl::StatusOr<std::vector<account::Account>> OtherAccounts(
    storage::Store& store, storage::AccountBook& book,
    const account::Account& account, absl::Time deadline) {
  std::vector<account::Account> others;
  if (account.person.empty()) return others;
  ASSIGN_OR_RETURN(const std::vector<storage::FoundAccount> found,
                   book.AccountsOf(account.person, deadline));
  for (const storage::FoundAccount& one : found) {
    if (one.agency == account.agency && one.account == account.name) continue;
    ASSIGN_OR_RETURN(
        account::Account other,
        ReadAccount(store, one.agency, one.account, false, deadline));
    others.push_back(std::move(other));
  }
  return others;
}

account::Account After(const account::Account& before, const v1::Actor& actor,
                       const v1::Event& event) {
  account::Account after = before;
  account::Apply({before.version + 1, actor, event}, after);
  return after;
}

storage::AccountRow RowOf(const account::Account& account) {
  using Key = storage::AccountKey;
  storage::AccountRow row;
  row.account = account.name;
  row.person = account.person;
  row.kind = account.kind;
  row.active = account.active;
  row.post = account::PostOf(account);
  for (const std::string& fingerprint : account.certificates) {
    row.keys.push_back(
        {Key::Kind::kCertificate, absl::HexStringToBytes(fingerprint)});
  }
  if (!account.subject.empty()) {
    row.keys.push_back(
        {Key::Kind::kSubject, absl::HexStringToBytes(account.subject)});
  }
  return row;
}

}  // namespace gongkai::act
