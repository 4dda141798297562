// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_TESTS_BENCH_FILL_H_
#define GONGKAI_TESTS_BENCH_FILL_H_

#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "services/act/access.h"
#include "services/act/import.h"
#include "services/act/perform.h"
#include "services/act/registry.h"
#include "services/base/clock.h"
#include "services/vault/vault.h"
#include "storage/memory/memory_store.h"
#include "storage/proofs.h"
#include "tests/bench/bulk_store.h"
#include "tests/bench/decade_life.h"

// The bulk path: databases full of cases, made by the service's own path.
namespace gongkai::bench {

// What a filled database holds.
struct Contents {
  // Agencies of so many open cases each.
  std::vector<int64_t> open;
  // Cases that led their whole life, and the year of their numbers.
  int64_t histories = 0;
  int history_year = 0;
  // Cases received and nothing more, for acts, and the year of their numbers.
  int64_t supply = 0;
  int supply_year = 0;

  // The agency of this size is searched: the largest up to 100,000.
  int64_t searched() const;
};

// Writes and reads it as JSON.
absl::Status SaveContents(const Contents& contents, const std::string& file);
absl::StatusOr<Contents> ReadContents(const std::string& file);

// Takes no records of access.
class NobodysBook : public storage::AccessBook {
 public:
  absl::Status RecordAccess(const std::vector<storage::AccessRow>&,
                            absl::Time) override {
    return absl::UnimplementedError("the bulk path records no access");
  }
  absl::StatusOr<std::vector<std::string>> AccessesOf(std::string_view,
                                                      std::string_view,
                                                      absl::Time, int,
                                                      absl::Time) override {
    return absl::UnimplementedError("the bulk path records no access");
  }
};

// The path of the service over a BulkStore, with the national calendar loaded.
class BulkOffice {
 public:
  struct Options {
    // Folder of the project: ops/rulebook and ops/calendar are read from it.
    std::string source = ".";
    std::string request_key;
    std::FILE* out = nullptr;
    // Without it private parts are written bare.
    std::shared_ptr<vault::Vault> vault;
  };
  static absl::StatusOr<std::unique_ptr<BulkOffice>> Open(
      const Options& options, absl::Time now);

  // Registers an agency beneath `superior`, if there is one.
  absl::Status AddAgency(const std::string& agency,
                         const std::string& superior = "");
  // Receives the `n` applications from number `first` on `day`; their case
  // numbers.
  absl::StatusOr<std::vector<std::string>> Receive(const std::string& agency,
                                                   absl::CivilDay day,
                                                   uint64_t first, int n);
  // Receives planned applications of one agency and day; their case numbers.
  absl::StatusOr<std::vector<std::string>> ReceiveAll(
      const std::vector<PlannedLife>& lives);
  // Takes in the rows of an earlier register at the beginning of `day`, one
  // import of `number`.
  absl::Status Import(const std::string& agency, absl::CivilDay day, int number,
                      const std::vector<act::ImportRow>& rows);
  // Does a planned act on its day.
  absl::Status Do(const std::string& agency, const std::string& number,
                  const PlannedAct& planned);
  // Does the step `i` of Life() on `day`.
  absl::Status Act(const std::string& agency, const std::string& number,
                   size_t i, absl::CivilDay day);

  BulkStore& store() { return store_; }
  // The national calendar, whole, and the rules.
  const law::Calendar& calendar() const { return calendar_; }
  const law::Rulebook& rules() const { return registry_.rules(); }
  // Whether every row so far could be written.
  bool ok() const { return writer_.ok() && store_.sealed().ok(); }

 private:
  BulkOffice(const Options& options, law::Rulebook rules, absl::Time now);
  absl::Status LoadCalendar(const std::string& source);
  absl::StatusOr<std::vector<std::string>> TakeIn(
      const std::string& agency,
      const std::vector<v1::ReceiveApplicationRequest>& requests);

  const std::shared_ptr<vault::Vault> vault_;
  CopyWriter writer_;
  BulkStore store_;
  // Asked for nothing: only a single receipt looks into the index.
  storage::MemoryStore index_;
  ManualClock clock_;
  law::Calendar calendar_;
  act::Registry registry_;
  // Nothing is refused on the bulk path, nothing read.
  NobodysBook accesses_;
  act::AccessRecorder recorder_;
  act::Performer performer_;
  act::Importer importer_;
};

// Fills an empty, migrated database by the script that it writes to
// `options.out`; `contents` says with what and gets its years.
absl::Status FillMain(const BulkOffice::Options& options, Contents& contents);

// Adds one agency of `cases` open cases to a filled database whose log has
// `log_size` entries.
absl::Status FillMore(const BulkOffice::Options& options, int64_t cases,
                      int64_t log_size);

}  // namespace gongkai::bench

#endif  // GONGKAI_TESTS_BENCH_FILL_H_
