// SPDX-License-Identifier: Apache-2.0
// Rates of correction and loss (纠错率、败诉率), with what they are made of.
#include <map>
#include <utility>

#include "services/report/dockets.h"
#include "services/report/folds.h"
#include "services/report/table_maker.h"
#include "services/report/words.h"

namespace gongkai::report {
namespace {

// How reviews, lawsuits or complaints of one line ended in the period.
struct Ended {
  int64_t concluded = 0;
  int64_t upheld = 0;
  int64_t corrected = 0;
  int64_t other = 0;
  int64_t pending = 0;
  // Reviews: ended by a decision on the merits; the four ways of direct
  // correction among them; corrected after mediation or withdrawal.
  int64_t decided = 0;
  int64_t direct = 0;
  int64_t after_settling = 0;
  int64_t inadmissible = 0;
  // Lawsuits: first instances that ended, and were lost.
  int64_t first_instances = 0;
  int64_t lost = 0;
  int64_t direct_suits = 0;
};

void Count(int cell, Ended& ended) {
  if (cell == kPendingCell) {
    ++ended.pending;
    return;
  }
  ++ended.concluded;
  if (cell == kUpheldCell) ++ended.upheld;
  if (cell == kCorrectedCell) ++ended.corrected;
  if (cell == kOtherCell) ++ended.other;
}

// Changed, revoked, found unlawful, ordered to perform: 直接纠错.
bool IsDirect(v1::RemedyResult result) {
  return result == v1::CHANGED || result == v1::REVOKED ||
         result == v1::FOUND_UNLAWFUL || result == v1::ORDERED_TO_PERFORM;
}

bool IsSettled(v1::RemedyResult result) {
  return result == v1::MEDIATED || result == v1::WITHDRAWN_OR_ENDED;
}

void CountReview(const casework::Case& c, const Remedy& remedy,
                 const RemedyState& state, Ended& ended) {
  if (!state.concluded) return;
  const int cell = CellOf(state.result);
  if (cell == kUpheldCell || cell == kCorrectedCell) ++ended.decided;
  if (IsDirect(state.result)) ++ended.direct;
  if (state.result == v1::INADMISSIBLE) ++ended.inadmissible;
  if (IsSettled(state.result) && IsRectified(c, remedy)) ++ended.after_settling;
}

using Lines = std::map<GroupKey, Ended>;

class RemediesFold : public Fold {
 public:
  explicit RemediesFold(const FoldFrame& frame)
      : frame_(frame), end_(frame.period.EndBy(frame.today)) {}

  void Add(const FoldedCase& folded) override {
    for (const Remedy& remedy : RemediesOf(folded.c)) {
      AddRemedy(folded, remedy);
      if (remedy.kind == v1::LAWSUIT) AddFirstInstance(folded, remedy);
    }
  }

  std::vector<v1::Table> Tables() override {
    return {ReviewTable(), SuitTable(), ComplaintTable()};
  }

 private:
  Lines& LinesOf(v1::RemedyKind kind) {
    if (kind == v1::ADMINISTRATIVE_REVIEW) return reviews_;
    return kind == v1::LAWSUIT ? suits_ : complaints_;
  }

  // Every line in which the case counts, and the total.
  template <typename F>
  void ForEachLine(const FoldedCase& folded, Lines& lines, absl::CivilDay day,
                   const F& f) {
    for (const GroupKey& key :
         GroupsOf(frame_.grouping, folded, day, frame_.locale)) {
      f(lines[key]);
    }
    f(lines[TotalKey(frame_.locale)]);
  }

  void AddRemedy(const FoldedCase& folded, const Remedy& remedy) {
    const RemedyState state = StateOf(folded.c, remedy, end_);
    if (!state.opened) return;
    if (state.concluded && !frame_.period.Has(state.concluded)) return;
    const int cell = state.concluded ? CellOf(state.result) : kPendingCell;
    ForEachLine(folded, LinesOf(remedy.kind), state.concluded.value_or(end_),
                [&](Ended& ended) {
                  Count(cell, ended);
                  CountReview(folded.c, remedy, state, ended);
                });
  }

  void AddFirstInstance(const FoldedCase& folded, const Remedy& remedy) {
    Remedy first = remedy;
    first.appeal = 0;
    const RemedyState state = StateOf(folded.c, first, end_);
    if (!state.concluded || !frame_.period.Has(state.concluded)) return;
    ForEachLine(folded, suits_, *state.concluded, [&](Ended& ended) {
      ++ended.first_instances;
      if (CellOf(state.result) == kCorrectedCell) ++ended.lost;
      if (remedy.group == kDirectSuitGroup) ++ended.direct_suits;
    });
  }

  void AddGroupColumn(TableMaker& table) const {
    const std::string heading = GroupingHeading(frame_.grouping, frame_.locale);
    table.Text("group", heading, heading);
  }

  void AddCommonNotes(TableMaker& table) const {
    table.Note("按机关收到决定、裁判之日计入期间；尚未审结数为期末数。",
               "Counted by the day on which the agency received the decision; "
               "pending as of the end of the period.");
    if (frame_.grouping == v1::RunReportRequest::BY_GROUND) {
      table.Note("一件有多项事由的，各计一次，合计只计一次。",
                 "A case with several grounds counts under each; the total "
                 "counts it once.");
    }
  }

  v1::Table ReviewTable() const {
    TableMaker table("review_rates", "行政复议纠错率",
                     "Reviews and their rate of correction", frame_.locale);
    AddGroupColumn(table);
    table.Number("concluded", "审结", "concluded")
        .Number("decided", "作出复议决定", "ended by a decision")
        .Number("upheld", "结果维持", "upheld")
        .Number("corrected", "结果纠正", "corrected")
        .Number("other", "其他结果", "ended otherwise")
        .Number("pending", "尚未审结", "pending")
        .Number("directly_corrected", "直接纠错", "directly corrected")
        .Share("correction_rate", "纠错率", "rate of correction")
        .Share("return_rate", "年报口径纠正率", "share by the annual return")
        .Number("broadly_corrected", "综合纠错", "corrected, broadly")
        .Share("broad_rate", "综合纠错率", "broad rate of correction")
        .Note(
            "纠错率（直接纠错率）= 直接纠错 ÷ 作出复议决定；直接纠错为变更、撤"
            "销、确认违法、责令履行；分母为受理后以决定审结的，不含不予受理、"
            "驳回申请、终止和调解。",
            "Rate of correction (直接纠错率) = directly corrected / ended by a "
            "decision: changed, revoked, found unlawful or ordered to perform, "
            "of those accepted and ended by a decision; inadmissible, ended "
            "and mediated ones are not among them.")
        .Note("年报口径纠正率 = 结果纠正 ÷ 审结（总计减尚未审结，FMT 表四）。",
              "Share by the annual return = corrected / concluded (total less "
              "pending, FMT table 4).")
        .Note(
            "综合纠错 = 直接纠错加上调解、撤回后已整改的；综合纠错率的分母为受"
            "理后审结的（审结减不予受理、驳回申请）。",
            "Corrected, broadly = directly corrected, and put right after "
            "mediation or withdrawal; of those accepted and concluded "
            "(concluded less inadmissible).");
    AddCommonNotes(table);
    for (const auto& [key, e] : reviews_) {
      const int64_t broad = e.direct + e.after_settling;
      table.Row()
          .Text(key.label)
          .Number(e.concluded)
          .Number(e.decided)
          .Number(e.upheld)
          .Number(e.corrected)
          .Number(e.other)
          .Number(e.pending)
          .Number(e.direct)
          .Share(e.direct, e.decided)
          .Share(e.corrected, e.concluded)
          .Number(broad)
          .Share(broad, e.concluded - e.inadmissible);
    }
    return table.Done();
  }

  v1::Table SuitTable() const {
    TableMaker table("suit_rates", "行政诉讼败诉率",
                     "Lawsuits and their rate of loss", frame_.locale);
    AddGroupColumn(table);
    table.Number("first_instances", "一审审结", "first instances concluded")
        .Number("direct_suits", "其中未经复议直接起诉", "of them direct suits")
        .Number("lost", "一审败诉", "lost in first instance")
        .Share("loss_rate", "败诉率", "rate of loss")
        .Number("concluded", "终局审结", "suits concluded")
        .Number("upheld", "结果维持", "upheld")
        .Number("corrected", "结果纠正", "corrected")
        .Number("other", "其他结果", "ended otherwise")
        .Number("pending", "尚未审结", "pending")
        .Share("return_rate", "年报口径纠正率", "share by the annual return")
        .Note(
            "败诉率 = 一审败诉 ÷ 一审审结；败诉为全部或部分撤销、变更、确认违"
            "法、确认无效、责令履行。",
            "Rate of loss = lost / concluded in first instance: revoked, "
            "changed, found unlawful or void, or ordered to perform, in whole "
            "or in part.")
        .Note(
            "终局审结按一件诉讼计，二审为准，上诉未结的为尚未审结；年报口径纠正"
            "率 = 结果纠正 ÷ 终局审结（FMT 表四）。",
            "A suit and its appeal are one, the second instance decides, an "
            "open appeal is pending; share by the annual return = corrected / "
            "suits concluded (FMT table 4).");
    AddCommonNotes(table);
    for (const auto& [key, e] : suits_) {
      table.Row()
          .Text(key.label)
          .Number(e.first_instances)
          .Number(e.direct_suits)
          .Number(e.lost)
          .Share(e.lost, e.first_instances)
          .Number(e.concluded)
          .Number(e.upheld)
          .Number(e.corrected)
          .Number(e.other)
          .Number(e.pending)
          .Share(e.corrected, e.concluded);
    }
    return table.Done();
  }

  v1::Table ComplaintTable() const {
    TableMaker table("complaints", "监督投诉", "Complaints", frame_.locale);
    AddGroupColumn(table);
    table.Number("concluded", "办结", "concluded")
        .Number("corrected", "责令改正", "correction ordered")
        .Number("rejected", "投诉不成立", "rejected")
        .Number("other", "其他结果", "ended otherwise")
        .Number("pending", "尚未办结", "pending")
        .Share("justified_rate", "责令改正率", "share justified")
        .Note(
            "责令改正率 = 责令改正 ÷ 办结（REG 47、51、53）；不计入年度报告表"
            "四。",
            "Share justified = correction ordered / concluded (REG 47, 51, "
            "53); not counted in table 4 of the annual return.");
    AddCommonNotes(table);
    for (const auto& [key, e] : complaints_) {
      table.Row()
          .Text(key.label)
          .Number(e.concluded)
          .Number(e.corrected)
          .Number(e.upheld)
          .Number(e.other)
          .Number(e.pending)
          .Share(e.corrected, e.concluded);
    }
    return table.Done();
  }

  FoldFrame frame_;
  absl::CivilDay end_;
  Lines reviews_;
  Lines suits_;
  Lines complaints_;
};

}  // namespace

std::unique_ptr<Fold> NewRemediesFold(const FoldFrame& frame) {
  return std::make_unique<RemediesFold>(frame);
}

}  // namespace gongkai::report
