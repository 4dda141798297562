// SPDX-License-Identifier: Apache-2.0
#include "clients/cli/csv.h"

#include <algorithm>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"

namespace gongkai::cli {
namespace {

bool IsBlank(const Csv::Row& row) {
  return row.cells.size() == 1 && row.cells[0].empty();
}

}  // namespace

std::optional<size_t> Csv::Column(std::string_view name) const {
  const auto it = std::find(heading.begin(), heading.end(), name);
  if (it == heading.end()) return std::nullopt;
  return it - heading.begin();
}

std::string Csv::Cell(const Row& row, std::string_view column) const {
  const auto at = Column(column);
  return at.has_value() && *at < row.cells.size() ? row.cells[*at] : "";
}

absl::StatusOr<Csv> ReadCsv(std::string_view text) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  Csv csv;
  Csv::Row row{1, {""}};
  int line = 1;
  bool quoted = false;
  const auto end_row = [&] {
    if (!IsBlank(row)) csv.rows.push_back(std::move(row));
    row = Csv::Row{line, {""}};
  };
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const bool crlf = c == '\r' && i + 1 < text.size() && text[i + 1] == '\n';
    if (c == '\n' || (c == '\r' && !crlf)) ++line;
    if (quoted) {
      if (c != '"') {
        row.cells.back() += c;
      } else if (i + 1 < text.size() && text[i + 1] == '"') {
        row.cells.back() += text[++i];
      } else {
        quoted = false;
      }
    } else if (c == '"' && row.cells.back().empty()) {
      quoted = true;
    } else if (c == ',') {
      row.cells.emplace_back();
    } else if (c == '\n' || (c == '\r' && !crlf)) {
      end_row();
    } else if (!crlf) {
      row.cells.back() += c;
    }
  }
  if (quoted) {
    return absl::InvalidArgumentError(
        absl::StrCat("line ", row.line, ": a quotation mark is never closed"));
  }
  end_row();
  if (csv.rows.empty()) return absl::InvalidArgumentError("no heading");
  csv.heading = std::move(csv.rows.front().cells);
  csv.rows.erase(csv.rows.begin());
  return csv;
}

std::string CsvLine(const std::vector<std::string>& cells) {
  std::string line;
  for (size_t i = 0; i < cells.size(); ++i) {
    if (i > 0) line += ',';
    if (cells[i].find_first_of(",\"\r\n") == std::string::npos) {
      line += cells[i];
    } else {
      absl::StrAppend(&line, "\"",
                      absl::StrReplaceAll(cells[i], {{"\"", "\"\""}}), "\"");
    }
  }
  return line;
}

}  // namespace gongkai::cli
