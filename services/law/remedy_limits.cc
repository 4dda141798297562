// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "services/law/limit_maker.h"

namespace gongkai::law {
namespace {

MaybeDay Earlier(MaybeDay a, MaybeDay b) {
  if (!a) return b;
  if (!b) return a;
  return std::min(*a, *b);
}

// The day on which the remedy began, as near as it is known: agencies learn of
// it from the copy.
MaybeDay Began(const Docket& docket) {
  if (docket.applied) return docket.applied;
  return docket.accepted ? docket.accepted : docket.copy_received;
}

// The first remedy of `kind` begun on or after `from`; a lawsuit counts at its
// first instance.
MaybeDay FirstApplied(const Facts& facts, v1::RemedyKind kind,
                      absl::CivilDay from) {
  MaybeDay first;
  for (const Docket& docket : facts.dockets) {
    if (docket.kind != kind || docket.instance > 1) continue;
    const MaybeDay began = Began(docket);
    if (began && *began >= from) first = Earlier(first, began);
  }
  return first;
}

// The rule's figures for the docket's procedure.
Count ByProcedure(const LimitMaker& maker, v1::LimitKind kind,
                  absl::CivilDay governed, const Docket& docket) {
  const v1::LimitRule* rule = maker.rules.LimitFor(kind, governed);
  if (rule == nullptr) return {};
  if (docket.procedure == v1::SIMPLIFIED && rule->simplified_length() > 0) {
    return {rule->simplified_length(), rule->simplified_unit()};
  }
  return {rule->length(), rule->unit()};
}

// Figures for an applicant who was not told of right and limit (ARL 20(3)).
Count ByTelling(const LimitMaker& maker, v1::LimitKind kind,
                absl::CivilDay governed, bool told) {
  const v1::LimitRule* rule = maker.rules.LimitFor(kind, governed);
  if (rule == nullptr || told || rule->untold_length() == 0) return {};
  return {rule->untold_length(), rule->untold_unit()};
}

// Whether the law of the day sends who is refused to review first (ARL
// 23(1)(4), since 2024).
bool RefusalsGoToReviewFirst(const Rulebook& rules, absl::CivilDay day) {
  const v1::OutcomeRule* rule = rules.OutcomeFor(v1::REFUSED, day);
  return rule != nullptr && rule->remedy() == v1::REVIEW_FIRST;
}

// T15 and T22: what the reply opens to the applicant. Taking one way closes
// the other for the time being.
void AddAfterReply(LimitMaker& maker) {
  const auto& reply = maker.facts.reply;
  if (!reply || !reply->served) return;
  const absl::CivilDay served = *reply->served;
  const MaybeDay review =
      FirstApplied(maker.facts, v1::ADMINISTRATIVE_REVIEW, reply->dispatched);
  const MaybeDay suit =
      FirstApplied(maker.facts, v1::LAWSUIT, reply->dispatched);
  const bool told = reply->told_of_remedies;
  maker.Add(v1::REVIEW_APPLICATION, 1, served, served,
            ByTelling(maker, v1::REVIEW_APPLICATION, served, told),
            {review, suit});
  if (reply->review_first && RefusalsGoToReviewFirst(maker.rules, served)) {
    return;
  }
  maker.Add(v1::DIRECT_SUIT, 1, served, served,
            ByTelling(maker, v1::DIRECT_SUIT, served, told), {suit, review});
}

// T23: opened by the end of T5 without reply; a late reply, which opens T15
// and T22 instead, or a review (reading A20) closes it.
void AddAfterSilence(LimitMaker& maker, const Limit* reply) {
  if (reply == nullptr || !reply->due) return;
  if (reply->state != v1::MISSED && reply->state != v1::MET_LATE) return;
  const absl::CivilDay start = *reply->due;
  const MaybeDay suit = FirstApplied(maker.facts, v1::LAWSUIT, start + 1);
  const MaybeDay review =
      FirstApplied(maker.facts, v1::ADMINISTRATIVE_REVIEW, start + 1);
  maker.Add(v1::SUIT_FOR_NO_REPLY, 1, start, start, {},
            {suit, Earlier(review, reply->ended)});
}

// T16; returns the day of acceptance. Silence is acceptance on the last day
// (ARL 30).
MaybeDay AddAcceptance(LimitMaker& maker, int ordinal, const Docket& docket) {
  if (!docket.applied) return docket.accepted;
  const Limit* limit = maker.Add(
      v1::REVIEW_ACCEPTANCE, ordinal, *docket.applied, *docket.applied, {},
      {Earlier(docket.accepted, docket.decided), std::nullopt});
  if (docket.accepted || docket.decided || limit == nullptr) {
    return docket.accepted;
  }
  return limit->state == v1::VOID ? limit->due : MaybeDay();
}

// T19; returns the day on which the review ended without a decision, if it
// did.
MaybeDay AddDecision(LimitMaker& maker, int ordinal, const Docket& docket,
                     absl::CivilDay accepted) {
  Count count = ByProcedure(maker, v1::REVIEW_DECISION, accepted, docket);
  if (count.length > 0) count.length += docket.extended_days;
  const Limit* limit =
      maker.Add(v1::REVIEW_DECISION, ordinal, accepted, accepted, count,
                {docket.decided, std::nullopt});
  if (limit == nullptr || limit->state != v1::MISSED) return std::nullopt;
  return limit->due;
}

// T21. A review withdrawn or settled leaves nothing to sue upon.
void AddSuitAfterReview(LimitMaker& maker, int ordinal, const Docket& docket,
                        MaybeDay undecided) {
  if (docket.result == v1::WITHDRAWN_OR_ENDED ||
      docket.result == v1::MEDIATED) {
    return;
  }
  const MaybeDay start =
      docket.decision_received ? docket.decision_received : undecided;
  if (!start) return;
  maker.Add(v1::SUIT_AFTER_REVIEW, ordinal, *start, *start, {},
            {FirstApplied(maker.facts, v1::LAWSUIT, *start), std::nullopt});
}

void AddReview(LimitMaker& maker, int ordinal, const Docket& docket) {
  const MaybeDay accepted = AddAcceptance(maker, ordinal, docket);
  MaybeDay undecided;
  if (accepted) {
    maker.Add(v1::REVIEW_COPY, ordinal, *accepted, *accepted,
              ByProcedure(maker, v1::REVIEW_COPY, *accepted, docket),
              {docket.copy_received, docket.decided});
    undecided = AddDecision(maker, ordinal, docket, *accepted);
  }
  if (docket.copy_received) {
    const absl::CivilDay copy = *docket.copy_received;
    maker.Add(v1::REVIEW_ANSWER, ordinal, copy, copy,
              ByProcedure(maker, v1::REVIEW_ANSWER, copy, docket),
              {docket.answered, docket.decided});
  }
  if (docket.opinion_received) {
    maker.Add(v1::REVIEW_OPINION_REPORT, ordinal, *docket.opinion_received,
              *docket.opinion_received, {},
              {docket.opinion_reported, std::nullopt});
  }
  AddSuitAfterReview(maker, ordinal, docket, undecided);
}

// Who has something to appeal against.
bool AgencyLost(v1::RemedyResult result) {
  return result == v1::CHANGED || result == v1::REVOKED ||
         result == v1::FOUND_UNLAWFUL || result == v1::ORDERED_TO_PERFORM ||
         result == v1::FOUND_VOID;
}

// T26.
void AddAppeal(LimitMaker& maker, int ordinal, const Docket& docket) {
  if (!docket.decision_received || docket.result == v1::WITHDRAWN_OR_ENDED ||
      docket.result == v1::MEDIATED) {
    return;
  }
  const absl::CivilDay start = *docket.decision_received;
  Count count;
  if (const v1::LimitRule* rule = maker.rules.LimitFor(v1::APPEAL, start)) {
    if (docket.by_ruling) count.length = rule->alternative_length();
  }
  Limit* limit = maker.Add(v1::APPEAL, ordinal, start, start, count,
                           {docket.appealed, std::nullopt});
  if (limit != nullptr && AgencyLost(docket.result)) {
    limit->whose = v1::AGENCY_DUTY;
  }
}

// T24 to T27.
void AddLawsuit(LimitMaker& maker, int ordinal, const Docket& docket) {
  if (docket.copy_received) {
    maker.Add(v1::DEFENCE, ordinal, *docket.copy_received,
              *docket.copy_received, {}, {docket.answered, docket.decided});
  }
  if (docket.instance > 1) {
    const MaybeDay start = docket.accepted ? docket.accepted : docket.applied;
    if (start) {
      maker.Add(v1::SECOND_INSTANCE, ordinal, *start, *start, {},
                {docket.decided, std::nullopt});
    }
    return;
  }
  if (docket.accepted) {
    maker.Add(v1::FIRST_INSTANCE, ordinal, *docket.accepted, *docket.accepted,
              ByProcedure(maker, v1::FIRST_INSTANCE, *docket.accepted, docket),
              {docket.decided, std::nullopt});
  }
  AddAppeal(maker, ordinal, docket);
}

// T28. The order's own figure goes before the rule's.
void AddOrder(LimitMaker& maker, int ordinal, const Docket& docket) {
  if (!docket.ordered_from) return;
  const absl::CivilDay start = *docket.ordered_from;
  const v1::LimitRule* rule =
      maker.rules.LimitFor(v1::ORDERED_DISCLOSURE, start);
  if (rule == nullptr) return;
  if (docket.ordered_working_days == 0 && rule->length() == 0) return;
  maker.Add(v1::ORDERED_DISCLOSURE, ordinal, start, start,
            {docket.ordered_working_days, v1::LIMIT_UNIT_UNSPECIFIED},
            {docket.ordered_done, std::nullopt});
}

}  // namespace

void AddRemedyLimits(LimitMaker& maker, const Limit* reply) {
  AddAfterReply(maker);
  AddAfterSilence(maker, reply);
  int ordinal = 0;
  for (const Docket& docket : maker.facts.dockets) {
    ++ordinal;
    if (docket.kind == v1::ADMINISTRATIVE_REVIEW) {
      AddReview(maker, ordinal, docket);
    } else if (docket.kind == v1::LAWSUIT) {
      AddLawsuit(maker, ordinal, docket);
    }
    AddOrder(maker, ordinal, docket);
  }
}

}  // namespace gongkai::law
