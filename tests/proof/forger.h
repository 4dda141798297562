// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_TESTS_PROOF_FORGER_H_
#define GONGKAI_TESTS_PROOF_FORGER_H_

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "services/audit/record.h"
#include "storage/scan.h"
#include "tests/proof/office.h"
#include "tests/support/temp_postgres.h"

namespace gongkai::test {

// An administrator of the database with bad intent, and with this program's
// source before him: he stops the triggers, alters what he likes and makes
// everything anew that follows from it. Trouble ends the test binary.
class Forger {
 public:
  Forger(const TempPostgres& postgres, std::string database);
  // Puts the triggers back.
  ~Forger();
  Forger(const Forger&) = delete;
  Forger& operator=(const Forger&) = delete;

  // Runs statements; the first cell of the answer.
  std::string Sql(const std::string& statements) const;

  // SQL that is true of the rows of a case: `agency_id = … AND stream_id = …`.
  std::string Of(std::string_view number) const;
  // The same, of one event.
  std::string Of(std::string_view number, int64_t seq) const;

  // Changes the bytes of a record and nothing beside them.
  using Edit = std::function<void(audit::Record& record, v1::Event& body)>;
  void EditRecord(std::string_view number, int64_t seq, const Edit& edit) const;

  // Changes a private part and seals it again: for this he needs the keys of
  // the vault.
  void EditPrivate(std::string_view number, int64_t seq,
                   const std::function<void(v1::Event& part)>& edit) const;

  // Stores the private parts of a case bare, as before there were keys, so that
  // they can be moved.
  void Unseal(std::string_view number) const;

  // Makes every stream anew from its rows: what stands in the columns goes into
  // the records, private parts are committed to, each record names the one
  // before it, hashes and heads fit.
  void RebuildChains() const;
  // Makes the log anew: leaves of records that are gone go, those of new ones
  // follow the record before them, places are 1, 2, 3 …, tiles, root and sizes
  // fit.
  void RebuildLog() const;
  // Both.
  void Rebuild() const;
  // Replaces every checkpoint by one of the tree as it is.
  void Resign(const LogKey& key) const;
  // Takes away the checkpoints and anchors of more entries than the tree has.
  void DropCheckpointsBeyond() const;

  int64_t TreeSize() const;

 private:
  void Read(const std::function<void(storage::Scan&)>& read) const;
  void Triggers(const char* action) const;

  const TempPostgres& postgres_;
  const std::string database_;
};

// A literal of bytes.
std::string Bytes(std::string_view bytes);

}  // namespace gongkai::test

#endif  // GONGKAI_TESTS_PROOF_FORGER_H_
