// SPDX-License-Identifier: Apache-2.0
// How long the work takes and whether it is in time (办理效能).
#include <algorithm>
#include <map>
#include <utility>

#include "services/base/dates.h"
#include "services/report/advice.h"
#include "services/report/folds.h"
#include "services/report/quantile.h"
#include "services/report/result.h"
#include "services/report/table_maker.h"
#include "services/report/words.h"

namespace gongkai::report {
namespace {

// The steps between two landmarks of a case.
enum Step {
  kReceiptToRegistration,
  kRegistrationToDraft,
  kDraftToSignature,
  kSignatureToDispatch,
  kReceiptToDispatch,
  kDispatchToService,
  kSteps,
};

struct StepWords {
  const char* key;
  const char* zh;
  const char* en;
};
constexpr StepWords kStepWords[kSteps] = {
    {"receipt_to_registration", "收到至登记", "receipt to registration"},
    {"registration_to_draft", "登记至拟稿", "registration to first draft"},
    {"draft_to_signature", "拟稿至签发", "first draft to signature"},
    {"signature_to_dispatch", "签发至寄送", "signature to dispatch"},
    {"receipt_to_dispatch", "收到至寄送（全程）", "receipt to dispatch"},
    {"dispatch_to_service", "寄送至送达", "dispatch to service"},
};

law::MaybeDay FirstDraft(const FoldedCase& folded) {
  law::MaybeDay first;
  ForEachPast(folded, [&first](const casework::PastEvent& past) {
    if (!first && past.event.has_reply_drafted()) {
      first = DayOf(past.event.occurred_date());
    }
  });
  return first;
}

// An earlier register tells no day of registration.
bool IsImported(const FoldedCase& folded) {
  return !folded.past.empty() && folded.past.front().event.has_case_imported();
}

// What is known of one line.
struct Line {
  std::vector<int> days[kSteps];
  int64_t finished = 0;
  int64_t replied = 0;
  int64_t in_time = 0;
  int64_t late = 0;
  int most_late = 0;
  int64_t extended = 0;
  int64_t correction_notices = 0;
  int64_t consulted = 0;
  int64_t registered_in_time = 0;
  int64_t registered_late = 0;
  int64_t challenged = 0;
  int64_t corrected = 0;
};

class PerformanceFold : public Fold {
 public:
  explicit PerformanceFold(const FoldFrame& frame) : frame_(frame) {}

  void Add(const FoldedCase& folded) override {
    const law::MaybeDay finished = FinishedDay(folded.c);
    if (!folded.c.facts.received || !frame_.period.Has(finished)) return;
    const Line one = LineOf(folded);
    for (const GroupKey& key :
         GroupsOf(frame_.grouping, folded, *finished, frame_.locale)) {
      AddLine(one, lines_[key]);
    }
    AddLine(one, lines_[TotalKey(frame_.locale)]);
  }

  std::vector<v1::Table> Tables() override { return {Times(), Shares()}; }

 private:
  static void AddLine(const Line& one, Line& sum) {
    for (int step = 0; step < kSteps; ++step) {
      sum.days[step].insert(sum.days[step].end(), one.days[step].begin(),
                            one.days[step].end());
    }
    sum.finished += one.finished;
    sum.replied += one.replied;
    sum.in_time += one.in_time;
    sum.late += one.late;
    sum.most_late = std::max(sum.most_late, one.most_late);
    sum.extended += one.extended;
    sum.correction_notices += one.correction_notices;
    sum.consulted += one.consulted;
    sum.registered_in_time += one.registered_in_time;
    sum.registered_late += one.registered_late;
    sum.challenged += one.challenged;
    sum.corrected += one.corrected;
  }

  // The line that this case alone would make.
  static Line LineOf(const FoldedCase& folded) {
    const casework::Case& c = folded.c;
    Line line;
    line.finished = 1;
    line.replied = c.facts.reply ? 1 : 0;
    line.extended = c.facts.extension ? 1 : 0;
    line.correction_notices = c.facts.correction ? 1 : 0;
    line.consulted = c.facts.consultations.empty() ? 0 : 1;
    const v1::Stood stood = StoodOf(c);
    line.challenged = stood == v1::UNCHALLENGED ? 0 : 1;
    line.corrected = stood == v1::STOOD_CORRECTED ? 1 : 0;
    SetTimeliness(folded, line);
    SetSteps(folded, line);
    return line;
  }

  static void SetTimeliness(const FoldedCase& folded, Line& line) {
    if (const auto* reply = law::FindLimit(folded.limits, v1::REPLY)) {
      line.in_time = reply->state == v1::MET ? 1 : 0;
      line.late = reply->state == v1::MET_LATE ? 1 : 0;
      line.most_late = reply->state == v1::MET_LATE ? reply->late_by : 0;
    }
    const auto* entry = law::FindLimit(folded.limits, v1::REGISTRATION);
    if (entry != nullptr && !IsImported(folded)) {
      line.registered_in_time = entry->state == v1::MET ? 1 : 0;
      line.registered_late = entry->state == v1::MET_LATE ? 1 : 0;
    }
  }

  static void SetSteps(const FoldedCase& folded, Line& line) {
    const law::Facts& facts = folded.c.facts;
    const law::MaybeDay draft = FirstDraft(folded);
    const law::MaybeDay sent =
        facts.reply ? law::MaybeDay(facts.reply->dispatched) : std::nullopt;
    const law::MaybeDay served =
        facts.reply ? facts.reply->served : std::nullopt;
    const std::pair<law::MaybeDay, law::MaybeDay> ends[kSteps] = {
        {facts.received, facts.registered},
        {facts.registered, draft},
        {draft, folded.c.signed_day},
        {folded.c.signed_day, sent},
        {facts.received, sent},
        {sent, served}};
    for (int step = 0; step < kSteps; ++step) {
      if (step == kReceiptToRegistration && IsImported(folded)) continue;
      const auto& [from, to] = ends[step];
      if (!from || !to || *to < *from) continue;
      line.days[step].push_back(folded.calendar->WorkdaysBetween(*from, *to));
    }
  }

  void AddGroupColumn(TableMaker& table) const {
    const std::string heading = GroupingHeading(frame_.grouping, frame_.locale);
    table.Text("group", heading, heading);
  }

  v1::Table Times() {
    TableMaker table("handling_times", "办理用时（工作日）",
                     "Handling time, working days", frame_.locale);
    AddGroupColumn(table);
    table.Text("step_key", "代码", "key")
        .Text("step", "环节", "step")
        .Number("cases", "件数", "cases")
        .Number("median", "中位数", "median")
        .Number("p90", "第90百分位", "90th percentile")
        .Number("longest", "最长", "longest")
        .Note(
            "从前一事项次日起计算工作日，含征求意见、补正等中止时间；按办结日期"
            "归入期间。",
            "Working days from the day after the earlier landmark, time of "
            "suspension included; by the day handling ended.")
        .Note("分位数按最近秩法：n个值从小到大第⌈p×n⌉个。",
              "Quantiles by nearest rank: of n values in order the one at rank "
              "⌈p × n⌉.");
    for (auto& [key, line] : lines_) {
      for (int step = 0; step < kSteps; ++step) {
        std::vector<int>& days = line.days[step];
        if (days.empty()) continue;
        std::sort(days.begin(), days.end());
        table.Row()
            .Text(key.label)
            .Text(kStepWords[step].key)
            .Text(Say(frame_.locale, kStepWords[step].zh, kStepWords[step].en))
            .Number(static_cast<int64_t>(days.size()))
            .Number(Quantile(days, 50))
            .Number(Quantile(days, 90))
            .Number(days.back());
      }
    }
    return table.Done();
  }

  v1::Table Shares() const {
    TableMaker table("timeliness", "办理及时与质量", "Timeliness and quality",
                     frame_.locale);
    AddGroupColumn(table);
    table.Number("finished", "办结", "finished")
        .Number("replied", "答复", "replied")
        .Number("in_time", "按期答复", "replied in time")
        .Number("late", "逾期答复", "replied late")
        .Share("in_time_rate", "按期答复率", "share in time")
        .Number("most_late", "最长逾期（工作日）", "most late, working days")
        .Number("extended", "延期", "extended")
        .Share("extension_rate", "延期率", "extension rate")
        .Number("correction_notices", "补正告知", "correction notices")
        .Share("correction_notice_rate", "补正率", "correction notice rate")
        .Share("consultation_rate", "征求意见率", "consultation rate")
        .Share("registered_in_time_rate", "按时登记率",
               "share registered in time")
        .Number("challenged", "被复议诉讼投诉", "challenged")
        .Number("corrected", "被纠正", "corrected")
        .Share("corrected_rate", "被纠正率", "share corrected")
        .Note(
            "按期答复率 = 按期答复 ÷（按期答复 + 逾期答复），以答复期限台账为准"
            "（REG 33；国办公开办函〔2016〕235号）。",
            "Share in time = in time / (in time + late), by the ledger of the "
            "reply limit (REG 33; 国办公开办函〔2016〕235号).")
        .Note("延期率、补正率、征求意见率、被纠正率均以办结为分母。",
              "Extension, correction notice, consultation and corrected rates "
              "are shares of what was finished.");
    for (const auto& [key, line] : lines_) {
      table.Row()
          .Text(key.label)
          .Number(line.finished)
          .Number(line.replied)
          .Number(line.in_time)
          .Number(line.late)
          .Share(line.in_time, line.in_time + line.late)
          .Number(line.most_late)
          .Number(line.extended)
          .Share(line.extended, line.finished)
          .Number(line.correction_notices)
          .Share(line.correction_notices, line.finished)
          .Share(line.consulted, line.finished)
          .Share(line.registered_in_time,
                 line.registered_in_time + line.registered_late)
          .Number(line.challenged)
          .Number(line.corrected)
          .Share(line.corrected, line.finished);
    }
    return table.Done();
  }

  FoldFrame frame_;
  std::map<GroupKey, Line> lines_;
};

}  // namespace

std::unique_ptr<Fold> NewPerformanceFold(const FoldFrame& frame) {
  return std::make_unique<PerformanceFold>(frame);
}

}  // namespace gongkai::report
