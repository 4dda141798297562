// SPDX-License-Identifier: Apache-2.0
#include "services/casework/apply_remedy.h"

#include <algorithm>

#include "services/base/dates.h"

namespace gongkai::casework {

void RemedyOpened(const v1::RemedyDocket& r, absl::CivilDay day, Case& c) {
  law::Docket docket;
  docket.kind = r.kind();
  if (r.procedure() != v1::PROCEDURE_UNSPECIFIED) {
    docket.procedure = r.procedure();
  }
  docket.instance = std::max(1, r.instance());
  docket.copy_received = day;
  if (!r.accepted_date().empty()) docket.accepted = DayOf(r.accepted_date());
  c.facts.dockets.push_back(docket);
  c.docket_rectified.push_back(false);
  c.docket_numbers.push_back(r.docket_number());
}

law::Docket* DocketOf(int ordinal, Case& c) {
  const size_t i = static_cast<size_t>(ordinal) - 1;
  return i < c.facts.dockets.size() ? &c.facts.dockets[i] : nullptr;
}

void RemedyDecided(const v1::RemedyDecision& d, absl::CivilDay day, Case& c) {
  law::Docket* docket = DocketOf(d.docket(), c);
  if (docket == nullptr) return;
  docket->decided = d.decided_date().empty() ? day : DayOf(d.decided_date());
  docket->decision_received = day;
  docket->result = d.result();
  docket->by_ruling = d.by_ruling();
  if (d.ordered_working_days() > 0) {
    docket->ordered_working_days = d.ordered_working_days();
    docket->ordered_from = day;
  }
  if (d.review_opinion()) docket->opinion_received = day;
}

void RemedyAppealed(const v1::RemedyAppeal& a, absl::CivilDay day, Case& c) {
  law::Docket* first = DocketOf(a.docket(), c);
  if (first == nullptr) return;
  first->appealed = day;
  law::Docket second;
  second.kind = first->kind;
  second.procedure = v1::ORDINARY;
  second.instance = 2;
  second.accepted = day;
  // The copy that the agency must answer comes with the other side's appeal.
  if (!a.by_agency()) second.copy_received = day;
  c.facts.dockets.push_back(second);
  c.docket_rectified.push_back(false);
  c.docket_numbers.push_back(a.docket_number());
}

void RectificationRecorded(const v1::Rectification& r, absl::CivilDay day,
                           Case& c) {
  law::Docket* docket = DocketOf(r.docket(), c);
  if (docket == nullptr) return;
  c.docket_rectified[r.docket() - 1] = true;
  // More of it later makes nothing late that was done.
  if (docket->opinion_received && !docket->opinion_reported) {
    docket->opinion_reported = day;
  }
  if (docket->ordered_working_days > 0 && !docket->ordered_done) {
    docket->ordered_done = day;
  }
}

void Reopened(const v1::Reopening& r, Case& c) {
  c.sub_cases.push_back(r.sub_case());
  // The order's limit now runs in the sub-case; running in both it would be
  // shown twice (reading A31).
  if (law::Docket* docket = DocketOf(r.docket(), c)) {
    docket->ordered_working_days = 0;
    docket->ordered_from.reset();
  }
}

}  // namespace gongkai::casework
