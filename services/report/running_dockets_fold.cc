// SPDX-License-Identifier: Apache-2.0
// Reviews and lawsuits that are running, with the limits that run in them.
#include <algorithm>
#include <optional>
#include <tuple>

#include "services/casework/view.h"
#include "services/report/dockets.h"
#include "services/report/folds.h"
#include "services/report/table_maker.h"
#include "services/report/words.h"

namespace gongkai::report {
namespace {

// One docket with one limit of the agency in it, or with none.
struct Running {
  std::string agency;
  std::string number;
  std::string department;
  std::string officer;
  int docket = 0;
  law::Docket facts;
  std::string docket_number;
  law::MaybeDay decision_due;  // of the organ: T19, T25, T27
  std::optional<law::Limit> limit;
  int left = 0;
};

// The agency's limits that carry the number of their docket: T18, T20, T24,
// T26 where the agency may appeal, T28.
constexpr v1::LimitKind kAgencyKinds[] = {
    v1::REVIEW_ANSWER, v1::REVIEW_OPINION_REPORT, v1::DEFENCE, v1::APPEAL,
    v1::ORDERED_DISCLOSURE};
constexpr v1::LimitKind kOrganKinds[] = {
    v1::REVIEW_DECISION, v1::FIRST_INSTANCE, v1::SECOND_INSTANCE};

std::vector<const law::Limit*> AgencyLimits(const FoldedCase& folded,
                                            int docket) {
  std::vector<const law::Limit*> limits;
  for (const v1::LimitKind kind : kAgencyKinds) {
    const law::Limit* limit = law::FindLimit(folded.limits, kind, docket);
    if (limit != nullptr && limit->live() && limit->whose == v1::AGENCY_DUTY) {
      limits.push_back(limit);
    }
  }
  return limits;
}

law::MaybeDay DecisionDue(const FoldedCase& folded, int docket) {
  for (const v1::LimitKind kind : kOrganKinds) {
    const law::Limit* limit = law::FindLimit(folded.limits, kind, docket);
    if (limit != nullptr && limit->live()) return limit->due;
  }
  return std::nullopt;
}

class RunningDocketsFold : public Fold {
 public:
  explicit RunningDocketsFold(const FoldFrame& frame) : frame_(frame) {}

  void Add(const FoldedCase& folded) override {
    const auto& dockets = folded.c.facts.dockets;
    for (int docket = 1; docket <= static_cast<int>(dockets.size()); ++docket) {
      const auto limits = AgencyLimits(folded, docket);
      const law::Docket& facts = dockets[static_cast<size_t>(docket) - 1];
      // A decided docket goes on while the agency still owes something in it.
      if (ConcludedDay(facts) && limits.empty()) continue;
      Running running = RunningOf(folded, docket, facts);
      if (limits.empty()) all_.push_back(running);
      for (const law::Limit* limit : limits) {
        running.limit = *limit;
        running.left =
            limit->late_by > 0
                ? -limit->late_by
                : casework::ViewOfLimit(*limit, *folded.calendar, frame_.today)
                      .left();
        all_.push_back(running);
      }
    }
  }

  // What runs out first comes first.
  std::vector<v1::Table> Tables() override {
    std::sort(all_.begin(), all_.end(), [](const Running& a, const Running& b) {
      const absl::CivilDay due_a = DueOf(a);
      const absl::CivilDay due_b = DueOf(b);
      return std::tie(due_a, a.agency, a.number, a.docket) <
             std::tie(due_b, b.agency, b.number, b.docket);
    });
    TableMaker table("running_dockets", "在办复议诉讼", "Running dockets",
                     frame_.locale);
    table.Text("agency", "机关", "agency")
        .Text("number", "案号", "case")
        .Text("remedy", "救济途径", "remedy")
        .Number("docket", "序号", "docket")
        .Text("docket_number", "文号", "docket number")
        .Text("procedure", "程序", "procedure")
        .Number("instance", "审级", "instance")
        .Day("opened_date", "收到副本日期", "copy received")
        .Day("answered_date", "答复（答辩）日期", "answered")
        .Day("decision_received_date", "收到决定日期", "decision received")
        .Text("result", "结果", "result")
        .Text("limit", "本机关期限", "limit of the agency")
        .Text("article", "依据", "article")
        .Day("due_date", "截止日", "last day")
        .Number("left", "剩余", "left")
        .Text("unit", "单位", "unit")
        .Text("state", "状态", "state")
        .Day("decision_due_date", "应作出决定日期", "decision due")
        .Text("department", "承办部门", "department")
        .Text("officer", "经办人", "officer")
        .Note("剩余为负数的，已逾期。", "What is left is negative when late.");
    for (const Running& one : all_) Row(one, table.Row());
    return {table.Done()};
  }

 private:
  static absl::CivilDay DueOf(const Running& one) {
    return one.limit && one.limit->due ? *one.limit->due : kEver;
  }

  static Running RunningOf(const FoldedCase& folded, int docket,
                           const law::Docket& facts) {
    Running running;
    running.agency = folded.agency;
    running.number = folded.c.number;
    running.department = folded.c.department;
    running.officer = folded.c.officer;
    running.docket = docket;
    running.facts = facts;
    const size_t i = static_cast<size_t>(docket) - 1;
    if (i < folded.c.docket_numbers.size()) {
      running.docket_number = folded.c.docket_numbers[i];
    }
    running.decision_due = DecisionDue(folded, docket);
    return running;
  }

  void Row(const Running& one, RowMaker row) const {
    const Locale locale = frame_.locale;
    row.Text(one.agency)
        .Text(one.number)
        .Text(TermOf(one.facts.kind, locale))
        .Number(one.docket)
        .Text(one.docket_number)
        .Text(TermOf(one.facts.procedure, locale))
        .Number(one.facts.instance)
        .Day(OpenedDay(one.facts))
        .Day(one.facts.answered)
        .Day(ConcludedDay(one.facts))
        .Text(TermOf(one.facts.result, locale));
    if (one.limit) {
      row.Text(TermOf(one.limit->kind, locale))
          .Text(one.limit->article)
          .Day(one.limit->due)
          .Number(one.left)
          .Text(TermOf(one.limit->unit == v1::WORKING_DAYS ? v1::WORKING_DAYS
                                                           : v1::CALENDAR_DAYS,
                       locale))
          .Text(TermOf(one.limit->state, locale));
    } else {
      row.Empty().Empty().Empty().Empty().Empty().Empty();
    }
    row.Day(one.decision_due).Text(one.department).Text(one.officer);
  }

  FoldFrame frame_;
  std::vector<Running> all_;
};

}  // namespace

std::unique_ptr<Fold> NewRunningDocketsFold(const FoldFrame& frame) {
  return std::make_unique<RunningDocketsFold>(frame);
}

}  // namespace gongkai::report
