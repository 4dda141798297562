// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_SERVER_CONFIG_VERBS_H_
#define GONGKAI_SERVICES_SERVER_CONFIG_VERBS_H_

#include "CLI/CLI.hpp"
#include "absl/strings/str_cat.h"
#include "services/server/config.h"

// What the files of the command line share.
namespace gongkai::server {

inline void AddDatabase(CLI::App& verb, Config& config, const char* role) {
  verb.add_option("--database", config.database,
                  absl::StrCat("Connection string, as ", role))
      ->required();
}

inline void AddVault(CLI::App& verb, Config& config) {
  verb.add_option("--vault", config.vault,
                  "File of the outer keys (see keys generate), its owner's "
                  "alone")
      ->required();
}

// The verb `serve` with its flags.
void AddServe(CLI::App& app, Config& config);

}  // namespace gongkai::server

#endif  // GONGKAI_SERVICES_SERVER_CONFIG_VERBS_H_
