// SPDX-License-Identifier: Apache-2.0
#include "clients/cli/report_tables.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "clients/cli/fields.h"
#include "services/base/ids.h"

namespace gongkai::cli {
namespace {

// A table in the making; cells are added from left to right.
class Maker {
 public:
  Maker(std::string_view key, std::string title, Locale locale)
      : locale_(locale) {
    table_.set_key(std::string(key));
    table_.set_title(std::move(title));
  }

  void Column(const char* key, v1::ColumnType type, std::string_view zh,
              std::string_view en) {
    v1::Column* column = table_.add_columns();
    column->set_key(key);
    column->set_heading(Say(locale_, zh, en));
    column->set_type(type);
  }
  void Row() { row_ = table_.add_rows(); }
  // An empty text leaves the cell empty.
  void Text(const std::string& text) {
    v1::Cell* cell = row_->add_cells();
    if (!text.empty()) cell->set_text(text);
  }
  void Number(int64_t number) { row_->add_cells()->set_number(number); }
  void Share(double share) { row_->add_cells()->set_decimal(share); }
  void Empty() { row_->add_cells(); }
  v1::Table Done() { return std::move(table_); }

 private:
  const Locale locale_;
  v1::Table table_;
  v1::Row* row_ = nullptr;
};

// The number of a case by its name; the name where it has none.
std::string NumberOf(const std::string& name) {
  const auto ref = ParseCaseName(name);
  return ref.ok() ? ref->number : name;
}

std::string NumbersOf(
    const google::protobuf::RepeatedPtrField<std::string>& names) {
  return absl::StrJoin(names, " ", [](std::string* out, const auto& name) {
    out->append(NumberOf(name));
  });
}

// What limits of months and years have left is counted in days.
std::string UnitOf(v1::LimitUnit unit, Locale locale) {
  return TermOf(unit == v1::WORKING_DAYS ? v1::WORKING_DAYS : v1::CALENDAR_DAYS,
                locale);
}

std::string IdentityText(const std::string& identity, Locale locale) {
  if (identity == "new_and_carried") {
    return Say(locale, "一＋二＝三＋四", "I + II = III + IV");
  }
  if (identity == "handled_total") {
    return Say(locale, "办理总计等于各项结果之和",
               "handled = sum of the results");
  }
  if (identity == "columns") {
    return Say(locale, "总计列等于各列之和", "total = sum of the columns");
  }
  if (identity == "carried_over") {
    return Say(locale, "上年结转等于上年第四项",
               "carried over = IV of the year before");
  }
  if (identity == "remedy_total") {
    return Say(locale, "复议诉讼总计等于各项之和",
               "remedies: total = sum of the cells");
  }
  return identity;
}

}  // namespace

std::string CellName(int table, int row, int column) {
  return absl::StrCat(table == 4 ? "g" : "r", row, ":c", column);
}

v1::Table WorkTable(const v1::ListWorkResponse& list, Locale locale) {
  Maker table("work", Say(locale, "待办事项", "Open duties"), locale);
  table.Column("agency", v1::TEXT_COLUMN, "机关", "agency");
  table.Column("number", v1::TEXT_COLUMN, "案号", "number");
  table.Column("phase", v1::TEXT_COLUMN, "阶段", "phase");
  table.Column("limit", v1::TEXT_COLUMN, "期限", "limit");
  table.Column("state", v1::TEXT_COLUMN, "状态", "state");
  table.Column("due_date", v1::DATE_COLUMN, "届满", "last day");
  table.Column("left", v1::NUMBER_COLUMN, "剩余", "left");
  table.Column("unit", v1::TEXT_COLUMN, "单位", "unit");
  table.Column("level", v1::TEXT_COLUMN, "预警", "level");
  table.Column("officer", v1::TEXT_COLUMN, "经办人", "officer");
  table.Column("department", v1::TEXT_COLUMN, "承办部门", "department");
  table.Column("receipt_date", v1::DATE_COLUMN, "收到", "received");
  table.Column("applicant_kind", v1::TEXT_COLUMN, "申请人类别", "applicant");
  table.Column("provisional", v1::TEXT_COLUMN, "暂定", "provisional");
  table.Column("article", v1::TEXT_COLUMN, "依据", "article");
  table.Column("why", v1::TEXT_COLUMN, "计算", "why");
  for (const v1::WorkItem& item : list.items()) {
    table.Row();
    table.Text(item.agency());
    table.Text(item.number());
    table.Text(TermOf(item.phase(), locale));
    table.Text(TermOf(item.limit(), locale));
    table.Text(TermOf(item.state(), locale));
    table.Text(item.due_date());
    // Without a last day nothing is left to count.
    item.due_date().empty() ? table.Empty() : table.Number(item.left());
    table.Text(item.due_date().empty() ? "" : UnitOf(item.unit(), locale));
    table.Text(TermOf(item.level(), locale));
    table.Text(item.officer());
    table.Text(item.department());
    table.Text(item.receipt_date());
    table.Text(TermOf(item.applicant_kind(), locale));
    table.Text(item.provisional() ? Say(locale, "是", "yes") : "");
    table.Text(item.article());
    table.Text(item.why());
  }
  return table.Done();
}

v1::Table GroupTable(const v1::CountWorkResponse& counts, Locale locale) {
  Maker table("groups", Say(locale, "待办事项统计", "Open duties by level"),
              locale);
  table.Column("agency", v1::TEXT_COLUMN, "机关", "agency");
  table.Column("department", v1::TEXT_COLUMN, "承办部门", "department");
  table.Column("officer", v1::TEXT_COLUMN, "经办人", "officer");
  table.Column("overdue", v1::NUMBER_COLUMN, "逾期", "overdue");
  table.Column("red", v1::NUMBER_COLUMN, "红", "red");
  table.Column("yellow", v1::NUMBER_COLUMN, "黄", "yellow");
  table.Column("green", v1::NUMBER_COLUMN, "绿", "green");
  table.Column("suspended", v1::NUMBER_COLUMN, "中止", "suspended");
  table.Column("total", v1::NUMBER_COLUMN, "合计", "total");
  for (const v1::WorkGroup& group : counts.groups()) {
    table.Row();
    table.Text(group.agency());
    table.Text(group.department());
    table.Text(group.officer());
    table.Number(group.overdue());
    table.Number(group.red());
    table.Number(group.yellow());
    table.Number(group.green());
    table.Number(group.suspended());
    table.Number(group.overdue() + group.red() + group.yellow() +
                 group.green() + group.suspended());
  }
  return table.Done();
}

v1::Table ReturnCaseTable(const v1::ListReturnCasesResponse& list,
                          Locale locale) {
  Maker table("cases", Say(locale, "所计案件", "Cases counted"), locale);
  table.Column("number", v1::TEXT_COLUMN, "案号", "number");
  table.Column("receipt_date", v1::DATE_COLUMN, "收到", "received");
  table.Column("finished_date", v1::DATE_COLUMN, "办结", "finished");
  table.Column("row", v1::TEXT_COLUMN, "行", "row");
  table.Column("column", v1::TEXT_COLUMN, "列", "column");
  table.Column("outcome", v1::TEXT_COLUMN, "答复", "outcome");
  table.Column("docket", v1::NUMBER_COLUMN, "复议诉讼序号", "docket");
  for (const v1::ReturnCase& one : list.cases()) {
    table.Row();
    table.Text(NumberOf(one.name()));
    table.Text(one.receipt_date());
    table.Text(one.finished_date());
    table.Text(one.row() > 0 ? absl::StrCat("r", one.row()) : "");
    table.Text(one.column() > 0 ? absl::StrCat("c", one.column()) : "");
    table.Text(TermOf(one.outcome(), locale));
    one.docket() > 0 ? table.Number(one.docket()) : table.Empty();
  }
  return table.Done();
}

v1::Table ViolationTable(const v1::GetReturnResponse& response, Locale locale) {
  Maker table("violations",
              Say(locale, "勾稽关系不成立之处", "Identities that do not hold"),
              locale);
  table.Column("identity", v1::TEXT_COLUMN, "勾稽关系", "identity");
  table.Column("agency", v1::TEXT_COLUMN, "机关", "agency");
  table.Column("cell", v1::TEXT_COLUMN, "单元格", "cell");
  table.Column("is", v1::NUMBER_COLUMN, "实为", "is");
  table.Column("should_be", v1::NUMBER_COLUMN, "应为", "should be");
  table.Column("cases", v1::TEXT_COLUMN, "案件", "cases");
  for (const v1::ReturnViolation& one : response.violations()) {
    const int form = one.identity() == "remedy_total" ? 4 : 3;
    table.Row();
    table.Text(IdentityText(one.identity(), locale));
    table.Text(one.agency());
    table.Text(CellName(form, one.row(), one.column()));
    table.Number(one.is());
    table.Number(one.should_be());
    table.Text(NumbersOf(one.cases()));
  }
  return table.Done();
}

v1::Table DifferenceTable(
    const google::protobuf::RepeatedPtrField<v1::ReturnDifference>& differences,
    Locale locale) {
  Maker table("differences", Say(locale, "差异", "Differences"), locale);
  table.Column("table", v1::NUMBER_COLUMN, "表", "table");
  table.Column("cell", v1::TEXT_COLUMN, "单元格", "cell");
  table.Column("before", v1::NUMBER_COLUMN, "原为", "before");
  table.Column("after", v1::NUMBER_COLUMN, "现为", "after");
  table.Column("came", v1::TEXT_COLUMN, "计入", "came in");
  table.Column("went", v1::TEXT_COLUMN, "移出", "went out");
  for (const v1::ReturnDifference& one : differences) {
    table.Row();
    table.Number(one.table());
    table.Text(CellName(one.table(), one.row(), one.column()));
    table.Number(one.before());
    table.Number(one.after());
    table.Text(NumbersOf(one.came()));
    table.Text(NumbersOf(one.went()));
  }
  return table.Done();
}

v1::Table PrecedentTable(const v1::AdviseDraftResponse& advice, Locale locale) {
  Maker table("precedents",
              Say(locale, "类案（仅供参考，由人判断）",
                  "Like cases (for a person to judge)"),
              locale);
  table.Column("number", v1::TEXT_COLUMN, "案号", "number");
  table.Column("score", v1::SHARE_COLUMN, "相似度", "score");
  table.Column("receipt_date", v1::DATE_COLUMN, "收到", "received");
  table.Column("outcome", v1::TEXT_COLUMN, "答复", "outcome");
  table.Column("grounds", v1::TEXT_COLUMN, "理由", "grounds");
  table.Column("stood", v1::TEXT_COLUMN, "救济情况", "stood");
  for (const v1::Precedent& one : advice.precedents()) {
    std::vector<std::string> grounds;
    for (const int ground : one.grounds()) {
      grounds.push_back(TermOf(static_cast<v1::Ground>(ground), locale));
    }
    table.Row();
    table.Text(NumberOf(one.name()));
    table.Share(one.score());
    table.Text(one.receipt_date());
    table.Text(TermOf(one.outcome(), locale));
    table.Text(absl::StrJoin(grounds, Say(locale, "、", ", ")));
    table.Text(TermOf(one.stood(), locale));
  }
  return table.Done();
}

v1::Table WarningTable(const v1::AdviseDraftResponse& advice, Locale locale) {
  Maker table("warnings",
              Say(locale, "曾被纠正（以案促改）", "Corrected before"), locale);
  table.Column("number", v1::TEXT_COLUMN, "案号", "number");
  table.Column("what", v1::TEXT_COLUMN, "答复或理由", "outcome or ground");
  table.Column("remedy", v1::TEXT_COLUMN, "途径", "remedy");
  table.Column("result", v1::TEXT_COLUMN, "结果", "result");
  table.Column("decided_date", v1::DATE_COLUMN, "决定", "decided");
  table.Column("rectified", v1::TEXT_COLUMN, "已整改", "put right");
  for (const v1::DraftWarning& one : advice.warnings()) {
    table.Row();
    table.Text(NumberOf(one.name()));
    table.Text(one.ground() == v1::GROUND_UNSPECIFIED
                   ? TermOf(one.outcome(), locale)
                   : TermOf(one.ground(), locale));
    table.Text(TermOf(one.remedy(), locale));
    table.Text(TermOf(one.result(), locale));
    table.Text(one.decided_date());
    table.Text(one.rectified() ? Say(locale, "是", "yes")
                               : Say(locale, "否", "no"));
  }
  return table.Done();
}

}  // namespace gongkai::cli
