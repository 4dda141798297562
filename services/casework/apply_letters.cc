// SPDX-License-Identifier: Apache-2.0
#include "services/casework/apply_letters.h"

namespace gongkai::casework {
namespace {

// A refusal goes to review first (ARL 23(1)(4), 23(2)); a reply that withholds
// a part leaves the suit open for the rest (reading A19).
bool ReviewFirst(const Case& c) { return c.outcome == v1::REFUSED; }

}  // namespace

void CorrectionRequired(const v1::CorrectionNotice& n, absl::CivilDay day,
                        Case& c) {
  law::Correction correction;
  correction.notified = day;
  if (n.served_at_once()) correction.served = day;
  correction.length = n.period_days();
  correction.overridden = n.overridden();
  c.facts.correction = correction;
  c.phase = v1::AWAITING_CORRECTION;
}

void ReasonsAsked(const v1::ReasonsNotice& n, absl::CivilDay day, Case& c) {
  law::Reasons reasons;
  reasons.asked = day;
  if (n.served_at_once()) reasons.served = day;
  reasons.length = n.period_days();
  c.facts.reasons = reasons;
  c.phase = v1::AWAITING_REASONS;
}

void FeeCharged(const v1::FeeNotice& n, absl::CivilDay day, Case& c) {
  law::Fee fee;
  fee.notified = day;
  if (n.served_at_once()) fee.served = day;
  c.facts.fee = fee;
  c.fee_fen = n.amount_fen();
  c.phase = v1::AWAITING_PAYMENT;
}

void Consulted(const v1::ConsultationLetter& l, absl::CivilDay day, Case& c) {
  law::Consultation consultation;
  consultation.kind = l.kind();
  consultation.sent = day;
  if (l.served_at_once()) consultation.served = day;
  c.facts.consultations.push_back(consultation);
  c.opinions.push_back(v1::OPINION_UNSPECIFIED);
}

void OpinionRecorded(const v1::OpinionReceived& o, absl::CivilDay day,
                     Case& c) {
  const size_t i = static_cast<size_t>(o.consultation()) - 1;
  if (i >= c.facts.consultations.size()) return;
  c.facts.consultations[i].answered = day;
  c.opinions[i] = o.opinion();
}

void Dispatched(const v1::Dispatch& d, absl::CivilDay day, Case& c) {
  if (!c.facts.reply) {
    law::ReplySent reply;
    reply.carrier = d.carrier();
    reply.dispatched = day;
    reply.review_first = ReviewFirst(c);
    c.facts.reply = reply;
  }
  c.last_dispatched = day;
  c.sending_failed = false;
  c.phase = v1::DISPATCHED;
}

void ServiceRecorded(const v1::ServiceRecord& s, absl::CivilDay day, Case& c) {
  const bool served = s.outcome() == v1::DELIVERED || s.outcome() == v1::DEEMED;
  switch (s.letter()) {
    case v1::THE_CORRECTION_NOTICE:
      if (served && c.facts.correction) c.facts.correction->served = day;
      return;
    case v1::THE_REASONS_NOTICE:
      if (served && c.facts.reasons) c.facts.reasons->served = day;
      return;
    case v1::THE_FEE_NOTICE:
      if (served && c.facts.fee) c.facts.fee->served = day;
      return;
    case v1::A_CONSULTATION_LETTER: {
      const size_t i = static_cast<size_t>(s.consultation()) - 1;
      if (served && i < c.facts.consultations.size()) {
        c.facts.consultations[i].served = day;
      }
      return;
    }
    case v1::THE_REPLY:
    default:
      break;
  }
  if (!c.facts.reply) return;
  if (served) {
    c.facts.reply->served = day;
    c.phase = v1::SERVED;
  } else {
    c.sending_failed = true;
  }
}

}  // namespace gongkai::casework
