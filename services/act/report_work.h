// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_ACT_REPORT_WORK_H_
#define GONGKAI_SERVICES_ACT_REPORT_WORK_H_

#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "gongkai/v1/report_service.pb.h"
#include "services/act/report_fold.h"
#include "services/act/report_scope.h"
#include "services/auth/identity.h"
#include "services/base/clock.h"
#include "services/base/locale.h"
#include "storage/reports.h"
#include "storage/store.h"

namespace gongkai::act {

// Where a duty stands in a worklist.
struct WorkKey {
  // What the list is ordered by before the last day; empty when by nothing.
  std::string group;
  // Without a last day at the end.
  std::optional<absl::CivilDay> due;
  std::string agency;
  std::string stream;
  int kind = 0;
  int ordinal = 0;

  auto Tuple() const {
    return std::make_tuple(std::cref(group),
                           due.value_or(absl::CivilDay::max()),
                           std::cref(agency), std::cref(stream), kind, ordinal);
  }
  bool operator<(const WorkKey& other) const { return Tuple() < other.Tuple(); }
};

// Open duties of agencies (待办、逾期). Now: found by the rows of live limits,
// and each that is shown folded from its events. As of a past day: folded from
// what was recorded until its end. Whoever may not see a case is not shown it.
// Thread-safe.
class WorkLists {
 public:
  WorkLists(storage::Store& store, storage::ReportBook& book,
            Registry& registry, Clock& clock)
      : store_(store), book_(book), registry_(registry), clock_(clock) {}

  struct Listed {
    WorkKey key;
    v1::WorkItem item;
  };
  struct Page {
    std::vector<Listed> items;
    bool more = false;
    // Where the next page begins.
    WorkKey end;
  };
  // What both ask. `as_of` is not after today.
  struct Ask {
    const auth::Caller& caller;
    const ReportReach& reach;
    const v1::WorkFilter& filter;
    absl::CivilDay as_of;
    Locale locale = Locale::kChinese;
    absl::Time deadline;
  };

  // At most `size` duties after `after`, the first without one.
  absl::StatusOr<Page> List(const Ask& ask, v1::ListWorkRequest::Order order,
                            const std::optional<WorkKey>& after, size_t size);
  // Cases that the caller may not see are not counted.
  absl::StatusOr<std::vector<v1::WorkGroup>> Count(
      const Ask& ask, v1::CountWorkRequest::Grouping grouping);

  absl::CivilDay Today() const;

 private:
  absl::StatusOr<Page> ListNow(const Ask& ask,
                               const std::optional<WorkKey>& after,
                               size_t size);
  absl::StatusOr<Page> ListNowBy(const Ask& ask,
                                 v1::ListWorkRequest::Order order,
                                 const std::optional<WorkKey>& after,
                                 size_t size);
  absl::StatusOr<std::vector<Listed>> AllThen(const Ask& ask,
                                              v1::ListWorkRequest::Order order);
  // The duties of `rows` that are live by the events of their cases, in order.
  absl::StatusOr<std::vector<Listed>> Prove(
      const Ask& ask, const std::vector<storage::WorkRow>& rows);

  storage::Store& store_;
  storage::ReportBook& book_;
  Registry& registry_;
  Clock& clock_;
};

}  // namespace gongkai::act

#endif  // GONGKAI_SERVICES_ACT_REPORT_WORK_H_
