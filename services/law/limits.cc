// SPDX-License-Identifier: Apache-2.0
#include "services/law/limits.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "services/law/limit_maker.h"
#include "services/law/reply_clock.h"

namespace gongkai::law {
namespace {

MaybeDay Earlier(MaybeDay a, MaybeDay b) {
  if (!a) return b;
  if (!b) return a;
  return std::min(*a, *b);
}

// The day from which nothing more is to be done about the application: the
// duty to reply fell away, or the reply went out.
MaybeDay HandlingEnded(const std::optional<ReplyClock>& clock) {
  if (!clock) return std::nullopt;
  return Earlier(clock->voided, clock->done);
}

// T1.
void AddMailConfirmation(LimitMaker& maker) {
  const Facts& facts = maker.facts;
  if (!facts.arrived || facts.channel == v1::IN_PERSON ||
      facts.channel == v1::MAIL_SIGNED) {
    return;
  }
  // Web, fax and e-mail have no limit in law for the confirmation; left
  // without one, an application could lie unseen for ever (reading A2).
  if (facts.channel != v1::MAIL_ORDINARY && facts.received == facts.arrived) {
    return;
  }
  maker.Add(v1::MAIL_CONFIRMATION, 1, *facts.arrived, *facts.arrived, {},
            {facts.received, facts.withdrawn});
}

// T2 and T3.
void AddIntake(LimitMaker& maker, MaybeDay handling_ended) {
  const Facts& facts = maker.facts;
  const absl::CivilDay received = *facts.received;
  maker.Add(v1::REGISTRATION, 1, received, received,
            {maker.terms.registration_days, v1::LIMIT_UNIT_UNSPECIFIED},
            {facts.registered, handling_ended});
  // The applicant of a reopened case has nothing left to correct.
  if (facts.ordered_reply_days > 0) return;
  MaybeDay notified;
  if (facts.correction) notified = facts.correction->notified;
  maker.Add(v1::CORRECTION_NOTICE, 1, received, received, {},
            {notified, handling_ended});
}

// T4, T9a and T11: what the applicant is given time for.
void AddApplicantLoops(LimitMaker& maker, MaybeDay handling_ended) {
  const Facts& facts = maker.facts;
  const absl::CivilDay received = *facts.received;
  if (facts.correction && facts.correction->served) {
    const Correction& correction = *facts.correction;
    const int length =
        correction.length > 0 ? correction.length : maker.terms.correction_days;
    maker.Add(
        v1::CORRECTION_PERIOD, 1, received, *correction.served,
        {length, correction.unit},
        {correction.received, Earlier(correction.lapsed, handling_ended)});
  }
  if (facts.reasons && facts.reasons->served) {
    const Reasons& reasons = *facts.reasons;
    Ending ending{std::nullopt, handling_ended};
    if (reasons.judged) ending.voided = Earlier(reasons.judged, handling_ended);
    Limit* limit = maker.Add(v1::REASONS_PERIOD, 1, received, *reasons.served,
                             {reasons.length, reasons.unit}, ending);
    // Only the day of judging is known, not the day on which the reasons
    // came: given is in time.
    if (limit != nullptr && reasons.judged &&
        reasons.verdict != v1::NONE_GIVEN) {
      limit->state = v1::MET;
      limit->ended = reasons.judged;
    }
  }
  if (facts.fee && facts.fee->served) {
    maker.Add(v1::PAYMENT, 1, received, *facts.fee->served, {},
              {facts.fee->paid, Earlier(facts.fee->lapsed, handling_ended)});
  }
}

// T7, T8 and T8b.
void AddConsultations(LimitMaker& maker, MaybeDay handling_ended) {
  const absl::CivilDay received = *maker.facts.received;
  int ordinal = 0;
  for (const Consultation& letter : maker.facts.consultations) {
    ++ordinal;
    const Ending ending{letter.answered, handling_ended};
    if (letter.kind == v1::OTHER_AGENCY) {
      maker.Add(v1::OTHER_AGENCY_OPINION, ordinal, received, letter.sent,
                {maker.terms.other_agency_cap_days, v1::LIMIT_UNIT_UNSPECIFIED},
                ending);
    } else if (letter.served) {
      maker.Add(letter.kind == v1::THIRD_PARTY ? v1::THIRD_PARTY_OPINION
                                               : v1::CO_MAKER_OPINION,
                ordinal, received, *letter.served, {}, ending);
    }
  }
}

bool HeldAtEndOf(const ReplyClock& clock, absl::CivilDay day) {
  return std::any_of(
      clock.pauses.begin(), clock.pauses.end(),
      [day](const Pause& pause) { return pause.HoldsAtEndOf(day); });
}

// T5 and T9, which share their last day.
void AddReply(LimitMaker& maker, const ReplyClock& clock) {
  const Ending ending{clock.done, clock.voided};
  Limit* reply = maker.AddUntil(v1::REPLY, 1, clock.received, clock.start,
                                clock.due, clock.length, ending);
  reply->provisional = clock.provisional;
  if (clock.deferred) {
    const Deferral& deferral = *maker.facts.deferral;
    reply->start = deferral.notified;
    reply->length =
        maker.calendar.WorkdaysBetween(deferral.notified, deferral.until);
    reply->article = clock.rule->article() + "; REG 35";
    maker.AddUntil(v1::DEFERRED_REPLY, 1, clock.received, deferral.notified,
                   clock.due, reply->length, ending);
    return;
  }
  if (reply->state == v1::RUNNING && HeldAtEndOf(clock, maker.as_of)) {
    reply->state = v1::SUSPENDED;
  }
}

// T6 and T10: acts of the agency that are lawful only inside T5. Their last
// day is that of T5 as it ran before the act.
void AddActsInsideReply(LimitMaker& maker) {
  const Facts& facts = maker.facts;
  const auto add = [&](v1::LimitKind act, absl::CivilDay done, int length) {
    const auto clock =
        ReplyClockBefore(act, facts, maker.rules, maker.calendar);
    maker.AddUntil(act, 1, clock->received, clock->start, clock->due, length,
                   {done, std::nullopt});
  };
  if (facts.extension) {
    add(v1::EXTENSION, facts.extension->notified,
        facts.extension->working_days);
  }
  if (facts.fee) {
    add(v1::FEE_NOTICE, facts.fee->notified,
        maker.rules.LimitFor(v1::REPLY, *facts.received)->length());
  }
}

// T29.
void AddArchiveTransfer(LimitMaker& maker) {
  if (!maker.facts.archived) return;
  const absl::CivilDay archived = *maker.facts.archived;
  const v1::LimitRule* rule =
      maker.rules.LimitFor(v1::ARCHIVE_TRANSFER, archived);
  if (rule == nullptr) return;
  const int length =
      maker.facts.county_agency ? rule->alternative_length() : rule->length();
  maker.Add(v1::ARCHIVE_TRANSFER, 1, archived, archived, {length, rule->unit()},
            {});
}

}  // namespace

bool Limit::live() const {
  return state == v1::RUNNING || state == v1::SUSPENDED || state == v1::MISSED;
}

std::vector<Limit> DeriveLimits(const Facts& facts, const Rulebook& rules,
                                const Calendar& calendar,
                                const AgencyTerms& terms,
                                absl::CivilDay as_of) {
  LimitMaker maker{facts, rules, calendar, terms, as_of, {}};
  AddMailConfirmation(maker);
  const auto clock = BuildReplyClock(facts, rules, calendar);
  if (facts.received) {
    const MaybeDay handling_ended = HandlingEnded(clock);
    AddIntake(maker, handling_ended);
    AddApplicantLoops(maker, handling_ended);
    AddConsultations(maker, handling_ended);
  }
  if (clock) {
    AddReply(maker, *clock);
    AddActsInsideReply(maker);
  }
  std::optional<Limit> reply;
  if (const Limit* found = FindLimit(maker.limits, v1::REPLY)) reply = *found;
  AddRemedyLimits(maker, reply ? &*reply : nullptr);
  AddArchiveTransfer(maker);
  std::stable_sort(maker.limits.begin(), maker.limits.end(),
                   [](const Limit& a, const Limit& b) {
                     return std::tie(a.kind, a.ordinal) <
                            std::tie(b.kind, b.ordinal);
                   });
  return std::move(maker.limits);
}

const Limit* FindLimit(const std::vector<Limit>& limits, v1::LimitKind kind,
                       int ordinal) {
  for (const Limit& limit : limits) {
    if (limit.kind == kind && limit.ordinal == ordinal) return &limit;
  }
  return nullptr;
}

std::vector<Limit> YearlyLimits(int year, const Rulebook& rules,
                                const Calendar& calendar) {
  // Day 0 is the last day of the year reported on; nothing is done yet.
  const absl::CivilDay start(year, 12, 31);
  const Facts facts;
  const AgencyTerms terms;
  LimitMaker maker{facts, rules, calendar, terms, start, {}};
  maker.Add(v1::DEPARTMENT_REPORT, 1, start, start, {}, {});
  maker.Add(v1::GOVERNMENT_REPORT, 1, start, start, {}, {});
  return std::move(maker.limits);
}

Limit PublicationLimit(absl::CivilDay made, const Rulebook& rules,
                       const Calendar& calendar) {
  const Facts facts;
  const AgencyTerms terms;
  LimitMaker maker{facts, rules, calendar, terms, made, {}};
  const Limit* limit =
      maker.Add(v1::PROACTIVE_PUBLICATION, 1, made, made, {}, {});
  return limit == nullptr ? Limit() : *limit;
}

}  // namespace gongkai::law
