// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_JOBS_ROW_JOB_H_
#define GONGKAI_SERVICES_JOBS_ROW_JOB_H_

#include <cstdint>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "services/law/rulebook.h"
#include "storage/row_book.h"
#include "storage/store.h"

namespace gongkai::jobs {

// Brings the rows of cases that were written before the annual return was
// counted by them up to date: each is folded from its events and written as
// the append of its last event would write it, unless the case moves on
// meanwhile, for then its append did so. The row itself says that it is done,
// so that the job is stopped at any moment and goes on from there, and as many
// may run over one database as there are servers. It ends when none is left;
// rows written since are never stale.
//
// Until then figures of the return would leave out what the stale rows add:
// they are whole when RowBook::CountStaleCases is 0, or no row of the agency
// has row_version below 1; ReportBook refuses to count before. Lists of work
// and folds are not concerned.
// Thread-safe.
class RowJob {
 public:
  struct Options {
    // Cases in one read; and a pause after each, for those who serve.
    int batch = 100;
    absl::Duration pause = absl::Milliseconds(20);
    // Rest after an error, and before those that could not be read are tried
    // again.
    absl::Duration rest = absl::Seconds(5);
    absl::Duration again = absl::Minutes(10);
    // For one read or write.
    absl::Duration time = absl::Seconds(30);
  };
  // All outlive it.
  struct Sources {
    storage::Store& store;
    storage::RowBook& rows;
    const law::Rulebook& rules;
  };

  RowJob(Sources sources, const Options& options);
  ~RowJob();
  RowJob(const RowJob&) = delete;
  RowJob& operator=(const RowJob&) = delete;

  // Finishes the case under way.
  void Stop();
  // Waits until none is left, but no longer than `time`; for tests.
  bool AwaitDone(absl::Duration time) const;

  // Stale rows that are known to be left; -1 until they were counted first.
  int64_t waiting() const;
  // Rows brought up to date since the start.
  int64_t done() const;
  // Cases of the last pass whose records could not be read: fsck names them.
  int64_t stuck() const;

 private:
  void Run();
  // Goes through all that are stale; an error when it has to come again.
  absl::Status Pass();
  // DATA_LOSS when its records cannot be read.
  absl::Status Refresh(const storage::RowBook::StaleCase& stale);
  absl::Status Count();
  // False when it is to stop.
  bool Wait(absl::Duration time);
  absl::Time Deadline() const;

  const Sources from_;
  const Options options_;
  mutable absl::Mutex mutex_;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  int64_t waiting_ ABSL_GUARDED_BY(mutex_) = -1;
  int64_t done_ ABSL_GUARDED_BY(mutex_) = 0;
  int64_t stuck_ ABSL_GUARDED_BY(mutex_) = 0;
  std::thread thread_;
};

}  // namespace gongkai::jobs

#endif  // GONGKAI_SERVICES_JOBS_ROW_JOB_H_
