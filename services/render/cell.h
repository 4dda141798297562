// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_RENDER_CELL_H_
#define GONGKAI_SERVICES_RENDER_CELL_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "gongkai/v1/report.pb.h"

namespace gongkai::render {

// The cell as people read it: a share as `15.3%`, fen as yuan `12.34`; empty
// when nothing is set.
std::string CellText(const v1::Cell& cell, v1::ColumnType type);

// The cell as programs read it: a share as `0.153`, the rest as people do.
std::string CellValue(const v1::Cell& cell, v1::ColumnType type);

// The cell of column `i`, empty when the row is too short for it.
const v1::Cell& CellAt(const v1::Row& row, int i);

// Fen in yuan with two digits: `-0.05`.
std::string Yuan(int64_t fen);

// Whether a spreadsheet would take the text for a formula when it opens it in a
// file of plain text: it begins, blanks aside, with `=`, `+`, `-` or `@`, full
// width or not, or with a tab or carriage return.
bool LooksLikeFormula(std::string_view text);

}  // namespace gongkai::render

#endif  // GONGKAI_SERVICES_RENDER_CELL_H_
