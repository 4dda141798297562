// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_ACT_PAGES_H_
#define GONGKAI_SERVICES_ACT_PAGES_H_

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "services/base/status_macros.h"

// Lists, page by page.
namespace gongkai::act {

// Where a page ended: the order key and the stream of its last row.
struct Place {
  std::string key;
  std::string stream;
};

// A page token is the place under a digest that binds it to its query.
std::string MakeToken(const std::string& mac_key, const std::string& query,
                      const Place& place);
// PAGE_TOKEN_FOREIGN of a token of another query; the beginning without one.
absl::StatusOr<Place> ReadToken(const std::string& mac_key,
                                const std::string& query,
                                const std::string& token);

// Rows of a page. `end` is where the next one begins when there is `more`.
template <typename Row>
struct Page {
  std::vector<Row> rows;
  bool more = false;
  Place end;
};

// Reads on from `place` until `size` rows are found that may be shown; past
// some thousands that may not, the page is shorter.
//   fetch(place, limit) -> absl::StatusOr<std::vector<Row>>, in order
//   place_of(row) -> Place
//   shown(row) -> bool
template <typename Row, typename Fetch, typename PlaceOf, typename Shown>
absl::StatusOr<Page<Row>> TakePage(Place place, size_t size, Fetch fetch,
                                   PlaceOf place_of, Shown shown) {
  constexpr int kMostRounds = 40;
  Page<Row> page;
  page.end = std::move(place);
  for (int round = 0; round < kMostRounds; ++round) {
    ASSIGN_OR_RETURN(std::vector<Row> rows,
                     fetch(page.end, static_cast<int>(size) + 1));
    const bool last = rows.size() <= size;
    for (Row& row : rows) {
      page.more = page.rows.size() == size;
      if (page.more) return page;
      page.end = place_of(row);
      if (shown(row)) page.rows.push_back(std::move(row));
    }
    if (last) return page;
  }
  page.more = true;
  return page;
}

}  // namespace gongkai::act

#endif  // GONGKAI_SERVICES_ACT_PAGES_H_
