// SPDX-License-Identifier: Apache-2.0
#include "services/jobs/calendar_job.h"

#include <utility>

#include "absl/time/clock.h"
#include "services/act/progress.h"
#include "services/base/log.h"
#include "services/base/status_macros.h"

namespace gongkai::jobs {
namespace {

// Cases counted at once, and tries of one that others are working on.
constexpr int kCountBatch = 5000;
constexpr int kTries = 5;

std::string PlaceKey(std::string_view agency) {
  return "calendar_cursor/" + std::string(agency);
}

// Worth coming again for: nothing is wrong with the case.
bool IsPassing(const absl::Status& status) {
  return absl::IsUnavailable(status) || absl::IsDeadlineExceeded(status) ||
         absl::IsResourceExhausted(status) || absl::IsCancelled(status);
}

}  // namespace

CalendarJob::CalendarJob(act::Performer& performer, act::Registry& registry,
                         storage::Index& index, storage::JobBook& book,
                         const Options& options)
    : performer_(performer),
      registry_(registry),
      index_(index),
      book_(book),
      options_(options),
      thread_([this] { Run(); }) {}

CalendarJob::~CalendarJob() { Stop(); }

void CalendarJob::Poke() {
  absl::MutexLock lock(&mutex_);
  poked_ = true;
}

void CalendarJob::Stop() {
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
  }
  if (thread_.joinable()) thread_.join();
}

bool CalendarJob::stopping() const {
  absl::MutexLock lock(&mutex_);
  return stopping_;
}

absl::Time CalendarJob::Deadline() const { return absl::Now() + options_.time; }

void CalendarJob::Run() {
  while (true) {
    const absl::Status status = WorkOff();
    if (!status.ok() && !stopping()) {
      Log(Severity::kWarning, "calendar_job",
          {{"code", std::string(absl::StatusCodeToString(status.code()))}});
    }
    absl::MutexLock lock(&mutex_);
    const auto woken = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
      return stopping_ || poked_;
    };
    mutex_.AwaitWithTimeout(absl::Condition(&woken),
                            status.ok() ? options_.idle : options_.rest);
    if (stopping_) return;
    poked_ = false;
  }
}

absl::Status CalendarJob::WorkOff() {
  ASSIGN_OR_RETURN(const std::vector<std::string> agencies,
                   index_.Agencies(Deadline()));
  // One agency's trouble does not keep the others waiting.
  absl::Status first;
  for (const std::string& agency : agencies) {
    if (stopping()) return absl::CancelledError("stopping");
    first.Update(WorkOff(agency));
  }
  return first;
}

absl::Status CalendarJob::WorkOff(const std::string& agency) {
  while (true) {
    ASSIGN_OR_RETURN(const auto terms, registry_.Newest(agency, Deadline()));
    ASSIGN_OR_RETURN(Place place, Begin(agency, terms->calendar_version));
    if (place.progress.done()) return absl::OkStatus();
    ASSIGN_OR_RETURN(
        const std::vector<storage::Index::OpenCase> cases,
        index_.OpenCases(agency, "", place.stream, options_.batch, Deadline()));
    RETURN_IF_ERROR(WalkBatch(agency, cases, place));
    if (static_cast<int>(cases.size()) < options_.batch) {
      place.progress.set_done(true);
      place.progress.set_total(place.progress.looked_at());
      Log(Severity::kInfo, "calendar_applied",
          {{"agency", agency},
           {"calendar", place.progress.calendar_version()},
           {"looked_at", place.progress.looked_at()},
           {"moved", place.progress.moved()}});
    }
    RETURN_IF_ERROR(KeepPlace(agency, place));
    if (stopping()) return absl::CancelledError("stopping");
  }
}

// The place kept, or a new walk when the calendar is another.
absl::StatusOr<CalendarJob::Place> CalendarJob::Begin(
    const std::string& agency, const std::string& version) {
  ASSIGN_OR_RETURN(Place place, ReadPlace(agency));
  if (place.progress.calendar_version() == version) return place;
  ASSIGN_OR_RETURN(const int64_t total, CountOpen(agency));
  place = Place();
  place.progress.set_calendar_version(version);
  place.progress.set_total(total);
  RETURN_IF_ERROR(KeepPlace(agency, place));
  return place;
}

// The place is kept as the last stream, a space, and the progress that goes
// with it: one value, so that neither is ahead of the other.
absl::StatusOr<CalendarJob::Place> CalendarJob::ReadPlace(
    const std::string& agency) {
  ASSIGN_OR_RETURN(const std::string text,
                   book_.JobState(PlaceKey(agency), Deadline()));
  Place place;
  const size_t space = text.find(' ');
  if (space == std::string::npos) return place;
  place.stream = text.substr(0, space);
  place.progress = act::ReadProgress(text.substr(space + 1));
  return place;
}

absl::Status CalendarJob::KeepPlace(const std::string& agency,
                                    const Place& place) {
  const std::string progress = act::WriteProgress(place.progress);
  RETURN_IF_ERROR(book_.SetJobState(PlaceKey(agency),
                                    place.stream + " " + progress, Deadline()));
  return book_.SetJobState(act::ProgressKey(agency), progress, Deadline());
}

absl::StatusOr<int64_t> CalendarJob::CountOpen(const std::string& agency) {
  int64_t total = 0;
  std::string after;
  while (true) {
    ASSIGN_OR_RETURN(
        const std::vector<storage::Index::OpenCase> cases,
        index_.OpenCases(agency, "", after, kCountBatch, Deadline()));
    total += static_cast<int64_t>(cases.size());
    if (static_cast<int>(cases.size()) < kCountBatch) return total;
    if (stopping()) return absl::CancelledError("stopping");
    after = cases.back().stream;
  }
}

absl::Status CalendarJob::WalkBatch(
    const std::string& agency,
    const std::vector<storage::Index::OpenCase>& cases, Place& place) {
  v1::CalendarProgress& progress = place.progress;
  for (const storage::Index::OpenCase& open : cases) {
    if (open.calendar_version != progress.calendar_version()) {
      const absl::StatusOr<bool> moved = ApplyTo(agency, open);
      if (!moved.ok() && IsPassing(moved.status())) {
        // What was done is kept; the walk goes on from here.
        RETURN_IF_ERROR(KeepPlace(agency, place));
        return moved.status();
      }
      if (!moved.ok()) {
        Log(Severity::kError, "calendar_case",
            {{"case", open.number},
             {"code",
              std::string(absl::StatusCodeToString(moved.status().code()))}});
      }
      if (moved.ok() && *moved) progress.set_moved(progress.moved() + 1);
    }
    progress.set_looked_at(progress.looked_at() + 1);
    place.stream = open.stream;
    if (stopping()) {
      RETURN_IF_ERROR(KeepPlace(agency, place));
      return absl::CancelledError("stopping");
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<bool> CalendarJob::ApplyTo(
    const std::string& agency, const storage::Index::OpenCase& open) {
  absl::StatusOr<bool> moved;
  for (int i = 0; i < kTries; ++i) {
    moved = performer_.ApplyCalendar(agency, open.number, Deadline());
    if (!absl::IsAborted(moved.status())) break;
  }
  return moved;
}

}  // namespace gongkai::jobs
