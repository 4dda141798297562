// SPDX-License-Identifier: Apache-2.0
// Conditions on the destruction of personal text: PIPL 19 and 47, and what the
// reply, a remedy and the archives still need of it.
#include <algorithm>

#include "absl/strings/str_format.h"
#include "services/base/dates.h"
#include "services/base/refusal.h"
#include "services/casework/erasure.h"
#include "services/casework/guards.h"

namespace gongkai::casework::guards {
namespace {

// Refuses with a last day that no limit of the case decides.
absl::Status StillKept(const Matter& m, std::string_view wanted,
                       law::MaybeDay last) {
  v1::Refusal refusal;
  refusal.set_reason(v1::RETENTION_RUNNING);
  refusal.set_phase(m.before.phase);
  refusal.set_wanted(std::string(wanted));
  if (last) refusal.set_due_date(FormatDay(*last));
  return Refuse(refusal);
}

}  // namespace

absl::Status NotOnLegalHold(const Matter& m) {
  if (!m.before.legal_hold) return absl::OkStatus();
  return RefuseMatter(m, v1::ON_LEGAL_HOLD);
}

absl::Status AnErasureIsProposed(const Matter& m) {
  if (!m.before.erasures_asked.empty()) return absl::OkStatus();
  return RefuseMatter(m, v1::NO_ERASURE_PROPOSED);
}

absl::Status ProposalAwaitsDecision(const Matter& m) {
  const ErasureAsk* ask = ProposalOf(m);
  if (ask == nullptr) {
    return RefuseContent(m, v1::NO_ERASURE_PROPOSED, "act.erase.proposal",
                         "the number of a proposal not yet decided",
                         absl::StrFormat("%d", m.act.erase().proposal()));
  }
  if (m.occurred >= ask->day) return absl::OkStatus();
  return RefuseContent(m, v1::DATE_BEFORE_PREVIOUS, "occurred_date",
                       "a day not before the proposal, " + FormatDay(ask->day),
                       FormatDay(m.occurred));
}

absl::Status DeciderIsNotProposer(const Matter& m) {
  const ErasureAsk* ask = ProposalOf(m);
  if (ask != nullptr && ask->person != m.actor.person()) {
    return absl::OkStatus();
  }
  return RefuseMatter(m, v1::ERASURE_BY_PROPOSER);
}

absl::Status NamedEventsExist(const Matter& m) {
  for (const int64_t seq : m.act.propose_erasure().events()) {
    if (seq >= 1 && seq <= m.before.version) continue;
    return RefuseContent(m, v1::NOTHING_TO_ERASE, "act.propose_erasure.events",
                         absl::StrFormat("records 1 to %d", m.before.version),
                         absl::StrFormat("%d", seq));
  }
  return absl::OkStatus();
}

absl::Status SomethingIsLeftToErase(const Matter& m) {
  const auto plan = PlanOf(m);
  if (plan && !plan->events.empty()) return absl::OkStatus();
  return RefuseMatter(m, v1::NOTHING_TO_ERASE);
}

absl::Status ReplyIsServedIfItIsMadeOfThem(const Matter& m) {
  if (m.before.phase >= v1::SERVED) return absl::OkStatus();
  const auto plan = PlanOf(m);
  if (plan && !CarryReply(m.before, m.history, plan->events)) {
    return absl::OkStatus();
  }
  return RefuseMatter(m, v1::NEEDED_FOR_REPLY);
}

absl::Status NoRemedyOpenUnlessOrdered(const Matter& m) {
  const auto plan = PlanOf(m);
  // Whoever may order it has weighed what the remedy needs.
  if (plan && plan->basis == v1::ORDERED) return absl::OkStatus();
  return NoRemedyOpen(m);
}

absl::Status RetentionIsOverIfThatIsTheBasis(const Matter& m) {
  const auto plan = PlanOf(m);
  if (plan && plan->basis != v1::RETENTION_OVER) return absl::OkStatus();
  const Case& c = m.before;
  if (c.phase != v1::ARCHIVED || !c.facts.archived) {
    return StillKept(m, "an archived file", std::nullopt);
  }
  const law::MaybeDay last = KeptUntil(c.retention, *c.facts.archived);
  if (!last) return StillKept(m, "a file not kept for good", std::nullopt);
  if (m.occurred > *last) return absl::OkStatus();
  return StillKept(m, "a day after " + FormatDay(*last), last);
}

absl::Status ApplicationIsNotErased(const Matter& m) {
  if (!IsErased(m.before, 1)) return absl::OkStatus();
  return RefuseMatter(m, v1::TEXT_ERASED);
}

absl::Status MendBringsNoErasedTextBack(const Matter& m) {
  const v1::Mend& mend = m.act.mend_record();
  if (mend.text().empty() || !IsErased(m.before, mend.event_seq())) {
    return absl::OkStatus();
  }
  return RefuseMatter(m, v1::TEXT_ERASED);
}

}  // namespace gongkai::casework::guards
