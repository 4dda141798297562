// SPDX-License-Identifier: Apache-2.0
#include "services/server/verbs.h"

#include <cstdio>
#include <string>
#include <vector>

#include "absl/time/clock.h"
#include "services/act/access.h"
#include "services/act/perform.h"
#include "services/act/registry.h"
#include "services/api/validate.h"
#include "services/auth/identity.h"
#include "services/base/clock.h"
#include "services/base/ids.h"
#include "services/base/refusal.h"
#include "services/base/status_macros.h"
#include "services/server/vault_file.h"
#include "storage/postgres/migrate.h"
#include "storage/postgres/postgres_store.h"

namespace gongkai::server {
namespace {

constexpr absl::Duration kTime = absl::Seconds(30);

// Whoever may run this program with the database's credentials is the operator
// at the console; the record says so.
auth::Caller Operator(const std::string& agency) {
  return {"operator", "operator", {v1::ROLE_SECURITY_ADMIN}, agency, "console"};
}

}  // namespace

absl::Status Migrate(const Config& config) {
  std::vector<storage::Migration> steps = storage::BuiltInMigrations();
  if (!config.migrations.empty()) {
    ASSIGN_OR_RETURN(steps, storage::ReadMigrations(config.migrations));
  }
  ASSIGN_OR_RETURN(const int applied, storage::Migrate(config.database, steps));
  std::printf("schema: %d of %d steps applied now\n", applied,
              static_cast<int>(steps.size()));
  return absl::OkStatus();
}

absl::Status AddAgency(const Config& config) {
  if (config.agency.empty() ||
      !api::FormDefect(config.agency, v1::AGENCY).empty()) {
    return RefuseField("code", "2 to 12 upper-case letters and digits");
  }
  RETURN_IF_ERROR(api::Validate(config.terms));
  ASSIGN_OR_RETURN(law::Rulebook rules, ReadRulebook(config.rulebook));
  act::Options options;
  // Nothing of this call is remembered by the key.
  options.request_key = RandomBytes(32);
  if (!config.request_key.empty()) {
    ASSIGN_OR_RETURN(options.request_key, ReadKey(config.request_key));
  }
  ASSIGN_OR_RETURN(const auto vault, VaultFile::Open(config.vault));
  SystemClock clock;
  storage::PostgresStore store(config.database, 1, &vault->vault());
  act::Registry registry(store, std::move(rules));
  act::AccessRecorder recorder(store, registry, clock);
  act::Performer performer(store, store, registry, recorder, clock, options);
  RETURN_IF_ERROR(performer.SetAgencyTerms(Operator(config.agency),
                                           config.agency, config.terms,
                                           absl::Now() + kTime));
  std::printf("agency %s: terms are set\n", config.agency.c_str());
  return absl::OkStatus();
}

}  // namespace gongkai::server
