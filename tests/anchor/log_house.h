// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_TESTS_ANCHOR_LOG_HOUSE_H_
#define GONGKAI_TESTS_ANCHOR_LOG_HOUSE_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/time/clock.h"
#include "services/audit/note.h"
#include "services/audit/suite.h"
#include "storage/postgres/postgres_store.h"
#include "tests/support/temp_postgres.h"

namespace gongkai::test {

inline absl::Time Soon() { return absl::Now() + absl::Seconds(60); }

// A folder of the test's own, removed at its end.
class TempFolder {
 public:
  TempFolder();
  ~TempFolder();
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;

  const std::string& path() const { return path_; }
  // Makes a folder in it.
  std::string Make(const std::string& name) const;
  // Names in a folder of it, sorted.
  std::vector<std::string> Names(const std::string& name) const;

 private:
  std::string path_;
};

// A key with its verifier key, in memory and as PEM.
struct KeyPair {
  KeyPair(audit::Suite suite, const std::string& name, audit::KeyUse use);
  // A signing key of the same bytes.
  audit::SigningKey Again() const;

  std::string pem;
  audit::VerifierKey as;
};

// A log of its own in a database of the shared cluster, which grows by records
// of access, is copied and put back as a backup would be.
class LogHouse {
 public:
  static constexpr const char* kOrigin = "gov.example.cn/test";

  explicit LogHouse(audit::Suite suite = audit::Suite::kSha256Ed25519);

  audit::Suite suite() const { return suite_; }
  const std::string& database() const { return database_; }
  storage::PostgresStore& service() { return *service_; }
  storage::PostgresStore& signer() { return *signer_; }
  std::string SignerDsn() const;

  // Records `n` accesses; Grow takes them into the tree too.
  void Record(int n);
  storage::TreeHead Grow(int n);
  storage::TreeHead Head();

  // Copies the database; PutBack makes the copy the database, which loses what
  // came after.
  std::string Copy();
  void PutBack(const std::string& copy);
  void AsSuperuser(const std::string& sql);

 private:
  void Close();
  void Open();

  audit::Suite suite_;
  std::string database_;
  std::unique_ptr<storage::PostgresStore> service_;
  std::unique_ptr<storage::PostgresStore> signer_;
};

// The path of a shipped program.
std::string ProgramPath(const char* name);
// Writes `text` with the mode of a key.
void WriteSecret(const std::string& path, const std::string& text);
std::string ReadWhole(const std::string& path);

}  // namespace gongkai::test

#endif  // GONGKAI_TESTS_ANCHOR_LOG_HOUSE_H_
