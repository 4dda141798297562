// SPDX-License-Identifier: Apache-2.0
#include "services/report/dockets.h"

#include <set>
#include <utility>

namespace gongkai::report {
namespace {

using law::Docket;

const Docket& At(const casework::Case& c, int ordinal) {
  return c.facts.dockets[static_cast<size_t>(ordinal) - 1];
}

// The second instance of the suit `first`: the one that began when it was
// appealed, else the next that belongs to no other.
int AppealOf(const casework::Case& c, int first, const std::set<int>& taken) {
  const int count = static_cast<int>(c.facts.dockets.size());
  int next = 0;
  for (int i = first + 1; i <= count; ++i) {
    const Docket& docket = At(c, i);
    if (docket.kind != v1::LAWSUIT || docket.instance < 2 ||
        taken.contains(i)) {
      continue;
    }
    if (At(c, first).appealed && docket.accepted == At(c, first).appealed) {
      return i;
    }
    if (next == 0) next = i;
  }
  return next;
}

// Whether an appeal was lodged, as far as the docket itself says.
bool MayHaveAppeal(const casework::Case& c, int first) {
  const int next = first + 1;
  if (At(c, first).appealed) return true;
  // Of an earlier register only the order of the dockets tells.
  return next <= static_cast<int>(c.facts.dockets.size()) &&
         At(c, next).kind == v1::LAWSUIT && At(c, next).instance > 1;
}

int GroupOf(const casework::Case& c, int ordinal) {
  const Docket& docket = At(c, ordinal);
  if (docket.kind == v1::ADMINISTRATIVE_REVIEW) return kReviewGroup;
  if (docket.kind != v1::LAWSUIT) return 0;
  for (int i = 1; i < ordinal; ++i) {
    if (At(c, i).kind == v1::ADMINISTRATIVE_REVIEW) {
      return kSuitAfterReviewGroup;
    }
  }
  return kDirectSuitGroup;
}

bool OpenedBy(const Docket& docket, absl::CivilDay day) {
  const law::MaybeDay opened = OpenedDay(docket);
  return opened && *opened <= day;
}

// What was known by the end of `day` of how one instance ended.
law::MaybeDay ConcludedBy(const Docket& docket, absl::CivilDay day) {
  const law::MaybeDay concluded = ConcludedDay(docket);
  return concluded && *concluded <= day ? concluded : std::nullopt;
}

// An appeal that changes nothing leaves the first judgment standing (ALL 62,
// 89(1)(1)).
bool LeavesFirstStanding(v1::RemedyResult result) {
  return result == v1::UPHELD || result == v1::WITHDRAWN_OR_ENDED;
}

// Whether one of its instances was under way at some time in the year.
bool UnderWayIn(const casework::Case& c, const Remedy& remedy, int year) {
  const absl::CivilDay begin(year, 1, 1);
  const absl::CivilDay end(year, 12, 31);
  for (const int ordinal : {remedy.docket, remedy.appeal}) {
    if (ordinal == 0) continue;
    const Docket& docket = At(c, ordinal);
    if (!OpenedBy(docket, end)) continue;
    if (!ConcludedBy(docket, begin - 1)) return true;
  }
  return false;
}

}  // namespace

law::MaybeDay OpenedDay(const Docket& docket) {
  if (docket.copy_received) return docket.copy_received;
  return docket.accepted ? docket.accepted : docket.applied;
}

law::MaybeDay ConcludedDay(const Docket& docket) {
  return docket.decision_received ? docket.decision_received : docket.decided;
}

int CellOf(v1::RemedyResult result) {
  switch (result) {
    case v1::UPHELD:
    case v1::CLAIM_DISMISSED:
    case v1::COMPLAINT_REJECTED:
      return kUpheldCell;
    case v1::CHANGED:
    case v1::REVOKED:
    case v1::FOUND_UNLAWFUL:
    case v1::ORDERED_TO_PERFORM:
    case v1::FOUND_VOID:
    case v1::CORRECTION_ORDERED:
      return kCorrectedCell;
    case v1::INADMISSIBLE:
    case v1::WITHDRAWN_OR_ENDED:
    case v1::MEDIATED:
      return kOtherCell;
    default:
      return kPendingCell;
  }
}

std::vector<Remedy> RemediesOf(const casework::Case& c) {
  std::vector<Remedy> remedies;
  std::set<int> taken;
  for (int i = 1; i <= static_cast<int>(c.facts.dockets.size()); ++i) {
    if (taken.contains(i)) continue;
    Remedy remedy;
    remedy.docket = i;
    remedy.kind = At(c, i).kind;
    remedy.group = GroupOf(c, i);
    if (remedy.kind == v1::LAWSUIT && At(c, i).instance < 2 &&
        MayHaveAppeal(c, i)) {
      remedy.appeal = AppealOf(c, i, taken);
      if (remedy.appeal != 0) taken.insert(remedy.appeal);
    }
    remedies.push_back(remedy);
  }
  return remedies;
}

RemedyState StateOf(const casework::Case& c, const Remedy& remedy,
                    absl::CivilDay day) {
  RemedyState state;
  const Docket& first = At(c, remedy.docket);
  state.opened = OpenedBy(first, day);
  if (!state.opened) return state;
  law::MaybeDay concluded = ConcludedBy(first, day);
  int decisive = remedy.docket;
  if (remedy.appeal != 0 && OpenedBy(At(c, remedy.appeal), day)) {
    const Docket& second = At(c, remedy.appeal);
    concluded = ConcludedBy(second, day);
    const bool stands =
        LeavesFirstStanding(second.result) && first.decided.has_value();
    if (!stands) decisive = remedy.appeal;
  }
  if (!concluded) return state;
  state.concluded = concluded;
  state.decisive = decisive;
  state.result = At(c, decisive).result;
  return state;
}

bool IsRectified(const casework::Case& c, const Remedy& remedy) {
  for (const int ordinal : {remedy.docket, remedy.appeal}) {
    const size_t i = static_cast<size_t>(ordinal) - 1;
    if (i < c.docket_rectified.size() && c.docket_rectified[i]) return true;
  }
  return false;
}

std::vector<DocketCell> RemedyCells(const casework::Case& c, int year) {
  std::vector<DocketCell> cells;
  for (const Remedy& remedy : RemediesOf(c)) {
    if (remedy.group == 0 || !UnderWayIn(c, remedy, year)) continue;
    const RemedyState state = StateOf(c, remedy, absl::CivilDay(year, 12, 31));
    cells.push_back({remedy.docket, remedy.group,
                     state.concluded ? CellOf(state.result) : kPendingCell});
  }
  return cells;
}

}  // namespace gongkai::report
