// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_ACT_REGISTRY_H_
#define GONGKAI_SERVICES_ACT_REGISTRY_H_

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "gongkai/v1/matter.pb.h"
#include "gongkai/v1/terms.pb.h"
#include "services/law/calendar.h"
#include "services/law/limits.h"
#include "services/law/rulebook.h"
#include "storage/store.h"

namespace gongkai::act {

// What an agency's cases are judged by at one moment.
struct Terms {
  // `{national}+{local}`: numbers of notices loaded.
  std::string calendar_version;
  law::Calendar calendar;
  law::AgencyTerms terms;
  bool county = false;
  // As the agency set them, whole.
  v1::AgencyTerms set;
  // Number of events in the agency's own stream.
  int64_t terms_version = 0;
};

// The calendars and terms of all agencies, read from their streams when they
// have grown and kept. Thread-safe.
class Registry {
 public:
  Registry(storage::Store& store, law::Rulebook rules);

  const law::Rulebook& rules() const { return rules_; }

  // The log that records go to: read once, for it never changes.
  absl::StatusOr<storage::LogIdentity> Log(absl::Time deadline);

  // The newest terms of an agency. NOT_FOUND (NO_SUCH_AGENCY) when it has
  // none. Versions are those that a Load just saw; pass what History says.
  absl::StatusOr<std::shared_ptr<const Terms>> Newest(
      std::string_view agency, const storage::History& seen,
      absl::Time deadline);
  // As above, asking the store first how far the streams have grown.
  absl::StatusOr<std::shared_ptr<const Terms>> Newest(std::string_view agency,
                                                      absl::Time deadline);
  // The newest terms that are known, asking the store when they are older than
  // a second: for lists, whose days left are shown as of now.
  absl::StatusOr<std::shared_ptr<const Terms>> Recent(std::string_view agency,
                                                      absl::Time now,
                                                      absl::Time deadline);
  // The calendar of a version that an event pinned.
  absl::StatusOr<law::Calendar> CalendarAt(std::string_view agency,
                                           std::string_view version,
                                           absl::Time deadline);
  // Every notice of a calendar stream, in the order of loading.
  absl::StatusOr<std::vector<law::Notice>> Notices(std::string_view agency,
                                                   absl::Time deadline);
  // The agency's terms as set last, whole.
  absl::StatusOr<v1::AgencyTerms> AgencyTermsOf(std::string_view agency,
                                                absl::Time deadline);

 private:
  struct Stream;
  absl::StatusOr<std::shared_ptr<const Stream>> Grown(std::string_view agency,
                                                      storage::StreamKind kind,
                                                      int64_t version,
                                                      absl::Time deadline);
  absl::StatusOr<law::Calendar> Build(const Stream& national,
                                      int64_t national_version,
                                      const Stream& local,
                                      int64_t local_version);

  storage::Store& store_;
  const law::Rulebook rules_;
  absl::Mutex mutex_;
  std::optional<storage::LogIdentity> log_ ABSL_GUARDED_BY(mutex_);
  std::map<std::pair<std::string, int>, std::shared_ptr<const Stream>> streams_
      ABSL_GUARDED_BY(mutex_);
  std::map<std::string, std::shared_ptr<const Terms>> newest_
      ABSL_GUARDED_BY(mutex_);
  std::map<std::string, law::Calendar> calendars_ ABSL_GUARDED_BY(mutex_);
  // When the store was last asked for an agency's newest terms.
  std::map<std::string, absl::Time> asked_ ABSL_GUARDED_BY(mutex_);
};

// The terms and a notice of the contract as the law room takes them.
law::AgencyTerms ToLaw(const v1::AgencyTerms& terms);
law::Notice ToNotice(const v1::CalendarNotice& notice);

}  // namespace gongkai::act

#endif  // GONGKAI_SERVICES_ACT_REGISTRY_H_
