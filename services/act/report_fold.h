// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_ACT_REPORT_FOLD_H_
#define GONGKAI_SERVICES_ACT_REPORT_FOLD_H_

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "services/act/registry.h"
#include "services/report/folded.h"
#include "storage/reports.h"
#include "storage/store.h"

namespace gongkai::act {

// The last moment of a civil day in Asia/Shanghai.
absl::Time EndOfDay(absl::CivilDay day);

// Folds the cases of one report: each by the calendar that its last event
// pinned and the terms of its agency. What it gives points into it. For one
// thread.
class ReportFolder {
 public:
  ReportFolder(Registry& registry, absl::Time now, absl::Time deadline)
      : registry_(registry), now_(now), deadline_(deadline) {}

  // The case as its events make it; limits are left out.
  absl::StatusOr<report::FoldedCase> Fold(const storage::PastCaseEvents& past);
  // The same with its limits on `as_of`.
  absl::StatusOr<report::FoldedCase> FoldWithLimits(
      const storage::PastCaseEvents& past, absl::CivilDay as_of);

  // The terms of an agency: of today, or what UseTermsOf put in their place.
  absl::StatusOr<std::shared_ptr<const Terms>> TermsOf(
      const std::string& agency);
  // Judges from now on by the terms that the agencies had set until `then`;
  // one that had none yet is judged by those of today.
  void UseTermsOf(storage::Store& store, absl::Time then);

 private:
  absl::StatusOr<std::shared_ptr<const Terms>> TermsThen(
      const std::string& agency, std::shared_ptr<const Terms> today);
  // The version of the calendar that an agency had until then.
  absl::StatusOr<std::string> CalendarThen(const std::string& agency);

  Registry& registry_;
  const absl::Time now_;
  const absl::Time deadline_;
  storage::Store* store_ = nullptr;
  absl::Time then_;
  std::optional<int64_t> national_then_;
  std::map<std::string, std::shared_ptr<const Terms>> terms_;
  // By agency and version.
  std::map<std::pair<std::string, std::string>, law::Calendar> calendars_;
};

// The events of `past` until `then`; none when the case came later.
storage::PastCaseEvents Until(const storage::PastCaseEvents& past,
                              absl::Time then);

// Reads the events of `places` until `until`, some hundred cases at a time, and
// hands them over in order; ends with the first error of `each`.
absl::Status EachHistory(
    storage::ReportBook& book, const std::vector<storage::CasePlace>& places,
    absl::Time until, absl::Time deadline,
    const std::function<absl::Status(const storage::PastCaseEvents&)>& each);

}  // namespace gongkai::act

#endif  // GONGKAI_SERVICES_ACT_REPORT_FOLD_H_
