// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_STORAGE_MEMORY_MEMORY_STORE_H_
#define GONGKAI_STORAGE_MEMORY_MEMORY_STORE_H_

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/synchronization/mutex.h"
#include "storage/store.h"

namespace gongkai::storage {

// The store in memory, for tests: keeps the promises of Store, Log and
// JobBook, and of Index the lists. Search and likeness are UNIMPLEMENTED.
// Private parts are not sealed. Deadlines are not looked at. Thread-safe.
class MemoryStore : public Store, public Index, public Log, public JobBook {
 public:
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

  // The row of a case as last written, and a return as filed: for tests. Absent
  // when there is none.
  std::optional<CaseRow> RowOf(std::string_view agency,
                               std::string_view stream) const;
  std::optional<FiledDocument> FiledOf(std::string_view agency, int year,
                                       int edition) const;

 private:
  // Agency and stream, or agency and another name in it.
  using Key = std::pair<std::string, std::string>;

  struct Stream {
    StreamKind kind = StreamKind::kCase;
    std::string number;
    CaseRow row;
    std::vector<StoredEvent> events;
    std::vector<LimitRow> limits;
    std::optional<CaseText> text;
  };

  struct Queued {
    LogEntry entry;
    std::string leaf_hash;
  };

  // All tables; copied to undo a batch.
  struct State {
    std::map<Key, Stream> streams;
    std::map<Key, std::string> numbers;  // number to stream
    std::map<Key, Prior> requests;
    std::map<std::pair<std::string, int>, int64_t> counters;
    std::vector<Queued> queue;
    std::map<Key, AccountRow> accounts;
    // By agency, year and edition.
    std::map<std::tuple<std::string, int, int>, FiledDocument> filed;
    int64_t revocation = 0;
  };

  static Appended AppendOne(const Append& append, State* state);
  // Whether the post or a key of the account is another's.
  static bool HeldElsewhere(const Append& append, const State& state);
  History HistoryOf(const Key& stream, std::string_view request_id,
                    bool with_private) const
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // All or nothing; `which` gets the number of the one that was not appended.
  Appended AppendBatch(const std::vector<Append>& batch, std::string* which)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  Place PlaceOf(std::string_view agency, const Arrival& arrival) const
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  mutable absl::Mutex mutex_;
  State state_ ABSL_GUARDED_BY(mutex_);
  absl::StatusOr<std::string> TileAt(int level, int64_t index) const
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  std::vector<LogEntry> log_ ABSL_GUARDED_BY(mutex_);
  std::map<std::pair<int, int64_t>, std::string> tiles_ ABSL_GUARDED_BY(mutex_);
  std::map<std::string, std::string> jobs_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace gongkai::storage

#endif  // GONGKAI_STORAGE_MEMORY_MEMORY_STORE_H_
