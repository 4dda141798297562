// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_ACT_ACCOUNT_KEEPER_IMPL_H_
#define GONGKAI_SERVICES_ACT_ACCOUNT_KEEPER_IMPL_H_

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "services/account/account.h"
#include "services/account/decide.h"
#include "services/act/account_keeper.h"
#include "services/act/credentials.h"
#include "services/act/stream_act.h"
#include "services/auth/matrix.h"

// What the parts of keeping accounts share: account_keeper.cc (the path,
// opening and means of proof), account_grants.cc (roles, certificates,
// delegations) and account_views.cc (reads).
namespace gongkai::act {

// One act on one account.
struct KeepAct {
  std::string_view method;
  std::string agency;
  std::string name;
  std::string request_id;
  std::string mac;
  v1::Capacity capacity = v1::CAPACITY_UNSPECIFIED;
  std::function<absl::StatusOr<v1::Event>(const account::Matter&)> decide;
  bool end_sessions = false;
  v1::Reason held_elsewhere = v1::ROLES_EXCLUSIVE;
};

struct AccountKeeper::Impl {
  explicit Impl(Parts given)
      : parts(std::move(given)),
        writer(parts.store, parts.registry, parts.clock, parts.standing),
        credentials(parts.book, parts.vault) {}

  const Parts parts;
  StreamWriter writer;
  Credentials credentials;

  // Decides and records.
  absl::StatusOr<Streamed> Record(const auth::Caller& caller,
                                  const KeepAct& act, absl::Time deadline);
  // The same by whoever has the access; a refusal is recorded.
  absl::StatusOr<Streamed> Keep(const auth::Caller& caller, auth::Access access,
                                KeepAct act, absl::Time deadline);
  // The same by oneself, on an account of one's own agency.
  absl::StatusOr<Streamed> KeepOwn(const auth::Caller& caller, KeepAct act,
                                   absl::Time deadline);
  // An act of the contract on one account, then the account as it is.
  template <typename Request>
  absl::StatusOr<v1::AccountResponse> Serve(
      const auth::Caller& caller, std::string_view method,
      const Request& request, auth::Access access, absl::Time deadline,
      std::function<absl::StatusOr<v1::Event>(const account::Matter&)> decide,
      bool end_sessions = false,
      v1::Reason held_elsewhere = v1::ROLES_EXCLUSIVE) {
    KeepAct act{method,
                request.agency(),
                AccountIn(request),
                request.request_id(),
                RequestMac(parts.request_key, caller, request),
                v1::CAPACITY_UNSPECIFIED,
                std::move(decide),
                end_sessions,
                held_elsewhere};
    const auto streamed = Keep(caller, access, act, deadline);
    if (!streamed.ok()) return streamed.status();
    v1::AccountResponse response;
    const absl::Status viewed =
        View(act.agency, act.name, *response.mutable_account(), deadline);
    if (!viewed.ok()) return viewed;
    return response;
  }
  template <typename Request>
  static const std::string& AccountIn(const Request& request) {
    return request.account();
  }
  static const std::string& AccountIn(const v1::SetDelegationRequest& request) {
    return request.deputy();
  }

  // The same by the operator of the machine (account_operator.cc).
  absl::StatusOr<Streamed> RecordFirst(
      const auth::Caller& caller, const FirstAccount& first,
      std::function<absl::StatusOr<v1::Event>(const account::Matter&)> decide,
      absl::Time deadline);
  // The person of that identity number, known from before or new.
  // FIELD_INVALID for what cannot be one.
  absl::StatusOr<std::string> PersonOf(std::string_view identity_number,
                                       absl::Time deadline);
  // Gives the account a code, its means of proof having begun with the event.
  absl::StatusOr<FirstCode> IssueCode(std::string_view agency,
                                      std::string_view name, int64_t begun_seq,
                                      absl::Time deadline);
  absl::Status View(std::string_view agency, std::string_view name,
                    v1::Account& view, absl::Time deadline);
  absl::Status FillUse(const account::Account& account, absl::Time opened,
                       const std::optional<absl::Time>& last_sign_in,
                       v1::Account& view, absl::Time deadline);
  absl::CivilDay Today();
};

}  // namespace gongkai::act

#endif  // GONGKAI_SERVICES_ACT_ACCOUNT_KEEPER_IMPL_H_
