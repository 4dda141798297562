// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_TESTS_RENDER_TABLES_H_
#define GONGKAI_TESTS_RENDER_TABLES_H_

#include <string>

#include "gongkai/v1/report.pb.h"

namespace gongkai::render {

inline void AddColumn(const std::string& key, const std::string& heading,
                      v1::ColumnType type, v1::Table* table) {
  v1::Column* column = table->add_columns();
  column->set_key(key);
  column->set_heading(heading);
  column->set_type(type);
}

// A column of each type and a row; `text` is what somebody wrote.
inline v1::Table OneOfEach(const std::string& text) {
  v1::Table table;
  table.set_key("rates");
  table.set_title("按年统计");
  AddColumn("who", "部门", v1::TEXT_COLUMN, &table);
  AddColumn("day", "日期", v1::DATE_COLUMN, &table);
  AddColumn("count", "件数", v1::NUMBER_COLUMN, &table);
  AddColumn("share", "占比", v1::SHARE_COLUMN, &table);
  AddColumn("days", "平均", v1::DECIMAL_COLUMN, &table);
  AddColumn("fee", "金额（元）", v1::MONEY_COLUMN, &table);
  v1::Row* row = table.add_rows();
  row->add_cells()->set_text(text);
  row->add_cells()->set_text("2024-02-29");
  row->add_cells()->set_number(-3);
  row->add_cells()->set_decimal(0.1534);
  row->add_cells()->set_decimal(12.25);
  row->add_cells()->set_number(123405);
  table.add_notes("占比 = 件数 ÷ 总数");
  return table;
}

}  // namespace gongkai::render

#endif  // GONGKAI_TESTS_RENDER_TABLES_H_
