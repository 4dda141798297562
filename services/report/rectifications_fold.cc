// SPDX-License-Identifier: Apache-2.0
// Each correction or loss with what was ordered and put right (以案促改台账).
#include <algorithm>
#include <tuple>

#include "absl/strings/str_cat.h"
#include "services/base/dates.h"
#include "services/report/dockets.h"
#include "services/report/folds.h"
#include "services/report/table_maker.h"
#include "services/report/words.h"

namespace gongkai::report {
namespace {

// One reply that was corrected.
struct Corrected {
  std::string agency;
  std::string number;
  std::string department;
  std::string officer;
  v1::Outcome outcome = v1::OUTCOME_UNSPECIFIED;
  std::vector<v1::Ground> grounds;
  v1::RemedyKind kind = v1::REMEDY_KIND_UNSPECIFIED;
  int docket = 0;
  std::string docket_number;
  absl::CivilDay decided;
  v1::RemedyResult result = v1::REMEDY_RESULT_UNSPECIFIED;
  int ordered_days = 0;
  law::MaybeDay ordered_due;
  law::MaybeDay report_due;
  law::MaybeDay done;
  int late_by = 0;
  std::string sub_case;
  bool rectified = false;
};

// What events alone tell: the facts forget an order that a sub-case took over.
void ReadEvents(const FoldedCase& folded, const Remedy& remedy, int decisive,
                Corrected& corrected) {
  ForEachPast(folded, [&](const casework::PastEvent& past) {
    const v1::Event& e = past.event;
    if (e.has_remedy_decided() && e.remedy_decided().docket() == decisive) {
      corrected.ordered_days = e.remedy_decided().ordered_working_days();
    } else if (e.has_reopened() && e.reopened().docket() != 0 &&
               (e.reopened().docket() == remedy.docket ||
                e.reopened().docket() == remedy.appeal)) {
      corrected.sub_case = e.reopened().sub_case();
    } else if (e.has_rectification_recorded() && !corrected.done &&
               (e.rectification_recorded().docket() == remedy.docket ||
                e.rectification_recorded().docket() == remedy.appeal)) {
      corrected.done = DayOf(e.occurred_date());
    }
  });
}

// The last days of what was ordered, and how late it is or was done.
void ReadLimits(const FoldedCase& folded, int decisive, Corrected& corrected) {
  for (const v1::LimitKind kind :
       {v1::ORDERED_DISCLOSURE, v1::REVIEW_OPINION_REPORT}) {
    const law::Limit* limit = law::FindLimit(folded.limits, kind, decisive);
    if (limit == nullptr) continue;
    (kind == v1::ORDERED_DISCLOSURE ? corrected.ordered_due
                                    : corrected.report_due) = limit->due;
    corrected.late_by = std::max(corrected.late_by, limit->late_by);
  }
}

Corrected CorrectedOf(const FoldedCase& folded, const Remedy& remedy,
                      const RemedyState& state) {
  Corrected corrected;
  corrected.agency = folded.agency;
  corrected.number = folded.c.number;
  corrected.department = folded.c.department;
  corrected.officer = folded.c.officer;
  corrected.outcome = folded.c.outcome;
  corrected.grounds = folded.c.grounds;
  corrected.kind = remedy.kind;
  corrected.docket = state.decisive;
  const size_t i = static_cast<size_t>(state.decisive) - 1;
  if (i < folded.c.docket_numbers.size()) {
    corrected.docket_number = folded.c.docket_numbers[i];
  }
  corrected.decided = *state.concluded;
  corrected.result = state.result;
  corrected.rectified = IsRectified(folded.c, remedy);
  ReadEvents(folded, remedy, state.decisive, corrected);
  ReadLimits(folded, state.decisive, corrected);
  return corrected;
}

class RectificationsFold : public Fold {
 public:
  explicit RectificationsFold(const FoldFrame& frame)
      : frame_(frame), end_(frame.period.EndBy(frame.today)) {}

  void Add(const FoldedCase& folded) override {
    for (const Remedy& remedy : RemediesOf(folded.c)) {
      const RemedyState state = StateOf(folded.c, remedy, end_);
      if (!frame_.period.Has(state.concluded)) continue;
      if (CellOf(state.result) != kCorrectedCell) continue;
      all_.push_back(CorrectedOf(folded, remedy, state));
    }
  }

  std::vector<v1::Table> Tables() override {
    std::sort(all_.begin(), all_.end(),
              [](const Corrected& a, const Corrected& b) {
                return std::tie(a.agency, a.decided, a.number, a.docket) <
                       std::tie(b.agency, b.decided, b.number, b.docket);
              });
    return {List(), Summary()};
  }

 private:
  v1::Table List() const {
    TableMaker table("rectifications", "以案促改台账",
                     "Corrections and what was put right", frame_.locale);
    table.Text("agency", "机关", "agency")
        .Text("number", "案号", "case")
        .Text("department", "承办部门", "department")
        .Text("officer", "经办人", "officer")
        .Text("outcome", "答复类型", "outcome of the reply")
        .Text("grounds", "事由", "grounds")
        .Text("remedy", "救济途径", "remedy")
        .Number("docket", "序号", "docket")
        .Text("docket_number", "文号", "docket number")
        .Day("decided_date", "收到决定日期", "decision received")
        .Text("result", "结果", "result")
        .Number("ordered_working_days", "责令期限（工作日）",
                "ordered, working days")
        .Day("ordered_due_date", "责令期限届满", "ordered by")
        .Day("report_due_date", "意见书反馈期限", "report due")
        .Text("sub_case", "重新办理案号", "taken up as")
        .Text("rectified", "已整改", "put right")
        .Day("done_date", "整改日期", "put right on")
        .Number("late_by", "逾期", "late by")
        .Note("依据：REG 47、53；ARL 64、66、76、77；ALL 70、72、96。",
              "Basis: REG 47, 53; ARL 64, 66, 76, 77; ALL 70, 72, 96.")
        .Note(
            "重新办理的，责令期限在新案中计算。",
            "Where a sub-case took the matter up, the ordered days run in it.");
    for (const Corrected& one : all_) Row(one, table.Row());
    return table.Done();
  }

  void Row(const Corrected& one, RowMaker row) const {
    row.Text(one.agency)
        .Text(one.number)
        .Text(one.department)
        .Text(one.officer)
        .Text(TermOf(one.outcome, frame_.locale))
        .Text(TermsOf(one.grounds, frame_.locale))
        .Text(TermOf(one.kind, frame_.locale))
        .Number(one.docket)
        .Text(one.docket_number)
        .Day(one.decided)
        .Text(TermOf(one.result, frame_.locale))
        .Number(one.ordered_days)
        .Day(one.ordered_due)
        .Day(one.report_due)
        .Text(one.sub_case)
        .Text(one.rectified ? Say(frame_.locale, "是", "yes")
                            : Say(frame_.locale, "否", "no"))
        .Day(one.done)
        .Number(one.late_by);
  }

  v1::Table Summary() const {
    int64_t put_right = 0;
    int64_t late = 0;
    for (const Corrected& one : all_) {
      if (one.rectified) ++put_right;
      if (one.late_by > 0) ++late;
    }
    const auto total = static_cast<int64_t>(all_.size());
    TableMaker table("rectification_summary", "以案促改统计",
                     "How much was put right", frame_.locale);
    table.Number("corrected", "被纠正", "corrected")
        .Number("rectified", "已整改", "put right")
        .Number("outstanding", "未整改", "outstanding")
        .Number("late", "逾期", "late")
        .Share("rectified_rate", "整改率", "share put right")
        .Note("整改率 = 已整改 ÷ 被纠正。",
              "Share put right = put right / corrected.");
    table.Row()
        .Number(total)
        .Number(put_right)
        .Number(total - put_right)
        .Number(late)
        .Share(put_right, total);
    return table.Done();
  }

  FoldFrame frame_;
  absl::CivilDay end_;
  std::vector<Corrected> all_;
};

}  // namespace

std::unique_ptr<Fold> NewRectificationsFold(const FoldFrame& frame) {
  return std::make_unique<RectificationsFold>(frame);
}

}  // namespace gongkai::report
