// SPDX-License-Identifier: Apache-2.0
#include "services/report/work.h"

#include <algorithm>

#include "services/base/dates.h"
#include "services/base/ids.h"
#include "services/casework/view.h"

namespace gongkai::report {
namespace {

constexpr int kUsualWarningDays = 3;
constexpr int kUsualUrgentDays = 1;

std::string Text(law::MaybeDay day) { return day ? FormatDay(*day) : ""; }

// What the item says of the case.
v1::WorkItem ItemOf(const casework::Case& c) {
  v1::WorkItem item;
  item.set_name(CaseName(c.agency, c.number));
  item.set_agency(c.agency);
  item.set_number(c.number);
  item.set_phase(c.phase);
  item.set_officer(c.officer);
  item.set_department(c.department);
  item.set_receipt_date(Text(c.facts.received));
  item.set_applicant_kind(c.applicant_kind);
  item.set_version(c.version);
  return item;
}

// What it says of the limit.
void SetLimit(const law::Limit& limit, const WorkCase& work,
              absl::CivilDay as_of, v1::WorkItem& item) {
  item.set_limit(limit.kind);
  item.set_ordinal(limit.ordinal);
  item.set_state(limit.state);
  item.set_start_date(FormatDay(limit.start));
  item.set_due_date(Text(limit.due));
  const law::Calendar& days_left =
      work.days_left != nullptr ? *work.days_left : work.calendar;
  // On a day off after the last day no working day has passed and the duty is
  // late all the same: lateness is the law's own figure.
  item.set_left(limit.late_by > 0
                    ? -limit.late_by
                    : casework::ViewOfLimit(limit, days_left, as_of).left());
  item.set_unit(limit.unit);
  item.set_provisional(limit.provisional);
  item.set_level(LevelOf(limit.due, as_of, days_left, work.levels));
  item.set_article(limit.article);
}

}  // namespace

Levels LevelsOf(const v1::AgencyTerms& terms) {
  Levels levels;
  levels.warning =
      terms.warning_days() > 0 ? terms.warning_days() : kUsualWarningDays;
  levels.urgent =
      terms.urgent_days() > 0 ? terms.urgent_days() : kUsualUrgentDays;
  levels.urgent = std::min(levels.urgent, levels.warning);
  return levels;
}

v1::Level LevelOf(law::MaybeDay due, absl::CivilDay as_of,
                  const law::Calendar& calendar, const Levels& levels) {
  if (!due) return v1::LEVEL_UNSPECIFIED;
  if (*due < as_of) return v1::LEVEL_OVERDUE;
  const int left = calendar.WorkdaysBetween(as_of, *due);
  if (left <= levels.urgent) return v1::LEVEL_RED;
  if (left <= levels.warning) return v1::LEVEL_YELLOW;
  return v1::LEVEL_GREEN;
}

std::vector<v1::WorkItem> WorkItems(const WorkCase& work, absl::CivilDay as_of,
                                    Locale locale) {
  std::vector<v1::WorkItem> items;
  const law::Facts& facts = work.c.facts;
  for (const law::Limit& limit :
       law::DeriveLimits(facts, work.rules, work.calendar, work.terms, as_of)) {
    if (limit.whose != v1::AGENCY_DUTY || !limit.live()) continue;
    v1::WorkItem item = ItemOf(work.c);
    SetLimit(limit, work, as_of, item);
    item.set_why(
        Why(limit,
            law::ExplainLimit(facts, work.rules, work.calendar, work.terms,
                              as_of, limit.kind, limit.ordinal),
            locale));
    items.push_back(std::move(item));
  }
  return items;
}

}  // namespace gongkai::report
