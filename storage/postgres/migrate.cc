// SPDX-License-Identifier: Apache-2.0
#include "storage/postgres/migrate.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <pqxx/pqxx>
#include <system_error>

#include "absl/strings/str_format.h"
#include "services/base/status_macros.h"
#include "storage/postgres/session.h"
#include "storage/postgres/statements.h"

namespace gongkai::storage {
namespace {

using Tx = pqxx::transaction_base;

// The number in `V001__what.sql`; 0 for another form.
int VersionOf(std::string_view name) {
  if (name.size() < 11 || name[0] != 'V' || name.substr(4, 2) != "__" ||
      !name.ends_with(".sql")) {
    return 0;
  }
  int version = 0;
  for (const char c : name.substr(1, 3)) {
    if (c < '0' || c > '9') return 0;
    version = version * 10 + (c - '0');
  }
  return version;
}

struct Applied {
  std::string name;
  std::string checksum;
};

absl::Status CheckApplied(const std::map<int, Applied>& applied,
                          const std::map<int, std::string>& checksums) {
  for (const auto& [version, was] : applied) {
    const auto now = checksums.find(version);
    if (now == checksums.end()) {
      return absl::FailedPreconditionError(absl::StrFormat(
          "%s was applied to this database and is not here", was.name));
    }
    if (now->second != was.checksum) {
      return absl::FailedPreconditionError(absl::StrFormat(
          "%s was applied to this database and has changed since", was.name));
    }
  }
  return absl::OkStatus();
}

absl::Status Apply(Sessions& sessions, const Migration& step,
                   const std::string& checksum) {
  const absl::Status status =
      sessions.Transact(absl::InfiniteFuture(), [&](Tx& tx) {
        tx.exec(step.sql);
        tx.exec_params(kMigrationRecord, step.version, step.name, checksum);
        return absl::OkStatus();
      });
  if (status.ok()) return status;
  return absl::Status(
      status.code(),
      absl::StrFormat("%s: %s", step.name, std::string(status.message())));
}

}  // namespace

absl::StatusOr<std::vector<Migration>> ReadMigrations(
    const std::string& directory) {
  std::vector<Migration> steps;
  std::error_code error;
  for (const auto& entry :
       std::filesystem::directory_iterator(directory, error)) {
    const std::string name = entry.path().filename().string();
    const int version = VersionOf(name);
    if (version == 0) continue;
    std::ifstream file(entry.path(), std::ios::binary);
    steps.push_back(
        {version, name, std::string(std::istreambuf_iterator<char>(file), {})});
  }
  if (steps.empty()) {
    return absl::NotFoundError(
        absl::StrFormat("no files V001__*.sql in %s", directory));
  }
  std::sort(steps.begin(), steps.end(),
            [](const Migration& a, const Migration& b) {
              return a.version < b.version;
            });
  for (size_t i = 0; i < steps.size(); ++i) {
    if (steps[i].version != static_cast<int>(i) + 1) {
      return absl::FailedPreconditionError(absl::StrFormat(
          "%s stands where number %d is expected", steps[i].name, i + 1));
    }
  }
  return steps;
}

absl::StatusOr<int> Migrate(std::string_view dsn,
                            const std::vector<Migration>& steps) {
  // The lock is held by the one connection of this pool until it ends.
  Sessions sessions({std::string(dsn), 1, /*service=*/false});
  std::map<int, Applied> applied;
  std::map<int, std::string> checksums;
  RETURN_IF_ERROR(sessions.Autocommit(absl::InfiniteFuture(), [&](Tx& tx) {
    tx.exec(kMigrationQuiet);
    tx.exec(kMigrationLock);
    tx.exec(kMigrationTable);
    for (const pqxx::row& row : tx.exec(kMigrationsApplied)) {
      applied[row[0].as<int>()] = {row[1].c_str(), row[2].c_str()};
    }
    for (const Migration& step : steps) {
      checksums[step.version] =
          tx.exec_params1(kMigrationChecksum, step.sql)[0].c_str();
    }
    return absl::OkStatus();
  }));
  RETURN_IF_ERROR(CheckApplied(applied, checksums));
  int count = 0;
  for (const Migration& step : steps) {
    if (applied.contains(step.version)) continue;
    RETURN_IF_ERROR(Apply(sessions, step, checksums[step.version]));
    ++count;
  }
  return count;
}

}  // namespace gongkai::storage
