// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_REPORT_GROUPING_H_
#define GONGKAI_SERVICES_REPORT_GROUPING_H_

#include <functional>
#include <string>
#include <vector>

#include "absl/time/civil_time.h"
#include "gongkai/v1/report_service.pb.h"
#include "services/base/locale.h"
#include "services/law/facts.h"
#include "services/report/folded.h"

// The period of a report, and what its figures are broken down by.
namespace gongkai::report {

// Both days included; what is absent has no bound.
struct Period {
  law::MaybeDay from;
  law::MaybeDay to;

  bool Has(absl::CivilDay day) const {
    return (!from || day >= *from) && (!to || day <= *to);
  }
  bool Has(law::MaybeDay day) const { return day && Has(*day); }
  // Its last day, at most `today`.
  absl::CivilDay EndBy(absl::CivilDay today) const {
    return to && *to < today ? *to : today;
  }
};

Period PeriodOf(const v1::RunReportRequest& request);

// A line of a broken-down table: sorted by `order`, shown as `label`.
struct GroupKey {
  std::string order;
  std::string label;

  bool operator<(const GroupKey& other) const { return order < other.order; }
};

// The lines in which the case counts: the year of `day`, each ground of its
// reply (its outcome where it withholds nothing, a line of its own where it was
// not answered), its department, or its agency.
std::vector<GroupKey> GroupsOf(v1::RunReportRequest::Grouping grouping,
                               const FoldedCase& folded, absl::CivilDay day,
                               Locale locale);

// The line that takes every case once; comes last.
GroupKey TotalKey(Locale locale);

// Heading of the column with the labels.
std::string GroupingHeading(v1::RunReportRequest::Grouping grouping,
                            Locale locale);

// Every event of the history in order, with mends in place.
void ForEachPast(const FoldedCase& folded,
                 const std::function<void(const casework::PastEvent&)>& f);

}  // namespace gongkai::report

#endif  // GONGKAI_SERVICES_REPORT_GROUPING_H_
