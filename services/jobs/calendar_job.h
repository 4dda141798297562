// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_JOBS_CALENDAR_JOB_H_
#define GONGKAI_SERVICES_JOBS_CALENDAR_JOB_H_

#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "gongkai/v1/calendar.pb.h"
#include "services/act/perform.h"
#include "services/act/registry.h"
#include "storage/store.h"

namespace gongkai::jobs {

// Brings the open cases of every agency to its newest calendar (日历变更), in
// batches, keeping its place in the job book: stopped at any moment it goes on
// from there. Each case goes through the same door as everybody's acts, which
// writes at most one event per case and calendar; so a batch that is walked
// twice, or by two servers, moves nothing twice. Thread-safe.
class CalendarJob {
 public:
  struct Options {
    // Cases between two notes of the place.
    int batch = 200;
    // How soon a notice loaded by another server is seen.
    absl::Duration idle = absl::Minutes(1);
    // Rest after an error.
    absl::Duration rest = absl::Seconds(1);
    // For one case, and for one look at the store.
    absl::Duration time = absl::Seconds(10);
  };

  CalendarJob(act::Performer& performer, act::Registry& registry,
              storage::Index& index, storage::JobBook& book,
              const Options& options);
  ~CalendarJob();
  CalendarJob(const CalendarJob&) = delete;
  CalendarJob& operator=(const CalendarJob&) = delete;

  // A notice was loaded.
  void Poke();
  // Finishes the case under way.
  void Stop();

 private:
  // Where the walk of one agency is.
  struct Place {
    v1::CalendarProgress progress;
    // Last stream looked at; empty at the beginning.
    std::string stream;
  };

  void Run();
  // Works off every agency; an error when it has to come again.
  absl::Status WorkOff();
  absl::Status WorkOff(const std::string& agency);
  absl::StatusOr<Place> Begin(const std::string& agency,
                              const std::string& version);
  absl::StatusOr<Place> ReadPlace(const std::string& agency);
  absl::Status KeepPlace(const std::string& agency, const Place& place);
  absl::StatusOr<int64_t> CountOpen(const std::string& agency);
  absl::Status WalkBatch(const std::string& agency,
                         const std::vector<storage::Index::OpenCase>& cases,
                         Place& place);
  absl::StatusOr<bool> ApplyTo(const std::string& agency,
                               const storage::Index::OpenCase& open);
  bool stopping() const;
  absl::Time Deadline() const;

  act::Performer& performer_;
  act::Registry& registry_;
  storage::Index& index_;
  storage::JobBook& book_;
  const Options options_;
  mutable absl::Mutex mutex_;
  bool poked_ ABSL_GUARDED_BY(mutex_) = false;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace gongkai::jobs

#endif  // GONGKAI_SERVICES_JOBS_CALENDAR_JOB_H_
