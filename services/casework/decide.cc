// SPDX-License-Identifier: Apache-2.0
#include "services/casework/decide.h"

#include "absl/strings/str_format.h"
#include "services/base/dates.h"
#include "services/base/refusal.h"
#include "services/base/status_macros.h"
#include "services/casework/effects.h"
#include "services/casework/guards.h"

namespace gongkai::casework {
namespace {

absl::Status CheckPhase(const Rule& rule, const Matter& m) {
  if (rule.lawful_in.contains(m.before.phase)) return absl::OkStatus();
  v1::Refusal refusal;
  refusal.set_reason(v1::NOT_IN_THIS_PHASE);
  refusal.set_phase(m.before.phase);
  refusal.set_article(std::string(rule.article));
  return Refuse(refusal);
}

absl::Status CheckDates(const Rule& rule, const Matter& m) {
  if (m.occurred > m.today) {
    return guards::RefuseContent(m, v1::DATE_IN_FUTURE, "occurred_date",
                                 "a day not after " + FormatDay(m.today),
                                 FormatDay(m.occurred));
  }
  // What is done aside may be earlier than the main line, but nothing is done
  // to a case before it was received; only tries to reach the applicant go
  // back to its arrival (reading A5).
  const bool from_arrival =
      !m.before.facts.received || rule.act == v1::Act::kLogContact;
  const law::MaybeDay begun =
      from_arrival ? m.before.facts.arrived : m.before.facts.received;
  const law::MaybeDay floor = rule.main_line ? m.before.main_day : begun;
  if (floor && m.occurred < *floor) {
    return guards::RefuseContent(m, v1::DATE_BEFORE_PREVIOUS, "occurred_date",
                                 "a day not before " + FormatDay(*floor),
                                 FormatDay(m.occurred));
  }
  return absl::OkStatus();
}

absl::Status CheckAll(const std::vector<Guard>& guards, const Matter& m) {
  for (const Guard& guard : guards) RETURN_IF_ERROR(guard.holds(m));
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Decision> Decide(const Matter& m) {
  const Rule* rule = RuleFor(m.act.act_case());
  if (rule == nullptr) return Refuse(v1::ACT_MISSING);
  if (!rule->capacities.contains(m.actor.capacity())) {
    return Refuse(v1::CAPACITY_MISSING);
  }
  RETURN_IF_ERROR(CheckPhase(*rule, m));
  RETURN_IF_ERROR(CheckDates(*rule, m));
  RETURN_IF_ERROR(CheckAll(rule->on_case, m));
  RETURN_IF_ERROR(CheckAll(rule->on_content, m));
  return Effects(m);
}

v1::LawfulAct JudgeOpenness(const Rule& rule, const Matter& m,
                            const Capacities& held) {
  v1::LawfulAct judged;
  judged.set_act(std::string(rule.name));
  judged.set_article(std::string(rule.article));
  for (int c = v1::Capacity_MIN; c <= v1::Capacity_MAX; ++c) {
    if (v1::Capacity_IsValid(c) &&
        rule.capacities.contains(static_cast<v1::Capacity>(c))) {
      judged.add_capacities(static_cast<v1::Capacity>(c));
    }
  }
  absl::Status status = absl::OkStatus();
  if ((rule.capacities.bits() & held.bits()) == 0) {
    status = Refuse(v1::CAPACITY_MISSING);
  }
  if (status.ok()) status = CheckPhase(rule, m);
  if (status.ok()) status = CheckDates(rule, m);
  if (status.ok()) status = CheckAll(rule.on_case, m);
  if (!status.ok()) {
    judged.set_openness(v1::CLOSED_NOW);
    judged.set_message(std::string(status.message()));
    if (const auto refusal = RefusalOf(status)) {
      judged.set_reason(refusal->reason());
      if (!refusal->article().empty()) judged.set_article(refusal->article());
    }
    return judged;
  }
  judged.set_openness(rule.on_content.empty() ? v1::OPEN : v1::OPEN_IF);
  for (const Guard& guard : rule.on_content) {
    judged.add_conditions(std::string(guard.name));
  }
  return judged;
}

std::optional<v1::Capacity> CapacityToUse(const v1::Act& act,
                                          const Capacities& held) {
  const Rule* rule = RuleFor(act.act_case());
  if (rule == nullptr) return std::nullopt;
  const auto usable = [&](v1::Capacity c) {
    return held.contains(c) && rule->capacities.contains(c);
  };
  if (act.has_clear_draft()) {
    const v1::Capacity step = act.clear_draft().step() == v1::SECRECY
                                  ? v1::SECRECY_REVIEWER
                                  : v1::LEGAL_REVIEWER;
    if (usable(step)) return step;
  }
  if (act.has_require_correction() &&
      !act.require_correction().override_reason().empty() &&
      usable(v1::SUPERVISOR)) {
    return v1::SUPERVISOR;
  }
  for (int c = v1::Capacity_MIN; c <= v1::Capacity_MAX; ++c) {
    if (v1::Capacity_IsValid(c) && usable(static_cast<v1::Capacity>(c))) {
      return static_cast<v1::Capacity>(c);
    }
  }
  return std::nullopt;
}

}  // namespace gongkai::casework
