// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_STORAGE_SCAN_H_
#define GONGKAI_STORAGE_SCAN_H_

#include <compare>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "storage/proofs.h"
#include "storage/store.h"

// A whole database read row by row by those who check it. What the rows hold is
// not believed: a row may be missing, be there twice or contradict another.
namespace gongkai::storage {

// What a row belongs to: an event of a stream, or an access record, whose id
// stands in place of the stream and whose seq is 1. Ordered as the database
// orders it.
struct RowKey {
  std::string agency;
  std::string stream;  // UUID
  int64_t seq = 0;

  auto operator<=>(const RowKey&) const = default;
};

// The row of the log.
struct LogRow {
  LogIdentity identity;
  std::string record_prefix;
  int64_t size = 0;    // places given
  TreeHead tree;       // of tree_size
  int64_t queued = 0;  // entries that wait for a place
};

// A stream, without its events. Of all rows, `key` names what the row belongs
// to; the seq of rows that belong to a whole stream is 0.
struct StreamRow {
  RowKey key;
  StreamKind kind = StreamKind::kCase;
  std::string number;
  int64_t version = 0;
  std::string head;
  absl::Time opened_time;
  CaseRow row;
  // Below 1: of `row`, what the annual return counts was not written yet.
  int row_version = 0;
};

// An event without its private part.
struct EventRow {
  RowKey key;
  StoredEvent event;
};

struct PrivateRow {
  RowKey key;
  // Opened, unless `sealed`.
  std::string salt;
  std::string payload;
  bool has_salt = false;
  bool has_payload = false;
  // What is there is sealed, and why it was not opened: OK when nobody gave the
  // keys, DATA_LOSS when it was altered or moved, FAILED_PRECONDITION when its
  // outer key is not among those given.
  bool sealed = false;
  absl::Status opening = absl::OkStatus();
  // Whether the stream has a data key.
  bool has_key = false;
  std::optional<absl::Time> erased_time;
};

// An entry with a place in the log, or one that waits for it.
struct LeafRow {
  RowKey key;
  int64_t place = 0;  // log_index, or the place in the queue
  std::string leaf_hash;
  int kind = 0;  // 1 event, 2 access record
};

struct AccessScanRow {
  RowKey key;
  AccessRow access;
};

struct TileRow {
  int64_t index = 0;
  std::string hashes;
};

struct LimitScanRow {
  RowKey key;
  LimitRow limit;
};

// Its words and persons are sorted.
struct TextScanRow {
  RowKey key;
  CaseText text;
};

struct RequestRow {
  RowKey key;
  std::string request_id;
};

// A return that was filed, beside its event.
struct FiledRow {
  RowKey key;
  int year = 0;
  int edition = 0;
  absl::Time filed_time;
  std::string filed_by;
  std::string document;
  std::string cases;
};

// A stream that has a data key and no private part left to be opened by it.
struct IdleKeyRow {
  RowKey key;
};

// An account, and what it is known by; the keys are sorted.
struct AccountScanRow {
  RowKey key;  // the account's name in place of the stream
  AccountRow account;
};

// An id that several events have.
struct RepeatedRow {
  std::string event_id;
  int64_t times = 0;
};

// The last serial number that an agency gave in a year.
struct CounterRow {
  std::string agency;
  int64_t year = 0;
  int64_t last = 0;
};

// A case number.
struct NumberRow {
  std::string agency;
  std::string number;
};

// Rows of one kind in one order, read in pages.
template <typename Row>
class Rows {
 public:
  virtual ~Rows() = default;
  // Reads the next row; false at the end, which leaves `row` as it was.
  virtual bool Next(Row& row) = 0;
};

// One snapshot of a database. Every call makes a reader of its own; several may
// be open at once. Memory does not grow with the number of rows. When the
// database goes away in the middle, whoever made the snapshot is told so, not
// the reader. For one thread.
class Scan {
 public:
  virtual ~Scan() = default;

  // The log; absent when its row is missing.
  virtual std::optional<LogRow> ReadLogRow() = 0;

  // In the order of their keys.
  virtual std::unique_ptr<Rows<StreamRow>> Streams() = 0;
  virtual std::unique_ptr<Rows<EventRow>> Events() = 0;
  virtual std::unique_ptr<Rows<PrivateRow>> Privates() = 0;
  virtual std::unique_ptr<Rows<LeafRow>> Places() = 0;
  virtual std::unique_ptr<Rows<LeafRow>> Queue() = 0;
  virtual std::unique_ptr<Rows<AccessScanRow>> Accesses() = 0;
  virtual std::unique_ptr<Rows<LimitScanRow>> Limits() = 0;
  virtual std::unique_ptr<Rows<TextScanRow>> Texts() = 0;
  virtual std::unique_ptr<Rows<RequestRow>> Requests() = 0;
  virtual std::unique_ptr<Rows<FiledRow>> Filed() = 0;

  virtual std::unique_ptr<Rows<IdleKeyRow>> IdleKeys() = 0;
  // By agency and name. Sessions are not told of.
  virtual std::unique_ptr<Rows<AccountScanRow>> Accounts() = 0;

  // Ids that several events have, of whatever streams.
  virtual std::unique_ptr<Rows<RepeatedRow>> RepeatedEvents() = 0;

  // In the order of their place in the log.
  virtual std::unique_ptr<Rows<LeafRow>> Leaves() = 0;
  // Of one level, in order.
  virtual std::unique_ptr<Rows<TileRow>> Tiles(int level) = 0;
  // The levels that tiles are of.
  virtual std::vector<int> TileLevels() = 0;
  // By size.
  virtual std::unique_ptr<Rows<StoredCheckpoint>> Checkpoints() = 0;
  virtual std::unique_ptr<Rows<StoredAnchor>> Anchors() = 0;

  // By agency and year.
  virtual std::vector<CounterRow> Counters() = 0;
  // By agency, length and text.
  virtual std::unique_ptr<Rows<NumberRow>> Numbers() = 0;
};

}  // namespace gongkai::storage

#endif  // GONGKAI_STORAGE_SCAN_H_
