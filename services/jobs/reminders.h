// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_JOBS_REMINDERS_H_
#define GONGKAI_SERVICES_JOBS_REMINDERS_H_

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "gongkai/v1/terms.pb.h"
#include "services/act/receivers.h"
#include "services/act/registry.h"
#include "services/base/clock.h"
#include "storage/inbox.h"
#include "storage/reports.h"
#include "storage/store.h"

namespace gongkai::jobs {

// Works off the rules of reminding of every agency (催办), and its digests of
// the morning. It looks at what is due and puts in what is not there yet: the
// inbox takes each reminder once, so that it may be stopped at any moment and
// run in as many servers as there are; what fell due while none ran is made up
// for. An agency is passed over while nothing of it was recorded since its last
// walk of the day. Thread-safe.
class Reminders {
 public:
  struct Options {
    // How often it looks.
    absl::Duration every = absl::Minutes(1);
    // Rest after an error.
    absl::Duration rest = absl::Seconds(5);
    // Limits read at once.
    int page = 500;
    // For one call of the store.
    absl::Duration time = absl::Seconds(10);
  };
  // What it works with; outlives it.
  struct Parts {
    act::Registry& registry;
    storage::Index& index;
    storage::Log& log;
    storage::JobBook& book;
    storage::ReportBook& reports;
    storage::InboxBook& inbox;
    act::Receivers& receivers;
    Clock& clock;
    // Called when something new was put in.
    std::function<void()> put;
  };

  Reminders(Parts parts, const Options& options);
  ~Reminders();
  Reminders(const Reminders&) = delete;
  Reminders& operator=(const Reminders&) = delete;

  // Looks at once.
  void Poke();
  // Finishes the call to the store that is under way.
  void Stop();

  // When, by the clock given, the last look began that got through all
  // agencies; the infinite past before the first.
  absl::Time last_pass() const;
  // How long ago that was, by the same clock; zero before the first.
  absl::Duration Age() const;
  // Entries put in since the start.
  int64_t made() const;

 private:
  // Up to where an agency has been worked off.
  struct Place {
    absl::CivilDay day;
    int64_t terms = -1;
    std::string calendar;
    int64_t log = 0;
  };
  // What is known of one agency in this process.
  struct Known {
    Place place;
    // As of the version.
    v1::AgencyTerms terms;
    int64_t terms_version = -1;
    // Of this day: the entries that are in the inbox already.
    absl::CivilDay day;
    std::set<std::string> put;
  };
  struct Walk;

  void Run();
  absl::Status WorkOff();
  absl::Status WorkOff(const std::string& agency, int64_t log_size);
  // Whether nothing changed since the agency was worked off today.
  absl::StatusOr<bool> IsDone(const Walk& walk, int64_t log_size);
  absl::Status WalkLimits(Walk& walk);
  absl::Status PutReminders(Walk& walk,
                            const std::vector<storage::WorkRow>& rows);
  absl::Status PutDigests(Walk& walk);
  absl::Status Put(Walk& walk, std::vector<storage::InboxEntry> entries);
  absl::StatusOr<Place> ReadPlace(const std::string& agency);
  absl::Status KeepPlace(const std::string& agency, const Place& place);
  bool stopping() const;
  absl::Time Deadline() const;

  const Parts parts_;
  const Options options_;
  mutable absl::Mutex mutex_;
  bool poked_ ABSL_GUARDED_BY(mutex_) = false;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  absl::Time last_pass_ ABSL_GUARDED_BY(mutex_) = absl::InfinitePast();
  int64_t made_ ABSL_GUARDED_BY(mutex_) = 0;
  // Used by the thread alone.
  std::map<std::string, Known> known_;
  std::thread thread_;
};

}  // namespace gongkai::jobs

#endif  // GONGKAI_SERVICES_JOBS_REMINDERS_H_
