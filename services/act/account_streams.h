// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_ACT_ACCOUNT_STREAMS_H_
#define GONGKAI_SERVICES_ACT_ACCOUNT_STREAMS_H_

#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "services/account/account.h"
#include "services/casework/case.h"
#include "storage/accounts.h"
#include "storage/store.h"

// Between what is stored of accounts and what they are folded from.
namespace gongkai::act {

// The account of a history that was read; of version 0 when there is none.
absl::StatusOr<account::Account> AccountOf(std::string_view agency,
                                           const storage::History& history);
// The same from events that are read already.
account::Account FoldAccount(std::string_view agency,
                             const std::vector<casework::PastEvent>& past);

// Reads and folds. `with_private` also reads how colleagues know the holder.
absl::StatusOr<account::Account> ReadAccount(storage::Store& store,
                                             std::string_view agency,
                                             std::string_view name,
                                             bool with_private,
                                             absl::Time deadline);

// The other accounts of its person, in all agencies.
absl::StatusOr<std::vector<account::Account>> OtherAccounts(
    storage::Store& store, storage::AccountBook& book,
    const account::Account& account, absl::Time deadline);

// The account after one more event.
account::Account After(const account::Account& before, const v1::Actor& actor,
                       const v1::Event& event);

// The row that follows from the account.
storage::AccountRow RowOf(const account::Account& account);

}  // namespace gongkai::act

#endif  // GONGKAI_SERVICES_ACT_ACCOUNT_STREAMS_H_
