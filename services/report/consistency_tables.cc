// SPDX-License-Identifier: Apache-2.0
// Like requests answered differently (统一答复口径).
#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <utility>

#include "services/report/advice.h"
#include "services/report/folds.h"
#include "services/report/position.h"
#include "services/report/result.h"
#include "services/report/table_maker.h"
#include "services/report/words.h"

namespace gongkai::report {
namespace {

using Group = std::vector<const FoldedCase*>;

// The replies of the period that say something of the information, by agency
// and words, in the order in which they were given.
std::vector<Group> RepliesBy(const std::vector<SharedCase>& cases,
                             const Period& period) {
  std::map<std::pair<std::string, std::string>, Group> groups;
  for (const SharedCase& one : cases) {
    const casework::Case& c = one.folded.c;
    if (one.words.empty() || !c.facts.reply || !TakesPosition(c.outcome) ||
        !period.Has(FinishedDay(c))) {
      continue;
    }
    groups[{one.folded.agency, one.words}].push_back(&one.folded);
  }
  std::vector<Group> all;
  for (auto& [unused, group] : groups) {
    std::sort(group.begin(), group.end(),
              [](const FoldedCase* a, const FoldedCase* b) {
                return std::pair(*FinishedDay(a->c), a->c.number) <
                       std::pair(*FinishedDay(b->c), b->c.number);
              });
    all.push_back(std::move(group));
  }
  return all;
}

int PositionsOf(const Group& group) {
  std::set<std::string> positions;
  for (const FoldedCase* one : group) positions.insert(PositionOf(one->c));
  return static_cast<int>(positions.size());
}

// The groups with more than one answer: the most divided first.
std::vector<Group> Divided(const std::vector<SharedCase>& cases,
                           const Period& period) {
  auto groups = RepliesBy(cases, period);
  std::erase_if(groups,
                [](const Group& group) { return PositionsOf(group) < 2; });
  std::sort(groups.begin(), groups.end(), [](const Group& a, const Group& b) {
    return std::tuple(-PositionsOf(a), -static_cast<int>(a.size()),
                      a[0]->agency, a[0]->c.number) <
           std::tuple(-PositionsOf(b), -static_cast<int>(b.size()),
                      b[0]->agency, b[0]->c.number);
  });
  return groups;
}

v1::Table Summary(const std::vector<Group>& groups, Locale locale) {
  TableMaker table("divided_requests", "答复不一致的同类申请",
                   "Like requests answered differently", locale);
  table.Number("request", "同类序号", "request")
      .Text("agency", "机关", "agency")
      .Number("replies", "答复件数", "replies")
      .Number("answers", "不同口径数", "different answers")
      .Number("corrected", "被纠正", "corrected")
      .Number("upheld", "被维持", "upheld")
      .Note(
          "同一机关对文字相同的申请作出的答复，类型或事由不同的列入；先予以公开"
          "、后告知已主动公开的视为一致；未对信息作出判断的答复（重复、未补正、"
          "未缴费、撤回等）不列入。",
          "Replies of one agency to requests in the same words whose outcome "
          "or grounds differ; disclosed first and already public later is "
          "alike; replies that say nothing of the information (repeated, not "
          "corrected, not paid, withdrawn) are left out.");
  int number = 0;
  for (const Group& group : groups) {
    const auto stood = [&group](v1::Stood how) {
      return std::count_if(group.begin(), group.end(), [how](const auto* one) {
        return StoodOf(one->c) == how;
      });
    };
    table.Row()
        .Number(++number)
        .Text(group[0]->agency)
        .Number(static_cast<int64_t>(group.size()))
        .Number(PositionsOf(group))
        .Number(stood(v1::STOOD_CORRECTED))
        .Number(stood(v1::STOOD_UPHELD));
  }
  return table.Done();
}

v1::Table List(const std::vector<Group>& groups, Locale locale) {
  TableMaker table("divided_replies", "答复口径差异明细", "Their replies",
                   locale);
  table.Number("request", "同类序号", "request")
      .Text("agency", "机关", "agency")
      .Text("number", "案号", "case")
      .Day("receipt_date", "收到日期", "received")
      .Day("finished_date", "答复寄送日期", "replied")
      .Text("outcome", "答复类型", "outcome")
      .Text("grounds", "事由", "grounds")
      .Text("stood", "救济情况", "whether it stood")
      .Text("department", "承办部门", "department")
      .Text("officer", "经办人", "officer");
  int number = 0;
  for (const Group& group : groups) {
    ++number;
    for (const FoldedCase* one : group) {
      table.Row()
          .Number(number)
          .Text(one->agency)
          .Text(one->c.number)
          .Day(one->c.facts.received)
          .Day(FinishedDay(one->c))
          .Text(TermOf(one->c.outcome, locale))
          .Text(TermsOf(one->c.grounds, locale))
          .Text(TermOf(StoodOf(one->c), locale))
          .Text(one->c.department)
          .Text(one->c.officer);
    }
  }
  return table.Done();
}

}  // namespace

std::vector<v1::Table> ConsistencyTables(const std::vector<SharedCase>& cases,
                                         const FoldFrame& frame) {
  const auto groups = Divided(cases, frame.period);
  return {Summary(groups, frame.locale), List(groups, frame.locale)};
}

}  // namespace gongkai::report
