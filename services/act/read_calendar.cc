// SPDX-License-Identifier: Apache-2.0
#include "services/act/marks.h"
#include "services/act/progress.h"
#include "services/act/read.h"
#include "services/act/read_case.h"
#include "services/auth/matrix.h"
#include "services/base/dates.h"
#include "services/base/ids.h"
#include "services/base/refusal.h"
#include "services/base/status_macros.h"
#include "services/casework/view.h"

namespace gongkai::act {
namespace {

constexpr int kMostDays = 800;
constexpr int kStep = 200;

bool IsOpen(const casework::Case& c) { return c.phase < v1::CLOSED; }

// Whether a case is within the reach of a preview. One that only counts says
// nothing of what a paper is labelled; of a restricted case it is silent too.
bool IsWithinReach(const auth::Caller& caller, const casework::Case& c,
                   auth::Access access) {
  auth::CaseMarks marks = MarksOf(c);
  if (access == auth::Access::kLoadCalendar) marks.labels.clear();
  return auth::MaySee(caller, marks, access).ok();
}

// What a calendar would make of the agency's own duties in a case, as of
// `today`.
struct Turn {
  bool becomes_overdue = false;
  bool no_longer_overdue = false;
};

Turn TurnOf(const std::vector<law::Limit>& now,
            const std::vector<law::Limit>& would, absl::CivilDay today) {
  Turn turn;
  for (const law::Limit& limit : now) {
    if (limit.whose != v1::AGENCY_DUTY || !limit.live() || !limit.due) continue;
    const law::Limit* then = law::FindLimit(would, limit.kind, limit.ordinal);
    if (then == nullptr || !then->live() || !then->due) continue;
    const bool is_late = *limit.due < today;
    const bool would_be_late = *then->due < today;
    turn.becomes_overdue |= !is_late && would_be_late;
    turn.no_longer_overdue |= is_late && !would_be_late;
  }
  return turn;
}

}  // namespace

absl::StatusOr<v1::ListDaysResponse> Reader::ListDays(
    const auth::Caller& caller, const v1::ListDaysRequest& request,
    absl::Time deadline) {
  RETURN_IF_ERROR(recorder_.Admit(caller, "ListDays", request.agency(), "",
                                  auth::Access::kReadCalendar, deadline));
  const absl::CivilDay from = DayOf(request.from_date());
  const absl::CivilDay to = DayOf(request.to_date());
  if (to < from || to - from > kMostDays) {
    return RefuseField("to_date", "a day from from_date to 800 days later",
                       request.to_date());
  }
  ASSIGN_OR_RETURN(std::vector<law::Notice> notices,
                   registry_.Notices(storage::kNation, deadline));
  const size_t national = notices.size();
  if (!request.agency().empty()) {
    ASSIGN_OR_RETURN(const std::vector<law::Notice> own,
                     registry_.Notices(request.agency(), deadline));
    notices.insert(notices.end(), own.begin(), own.end());
  }
  ASSIGN_OR_RETURN(law::Calendar calendar, law::Calendar::Build(notices));
  if (!request.as_published_on_date().empty()) {
    ASSIGN_OR_RETURN(calendar, calendar.AsPublishedOn(
                                   DayOf(request.as_published_on_date())));
  }
  v1::ListDaysResponse response;
  response.set_calendar_version(std::to_string(national) + "+" +
                                std::to_string(notices.size() - national));
  response.set_last_published_year(calendar.LastPublishedYear());
  for (absl::CivilDay day = from; day <= to; ++day) {
    const law::DayInfo info = calendar.Info(day);
    v1::CalendarDay& out = *response.add_days();
    out.set_date(FormatDay(day));
    out.set_kind(info.kind);
    out.set_name(std::string(info.name));
    out.set_notice(std::string(info.notice));
    out.set_provisional(info.provisional);
  }
  return response;
}

absl::StatusOr<v1::PreviewNoticeResponse> Reader::PreviewNotice(
    const auth::Caller& caller, const v1::PreviewNoticeRequest& request,
    absl::Time deadline) {
  // A caller of one agency is told what moves there; one of the installation,
  // what moves anywhere.
  const bool everywhere =
      caller.agency == "*" || caller.agency == storage::kNation;
  const std::string agency = !request.agency().empty() ? request.agency()
                             : everywhere              ? ""
                                                       : caller.agency;
  // Names are for whoever lists cases; who keeps calendars never learns that
  // there is a case.
  const bool named =
      auth::MayAccess(caller, agency, auth::Access::kListCases).ok();
  const auth::Access access =
      named ? auth::Access::kListCases : auth::Access::kLoadCalendar;
  RETURN_IF_ERROR(recorder_.Admit(caller, "PreviewNotice",
                                  named ? agency : request.agency(), "", access,
                                  deadline));
  const law::Notice notice = ToNotice(request.notice());
  ASSIGN_OR_RETURN(std::vector<law::Notice> nation,
                   registry_.Notices(storage::kNation, deadline));
  if (request.agency().empty()) nation.push_back(notice);
  const absl::CivilDay today = ShanghaiDay(clock_.Now());
  v1::PreviewNoticeResponse response;
  std::string after_agency;
  std::string after_stream;
  while (true) {
    ASSIGN_OR_RETURN(
        const auto open,
        index_.OpenCases(agency, after_agency, after_stream, kStep, deadline));
    if (open.empty()) return response;
    for (const storage::Index::OpenCase& one : open) {
      ASSIGN_OR_RETURN(
          const ReadCase read,
          OpenForReading(store_, registry_, {one.agency, one.number}, false,
                         deadline));
      if (!IsWithinReach(caller, read.c, access)) continue;
      response.set_looked_at(response.looked_at() + 1);
      if (!IsOpen(read.c)) continue;
      std::vector<law::Notice> notices = nation;
      ASSIGN_OR_RETURN(const std::vector<law::Notice> own,
                       registry_.Notices(one.agency, deadline));
      notices.insert(notices.end(), own.begin(), own.end());
      if (!request.agency().empty()) notices.push_back(notice);
      ASSIGN_OR_RETURN(const law::Calendar would,
                       law::Calendar::Build(notices));
      const auto now_limits = read.LimitsOn(registry_.rules(), today);
      const auto would_limits = law::DeriveLimits(
          read.c.facts, registry_.rules(), would, read.terms->terms, today);
      const auto moves = casework::MovesBetween(now_limits, would_limits);
      if (moves.empty()) continue;
      const Turn turn = TurnOf(now_limits, would_limits, today);
      response.set_moved(response.moved() + 1);
      response.set_become_overdue(response.become_overdue() +
                                  (turn.becomes_overdue ? 1 : 0));
      response.set_no_longer_overdue(response.no_longer_overdue() +
                                     (turn.no_longer_overdue ? 1 : 0));
      if (!named) continue;
      v1::CaseMove& move = *response.add_cases();
      move.set_name(CaseName(one.agency, one.number));
      for (const auto& m : moves) *move.add_moves() = m;
      move.set_becomes_overdue(turn.becomes_overdue);
      move.set_no_longer_overdue(turn.no_longer_overdue);
      move.set_officer(read.c.officer);
      move.set_department(read.c.department);
    }
    after_agency = open.back().agency;
    after_stream = open.back().stream;
  }
}

absl::StatusOr<v1::GetCalendarProgressResponse> Reader::GetCalendarProgress(
    const auth::Caller& caller, const v1::GetCalendarProgressRequest& request,
    absl::Time deadline) {
  RETURN_IF_ERROR(recorder_.Admit(caller, "GetCalendarProgress",
                                  request.agency(), "",
                                  auth::Access::kReadCalendar, deadline));
  ASSIGN_OR_RETURN(const std::string state,
                   jobs_.JobState(ProgressKey(request.agency()), deadline));
  v1::GetCalendarProgressResponse response;
  *response.mutable_progress() = ReadProgress(state);
  return response;
}

}  // namespace gongkai::act
