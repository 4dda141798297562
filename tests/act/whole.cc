// SPDX-License-Identifier: Apache-2.0
#include "tests/act/whole.h"

#include <cstdlib>
#include <iostream>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "services/act/fsck.h"
#include "services/act/reconcile.h"
#include "services/act/registry.h"
#include "services/base/status_macros.h"
#include "services/server/config.h"
#include "storage/postgres/postgres_scan.h"
#include "storage/postgres/postgres_store.h"
#include "tests/support/test_vault.h"

namespace gongkai::test {
namespace {

constexpr size_t kFaultsShown = 20;

absl::Time Soon() { return absl::Now() + absl::Seconds(60); }

law::Rulebook TheRules() {
  const char* dir = std::getenv("GONGKAI_SOURCE_DIR");
  auto rules =
      server::ReadRulebook(absl::StrCat(dir ? dir : ".", "/ops/rulebook"));
  if (!rules.ok()) {
    std::cerr << "rulebook: " << rules.status() << std::endl;
    std::_Exit(1);
  }
  return *std::move(rules);
}

// Every entry gets its place and its leaf in the tree. A sequencer of the
// service may be at the same work: then it is waited for.
absl::Status FillLog(const TempPostgres& postgres,
                     const std::string& database) {
  storage::PostgresStore store(postgres.Service(database), 1);
  const std::string super = postgres.Superuser(database);
  const absl::Time end = Soon();
  while (postgres.Run(super,
                      "SELECT NOT EXISTS (SELECT FROM log_queue) "
                      "AND size = tree_size FROM log") != "t") {
    RETURN_IF_ERROR(store.Sequence(1000, nullptr, Soon()).status());
    if (absl::Now() > end) {
      return absl::DeadlineExceededError("the queue does not get empty");
    }
  }
  return absl::OkStatus();
}

// What the tests ask about the events themselves.
void ReadEvents(storage::Scan& scan, Whole& whole) {
  std::map<std::pair<std::string, std::string>, std::string> numbers;
  const auto streams = scan.Streams();
  storage::StreamRow stream;
  while (streams->Next(stream)) {
    numbers[{stream.key.agency, stream.key.stream}] = stream.number;
  }
  const auto events = scan.Events();
  storage::EventRow row;
  while (events->Next(row)) {
    const std::string& number = numbers[{row.key.agency, row.key.stream}];
    const int type = row.event.type;
    ++whole.events;
    whole.requests.insert({row.event.request_id, {number, row.key.seq, type}});
    if (!number.empty()) whole.histories[number].push_back(type);
  }
}

absl::Status Inspect(const TempPostgres& postgres, const std::string& database,
                     Whole& whole) {
  RETURN_IF_ERROR(FillLog(postgres, database));
  const act::Findings findings = [&whole](const act::Finding& finding) {
    whole.faults.push_back(finding.ToText());
  };
  storage::PostgresStore store(postgres.Auditor(database), 1, &TestVault());
  act::Registry registry(store, TheRules());
  act::ReconcileOptions options;
  options.blind_index = [](std::string_view use, std::string_view value) {
    return TestVault().BlindIndex(use, value);
  };
  return storage::ReadSnapshot(
      postgres.Auditor(database),
      [&](storage::Scan& scan) -> absl::Status {
        RETURN_IF_ERROR(act::Fsck(scan, {}, findings).status());
        ASSIGN_OR_RETURN(const act::ReconcileReport report,
                         act::Reconcile(scan, registry, options, findings));
        whole.cases = static_cast<int>(report.cases);
        ReadEvents(scan, whole);
        return absl::OkStatus();
      },
      &TestVault());
}

}  // namespace

Whole ReadWhole(const TempPostgres& postgres, const std::string& database) {
  Whole whole;
  const absl::Status status = Inspect(postgres, database, whole);
  if (!status.ok()) whole.faults.push_back(status.ToString());
  return whole;
}

std::string FaultsOf(const Whole& whole) {
  std::ostringstream text;
  for (size_t i = 0; i < whole.faults.size() && i < kFaultsShown; ++i) {
    text << whole.faults[i] << "\n";
  }
  text << whole.faults.size() << " faults\n";
  return text.str();
}

}  // namespace gongkai::test
