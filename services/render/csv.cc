// SPDX-License-Identifier: Apache-2.0
#include "services/render/csv.h"

#include <string_view>

#include "services/render/cell.h"

namespace gongkai::render {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

void AddQuoted(std::string_view text, std::string* out) {
  if (text.find_first_of(",\"\r\n") == std::string_view::npos) {
    out->append(text);
    return;
  }
  *out += '"';
  for (const char c : text) {
    if (c == '"') *out += '"';
    *out += c;
  }
  *out += '"';
}

// A text of others: harmless.
void AddText(std::string_view text, std::string* out) {
  AddQuoted(
      LooksLikeFormula(text) ? "'" + std::string(text) : std::string(text),
      out);
}

void AddCell(const v1::Cell& cell, v1::ColumnType type, std::string* out) {
  if (cell.has_text()) {
    AddText(cell.text(), out);
  } else {
    *out += CellValue(cell, type);
  }
}

}  // namespace

std::string Csv(const v1::Table& table, FirstLine first) {
  std::string out(kByteOrderMark);
  for (int i = 0; i < table.columns_size(); ++i) {
    const v1::Column& column = table.columns(i);
    if (i > 0) out += ',';
    AddText(first == FirstLine::kKeys ? column.key() : column.heading(), &out);
  }
  out += "\r\n";
  for (const v1::Row& row : table.rows()) {
    for (int i = 0; i < table.columns_size(); ++i) {
      if (i > 0) out += ',';
      AddCell(CellAt(row, i), table.columns(i).type(), &out);
    }
    out += "\r\n";
  }
  return out;
}

}  // namespace gongkai::render
