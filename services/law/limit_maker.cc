// SPDX-License-Identifier: Apache-2.0
#include "services/law/limit_maker.h"

#include <utility>

#include "services/law/lapsing.h"

namespace gongkai::law {
namespace {

// The limit as far as the rule alone makes it.
Limit FromRule(v1::LimitKind kind, int ordinal, const v1::LimitRule& rule,
               const v1::RuleSet& set, absl::CivilDay start,
               const Count& count) {
  Limit limit;
  limit.kind = kind;
  limit.ordinal = ordinal;
  limit.whose = rule.whose();
  limit.start = start;
  limit.length = count.length > 0 ? count.length : rule.length();
  limit.unit =
      count.unit != v1::LIMIT_UNIT_UNSPECIFIED ? count.unit : rule.unit();
  limit.article = rule.article();
  limit.rule_set = set.id();
  return limit;
}

}  // namespace

int LateBy(const Calendar& calendar, v1::LimitUnit unit, absl::CivilDay due,
           absl::CivilDay day) {
  if (day <= due) return 0;
  if (unit != v1::WORKING_DAYS) return static_cast<int>(day - due);
  // On the days off after the last day the next working day is under way.
  return calendar.WorkdaysBetween(due, calendar.RollForward(day).day);
}

void Settle(Limit& limit, const Ending& ending, const Calendar& calendar,
            absl::CivilDay as_of) {
  if (ending.done && (!ending.voided || *ending.done < *ending.voided)) {
    limit.ended = ending.done;
    const bool late = limit.due && *ending.done > *limit.due;
    limit.state = late ? v1::MET_LATE : v1::MET;
    if (late) {
      limit.late_by = LateBy(calendar, limit.unit, *limit.due, *ending.done);
    }
    return;
  }
  if (ending.voided) {
    limit.ended = ending.voided;
    limit.state = v1::VOID;
    return;
  }
  if (!limit.due) {
    limit.state = v1::SUSPENDED;
    return;
  }
  if (as_of <= *limit.due) {
    limit.state = v1::RUNNING;
    return;
  }
  if (LapsesWithItsDay(limit.kind)) {
    limit.ended = limit.due;
    limit.state = v1::VOID;
    return;
  }
  limit.state = v1::MISSED;
  limit.late_by = LateBy(calendar, limit.unit, *limit.due, as_of);
}

Limit* LimitMaker::Add(v1::LimitKind kind, int ordinal, absl::CivilDay governed,
                       absl::CivilDay start, const Count& count,
                       const Ending& ending) {
  const v1::LimitRule* rule = rules.LimitFor(kind, governed);
  if (rule == nullptr) return nullptr;
  Limit limit = FromRule(kind, ordinal, *rule, *rules.SetFor(kind, governed),
                         start, count);
  const Counted end =
      AddUnits(calendar, start, limit.length, limit.unit, rule->rolls());
  limit.due = end.day;
  limit.provisional = end.provisional;
  Settle(limit, ending, calendar, as_of);
  limits.push_back(std::move(limit));
  return &limits.back();
}

Limit* LimitMaker::AddUntil(v1::LimitKind kind, int ordinal,
                            absl::CivilDay governed, absl::CivilDay start,
                            MaybeDay due, int length, const Ending& ending) {
  const v1::LimitRule* rule = rules.LimitFor(kind, governed);
  if (rule == nullptr) return nullptr;
  Limit limit = FromRule(kind, ordinal, *rule, *rules.SetFor(kind, governed),
                         start, {length, v1::LIMIT_UNIT_UNSPECIFIED});
  limit.due = due;
  Settle(limit, ending, calendar, as_of);
  limits.push_back(std::move(limit));
  return &limits.back();
}

}  // namespace gongkai::law
