// SPDX-License-Identifier: Apache-2.0
// Calendars and agencies: notices, terms, and the clock's act that brings a
// case to the newest calendar.
#include <algorithm>

#include "absl/strings/str_cat.h"
#include "services/act/history.h"
#include "services/act/perform.h"
#include "services/act/perform_impl.h"
#include "services/audit/record.h"
#include "services/auth/matrix.h"
#include "services/base/dates.h"
#include "services/base/ids.h"
#include "services/base/refusal.h"
#include "services/base/status_macros.h"
#include "services/casework/view.h"

namespace gongkai::act {
namespace {

constexpr int kTries = 8;

// The clock is nobody's account.
auth::Caller TheClock() { return {"clock", "clock", {}, "*", "clock"}; }

// The nation has no days of its own above the nation's.
std::string VersionOf(const storage::History& history,
                      std::string_view agency) {
  return absl::StrCat(history.national_calendar, "+",
                      agency == storage::kNation ? 0 : history.local_calendar);
}

bool SameNotice(const law::Notice& a, const law::Notice& b) {
  return a.issued == b.issued && a.year == b.year &&
         std::equal(a.days.begin(), a.days.end(), b.days.begin(), b.days.end(),
                    [](const law::NoticeDay& x, const law::NoticeDay& y) {
                      return x.day == y.day && x.kind == y.kind &&
                             x.name == y.name;
                    });
}

storage::Append NextOf(const storage::History& history, std::string_view agency,
                       storage::StreamKind kind) {
  storage::Append append;
  append.agency = std::string(agency);
  append.stream = storage::WellKnownStream(kind);
  append.kind = kind;
  append.expected_version = history.version;
  return append;
}

}  // namespace

absl::StatusOr<bool> Performer::Impl::CatchUp(Opened& opened,
                                              absl::Time deadline) {
  casework::Case& c = opened.c;
  const Terms& newest = *opened.newest;
  if (c.calendar_version == newest.calendar_version || c.phase >= v1::CLOSED) {
    return false;
  }
  ASSIGN_OR_RETURN(const law::Calendar pinned,
                   registry.CalendarAt(c.agency, c.calendar_version, deadline));
  const absl::CivilDay today = Today();
  const auto limits = law::DeriveLimits(c.facts, registry.rules(),
                                        newest.calendar, newest.terms, today);
  v1::Act act;
  act.mutable_apply_calendar()->set_calendar_version(newest.calendar_version);
  const v1::Actor actor = ActorOf(TheClock(), v1::CLOCK);
  const casework::Matter matter{c,
                                opened.past,
                                act,
                                actor,
                                today,
                                today,
                                registry.rules(),
                                newest.calendar,
                                newest.terms,
                                limits,
                                &pinned};
  const auto decision = casework::Decide(matter);
  // Nothing moves: the next event of the case takes the new calendar along.
  if (!decision.ok()) return false;
  casework::Case after;
  std::vector<storage::Append> batch;
  batch.push_back(MakeAppend(opened, decision->event, actor,
                             NewUuid(clock.Now()), newest.calendar_version,
                             newest.calendar, after));
  batch[0].mac = audit::ShortMac(options.request_key, "clock");
  // Stale: another wrote first; the case is read again either way.
  RETURN_IF_ERROR(store.AppendAll(batch, deadline).status());
  return true;
}

absl::StatusOr<bool> Performer::ApplyCalendar(std::string_view agency,
                                              std::string_view number,
                                              absl::Time deadline) {
  bool moved = false;
  for (int i = 0; i < kTries; ++i) {
    ASSIGN_OR_RETURN(storage::History history,
                     impl_->store.Load(agency, number, "", false, deadline));
    ASSIGN_OR_RETURN(Opened opened, impl_->Open(std::string(agency),
                                                std::move(history), deadline));
    ASSIGN_OR_RETURN(opened.newest,
                     impl_->registry.Newest(agency, opened.history, deadline));
    opened.c.facts.county_agency = opened.newest->county;
    ASSIGN_OR_RETURN(const bool wrote, impl_->CatchUp(opened, deadline));
    if (!wrote) return moved;
    moved = true;
  }
  return Refuse(v1::VERSION_STALE);
}

absl::StatusOr<v1::LoadNoticeResponse> Performer::LoadNotice(
    const auth::Caller& caller, const v1::LoadNoticeRequest& request,
    absl::Time deadline) {
  const std::string agency = request.agency().empty()
                                 ? std::string(storage::kNation)
                                 : request.agency();
  const absl::Status may =
      auth::MayAccess(caller, agency, auth::Access::kLoadCalendar);
  if (!may.ok()) {
    return impl_->recorder.Refused(
        caller, RefusalFor("LoadNotice", agency, may), deadline);
  }
  const law::Notice notice = ToNotice(request.notice());
  const std::string mac = audit::ShortMac(
      impl_->options.request_key,
      absl::StrCat(caller.account, "\n", request.SerializeAsString()));
  const std::string stream =
      storage::WellKnownStream(storage::StreamKind::kCalendar);
  ASSIGN_OR_RETURN(const storage::LogIdentity log,
                   impl_->registry.Log(deadline));
  for (int i = 0; i < kTries; ++i) {
    ASSIGN_OR_RETURN(
        const storage::History history,
        impl_->store.LoadStream(agency, stream, request.request_id(), false,
                                deadline));
    if (history.prior && history.prior->mac != mac) {
      return Refuse(v1::REQUEST_ID_REUSED);
    }
    ASSIGN_OR_RETURN(std::vector<law::Notice> notices,
                     impl_->registry.Notices(agency, deadline));
    const auto known = std::find_if(
        notices.begin(), notices.end(),
        [&](const law::Notice& n) { return n.number == notice.number; });
    v1::LoadNoticeResponse response;
    if (known != notices.end()) {
      if (!SameNotice(*known, notice)) return Refuse(v1::NOTICE_EXISTS);
      response.set_calendar_version(VersionOf(history, agency));
      response.set_already_loaded(true);
      return response;
    }
    notices.push_back(notice);
    if (const auto calendar = law::Calendar::Build(notices); !calendar.ok()) {
      return RefuseField("notice", calendar.status().message() == ""
                                       ? "a sound notice"
                                       : ToStd(calendar.status().message()));
    }
    v1::Event event;
    *event.mutable_notice_loaded() = request.notice();
    event.set_occurred_date(FormatDay(impl_->Today()));
    storage::Append append =
        NextOf(history, agency, storage::StreamKind::kCalendar);
    append.mac = mac;
    append.event =
        Seal({log, append.agency, append.stream, history.version + 1,
              history.head, request.request_id(),
              ActorOf(caller, v1::RULE_KEEPER), impl_->clock.Now(),
              VersionOf(history, agency), impl_->registry.rules().version()},
             event);
    ASSIGN_OR_RETURN(const storage::Appended appended,
                     impl_->store.AppendAll({append}, deadline));
    if (appended != storage::Appended::kAppended) continue;
    ASSIGN_OR_RETURN(
        const storage::History after,
        impl_->store.LoadStream(agency, stream, "", false, deadline));
    response.set_calendar_version(VersionOf(after, agency));
    return response;
  }
  return Refuse(v1::VERSION_STALE);
}

absl::Status Performer::SetAgencyTerms(const auth::Caller& caller,
                                       std::string_view agency,
                                       const v1::AgencyTerms& terms,
                                       absl::Time deadline) {
  if (caller.agency != "*" && caller.agency != agency) {
    return Refuse(v1::CAPACITY_MISSING);
  }
  ASSIGN_OR_RETURN(const storage::LogIdentity log,
                   impl_->registry.Log(deadline));
  for (int i = 0; i < kTries; ++i) {
    ASSIGN_OR_RETURN(
        const storage::History history,
        impl_->store.LoadStream(
            agency, storage::WellKnownStream(storage::StreamKind::kAgency), "",
            false, deadline));
    if (history.version > 0) {
      ASSIGN_OR_RETURN(const v1::AgencyTerms known,
                       impl_->registry.AgencyTermsOf(agency, deadline));
      if (known.SerializeAsString() == terms.SerializeAsString()) {
        return absl::OkStatus();
      }
    }
    v1::Event event;
    *event.mutable_agency_terms_set() = terms;
    event.set_occurred_date(FormatDay(impl_->Today()));
    const absl::Time now = impl_->clock.Now();
    storage::Append append =
        NextOf(history, agency, storage::StreamKind::kAgency);
    const std::string request_id = NewUuid(now);
    append.mac = audit::ShortMac(impl_->options.request_key, request_id);
    append.event =
        Seal({log, append.agency, append.stream, history.version + 1,
              history.head, request_id, ActorOf(caller, v1::RULE_KEEPER), now,
              VersionOf(history, agency), impl_->registry.rules().version()},
             event);
    ASSIGN_OR_RETURN(const storage::Appended appended,
                     impl_->store.AppendAll({append}, deadline));
    if (appended == storage::Appended::kAppended) return absl::OkStatus();
  }
  return Refuse(v1::VERSION_STALE);
}

}  // namespace gongkai::act
