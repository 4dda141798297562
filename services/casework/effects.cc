// SPDX-License-Identifier: Apache-2.0
#include "services/casework/effects.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include "absl/strings/str_cat.h"
#include "services/base/dates.h"
#include "services/casework/erasure.h"
#include "services/casework/view.h"

namespace gongkai::casework {
namespace {

using v1::Act;
using v1::Event;

// Act and event have the same field numbers and messages (a test holds it):
// the event records what the act said.
Event Recording(const Matter& m) {
  Event event;
  const int number = static_cast<int>(m.act.act_case());
  const auto& from = *Act::descriptor()->FindFieldByNumber(number);
  const auto& to = *Event::descriptor()->FindFieldByNumber(number);
  event.GetReflection()
      ->MutableMessage(&event, &to)
      ->CopyFrom(m.act.GetReflection()->GetMessage(m.act, &from));
  event.set_occurred_date(FormatDay(m.occurred));
  return event;
}

void AddCorrectionPeriod(const Matter& m, v1::CorrectionNotice& notice) {
  notice.set_overridden(!notice.override_reason().empty());
  if (notice.period_days() != 0) return;
  const absl::CivilDay day = m.before.facts.received.value_or(m.occurred);
  const v1::LimitRule* rule = m.rules.LimitFor(v1::CORRECTION_PERIOD, day);
  const int usual = rule == nullptr ? 0 : rule->length();
  notice.set_period_days(m.terms.correction_days > 0 ? m.terms.correction_days
                                                     : usual);
}

void AddDraftsOutcome(const Matter& m, v1::Signature& signature) {
  signature.set_outcome(m.before.draft->outcome);
  signature.clear_grounds();
  for (const v1::Ground g : m.before.draft->grounds) signature.add_grounds(g);
}

void AddMoves(const Matter& m, v1::CalendarChange& change) {
  const auto before = law::DeriveLimits(
      m.before.facts, m.rules, *m.previous_calendar, m.terms, m.occurred);
  change.clear_moves();
  for (v1::CalendarChange::Move& move : MovesBetween(before, m.limits)) {
    *change.add_moves() = std::move(move);
  }
}

// The proposal is carried out as it was made, never as the decision words it.
void AddErasure(const Matter& m, v1::Erasure& erasure) {
  const ErasureAsk& ask = *ProposalOf(m);
  const ErasurePlan plan = *PlanOf(m);
  erasure.clear_events();
  for (const int64_t seq : plan.events) erasure.add_events(seq);
  erasure.set_basis(ask.basis);
  erasure.set_document_number(ask.document_number);
  erasure.set_words(CarryWords(m.history, plan.events));
}

}  // namespace

Decision Effects(const Matter& m) {
  Decision decision;
  decision.event = Recording(m);
  Event& e = decision.event;
  const int dockets = static_cast<int>(m.before.facts.dockets.size());
  switch (m.act.act_case()) {
    case Act::kRequireCorrection:
      AddCorrectionPeriod(m, *e.mutable_correction_required());
      break;
    case Act::kConsult:
      e.mutable_consulted()->set_ordinal(
          static_cast<int>(m.before.facts.consultations.size()) + 1);
      break;
    case Act::kDecideExtension:
      e.mutable_extension_decided()->set_working_days(
          m.before.extension_asked->working_days);
      break;
    case Act::kSign:
      AddDraftsOutcome(m, *e.mutable_signed_());
      break;
    case Act::kOpenRemedy:
      e.mutable_remedy_opened()->set_ordinal(dockets + 1);
      e.mutable_remedy_opened()->set_instance(1);
      break;
    case Act::kAppealRemedy:
      e.mutable_remedy_appealed()->set_new_docket(dockets + 1);
      break;
    case Act::kReopen: {
      decision.opens_sub_case = true;
      const int docket = m.act.reopen().docket();
      if (docket > 0) {
        decision.ordered_reply_days =
            m.before.facts.dockets[docket - 1].ordered_working_days;
      }
      e.mutable_reopened()->set_sub_case(
          absl::StrCat(m.before.number, "-R", m.before.sub_cases.size() + 1));
      break;
    }
    case Act::kApplyCalendar:
      AddMoves(m, *e.mutable_calendar_applied());
      break;
    case Act::kErase:
      AddErasure(m, *e.mutable_erased());
      break;
    // The others record just what the act said. The number, checks and rank of
    // a receipt are added where the counter is held (services/act).
    default:
      break;
  }
  return decision;
}

}  // namespace gongkai::casework
