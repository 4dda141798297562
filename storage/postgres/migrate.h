// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_STORAGE_POSTGRES_MIGRATE_H_
#define GONGKAI_STORAGE_POSTGRES_MIGRATE_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace gongkai::storage {

// One numbered step of the schema.
struct Migration {
  int version = 0;
  std::string name;  // of its file
  std::string sql;
};

// The steps that this program was built with, in order.
std::vector<Migration> BuiltInMigrations();

// The steps in `directory`, in order: files `V001__what.sql`. NOT_FOUND when
// there are none; FAILED_PRECONDITION when two have one number or one is
// missing before the last.
absl::StatusOr<std::vector<Migration>> ReadMigrations(
    const std::string& directory);

// Brings the database to the last of `steps` under the owner's `dsn`, each step
// in a transaction of its own and exactly once, whoever else migrates at the
// same time. Returns how many were applied now. FAILED_PRECONDITION when a step
// that was applied has changed since, or is not among `steps`; INTERNAL names
// the file and what the database said.
absl::StatusOr<int> Migrate(std::string_view dsn,
                            const std::vector<Migration>& steps);

}  // namespace gongkai::storage

#endif  // GONGKAI_STORAGE_POSTGRES_MIGRATE_H_
