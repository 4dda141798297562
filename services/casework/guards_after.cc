// SPDX-License-Identifier: Apache-2.0
// Conditions on closing, on remedies and on the record itself: REG 45, 51.
#include <algorithm>

#include "absl/strings/str_format.h"
#include "services/base/dates.h"
#include "services/base/refusal.h"
#include "services/casework/guards.h"
#include "services/casework/past_case.h"
#include "services/casework/view.h"

namespace gongkai::casework::guards {
namespace {

// The docket named by the act, or null.
const law::Docket* DocketNamed(const Matter& m, int ordinal) {
  const auto& dockets = m.before.facts.dockets;
  if (ordinal < 1 || static_cast<size_t>(ordinal) > dockets.size()) {
    return nullptr;
  }
  return &dockets[ordinal - 1];
}

absl::Status NoSuchDocket(const Matter& m, std::string_view field,
                          int ordinal) {
  return RefuseContent(
      m, v1::NO_SUCH_DOCKET, field,
      absl::StrFormat("1 to %d", m.before.facts.dockets.size()),
      absl::StrFormat("%d", ordinal));
}

absl::Status NotBefore(const Matter& m, law::MaybeDay earlier,
                       std::string_view field, absl::CivilDay day) {
  if (!earlier || day >= *earlier) return absl::OkStatus();
  return RefuseContent(m, v1::DATE_BEFORE_PREVIOUS, field,
                       "a day not before " + FormatDay(*earlier),
                       FormatDay(day));
}

// Whether a mend of `field` points its record at another letter or docket.
bool PointsElsewhere(std::string_view field) {
  return field == "consultation" || field == "docket" || field == "letter";
}

// How many letters were served or answered and dockets answered, decided,
// appealed or rectified: a record that points at nothing, or at what another
// record ended, makes them fewer.
int EndsReached(const Case& c) {
  int ends = 0;
  const auto count = [&](const law::MaybeDay& day) { ends += day ? 1 : 0; };
  if (c.facts.correction) count(c.facts.correction->served);
  if (c.facts.reasons) count(c.facts.reasons->served);
  if (c.facts.fee) count(c.facts.fee->served);
  for (const law::Consultation& letter : c.facts.consultations) {
    count(letter.served);
    count(letter.answered);
  }
  for (size_t i = 0; i < c.facts.dockets.size(); ++i) {
    count(c.facts.dockets[i].answered);
    count(c.facts.dockets[i].decided);
    count(c.facts.dockets[i].appealed);
    ends += c.docket_rectified[i] ? 1 : 0;
  }
  return ends;
}

// No act of the main line lies before the one it follows.
bool MainLineInOrder(const std::vector<PastEvent>& history) {
  law::MaybeDay last;
  for (const PastEvent& past : WithMends(history)) {
    const Rule* rule = RuleFor(static_cast<v1::Act::ActCase>(
        static_cast<int>(past.event.body_case())));
    if (rule == nullptr || !rule->main_line) continue;
    if (last && DayOf(past.event.occurred_date()) < *last) return false;
    last = MainDayOf(past.event);
  }
  return true;
}

// An imported case, as mended, could have been taken in.
bool ImportStillFits(const Matter& m, const std::vector<PastEvent>& history) {
  if (!history.front().event.has_case_imported()) return true;
  const std::vector<PastEvent> mended = WithMends(history);
  return CheckPast(mended.front().event.case_imported(), m.today, m.rules).ok();
}

bool Corrects(v1::RemedyResult result) {
  switch (result) {
    case v1::CHANGED:
    case v1::REVOKED:
    case v1::FOUND_UNLAWFUL:
    case v1::ORDERED_TO_PERFORM:
    case v1::FOUND_VOID:
    case v1::CORRECTION_ORDERED:
      return true;
    default:
      return false;
  }
}

}  // namespace

absl::Status MergeBeforeSigned(const Matter& m) {
  if (m.act.link().kind() != v1::MERGED_INTO || m.before.phase < v1::SIGNED) {
    return absl::OkStatus();
  }
  return RefuseMatter(m, v1::NOT_IN_THIS_PHASE);
}

absl::Status OtherCaseIsAnother(const Matter& m) {
  const std::string& other = m.act.link().other_case();
  const auto& linked = m.before.linked_cases;
  if (other != m.before.number &&
      std::find(linked.begin(), linked.end(), other) == linked.end()) {
    return absl::OkStatus();
  }
  return RefuseContent(m, v1::LINK_MISFIT, "act.link.other_case",
                       "another case, not linked yet", other);
}

absl::Status ServedOrWaived(const Matter& m) {
  if (m.before.phase == v1::SERVED || !m.act.close().waiver_reason().empty()) {
    return absl::OkStatus();
  }
  return RefuseMatter(m, v1::SERVICE_NOT_SHOWN);
}

absl::Status NoRemedyOpen(const Matter& m) {
  for (const law::Docket& d : m.before.facts.dockets) {
    if (!d.decided) return RefuseMatter(m, v1::REMEDY_OPEN);
  }
  return absl::OkStatus();
}

absl::Status DocketDatesInOrder(const Matter& m) {
  const v1::RemedyDocket& r = m.act.open_remedy();
  if (!r.accepted_date().empty() && DayOf(r.accepted_date()) > m.today) {
    return RefuseContent(m, v1::DATE_IN_FUTURE, "act.open_remedy.accepted_date",
                         "a day not after today", r.accepted_date());
  }
  if (!r.accepted_date().empty() && DayOf(r.accepted_date()) > m.occurred) {
    return RefuseContent(m, v1::DATE_BEFORE_PREVIOUS, "occurred_date",
                         "a day not before " + r.accepted_date(),
                         FormatDay(m.occurred));
  }
  return absl::OkStatus();
}

absl::Status DocketAwaitsAnswer(const Matter& m) {
  const int ordinal = m.act.answer_remedy().docket();
  const law::Docket* d = DocketNamed(m, ordinal);
  if (d == nullptr) return NoSuchDocket(m, "act.answer_remedy.docket", ordinal);
  if (d->answered) return RefuseMatter(m, v1::REMEDY_ALREADY_ANSWERED);
  if (d->decided) return RefuseMatter(m, v1::REMEDY_ALREADY_DECIDED);
  return NotBefore(m, d->copy_received, "occurred_date", m.occurred);
}

absl::Status DocketAwaitsDecision(const Matter& m) {
  const v1::RemedyDecision& r = m.act.decide_remedy();
  const law::Docket* d = DocketNamed(m, r.docket());
  if (d == nullptr) {
    return NoSuchDocket(m, "act.decide_remedy.docket", r.docket());
  }
  if (d->decided) return RefuseMatter(m, v1::REMEDY_ALREADY_DECIDED);
  const absl::CivilDay decided =
      r.decided_date().empty() ? m.occurred : DayOf(r.decided_date());
  if (decided > m.occurred) {
    return RefuseContent(
        m, v1::DATE_BEFORE_PREVIOUS, "act.decide_remedy.decided_date",
        "a day not after the decision was received", r.decided_date());
  }
  for (const law::MaybeDay earlier : {d->copy_received, d->accepted}) {
    const absl::Status order =
        NotBefore(m, earlier, "act.decide_remedy.decided_date", decided);
    if (!order.ok()) return order;
  }
  return NotBefore(m, d->answered, "occurred_date", m.occurred);
}

absl::Status ResultFitsDocket(const Matter& m) {
  const v1::RemedyDecision& r = m.act.decide_remedy();
  const law::Docket* d = DocketNamed(m, r.docket());
  const bool of_complaint = r.result() == v1::CORRECTION_ORDERED ||
                            r.result() == v1::COMPLAINT_REJECTED;
  const bool of_either = r.result() == v1::WITHDRAWN_OR_ENDED;
  if (of_either || (d->kind == v1::COMPLAINT) == of_complaint) {
    if (!r.review_opinion() || d->kind == v1::ADMINISTRATIVE_REVIEW) {
      return absl::OkStatus();
    }
  }
  return RefuseContent(m, v1::RESULT_MISFIT, "act.decide_remedy.result",
                       "a result of " + v1::RemedyKind_Name(d->kind),
                       v1::RemedyResult_Name(r.result()));
}

absl::Status DocketIsAppealable(const Matter& m) {
  const v1::RemedyAppeal& a = m.act.appeal_remedy();
  const law::Docket* d = DocketNamed(m, a.docket());
  if (d == nullptr) {
    return NoSuchDocket(m, "act.appeal_remedy.docket", a.docket());
  }
  if (!d->decided) return RefuseMatter(m, v1::REMEDY_NOT_DECIDED);
  if (d->kind != v1::LAWSUIT || d->instance != 1 || d->appealed) {
    return RefuseMatter(m, v1::NOT_APPEALABLE);
  }
  const law::Limit* limit = law::FindLimit(m.limits, v1::APPEAL, a.docket());
  // Whether the other side's appeal came in time is for the court to say.
  if (a.by_agency() && limit != nullptr && limit->due &&
      m.occurred > *limit->due) {
    return RefuseMatter(m, v1::APPEAL_TOO_LATE, limit);
  }
  return NotBefore(m, d->decision_received, "occurred_date", m.occurred);
}

absl::Status DocketIsDecided(const Matter& m) {
  const int ordinal = m.act.record_rectification().docket();
  const law::Docket* d = DocketNamed(m, ordinal);
  if (d == nullptr) {
    return NoSuchDocket(m, "act.record_rectification.docket", ordinal);
  }
  if (!d->decided) return RefuseMatter(m, v1::REMEDY_NOT_DECIDED);
  return NotBefore(m, d->decision_received, "occurred_date", m.occurred);
}

absl::Status DecisionOrdersReopening(const Matter& m) {
  const int ordinal = m.act.reopen().docket();
  if (ordinal == 0) return absl::OkStatus();  // the agency's own insight
  const law::Docket* d = DocketNamed(m, ordinal);
  if (d == nullptr) return NoSuchDocket(m, "act.reopen.docket", ordinal);
  if (!d->decided || !Corrects(d->result)) {
    return RefuseMatter(m, v1::NOT_REOPENABLE);
  }
  return NotBefore(m, d->decision_received, "occurred_date", m.occurred);
}

absl::Status MendNamesAField(const Matter& m) {
  const v1::Mend& mend = m.act.mend_record();
  for (const PastEvent& past : m.history) {
    if (past.seq != mend.event_seq()) continue;
    if (past.event.has_record_mended() || past.event.has_calendar_applied() ||
        past.event.has_erasure_proposed() || past.event.has_erased()) {
      break;
    }
    // What an imported case is found by, and the day that its own fields give.
    if (past.event.has_case_imported() &&
        (mend.field() == "number" || mend.field() == "occurred_date")) {
      break;
    }
    v1::Event trial = past.event;
    const absl::Status set =
        SetField(mend.field(), mend.value(), mend.text(), trial);
    if (!set.ok()) return set;
    if (DayOf(trial.occurred_date()) > m.today) {
      return RefuseContent(m, v1::DATE_IN_FUTURE, "act.mend_record.value",
                           "a day not after today", mend.value());
    }
    return absl::OkStatus();
  }
  return RefuseContent(m, v1::MEND_MISFIT, "act.mend_record.event_seq",
                       "a record of this case that may be mended",
                       absl::StrFormat("%d", mend.event_seq()));
}

absl::Status MendKeepsTheRecordWhole(const Matter& m) {
  std::vector<PastEvent> trial = m.history;
  PastEvent mend;
  mend.seq = m.before.version + 1;
  *mend.event.mutable_record_mended() = m.act.mend_record();
  trial.push_back(mend);
  const Case after = Fold(m.before.agency, trial);
  const bool whole = !PointsElsewhere(m.act.mend_record().field()) ||
                     EndsReached(after) == EndsReached(m.before);
  if (after.phase == m.before.phase && whole && MainLineInOrder(trial) &&
      ImportStillFits(m, trial) && CheckInvariants(after).ok()) {
    return absl::OkStatus();
  }
  return RefuseContent(m, v1::MEND_CONTRADICTS, "act.mend_record.value",
                       "a value that leaves the days of the case in order",
                       m.act.mend_record().value());
}

absl::Status PastDatesAreInOrder(const Matter& m) {
  return CheckPastDates(m.act.import_case(), m.today);
}

absl::Status PastOutcomeFits(const Matter& m) {
  return CheckPastOutcome(m.act.import_case(), m.rules);
}

absl::Status PastFeeIsWhole(const Matter& m) {
  return CheckPastFee(m.act.import_case(), m.today);
}

absl::Status PastDocketsFit(const Matter& m) {
  return CheckPastDockets(m.act.import_case(), m.today);
}

absl::Status NoHoldPlaced(const Matter& m) {
  if (!m.before.legal_hold) return absl::OkStatus();
  return RefuseMatter(m, v1::HOLD_MISFIT);
}

absl::Status HoldIsPlaced(const Matter& m) {
  if (m.before.legal_hold) return absl::OkStatus();
  return RefuseMatter(m, v1::HOLD_MISFIT);
}

absl::Status SomethingMoves(const Matter& m) {
  if (m.previous_calendar != nullptr) {
    const auto before = law::DeriveLimits(
        m.before.facts, m.rules, *m.previous_calendar, m.terms, m.occurred);
    if (!MovesBetween(before, m.limits).empty()) return absl::OkStatus();
  }
  return RefuseMatter(m, v1::NOTHING_MOVES);
}

}  // namespace gongkai::casework::guards
