// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_CLIENTS_CLI_DUE_H_
#define GONGKAI_CLIENTS_CLI_DUE_H_

#include <ostream>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "clients/cli/command.h"
#include "services/law/calendar.h"
#include "services/law/rulebook.h"

namespace gongkai::cli {

// Counting of days without a service, for checking against any other source.

// The end of a count of `length` units after `start`, which is not counted
// (CPL 85). `unit` is WD (working days), CD (days) or M (months). A last day
// off moves to the next working day when `rolls` (CPL 85, ALL-I 48). Errors
// name what is wrong with the text.
absl::StatusOr<law::Counted> DueOf(const law::Calendar& calendar,
                                   std::string_view start,
                                   std::string_view length,
                                   std::string_view unit, bool rolls);

// Writes the rows of a CSV file with the columns start_date, length and unit,
// each with due_date and status added: `ok`, `provisional` or `error: …`.
// Every row is kept. Returns the number of broken rows; INVALID_ARGUMENT when
// the file has not these columns.
absl::StatusOr<int> WriteDueCsv(const law::Calendar& calendar,
                                std::string_view csv, bool rolls,
                                std::ostream& out);

// A calendar from a CSV file of days that depart from the plain week: columns
// date and kind (off or work; also holiday, workday, plain), optional name and
// notice. A later row on a day replaces an earlier one. The years of the file
// count as published, from the first to the last. INVALID_ARGUMENT names the
// line.
absl::StatusOr<law::Calendar> CalendarFromCsv(std::string_view csv);

// The project's calendar from its folder: notices.csv and days.csv, and of the
// folder local/`place` when a place is named.
absl::StatusOr<law::Calendar> CalendarFromFolder(const std::string& folder,
                                                 const std::string& place);

// The project's rulebook: every textproto of the folder.
absl::StatusOr<law::Rulebook> RulebookFromFolder(const std::string& folder);

}  // namespace gongkai::cli

#endif  // GONGKAI_CLIENTS_CLI_DUE_H_
