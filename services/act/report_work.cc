// SPDX-License-Identifier: Apache-2.0
#include "services/act/report_work.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "services/act/marks.h"
#include "services/base/dates.h"
#include "services/base/status_macros.h"
#include "services/law/lapsing.h"
#include "services/report/work.h"

namespace gongkai::act {
namespace {

using Order = v1::ListWorkRequest::Order;
using Grouping = v1::CountWorkRequest::Grouping;

// Rounds in which a page is filled in place of rows that are not shown.
constexpr int kMostRounds = 40;
constexpr int kRowsAtOnce = 5000;

std::vector<int> LapsingKinds() {
  std::vector<int> kinds;
  for (int kind = v1::LimitKind_MIN; kind <= v1::LimitKind_MAX; ++kind) {
    if (v1::LimitKind_IsValid(kind) &&
        law::LapsesWithItsDay(static_cast<v1::LimitKind>(kind))) {
      kinds.push_back(kind);
    }
  }
  return kinds;
}

// The last of the last days that are asked for; none when every one is.
std::optional<absl::CivilDay> LastDue(const v1::WorkFilter& filter,
                                      absl::CivilDay as_of) {
  if (filter.overdue_only()) return as_of - 1;
  if (filter.due_by_date().empty()) return std::nullopt;
  return std::max(DayOf(filter.due_by_date()), as_of - 1);
}

// The one department asked for, or that the caller is limited to.
std::string DepartmentOf(const WorkLists::Ask& ask) {
  return ask.filter.department().empty() ? ask.reach.department
                                         : ask.filter.department();
}

bool AsksForOtherDepartment(const WorkLists::Ask& ask) {
  return !ask.reach.department.empty() &&
         DepartmentOf(ask) != ask.reach.department;
}

storage::WorkQuery QueryOf(const WorkLists::Ask& ask) {
  static const auto* const lapsing = new std::vector<int>(LapsingKinds());
  storage::WorkQuery query;
  query.agencies = ask.reach.agencies;
  query.whose = v1::AGENCY_DUTY;
  query.kinds.assign(ask.filter.limits().begin(), ask.filter.limits().end());
  query.department = DepartmentOf(ask);
  query.officer = ask.filter.officer();
  query.phases.assign(ask.filter.phases().begin(), ask.filter.phases().end());
  query.due_by = LastDue(ask.filter, ask.as_of);
  query.lapsing = *lapsing;
  query.today = ask.as_of;
  return query;
}

template <typename List, typename Value>
bool Asked(const List& list, Value value) {
  return list.empty() ||
         std::find(list.begin(), list.end(), value) != list.end();
}

// Whether the duty is among those asked for.
bool IsAsked(const WorkLists::Ask& ask, const v1::WorkItem& item) {
  const v1::WorkFilter& filter = ask.filter;
  if (filter.limits().empty() && item.limit() == v1::ARCHIVE_TRANSFER) {
    return false;
  }
  const std::optional<absl::CivilDay> last = LastDue(filter, ask.as_of);
  if (last && (item.due_date().empty() || DayOf(item.due_date()) > *last)) {
    return false;
  }
  return Asked(filter.limits(), item.limit()) &&
         Asked(filter.phases(), item.phase()) &&
         (filter.department().empty() ||
          filter.department() == item.department()) &&
         (filter.officer().empty() || filter.officer() == item.officer());
}

std::string GroupOf(Order order, const std::string& department,
                    const std::string& officer) {
  if (order == v1::ListWorkRequest::BY_DEPARTMENT) return department;
  return order == v1::ListWorkRequest::BY_OFFICER ? officer : "";
}

WorkKey KeyOf(const v1::WorkItem& item, const std::string& stream,
              Order order) {
  WorkKey key;
  key.group = GroupOf(order, item.department(), item.officer());
  if (!item.due_date().empty()) key.due = DayOf(item.due_date());
  key.agency = item.agency();
  key.stream = stream;
  key.kind = item.limit();
  key.ordinal = item.ordinal();
  return key;
}

WorkKey KeyOf(const storage::WorkRow& row, Order order) {
  return {GroupOf(order, row.row.department, row.row.officer),
          row.limit.due,
          row.place.agency,
          row.place.stream,
          row.limit.kind,
          row.limit.ordinal};
}

storage::ReportBook::WorkPlace PlaceOf(const WorkKey& key) {
  return {key.due, key.agency, key.stream, key.kind, key.ordinal};
}

absl::StatusOr<std::vector<v1::WorkItem>> ItemsOf(
    ReportFolder& folder, const report::FoldedCase& folded,
    const WorkLists::Ask& ask) {
  ASSIGN_OR_RETURN(const auto terms, folder.TermsOf(folded.agency));
  return report::WorkItems(
      {folded.c, *folded.rules, *folded.calendar, terms->terms,
       report::LevelsOf(terms->set), &terms->calendar},
      ask.as_of, ask.locale);
}

// Counts of one group, added up.
class Groups {
 public:
  explicit Groups(Grouping grouping) : grouping_(grouping) {}

  void Add(const std::string& agency, const std::string& department,
           const std::string& officer, v1::Level level, int64_t count) {
    const bool by_department = grouping_ != v1::CountWorkRequest::BY_AGENCY;
    const bool by_officer = grouping_ == v1::CountWorkRequest::BY_OFFICER;
    v1::WorkGroup& group = groups_[{agency, by_department ? department : "",
                                    by_officer ? officer : ""}];
    switch (level) {
      case v1::LEVEL_OVERDUE:
        return group.set_overdue(group.overdue() + count);
      case v1::LEVEL_RED:
        return group.set_red(group.red() + count);
      case v1::LEVEL_YELLOW:
        return group.set_yellow(group.yellow() + count);
      case v1::LEVEL_GREEN:
        return group.set_green(group.green() + count);
      default:
        return group.set_suspended(group.suspended() + count);
    }
  }

  std::vector<v1::WorkGroup> Take() {
    std::vector<v1::WorkGroup> all;
    for (auto& [key, group] : groups_) {
      std::tie(*group.mutable_agency(), *group.mutable_department(),
               *group.mutable_officer()) = key;
      all.push_back(std::move(group));
    }
    return all;
  }

 private:
  const Grouping grouping_;
  std::map<std::tuple<std::string, std::string, std::string>, v1::WorkGroup>
      groups_;
};

}  // namespace

absl::CivilDay WorkLists::Today() const { return ShanghaiDay(clock_.Now()); }

absl::StatusOr<std::vector<WorkLists::Listed>> WorkLists::Prove(
    const Ask& ask, const std::vector<storage::WorkRow>& rows) {
  std::vector<storage::CasePlace> places;
  std::set<std::string> streams;
  for (const storage::WorkRow& row : rows) {
    if (streams.insert(row.place.stream).second) places.push_back(row.place);
  }
  ReportFolder folder(registry_, clock_.Now(), ask.deadline);
  std::map<std::string, std::vector<v1::WorkItem>> items;
  RETURN_IF_ERROR(EachHistory(
      book_, places, absl::InfiniteFuture(), ask.deadline,
      [&](const storage::PastCaseEvents& past) -> absl::Status {
        ASSIGN_OR_RETURN(const report::FoldedCase folded, folder.Fold(past));
        // It may have been closed to the caller since its row was read.
        if (!auth::MaySee(ask.caller, MarksOf(folded.c), ask.reach.access)
                 .ok()) {
          return absl::OkStatus();
        }
        ASSIGN_OR_RETURN(items[past.place.stream],
                         ItemsOf(folder, folded, ask));
        return absl::OkStatus();
      }));
  std::vector<Listed> proved;
  for (const storage::WorkRow& row : rows) {
    for (v1::WorkItem& item : items[row.place.stream]) {
      if (item.limit() != row.limit.kind || !IsAsked(ask, item) ||
          item.ordinal() != row.limit.ordinal) {
        continue;
      }
      proved.push_back({KeyOf(row, v1::ListWorkRequest::DUE_FIRST), item});
    }
  }
  return proved;
}

absl::StatusOr<WorkLists::Page> WorkLists::ListNow(
    const Ask& ask, const std::optional<WorkKey>& after, size_t size) {
  const storage::WorkQuery query = QueryOf(ask);
  Page page;
  std::optional<storage::ReportBook::WorkPlace> place;
  if (after) place = PlaceOf(*after);
  page.more = true;
  for (int round = 0; round < kMostRounds && page.more; ++round) {
    const size_t want = size - page.items.size();
    ASSIGN_OR_RETURN(
        std::vector<storage::WorkRow> rows,
        book_.ListWork(query, place, static_cast<int>(want) + 1, ask.deadline));
    page.more = rows.size() > want;
    if (page.more) rows.resize(want);
    if (rows.empty()) break;
    page.end = KeyOf(rows.back(), v1::ListWorkRequest::DUE_FIRST);
    place = PlaceOf(page.end);
    std::erase_if(rows, [&ask](const storage::WorkRow& row) {
      return !IsShownTo(ask.caller, row.row, ask.reach.access);
    });
    ASSIGN_OR_RETURN(std::vector<Listed> proved, Prove(ask, rows));
    std::move(proved.begin(), proved.end(), std::back_inserter(page.items));
    if (page.items.size() == size) break;
  }
  return page;
}

absl::StatusOr<WorkLists::Page> WorkLists::ListNowBy(
    const Ask& ask, Order order, const std::optional<WorkKey>& after,
    size_t size) {
  const storage::WorkQuery query = QueryOf(ask);
  std::vector<storage::WorkRow> rows;
  std::optional<storage::ReportBook::WorkPlace> place;
  while (true) {
    ASSIGN_OR_RETURN(auto some,
                     book_.ListWork(query, place, kRowsAtOnce, ask.deadline));
    const bool last = some.size() < static_cast<size_t>(kRowsAtOnce);
    if (!some.empty()) {
      place = PlaceOf(KeyOf(some.back(), v1::ListWorkRequest::DUE_FIRST));
    }
    for (storage::WorkRow& row : some) {
      if (after && !(*after < KeyOf(row, order))) continue;
      if (IsShownTo(ask.caller, row.row, ask.reach.access)) {
        rows.push_back(std::move(row));
      }
    }
    if (last) break;
  }
  std::sort(rows.begin(), rows.end(), [order](const auto& a, const auto& b) {
    return KeyOf(a, order) < KeyOf(b, order);
  });
  Page page;
  size_t next = 0;
  while (next < rows.size() && page.items.size() < size) {
    const size_t n = std::min(rows.size() - next, size - page.items.size());
    const auto from = rows.begin() + static_cast<std::ptrdiff_t>(next);
    const auto to = from + static_cast<std::ptrdiff_t>(n);
    page.end = KeyOf(*(to - 1), order);
    ASSIGN_OR_RETURN(std::vector<Listed> proved, Prove(ask, {from, to}));
    std::move(proved.begin(), proved.end(), std::back_inserter(page.items));
    next += n;
  }
  page.more = next < rows.size();
  return page;
}

absl::StatusOr<std::vector<WorkLists::Listed>> WorkLists::AllThen(
    const Ask& ask, Order order) {
  const absl::Time then = EndOfDay(ask.as_of);
  ASSIGN_OR_RETURN(const std::vector<storage::CasePlace> places,
                   book_.OpenThen(ask.reach.agencies, then, ask.deadline));
  ReportFolder folder(registry_, clock_.Now(), ask.deadline);
  folder.UseTermsOf(store_, then);
  std::vector<Listed> all;
  RETURN_IF_ERROR(EachHistory(
      book_, places, absl::InfiniteFuture(), ask.deadline,
      [&](const storage::PastCaseEvents& past) -> absl::Status {
        const storage::PastCaseEvents cut = Until(past, then);
        if (cut.events.empty()) return absl::OkStatus();
        ASSIGN_OR_RETURN(const report::FoldedCase folded, folder.Fold(cut));
        ASSIGN_OR_RETURN(std::vector<v1::WorkItem> items,
                         ItemsOf(folder, folded, ask));
        std::erase_if(items, [&ask](const v1::WorkItem& item) {
          return !IsAsked(ask, item);
        });
        if (items.empty()) return absl::OkStatus();
        // Who may see it is said by how the case stands now.
        auth::CaseMarks marks = MarksOf(folded.c);
        if (cut.events.size() < past.events.size()) {
          ASSIGN_OR_RETURN(const report::FoldedCase now, folder.Fold(past));
          marks = MarksOf(now.c);
        }
        if (!auth::MaySee(ask.caller, marks, ask.reach.access).ok()) {
          return absl::OkStatus();
        }
        for (v1::WorkItem& item : items) {
          WorkKey key = KeyOf(item, past.place.stream, order);
          all.push_back({std::move(key), std::move(item)});
        }
        return absl::OkStatus();
      }));
  std::sort(all.begin(), all.end(),
            [](const Listed& a, const Listed& b) { return a.key < b.key; });
  return all;
}

absl::StatusOr<WorkLists::Page> WorkLists::List(
    const Ask& ask, Order order, const std::optional<WorkKey>& after,
    size_t size) {
  if (AsksForOtherDepartment(ask)) return Page();
  if (ask.as_of >= Today()) {
    return order == v1::ListWorkRequest::DUE_FIRST
               ? ListNow(ask, after, size)
               : ListNowBy(ask, order, after, size);
  }
  ASSIGN_OR_RETURN(std::vector<Listed> all, AllThen(ask, order));
  Page page;
  for (Listed& one : all) {
    if (after && !(*after < one.key)) continue;
    page.more = page.items.size() == size;
    if (page.more) break;
    page.end = one.key;
    page.items.push_back(std::move(one));
  }
  return page;
}

absl::StatusOr<std::vector<v1::WorkGroup>> WorkLists::Count(const Ask& ask,
                                                            Grouping grouping) {
  Groups groups(grouping);
  if (AsksForOtherDepartment(ask)) return groups.Take();
  if (ask.as_of < Today()) {
    ASSIGN_OR_RETURN(const std::vector<Listed> all,
                     AllThen(ask, v1::ListWorkRequest::DUE_FIRST));
    for (const Listed& one : all) {
      groups.Add(one.item.agency(), one.item.department(), one.item.officer(),
                 one.item.level(), 1);
    }
    return groups.Take();
  }
  ASSIGN_OR_RETURN(const std::vector<storage::WorkCount> counts,
                   book_.CountWork(QueryOf(ask), ask.deadline));
  for (const storage::WorkCount& one : counts) {
    const auth::CaseMarks marks = {one.department, one.labels,
                                   one.restricted_to};
    if (!auth::MaySee(ask.caller, marks, ask.reach.access).ok()) continue;
    const Terms& terms = *ask.reach.terms.at(one.agency);
    groups.Add(one.agency, one.department, one.officer,
               report::LevelOf(one.due, ask.as_of, terms.calendar,
                               report::LevelsOf(terms.set)),
               one.count);
  }
  return groups.Take();
}

}  // namespace gongkai::act
