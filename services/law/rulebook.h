// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_LAW_RULEBOOK_H_
#define GONGKAI_SERVICES_LAW_RULEBOOK_H_

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "gongkai/v1/rulebook.pb.h"

namespace gongkai::law {

// All rule sets together (规则库). Immutable and validated. Thread-safe.
class Rulebook {
 public:
  // Validates and takes the sets, each given as textproto. INVALID_ARGUMENT
  // names the set and the defect: unknown field, a figure without an article,
  // no length and no bounds (MAIL_CONFIRMATION excepted: it is the day itself),
  // overlapping or gapped periods of one limit, outcome or clock, tiers that do
  // not join, an outcome or ground without a return row.
  static absl::StatusOr<Rulebook> Parse(
      const std::vector<std::string>& textprotos);

  // Version of the whole: the first 12 hexadecimal digits of a digest over
  // the sets in canonical order.
  const std::string& version() const { return version_; }

  // The set that governs `kind` on `day`, or null when none does.
  const v1::RuleSet* SetFor(v1::LimitKind kind, absl::CivilDay day) const;
  const v1::LimitRule* LimitFor(v1::LimitKind kind, absl::CivilDay day) const;
  // The clock rule of the set that governs REPLY on the day of receipt; an
  // empty rule before 2008-05-01.
  const v1::ClockRule& ClockFor(absl::CivilDay received) const;
  // Null before the fee measure was in force.
  const v1::RuleSet* FeesOn(absl::CivilDay day) const;
  // Null when no set in force on `day` knows the outcome.
  const v1::OutcomeRule* OutcomeFor(v1::Outcome outcome,
                                    absl::CivilDay day) const;

  const std::vector<v1::RuleSet>& sets() const { return sets_; }

 private:
  // A rule within the sets and the days on which it governs.
  struct Place {
    absl::CivilDay from;
    absl::CivilDay until;
    int set = 0;
    int rule = 0;
  };
  // By number of the enum value, in order of time, without gap or overlap.
  using Index = std::map<int, std::vector<Place>>;

  absl::Status BuildIndex();
  static const Place* Find(const Index& index, int key, absl::CivilDay day);

  std::vector<v1::RuleSet> sets_;
  std::string version_;
  Index limits_;
  Index outcomes_;
  Index clocks_;  // one key, 0
  Index fees_;    // one key, 0
};

}  // namespace gongkai::law

#endif  // GONGKAI_SERVICES_LAW_RULEBOOK_H_
