// SPDX-License-Identifier: Apache-2.0
#include "services/report/table_maker.h"

#include "services/base/dates.h"
#include "services/report/words.h"

namespace gongkai::report {

RowMaker& RowMaker::Text(std::string_view text) {
  v1::Cell& cell = *row_.add_cells();
  if (!text.empty()) cell.set_text(std::string(text));
  return *this;
}

RowMaker& RowMaker::Day(law::MaybeDay day) {
  return Text(day ? FormatDay(*day) : "");
}

RowMaker& RowMaker::Number(int64_t number) {
  row_.add_cells()->set_number(number);
  return *this;
}

RowMaker& RowMaker::Decimal(double decimal) {
  row_.add_cells()->set_decimal(decimal);
  return *this;
}

RowMaker& RowMaker::Share(int64_t part, int64_t of) {
  if (of == 0) return Empty();
  return Decimal(static_cast<double>(part) / static_cast<double>(of));
}

RowMaker& RowMaker::Empty() {
  row_.add_cells();
  return *this;
}

TableMaker::TableMaker(std::string_view key, std::string_view zh,
                       std::string_view en, Locale locale)
    : locale_(locale) {
  table_.set_key(std::string(key));
  table_.set_title(Say(locale, zh, en));
}

TableMaker& TableMaker::Column(std::string_view key, v1::ColumnType type,
                               std::string_view zh, std::string_view en) {
  v1::Column& column = *table_.add_columns();
  column.set_key(std::string(key));
  column.set_heading(Say(locale_, zh, en));
  column.set_type(type);
  return *this;
}

TableMaker& TableMaker::Note(std::string_view zh, std::string_view en) {
  table_.add_notes(Say(locale_, zh, en));
  return *this;
}

}  // namespace gongkai::report
