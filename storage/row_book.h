// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_STORAGE_ROW_BOOK_H_
#define GONGKAI_STORAGE_ROW_BOOK_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "storage/rows.h"

namespace gongkai::storage {

// Rows of cases written before the annual return was counted by them: what they
// say of `finished`, `return_row`, `counted`, `remedies` and `fees` does not
// follow from their events until they are refreshed. Thread-safe. Errors as in
// store.h.
class RowBook {
 public:
  virtual ~RowBook() = default;

  struct StaleCase {
    std::string agency;
    std::string stream;
  };
  // Such cases of all agencies, in the order of agency and stream, after one
  // (both empty: from the first); at most `limit`, and at most 1,000.
  virtual absl::StatusOr<std::vector<StaleCase>> StaleCases(
      std::string_view after_agency, std::string_view after_stream, int limit,
      absl::Time deadline) = 0;
  // How many there are in all.
  virtual absl::StatusOr<int64_t> CountStaleCases(absl::Time deadline) = 0;
  // Writes those five of `row`, while the case stands at `version`. False, and
  // nothing is done, when it has moved on (its append wrote them) or is fresh.
  virtual absl::StatusOr<bool> RefreshRow(std::string_view agency,
                                          std::string_view stream,
                                          int64_t version, const CaseRow& row,
                                          absl::Time deadline) = 0;
};

}  // namespace gongkai::storage

#endif  // GONGKAI_STORAGE_ROW_BOOK_H_
