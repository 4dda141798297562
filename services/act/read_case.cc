// SPDX-License-Identifier: Apache-2.0
#include "services/act/read_case.h"

#include "services/act/history.h"
#include "services/base/refusal.h"
#include "services/base/status_macros.h"

namespace gongkai::act {

std::vector<law::Limit> ReadCase::LimitsOn(const law::Rulebook& rules,
                                           absl::CivilDay as_of) const {
  return law::DeriveLimits(c.facts, rules, calendar, terms->terms, as_of);
}

absl::StatusOr<ReadCase> OpenForReading(storage::Store& store,
                                        Registry& registry, const CaseRef& ref,
                                        bool with_private,
                                        absl::Time deadline) {
  ReadCase read;
  ASSIGN_OR_RETURN(read.history, store.Load(ref.agency, ref.number, "",
                                            with_private, deadline));
  if (read.history.stream.empty()) return Refuse(v1::NO_SUCH_CASE);
  ASSIGN_OR_RETURN(read.past, Unseal(read.history.events));
  read.c = casework::Fold(ref.agency, read.past);
  ASSIGN_OR_RETURN(read.terms,
                   registry.Newest(ref.agency, read.history, deadline));
  read.c.facts.county_agency = read.terms->county;
  ASSIGN_OR_RETURN(
      read.calendar,
      registry.CalendarAt(ref.agency, read.c.calendar_version, deadline));
  return read;
}

}  // namespace gongkai::act
