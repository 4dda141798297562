// SPDX-License-Identifier: Apache-2.0
#include "services/casework/view.h"

#include <algorithm>

#include "services/base/dates.h"
#include "services/law/replies.h"

namespace gongkai::casework {
namespace {

std::string Text(law::MaybeDay day) { return day ? FormatDay(*day) : ""; }

std::string_view NoteName(law::DayNote note) {
  switch (note) {
    case law::DayNote::kTrigger:
      return "trigger";
    case law::DayNote::kCounted:
      return "counted";
    case law::DayNote::kRest:
      return "rest";
    case law::DayNote::kExcluded:
      return "excluded";
    case law::DayNote::kRestart:
      return "restart";
    case law::DayNote::kExtended:
      return "extended";
    case law::DayNote::kLast:
      return "last";
    case law::DayNote::kRolled:
      return "rolled";
    case law::DayNote::kDone:
      return "done";
    case law::DayNote::kLate:
      return "late";
  }
  return "";
}

void AddConsultations(const Case& c, v1::Case& view) {
  for (size_t i = 0; i < c.facts.consultations.size(); ++i) {
    const law::Consultation& from = c.facts.consultations[i];
    v1::Consultation& to = *view.add_consultations();
    to.set_ordinal(static_cast<int>(i) + 1);
    to.set_kind(from.kind);
    to.set_sent_date(FormatDay(from.sent));
    to.set_served_date(Text(from.served));
    to.set_answered_date(Text(from.answered));
    to.set_opinion(c.opinions[i]);
  }
}

void AddDockets(const Case& c, v1::Case& view) {
  for (size_t i = 0; i < c.facts.dockets.size(); ++i) {
    const law::Docket& from = c.facts.dockets[i];
    v1::Docket& to = *view.add_dockets();
    to.set_ordinal(static_cast<int>(i) + 1);
    to.set_kind(from.kind);
    to.set_procedure(from.procedure);
    to.set_instance(from.instance);
    to.set_docket_number(c.docket_numbers[i]);
    to.set_copy_received_date(Text(from.copy_received));
    to.set_answered_date(Text(from.answered));
    to.set_decision_received_date(Text(from.decision_received));
    to.set_result(from.result);
    to.set_ordered_working_days(from.ordered_working_days);
    to.set_rectified(c.docket_rectified[i]);
  }
}

// The outcome: of the signed reply, else of the draft; with what the law
// attaches to it.
void AddOutcome(const Case& c, const law::Rulebook& rules, v1::Case& view) {
  const bool decided = c.outcome != v1::OUTCOME_UNSPECIFIED;
  if (!decided && !c.draft) return;
  const v1::Outcome outcome = decided ? c.outcome : c.draft->outcome;
  const auto& grounds = decided ? c.grounds : c.draft->grounds;
  view.set_outcome(outcome);
  for (const v1::Ground g : grounds) view.add_grounds(g);
  if (!c.facts.received) return;
  const auto rule =
      law::RuleOfReply(rules, *c.facts.received, outcome, grounds, "", "");
  if (!rule.ok()) return;
  view.set_outcome_code(rule->code);
  view.set_return_row(rule->return_row);
}

// Personal text, from the events whose private part was read.
void AddPersonal(const std::vector<PastEvent>& history, v1::Case& view) {
  for (const PastEvent& past : WithMends(history)) {
    const v1::Event& e = past.event;
    if (e.has_received()) {
      *view.mutable_applicant() = e.received().applicant();
      if (e.received().has_agent())
        *view.mutable_agent() = e.received().agent();
      view.set_content(e.received().content());
    } else if (e.has_case_imported()) {
      if (e.case_imported().has_applicant()) {
        *view.mutable_applicant() = e.case_imported().applicant();
      }
      view.set_content(e.case_imported().content());
    } else if (e.has_correction_accepted() &&
               !e.correction_accepted().content().empty()) {
      view.set_content(e.correction_accepted().content());
    } else if (e.has_reply_drafted()) {
      view.set_reply_text(e.reply_drafted().text());
    } else if (e.has_remedy_opened()) {
      const int i = e.remedy_opened().ordinal() - 1;
      if (i >= 0 && i < view.dockets_size()) {
        view.mutable_dockets(i)->set_organ(e.remedy_opened().organ());
      }
    } else if (e.has_remedy_appealed()) {
      const int i = e.remedy_appealed().new_docket() - 1;
      if (i >= 0 && i < view.dockets_size()) {
        view.mutable_dockets(i)->set_organ(e.remedy_appealed().organ());
      }
    }
  }
}

void AddFacts(const Case& c, v1::Case& view) {
  view.set_channel(c.facts.channel);
  view.set_arrived_date(Text(c.facts.arrived));
  view.set_receipt_date(Text(c.facts.received));
  view.set_document_number(c.document_number);
  view.set_signed_date(Text(c.signed_day));
  if (c.facts.reply) {
    view.set_dispatched_date(FormatDay(c.facts.reply->dispatched));
    view.set_served_date(Text(c.facts.reply->served));
  }
  if (c.extension_asked) {
    view.set_extension_pending_days(c.extension_asked->working_days);
  }
}

}  // namespace

v1::Case ViewOf(const Case& c, const std::vector<PastEvent>& history,
                const std::vector<law::Limit>& limits,
                const law::Rulebook& rules, const law::Calendar& calendar,
                absl::CivilDay as_of) {
  v1::Case view;
  view.set_number(c.number);
  view.set_version(c.version);
  view.set_phase(c.phase);
  view.set_applicant_kind(c.applicant_kind);
  view.set_officer(c.officer);
  view.set_department(c.department);
  AddFacts(c, view);
  AddOutcome(c, rules, view);
  AddConsultations(c, view);
  AddDockets(c, view);
  for (const law::Limit& limit : limits) {
    *view.add_limits() = ViewOfLimit(limit, calendar, as_of);
  }
  for (const std::string& n : c.linked_cases) view.add_linked_cases(n);
  view.set_reopened_from(c.reopened_from);
  for (const std::string& n : c.sub_cases) view.add_sub_cases(n);
  view.set_legal_hold(c.legal_hold);
  for (const int label : c.labels) {
    view.add_labels(static_cast<v1::Label>(label));
  }
  for (const std::string& account : c.restricted_to) {
    view.add_restricted_to(account);
  }
  view.set_identity_check(c.identity_check);
  view.set_postal_check(c.postal_check);
  view.set_calendar_version(c.calendar_version);
  view.set_rulebook_version(c.rulebook_version);
  view.set_fee_fen(c.fee_fen);
  view.set_month_rank(c.month_rank);
  view.set_retention(c.retention);
  view.set_electronic_service_agreed(c.electronic_service_agreed);
  for (const ErasureAsk& ask : c.erasures_asked) {
    view.add_erasures_proposed(ask.seq);
  }
  AddPersonal(history, view);
  return view;
}

v1::Limit ViewOfLimit(const law::Limit& limit, const law::Calendar& calendar,
                      absl::CivilDay as_of) {
  v1::Limit view;
  view.set_kind(limit.kind);
  view.set_ordinal(limit.ordinal);
  view.set_whose(limit.whose);
  view.set_state(limit.state);
  view.set_start_date(FormatDay(limit.start));
  view.set_due_date(Text(limit.due));
  view.set_ended_date(Text(limit.ended));
  view.set_provisional(limit.provisional);
  view.set_length(limit.length);
  view.set_unit(limit.unit);
  view.set_late_by(limit.late_by);
  view.set_article(limit.article);
  view.set_rule_set(limit.rule_set);
  if (limit.due && limit.live()) {
    view.set_left(limit.unit == v1::WORKING_DAYS
                      ? calendar.WorkdaysBetween(as_of, *limit.due)
                      : static_cast<int>(*limit.due - as_of));
  }
  return view;
}

v1::LedgerLine ViewOfLine(const law::LedgerLine& line) {
  v1::LedgerLine view;
  view.set_date(FormatDay(line.day));
  view.set_note(std::string(NoteName(line.note)));
  view.set_count(line.count);
  view.set_kind(line.kind);
  view.set_reason(line.reason);
  view.set_article(line.article);
  view.set_provisional(line.provisional);
  return view;
}

const law::Limit* FirstDue(const std::vector<law::Limit>& limits) {
  const law::Limit* first = nullptr;
  for (const law::Limit& limit : limits) {
    if (limit.whose != v1::AGENCY_DUTY || !limit.live() || !limit.due) continue;
    if (first == nullptr || *limit.due < *first->due) first = &limit;
  }
  return first;
}

std::vector<v1::CalendarChange::Move> MovesBetween(
    const std::vector<law::Limit>& before,
    const std::vector<law::Limit>& after) {
  std::vector<v1::CalendarChange::Move> moves;
  for (const law::Limit& now : after) {
    const law::Limit* then = law::FindLimit(before, now.kind, now.ordinal);
    if (then == nullptr ||
        (then->due == now.due && then->provisional == now.provisional)) {
      continue;
    }
    v1::CalendarChange::Move move;
    move.set_kind(now.kind);
    move.set_ordinal(now.ordinal);
    move.set_old_date(Text(then->due));
    move.set_new_date(Text(now.due));
    move.set_old_provisional(then->provisional);
    move.set_new_provisional(now.provisional);
    moves.push_back(std::move(move));
  }
  return moves;
}

}  // namespace gongkai::casework
