// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_TESTS_BENCH_WORKLOADS_H_
#define GONGKAI_TESTS_BENCH_WORKLOADS_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "tests/bench/fill.h"
#include "tests/bench/load.h"

// What the load asks of the service.
namespace gongkai::bench {

// Cases received and not yet acted on, taken one after another by all.
struct Supply {
  int64_t next = 0;
  int64_t size = 0;
  int year = 0;
};

// Acts: each caller carries a case of its own through Life(), then the next.
// When the supply ends, calls ask for cases that are not there and fail.
std::unique_ptr<Workload> Acts(Supply& supply);

// Receipts, spread over `agencies`; the numbers of applications come from
// `counter`.
std::unique_ptr<Workload> Receipts(int agencies, uint64_t& counter);

// A case with its events and limits.
std::unique_ptr<Workload> Histories(const Contents& contents);

// The first page of the 50 most overdue.
std::unique_ptr<Workload> Overdue(const std::string& agency);

// The first page of a phrase, one of `phrases` by chance.
std::unique_ptr<Workload> Searches(const std::string& agency,
                                   const std::vector<std::string>& phrases);

// Whole cases of six acts in the agency ONE: receive and the first five of
// Life(). `finished` counts them; after `most` callers ask for histories.
std::unique_ptr<Workload> SixActs(int64_t most, int64_t& finished,
                                  const Contents& contents);

// One call of each reading kind, its answer looked at: a bench of calls that
// find nothing measures nothing.
absl::Status CheckAnswers(LoadClient& client, const Contents& contents);

}  // namespace gongkai::bench

#endif  // GONGKAI_TESTS_BENCH_WORKLOADS_H_
