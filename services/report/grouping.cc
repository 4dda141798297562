// SPDX-License-Identifier: Apache-2.0
#include "services/report/grouping.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "services/base/dates.h"
#include "services/report/words.h"

namespace gongkai::report {
namespace {

using Request = v1::RunReportRequest;

law::MaybeDay DayIn(const std::string& text) {
  return text.empty() ? law::MaybeDay() : DayOf(text);
}

// Grounds sort before outcomes, each in the order of the law.
std::vector<GroupKey> GroundKeys(const casework::Case& c, Locale locale) {
  std::vector<GroupKey> keys;
  for (const v1::Ground ground : c.grounds) {
    keys.push_back({absl::StrFormat("1-%03d", static_cast<int>(ground)),
                    TermOf(ground, locale)});
  }
  if (!keys.empty()) return keys;
  if (c.outcome == v1::OUTCOME_UNSPECIFIED) {
    return {{"3", Say(locale, "尚未答复", "not answered")}};
  }
  return {{absl::StrFormat("2-%03d", static_cast<int>(c.outcome)),
           TermOf(c.outcome, locale)}};
}

GroupKey DepartmentKey(const casework::Case& c, Locale locale) {
  if (c.department.empty()) {
    return {"2", Say(locale, "未定部门", "no department")};
  }
  return {absl::StrCat("1-", c.department), c.department};
}

}  // namespace

Period PeriodOf(const Request& request) {
  return {DayIn(request.from_date()), DayIn(request.to_date())};
}

std::vector<GroupKey> GroupsOf(Request::Grouping grouping,
                               const FoldedCase& folded, absl::CivilDay day,
                               Locale locale) {
  switch (grouping) {
    case Request::BY_GROUND:
      return GroundKeys(folded.c, locale);
    case Request::BY_DEPARTMENT:
      return {DepartmentKey(folded.c, locale)};
    case Request::BY_AGENCY:
      return {{absl::StrCat("1-", folded.agency), folded.agency}};
    default: {
      const std::string year = absl::StrCat(day.year());
      return {{absl::StrCat("1-", year), year}};
    }
  }
}

GroupKey TotalKey(Locale locale) { return {"9", Say(locale, "总计", "total")}; }

std::string GroupingHeading(Request::Grouping grouping, Locale locale) {
  switch (grouping) {
    case Request::BY_GROUND:
      return Say(locale, "事由或答复类型", "ground or outcome");
    case Request::BY_DEPARTMENT:
      return Say(locale, "承办部门", "department");
    case Request::BY_AGENCY:
      return Say(locale, "机关", "agency");
    default:
      return Say(locale, "年度", "year");
  }
}

void ForEachPast(const FoldedCase& folded,
                 const std::function<void(const casework::PastEvent&)>& f) {
  const bool mended = std::any_of(
      folded.past.begin(), folded.past.end(),
      [](const casework::PastEvent& e) { return e.event.has_record_mended(); });
  // Few cases are mended; the others need no copy of their history.
  if (mended) {
    const auto history = casework::WithMends(folded.past);
    std::for_each(history.begin(), history.end(), f);
  } else {
    std::for_each(folded.past.begin(), folded.past.end(), f);
  }
}

}  // namespace gongkai::report
