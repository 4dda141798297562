// SPDX-License-Identifier: Apache-2.0
#include "services/render/cell.h"

#include <array>
#include <cstdlib>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace gongkai::render {

std::string Yuan(int64_t fen) {
  return absl::StrFormat("%s%d.%02d", fen < 0 ? "-" : "", std::abs(fen / 100),
                         std::abs(fen % 100));
}

std::string CellValue(const v1::Cell& cell, v1::ColumnType type) {
  switch (cell.value_case()) {
    case v1::Cell::kText:
      return cell.text();
    case v1::Cell::kNumber:
      return type == v1::MONEY_COLUMN ? Yuan(cell.number())
                                      : absl::StrCat(cell.number());
    case v1::Cell::kDecimal:
      return type == v1::DECIMAL_COLUMN
                 ? absl::StrFormat("%.1f", cell.decimal())
                 : absl::StrCat(cell.decimal());
    case v1::Cell::VALUE_NOT_SET:
      break;
  }
  return "";
}

std::string CellText(const v1::Cell& cell, v1::ColumnType type) {
  if (type == v1::SHARE_COLUMN && cell.has_decimal()) {
    return absl::StrFormat("%.1f%%", cell.decimal() * 100);
  }
  return CellValue(cell, type);
}

const v1::Cell& CellAt(const v1::Row& row, int i) {
  return i < row.cells_size() ? row.cells(i) : v1::Cell::default_instance();
}

bool LooksLikeFormula(std::string_view text) {
  if (text.starts_with('\t') || text.starts_with('\r')) return true;
  const size_t first = text.find_first_not_of(" \n\t\r");
  if (first == std::string_view::npos) return false;
  text.remove_prefix(first);
  constexpr std::array<std::string_view, 9> kSigns = {
      "=", "+", "-", "@", "＝", "＋", "－", "＠", "−"};
  for (const std::string_view sign : kSigns) {
    if (text.starts_with(sign)) return true;
  }
  return false;
}

}  // namespace gongkai::render
