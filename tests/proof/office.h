// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_TESTS_PROOF_OFFICE_H_
#define GONGKAI_TESTS_PROOF_OFFICE_H_

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"
#include "services/act/access.h"
#include "services/act/perform.h"
#include "services/act/registry.h"
#include "services/audit/note.h"
#include "services/base/clock.h"
#include "storage/postgres/postgres_store.h"
#include "tests/end_to_end/process.h"
#include "tests/support/temp_postgres.h"

// Databases of the service, signed and kept outside, for those who check them.
// Trouble with making them ends the test binary.
namespace gongkai::test {

// A key of the log and what verifies it.
struct LogKey {
  std::string pem;
  audit::VerifierKey verifier;

  static LogKey New(audit::Suite suite, std::string_view origin = "gongkai");
};

// A checkpoint as a note signed by `key`.
std::string SignedNote(const LogKey& key, const audit::Checkpoint& checkpoint);

// Gives every entry its place and its leaf.
void SequenceAll(const TempPostgres& postgres, const std::string& database);

// Signs the tree of the database, keeps the checkpoint and where it was
// anchored in it, as the signer does, and returns the note.
std::string SignTree(const TempPostgres& postgres, const std::string& database,
                     const LogKey& key);

// The program's check of a database: `gongkai-server audit` with these words,
// under the auditor's role. With the keys of the vault unless the words name
// some ("--vault", "" for none).
Finished Audit(const TempPostgres& postgres, const std::string& database,
               std::string_view verb, const std::vector<std::string>& words);

// The path of the service over a database of any cluster, without the wire.
class Path {
 public:
  Path(const TempPostgres& postgres, const std::string& database,
       absl::Time now);

  ManualClock& clock() { return clock_; }
  // Registers an agency or changes its days to register a case.
  void AddAgency(const std::string& agency, int registration_days = 0);
  // Receives `n` applications on the clock's day; their case numbers.
  std::vector<std::string> Receive(const std::string& agency, int n);
  // An act, in the text form of v1::Act, on the clock's day.
  void Act(const std::string& number, const std::string& act, v1::Role role,
           const std::string& account);
  // Two persons record that the log goes on from its tree, and that what
  // `outside` proves is given up.
  void Fork(const audit::Checkpoint& outside, bool confirm);

 private:
  ManualClock clock_;
  storage::PostgresStore store_;
  act::Registry registry_;
  act::AccessRecorder recorder_;
  act::Performer performer_;
};

// An office with two agencies and several cases: one of a whole life, one with
// destroyed text; reads are recorded. Its log was signed on one day, the second
// checkpoint on the next is newer than every record; both are kept outside.
// One for the test binary.
class Office {
 public:
  static Office& Shared();
  ~Office();

  // A copy of it, and of the day before.
  std::string Copy();
  std::string CopyOfYesterday();

  const LogKey& key() const { return key_; }
  // The words that give the checker the key and the newest outside checkpoint.
  std::vector<std::string> Outside() const;
  // Files of the outside checkpoints.
  const std::string& old_file() const { return old_file_; }
  const std::string& new_file() const { return new_file_; }
  // Writes a file into a folder that is gone at the end; its path.
  std::string Write(const std::string& name, std::string_view text) const;
  const std::string& folder() const { return folder_; }

  // The case with a whole life and its number of events, a young one of the
  // same agency, and one of the other agency.
  const std::string& long_case() const { return long_case_; }
  int64_t long_events() const { return long_events_; }
  const std::string& young_case() const { return young_case_; }
  const std::string& other_case() const { return other_case_; }

 private:
  Office();
  void FirstDay();
  void SecondDay();
  std::string CopyOf(const std::string& database);

  TempPostgres& postgres_;
  std::string folder_;
  LogKey key_;
  std::string database_;
  std::string yesterday_;
  std::string old_file_;
  std::string new_file_;
  std::string long_case_;
  int64_t long_events_ = 0;
  std::string young_case_;
  std::string other_case_;
  int copies_ = 0;
};

}  // namespace gongkai::test

#endif  // GONGKAI_TESTS_PROOF_OFFICE_H_
