// SPDX-License-Identifier: Apache-2.0
// The part of PostgresStore that finds accounts and keeps their secrets.
#include <pqxx/pqxx>

#include "services/base/status_macros.h"
#include "storage/check.h"
#include "storage/postgres/postgres_store.h"
#include "storage/postgres/session.h"
#include "storage/postgres/statements.h"
#include "storage/postgres/values.h"

namespace gongkai::storage {
namespace {

using Tx = pqxx::transaction_base;

// A row of the table account.
FoundAccount AccountOf(const pqxx::row& row) {
  FoundAccount found;
  found.agency = TextOf(row[0]);
  found.account = TextOf(row[1]);
  if (!row[2].is_null()) found.last_sign_in = TimeOf(row[2]);
  found.kind = row[3].as<int>();
  found.post = row[4].as<int>();
  found.active = row[5].as<bool>();
  found.person = TextOf(row[6]);
  return found;
}

std::vector<FoundAccount> AccountsFrom(const pqxx::result& rows) {
  std::vector<FoundAccount> found;
  for (const pqxx::row& row : rows) found.push_back(AccountOf(row));
  return found;
}

}  // namespace

absl::StatusOr<int64_t> PostgresStore::Revocation(absl::Time deadline) {
  int64_t count = 0;
  RETURN_IF_ERROR(sessions_->Autocommit(deadline, [&](Tx& tx) {
    count = tx.exec_prepared1(kRevocation.name)[0].as<int64_t>();
    return absl::OkStatus();
  }));
  return count;
}

absl::StatusOr<std::vector<FoundAccount>> PostgresStore::AccountsIn(
    std::string_view agency, std::string_view after, int limit,
    absl::Time deadline) {
  RETURN_IF_ERROR(CheckText("agency", agency));
  RETURN_IF_ERROR(CheckText("after", after));
  const std::string agency_text(agency), after_text(after);
  std::vector<FoundAccount> found;
  RETURN_IF_ERROR(sessions_->Autocommit(deadline, [&](Tx& tx) {
    found = AccountsFrom(
        tx.exec_prepared(kAccountsIn.name, agency_text, after_text, limit));
    return absl::OkStatus();
  }));
  return found;
}

absl::StatusOr<std::vector<FoundAccount>> PostgresStore::AccountsOf(
    std::string_view person, absl::Time deadline) {
  RETURN_IF_ERROR(CheckText("person", person));
  const std::string person_text(person);
  std::vector<FoundAccount> found;
  RETURN_IF_ERROR(sessions_->Autocommit(deadline, [&](Tx& tx) {
    found = AccountsFrom(tx.exec_prepared(kAccountsOf.name, person_text));
    return absl::OkStatus();
  }));
  return found;
}

absl::StatusOr<std::optional<FoundAccount>> PostgresStore::AccountWith(
    const AccountKey& key, absl::Time deadline) {
  std::optional<FoundAccount> found;
  RETURN_IF_ERROR(sessions_->Autocommit(deadline, [&](Tx& tx) {
    const pqxx::result rows =
        tx.exec_prepared(kAccountWith.name, static_cast<int>(key.kind),
                         pqxx::binarystring(key.digest));
    found.reset();
    if (!rows.empty()) found = AccountOf(rows[0]);
    return absl::OkStatus();
  }));
  return found;
}

absl::StatusOr<std::string> PostgresStore::PersonFor(std::string_view digest,
                                                     std::string_view fresh,
                                                     absl::Time deadline) {
  RETURN_IF_ERROR(CheckText("person", fresh));
  const std::string fresh_text(fresh);
  std::string person;
  RETURN_IF_ERROR(sessions_->Autocommit(deadline, [&](Tx& tx) {
    person = TextOf(tx.exec_prepared1(kPersonFor.name,
                                      pqxx::binarystring(std::string(digest)),
                                      fresh_text)[0]);
    return absl::OkStatus();
  }));
  return person;
}

absl::StatusOr<Credential> PostgresStore::ReadCredential(
    std::string_view agency, std::string_view account, absl::Time deadline) {
  RETURN_IF_ERROR(CheckText("agency", agency));
  RETURN_IF_ERROR(CheckText("account", account));
  const std::string agency_text(agency), account_text(account);
  Credential credential;
  RETURN_IF_ERROR(sessions_->Autocommit(deadline, [&](Tx& tx) {
    // Without a row both are null.
    const pqxx::row row =
        tx.exec_prepared1(kReadCredential.name, agency_text, account_text);
    credential = {row[0].as<int64_t>(0), BytesOf(row[1])};
    return absl::OkStatus();
  }));
  return credential;
}

absl::StatusOr<bool> PostgresStore::PutCredential(std::string_view agency,
                                                  std::string_view account,
                                                  int64_t version,
                                                  std::string_view sealed,
                                                  absl::Time deadline) {
  RETURN_IF_ERROR(CheckText("agency", agency));
  RETURN_IF_ERROR(CheckText("account", account));
  const std::string agency_text(agency), account_text(account);
  bool put = false;
  RETURN_IF_ERROR(sessions_->Autocommit(deadline, [&](Tx& tx) {
    put = tx.exec_prepared1(kPutCredential.name, agency_text, account_text,
                            version, pqxx::binarystring(std::string(sealed)))[0]
              .as<bool>();
    return absl::OkStatus();
  }));
  return put;
}

}  // namespace gongkai::storage
