// SPDX-License-Identifier: Apache-2.0
// The register of all applications of a period (依申请公开台账, REG 45).
#include <algorithm>
#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "services/base/dates.h"
#include "services/report/dockets.h"
#include "services/report/folds.h"
#include "services/report/result.h"
#include "services/report/table_maker.h"
#include "services/report/words.h"

namespace gongkai::report {
namespace {

struct Entry {
  std::string agency;
  absl::CivilDay day;  // of receipt, or of arrival until then
  std::string number;
  v1::Row row;
};

std::string RemediesText(const casework::Case& c, Locale locale) {
  std::vector<std::string> texts;
  for (const Remedy& remedy : RemediesOf(c)) {
    const RemedyState state = StateOf(c, remedy, kEver);
    std::string text = TermOf(remedy.kind, locale);
    if (state.concluded) {
      absl::StrAppend(&text, " ", FormatDay(*state.concluded), " ",
                      TermOf(state.result, locale));
    } else {
      absl::StrAppend(&text, " ", Say(locale, "尚未审结", "pending"));
    }
    texts.push_back(std::move(text));
  }
  return Join(texts, locale);
}

class RegisterFold : public Fold {
 public:
  explicit RegisterFold(const FoldFrame& frame) : frame_(frame) {}

  void Add(const FoldedCase& folded) override {
    const law::Facts& facts = folded.c.facts;
    const law::MaybeDay day = facts.received ? facts.received : facts.arrived;
    if (!day || !frame_.period.Has(*day)) return;
    Entry entry{folded.agency, *day, folded.c.number, {}};
    Fill(folded, RowMaker(&entry.row));
    entries_.push_back(std::move(entry));
  }

  std::vector<v1::Table> Tables() override {
    std::sort(entries_.begin(), entries_.end(),
              [](const Entry& a, const Entry& b) {
                return std::tie(a.agency, a.day, a.number) <
                       std::tie(b.agency, b.day, b.number);
              });
    v1::Table table = Head();
    for (Entry& entry : entries_) *table.add_rows() = std::move(entry.row);
    entries_.clear();
    return {std::move(table)};
  }

 private:
  v1::Table Head() const {
    TableMaker table("register", "依申请公开台账", "Register of applications",
                     frame_.locale);
    table.Text("number", "编号", "number")
        .Text("agency", "机关", "agency")
        .Day("receipt_date", "收到日期", "received")
        .Text("channel", "申请渠道", "channel")
        .Text("applicant_kind", "申请人类别", "applicant")
        .Text("column", "年报列次", "column of the return")
        .Number("counted", "计入年报", "counted in the return")
        .Text("reopened_from", "原案编号", "reopens")
        .Text("officer", "经办人", "officer")
        .Text("department", "承办部门", "department")
        .Day("correction_notice_date", "补正告知日期", "correction notice")
        .Day("corrected_date", "补正日期", "corrected")
        .Number("extension_days", "延期工作日", "extension, working days")
        .Number("consulted", "征求意见次数", "consultations")
        .Text("outcome", "答复类型", "outcome")
        .Text("grounds", "不予公开事由", "grounds")
        .Text("return_row", "年报行次", "row of the return")
        .Day("signed_date", "签发日期", "signed")
        .Text("document_number", "文号", "document number")
        .Day("finished_date", "办结（寄送）日期", "finished")
        .Day("served_date", "送达日期", "served")
        .Day("reply_due_date", "答复期限届满", "reply due")
        .Number("late_by", "逾期", "late by")
        .Money("fee_yuan", "信息处理费（元）", "fee, yuan")
        .Text("remedies", "复议诉讼投诉", "remedies")
        .Text("phase", "阶段", "phase")
        .Note(
            "按收到申请之日归入期间（REG "
            "31）；年报行次自r3至r23，未办结的为空；"
            "重新办理的案件不计入年报（国办公开办函〔2021〕30号）。",
            "By the day of receipt (REG 31); row r3 to r23 of the annual "
            "return, empty while open; reopened cases are not counted in it "
            "(国办公开办函〔2021〕30号).");
    return table.Done();
  }

  void Fill(const FoldedCase& folded, RowMaker row) const {
    const casework::Case& c = folded.c;
    const law::Facts& facts = c.facts;
    row.Text(c.number)
        .Text(folded.agency)
        .Day(facts.received)
        .Text(TermOf(facts.channel, frame_.locale))
        .Text(TermOf(c.applicant_kind, frame_.locale))
        .Text(absl::StrCat("c", ColumnOf(c.applicant_kind)))
        .Number(IsCounted(c) ? 1 : 0)
        .Text(c.reopened_from)
        .Text(c.officer)
        .Text(c.department);
    FillHandling(facts, row);
    FillResult(folded, row);
    FillReply(folded, row);
    row.Number(c.fee_fen)
        .Text(RemediesText(c, frame_.locale))
        .Text(TermOf(c.phase, frame_.locale));
  }

  static void FillHandling(const law::Facts& facts, RowMaker& row) {
    law::MaybeDay notified;
    law::MaybeDay corrected;
    if (facts.correction) {
      notified = facts.correction->notified;
      corrected = facts.correction->received;
    }
    row.Day(notified)
        .Day(corrected)
        .Number(facts.extension ? facts.extension->working_days : 0)
        .Number(static_cast<int64_t>(facts.consultations.size()));
  }

  void FillResult(const FoldedCase& folded, RowMaker& row) const {
    const casework::Case& c = folded.c;
    const int result = ResultRow(c, *folded.rules);
    if (c.outcome == v1::OUTCOME_UNSPECIFIED) {
      row.Empty();
    } else {
      row.Text(TermOf(c.outcome, frame_.locale));
    }
    row.Text(TermsOf(c.grounds, frame_.locale))
        .Text(result == 0 ? "" : absl::StrCat("r", result))
        .Day(c.signed_day)
        .Text(c.document_number)
        .Day(FinishedDay(c));
  }

  static void FillReply(const FoldedCase& folded, RowMaker& row) {
    const auto& sent = folded.c.facts.reply;
    row.Day(sent ? sent->served : std::nullopt);
    const law::Limit* reply = law::FindLimit(folded.limits, v1::REPLY);
    if (reply == nullptr) {
      row.Empty().Empty();
    } else {
      row.Day(reply->due).Number(reply->late_by);
    }
  }

  FoldFrame frame_;
  std::vector<Entry> entries_;
};

}  // namespace

std::unique_ptr<Fold> NewRegisterFold(const FoldFrame& frame) {
  return std::make_unique<RegisterFold>(frame);
}

}  // namespace gongkai::report
