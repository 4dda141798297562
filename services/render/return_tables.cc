// SPDX-License-Identifier: Apache-2.0
#include "services/render/form_labels.h"
#include "services/render/return_form.h"

namespace gongkai::render {
namespace {

constexpr int kColumns = 7;
constexpr int kCells = 5;

std::string Say(Locale locale, std::string_view zh, std::string_view en) {
  return std::string(locale == Locale::kChinese ? zh : en);
}

void AddColumn(std::string_view key, const std::string& heading,
               v1::ColumnType type, v1::Table* table) {
  v1::Column* column = table->add_columns();
  column->set_key(std::string(key));
  column->set_heading(heading);
  column->set_type(type);
}

void AddCount(const google::protobuf::RepeatedField<int32_t>& cells, int place,
              v1::Row* row) {
  v1::Cell* cell = row->add_cells();
  if (place < cells.size()) cell->set_number(cells.Get(place));
}

v1::Table Applications(const v1::AnnualReturn& annual, Locale locale) {
  v1::Table table;
  table.set_key("applications");
  table.set_title(Say(locale, "三、收到和处理政府信息公开申请情况",
                      "III. Applications received and handled"));
  AddColumn("row", Say(locale, "行", "row"), v1::TEXT_COLUMN, &table);
  AddColumn("label", Say(locale, "项目", "item"), v1::TEXT_COLUMN, &table);
  for (const report::FormRow& column : report::ReturnColumns()) {
    AddColumn(column.code, LabelOf(column, locale), v1::NUMBER_COLUMN, &table);
  }
  int row = 0;
  for (const report::FormRow& form : report::ReturnRows()) {
    v1::Row* added = table.add_rows();
    added->add_cells()->set_text(std::string(form.code));
    added->add_cells()->set_text(ReturnRowLabel(row + 1, locale));
    for (int i = 0; i < kColumns; ++i) {
      AddCount(annual.cells(), row * kColumns + i, added);
    }
    ++row;
  }
  return table;
}

v1::Table Remedies(const v1::AnnualReturn& annual, Locale locale) {
  v1::Table table;
  table.set_key("remedies");
  table.set_title(Say(locale, "四、政府信息公开行政复议、行政诉讼情况",
                      "IV. Reviews and lawsuits"));
  AddColumn("group", Say(locale, "行", "row"), v1::TEXT_COLUMN, &table);
  AddColumn("label", Say(locale, "项目", "item"), v1::TEXT_COLUMN, &table);
  for (const report::FormRow& cell : report::RemedyCells()) {
    AddColumn(cell.code, LabelOf(cell, locale), v1::NUMBER_COLUMN, &table);
  }
  int group = 0;
  for (const report::FormRow& form : report::RemedyGroups()) {
    v1::Row* added = table.add_rows();
    added->add_cells()->set_text(std::string(form.code));
    added->add_cells()->set_text(LabelOf(form, locale));
    for (int i = 0; i < kCells; ++i) {
      AddCount(annual.remedies(), group * kCells + i, added);
    }
    ++group;
  }
  return table;
}

v1::Table Fees(const v1::FeeFigures& fees, Locale locale) {
  v1::Table table;
  table.set_key("fees");
  table.set_title(Say(locale, "六、信息处理费", "VI. Fees"));
  AddColumn("notices", Say(locale, "收费通知（件）", "notices"),
            v1::NUMBER_COLUMN, &table);
  AddColumn("asked", Say(locale, "通知金额（元）", "asked, yuan"),
            v1::MONEY_COLUMN, &table);
  AddColumn("payments", Say(locale, "缴费（笔）", "payments"),
            v1::NUMBER_COLUMN, &table);
  AddColumn("paid", Say(locale, "实收金额（元）", "paid, yuan"),
            v1::MONEY_COLUMN, &table);
  v1::Row* row = table.add_rows();
  row->add_cells()->set_number(fees.notices());
  row->add_cells()->set_number(fees.asked_fen());
  row->add_cells()->set_number(fees.payments());
  row->add_cells()->set_number(fees.paid_fen());
  return table;
}

}  // namespace

std::string ReturnRowLabel(int row, Locale locale) {
  const report::FormRow& form =
      report::ReturnRows()[static_cast<size_t>(row) - 1];
  const RowPlace place = PlaceOf(form);
  const std::string leaf = LeafLabel(form, locale);
  if (place.item.empty()) return leaf;
  return GroupLabel(place.group, locale) + Say(locale, "：", ": ") + leaf;
}

std::vector<v1::Table> ReturnTables(const v1::AnnualReturn& annual,
                                    Locale locale) {
  return {Applications(annual, locale), Remedies(annual, locale),
          Fees(annual.fees(), locale)};
}

}  // namespace gongkai::render
