// SPDX-License-Identifier: Apache-2.0
#include "services/law/fees.h"

#include <algorithm>

#include "absl/strings/str_format.h"

namespace gongkai::law {
namespace {

// More than any applicant can ask for; keeps the sums far from overflow.
constexpr int kMaxUnits = 1'000'000;

bool IsLast(const v1::FeeTier& tier) { return tier.last() == 0; }

// Fen for unit number `unit`, which lies in `tier`.
int64_t PriceOf(const v1::FeeTier& tier, int unit) {
  const int steps =
      tier.step_units() > 0 ? (unit - tier.first()) / tier.step_units() : 0;
  return tier.fen_per_unit() + steps * tier.rise_fen();
}

// Fen for the units `first` to `last`, each at the price of its own tier
// (超额累进).
absl::StatusOr<int64_t> Sum(const Rulebook& rules, absl::CivilDay received,
                            v1::FeeBasis basis, int first, int last) {
  const v1::RuleSet* set = rules.FeesOn(received);
  if (set == nullptr) {
    return absl::OutOfRangeError("no fee may be charged on that day");
  }
  if (first < 1 || last > kMaxUnits) {
    return absl::OutOfRangeError(
        absl::StrFormat("a number from 1 to %d is wanted", kMaxUnits));
  }
  int64_t sum = 0;
  for (const v1::FeeTier& tier : set->fee_tiers()) {
    if (tier.basis() != basis) continue;
    const int from = std::max(first, tier.first());
    const int to = IsLast(tier) ? last : std::min(last, tier.last());
    for (int unit = from; unit <= to; ++unit) sum += PriceOf(tier, unit);
  }
  return sum;
}

}  // namespace

absl::StatusOr<int64_t> ItemFee(const Rulebook& rules, absl::CivilDay received,
                                int rank) {
  return Sum(rules, received, v1::BY_ITEM, rank, rank);
}

absl::StatusOr<int64_t> ItemFees(const Rulebook& rules, absl::CivilDay received,
                                 int first_rank, int last_rank) {
  if (last_rank < first_rank) {
    return absl::OutOfRangeError("the last rank lies before the first");
  }
  return Sum(rules, received, v1::BY_ITEM, first_rank, last_rank);
}

absl::StatusOr<int64_t> PageFee(const Rulebook& rules, absl::CivilDay received,
                                int pages) {
  if (pages < 0) return absl::OutOfRangeError("pages below nought");
  return Sum(rules, received, v1::BY_PAGE, 1, pages);
}

}  // namespace gongkai::law
