// SPDX-License-Identifier: Apache-2.0
#include "services/server/account_verbs.h"

#include <algorithm>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "CLI/CLI.hpp"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "nlohmann/json.hpp"
#include "services/account/account.h"
#include "services/act/account_keeper.h"
#include "services/api/validate.h"
#include "services/base/clock.h"
#include "services/base/dates.h"
#include "services/base/files.h"
#include "services/base/ids.h"
#include "services/base/refusal.h"
#include "services/base/status_macros.h"
#include "services/server/account_words.h"
#include "services/server/audit_verbs.h"
#include "services/server/config.h"
#include "services/server/vault_file.h"
#include "storage/postgres/postgres_store.h"

namespace gongkai::server {
namespace {

constexpr absl::Duration kTime = absl::Seconds(60);
constexpr mode_t kOwnerOnly = 0600;

using Code = act::AccountKeeper::FirstCode;

struct AccountOptions {
  std::string database;
  std::string vault;
  std::string agency;
  std::vector<std::string> accounts;
  std::vector<std::string> services;
  std::vector<std::string> certificates;
  std::vector<std::string> identities;
  std::string name;
  std::string codes;  // folder
  std::string rulebook;
  std::string request_key;
  bool json = false;
};

// Whoever may run this program with the database's credentials and the outer
// keys is the operator of the machine; the record says so.
auth::Caller TheOperator(const std::string& agency) {
  return {"operator", "operator", {}, agency, "operator"};
}

// The keeper, over a database of its own.
struct Kept {
  std::unique_ptr<VaultFile> vault;
  SystemClock clock;
  std::unique_ptr<storage::PostgresStore> store;
  std::unique_ptr<act::Registry> registry;
  std::unique_ptr<act::AccessRecorder> recorder;
  std::unique_ptr<act::AccountKeeper> keeper;
};

absl::StatusOr<std::unique_ptr<Kept>> Keep(const AccountOptions& options) {
  if (options.agency.empty() ||
      !api::FormDefect(options.agency, v1::AGENCY).empty()) {
    return RefuseField("agency", "2 to 12 upper-case letters and digits");
  }
  auto kept = std::make_unique<Kept>();
  ASSIGN_OR_RETURN(law::Rulebook rules, ReadRulebook(options.rulebook));
  ASSIGN_OR_RETURN(kept->vault, VaultFile::Open(options.vault));
  kept->store = std::make_unique<storage::PostgresStore>(options.database, 1,
                                                         &kept->vault->vault());
  kept->registry =
      std::make_unique<act::Registry>(*kept->store, std::move(rules));
  kept->recorder = std::make_unique<act::AccessRecorder>(
      *kept->store, *kept->registry, kept->clock);
  // Nothing of this call is remembered by the key.
  kept->keeper = std::make_unique<act::AccountKeeper>(
      act::AccountKeeper::Parts{*kept->store,
                                *kept->store,
                                kept->vault->vault(),
                                *kept->registry,
                                *kept->recorder,
                                kept->clock,
                                nullptr,
                                RandomBytes(32),
                                {}});
  if (options.agency != storage::kNation) {
    RETURN_IF_ERROR(
        kept->registry->AgencyTermsOf(options.agency, absl::Now() + kTime)
            .status());
  }
  return kept;
}

// Hands the codes over, each once: in files of their own, or on the output.
absl::Status Tell(const AccountOptions& options,
                  const std::vector<Code>& codes) {
  nlohmann::json all = nlohmann::json::array();
  for (const Code& one : codes) {
    const std::string until = one.code.empty() ? "-" : FormatInstant(one.until);
    if (!options.codes.empty() && !one.code.empty()) {
      const std::string file =
          absl::StrCat(options.codes, "/", one.name, ".code");
      RETURN_IF_ERROR(ReplaceFile(file, one.code + "\n", kOwnerOnly));
    }
    const std::string shown = one.code.empty()        ? "-"
                              : options.codes.empty() ? one.code
                                                      : "written";
    all.push_back({{"agency", options.agency},
                   {"account", one.name},
                   {"set_up_code", shown},
                   {"set_up_until_time", until}});
    if (!options.json) {
      std::printf("%s %s %s\n", one.name.c_str(), shown.c_str(), until.c_str());
    }
  }
  if (options.json) std::printf("%s\n", all.dump().c_str());
  return absl::OkStatus();
}

absl::StatusOr<std::vector<act::AccountKeeper::FirstAccount>> ReadAll(
    const AccountOptions& options) {
  std::vector<act::AccountKeeper::FirstAccount> all;
  for (const std::string& word : options.accounts) {
    ASSIGN_OR_RETURN(auto first,
                     ReadFirstAccount(options.agency, word, v1::STAFF));
    all.push_back(std::move(first));
  }
  for (const std::string& word : options.services) {
    ASSIGN_OR_RETURN(auto first, ReadFirstAccount(options.agency, word,
                                                  v1::SERVICE_ACCOUNT));
    all.push_back(std::move(first));
  }
  RETURN_IF_ERROR(TakeCertificates(options.certificates, all));
  RETURN_IF_ERROR(TakeIdentities(options.identities, all));
  // The security administrator comes last: as long as there is none the verb
  // may be run again, should it stop on its way.
  std::stable_partition(all.begin(), all.end(), [](const auto& first) {
    return std::none_of(first.grants.begin(), first.grants.end(),
                        [](const v1::Grant& grant) {
                          return grant.role() == v1::ROLE_SECURITY_ADMIN;
                        });
  });
  return all;
}

// Says once what follows when the operator does not say who the holders are.
void WarnOfTheUnknown(
    const std::vector<act::AccountKeeper::FirstAccount>& all) {
  std::string names;
  for (const auto& one : all) {
    if (one.kind != v1::STAFF || !one.identity_number.empty()) continue;
    absl::StrAppend(&names, names.empty() ? "" : ", ", one.name);
  }
  if (names.empty()) return;
  std::fprintf(stderr,
               "%s: whose account it is was not said, so a further account of "
               "the same person is another person's; --identity NAME=FILE "
               "gives the number of the holder's identity document\n",
               names.c_str());
}

absl::Status Init(const AccountOptions& options) {
  ASSIGN_OR_RETURN(const auto first, ReadAll(options));
  if (first.empty()) {
    return absl::InvalidArgumentError("name the accounts with --account");
  }
  ASSIGN_OR_RETURN(const auto kept, Keep(options));
  const absl::Time deadline = absl::Now() + kTime;
  ASSIGN_OR_RETURN(const bool begun,
                   kept->keeper->AnyHolds(options.agency,
                                          v1::ROLE_SECURITY_ADMIN, deadline));
  if (begun) {
    return absl::FailedPreconditionError(absl::StrCat(
        options.agency,
        " has a security administrator, who opens accounts; when nobody can "
        "sign in any more, `account reset` gives an account a new beginning"));
  }
  WarnOfTheUnknown(first);
  std::vector<Code> codes;
  for (const auto& one : first) {
    ASSIGN_OR_RETURN(
        Code code,
        kept->keeper->OpenFirst(TheOperator(options.agency), one, deadline));
    codes.push_back(std::move(code));
  }
  return Tell(options, codes);
}

absl::Status Reset(const AccountOptions& options) {
  ASSIGN_OR_RETURN(const auto kept, Keep(options));
  ASSIGN_OR_RETURN(
      const Code code,
      kept->keeper->ResetByOperator(TheOperator(options.agency), options.agency,
                                    options.name, absl::Now() + kTime));
  return Tell(options, {code});
}

void AddCommon(CLI::App& verb, AccountOptions& options) {
  verb.add_option("--database", options.database,
                  "Connection string, as the owner or the service's role")
      ->required();
  verb.add_option("--vault", options.vault, "File of the outer keys")
      ->required();
  verb.add_option("--agency", options.agency,
                  "Code of the agency; CN for the installation's own "
                  "administrators")
      ->required();
  verb.add_option("--codes", options.codes,
                  "Folder for a file NAME.code each, for its owner alone, "
                  "instead of the output");
  verb.add_option("--rulebook", options.rulebook, "Folder of the rule sets");
  verb.add_option("--request-key", options.request_key,
                  "Not needed; taken so that verbs have one form");
  verb.add_flag("--json", options.json, "As JSON");
}

}  // namespace

void AddAccountVerbs(CLI::App& app, std::function<int()>& run) {
  CLI::App& group = *app.add_subcommand("account", "First accounts (账号)");
  group.require_subcommand(1);
  auto options = std::make_shared<AccountOptions>();
  CLI::App& init = *group.add_subcommand(
      "init",
      "Open the first accounts of an agency, each of another person unless "
      "--identity says otherwise");
  AddCommon(init, *options);
  init.add_option("--account", options->accounts,
                  "NAME=ROLE[,ROLE][@DEPARTMENT]; may be repeated");
  init.add_option("--service", options->services,
                  "The same for a program; may be repeated");
  init.add_option("--certificate", options->certificates,
                  "NAME=FILE.pem, of a program; may be repeated");
  init.add_option("--identity", options->identities,
                  "NAME=FILE with the number of the holder's identity "
                  "document, kept as a keyed digest alone; may be repeated");
  init.callback(
      [options, &run] { run = [options] { return Finish(Init(*options)); }; });
  CLI::App& reset = *group.add_subcommand(
      "reset", "End an account's means of proof and give a new code");
  AddCommon(reset, *options);
  reset.add_option("--account", options->name, "Name of the account")
      ->required();
  reset.callback(
      [options, &run] { run = [options] { return Finish(Reset(*options)); }; });
}

}  // namespace gongkai::server
