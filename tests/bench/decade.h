// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_TESTS_BENCH_DECADE_H_
#define GONGKAI_TESTS_BENCH_DECADE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "tests/bench/fill.h"

// A city's cases of ten years.
namespace gongkai::bench {

// The two agencies above the others: the city, and a district beneath it that
// has every fifth of them.
inline constexpr char kCity[] = "CITY";
inline constexpr char kDistrict[] = "DIST";

// What is filled. The same seed gives the same lives.
struct Decade {
  uint64_t seed = 1;
  int64_t cases = 100'000;
  int agencies = 200;
  absl::CivilDay first = absl::CivilDay(2016, 1, 1);
  // The last day on which applications come in and acts are done: what was
  // not done by then is open.
  absl::CivilDay last = absl::CivilDay(2025, 12, 31);
  // When the service came: what was received before is taken in on this day
  // as an earlier register tells it, a row and a record each, and goes on from
  // there no further. From the beginning when it is `first`.
  absl::CivilDay service_from = absl::CivilDay(2016, 1, 1);
};

// `A001` for 1.
std::string DecadeAgency(int i);
// Cases of each agency, the largest first: of a million, 30,000 down to 1,600.
std::vector<int64_t> AgencySizes(const Decade& decade);

// What came of a fill.
struct DecadeFilled {
  int64_t cases = 0;
  int64_t events = 0;
};

// Fills an empty, migrated database by the script that it writes to
// `options.out`. An act that is refused ends it: lives are lawful.
absl::StatusOr<DecadeFilled> FillDecade(const BulkOffice::Options& options,
                                        const Decade& decade);

}  // namespace gongkai::bench

#endif  // GONGKAI_TESTS_BENCH_DECADE_H_
