// SPDX-License-Identifier: Apache-2.0
#include "services/act/reconcile_accounts.h"

#include <algorithm>
#include <tuple>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "services/account/account.h"
#include "services/act/account_streams.h"

namespace gongkai::act {
namespace {

std::vector<storage::AccountKey> Sorted(std::vector<storage::AccountKey> keys) {
  std::sort(keys.begin(), keys.end(), [](const auto& a, const auto& b) {
    return std::tie(a.kind, a.digest) < std::tie(b.kind, b.digest);
  });
  return keys;
}

// What of an account's row is not as it has to be.
std::vector<const char*> Differing(const storage::AccountRow& has,
                                   const storage::AccountRow& is) {
  std::vector<const char*> columns;
  if (has.account != is.account) columns.push_back("account");
  if (has.person != is.person) columns.push_back("person");
  if (has.kind != is.kind) columns.push_back("kind");
  if (has.active != is.active) columns.push_back("active");
  if (has.post != is.post) columns.push_back("post");
  if (Sorted(has.keys) != Sorted(is.keys)) columns.push_back("keys");
  return columns;
}

}  // namespace

AccountCheck::AccountCheck(storage::Scan& scan) {
  const auto rows = scan.Accounts();
  storage::AccountScanRow row;
  while (rows->Next(row)) {
    rows_[{row.key.agency, storage::AccountStream(row.account.account)}]
        .push_back(row.account);
  }
}

void AccountCheck::Check(const std::string& agency, const std::string& stream,
                         const std::vector<casework::PastEvent>& past,
                         const Findings& tell) {
  const account::Account account = FoldAccount(agency, past);
  if (storage::AccountStream(account.name) != stream) {
    tell({"", "", 0,
          absl::StrCat("its records are of the account ", account.name,
                       ", which has another stream")});
  }
  const auto found = rows_.find({agency, stream});
  if (found == rows_.end()) {
    return tell({"", "", 0, "the row of the account is missing"});
  }
  const std::vector<storage::AccountRow> rows = std::move(found->second);
  rows_.erase(found);
  if (rows.size() > 1) {
    tell({"", "", 0, "there are two rows of the account"});
  }
  const std::vector<const char*> columns =
      Differing(rows.front(), RowOf(account));
  if (columns.empty()) return;
  tell({"", "", 0,
        absl::StrCat("the row of the account does not follow from its "
                     "records: ",
                     absl::StrJoin(columns, ", "))});
}

void AccountCheck::CheckLeft(const Findings& tell) const {
  for (const auto& [key, rows] : rows_) {
    tell({key.first, absl::StrCat("account ", rows.front().account), 0,
          "there is a row of an account that has no records"});
  }
}

}  // namespace gongkai::act
