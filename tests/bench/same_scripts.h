// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_TESTS_BENCH_SAME_SCRIPTS_H_
#define GONGKAI_TESTS_BENCH_SAME_SCRIPTS_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "tests/bench/fill.h"

namespace gongkai::bench {

// The scripts that send the service's own writing statements with arguments as
// the service sends them: the values are those of one case that led the life
// of the bench.
struct SameScripts {
  // Each act is load_history and append_event. Variable `from`: number of the
  // first case in bench_supply; each caller takes every `callers`-th from its
  // own place on and does all acts of the life on one after another.
  std::string act;
  // A receipt is take_numbers and append_event in one commit, and then what
  // is shown beside it, find_earlier. Variable `agencies`: receipts go to one
  // of so many, by chance; 1 is the agency ONE.
  std::string receipt;
};
absl::StatusOr<SameScripts> MakeSameScripts(const BulkOffice::Options& options);

}  // namespace gongkai::bench

#endif  // GONGKAI_TESTS_BENCH_SAME_SCRIPTS_H_
