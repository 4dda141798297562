// SPDX-License-Identifier: Apache-2.0
// Reads whole tables in pages, by cursors of one transaction.
#include "storage/postgres/postgres_scan.h"

#include <algorithm>
#include <limits>
#include <pqxx/pqxx>
#include <utility>

#include "absl/strings/str_cat.h"
#include "storage/postgres/scan_rows.h"
#include "storage/postgres/scan_statements.h"
#include "storage/postgres/sealing.h"
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

// Rows of a cursor of its own.
template <typename Row>
class CursorRows : public Rows<Row> {
 public:
  // `finish` does what is left to do of every row.
  CursorRows(Tx& tx, const Statement& statement, int number,
             std::function<void(const pqxx::row&, Row&)> finish = nullptr)
      : tx_(tx),
        name_(absl::StrCat(statement.name, "_", number)),
        finish_(std::move(finish)) {
    tx_.exec(absl::StrCat("DECLARE ", name_, " NO SCROLL CURSOR FOR ",
                          statement.sql));
  }

  bool Next(Row& row) override {
    if (at_ == page_.size() && !Turn()) return false;
    const pqxx::row from = page_[at_++];
    for (const pqxx::field& field : from) bytes_ += field.size();
    Read(from, row);
    if (finish_ != nullptr) finish_(from, row);
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
  const std::function<void(const pqxx::row&, Row&)> finish_;
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
  PostgresScan(Tx& tx, Sealer* sealer) : tx_(tx), sealer_(sealer) {}

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
    return std::make_unique<CursorRows<PrivateRow>>(
        tx_, kScanPrivates, ++cursors_,
        [this](const pqxx::row& row, PrivateRow& out) { Unseal(row, out); });
  }
  std::unique_ptr<Rows<IdleKeyRow>> IdleKeys() override {
    return Open<IdleKeyRow>(kScanIdleKeys);
  }
  std::unique_ptr<Rows<AccountScanRow>> Accounts() override {
    return Open<AccountScanRow>(kScanAccounts);
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
  std::unique_ptr<Rows<FiledRow>> Filed() override {
    return Open<FiledRow>(kScanFiled);
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
  // Opens what can be opened of a private part.
  void Unseal(const pqxx::row& row, PrivateRow& part) {
    part.opening = absl::OkStatus();
    part.sealed = IsSealed(part.salt, part.payload);
    if (!part.sealed || sealer_ == nullptr || !part.has_key) return;
    part.opening =
        OpenPart(sealer_, part.key.agency, part.key.stream, part.key.seq,
                 {static_cast<int>(IntOf(row[6])), BytesOf(row[7])}, part.salt,
                 part.payload);
    part.sealed = !part.opening.ok();
  }

  template <typename Row>
  std::unique_ptr<Rows<Row>> Open(const Statement& statement) {
    return std::make_unique<CursorRows<Row>>(tx_, statement, ++cursors_);
  }

  Tx& tx_;
  Sealer* sealer_;
  int cursors_ = 0;
};

}  // namespace

absl::Status ReadSnapshot(const std::string& dsn,
                          const std::function<absl::Status(Scan&)>& read,
                          Sealer* sealer) {
  Sessions::Options options;
  options.dsn = dsn;
  options.size = 1;
  // No timeouts, and never a second time.
  options.service = false;
  Sessions sessions(options);
  return sessions.Transact(
      absl::InfiniteFuture(), [&read, sealer](Tx& tx) -> absl::Status {
        tx.exec(kScanSnapshot);
        if (!tx.exec1(kScanSeesAll)[0].as<bool>(false)) {
          return absl::PermissionDeniedError(
              "this role does not see every row: connect as gongkai_auditor");
        }
        PostgresScan scan(tx, sealer);
        return read(scan);
      });
}

}  // namespace gongkai::storage
