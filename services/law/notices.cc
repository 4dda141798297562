// SPDX-License-Identifier: Apache-2.0
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_format.h"
#include "services/base/dates.h"
#include "services/base/status_macros.h"
#include "services/law/calendar.h"

namespace gongkai::law {
namespace {

struct Row {
  int line = 0;  // of the file, 1-based
  std::vector<std::string> cells;
};

struct Table {
  std::string file;
  std::map<std::string, size_t> columns;
  std::vector<Row> rows;

  const std::string& At(const Row& row, const std::string& column) const {
    return row.cells[columns.at(column)];
  }
};

absl::Status Bad(const std::string& file, int line, const std::string& what) {
  return absl::InvalidArgumentError(
      absl::StrFormat("%s, line %d: %s", file, line, what));
}

// RFC 4180: quoted cells may hold commas, line breaks and doubled quotes.
absl::StatusOr<std::vector<Row>> ReadRows(const std::string& file,
                                          std::string_view text) {
  std::vector<Row> rows;
  Row row{1, {""}};
  bool quoted = false;
  int line = 1;
  const auto end_row = [&] {
    if (row.cells.size() > 1 || !row.cells[0].empty()) rows.push_back(row);
    row = Row{line, {""}};
  };
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '\n') ++line;
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
    } else if (c == '\n') {
      end_row();
    } else if (c != '\r') {
      row.cells.back() += c;
    }
  }
  if (quoted) return Bad(file, row.line, "a quotation mark is not closed");
  end_row();
  return rows;
}

absl::StatusOr<Table> ReadTable(const std::string& file, std::string_view text,
                                const std::vector<std::string>& wanted) {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  if (text.substr(0, 3) == kByteOrderMark) text.remove_prefix(3);
  Table table;
  table.file = file;
  ASSIGN_OR_RETURN(table.rows, ReadRows(file, text));
  if (table.rows.empty()) return Bad(file, 1, "no heading");
  const Row heading = table.rows.front();
  table.rows.erase(table.rows.begin());
  for (size_t i = 0; i < heading.cells.size(); ++i) {
    table.columns.emplace(heading.cells[i], i);
  }
  for (const std::string& column : wanted) {
    if (table.columns.count(column) == 0) {
      return Bad(file, 1, "column " + column + " is missing");
    }
  }
  for (const Row& row : table.rows) {
    if (row.cells.size() != heading.cells.size()) {
      return Bad(file, row.line,
                 absl::StrFormat("%d cells where the heading has %d",
                                 row.cells.size(), heading.cells.size()));
    }
  }
  return table;
}

absl::StatusOr<absl::CivilDay> DayAt(const Table& table, const Row& row,
                                     const std::string& column) {
  const auto day = ParseDay(table.At(row, column));
  if (!day.ok()) {
    return Bad(table.file, row.line, std::string(day.status().message()));
  }
  return *day;
}

absl::StatusOr<Notice> NoticeOf(const Table& table, const Row& row) {
  Notice notice;
  const std::string& year = table.At(row, "calendar_year");
  if (!year.empty() && (!absl::SimpleAtoi(year, &notice.year) ||
                        notice.year < 1949 || notice.year > 2199)) {
    return Bad(table.file, row.line, "not a year: '" + year + "'");
  }
  notice.number = table.At(row, "notice");
  if (notice.number.empty()) return Bad(table.file, row.line, "no number");
  notice.title = table.At(row, "title");
  ASSIGN_OR_RETURN(notice.issued, DayAt(table, row, "issued"));
  notice.source = table.At(row, "url");
  return notice;
}

absl::StatusOr<NoticeDay> NoticeDayOf(const Table& table, const Row& row) {
  NoticeDay day;
  ASSIGN_OR_RETURN(day.day, DayAt(table, row, "date"));
  day.name = table.At(row, "name");
  const std::string& kind = table.At(row, "kind");
  const absl::Weekday weekday = absl::GetWeekday(day.day);
  const bool weekend =
      weekday == absl::Weekday::saturday || weekday == absl::Weekday::sunday;
  if (kind == "off") {
    day.kind = v1::DAY_OFF;
  } else if (kind == "work") {
    day.kind = weekend ? v1::MAKE_UP_WORKDAY : v1::WORKDAY;
  } else if (kind == "plain") {
    day.kind = weekend ? v1::WEEKEND : v1::WORKDAY;
  } else {
    return Bad(table.file, row.line,
               "kind is off, work or plain, not '" + kind + "'");
  }
  return day;
}

}  // namespace

absl::StatusOr<std::vector<Notice>> ReadNotices(std::string_view notices_csv,
                                                std::string_view days_csv) {
  ASSIGN_OR_RETURN(const Table notices, ReadTable("notices", notices_csv,
                                                  {"calendar_year", "notice",
                                                   "title", "issued", "url"}));
  ASSIGN_OR_RETURN(
      const Table days,
      ReadTable("days", days_csv, {"date", "kind", "name", "notice"}));
  std::vector<Notice> result;
  std::map<std::string, size_t> place;
  for (const Row& row : notices.rows) {
    ASSIGN_OR_RETURN(Notice notice, NoticeOf(notices, row));
    if (!place.emplace(notice.number, result.size()).second) {
      return Bad(notices.file, row.line, notice.number + " is there twice");
    }
    result.push_back(std::move(notice));
  }
  for (const Row& row : days.rows) {
    ASSIGN_OR_RETURN(NoticeDay day, NoticeDayOf(days, row));
    const auto at = place.find(days.At(row, "notice"));
    if (at == place.end()) {
      return Bad(days.file, row.line,
                 "no such notice: '" + days.At(row, "notice") + "'");
    }
    result[at->second].days.push_back(std::move(day));
  }
  return result;
}

}  // namespace gongkai::law
