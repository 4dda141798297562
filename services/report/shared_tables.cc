// SPDX-License-Identifier: Apache-2.0
// Reports over cases that share an applicant or their words (REG 35, 44).
#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "services/law/limits.h"
#include "services/report/advice.h"
#include "services/report/folds.h"
#include "services/report/position.h"
#include "services/report/result.h"
#include "services/report/table_maker.h"
#include "services/report/words.h"

namespace gongkai::report {
namespace {

using Group = std::vector<const SharedCase*>;

absl::CivilDay ReceivedOrArrived(const casework::Case& c) {
  if (c.facts.received) return *c.facts.received;
  return c.facts.arrived.value_or(absl::CivilDay());
}

// By agency and key; within a group by day of receipt and number. Those without
// a key share nothing.
std::vector<Group> GroupsBy(const std::vector<SharedCase>& cases,
                            std::string SharedCase::*key) {
  std::map<std::pair<std::string, std::string>, Group> groups;
  for (const SharedCase& one : cases) {
    if ((one.*key).empty()) continue;
    groups[{one.folded.agency, one.*key}].push_back(&one);
  }
  std::vector<Group> all;
  for (auto& [unused, group] : groups) {
    std::sort(
        group.begin(), group.end(),
        [](const SharedCase* a, const SharedCase* b) {
          return std::pair(ReceivedOrArrived(a->folded.c), a->folded.c.number) <
                 std::pair(ReceivedOrArrived(b->folded.c), b->folded.c.number);
        });
    all.push_back(std::move(group));
  }
  return all;
}

// Largest first; then by agency and first case, so that keys, which are no
// names, decide nothing.
template <typename Size>
void LargestFirst(std::vector<Group>& groups, const Size& size) {
  std::sort(
      groups.begin(), groups.end(), [&size](const Group& a, const Group& b) {
        return std::tuple(-size(a), a[0]->folded.agency,
                          a[0]->folded.c.number) <
               std::tuple(-size(b), b[0]->folded.agency, b[0]->folded.c.number);
      });
}

int CountOf(const Group& group, v1::Outcome outcome) {
  return static_cast<int>(std::count_if(
      group.begin(), group.end(),
      [outcome](const auto* one) { return one->folded.c.outcome == outcome; }));
}

std::string Numbers(const Group& group) {
  return absl::StrJoin(group, " ", [](std::string* out, const auto* one) {
    out->append(one->folded.c.number);
  });
}

int ItemsOf(const Group& group) {
  int items = 0;
  for (const SharedCase* one : group) items += one->folded.c.item_count;
  return items;
}

// The most applications of one calendar month.
int MostInAMonth(const Group& group) {
  std::map<absl::CivilMonth, int> months;
  int most = 0;
  for (const SharedCase* one : group) {
    most = std::max(
        most, ++months[absl::CivilMonth(ReceivedOrArrived(one->folded.c))]);
  }
  return most;
}

int CasesWith(const Group& group, bool (*holds)(const casework::Case&)) {
  return static_cast<int>(
      std::count_if(group.begin(), group.end(),
                    [holds](const auto* one) { return holds(one->folded.c); }));
}

int ApplicantsOf(const Group& group) {
  std::set<std::string> applicants;
  for (const SharedCase* one : group) applicants.insert(one->applicant);
  return static_cast<int>(applicants.size());
}

// Only what fell into the period.
std::vector<SharedCase> ReceivedIn(const std::vector<SharedCase>& cases,
                                   const Period& period) {
  std::vector<SharedCase> within;
  std::copy_if(cases.begin(), cases.end(), std::back_inserter(within),
               [&period](const SharedCase& one) {
                 return period.Has(ReceivedOrArrived(one.folded.c));
               });
  return within;
}

// When the information was first given out in this group.
law::MaybeDay FirstDisclosed(const Group& group) {
  law::MaybeDay first;
  for (const SharedCase* one : group) {
    const v1::Outcome outcome = one->folded.c.outcome;
    if (outcome != v1::DISCLOSED && outcome != v1::ALREADY_PUBLIC) continue;
    const law::MaybeDay day = FinishedDay(one->folded.c);
    if (day && (!first || *day < *first)) first = day;
  }
  return first;
}

}  // namespace

std::vector<v1::Table> HeavyApplicantTables(
    const std::vector<SharedCase>& cases, const FoldFrame& frame,
    int at_least) {
  const auto within = ReceivedIn(cases, frame.period);
  auto groups = GroupsBy(within, &SharedCase::applicant);
  std::erase_if(groups, [at_least](const Group& group) {
    return static_cast<int>(group.size()) < at_least;
  });
  LargestFirst(groups, [](const Group& group) {
    return static_cast<int>(group.size());
  });
  TableMaker table("heavy_applicants", "大量申请情况", "Heavy applicants",
                   frame.locale);
  table.Text("agency", "机关", "agency")
      .Number("applicant", "申请人序号", "applicant, in this table")
      .Text("applicant_kind", "申请人类别", "kind")
      .Number("applications", "申请件数", "applications")
      .Number("items", "请求项数", "items asked for")
      .Number("most_in_a_month", "单月最多", "most in a month")
      .Day("first_date", "首次收到", "first")
      .Day("last_date", "最近收到", "last")
      .Number("repeated", "不予重复处理", "repeated")
      .Number("excessive", "大量反复不予处理", "excessive")
      .Number("reasons_asked", "要求说明理由", "reasons asked")
      .Number("fees_charged", "收费", "fees charged")
      .Text("cases", "案号", "cases")
      .Note(
          "REG 35：申请数量、频次明显超过合理范围的，可以要求说明理由；法律未定"
          "件数，本表只计数，不作认定。",
          "REG 35: reasons may be asked where number and frequency are "
          "clearly excessive; the law sets no number, this table counts and "
          "judges nothing.")
      .Note(absl::StrFormat("本表列申请不少于%d件的。", at_least),
            absl::StrFormat("Applicants with at least %d applications.",
                            at_least));
  int number = 0;
  for (const Group& group : groups) {
    const casework::Case& last = group.back()->folded.c;
    table.Row()
        .Text(group[0]->folded.agency)
        .Number(++number)
        .Text(TermOf(last.applicant_kind, frame.locale))
        .Number(static_cast<int64_t>(group.size()))
        .Number(ItemsOf(group))
        .Number(MostInAMonth(group))
        .Day(ReceivedOrArrived(group[0]->folded.c))
        .Day(ReceivedOrArrived(last))
        .Number(CountOf(group, v1::REPEATED))
        .Number(CountOf(group, v1::EXCESSIVE))
        .Number(CasesWith(
            group, [](const auto& c) { return c.facts.reasons.has_value(); }))
        .Number(CasesWith(
            group, [](const auto& c) { return c.facts.fee.has_value(); }))
        .Text(Numbers(group));
  }
  return {table.Done()};
}

std::vector<v1::Table> ConversionTables(const std::vector<SharedCase>& cases,
                                        const FoldFrame& frame, int at_least) {
  const auto within = ReceivedIn(cases, frame.period);
  auto groups = GroupsBy(within, &SharedCase::words);
  std::erase_if(groups, [at_least](const Group& group) {
    return ApplicantsOf(group) < at_least;
  });
  LargestFirst(groups, ApplicantsOf);
  TableMaker table("conversion", "依申请转主动公开建议",
                   "Candidates for publication", frame.locale);
  table.Text("agency", "机关", "agency")
      .Number("applicants", "申请人数", "applicants")
      .Number("applications", "申请件数", "applications")
      .Number("disclosed", "予以公开", "disclosed")
      .Number("already_public", "已主动公开", "already public")
      .Number("partly", "部分公开", "partly disclosed")
      .Number("refused", "不予公开", "refused")
      .Day("first_date", "首次收到", "first")
      .Day("last_date", "最近收到", "last")
      .Day("first_disclosed_date", "首次公开", "first disclosed")
      .Day("publish_by_date", "参考公开期限", "publish by, for guidance")
      .Text("cases", "案号", "cases")
      .Note(
          "REG 44：多个申请人就相同政府信息向同一机关申请且属于可以公开的，可以"
          "纳入主动公开范围；申请人也可以建议纳入，经审核属于主动公开范围的，应"
          "当"
          "及时主动公开。",
          "REG 44: where several applicants ask the same agency for the same "
          "information and it may be disclosed, it may be published; an "
          "applicant may suggest it, and what qualifies shall be published "
          "in time.")
      .Note(
          "参考公开期限自首次公开之日起20个工作日（REG 26），是否纳入由机关决"
          "定。",
          "Publish by: 20 working days after it was first disclosed (REG 26), "
          "for guidance; the agency decides.")
      .Note(absl::StrFormat(
                "内容相同按申请文字判断；本表列申请人不少于%d人的。", at_least),
            absl::StrFormat("The same is what is asked in the same words; at "
                            "least %d applicants.",
                            at_least));
  for (const Group& group : groups) {
    const FoldedCase& first = group[0]->folded;
    const law::MaybeDay disclosed = FirstDisclosed(group);
    law::MaybeDay publish_by;
    if (disclosed) {
      publish_by =
          law::PublicationLimit(*disclosed, *first.rules, *first.calendar).due;
    }
    table.Row()
        .Text(first.agency)
        .Number(ApplicantsOf(group))
        .Number(static_cast<int64_t>(group.size()))
        .Number(CountOf(group, v1::DISCLOSED))
        .Number(CountOf(group, v1::ALREADY_PUBLIC))
        .Number(CountOf(group, v1::PARTIAL))
        .Number(CountOf(group, v1::REFUSED))
        .Day(ReceivedOrArrived(first.c))
        .Day(ReceivedOrArrived(group.back()->folded.c))
        .Day(disclosed)
        .Day(publish_by)
        .Text(Numbers(group));
  }
  return {table.Done()};
}

}  // namespace gongkai::report
