// SPDX-License-Identifier: Apache-2.0
// Conditions from receipt to extension: REG 30 to 35 and 42.
#include "services/casework/guards.h"

#include "absl/strings/str_format.h"
#include "services/base/dates.h"
#include "services/base/refusal.h"
#include "services/casework/view.h"
#include "services/law/fees.h"

namespace gongkai::casework::guards {
namespace {

const law::Limit* Reply(const Matter& m) {
  return law::FindLimit(m.limits, v1::REPLY);
}

// The limit of `kind` has a last day and it lies before the act. A limit that
// never began, because its letter was not served, is not over.
bool IsOver(const Matter& m, v1::LimitKind kind) {
  const law::Limit* limit = law::FindLimit(m.limits, kind);
  return limit != nullptr && limit->due && m.occurred > *limit->due;
}

// The reply limit stands or its last day is not before the act.
bool ReplyInTime(const Matter& m) {
  const law::Limit* limit = Reply(m);
  return limit == nullptr || !limit->due || m.occurred <= *limit->due;
}

absl::CivilDay RulesDay(const Matter& m) {
  return m.before.facts.received.value_or(m.occurred);
}

}  // namespace

absl::Status RefuseMatter(const Matter& m, v1::Reason reason,
                          const law::Limit* limit) {
  v1::Refusal refusal;
  refusal.set_reason(reason);
  refusal.set_phase(m.before.phase);
  if (limit != nullptr) {
    refusal.set_limit(limit->kind);
    refusal.set_article(limit->article);
    if (limit->due) refusal.set_due_date(FormatDay(*limit->due));
  }
  return Refuse(refusal);
}

absl::Status RefuseContent(const Matter& m, v1::Reason reason,
                           std::string_view field, std::string_view wanted,
                           std::string_view got) {
  v1::Refusal refusal;
  refusal.set_reason(reason);
  refusal.set_phase(m.before.phase);
  refusal.set_field(std::string(field));
  refusal.set_wanted(std::string(wanted));
  refusal.set_got(std::string(got));
  return Refuse(refusal);
}

absl::Status ReceiptFitsChannel(const Matter& m) {
  const v1::Application& a = m.act.receive();
  if (!a.sent_date().empty() && DayOf(a.sent_date()) > m.occurred) {
    return RefuseContent(m, v1::DATE_BEFORE_PREVIOUS, "application.sent_date",
                         "a day not after arrival", a.sent_date());
  }
  if (a.receipt_date().empty()) return absl::OkStatus();
  // Handed in and signed mail fix the day; of other channels only a
  // confirmation on arrival does (REG 31).
  const bool fixed = a.channel() == v1::IN_PERSON ||
                     a.channel() == v1::MAIL_SIGNED || a.confirmed_on_arrival();
  if (fixed && DayOf(a.receipt_date()) == m.occurred) return absl::OkStatus();
  return RefuseContent(
      m, v1::RECEIPT_CONTRADICTS_CHANNEL, "application.receipt_date",
      fixed ? "the day of arrival" : "no date before both sides have confirmed",
      a.receipt_date());
}

absl::Status NotRequiredBefore(const Matter& m) {
  if (!m.before.facts.correction) return absl::OkStatus();
  return RefuseMatter(m, v1::CORRECTION_ALREADY_REQUIRED);
}

absl::Status WithinNoticeLimitOrOverridden(const Matter& m) {
  if (!IsOver(m, v1::CORRECTION_NOTICE)) return absl::OkStatus();
  const law::Limit* limit = law::FindLimit(m.limits, v1::CORRECTION_NOTICE);
  if (m.act.require_correction().override_reason().empty()) {
    return RefuseMatter(m, v1::CORRECTION_NOTICE_TOO_LATE, limit);
  }
  if (m.actor.capacity() != v1::SUPERVISOR) {
    return RefuseMatter(m, v1::OVERRIDE_NEEDS_SUPERVISOR, limit);
  }
  return absl::OkStatus();
}

absl::Status CorrectionPeriodWithinBounds(const Matter& m) {
  const int days = m.act.require_correction().period_days();
  const v1::LimitRule* rule =
      m.rules.LimitFor(v1::CORRECTION_PERIOD, RulesDay(m));
  if (days == 0 || rule == nullptr) return absl::OkStatus();
  if (days >= rule->min_length() && days <= rule->max_length()) {
    return absl::OkStatus();
  }
  return RefuseContent(m, v1::PERIOD_OUT_OF_BOUNDS,
                       "act.require_correction.period_days",
                       absl::StrFormat("%d to %d working days",
                                       rule->min_length(), rule->max_length()),
                       absl::StrFormat("%d", days));
}

absl::Status CorrectionCameInTimeOrWithReason(const Matter& m) {
  if (!IsOver(m, v1::CORRECTION_PERIOD) ||
      !m.act.accept_correction().good_reason().empty()) {
    return absl::OkStatus();
  }
  return RefuseMatter(m, v1::CORRECTION_CAME_LATE,
                      law::FindLimit(m.limits, v1::CORRECTION_PERIOD));
}

absl::Status CorrectionPeriodIsOver(const Matter& m) {
  if (IsOver(m, v1::CORRECTION_PERIOD)) return absl::OkStatus();
  return RefuseMatter(m, v1::PERIOD_NOT_OVER,
                      law::FindLimit(m.limits, v1::CORRECTION_PERIOD));
}

absl::Status NotAbandoned(const Matter& m) {
  if (!m.before.abandoned()) return absl::OkStatus();
  return RefuseMatter(m, v1::APPLICATION_ABANDONED);
}

absl::Status ReasonsNotAskedBefore(const Matter& m) {
  if (!m.before.facts.reasons) return absl::OkStatus();
  return RefuseMatter(m, v1::REASONS_ALREADY_ASKED);
}

absl::Status ReasonsPeriodIsOverIfNone(const Matter& m) {
  if (m.act.accept_reasons().verdict() != v1::NONE_GIVEN ||
      IsOver(m, v1::REASONS_PERIOD)) {
    return absl::OkStatus();
  }
  return RefuseMatter(m, v1::PERIOD_NOT_OVER,
                      law::FindLimit(m.limits, v1::REASONS_PERIOD));
}

absl::Status ReasonsWereReasonable(const Matter& m) {
  if (m.before.facts.reasons &&
      m.before.facts.reasons->verdict == v1::REASONABLE) {
    return absl::OkStatus();
  }
  return RefuseMatter(m, v1::REASONS_NOT_REASONABLE);
}

absl::Status NotDeferredBefore(const Matter& m) {
  if (!m.before.facts.deferral) return absl::OkStatus();
  return RefuseMatter(m, v1::REPLY_ALREADY_DEFERRED);
}

absl::Status ReplyLimitNotPassed(const Matter& m) {
  if (ReplyInTime(m)) return absl::OkStatus();
  return RefuseMatter(m, v1::LIMIT_HAS_PASSED, Reply(m));
}

absl::Status DeferredDayIsLater(const Matter& m) {
  const std::string& until = m.act.defer_reply().until_date();
  const law::Limit* reply = Reply(m);
  const absl::CivilDay present =
      reply != nullptr && reply->due ? *reply->due : m.occurred;
  if (DayOf(until) > present) return absl::OkStatus();
  return RefuseContent(m, v1::DEFERRAL_NOT_LATER, "act.defer_reply.until_date",
                       "a day after " + FormatDay(present), until);
}

absl::Status FeeNotChargedBefore(const Matter& m) {
  if (!m.before.facts.fee) return absl::OkStatus();
  return RefuseMatter(m, v1::FEE_ALREADY_CHARGED);
}

absl::Status ReplyLimitNotPassedForFee(const Matter& m) {
  if (ReplyInTime(m)) return absl::OkStatus();
  return RefuseMatter(m, v1::FEE_NOTICE_TOO_LATE, Reply(m));
}

absl::Status AmountFollowsTariff(const Matter& m) {
  const v1::FeeNotice& n = m.act.charge_fee();
  const absl::CivilDay received = RulesDay(m);
  if (m.rules.FeesOn(received) == nullptr) {
    return RefuseMatter(m, v1::NO_TARIFF);
  }
  const bool by_item = n.basis() == v1::BY_ITEM;
  if (by_item && (n.first_rank() < 1 || n.last_rank() < n.first_rank())) {
    return RefuseContent(m, v1::FIELD_INVALID, "act.charge_fee.last_rank",
                         "first_rank of at least 1 and last_rank not below it");
  }
  if (!by_item && n.pages() < 1) {
    return RefuseContent(m, v1::FIELD_INVALID, "act.charge_fee.pages",
                         "at least 1 page");
  }
  const auto due =
      by_item ? law::ItemFees(m.rules, received, n.first_rank(), n.last_rank())
              : law::PageFee(m.rules, received, n.pages());
  if (!due.ok()) return RefuseMatter(m, v1::NO_TARIFF);
  if (*due == n.amount_fen()) return absl::OkStatus();
  return RefuseContent(m, v1::AMOUNT_WRONG, "act.charge_fee.amount_fen",
                       absl::StrFormat("%d fen", *due),
                       absl::StrFormat("%d fen", n.amount_fen()));
}

absl::Status PaymentPeriodIsOver(const Matter& m) {
  if (IsOver(m, v1::PAYMENT)) return absl::OkStatus();
  return RefuseMatter(m, v1::PERIOD_NOT_OVER,
                      law::FindLimit(m.limits, v1::PAYMENT));
}

absl::Status NamesTheInterestAtStake(const Matter& m) {
  const v1::ConsultationLetter& l = m.act.consult();
  if (l.kind() != v1::THIRD_PARTY || l.interest() == v1::BUSINESS_SECRET ||
      l.interest() == v1::PERSONAL_PRIVACY) {
    return absl::OkStatus();
  }
  return RefuseContent(m, v1::INTEREST_MISSING, "act.consult.interest",
                       "BUSINESS_SECRET or PERSONAL_PRIVACY");
}

absl::Status ConsultationIsOpen(const Matter& m) {
  const int ordinal = m.act.record_opinion().consultation();
  const auto& all = m.before.facts.consultations;
  if (ordinal < 1 || static_cast<size_t>(ordinal) > all.size()) {
    return RefuseContent(
        m, v1::NO_SUCH_CONSULTATION, "act.record_opinion.consultation",
        absl::StrFormat("1 to %d", all.size()), absl::StrFormat("%d", ordinal));
  }
  const law::Consultation& c = all[ordinal - 1];
  if (c.answered) return RefuseMatter(m, v1::OPINION_ALREADY_RECORDED);
  if (m.occurred < c.sent) {
    return RefuseContent(m, v1::DATE_BEFORE_PREVIOUS, "occurred_date",
                         "a day not before the letter, " + FormatDay(c.sent),
                         FormatDay(m.occurred));
  }
  return absl::OkStatus();
}

absl::Status NotExtendedBefore(const Matter& m) {
  if (!m.before.facts.extension) return absl::OkStatus();
  return RefuseMatter(m, v1::ALREADY_EXTENDED);
}

absl::Status NoExtensionPending(const Matter& m) {
  if (!m.before.extension_asked) return absl::OkStatus();
  return RefuseMatter(m, v1::EXTENSION_PENDING);
}

absl::Status ExtensionWithinBounds(const Matter& m) {
  const int days = m.act.request_extension().working_days();
  const v1::LimitRule* rule = m.rules.LimitFor(v1::EXTENSION, RulesDay(m));
  const int max = rule == nullptr ? 0 : rule->max_length();
  if (days <= max) return absl::OkStatus();
  return RefuseContent(m, v1::EXTENSION_TOO_LONG,
                       "act.request_extension.working_days",
                       absl::StrFormat("at most %d working days", max),
                       absl::StrFormat("%d", days));
}

absl::Status ExtensionWasRequested(const Matter& m) {
  if (m.before.extension_asked) return absl::OkStatus();
  return RefuseMatter(m, v1::NO_EXTENSION_REQUESTED);
}

absl::Status DeciderIsNotRequester(const Matter& m) {
  if (!m.before.extension_asked ||
      m.before.extension_asked->person != m.actor.person()) {
    return absl::OkStatus();
  }
  return RefuseMatter(m, v1::EXTENSION_BY_REQUESTER);
}

absl::Status ExtensionNoticeInTime(const Matter& m) {
  const v1::ExtensionDecision& d = m.act.decide_extension();
  if (!d.approved()) return absl::OkStatus();
  // The head approves within the limit too: a limit that is over is not
  // brought back (REG 33(2), A14).
  if (!ReplyInTime(m)) return RefuseMatter(m, v1::LIMIT_HAS_PASSED, Reply(m));
  const absl::CivilDay notice = DayOf(d.notice_date());
  if (d.notice_date().empty() || notice < m.occurred || notice > m.today) {
    return RefuseContent(m, v1::FIELD_INVALID,
                         "act.decide_extension.notice_date",
                         "a day from the decision to today", d.notice_date());
  }
  const law::Limit* reply = Reply(m);
  if (reply != nullptr && reply->due && notice > *reply->due) {
    return RefuseMatter(m, v1::EXTENSION_NOTICE_LATE, reply);
  }
  return absl::OkStatus();
}

}  // namespace gongkai::casework::guards
