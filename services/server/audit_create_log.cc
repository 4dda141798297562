// SPDX-License-Identifier: Apache-2.0
#include "services/server/audit_create_log.h"

#include <cstdio>

#include "CLI/CLI.hpp"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "services/audit/note.h"
#include "services/audit/suite.h"
#include "services/base/status_macros.h"
#include "services/server/audit_verbs.h"
#include "storage/postgres/postgres_store.h"

namespace gongkai::server {
namespace {

constexpr absl::Duration kTime = absl::Seconds(30);

// The origin is also the name of the log's keys, so it must do for one.
absl::Status CheckOrigin(audit::Suite suite, const std::string& origin) {
  ASSIGN_OR_RETURN(const auto key, audit::SigningKey::Generate(suite));
  return audit::VerifierKeyOf(key, origin, audit::KeyUse::kSign).status();
}

absl::Status CreateLog(const CreateLogOptions& options) {
  ASSIGN_OR_RETURN(const audit::Suite suite, audit::SuiteNamed(options.suite));
  RETURN_IF_ERROR(CheckOrigin(suite, options.origin));
  storage::PostgresStore store(options.database, 1);
  RETURN_IF_ERROR(store.CreateLog({options.origin, static_cast<int>(suite)},
                                  absl::Now() + kTime));
  std::printf("log %s: %s\n", options.origin.c_str(), options.suite.c_str());
  return absl::OkStatus();
}

}  // namespace

CLI::App& AddCreateLog(CLI::App& audit, CreateLogOptions& options) {
  CLI::App& verb = *audit.add_subcommand(
      "create-log", "Name the log and choose its suite, before its first use");
  verb.add_option("--database", options.database,
                  "Connection string, as the owner")
      ->required();
  verb.add_option("--origin", options.origin,
                  "Name of the log, e.g. gov.example.cn/gongkai")
      ->required();
  verb.add_option("--suite", options.suite, "sha256-ed25519 or sm3-sm2")
      ->capture_default_str();
  return verb;
}

int RunCreateLog(const CreateLogOptions& options) {
  return Finish(CreateLog(options));
}

}  // namespace gongkai::server
