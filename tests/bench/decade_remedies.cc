// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/decade_remedies.h"

#include "absl/strings/str_cat.h"
#include "services/base/dates.h"

namespace gongkai::bench {
namespace {

constexpr char kLitigator[] = "fa";

class Dockets {
 public:
  Dockets(Dice& dice, const law::Calendar& calendar, absl::CivilDay day,
          std::vector<PlannedAct>& acts)
      : dice_(dice), calendar_(calendar), day_(day), acts_(acts) {}

  void Complain() {
    Open(v1::COMPLAINT, "上级政府信息公开工作主管部门");
    Decide(20, 40,
           dice_.In(1, 3) ? v1::CORRECTION_ORDERED : v1::COMPLAINT_REJECTED);
  }

  void Review() {
    Open(v1::ADMINISTRATIVE_REVIEW, "市人民政府");
    Answer();
    if (!Decide(45, 80, Result())) return;
    // Who loses a review goes to court in a quarter of the cases.
    if (result_ == v1::UPHELD && dice_.In(1, 4)) {
      day_ += 12;
      Sue();
    }
  }

  void Sue() {
    Open(v1::LAWSUIT, "铁路运输法院");
    Answer();
    if (!Decide(90, 190, Result())) return;
    if (dice_.In(35, 100)) Appeal();
  }

 private:
  v1::Act& Next() {
    acts_.push_back({day_, kLitigator, v1::ROLE_LEGAL_REVIEWER, {}});
    return acts_.back().act;
  }

  v1::RemedyResult Result() {
    return dice_.Of(std::vector<std::pair<v1::RemedyResult, int>>{
        {v1::UPHELD, 45},
        {v1::CLAIM_DISMISSED, 15},
        {v1::REVOKED, 7},
        {v1::FOUND_UNLAWFUL, 5},
        {v1::ORDERED_TO_PERFORM, 3},
        {v1::CHANGED, 1},
        {v1::INADMISSIBLE, 12},
        {v1::WITHDRAWN_OR_ENDED, 12}});
  }

  void Open(v1::RemedyKind kind, const char* organ) {
    docket_ = ++dockets_;
    v1::RemedyDocket& docket = *Next().mutable_open_remedy();
    docket.set_kind(kind);
    docket.set_organ(organ);
  }

  void Answer() {
    day_ = calendar_.AddWorkdays(day_, 4 + dice_.Below(5)).day;
    Next().mutable_answer_remedy()->set_docket(docket_);
  }

  // False when it never ends.
  bool Decide(int from, int to, v1::RemedyResult result) {
    if (dice_.In(2, 100)) return false;
    day_ += from + dice_.Below(to - from);
    result_ = result;
    v1::RemedyDecision& decision = *Next().mutable_decide_remedy();
    decision.set_docket(docket_);
    decision.set_result(result);
    // Decided some days before it came.
    decision.set_decided_date(FormatDay(day_ - dice_.Below(6)));
    const bool lost = result == v1::REVOKED || result == v1::FOUND_UNLAWFUL ||
                      result == v1::ORDERED_TO_PERFORM ||
                      result == v1::CHANGED || result == v1::CORRECTION_ORDERED;
    if (lost && dice_.In(7, 10)) PutRight();
    return true;
  }

  void PutRight() {
    const absl::CivilDay present = day_;
    day_ += 10 + dice_.Below(20);
    v1::Rectification& done = *Next().mutable_record_rectification();
    done.set_docket(docket_);
    done.set_measures("通报处室，修订答复口径。");
    day_ = present;
  }

  void Appeal() {
    day_ += 12;
    v1::RemedyAppeal& appeal = *Next().mutable_appeal_remedy();
    appeal.set_docket(docket_);
    appeal.set_organ("中级人民法院");
    docket_ = ++dockets_;
    Decide(60, 110, dice_.In(9, 10) ? v1::UPHELD : v1::REVOKED);
  }

  Dice& dice_;
  const law::Calendar& calendar_;
  absl::CivilDay day_;
  std::vector<PlannedAct>& acts_;
  int docket_ = 0;
  int dockets_ = 0;
  v1::RemedyResult result_ = v1::REMEDY_RESULT_UNSPECIFIED;
};

}  // namespace

void WriteRemedies(Dice& dice, const law::Calendar& calendar,
                   absl::CivilDay day, std::vector<PlannedAct>& acts) {
  Dockets dockets(dice, calendar, day + 5 + dice.Below(45), acts);
  const int kind = dice.Below(1000);
  if (kind < 2) {
    dockets.Complain();
  } else if (kind < 16) {
    dockets.Review();
  } else if (kind < 24) {
    dockets.Sue();
  }
}

bool HasOpenDocket(const std::vector<PlannedAct>& acts) {
  int open = 0;
  for (const PlannedAct& one : acts) {
    open += one.act.has_open_remedy() || one.act.has_appeal_remedy() ? 1 : 0;
    open -= one.act.has_decide_remedy() ? 1 : 0;
  }
  return open > 0;
}

}  // namespace gongkai::bench
