// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_STORAGE_POSTGRES_POSTGRES_STORE_H_
#define GONGKAI_STORAGE_POSTGRES_POSTGRES_STORE_H_

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "storage/proofs.h"
#include "storage/store.h"

namespace gongkai::storage {

class Sessions;

// The store in PostgreSQL: streams, index, log, proofs and places of jobs over
// one bounded pool of connections. Thread-safe.
class PostgresStore : public Store,
                      public Index,
                      public Log,
                      public JobBook,
                      public Proofs,
                      public AccessBook {
 public:
  // `dsn` as libpq takes it, under the service's role; `connections` at most.
  // Connects when first used, so that the service starts while the database is
  // away.
  PostgresStore(std::string dsn, int connections);
  ~PostgresStore() override;

  absl::StatusOr<History> Load(std::string_view agency, std::string_view number,
                               std::string_view request_id, bool with_private,
                               absl::Time deadline) override;
  absl::StatusOr<History> LoadStream(std::string_view agency,
                                     std::string_view stream,
                                     std::string_view request_id,
                                     bool with_private,
                                     absl::Time deadline) override;
  absl::StatusOr<Appended> AppendAll(const std::vector<Append>& batch,
                                     absl::Time deadline) override;
  absl::Status Receive(std::string_view agency, int year,
                       const std::vector<Arrival>& arrivals,
                       const std::function<absl::StatusOr<std::vector<Append>>(
                           const std::vector<Place>&)>& seal,
                       absl::Time deadline) override;
  absl::StatusOr<LogIdentity> Identity(absl::Time deadline) override;

  absl::StatusOr<std::vector<FoundCase>> List(const CaseQuery& query,
                                              absl::Time deadline) override;
  absl::StatusOr<std::vector<FoundText>> Search(
      std::string_view agency, std::string_view phrase,
      const std::vector<std::string>& words, int limit,
      std::string_view after_stream, absl::Time deadline) override;
  absl::StatusOr<std::vector<FoundSimilar>> Similar(
      std::string_view agency, std::string_view stream, int limit,
      absl::Time deadline) override;
  absl::StatusOr<std::vector<FoundText>> FindByPerson(
      std::string_view agency, const PersonKey& key, int limit,
      std::string_view after_stream, absl::Time deadline) override;
  absl::StatusOr<Earlier> EarlierOf(std::string_view agency,
                                    std::string_view stream,
                                    absl::Time deadline) override;
  absl::StatusOr<std::vector<OpenCase>> OpenCases(std::string_view agency,
                                                  std::string_view after_agency,
                                                  std::string_view after_stream,
                                                  int limit,
                                                  absl::Time deadline) override;
  absl::StatusOr<std::vector<std::string>> Agencies(
      absl::Time deadline) override;

  absl::StatusOr<Sequenced> Sequence(int max, const TreeHead* known,
                                     absl::Time deadline) override;
  absl::StatusOr<TreeHead> Head(absl::Time deadline) override;
  absl::StatusOr<std::string> Tile(int level, int64_t index,
                                   absl::Time deadline) override;
  absl::StatusOr<std::vector<LogEntry>> ReadLog(int64_t after,
                                                std::string_view agency,
                                                int max,
                                                absl::Time deadline) override;
  absl::StatusOr<int64_t> LogSize(absl::Time deadline) override;

  absl::StatusOr<std::string> JobState(std::string_view job,
                                       absl::Time deadline) override;
  absl::Status SetJobState(std::string_view job, std::string_view state,
                           absl::Time deadline) override;

  absl::StatusOr<std::vector<EventPlace>> PlacesOf(
      std::string_view agency, std::string_view stream,
      absl::Time deadline) override;
  absl::StatusOr<std::optional<StoredCheckpoint>> NewestCheckpoint(
      int64_t size, absl::Time deadline) override;
  absl::StatusOr<std::vector<StoredAnchor>> AnchorsOf(
      int64_t size, absl::Time deadline) override;
  absl::StatusOr<LogHealth> Health(absl::Time deadline) override;
  absl::Status PutCheckpoint(const StoredCheckpoint& checkpoint,
                             absl::Time deadline) override;
  absl::Status PutAnchor(const StoredAnchor& anchor,
                         absl::Time deadline) override;

  absl::Status RecordAccess(const std::vector<AccessRow>& rows,
                            absl::Time deadline) override;
  absl::StatusOr<std::vector<std::string>> AccessesOf(
      std::string_view agency, std::string_view number, absl::Time until,
      int max, absl::Time deadline) override;

  // Names the log and chooses its suite, once, before anything is recorded;
  // under the owner's role. FAILED_PRECONDITION when it holds records.
  absl::Status CreateLog(const LogIdentity& identity, absl::Time deadline);

  // Connections that are open now.
  int connections() const;

 private:
  std::unique_ptr<Sessions> sessions_;
};

}  // namespace gongkai::storage

#endif  // GONGKAI_STORAGE_POSTGRES_POSTGRES_STORE_H_
