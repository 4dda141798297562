// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_CLIENTS_CLI_ACCOUNT_PRINT_H_
#define GONGKAI_CLIENTS_CLI_ACCOUNT_PRINT_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "clients/cli/command.h"
#include "gongkai/v1/account_service.pb.h"
#include "gongkai/v1/admin_service.pb.h"

namespace gongkai::cli {

// The account that the settings name, for whoever has no session yet.
struct OwnName {
  std::string agency;
  std::string account;
};
// A usage error when agency or account is not named.
absl::StatusOr<OwnName> OwnNameOf(const Run& run);

// `2024-02-29 16:00` in Shanghai.
std::string ShanghaiMinute(absl::Time time);
// The same of an instant of the contract; empty for none.
std::string ShanghaiMinute(const std::string& instant);

// `handler`, or `handler（某处）` for one department alone.
std::string GrantText(const v1::Grant& grant, Locale locale);

void PrintWhoAmI(const Run& run, const v1::WhoAmIResponse& who);
// An account on one page.
void PrintAccount(const Run& run, const v1::Account& account);
// Its events, one line each.
void PrintAccountHistory(const Run& run,
                         const v1::GetAccountResponse& response);
// Accounts, one line each.
void PrintAccounts(const Run& run, const v1::ListAccountsResponse& response);
void PrintTerms(const Run& run, const v1::AgencyTermsResponse& response);

}  // namespace gongkai::cli

#endif  // GONGKAI_CLIENTS_CLI_ACCOUNT_PRINT_H_
