// SPDX-License-Identifier: Apache-2.0
// Reads whole tables in pages, by cursors of one transaction.
#include "storage/postgres/postgres_scan.h"

#include <algorithm>
#include <limits>
#include <pqxx/pqxx>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "storage/postgres/scan_statements.h"
#include "storage/postgres/session.h"
#include "storage/postgres/values.h"

namespace gongkai::storage {
namespace {

using Tx = pqxx::transaction_base;

// A page is to hold about this many bytes of text: rows with long applications
// come a few at a time.
constexpr size_t kPageBytes = 1 << 20;
constexpr int kFirstPage = 64;
constexpr int kLongestPage = 4096;

int64_t IntOf(const pqxx::field& field) { return field.as<int64_t>(0); }

std::optional<absl::Time> MaybeTime(const pqxx::field& field) {
  if (field.is_null()) return std::nullopt;
  return TimeOf(field);
}

std::optional<absl::CivilDay> MaybeDay(const pqxx::field& field) {
  if (field.is_null()) return std::nullopt;
  return DayOfField(field);
}

// The parts of a text between separators; none of an empty text.
std::vector<std::string> Parts(const pqxx::field& field, char separator) {
  if (field.is_null() || field.size() == 0) return {};
  return absl::StrSplit(absl::string_view(field.c_str(), field.size()),
                        separator);
}

RowKey KeyOf(const pqxx::row& row) {
  return {TextOf(row[0]), TextOf(row[1]), IntOf(row[2])};
}

RowKey StreamKeyOf(const pqxx::row& row) {
  return {TextOf(row[0]), TextOf(row[1]), 0};
}

// One function per kind of row, by position in its statement.

void Read(const pqxx::row& row, StreamRow& out) {
  out.key = StreamKeyOf(row);
  out.kind = static_cast<StreamKind>(IntOf(row[2]));
  out.number = TextOf(row[3]);
  out.version = IntOf(row[4]);
  out.head = BytesOf(row[5]);
  out.opened_time = TimeOf(row[6]);
  out.row.phase = static_cast<int>(IntOf(row[7]));
  out.row.outcome = static_cast<int>(IntOf(row[8]));
  out.row.applicant_kind = static_cast<int>(IntOf(row[9]));
  out.row.officer = TextOf(row[10]);
  out.row.department = TextOf(row[11]);
  out.row.received = MaybeDay(row[12]);
  out.row.done_time = MaybeTime(row[13]);
  out.row.calendar_version = TextOf(row[14]);
}

void Read(const pqxx::row& row, EventRow& out) {
  out.key = KeyOf(row);
  StoredEvent& event = out.event;
  event.seq = out.key.seq;
  event.type = static_cast<int>(IntOf(row[3]));
  event.event_id = TextOf(row[4]);
  event.request_id = TextOf(row[5]);
  event.recorded_time = TimeOf(row[6]);
  event.occurred = DayOfField(row[7]);
  event.record = BytesOf(row[8]);
  event.hash = BytesOf(row[9]);
  event.leaf_hash = BytesOf(row[10]);
}

void Read(const pqxx::row& row, PrivateRow& out) {
  out.key = KeyOf(row);
  out.salt = BytesOf(row[3]);
  out.payload = BytesOf(row[4]);
  out.has_salt = !row[3].is_null();
  out.has_payload = !row[4].is_null();
  out.erased_time = MaybeTime(row[5]);
}

void Read(const pqxx::row& row, LeafRow& out) {
  out.key = KeyOf(row);
  out.place = IntOf(row[3]);
  out.leaf_hash = BytesOf(row[4]);
  out.kind = static_cast<int>(IntOf(row[5]));
}

void Read(const pqxx::row& row, AccessScanRow& out) {
  AccessRow& access = out.access;
  access.agency = TextOf(row[0]);
  access.access_id = TextOf(row[1]);
  access.recorded_time = TimeOf(row[2]);
  access.kind = static_cast<int>(IntOf(row[3]));
  access.numbers = Parts(row[4], ' ');
  access.leaf_hash = BytesOf(row[5]);
  access.record = BytesOf(row[6]);
  out.key = {access.agency, access.access_id, 1};
}

void Read(const pqxx::row& row, LimitScanRow& out) {
  out.key = StreamKeyOf(row);
  LimitRow& limit = out.limit;
  limit.kind = static_cast<int>(IntOf(row[2]));
  limit.ordinal = static_cast<int>(IntOf(row[3]));
  limit.whose = static_cast<int>(IntOf(row[4]));
  limit.state = static_cast<int>(IntOf(row[5]));
  limit.start = DayOfField(row[6]);
  limit.due = MaybeDay(row[7]);
  limit.provisional = row[8].as<bool>(false);
  limit.first = row[9].as<bool>(false);
}

void Read(const pqxx::row& row, TextScanRow& out) {
  out.key = StreamKeyOf(row);
  out.text.arrived = DayOfField(row[2]);
  out.text.applicant_name = TextOf(row[3]);
  out.text.content = TextOf(row[4]);
  out.text.words = Parts(row[5], '\n');
  std::sort(out.text.words.begin(), out.text.words.end());
  out.text.applicant_key = BytesOf(row[6]);
  out.text.content_key = BytesOf(row[7]);
}

void Read(const pqxx::row& row, RequestRow& out) {
  out.key = KeyOf(row);
  out.request_id = TextOf(row[3]);
}

void Read(const pqxx::row& row, StoredCheckpoint& out) {
  out = {IntOf(row[0]), BytesOf(row[1]), TextOf(row[2]), TimeOf(row[3])};
}

void Read(const pqxx::row& row, StoredAnchor& out) {
  out = {IntOf(row[0]), static_cast<AnchorKind>(IntOf(row[1])), TextOf(row[2]),
         TextOf(row[3]), TimeOf(row[4])};
}

void Read(const pqxx::row& row, RepeatedRow& out) {
  out = {TextOf(row[0]), IntOf(row[1])};
}

void Read(const pqxx::row& row, NumberRow& out) {
  out = {TextOf(row[0]), TextOf(row[1])};
}

void Read(const pqxx::row& row, TileRow& out) {
  out = {IntOf(row[0]), BytesOf(row[1])};
}

// Rows of a cursor of its own.
template <typename Row>
class CursorRows : public Rows<Row> {
 public:
  CursorRows(Tx& tx, const Statement& statement, int number)
      : tx_(tx), name_(absl::StrCat(statement.name, "_", number)) {
    tx_.exec(absl::StrCat("DECLARE ", name_, " NO SCROLL CURSOR FOR ",
                          statement.sql));
  }

  bool Next(Row& row) override {
    if (at_ == page_.size() && !Turn()) return false;
    const pqxx::row from = page_[at_++];
    for (const pqxx::field& field : from) bytes_ += field.size();
    Read(from, row);
    return true;
  }

 private:
  bool Turn() {
    if (ended_) return false;
    if (bytes_ > kPageBytes) page_rows_ = std::max(1, page_rows_ / 2);
    if (bytes_ < kPageBytes / 2) {
      page_rows_ = std::min(kLongestPage, page_rows_ * 2);
    }
    // The old page goes before the new one comes.
    page_ = pqxx::result();
    page_ =
        tx_.exec(absl::StrCat("FETCH FORWARD ", page_rows_, " FROM ", name_));
    at_ = 0;
    bytes_ = 0;
    ended_ = page_.empty();
    if (ended_) tx_.exec(absl::StrCat("CLOSE ", name_));
    return !ended_;
  }

  Tx& tx_;
  const std::string name_;
  int page_rows_ = kFirstPage / 2;
  pqxx::result page_;
  pqxx::result::size_type at_ = 0;
  size_t bytes_ = 0;
  bool ended_ = false;
};

// Tiles of one level, page after page by their index.
class TileRows : public Rows<TileRow> {
 public:
  TileRows(Tx& tx, int level) : tx_(tx), level_(level) {}

  bool Next(TileRow& row) override {
    if (at_ == page_.size()) {
      if (ended_) return false;
      page_ = tx_.exec_params(kScanTiles, level_, after_);
      at_ = 0;
      ended_ = page_.empty();
      if (ended_) return false;
    }
    Read(page_[at_++], row);
    after_ = row.index;
    return true;
  }

 private:
  Tx& tx_;
  const int level_;
  int64_t after_ = std::numeric_limits<int64_t>::min();
  pqxx::result page_;
  pqxx::result::size_type at_ = 0;
  bool ended_ = false;
};

class PostgresScan : public Scan {
 public:
  explicit PostgresScan(Tx& tx) : tx_(tx) {}

  std::optional<LogRow> ReadLogRow() override {
    const pqxx::result rows = tx_.exec(kScanLog);
    if (rows.empty()) return std::nullopt;
    const pqxx::row row = rows[0];
    LogRow log;
    log.identity = {TextOf(row[0]), static_cast<int>(IntOf(row[1]))};
    log.record_prefix = BytesOf(row[2]);
    log.size = IntOf(row[3]);
    log.tree = {IntOf(row[4]), BytesOf(row[5])};
    log.queued = IntOf(row[6]);
    return log;
  }

  std::unique_ptr<Rows<StreamRow>> Streams() override {
    return Open<StreamRow>(kScanStreams);
  }
  std::unique_ptr<Rows<EventRow>> Events() override {
    return Open<EventRow>(kScanEvents);
  }
  std::unique_ptr<Rows<PrivateRow>> Privates() override {
    return Open<PrivateRow>(kScanPrivates);
  }
  std::unique_ptr<Rows<LeafRow>> Places() override {
    return Open<LeafRow>(kScanPlaces);
  }
  std::unique_ptr<Rows<LeafRow>> Queue() override {
    return Open<LeafRow>(kScanQueue);
  }
  std::unique_ptr<Rows<AccessScanRow>> Accesses() override {
    return Open<AccessScanRow>(kScanAccesses);
  }
  std::unique_ptr<Rows<LimitScanRow>> Limits() override {
    return Open<LimitScanRow>(kScanLimits);
  }
  std::unique_ptr<Rows<TextScanRow>> Texts() override {
    return Open<TextScanRow>(kScanTexts);
  }
  std::unique_ptr<Rows<RequestRow>> Requests() override {
    return Open<RequestRow>(kScanRequests);
  }
  std::unique_ptr<Rows<RepeatedRow>> RepeatedEvents() override {
    return Open<RepeatedRow>(kScanRepeated);
  }
  std::unique_ptr<Rows<LeafRow>> Leaves() override {
    return Open<LeafRow>(kScanLeaves);
  }
  std::unique_ptr<Rows<TileRow>> Tiles(int level) override {
    return std::make_unique<TileRows>(tx_, level);
  }
  std::vector<int> TileLevels() override {
    std::vector<int> levels;
    for (const auto& row : tx_.exec(kScanTileLevels)) {
      levels.push_back(static_cast<int>(IntOf(row[0])));
    }
    return levels;
  }
  std::unique_ptr<Rows<StoredCheckpoint>> Checkpoints() override {
    return Open<StoredCheckpoint>(kScanCheckpoints);
  }
  std::unique_ptr<Rows<StoredAnchor>> Anchors() override {
    return Open<StoredAnchor>(kScanAnchors);
  }
  std::vector<CounterRow> Counters() override {
    std::vector<CounterRow> counters;
    for (const auto& row : tx_.exec(kScanCounters)) {
      counters.push_back({TextOf(row[0]), IntOf(row[1]), IntOf(row[2])});
    }
    return counters;
  }
  std::unique_ptr<Rows<NumberRow>> Numbers() override {
    return Open<NumberRow>(kScanNumbers);
  }

 private:
  template <typename Row>
  std::unique_ptr<Rows<Row>> Open(const Statement& statement) {
    return std::make_unique<CursorRows<Row>>(tx_, statement, ++cursors_);
  }

  Tx& tx_;
  int cursors_ = 0;
};

}  // namespace

absl::Status ReadSnapshot(const std::string& dsn,
                          const std::function<absl::Status(Scan&)>& read) {
  Sessions::Options options;
  options.dsn = dsn;
  options.size = 1;
  // No timeouts, and never a second time.
  options.service = false;
  Sessions sessions(options);
  return sessions.Transact(
      absl::InfiniteFuture(), [&read](Tx& tx) -> absl::Status {
        tx.exec(kScanSnapshot);
        if (!tx.exec1(kScanSeesAll)[0].as<bool>(false)) {
          return absl::PermissionDeniedError(
              "this role does not see every row: connect as gongkai_auditor");
        }
        PostgresScan scan(tx);
        return read(scan);
      });
}

}  // namespace gongkai::storage
