// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_CASEWORK_STATUTE_H_
#define GONGKAI_SERVICES_CASEWORK_STATUTE_H_

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/civil_time.h"
#include "gongkai/v1/act.pb.h"
#include "gongkai/v1/types.pb.h"
#include "services/casework/case.h"
#include "services/law/limits.h"

namespace gongkai::casework {

// Everything that a decision may look at. References: it lives within one
// call and is never stored.
struct Matter {
  const Case& before;
  const std::vector<PastEvent>& history;
  const v1::Act& act;
  const v1::Actor& actor;
  // The day on which the act happened, and the present day, in Shanghai.
  absl::CivilDay occurred;
  absl::CivilDay today;
  const law::Rulebook& rules;
  const law::Calendar& calendar;
  const law::AgencyTerms& terms;
  // Limits of `before` under `calendar`, as of `occurred`.
  const std::vector<law::Limit>& limits;
  // apply_calendar: the calendar that applied until now.
  const law::Calendar* previous_calendar = nullptr;
};

// A set of small enum values.
template <typename E>
class EnumSet {
 public:
  constexpr EnumSet() = default;
  constexpr EnumSet(std::initializer_list<E> values) {
    for (const E v : values) bits_ |= Bit(v);
  }
  constexpr void insert(E v) { bits_ |= Bit(v); }
  constexpr bool contains(E v) const { return (bits_ & Bit(v)) != 0; }
  constexpr bool empty() const { return bits_ == 0; }
  constexpr uint32_t bits() const { return bits_; }

 private:
  static constexpr uint32_t Bit(E v) {
    return uint32_t{1} << static_cast<int>(v);
  }
  uint32_t bits_ = 0;
};
using Phases = EnumSet<v1::Phase>;
using Capacities = EnumSet<v1::Capacity>;

// A condition that must hold, by name: a sentence that is true of a lawful
// act.
struct Guard {
  std::string_view name;
  absl::Status (*holds)(const Matter&) = nullptr;
};

// One row of the statute. Read aloud: *this act* is lawful *in these phases*,
// for *these capacities*, if *these conditions* hold, by *this article*.
// Conditions are tested in order and the first that fails is the refusal.
struct Rule {
  v1::Act::ActCase act;
  // Field name in v1::Act.
  std::string_view name;
  Phases lawful_in;
  Capacities capacities;
  // Conditions on the case alone: they decide whether the act is open.
  std::vector<Guard> on_case;
  // Conditions on what the act says.
  std::vector<Guard> on_content;
  // The limit that governs the act, if one does.
  v1::LimitKind limit;
  std::string_view article;
  // The act follows the main line: it may not lie before the last one.
  bool main_line;
};

// The whole table, in the order of the contract.
const std::vector<Rule>& Statute();

// The row of an act; null for ACT_NOT_SET. A test holds that every act of the
// contract has one.
const Rule* RuleFor(v1::Act::ActCase act);

// The term of the act in Chinese and English, as printed.
std::string_view ActTerm(v1::Act::ActCase act, bool english);

}  // namespace gongkai::casework

#endif  // GONGKAI_SERVICES_CASEWORK_STATUTE_H_
