// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_CLIENTS_CLI_CSV_H_
#define GONGKAI_CLIENTS_CLI_CSV_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace gongkai::cli {

// A file of comma-separated values with a heading (RFC 4180): quoted cells may
// hold commas, quotation marks and line breaks.
struct Csv {
  struct Row {
    // Line of the file on which the row begins, 1-based.
    int line = 0;
    std::vector<std::string> cells;
  };
  std::vector<std::string> heading;
  std::vector<Row> rows;

  // Place of the column, or nothing when the heading has none of that name.
  std::optional<size_t> Column(std::string_view name) const;
  // The cell, empty when the row or the heading is too short for it.
  std::string Cell(const Row& row, std::string_view column) const;
};

// Reads a text of any line ending, with or without byte order mark; empty
// lines are left out. A row of another length than the heading is kept, for
// its reader to judge. INVALID_ARGUMENT when there is no heading or a
// quotation mark is never closed.
absl::StatusOr<Csv> ReadCsv(std::string_view text);

// One line of the file, without its end: cells quoted where they must be.
std::string CsvLine(const std::vector<std::string>& cells);

}  // namespace gongkai::cli

#endif  // GONGKAI_CLIENTS_CLI_CSV_H_
