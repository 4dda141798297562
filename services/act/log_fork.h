// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_ACT_LOG_FORK_H_
#define GONGKAI_SERVICES_ACT_LOG_FORK_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "gongkai/v1/matter.pb.h"
#include "storage/store.h"

// Forks of the log (日志分叉): after a restore the database may lack what an
// outside checkpoint proves. It goes on only when one person has stated so and
// another confirmed it; both stand in the stream of the log, and so in the log.
namespace gongkai::act {

// A statement, and whether another person confirmed it.
struct StatedFork {
  int64_t seq = 0;  // in the stream of the log
  std::string person;
  v1::LogFork fork;
  bool confirmed = false;
};

// Every statement, in order.
absl::StatusOr<std::vector<StatedFork>> StatedForks(
    const storage::History& history);

// The forks that two persons recorded, in the order of their statements: where
// the tree may go on without the outside checkpoint that each names.
absl::StatusOr<std::vector<v1::LogFork>> ConfirmedForks(storage::Store& store,
                                                        absl::Time deadline);

// Whether both name the same outside checkpoint and the same tree.
bool SameFork(const v1::LogFork& a, const v1::LogFork& b);

}  // namespace gongkai::act

#endif  // GONGKAI_SERVICES_ACT_LOG_FORK_H_
