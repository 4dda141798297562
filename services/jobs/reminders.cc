// SPDX-License-Identifier: Apache-2.0
#include "services/jobs/reminders.h"

#include <algorithm>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "services/base/dates.h"
#include "services/base/log.h"
#include "services/base/status_macros.h"
#include "services/jobs/reminder_entries.h"
#include "services/law/lapsing.h"
#include "services/report/reminding.h"
#include "services/report/work.h"

namespace gongkai::jobs {
namespace {

std::string PlaceKey(std::string_view agency) {
  return "reminders/" + std::string(agency);
}

// Every kind of limit, or those alone that are over with their last day:
// nobody's backlog.
std::vector<int> KindsOf(bool lapsing) {
  std::vector<int> kinds;
  const auto* type = google::protobuf::GetEnumDescriptor<v1::LimitKind>();
  for (int i = 0; i < type->value_count(); ++i) {
    const auto kind = static_cast<v1::LimitKind>(type->value(i)->number());
    if (kind == v1::LIMIT_KIND_UNSPECIFIED) continue;
    if (!lapsing || law::LapsesWithItsDay(kind)) kinds.push_back(kind);
  }
  return kinds;
}

storage::ReportBook::WorkPlace PlaceOf(const storage::WorkRow& row) {
  return {row.limit.due, row.place.agency, row.place.stream, row.limit.kind,
          row.limit.ordinal};
}

}  // namespace

// One walk over one agency.
struct Reminders::Walk {
  std::string agency;
  Place place;  // kept when the walk is over
  std::shared_ptr<const act::Terms> newest;
  v1::AgencyTerms terms;
  std::vector<v1::ReminderRule> rules;
  std::shared_ptr<const act::Staff> staff;
  act::Staff readers;
  // One for each of the readers.
  std::vector<storage::InboxEntry> digests;
  absl::CivilDay today;
  absl::Time now;
  int64_t made = 0;

  RemindingDay Day() const {
    return {agency, terms, newest->calendar, rules, *staff, today, now};
  }
};

Reminders::Reminders(Parts parts, const Options& options)
    : parts_(std::move(parts)), options_(options), thread_([this] { Run(); }) {}

Reminders::~Reminders() { Stop(); }

void Reminders::Poke() {
  absl::MutexLock lock(&mutex_);
  poked_ = true;
}

void Reminders::Stop() {
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
  }
  if (thread_.joinable()) thread_.join();
}

bool Reminders::stopping() const {
  absl::MutexLock lock(&mutex_);
  return stopping_;
}

absl::Time Reminders::last_pass() const {
  absl::MutexLock lock(&mutex_);
  return last_pass_;
}

absl::Duration Reminders::Age() const {
  const absl::Time last = last_pass();
  return last == absl::InfinitePast() ? absl::ZeroDuration()
                                      : parts_.clock.Now() - last;
}

int64_t Reminders::made() const {
  absl::MutexLock lock(&mutex_);
  return made_;
}

absl::Time Reminders::Deadline() const { return absl::Now() + options_.time; }

void Reminders::Run() {
  while (true) {
    const absl::Time begun = parts_.clock.Now();
    const absl::Status status = WorkOff();
    if (!status.ok() && !stopping()) {
      Log(Severity::kWarning, "reminders",
          {{"code", std::string(absl::StatusCodeToString(status.code()))}});
    }
    absl::MutexLock lock(&mutex_);
    if (status.ok()) last_pass_ = begun;
    const auto woken = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
      return stopping_ || poked_;
    };
    mutex_.AwaitWithTimeout(absl::Condition(&woken),
                            status.ok() ? options_.every : options_.rest);
    if (stopping_) return;
    poked_ = false;
  }
}

absl::Status Reminders::WorkOff() {
  // Read first: what is recorded from here on is seen the next time.
  ASSIGN_OR_RETURN(const int64_t log_size, parts_.log.LogSize(Deadline()));
  ASSIGN_OR_RETURN(const std::vector<std::string> agencies,
                   parts_.index.Agencies(Deadline()));
  // One agency's trouble does not keep the others waiting.
  absl::Status first;
  for (const std::string& agency : agencies) {
    if (stopping()) return absl::CancelledError("stopping");
    const absl::Status status = WorkOff(agency, log_size);
    // One that has no terms has no cases.
    if (!absl::IsNotFound(status)) first.Update(status);
  }
  return first;
}

absl::Status Reminders::WorkOff(const std::string& agency, int64_t log_size) {
  Walk walk;
  walk.agency = agency;
  walk.now = parts_.clock.Now();
  walk.today = ShanghaiDay(walk.now);
  ASSIGN_OR_RETURN(walk.newest, parts_.registry.Newest(agency, Deadline()));
  Known& known = known_[agency];
  if (known.terms_version != walk.newest->terms_version) {
    ASSIGN_OR_RETURN(known.terms,
                     parts_.registry.AgencyTermsOf(agency, Deadline()));
    known.terms_version = walk.newest->terms_version;
  }
  walk.terms = known.terms;
  if (!report::IsReminderTime(walk.newest->calendar, walk.terms, walk.now)) {
    return absl::OkStatus();
  }
  walk.place = {walk.today, walk.newest->terms_version,
                walk.newest->calendar_version, log_size};
  ASSIGN_OR_RETURN(const bool done, IsDone(walk, log_size));
  if (done) return absl::OkStatus();
  walk.rules = report::ReminderRulesOf(walk.terms);
  ASSIGN_OR_RETURN(walk.staff, parts_.receivers.StaffOf(agency, Deadline()));
  walk.readers = act::DigestReaders(*walk.staff);
  for (const auto& reader : walk.readers) {
    walk.digests.push_back(DigestFor(walk.Day(), reader.account));
  }
  if (known.day != walk.today) {
    known.day = walk.today;
    known.put.clear();
  }
  RETURN_IF_ERROR(WalkLimits(walk));
  RETURN_IF_ERROR(PutDigests(walk));
  RETURN_IF_ERROR(KeepPlace(agency, walk.place));
  known.place = walk.place;
  if (walk.made == 0) return absl::OkStatus();
  Log(Severity::kInfo, "reminded",
      {{"agency", agency},
       {"day", FormatDay(walk.today)},
       {"entries", walk.made}});
  return absl::OkStatus();
}

absl::StatusOr<bool> Reminders::IsDone(const Walk& walk, int64_t log_size) {
  const auto same = [&walk](const Place& place) {
    return place.day == walk.place.day && place.terms == walk.place.terms &&
           place.calendar == walk.place.calendar;
  };
  Place& place = known_[walk.agency].place;
  if (!same(place)) {
    // Another server, or this one before it was started anew.
    ASSIGN_OR_RETURN(place, ReadPlace(walk.agency));
    if (!same(place)) return false;
  }
  if (place.log >= log_size) return true;
  ASSIGN_OR_RETURN(const std::vector<storage::LogEntry> changes,
                   parts_.log.ReadLog(place.log, walk.agency, 1, Deadline()));
  if (!changes.empty()) return false;
  place.log = log_size;
  return true;
}

absl::Status Reminders::WalkLimits(Walk& walk) {
  const law::Calendar& calendar = walk.newest->calendar;
  storage::WorkQuery query;
  query.agencies = {walk.agency};
  query.whose = v1::AGENCY_DUTY;
  query.kinds = KindsOf(false);
  query.lapsing = KindsOf(true);
  query.today = walk.today;
  query.due_by =
      std::max(report::RemindHorizon(walk.rules, calendar, walk.today),
               report::LastWithin(calendar, walk.today,
                                  report::LevelsOf(walk.terms).warning));
  std::optional<storage::ReportBook::WorkPlace> after;
  while (true) {
    ASSIGN_OR_RETURN(
        const std::vector<storage::WorkRow> rows,
        parts_.reports.ListWork(query, after, options_.page, Deadline()));
    RETURN_IF_ERROR(PutReminders(walk, rows));
    if (static_cast<int>(rows.size()) < options_.page) return absl::OkStatus();
    after = PlaceOf(rows.back());
    if (stopping()) return absl::CancelledError("stopping");
  }
}

absl::Status Reminders::PutReminders(
    Walk& walk, const std::vector<storage::WorkRow>& rows) {
  const RemindingDay day = walk.Day();
  std::vector<storage::InboxEntry> entries;
  for (const storage::WorkRow& row : rows) {
    for (storage::InboxEntry& entry : EntriesOf(day, row)) {
      entries.push_back(std::move(entry));
    }
    // Worklists leave the transfer to the archives out as well.
    if (row.limit.kind == v1::ARCHIVE_TRANSFER) continue;
    for (size_t i = 0; i < walk.readers.size(); ++i) {
      if (act::CountsFor(walk.readers[i], row.row)) {
        CountIn(day, row, walk.digests[i]);
      }
    }
  }
  return Put(walk, std::move(entries));
}

absl::Status Reminders::PutDigests(Walk& walk) {
  return Put(walk, std::move(walk.digests));
}

absl::Status Reminders::Put(Walk& walk,
                            std::vector<storage::InboxEntry> entries) {
  std::set<std::string>& put = known_[walk.agency].put;
  std::erase_if(entries, [&put](const storage::InboxEntry& entry) {
    return put.contains(entry.id);
  });
  if (entries.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const int made,
                   parts_.inbox.PutEntries(entries, Deadline()));
  for (const storage::InboxEntry& entry : entries) put.insert(entry.id);
  if (made == 0) return absl::OkStatus();
  walk.made += made;
  {
    absl::MutexLock lock(&mutex_);
    made_ += made;
  }
  if (parts_.put) parts_.put();
  return absl::OkStatus();
}

// Day, version of the terms, place in the log, version of the calendar.
absl::StatusOr<Reminders::Place> Reminders::ReadPlace(
    const std::string& agency) {
  ASSIGN_OR_RETURN(const std::string text,
                   parts_.book.JobState(PlaceKey(agency), Deadline()));
  const std::vector<std::string> parts = absl::StrSplit(text, ' ');
  Place place;
  if (parts.size() != 4) return place;
  const absl::StatusOr<absl::CivilDay> day = ParseDay(parts[0]);
  if (!day.ok() || !absl::SimpleAtoi(parts[1], &place.terms) ||
      !absl::SimpleAtoi(parts[2], &place.log)) {
    return Place();
  }
  place.day = *day;
  place.calendar = parts[3];
  return place;
}

absl::Status Reminders::KeepPlace(const std::string& agency,
                                  const Place& place) {
  return parts_.book.SetJobState(
      PlaceKey(agency),
      absl::StrCat(FormatDay(place.day), " ", place.terms, " ", place.log, " ",
                   place.calendar),
      Deadline());
}

}  // namespace gongkai::jobs
