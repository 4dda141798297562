// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_ACT_IMPORT_H_
#define GONGKAI_SERVICES_ACT_IMPORT_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "gongkai/v1/report_service.pb.h"
#include "services/act/access.h"
#include "services/act/perform.h"
#include "services/act/registry.h"
#include "services/auth/identity.h"
#include "services/base/clock.h"
#include "storage/store.h"

namespace gongkai::act {

// Cases that one import may bring.
inline constexpr int64_t kMaxImportRows = 50'000;

// A row of an import, in its place.
struct ImportRow {
  v1::PastCase past;
  // Not OK: what its form breaks; it is named with the others.
  absl::Status shape;
};

// A row that broke a rule. 0-based.
struct ImportFailure {
  int64_t row = 0;
  absl::Status status;
};

// What became of an import. With failures or unbalanced cells nothing was taken
// in.
struct Imported {
  int64_t imported = 0;
  bool repeated = false;
  std::vector<ImportFailure> failures;  // by row
  // The declared totals that break an identity of the return themselves, and
  // the cells in which they are not what the rows add up to (`declared`).
  std::vector<v1::ReturnViolation> unbalanced;
};

// Takes in the cases of an earlier register (历史案件导入, REG 50), all of them
// in one commit or none. Every row goes the way of a receipt: judged by the
// statute, sealed, appended. How far back an act may be recorded does not bind
// it: that is what it is for. Thread-safe.
class Importer {
 public:
  // What is given outlives it.
  Importer(storage::Store& store, Registry& registry, AccessRecorder& recorder,
           Clock& clock, Options options);
  ~Importer();

  // OK also when rows broke a rule: the result names them. Refused as a whole:
  // CAPACITY_MISSING (it is for who may import into the whole agency),
  // NO_SUCH_AGENCY, SESSION_OVER, FIELD_INVALID of the head or without rows,
  // REQUEST_ID_REUSED when the import of this request_id was another.
  absl::StatusOr<Imported> Import(const auth::Caller& caller,
                                  const v1::ImportCasesRequest::Head& head,
                                  const std::vector<ImportRow>& rows,
                                  absl::Time deadline);

 private:
  struct Job;
  absl::StatusOr<Imported> Run(Job& job);
  absl::Status Open(Job& job);
  // Whether the very import was done before.
  absl::StatusOr<bool> WasDone(const Job& job);
  // Judges every row: its event, or the failure.
  void JudgeAll(Job& job);
  absl::StatusOr<v1::Event> Judge(const Job& job, const v1::PastCase& past);
  // Names the rows whose number a case of the register has.
  absl::Status NameTaken(Job& job);
  // Everything in one commit.
  absl::StatusOr<storage::Appended> AppendAll(const Job& job);
  storage::Append MakeAppend(const Job& job, size_t row, absl::Time now);

  storage::Store& store_;
  Registry& registry_;
  AccessRecorder& recorder_;
  Clock& clock_;
  const Options options_;
};

}  // namespace gongkai::act

#endif  // GONGKAI_SERVICES_ACT_IMPORT_H_
