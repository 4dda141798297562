// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_ACT_AHEAD_H_
#define GONGKAI_SERVICES_ACT_AHEAD_H_

#include <memory>
#include <string>
#include <tuple>
#include <utility>

#include "storage/scan.h"

namespace gongkai::act {

// A stream of events or an access record, by the first two parts of a key.
using Group = std::pair<std::string, std::string>;

inline bool InGroup(const storage::RowKey& key, const Group& group) {
  return key.agency == group.first && key.stream == group.second;
}

// Reads rows one ahead, so that several readers in one order can be gone
// through together.
template <typename Row>
class Ahead {
 public:
  explicit Ahead(std::unique_ptr<storage::Rows<Row>> rows)
      : rows_(std::move(rows)), has_(rows_->Next(row_)) {}

  bool has() const { return has_; }
  // The next row, while there is one.
  const Row& row() const { return row_; }
  Row& row() { return row_; }
  void Next() { has_ = rows_->Next(row_); }

  // Rows with a key.
  bool In(const Group& group) const { return has_ && InGroup(row_.key, group); }
  bool At(const Group& group, int64_t seq) const {
    return In(group) && row_.key.seq == seq;
  }
  // Lowers `group` to that of the next row.
  void Lower(Group& group, bool& any) const {
    if (!has_) return;
    if (any && std::tie(group.first, group.second) <=
                   std::tie(row_.key.agency, row_.key.stream)) {
      return;
    }
    group = {row_.key.agency, row_.key.stream};
    any = true;
  }
  // Lowers `seq` to that of the next row of `group`.
  void LowerSeq(const Group& group, int64_t& seq, bool& any) const {
    if (!In(group) || (any && seq <= row_.key.seq)) return;
    seq = row_.key.seq;
    any = true;
  }

 private:
  std::unique_ptr<storage::Rows<Row>> rows_;
  Row row_;
  bool has_;
};

}  // namespace gongkai::act

#endif  // GONGKAI_SERVICES_ACT_AHEAD_H_
