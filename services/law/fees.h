// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_LAW_FEES_H_
#define GONGKAI_SERVICES_LAW_FEES_H_

#include <cstdint>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "services/law/rulebook.h"

namespace gongkai::law {

// Fen for the item whose running rank in the applicant's calendar month is
// `rank` (FEE, by item). OUT_OF_RANGE before 2021-01-01 or for rank < 1.
absl::StatusOr<int64_t> ItemFee(const Rulebook& rules, absl::CivilDay received,
                                int rank);

// Fen for items `first_rank` to `last_rank` of one month together, each at the
// price of its own rank. OUT_OF_RANGE as ItemFee, or when the ranks are the
// wrong way round.
absl::StatusOr<int64_t> ItemFees(const Rulebook& rules, absl::CivilDay received,
                                 int first_rank, int last_rank);

// Fen for `pages` pages of one application (FEE, by volume; A4 or smaller,
// one side one page). OUT_OF_RANGE before 2021-01-01 or for pages < 0.
absl::StatusOr<int64_t> PageFee(const Rulebook& rules, absl::CivilDay received,
                                int pages);

}  // namespace gongkai::law

#endif  // GONGKAI_SERVICES_LAW_FEES_H_
