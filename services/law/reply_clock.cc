// SPDX-License-Identifier: Apache-2.0
#include "services/law/reply_clock.h"

#include <algorithm>
#include <utility>

namespace gongkai::law {
namespace {

struct CountEnd {
  MaybeDay day;
  bool provisional = false;
};

// The `length`th working day after `start` that no pause leaves out; empty
// when a pause without end comes first.
CountEnd CountAround(const ReplyClock& clock, int length,
                     const Calendar& calendar) {
  CountEnd end;
  absl::CivilDay day = clock.start;
  for (int counted = 0; counted < length;) {
    ++day;
    end.provisional |= calendar.Info(day).provisional;
    if (const Pause* pause = clock.PauseOn(day)) {
      if (!pause->last) return end;
      continue;
    }
    if (calendar.IsWorkday(day)) ++counted;
  }
  end.day = day;
  return end;
}

void AddPause(ReplyClock& clock, absl::CivilDay sent, MaybeDay last,
              bool answered, const char* reason, const std::string& article) {
  // Answered on the day it was sent: nothing is left out.
  if (last && *last <= sent) return;
  clock.pauses.push_back({sent + 1, last, answered, reason, article});
}

// REG 30 restarts the clock; REG08 leaves the time out. A notice that came too
// late and was overridden does neither (reading A8).
void ApplyCorrection(ReplyClock& clock, const Facts& facts,
                     const v1::ClockRule& rule) {
  if (!facts.correction || facts.correction->overridden) return;
  const Correction& correction = *facts.correction;
  AddPause(clock, correction.notified, correction.received,
           correction.received.has_value(), "等待补正",
           rule.correction_article());
  if (correction.received && rule.correction_restarts() &&
      *correction.received >= clock.start) {
    clock.start = *correction.received;
    clock.restart_reason = "收到补正后的申请，期限重新计算";
    clock.restart_article = rule.correction_article();
  }
}

void ApplyFee(ReplyClock& clock, const Facts& facts,
              const v1::ClockRule& rule) {
  if (!facts.fee) return;
  const Fee& fee = *facts.fee;
  AddPause(clock, fee.notified, fee.paid, fee.paid.has_value(), "等待缴费",
           rule.payment_article());
  if (fee.paid && rule.payment_restarts() && *fee.paid >= clock.start) {
    clock.start = *fee.paid;
    clock.restart_reason = "申请人完成缴费，期限重新计算";
    clock.restart_article = rule.payment_article();
  }
}

bool Suspends(v1::ConsultationKind kind, const v1::ClockRule& rule) {
  return kind == v1::THIRD_PARTY ? rule.third_party_suspends()
                                 : rule.other_agency_suspends();
}

const char* ReasonOf(v1::ConsultationKind kind) {
  switch (kind) {
    case v1::THIRD_PARTY:
      return "征求第三方意见";
    case v1::CO_MAKER:
      return "征求共同制作机关意见";
    default:
      return "征求其他机关意见";
  }
}

// The limit of the consulted, when the law sets one.
const v1::LimitRule* OpinionRule(v1::ConsultationKind kind,
                                 const Rulebook& rules, absl::CivilDay day) {
  if (kind == v1::THIRD_PARTY) {
    return rules.LimitFor(v1::THIRD_PARTY_OPINION, day);
  }
  if (kind == v1::CO_MAKER) return rules.LimitFor(v1::CO_MAKER_OPINION, day);
  return nullptr;
}

// From the day after sending up to the answer or the end of the limit of the
// consulted, whichever comes first (reading A11).
void ApplyConsultation(ReplyClock& clock, const Consultation& letter,
                       const v1::ClockRule& clock_rule, const Rulebook& rules,
                       const Calendar& calendar) {
  // An answer proves service even when no receipt was recorded.
  if (!letter.served && !letter.answered) return;
  if (!Suspends(letter.kind, clock_rule)) return;
  MaybeDay last = letter.answered;
  const v1::LimitRule* opinion =
      OpinionRule(letter.kind, rules, clock.received);
  if (opinion != nullptr && letter.served) {
    const Counted end = calendar.AddWorkdays(*letter.served, opinion->length());
    clock.provisional |= end.provisional;
    if (!last || end.day < *last) last = end.day;
  }
  AddPause(clock, letter.sent, last,
           letter.answered.has_value() && last == letter.answered,
           ReasonOf(letter.kind), clock_rule.consultation_article());
}

void ApplyExtension(ReplyClock& clock, const Facts& facts) {
  clock.length = clock.first_length;
  if (!facts.extension) return;
  // It lengthened the limit that ran when it was told; a restart since then
  // gave a full limit anew and spent it (reading A16).
  if (facts.extension->notified < clock.start) return;
  clock.length += facts.extension->working_days;
}

MaybeDay Earliest(std::initializer_list<MaybeDay> days) {
  MaybeDay first;
  for (const MaybeDay& day : days) {
    if (day && (!first || *day < *first)) first = day;
  }
  return first;
}

}  // namespace

const Pause* ReplyClock::PauseOn(absl::CivilDay day) const {
  const Pause* found = nullptr;
  for (const Pause& pause : pauses) {
    if (!pause.Covers(day)) continue;
    // The one without end decides whether the count can go on.
    if (!pause.last) return &pause;
    if (found == nullptr) found = &pause;
  }
  return found;
}

MaybeDay TimelinessDay(const std::optional<ReplySent>& reply) {
  if (!reply) return std::nullopt;
  if (reply->carrier == v1::HAND_OVER || reply->carrier == v1::ENTRUSTED) {
    return reply->served;
  }
  return reply->dispatched;
}

std::optional<ReplyClock> BuildReplyClock(const Facts& facts,
                                          const Rulebook& rules,
                                          const Calendar& calendar) {
  if (!facts.received) return std::nullopt;
  ReplyClock clock;
  clock.rule = rules.LimitFor(v1::REPLY, *facts.received);
  if (clock.rule == nullptr) return std::nullopt;
  clock.set = rules.SetFor(v1::REPLY, *facts.received);
  clock.received = clock.start = *facts.received;
  clock.first_length = facts.ordered_reply_days > 0 ? facts.ordered_reply_days
                                                    : clock.rule->length();
  const v1::ClockRule& rule = clock.set->clock();
  ApplyCorrection(clock, facts, rule);
  ApplyFee(clock, facts, rule);
  for (const Consultation& letter : facts.consultations) {
    ApplyConsultation(clock, letter, rule, rules, calendar);
  }
  ApplyExtension(clock, facts);

  // A pause that begins when the count is over leaves nothing out, so the
  // count simply runs into the pauses in the order of days.
  const CountEnd first = CountAround(clock, clock.first_length, calendar);
  const CountEnd whole = CountAround(clock, clock.length, calendar);
  clock.first_due = first.day;
  clock.due = whole.day;
  clock.provisional |= whole.provisional;
  if (facts.deferral) {
    clock.due = facts.deferral->until;
    clock.deferred = true;
    clock.provisional = false;
  }
  clock.done = TimelinessDay(facts.reply);
  clock.voided =
      Earliest({facts.withdrawn,
                facts.correction ? facts.correction->lapsed : MaybeDay(),
                facts.fee ? facts.fee->lapsed : MaybeDay()});
  return clock;
}

std::optional<ReplyClock> ReplyClockBefore(v1::LimitKind act,
                                           const Facts& facts,
                                           const Rulebook& rules,
                                           const Calendar& calendar) {
  Facts before = facts;
  if (act == v1::FEE_NOTICE) {
    before.fee.reset();
  } else {
    const absl::CivilDay told = facts.extension->notified;
    before.extension.reset();
    before.deferral.reset();
    if (before.fee && before.fee->notified >= told) before.fee.reset();
    if (before.correction && before.correction->notified >= told) {
      before.correction.reset();
    }
  }
  return BuildReplyClock(before, rules, calendar);
}

}  // namespace gongkai::law
