// SPDX-License-Identifier: Apache-2.0
#include "services/jobs/row_job.h"

#include <algorithm>

#include "absl/time/clock.h"
#include "services/act/rows.h"
#include "services/base/log.h"
#include "services/base/status_macros.h"

namespace gongkai::jobs {

RowJob::RowJob(Sources sources, const Options& options)
    : from_(sources), options_(options), thread_([this] { Run(); }) {}

RowJob::~RowJob() { Stop(); }

void RowJob::Stop() {
  {
    const absl::MutexLock lock(&mutex_);
    stopping_ = true;
  }
  if (thread_.joinable()) thread_.join();
}

bool RowJob::AwaitDone(absl::Duration time) const {
  const absl::MutexLock lock(&mutex_);
  const auto none_left = [this]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) {
    return waiting_ == 0;
  };
  return mutex_.AwaitWithTimeout(absl::Condition(&none_left), time);
}

int64_t RowJob::waiting() const {
  const absl::MutexLock lock(&mutex_);
  return waiting_;
}

int64_t RowJob::done() const {
  const absl::MutexLock lock(&mutex_);
  return done_;
}

int64_t RowJob::stuck() const {
  const absl::MutexLock lock(&mutex_);
  return stuck_;
}

absl::Time RowJob::Deadline() const { return absl::Now() + options_.time; }

bool RowJob::Wait(absl::Duration time) {
  const absl::MutexLock lock(&mutex_);
  return !mutex_.AwaitWithTimeout(absl::Condition(&stopping_), time);
}

void RowJob::Run() {
  int64_t told_stuck = 0;
  while (true) {
    // A database that is away is told of by whoever needs it.
    absl::Status status = Count();
    if (status.ok() && waiting() == 0) break;
    if (status.ok()) status = Pass();
    if (status.ok()) status = Count();
    if (status.ok() && waiting() == 0) break;
    if (stuck() != told_stuck) {
      told_stuck = stuck();
      Log(Severity::kError, "rows of cases that cannot be brought up to date",
          {{"cases", told_stuck}});
    }
    if (!Wait(status.ok() ? options_.again : options_.rest)) return;
  }
  if (done() > 0) {
    Log(Severity::kInfo, "rows of cases brought up to date",
        {{"cases", done()}});
  }
}

absl::Status RowJob::Count() {
  ASSIGN_OR_RETURN(const int64_t stale, from_.rows.CountStaleCases(Deadline()));
  const absl::MutexLock lock(&mutex_);
  waiting_ = stale;
  return absl::OkStatus();
}

absl::Status RowJob::Pass() {
  {
    const absl::MutexLock lock(&mutex_);
    stuck_ = 0;
  }
  storage::RowBook::StaleCase last;
  while (true) {
    ASSIGN_OR_RETURN(const auto found,
                     from_.rows.StaleCases(last.agency, last.stream,
                                           options_.batch, Deadline()));
    if (found.empty()) return absl::OkStatus();
    for (const storage::RowBook::StaleCase& stale : found) {
      const absl::Status status = Refresh(stale);
      if (!status.ok() && !absl::IsDataLoss(status)) return status;
      if (!Wait(absl::ZeroDuration())) return absl::CancelledError();
      const absl::MutexLock lock(&mutex_);
      if (status.ok()) {
        ++done_;
        // Exactly counted at the end: another server may be at work.
        waiting_ = std::max<int64_t>(1, waiting_ - 1);
      } else {
        ++stuck_;
      }
    }
    last = found.back();
    if (!Wait(options_.pause)) return absl::CancelledError();
  }
}

absl::Status RowJob::Refresh(const storage::RowBook::StaleCase& stale) {
  ASSIGN_OR_RETURN(const storage::History history,
                   from_.store.LoadStream(stale.agency, stale.stream, "",
                                          /*with_private=*/false, Deadline()));
  ASSIGN_OR_RETURN(const storage::CaseRow row,
                   act::RowOf(stale.agency, history, from_.rules));
  // False when another was quicker, or the case moved on: its row is fresh.
  return from_.rows
      .RefreshRow(stale.agency, stale.stream, history.version, row, Deadline())
      .status();
}

}  // namespace gongkai::jobs
