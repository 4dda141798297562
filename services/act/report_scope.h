// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_ACT_REPORT_SCOPE_H_
#define GONGKAI_SERVICES_ACT_REPORT_SCOPE_H_

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "services/act/access.h"
#include "services/act/registry.h"
#include "services/auth/identity.h"
#include "services/auth/matrix.h"
#include "services/base/clock.h"
#include "storage/store.h"

namespace gongkai::act {

// Which agencies a report is about, and the access by which its cases are seen.
struct ReportReach {
  // The agency asked for, and those beneath it when asked for; by code.
  std::vector<std::string> agencies;
  auth::Access access = auth::Access::kListCases;
  // The one department that the caller's right is limited to; empty for none,
  // and when it is limited to several, which the walls of each case then tell
  // apart.
  std::string department;
  // As they are set now, by agency.
  std::map<std::string, std::shared_ptr<const Terms>> terms;
};

// Who may draw up what of which agencies (统计权限), and the record that he
// did. Agencies are beneath the one that their terms name as superior, and
// beneath whatever that is beneath. Thread-safe.
class ReportScope {
 public:
  // What is given outlives it.
  ReportScope(storage::Index& index, Registry& registry,
              AccessRecorder& recorder, Clock& clock);

  struct Ask {
    std::string_view method;
    std::string agency;
    bool beneath = false;
    auth::Access access = auth::Access::kListCases;
    // Held in the whole agency: what counts every case of it.
    bool whole = false;
  };
  // CAPACITY_MISSING, which is recorded; NO_SUCH_AGENCY; NO_AGENCIES_BENEATH.
  // What is beneath needs kReportBeneath, held in the whole of the agency.
  absl::StatusOr<ReportReach> Reach(const auth::Caller& caller, const Ask& ask,
                                    absl::Time deadline);

  // Records that the caller was given figures or lists of `agency`; before the
  // answer leaves.
  absl::Status Record(const auth::Caller& caller, std::string_view method,
                      std::string_view agency, absl::Time deadline);

 private:
  using AllTerms = std::map<std::string, std::shared_ptr<const Terms>>;

  absl::Status Admit(const auth::Caller& caller, const Ask& ask,
                     absl::Time deadline);
  // Of every agency, at most a second old.
  absl::StatusOr<std::shared_ptr<const AllTerms>> Everybody(
      absl::Time deadline);

  storage::Index& index_;
  Registry& registry_;
  AccessRecorder& recorder_;
  Clock& clock_;
  absl::Mutex mutex_;
  std::shared_ptr<const AllTerms> all_ ABSL_GUARDED_BY(mutex_);
  absl::Time asked_ ABSL_GUARDED_BY(mutex_) = absl::InfinitePast();
};

}  // namespace gongkai::act

#endif  // GONGKAI_SERVICES_ACT_REPORT_SCOPE_H_
