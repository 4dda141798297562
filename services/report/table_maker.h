// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_REPORT_TABLE_MAKER_H_
#define GONGKAI_SERVICES_REPORT_TABLE_MAKER_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "gongkai/v1/report.pb.h"
#include "services/base/locale.h"
#include "services/law/facts.h"

namespace gongkai::report {

// A row while it is filled, cell after cell in the order of the columns.
class RowMaker {
 public:
  explicit RowMaker(v1::Row* row) : row_(*row) {}

  RowMaker& Text(std::string_view text);
  // A civil day; empty without one.
  RowMaker& Day(law::MaybeDay day);
  RowMaker& Number(int64_t number);
  RowMaker& Decimal(double decimal);
  // A share of `of`; empty when there is nothing to share.
  RowMaker& Share(int64_t part, int64_t of);
  RowMaker& Empty();

 private:
  v1::Row& row_;
};

// A table while it is made: columns, rows, notes.
class TableMaker {
 public:
  TableMaker(std::string_view key, std::string_view zh, std::string_view en,
             Locale locale);

  TableMaker& Column(std::string_view key, v1::ColumnType type,
                     std::string_view zh, std::string_view en);
  TableMaker& Text(std::string_view key, std::string_view zh,
                   std::string_view en) {
    return Column(key, v1::TEXT_COLUMN, zh, en);
  }
  TableMaker& Day(std::string_view key, std::string_view zh,
                  std::string_view en) {
    return Column(key, v1::DATE_COLUMN, zh, en);
  }
  TableMaker& Number(std::string_view key, std::string_view zh,
                     std::string_view en) {
    return Column(key, v1::NUMBER_COLUMN, zh, en);
  }
  TableMaker& Share(std::string_view key, std::string_view zh,
                    std::string_view en) {
    return Column(key, v1::SHARE_COLUMN, zh, en);
  }
  TableMaker& Money(std::string_view key, std::string_view zh,
                    std::string_view en) {
    return Column(key, v1::MONEY_COLUMN, zh, en);
  }

  TableMaker& Note(std::string_view zh, std::string_view en);
  RowMaker Row() { return RowMaker(table_.add_rows()); }
  v1::Table Done() { return std::move(table_); }

 private:
  Locale locale_;
  v1::Table table_;
};

}  // namespace gongkai::report

#endif  // GONGKAI_SERVICES_REPORT_TABLE_MAKER_H_
