// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_ACT_FSCK_RECORDS_H_
#define GONGKAI_SERVICES_ACT_FSCK_RECORDS_H_

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "services/act/ahead.h"
#include "services/act/fsck.h"
#include "services/audit/record.h"

// The first half of the check: every record of every stream, and the records of
// access. The second half is fsck_tree.h.
namespace gongkai::act {

// A fork of the log that two persons confirmed: checkpoints of more than
// `tree_size` entries, up to the outside one, that were written before are of
// the branch given up. Those written since excuse nothing.
struct Fork {
  int64_t seq = 0;  // of its statement
  int64_t outside_size = 0;
  std::string outside_root;  // 32 bytes
  int64_t tree_size = 0;
  std::string tree_root;
  std::string person;  // who stated it
  absl::Time confirmed;
};

// Goes through all rows that belong to a record, side by side in the order of
// their keys.
class RecordPass {
 public:
  RecordPass(storage::Scan& scan, const storage::LogRow& log,
             const FsckOptions& options, const Findings& findings,
             FsckReport& report);

  void Run();

  // The confirmed forks that were found on the way.
  const std::vector<Fork>& forks() const { return forks_; }

 private:
  // What is known of the stream that is gone through.
  struct Stream {
    std::optional<storage::StreamRow> row;
    std::string place;    // as in Finding
    int64_t seq = 0;      // the last that was seen, or told missing
    int64_t records = 0;  // the last record
    bool gap = false;     // a record before this one is missing
    std::string hash;     // of the last record: of its bytes
    std::string said;     // and as its column says
    absl::Time time = absl::InfinitePast();  // latest so far
    int64_t log_index = 0;
    int64_t queue_place = 0;
    // Erased or missing private parts; those whose text is there.
    std::set<int64_t> gone;
    std::set<int64_t> kept;
    // By event, the erasure that names it.
    std::map<int64_t, int64_t> named;
    std::map<int64_t, Fork> stated;
  };
  // The rows of one seq.
  struct Rows {
    std::optional<storage::EventRow> event;
    std::optional<storage::PrivateRow> private_row;
    std::vector<storage::LeafRow> places;
    std::vector<storage::LeafRow> queued;
    std::vector<storage::FiledRow> filed;
  };

  void Tell(int64_t seq, std::string_view defect);
  void TakeStream();
  void TakeAccesses();
  Rows Take(int64_t seq);
  // A case without its row is still to be called by its number.
  void NameByRecord(const audit::Record& record);

  void CheckEvent(Rows& rows);
  void CheckWithoutRecord(int64_t seq, const Rows& rows);
  void CheckHashes(int64_t seq, std::string_view record, std::string_view hash,
                   std::string_view leaf_hash);
  void CheckColumns(const storage::EventRow& row, const audit::Record& record);
  void CheckLog(int64_t seq, const audit::Record& record);
  void CheckChain(int64_t seq, const audit::Record& record);
  void CheckTime(int64_t seq, const audit::Record& record);
  void CheckPrivate(int64_t seq, const audit::Record& record,
                    const std::optional<storage::PrivateRow>& row);
  void CheckSealed(int64_t seq, const storage::PrivateRow& row);
  void CheckWords(int64_t seq, std::string_view record,
                  const std::optional<storage::PrivateRow>& row);
  void CheckPlace(int64_t seq, int kind, std::string_view record,
                  std::string_view leaf_column,
                  const std::vector<storage::LeafRow>& places,
                  const std::vector<storage::LeafRow>& queued);
  void ReadBody(const audit::Record& record);
  // What was filed with it is there, as its digests say.
  void CheckFiled(int64_t seq, const audit::Record& record,
                  const std::vector<storage::FiledRow>& filed);
  void CheckAccess(const storage::AccessRow& access, const Rows& rows);
  void CheckEnd();
  void CheckErasures();
  // No event is there under two keys.
  void CheckIds();
  // No data key outlives the private parts that it opens.
  void CheckKeys();
  void Step();

  storage::Scan& scan_;
  const storage::LogRow& log_;
  const FsckOptions& options_;
  const Findings& findings_;
  FsckReport& report_;
  Ahead<storage::StreamRow> streams_;
  Ahead<storage::EventRow> events_;
  Ahead<storage::PrivateRow> privates_;
  Ahead<storage::LeafRow> places_;
  Ahead<storage::LeafRow> queue_;
  Ahead<storage::AccessScanRow> accesses_;
  Ahead<storage::FiledRow> filed_;
  Group group_;
  Stream stream_;
  std::vector<Fork> forks_;
};

}  // namespace gongkai::act

#endif  // GONGKAI_SERVICES_ACT_FSCK_RECORDS_H_
