// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_SERVER_AUDIT_ERASURES_H_
#define GONGKAI_SERVICES_SERVER_AUDIT_ERASURES_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "storage/postgres/postgres_erasures.h"

namespace CLI {
class App;
}  // namespace CLI

namespace gongkai::server {

// `audit erasures`: one line of JSON for each erasure of the database, to be
// kept beside the backups. It names events, never what they said.
struct ErasuresOptions {
  std::string database;  // as the auditor
};
CLI::App& AddErasures(CLI::App& audit, ErasuresOptions& options);
int RunErasures(const ErasuresOptions& options);

// `audit replay-erasures`: after a restore, destroys again what those lines say
// was destroyed, before the service goes on. A broken line is named and nothing
// is done.
struct ReplayOptions {
  std::string database;  // as the owner
  std::string file;
};
CLI::App& AddReplayErasures(CLI::App& audit, ReplayOptions& options);
int RunReplayErasures(const ReplayOptions& options);

// An erasure as a line of JSON, without a line break. DATA_LOSS when its record
// cannot be read or names events that were not there.
absl::StatusOr<std::string> LineOf(const storage::ErasureRecord& erasure);

// One line read back, with the number of its case for the reader.
struct ErasureLine {
  std::string number;
  storage::Erased erased;
};
// All lines of `text`; empty ones are passed over. INVALID_ARGUMENT names the
// first that is not of the form.
absl::StatusOr<std::vector<ErasureLine>> ReadErasureLines(
    std::string_view text);

}  // namespace gongkai::server

#endif  // GONGKAI_SERVICES_SERVER_AUDIT_ERASURES_H_
