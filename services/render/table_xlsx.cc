// SPDX-License-Identifier: Apache-2.0
#include "services/render/table_xlsx.h"

#include <algorithm>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "services/base/dates.h"
#include "services/base/text.h"
#include "services/render/cell.h"
#include "services/render/workbook.h"

namespace gongkai::render {
namespace {

// Title, the line beneath it, headings.
constexpr int kAboutRow = 1;
constexpr int kHeadingRow = 2;
constexpr int kFirstRow = 3;
// Rows of a sheet, less what stands around the table.
constexpr int kMostRows = 1048576 - 100;
// From so many rows on a file is written row by row.
constexpr int kLargeRows = 20000;
// Widths are taken from so many rows.
constexpr int kMeasuredRows = 1000;
constexpr size_t kLeastWidth = 6;
constexpr size_t kMostWidth = 46;
// Letters of ten points that fit across an upright page.
constexpr double kUprightWidth = 95;
// And across one that lies, made so small as can still be read.
constexpr double kReadableWidth = 230;
// Points of one line.
constexpr double kLine = 14;

Look LookOf(v1::ColumnType type) {
  Look look{.border = true};
  switch (type) {
    case v1::NUMBER_COLUMN:
      look.number_format = "0";
      break;
    case v1::SHARE_COLUMN:
      look.number_format = "0.0%";
      break;
    case v1::DECIMAL_COLUMN:
      look.number_format = "0.0";
      break;
    case v1::MONEY_COLUMN:
      look.number_format = "0.00";
      break;
    case v1::DATE_COLUMN:
      look.number_format = "yyyy-mm-dd";
      look.align = LXW_ALIGN_CENTER;
      break;
    default:
      look.wrap = true;
      break;
  }
  return look;
}

void AddCell(const v1::Cell& cell, v1::ColumnType type, int row, int column,
             const Look& look, lxw_worksheet* sheet, Workbook* book) {
  switch (cell.value_case()) {
    case v1::Cell::kText:
      if (type == v1::DATE_COLUMN) {
        book->Day(sheet, row, column, cell.text(), look);
      } else {
        book->Text(sheet, row, column, cell.text(), look);
      }
      break;
    case v1::Cell::kNumber: {
      const auto number = static_cast<double>(cell.number());
      book->Number(sheet, row, column,
                   type == v1::MONEY_COLUMN ? number / 100 : number, look);
      break;
    }
    case v1::Cell::kDecimal:
      book->Number(sheet, row, column, cell.decimal(), look);
      break;
    case v1::Cell::VALUE_NOT_SET:
      book->Blank(sheet, row, column, look);
      break;
  }
}

// Lines of a text in a column so wide.
int LinesOf(std::string_view text, double width) {
  int lines = 0;
  for (const absl::string_view line : absl::StrSplit(ToAbsl(text), '\n')) {
    const auto letters = static_cast<double>(DisplayWidth(ToStd(line)));
    lines += std::max(1, static_cast<int>(std::ceil(letters / (width - 1))));
  }
  return lines;
}

std::vector<double> Widths(const v1::Table& table) {
  std::vector<double> widths;
  const int measured = std::min(table.rows_size(), kMeasuredRows);
  for (int i = 0; i < table.columns_size(); ++i) {
    const v1::Column& column = table.columns(i);
    // Headings stand in two lines; two more for the button of the filter.
    size_t width =
        std::max(kLeastWidth, (DisplayWidth(column.heading()) + 1) / 2 + 2);
    for (int r = 0; r < measured; ++r) {
      width = std::max(width, DisplayWidth(CellText(CellAt(table.rows(r), i),
                                                    column.type())));
    }
    widths.push_back(static_cast<double>(std::min(width, kMostWidth)) + 1.5);
  }
  return widths;
}

void AddHead(const v1::Table& table, const Surroundings& around,
             lxw_worksheet* sheet, Workbook* book) {
  book->Height(sheet, 0, 24);
  book->Text(sheet, 0, 0, table.title(), {.size = 14, .bold = true});
  book->Text(sheet, kAboutRow, 0, around.about, {.size = 9, .grey = true});
  const Look look{.align = LXW_ALIGN_CENTER,
                  .bold = true,
                  .border = true,
                  .wrap = true,
                  .filled = true};
  book->Height(sheet, kHeadingRow, 30);
  for (int i = 0; i < table.columns_size(); ++i) {
    book->Text(sheet, kHeadingRow, i, table.columns(i).heading(), look);
  }
}

// How many lines the row takes when its texts are wrapped.
int Lines(const v1::Table& table, const v1::Row& row,
          const std::vector<double>& widths) {
  int lines = 1;
  for (int i = 0; i < table.columns_size(); ++i) {
    if (!CellAt(row, i).has_text()) continue;
    lines = std::max(lines, LinesOf(CellAt(row, i).text(), widths[i]));
  }
  return lines;
}

// Definitions and hints, across the whole table where cells can be merged.
void AddNotes(const v1::Table& table, const std::vector<double>& widths,
              bool large, lxw_worksheet* sheet, Workbook* book) {
  double across = 0;
  for (const double width : widths) across += width;
  int row = kFirstRow + table.rows_size() + 1;
  for (const std::string& note : table.notes()) {
    const Look look{.size = 9, .wrap = !large, .grey = true};
    if (large) {
      book->Text(sheet, row++, 0, note, look);
      continue;
    }
    book->Height(sheet, row, kLine * LinesOf(note, across));
    book->Merged(sheet, row, 0, row, std::max(0, table.columns_size() - 1),
                 note, look);
    ++row;
  }
}

void AddRows(const v1::Table& table, const std::vector<double>& widths,
             lxw_worksheet* sheet, Workbook* book) {
  std::vector<Look> looks;
  for (const v1::Column& column : table.columns()) {
    looks.push_back(LookOf(column.type()));
  }
  for (int r = 0; r < table.rows_size(); ++r) {
    book->Height(sheet, kFirstRow + r,
                 kLine * Lines(table, table.rows(r), widths) + 2);
    for (int i = 0; i < table.columns_size(); ++i) {
      AddCell(CellAt(table.rows(r), i), table.columns(i).type(), kFirstRow + r,
              i, looks[i], sheet, book);
    }
  }
}

void AddSheet(const v1::Table& table, const Surroundings& around, bool large,
              Workbook* book) {
  lxw_worksheet* sheet = book->AddSheet(table.title());
  if (sheet == nullptr) return;
  const std::vector<double> widths = Widths(table);
  double across = 0;
  for (size_t i = 0; i < widths.size(); ++i) {
    const int column = static_cast<int>(i);
    book->Width(sheet, column, column, widths[i]);
    across += widths[i];
  }
  // Before any row: a file that is written row by row does not look back.
  if (table.columns_size() > 0) {
    book->Note(worksheet_autofilter(
        sheet, kHeadingRow, 0,
        static_cast<lxw_row_t>(kHeadingRow + std::max(1, table.rows_size())),
        static_cast<lxw_col_t>(table.columns_size() - 1)));
  }
  AddHead(table, around, sheet, book);
  AddRows(table, widths, sheet, book);
  AddNotes(table, widths, large, sheet, book);
  book->Page(sheet, across > kUprightWidth,
             absl::StrCat(table.title(), "  ", around.about));
  const int pages =
      std::max(1, static_cast<int>(std::ceil(across / kReadableWidth)));
  worksheet_fit_to_pages(sheet, static_cast<uint16_t>(pages), 0);
  if (pages > 1) book->Note(worksheet_repeat_columns(sheet, 0, 0));
  book->Note(worksheet_repeat_rows(sheet, kHeadingRow, kHeadingRow));
  worksheet_freeze_panes(sheet, kFirstRow, 1);
}

}  // namespace

absl::StatusOr<std::string> Xlsx(const std::vector<v1::Table>& tables,
                                 const Surroundings& around) {
  int most = 0;
  for (const v1::Table& table : tables) {
    most = std::max(most, table.rows_size());
  }
  if (most > kMostRows) {
    return absl::OutOfRangeError(
        absl::StrCat(most, " rows: a sheet holds ", kMostRows,
                     "; take a file of comma-separated values"));
  }
  Workbook book(tables.empty() ? "" : tables[0].title(), around.created,
                most > kLargeRows);
  for (const v1::Table& table : tables) {
    AddSheet(table, around, most > kLargeRows, &book);
  }
  return book.Finish();
}

}  // namespace gongkai::render
