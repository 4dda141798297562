// SPDX-License-Identifier: Apache-2.0
#include "services/act/report_fold.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "services/act/history.h"
#include "services/act/terms_of.h"
#include "services/base/refusal.h"
#include "services/base/status_macros.h"
#include "services/law/limits.h"

namespace gongkai::act {
namespace {

constexpr size_t kAtOnce = 500;

}  // namespace

absl::Time EndOfDay(absl::CivilDay day) {
  return absl::FromCivil(day + 1, absl::FixedTimeZone(8 * 60 * 60)) -
         absl::Microseconds(1);
}

storage::PastCaseEvents Until(const storage::PastCaseEvents& past,
                              absl::Time then) {
  storage::PastCaseEvents cut;
  cut.place = past.place;
  for (const storage::StoredEvent& event : past.events) {
    if (event.recorded_time > then) break;
    cut.events.push_back(event);
  }
  return cut;
}

absl::Status EachHistory(
    storage::ReportBook& book, const std::vector<storage::CasePlace>& places,
    absl::Time until, absl::Time deadline,
    const std::function<absl::Status(const storage::PastCaseEvents&)>& each) {
  for (size_t from = 0; from < places.size(); from += kAtOnce) {
    const auto begin = places.begin() + static_cast<std::ptrdiff_t>(from);
    const size_t n = std::min(kAtOnce, places.size() - from);
    ASSIGN_OR_RETURN(
        const std::vector<storage::PastCaseEvents> histories,
        book.Histories({begin, begin + static_cast<std::ptrdiff_t>(n)}, until,
                       deadline));
    for (const storage::PastCaseEvents& past : histories) {
      RETURN_IF_ERROR(each(past));
    }
  }
  return absl::OkStatus();
}

void ReportFolder::UseTermsOf(storage::Store& store, absl::Time then) {
  store_ = &store;
  then_ = then;
  national_then_.reset();
  terms_.clear();
}

absl::StatusOr<std::string> ReportFolder::CalendarThen(
    const std::string& agency) {
  const auto version =
      [this](std::string_view whose) -> absl::StatusOr<int64_t> {
    ASSIGN_OR_RETURN(
        storage::History history,
        store_->LoadStream(
            whose, storage::WellKnownStream(storage::StreamKind::kCalendar), "",
            false, deadline_));
    KeepUntil(then_, history);
    return history.version;
  };
  if (!national_then_) {
    ASSIGN_OR_RETURN(national_then_, version(storage::kNation));
  }
  ASSIGN_OR_RETURN(const int64_t local, version(agency));
  return absl::StrCat(*national_then_, "+", local);
}

absl::StatusOr<std::shared_ptr<const Terms>> ReportFolder::TermsThen(
    const std::string& agency, std::shared_ptr<const Terms> today) {
  ASSIGN_OR_RETURN(
      storage::History history,
      store_->LoadStream(agency,
                         storage::WellKnownStream(storage::StreamKind::kAgency),
                         "", false, deadline_));
  KeepUntil(then_, history);
  ASSIGN_OR_RETURN(const auto past, Unseal(history.events));
  std::optional<v1::AgencyTerms> set = LastTerms(past);
  if (!set) return today;
  auto terms = std::make_shared<Terms>(*today);
  ASSIGN_OR_RETURN(terms->calendar_version, CalendarThen(agency));
  ASSIGN_OR_RETURN(
      terms->calendar,
      registry_.CalendarAt(agency, terms->calendar_version, deadline_));
  terms->terms = ToLaw(*set);
  terms->county = set->county();
  terms->set = *std::move(set);
  return std::shared_ptr<const Terms>(std::move(terms));
}

absl::StatusOr<std::shared_ptr<const Terms>> ReportFolder::TermsOf(
    const std::string& agency) {
  std::shared_ptr<const Terms>& known = terms_[agency];
  if (known != nullptr) return known;
  ASSIGN_OR_RETURN(auto terms, registry_.Recent(agency, now_, deadline_));
  if (store_ != nullptr) {
    ASSIGN_OR_RETURN(terms, TermsThen(agency, std::move(terms)));
  }
  known = std::move(terms);
  return known;
}

absl::StatusOr<report::FoldedCase> ReportFolder::Fold(
    const storage::PastCaseEvents& past) {
  report::FoldedCase folded;
  folded.agency = past.place.agency;
  ASSIGN_OR_RETURN(folded.past, Unseal(past.events));
  folded.c = casework::Fold(folded.agency, folded.past);
  ASSIGN_OR_RETURN(const auto terms, TermsOf(folded.agency));
  folded.c.facts.county_agency = terms->county;
  folded.rules = &registry_.rules();
  const auto key = std::make_pair(folded.agency, folded.c.calendar_version);
  auto it = calendars_.find(key);
  if (it == calendars_.end()) {
    ASSIGN_OR_RETURN(law::Calendar calendar,
                     registry_.CalendarAt(key.first, key.second, deadline_));
    it = calendars_.emplace(key, std::move(calendar)).first;
  }
  folded.calendar = &it->second;
  return folded;
}

absl::StatusOr<report::FoldedCase> ReportFolder::FoldWithLimits(
    const storage::PastCaseEvents& past, absl::CivilDay as_of) {
  ASSIGN_OR_RETURN(report::FoldedCase folded, Fold(past));
  ASSIGN_OR_RETURN(const auto terms, TermsOf(folded.agency));
  folded.limits = law::DeriveLimits(folded.c.facts, *folded.rules,
                                    *folded.calendar, terms->terms, as_of);
  return folded;
}

}  // namespace gongkai::act
