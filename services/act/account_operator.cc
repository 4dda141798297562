// SPDX-License-Identifier: Apache-2.0
// What the operator of the machine does with accounts: the first of an agency,
// and a way back in when every administrator is locked out.
#include <algorithm>
#include <utility>

#include "services/act/account_keeper_impl.h"
#include "services/act/account_streams.h"
#include "services/base/ids.h"
#include "services/base/refusal.h"
#include "services/base/status_macros.h"

namespace gongkai::act {
namespace {

using account::Matter;

template <typename T>
bool Has(const std::vector<T>& all, const T& one) {
  return std::find(all.begin(), all.end(), one) != all.end();
}

}  // namespace

absl::StatusOr<Streamed> AccountKeeper::Impl::RecordFirst(
    const auth::Caller& caller, const FirstAccount& first,
    std::function<absl::StatusOr<v1::Event>(const Matter&)> decide,
    absl::Time deadline) {
  KeepAct act;
  act.method = "account init";
  act.agency = first.agency;
  act.name = first.name;
  act.request_id = NewUuid(parts.clock.Now());
  act.mac = RequestMac(parts.request_key, caller, v1::Account());
  act.capacity = v1::OPERATOR;
  act.decide = std::move(decide);
  act.end_sessions = true;
  return Record(caller, act, deadline);
}

absl::StatusOr<AccountKeeper::FirstCode> AccountKeeper::OpenFirst(
    const auth::Caller& caller, const FirstAccount& first,
    absl::Time deadline) {
  const Parts& parts = impl_->parts;
  ASSIGN_OR_RETURN(
      const account::Account known,
      ReadAccount(parts.store, first.agency, first.name, false, deadline));
  const auto record =
      [&](std::function<absl::StatusOr<v1::Event>(const Matter&)> decide) {
        return impl_->RecordFirst(caller, first, std::move(decide), deadline);
      };
  std::string person = NewUuid(parts.clock.Now());
  if (!first.identity_number.empty()) {
    ASSIGN_OR_RETURN(person, impl_->PersonOf(first.identity_number, deadline));
    if (known.version > 0 && known.person != person) {
      return RefuseField("identity_number",
                         "the number that the account was opened with: whose "
                         "an account is does not change");
    }
  }
  int64_t begun_seq = known.means_seq;
  if (known.version == 0) {
    v1::AccountOpening opening;
    opening.set_account(first.name);
    opening.set_kind(first.kind);
    opening.set_person(person);
    ASSIGN_OR_RETURN(const Streamed opened, record([&](const Matter& m) {
                       return account::OpenAccount(m, opening);
                     }));
    begun_seq = opened.seq;
  } else if (first.kind == v1::STAFF) {
    ASSIGN_OR_RETURN(const Streamed anew, record(account::BeginFirst));
    begun_seq = anew.seq;
  }
  for (const v1::Grant& grant : first.grants) {
    if (Has(known.grants, {grant.role(), grant.department()})) continue;
    RETURN_IF_ERROR(record([&](const Matter& m) {
                      return account::GrantFirst(m, grant);
                    }).status());
  }
  if (!first.fingerprint.empty() &&
      !Has(known.certificates, first.fingerprint)) {
    RETURN_IF_ERROR(record([&](const Matter& m) {
                      return account::AddCertificate(m, first.fingerprint);
                    }).status());
  }
  if (first.kind != v1::STAFF) return FirstCode{first.name, "", {}};
  return impl_->IssueCode(first.agency, first.name, begun_seq, deadline);
}

absl::StatusOr<AccountKeeper::FirstCode> AccountKeeper::ResetByOperator(
    const auth::Caller& caller, std::string_view agency, std::string_view name,
    absl::Time deadline) {
  const FirstAccount first{std::string(agency), std::string(name), {}};
  ASSIGN_OR_RETURN(
      const Streamed anew,
      impl_->RecordFirst(caller, first, account::BeginFirst, deadline));
  return impl_->IssueCode(agency, name, anew.seq, deadline);
}

absl::StatusOr<bool> AccountKeeper::AnyHolds(std::string_view agency,
                                             v1::Role role,
                                             absl::Time deadline) {
  constexpr int kPage = 200;
  std::string after;
  while (true) {
    ASSIGN_OR_RETURN(
        const std::vector<storage::FoundAccount> page,
        impl_->parts.book.AccountsIn(agency, after, kPage, deadline));
    for (const storage::FoundAccount& one : page) {
      if (one.active && one.post == role) return true;
    }
    if (page.size() < kPage) return false;
    after = page.back().account;
  }
}

}  // namespace gongkai::act
