// SPDX-License-Identifier: Apache-2.0
// Conditions on the reply: its draft, its review, its way out. REG 14 to 17,
// 36 to 39.
#include <algorithm>

#include "absl/strings/str_format.h"
#include "services/base/dates.h"
#include "services/base/refusal.h"
#include "services/casework/guards.h"
#include "services/law/replies.h"

namespace gongkai::casework::guards {
namespace {

absl::CivilDay RulesDay(const Matter& m) {
  return m.before.facts.received.value_or(m.occurred);
}

std::vector<v1::Ground> Grounds(const v1::DraftReply& d) {
  std::vector<v1::Ground> grounds;
  for (const int g : d.grounds()) grounds.push_back(static_cast<v1::Ground>(g));
  return grounds;
}

// What the law of `day` attaches to the draft: content by the day of receipt
// (reading A37), remedies by the day of the reply.
absl::StatusOr<law::ReplyRule> RuleOf(const Matter& m, absl::CivilDay day) {
  const v1::DraftReply& d = m.act.draft_reply();
  return law::RuleOfReply(m.rules, day, d.outcome(), Grounds(d),
                          d.review_organ(), d.court());
}

bool Has(const std::vector<v1::Ground>& grounds, v1::Ground ground) {
  return std::find(grounds.begin(), grounds.end(), ground) != grounds.end();
}

absl::Status Unsupported(const Matter& m, std::string_view wanted) {
  return RefuseContent(m, v1::OUTCOME_UNSUPPORTED, "act.draft_reply.outcome",
                       wanted, v1::Outcome_Name(m.act.draft_reply().outcome()));
}

// The field of the draft that a part of the reply needs, when it is empty.
std::string_view MissingField(v1::ReplyContent content,
                              const v1::DraftReply& d) {
  switch (content) {
    case v1::ACCESS_CHANNEL:
      return d.access().empty() ? "access" : "";
    case v1::REASONS:
      return d.reasons().empty() ? "reasons" : "";
    case v1::EARLIER_REPLY:
      return d.earlier_case().empty() ? "earlier_case" : "";
    case v1::SPECIAL_LAW:
      return d.special_law().empty() ? "special_law" : "";
    case v1::INFORMATION:
      return d.access().empty() && d.pages() == 0 ? "access" : "";
    // Named only if known (REG 36(5)); shown by the record (search, notices).
    case v1::RIGHT_AGENCY:
    case v1::SEARCH_STATEMENT:
    case v1::NOTICE_AND_DEFAULT:
    default:
      return "";
  }
}

// Whether the answer of consultation `i` may no longer be waited for.
bool IsConcluded(const Matter& m, size_t i) {
  const law::Consultation& c = m.before.facts.consultations[i];
  if (c.answered) return true;
  if (c.kind == v1::OTHER_AGENCY) return false;
  const law::Limit* limit =
      law::FindLimit(m.limits,
                     c.kind == v1::THIRD_PARTY ? v1::THIRD_PARTY_OPINION
                                               : v1::CO_MAKER_OPINION,
                     static_cast<int>(i) + 1);
  return limit != nullptr && limit->due && m.occurred > *limit->due;
}

// What an abandoned application is told.
v1::Outcome NoticeOfAbandonment(const Case& c) {
  return c.facts.fee && c.facts.fee->lapsed ? v1::PAYMENT_ABANDONED
                                            : v1::CORRECTION_ABANDONED;
}

// A reply that gives out what a third party may object to.
bool Discloses(v1::Outcome outcome, const std::vector<v1::Ground>& grounds) {
  return (outcome == v1::DISCLOSED || outcome == v1::PARTIAL) &&
         !Has(grounds, v1::BUSINESS_SECRET) &&
         !Has(grounds, v1::PERSONAL_PRIVACY);
}

bool IsReasonableObjection(const Case& c, const v1::OpinionReceived& o) {
  const size_t i = static_cast<size_t>(o.consultation()) - 1;
  return o.opinion() == v1::OBJECTS_WITH_REASON &&
         i < c.facts.consultations.size() &&
         c.facts.consultations[i].kind == v1::THIRD_PARTY;
}

absl::Status DateNotBefore(const Matter& m, law::MaybeDay earlier) {
  if (!earlier || m.occurred >= *earlier) return absl::OkStatus();
  return RefuseContent(m, v1::DATE_BEFORE_PREVIOUS, "occurred_date",
                       "a day not before the letter, " + FormatDay(*earlier),
                       FormatDay(m.occurred));
}

}  // namespace

absl::Status RecordSupportsOutcome(const Matter& m) {
  const law::Facts& f = m.before.facts;
  const v1::Outcome outcome = m.act.draft_reply().outcome();
  if (m.before.abandoned()) {
    if (outcome == NoticeOfAbandonment(m.before)) return absl::OkStatus();
    return RefuseMatter(m, v1::APPLICATION_ABANDONED);
  }
  switch (outcome) {
    case v1::CORRECTION_ABANDONED:
      return Unsupported(m, "a lapsed correction (REG 30)");
    case v1::PAYMENT_ABANDONED:
      return Unsupported(m, "a lapsed payment (REG 42)");
    case v1::DOES_NOT_EXIST:
      if (m.before.search_recorded) return absl::OkStatus();
      return Unsupported(m, "a recorded search (REG 36(4))");
    case v1::STILL_UNCLEAR:
      if (f.correction && f.correction->received) return absl::OkStatus();
      return Unsupported(m, "a corrected application (REG 30)");
    case v1::EXCESSIVE:
      if (f.reasons && (f.reasons->verdict == v1::UNREASONABLE ||
                        f.reasons->verdict == v1::NONE_GIVEN)) {
        return absl::OkStatus();
      }
      return Unsupported(m, "reasons asked and not reasonable (REG 35)");
    default:
      return absl::OkStatus();
  }
}

absl::Status GroundsFitOutcome(const Matter& m) {
  const auto rule = RuleOf(m, RulesDay(m));
  if (rule.ok()) return absl::OkStatus();
  return RefuseContent(m, v1::GROUND_MISFIT, "act.draft_reply.grounds",
                       "grounds for REFUSED and PARTIAL, none for others");
}

absl::Status ReplyIsComplete(const Matter& m) {
  const auto rule = RuleOf(m, RulesDay(m));
  if (!rule.ok()) return rule.status();
  for (const v1::ReplyContent content : rule->contents) {
    const std::string_view field = MissingField(content, m.act.draft_reply());
    if (field.empty()) continue;
    return RefuseContent(m, v1::REPLY_INCOMPLETE,
                         absl::StrFormat("act.draft_reply.%s", field),
                         v1::ReplyContent_Name(content));
  }
  return absl::OkStatus();
}

absl::Status RemedyClauseIsThere(const Matter& m) {
  const auto rule = RuleOf(m, m.occurred);
  if (!rule.ok()) return rule.status();
  if (rule->remedy == v1::NO_CLAUSE) return absl::OkStatus();
  const v1::DraftReply& d = m.act.draft_reply();
  const std::string_view missing = d.review_organ().empty() ? "review_organ"
                                   : d.court().empty()      ? "court"
                                                            : "";
  if (missing.empty()) return absl::OkStatus();
  return RefuseContent(m, v1::REMEDY_CLAUSE_MISSING,
                       absl::StrFormat("act.draft_reply.%s", missing),
                       v1::RemedyClause_Name(rule->remedy));
}

absl::Status ThirdPartyWasConsulted(const Matter& m) {
  const std::vector<v1::Ground> grounds = Grounds(m.act.draft_reply());
  if (!Has(grounds, v1::BUSINESS_SECRET) &&
      !Has(grounds, v1::PERSONAL_PRIVACY)) {
    return absl::OkStatus();
  }
  for (const law::Consultation& c : m.before.facts.consultations) {
    if (c.kind == v1::THIRD_PARTY && c.served) return absl::OkStatus();
  }
  return RefuseMatter(m, v1::THIRD_PARTY_NOT_CONSULTED);
}

absl::Status ObjectionIsAnswered(const Matter& m) {
  const v1::DraftReply& d = m.act.draft_reply();
  if (!Discloses(d.outcome(), Grounds(d)) || !d.public_interest().empty()) {
    return absl::OkStatus();
  }
  for (size_t i = 0; i < m.before.opinions.size(); ++i) {
    if (m.before.facts.consultations[i].kind == v1::THIRD_PARTY &&
        m.before.opinions[i] == v1::OBJECTS_WITH_REASON) {
      return RefuseContent(m, v1::OBJECTION_NOT_ANSWERED,
                           "act.draft_reply.public_interest",
                           "the overriding public interest");
    }
  }
  return absl::OkStatus();
}

absl::Status HasDraft(const Matter& m) {
  if (m.before.draft) return absl::OkStatus();
  return RefuseMatter(m, v1::NO_DRAFT);
}

absl::Status DraftFitsTheRecord(const Matter& m) {
  const Draft& draft = *m.before.draft;
  if (m.before.abandoned()) {
    if (draft.outcome == NoticeOfAbandonment(m.before)) return absl::OkStatus();
    return RefuseMatter(m, v1::APPLICATION_ABANDONED);
  }
  // A draft answers the record as it stood when it was written.
  for (const PastEvent& past : WithMends(m.history)) {
    if (past.seq < draft.seq) continue;
    if (past.event.has_correction_accepted()) {
      return RefuseMatter(m, v1::NO_DRAFT);
    }
    if (past.event.has_opinion_recorded() &&
        IsReasonableObjection(m.before, past.event.opinion_recorded()) &&
        Discloses(draft.outcome, draft.grounds)) {
      return RefuseMatter(m, v1::OBJECTION_NOT_ANSWERED);
    }
  }
  return absl::OkStatus();
}

absl::Status ConsultationsAreConcluded(const Matter& m) {
  // An abandoned application is answered without them.
  if (m.before.abandoned()) return absl::OkStatus();
  for (size_t i = 0; i < m.before.facts.consultations.size(); ++i) {
    if (!IsConcluded(m, i)) return RefuseMatter(m, v1::CONSULTATION_OPEN);
  }
  return absl::OkStatus();
}

absl::Status NotTheDrafter(const Matter& m) {
  if (!m.before.draft || m.before.draft->drafter != m.actor.person()) {
    return absl::OkStatus();
  }
  return RefuseMatter(m, v1::BY_DRAFTER);
}

absl::Status StepIsNext(const Matter& m) {
  const v1::ReviewStep step = m.act.clear_draft().step();
  const Draft& draft = *m.before.draft;
  const bool cleared =
      step == v1::SECRECY ? draft.secrecy_cleared : draft.legal_cleared;
  if (cleared) return RefuseMatter(m, v1::STEP_ALREADY_CLEARED);
  const v1::Capacity wanted =
      step == v1::SECRECY ? v1::SECRECY_REVIEWER : v1::LEGAL_REVIEWER;
  if (m.actor.capacity() != wanted) {
    return RefuseContent(m, v1::CAPACITY_MISSING, "act.clear_draft.step",
                         v1::Capacity_Name(wanted),
                         v1::Capacity_Name(m.actor.capacity()));
  }
  if (step == v1::LEGAL && !draft.secrecy_cleared) {
    return RefuseMatter(m, v1::STEP_OUT_OF_ORDER);
  }
  return absl::OkStatus();
}

absl::Status AllStepsCleared(const Matter& m) {
  const Draft& draft = *m.before.draft;
  if (draft.secrecy_cleared && draft.legal_cleared) return absl::OkStatus();
  return RefuseMatter(m, v1::STEP_OUT_OF_ORDER);
}

absl::Status FirstSendingOrFailed(const Matter& m) {
  if (m.before.phase == v1::SIGNED || m.before.sending_failed) {
    return absl::OkStatus();
  }
  return RefuseMatter(m, v1::STILL_ON_ITS_WAY);
}

absl::Status CarrierMayCarryDecisions(const Matter& m) {
  if (m.act.dispatch().carrier() != v1::PRIVATE_COURIER) {
    return absl::OkStatus();
  }
  return RefuseMatter(m, v1::CARRIER_NOT_POSTAL);
}

absl::Status ElectronicWasAgreed(const Matter& m) {
  if (m.act.dispatch().carrier() != v1::ELECTRONIC ||
      m.before.electronic_service_agreed) {
    return absl::OkStatus();
  }
  return RefuseMatter(m, v1::ELECTRONIC_NOT_AGREED);
}

absl::Status LetterAwaitsService(const Matter& m) {
  const v1::ServiceRecord& s = m.act.record_service();
  const law::Facts& f = m.before.facts;
  const auto none = [&] { return RefuseMatter(m, v1::NO_SUCH_LETTER); };
  switch (s.letter()) {
    case v1::THE_CORRECTION_NOTICE:
      if (!f.correction || f.correction->served) return none();
      return DateNotBefore(m, f.correction->notified);
    case v1::THE_REASONS_NOTICE:
      if (!f.reasons || f.reasons->served) return none();
      return DateNotBefore(m, f.reasons->asked);
    case v1::THE_FEE_NOTICE:
      if (!f.fee || f.fee->served) return none();
      return DateNotBefore(m, f.fee->notified);
    case v1::A_CONSULTATION_LETTER: {
      const size_t i = static_cast<size_t>(s.consultation()) - 1;
      if (i >= f.consultations.size() || f.consultations[i].served) {
        return none();
      }
      return DateNotBefore(m, f.consultations[i].sent);
    }
    case v1::THE_REPLY:
    default:
      break;
  }
  // A sending that came back is followed by a decision that it counts as
  // served, or by another sending.
  if (m.before.phase != v1::DISPATCHED ||
      (m.before.sending_failed && s.outcome() != v1::DEEMED)) {
    return none();
  }
  return DateNotBefore(m, m.before.last_dispatched);
}

absl::Status DeemedServiceHasBasis(const Matter& m) {
  const v1::ServiceRecord& s = m.act.record_service();
  if (s.outcome() != v1::DEEMED || !s.basis().empty()) return absl::OkStatus();
  return RefuseContent(m, v1::BASIS_MISSING, "act.record_service.basis",
                       "the legal basis and the facts");
}

}  // namespace gongkai::casework::guards
