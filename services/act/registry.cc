// SPDX-License-Identifier: Apache-2.0
#include "services/act/registry.h"

#include <algorithm>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "services/act/history.h"
#include "services/act/terms_of.h"
#include "services/base/dates.h"
#include "services/base/refusal.h"
#include "services/base/status_macros.h"

namespace gongkai::act {

// What was read of a calendar or agency stream.
struct Registry::Stream {
  int64_t version = 0;
  std::vector<law::Notice> notices;
  v1::AgencyTerms terms;
};

law::AgencyTerms ToLaw(const v1::AgencyTerms& terms) {
  law::AgencyTerms out;
  out.correction_days = terms.correction_days();
  out.registration_days = terms.registration_days();
  out.other_agency_cap_days = terms.other_agency_cap_days();
  return out;
}

law::Notice ToNotice(const v1::CalendarNotice& notice) {
  law::Notice out;
  out.number = notice.number();
  out.title = notice.title();
  out.issued = DayOf(notice.issued_date());
  out.year = notice.year();
  out.source = notice.source();
  for (const v1::CalendarNotice::Day& day : notice.days()) {
    out.days.push_back({DayOf(day.date()), day.kind(), day.name()});
  }
  return out;
}

Registry::Registry(storage::Store& store, law::Rulebook rules)
    : store_(store), rules_(std::move(rules)) {}

absl::StatusOr<std::shared_ptr<const Registry::Stream>> Registry::Grown(
    std::string_view agency, storage::StreamKind kind, int64_t version,
    absl::Time deadline) {
  const auto key = std::make_pair(std::string(agency), static_cast<int>(kind));
  {
    absl::MutexLock lock(&mutex_);
    const auto it = streams_.find(key);
    if (it != streams_.end() && it->second->version >= version) {
      return it->second;
    }
  }
  auto stream = std::make_shared<Stream>();
  if (version > 0) {
    ASSIGN_OR_RETURN(const storage::History history,
                     store_.LoadStream(agency, storage::WellKnownStream(kind),
                                       "", false, deadline));
    ASSIGN_OR_RETURN(const auto events, Unseal(history.events));
    stream->version = history.version;
    for (const casework::PastEvent& past : events) {
      if (past.event.has_notice_loaded()) {
        stream->notices.push_back(ToNotice(past.event.notice_loaded()));
      } else if (const v1::AgencyTerms* terms = TermsIn(past.event)) {
        stream->terms = *terms;
      }
    }
  }
  absl::MutexLock lock(&mutex_);
  std::shared_ptr<const Stream>& kept = streams_[key];
  // Another may have read further meanwhile.
  if (kept == nullptr || kept->version <= stream->version) kept = stream;
  return kept;
}

absl::StatusOr<law::Calendar> Registry::Build(const Stream& national,
                                              int64_t national_version,
                                              const Stream& local,
                                              int64_t local_version) {
  const auto take = [](const Stream& stream, int64_t version,
                       std::vector<law::Notice>& out) {
    const auto n =
        std::min<size_t>(stream.notices.size(), static_cast<size_t>(version));
    out.insert(out.end(), stream.notices.begin(), stream.notices.begin() + n);
  };
  std::vector<law::Notice> notices;
  take(national, national_version, notices);
  // An agency's own days stand above the nation's.
  take(local, local_version, notices);
  return law::Calendar::Build(notices);
}

absl::StatusOr<storage::LogIdentity> Registry::Log(absl::Time deadline) {
  {
    absl::MutexLock lock(&mutex_);
    if (log_.has_value()) return *log_;
  }
  ASSIGN_OR_RETURN(storage::LogIdentity log, store_.Identity(deadline));
  absl::MutexLock lock(&mutex_);
  log_ = log;
  return log;
}

absl::StatusOr<std::shared_ptr<const Terms>> Registry::Newest(
    std::string_view agency, const storage::History& seen,
    absl::Time deadline) {
  const std::string version =
      absl::StrCat(seen.national_calendar, "+", seen.local_calendar);
  {
    absl::MutexLock lock(&mutex_);
    const auto it = newest_.find(std::string(agency));
    if (it != newest_.end() && it->second->calendar_version == version &&
        it->second->terms_version == seen.terms) {
      return it->second;
    }
  }
  if (seen.terms == 0) return Refuse(v1::NO_SUCH_AGENCY);
  ASSIGN_OR_RETURN(const auto own, Grown(agency, storage::StreamKind::kAgency,
                                         seen.terms, deadline));
  auto terms = std::make_shared<Terms>();
  terms->calendar_version = version;
  ASSIGN_OR_RETURN(terms->calendar, CalendarAt(agency, version, deadline));
  terms->terms = ToLaw(own->terms);
  terms->county = own->terms.county();
  terms->set = own->terms;
  terms->terms_version = seen.terms;
  absl::MutexLock lock(&mutex_);
  newest_[std::string(agency)] = terms;
  return std::shared_ptr<const Terms>(terms);
}

absl::StatusOr<std::shared_ptr<const Terms>> Registry::Newest(
    std::string_view agency, absl::Time deadline) {
  ASSIGN_OR_RETURN(
      const storage::History seen,
      store_.LoadStream(agency,
                        storage::WellKnownStream(storage::StreamKind::kAgency),
                        "", false, deadline));
  return Newest(agency, seen, deadline);
}

absl::StatusOr<std::shared_ptr<const Terms>> Registry::Recent(
    std::string_view agency, absl::Time now, absl::Time deadline) {
  {
    absl::MutexLock lock(&mutex_);
    const auto known = newest_.find(std::string(agency));
    const auto asked = asked_.find(std::string(agency));
    if (known != newest_.end() && asked != asked_.end() &&
        now - asked->second < absl::Seconds(1)) {
      return known->second;
    }
  }
  ASSIGN_OR_RETURN(const auto terms, Newest(agency, deadline));
  absl::MutexLock lock(&mutex_);
  asked_[std::string(agency)] = now;
  return terms;
}

absl::StatusOr<law::Calendar> Registry::CalendarAt(std::string_view agency,
                                                   std::string_view version,
                                                   absl::Time deadline) {
  const std::vector<std::string> parts = absl::StrSplit(ToAbsl(version), '+');
  int64_t national = 0;
  int64_t local = 0;
  if (parts.size() != 2 || !absl::SimpleAtoi(parts[0], &national) ||
      !absl::SimpleAtoi(parts[1], &local)) {
    return absl::DataLossError("a record names no calendar version");
  }
  // Without days of its own an agency shares the nation's calendar.
  const std::string key =
      absl::StrCat(local == 0 ? "" : std::string(agency), "/", ToAbsl(version));
  {
    absl::MutexLock lock(&mutex_);
    const auto it = calendars_.find(key);
    if (it != calendars_.end()) return it->second;
  }
  ASSIGN_OR_RETURN(const auto nation,
                   Grown(storage::kNation, storage::StreamKind::kCalendar,
                         national, deadline));
  ASSIGN_OR_RETURN(const auto own, Grown(agency, storage::StreamKind::kCalendar,
                                         local, deadline));
  ASSIGN_OR_RETURN(law::Calendar calendar,
                   Build(*nation, national, *own, local));
  absl::MutexLock lock(&mutex_);
  calendars_.emplace(key, calendar);
  return calendar;
}

absl::StatusOr<std::vector<law::Notice>> Registry::Notices(
    std::string_view agency, absl::Time deadline) {
  ASSIGN_OR_RETURN(
      const storage::History history,
      store_.LoadStream(
          agency, storage::WellKnownStream(storage::StreamKind::kCalendar), "",
          false, deadline));
  ASSIGN_OR_RETURN(
      const auto stream,
      Grown(agency, storage::StreamKind::kCalendar, history.version, deadline));
  return stream->notices;
}

absl::StatusOr<v1::AgencyTerms> Registry::AgencyTermsOf(std::string_view agency,
                                                        absl::Time deadline) {
  ASSIGN_OR_RETURN(
      const storage::History history,
      store_.LoadStream(agency,
                        storage::WellKnownStream(storage::StreamKind::kAgency),
                        "", false, deadline));
  if (history.version == 0) return Refuse(v1::NO_SUCH_AGENCY);
  ASSIGN_OR_RETURN(
      const auto stream,
      Grown(agency, storage::StreamKind::kAgency, history.version, deadline));
  return stream->terms;
}

}  // namespace gongkai::act
