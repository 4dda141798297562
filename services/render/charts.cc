// SPDX-License-Identifier: Apache-2.0
#include "services/render/charts.h"

#include <array>

#include "absl/strings/str_join.h"
#include "services/render/cell.h"

namespace gongkai::render {
namespace {

std::string Say(Locale locale, std::string_view zh, std::string_view en) {
  return std::string(locale == Locale::kChinese ? zh : en);
}

// Told apart by those who see no colours too: they differ in lightness.
constexpr std::array<const char*, 4> kSeriesColors = {"#2166ac", "#92c5de",
                                                      "#b2182b", "#f4a582"};

std::string LabelOf(const v1::WorkGroup& group, Locale locale) {
  std::vector<std::string> parts;
  for (const std::string* part :
       {&group.agency(), &group.department(), &group.officer()}) {
    if (!part->empty()) parts.push_back(*part);
  }
  if (parts.empty()) return Say(locale, "未分配", "not assigned");
  return absl::StrJoin(parts, " ");
}

int PlaceOf(const v1::Table& table, const std::string& key) {
  for (int i = 0; i < table.columns_size(); ++i) {
    if (table.columns(i).key() == key) return i;
  }
  return -1;
}

double NumberOf(const v1::Cell& cell, v1::ColumnType type) {
  if (cell.has_decimal()) return cell.decimal();
  const auto number = static_cast<double>(cell.number());
  return type == v1::MONEY_COLUMN ? number / 100 : number;
}

std::string RowLabel(const v1::Table& table, const v1::Row& row) {
  std::vector<std::string> parts;
  for (int i = 0; i < table.columns_size(); ++i) {
    if (table.columns(i).type() != v1::TEXT_COLUMN) break;
    if (table.columns(i).key().ends_with("_key")) continue;
    const std::string text = CellText(CellAt(row, i), v1::TEXT_COLUMN);
    if (!text.empty()) parts.push_back(text);
  }
  return absl::StrJoin(parts, " ");
}

}  // namespace

BarChart WorkChart(const std::vector<v1::WorkGroup>& groups, Locale locale) {
  BarChart chart;
  chart.title = Say(locale, "待办事项预警", "Open duties by level");
  chart.description =
      Say(locale, "每组逾期、紧急、临近、正常与中止的事项数。",
          "For each group, how many duties are overdue, urgent, near, in time "
          "and suspended.");
  chart.unit = Say(locale, "件", "duties");
  chart.nothing = Say(locale, "没有待办事项", "no open duties");
  chart.series = {{Say(locale, "逾期", "overdue"), "#7f0000"},
                  {Say(locale, "红", "red"), "#d7301f"},
                  {Say(locale, "黄", "yellow"), "#fdbb52"},
                  {Say(locale, "绿", "green"), "#4daf7c"},
                  {Say(locale, "中止", "suspended"), "#bdbdbd"}};
  for (const v1::WorkGroup& group : groups) {
    chart.bars.push_back(
        {LabelOf(group, locale),
         {static_cast<double>(group.overdue()),
          static_cast<double>(group.red()), static_cast<double>(group.yellow()),
          static_cast<double>(group.green()),
          static_cast<double>(group.suspended())}});
  }
  return chart;
}

std::optional<BarChart> TableChart(const v1::Table& table,
                                   const std::vector<std::string>& keys,
                                   Locale locale) {
  BarChart chart;
  chart.title = table.title();
  chart.description = absl::StrJoin(table.notes(), " ");
  chart.nothing = Say(locale, "没有数据", "no data");
  chart.stacked = false;
  std::vector<int> places;
  for (const std::string& key : keys) {
    const int place = PlaceOf(table, key);
    if (place < 0) return std::nullopt;
    places.push_back(place);
    const v1::Column& column = table.columns(place);
    chart.series.push_back(
        {column.heading(),
         kSeriesColors[chart.series.size() % kSeriesColors.size()]});
    if (column.type() == v1::DECIMAL_COLUMN) chart.digits = 1;
    if (column.type() == v1::MONEY_COLUMN) chart.digits = 2;
  }
  for (const v1::Row& row : table.rows()) {
    BarChart::Bar bar{RowLabel(table, row), {}};
    for (const int place : places) {
      bar.values.push_back(
          NumberOf(CellAt(row, place), table.columns(place).type()));
    }
    chart.bars.push_back(std::move(bar));
  }
  return chart;
}

}  // namespace gongkai::render
