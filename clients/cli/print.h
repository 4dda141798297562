// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_CLIENTS_CLI_PRINT_H_
#define GONGKAI_CLIENTS_CLI_PRINT_H_

#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "clients/cli/command.h"
#include "gongkai/v1/case.pb.h"
#include "google/protobuf/message.h"

namespace gongkai::cli {

// A table whose columns stay aligned with wide characters: a Chinese one takes
// two columns of the terminal.
class Table {
 public:
  explicit Table(std::vector<std::string> heading);

  // Cells beyond the heading are dropped, missing ones are empty. Line breaks
  // within a cell become blanks.
  void Add(std::vector<std::string> cells);
  bool empty() const { return rows_.size() == 1; }

  // Columns whose cells stand at the right, as numbers do.
  void AlignRight(std::vector<bool> right) { right_ = std::move(right); }

  // Cells are cut to `most` columns of the terminal, with an ellipsis; 0 cuts
  // nothing. The last column is never padded.
  void Print(std::ostream& out, size_t most = 0) const;

 private:
  std::vector<std::vector<std::string>> rows_;
  std::vector<bool> right_;
};

// The text padded with blanks to `columns` of the terminal.
std::string Padded(std::string_view text, size_t columns);

// The text cut to `columns` of the terminal, with an ellipsis when cut.
std::string Clipped(std::string_view text, size_t columns);

// One JSON object, fields named as in the contract.
void PrintJson(std::ostream& out, const google::protobuf::Message& message);

// A limit on one line: its days, state and article.
void AddLimit(const v1::Limit& limit, Locale locale, Table* table);
// The table that AddLimit fills.
Table LimitTable(Locale locale);

// What an act left behind.
void PrintReceipt(const Run& run, const v1::Receipt& receipt);

// An error as people read it: the sentence, then field, phase, limit, last day
// and article, each on a line.
void PrintError(std::ostream& err, const absl::Status& status, Locale locale);

}  // namespace gongkai::cli

#endif  // GONGKAI_CLIENTS_CLI_PRINT_H_
