// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_TESTS_BENCH_BULK_STORE_H_
#define GONGKAI_TESTS_BENCH_BULK_STORE_H_

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "storage/postgres/sealing.h"
#include "storage/sealer.h"
#include "storage/store.h"
#include "tests/bench/copy_writer.h"

namespace gongkai::bench {

// A store that keeps streams in memory while they are worked on and then writes
// them as rows for COPY. The path of the service works on it unchanged, so that
// what it fills a database with is what the service would have written. For one
// thread.
class BulkStore : public storage::Store {
 public:
  // Rows go to `writer`, private parts sealed with `sealer` if there is one.
  BulkStore(CopyWriter& writer, storage::Sealer* sealer)
      : writer_(writer), sealer_(sealer) {}

  absl::StatusOr<storage::History> Load(std::string_view agency,
                                        std::string_view number,
                                        std::string_view request_id,
                                        bool with_private,
                                        absl::Time deadline) override;
  absl::StatusOr<storage::History> LoadStream(std::string_view agency,
                                              std::string_view stream,
                                              std::string_view request_id,
                                              bool with_private,
                                              absl::Time deadline) override;
  absl::StatusOr<storage::Appended> AppendAll(
      const std::vector<storage::Append>& batch, absl::Time deadline) override;
  absl::Status Receive(
      std::string_view agency, int year,
      const std::vector<storage::Arrival>& arrivals,
      const std::function<absl::StatusOr<std::vector<storage::Append>>(
          const std::vector<storage::Place>&)>& seal,
      absl::Time deadline) override;
  absl::StatusOr<storage::LogIdentity> Identity(absl::Time deadline) override;

  // Writes the rows of a case and forgets it.
  void Release(std::string_view agency, std::string_view number);
  // Writes the rows of all other streams, the counters and the log's size.
  void Finish();

  // What is held now is in the database already: it is not written, and the log
  // goes on after `log_size` entries.
  void KeepUnwritten(int64_t log_size);

  // What was appended last.
  const storage::Append& last() const { return last_; }
  int64_t events() const { return events_; }
  // Whether every private part so far could be sealed.
  const absl::Status& sealed() const { return sealed_; }

 private:
  using Key = std::pair<std::string, std::string>;
  // One stream and the rows that its last append left.
  struct Held {
    storage::History history;
    storage::Append row;
    std::string opened;
    std::vector<storage::LimitRow> limits;
    std::optional<storage::CaseText> text;
    std::vector<std::string> macs;
    std::vector<int64_t> log_indexes;
    bool unwritten = false;
  };

  absl::StatusOr<storage::History> Seen(std::string_view agency,
                                        const Held* held);
  int64_t VersionOf(std::string_view agency, storage::StreamKind kind) const;
  void Add(const storage::Append& append);
  void Write(const Key& key, const Held& held);
  // The private part of an event, and the key that the stream gets with it.
  void WritePrivate(const Key& key, const storage::StoredEvent& event,
                    storage::PartSealer& sealer);
  void WriteText(const Key& key, const storage::CaseText& text);

  CopyWriter& writer_;
  storage::Sealer* sealer_;
  absl::Status sealed_;
  int64_t log_size_ = 0;
  int64_t events_ = 0;
  std::map<Key, Held> streams_;
  std::map<Key, std::string> by_number_;
  std::map<std::pair<std::string, int>, int64_t> counters_;
  storage::Append last_;
};

}  // namespace gongkai::bench

#endif  // GONGKAI_TESTS_BENCH_BULK_STORE_H_
