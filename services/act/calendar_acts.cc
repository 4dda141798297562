// SPDX-License-Identifier: Apache-2.0
// Calendars: notices, and the clock's act that brings a case to the newest
// calendar.
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

bool SameNotice(const law::Notice& a, const law::Notice& b) {
  return a.issued == b.issued && a.year == b.year &&
         std::equal(a.days.begin(), a.days.end(), b.days.begin(), b.days.end(),
                    [](const law::NoticeDay& x, const law::NoticeDay& y) {
                      return x.day == y.day && x.kind == y.kind &&
                             x.name == y.name;
                    });
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
  StreamAct act;
  act.agency = agency;
  act.kind = storage::StreamKind::kCalendar;
  act.request_id = request.request_id();
  act.mac = impl_->MacOf(caller, request);
  act.actor = ActorOf(caller, v1::RULE_KEEPER);
  act.caller = &caller;
  act.decide = [&](const storage::History&) {
    return impl_->DecideNotice(agency, request.notice(), deadline);
  };
  ASSIGN_OR_RETURN(const Streamed streamed, impl_->Record(act, deadline));
  ASSIGN_OR_RETURN(
      const storage::History after,
      impl_->store.LoadStream(agency, storage::WellKnownStream(act.kind), "",
                              false, deadline));
  v1::LoadNoticeResponse response;
  response.set_calendar_version(CalendarVersionOf(after, agency));
  response.set_already_loaded(streamed.what != Streamed::kRecorded);
  return response;
}

absl::StatusOr<std::optional<v1::Event>> Performer::Impl::DecideNotice(
    const std::string& agency, const v1::CalendarNotice& asked,
    absl::Time deadline) {
  const law::Notice notice = ToNotice(asked);
  ASSIGN_OR_RETURN(std::vector<law::Notice> notices,
                   registry.Notices(agency, deadline));
  const auto known = std::find_if(
      notices.begin(), notices.end(),
      [&](const law::Notice& n) { return n.number == notice.number; });
  if (known != notices.end()) {
    if (!SameNotice(*known, notice)) return Refuse(v1::NOTICE_EXISTS);
    return std::optional<v1::Event>();
  }
  notices.push_back(notice);
  if (const auto calendar = law::Calendar::Build(notices); !calendar.ok()) {
    return RefuseField("notice", calendar.status().message() == ""
                                     ? "a sound notice"
                                     : ToStd(calendar.status().message()));
  }
  std::optional<v1::Event> event(std::in_place);
  *event->mutable_notice_loaded() = asked;
  return event;
}

}  // namespace gongkai::act
