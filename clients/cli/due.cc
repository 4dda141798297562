// SPDX-License-Identifier: Apache-2.0
#include "clients/cli/due.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "clients/cli/csv.h"
#include "clients/cli/fields.h"
#include "services/base/dates.h"
#include "services/base/status_macros.h"

namespace gongkai::cli {
namespace {

// The longest count: beyond, the start date or the length is a slip.
constexpr int kMostUnits = 10000;

std::string Stripped(std::string_view text) {
  return std::string(absl::StripAsciiWhitespace(ToAbsl(text)));
}

absl::Status BadLine(int line, const std::string& what) {
  return absl::InvalidArgumentError(absl::StrCat("line ", line, ": ", what));
}

bool IsWeekend(absl::CivilDay day) {
  const absl::Weekday weekday = absl::GetWeekday(day);
  return weekday == absl::Weekday::saturday || weekday == absl::Weekday::sunday;
}

absl::StatusOr<v1::DayKind> KindOf(const std::string& word,
                                   absl::CivilDay day) {
  const bool weekend = IsWeekend(day);
  if (word == "off" || word == "holiday" || word == "rest") {
    return v1::DAY_OFF;
  }
  if (word == "work" || word == "workday") {
    return weekend ? v1::MAKE_UP_WORKDAY : v1::WORKDAY;
  }
  if (word == "plain") return weekend ? v1::WEEKEND : v1::WORKDAY;
  return absl::InvalidArgumentError("kind: off or work, not '" + word + "'");
}

}  // namespace

absl::StatusOr<law::Counted> DueOf(const law::Calendar& calendar,
                                   std::string_view start,
                                   std::string_view length,
                                   std::string_view unit, bool rolls) {
  ASSIGN_OR_RETURN(const absl::CivilDay day, ParseDay(Stripped(start)));
  int units = 0;
  if (!absl::SimpleAtoi(Stripped(length), &units) || units < 0 ||
      units > kMostUnits) {
    return absl::InvalidArgumentError(
        absl::StrCat("length: a number from 0 to ", kMostUnits, ", not '",
                     ToAbsl(length), "'"));
  }
  const std::string word = absl::AsciiStrToUpper(Stripped(unit));
  v1::LimitUnit counted_in = v1::WORKING_DAYS;
  if (word == "CD") {
    counted_in = v1::CALENDAR_DAYS;
  } else if (word == "M") {
    counted_in = v1::MONTHS;
  } else if (word != "WD") {
    return absl::InvalidArgumentError(
        absl::StrCat("unit: WD, CD or M, not '", ToAbsl(unit), "'"));
  }
  const law::Counted counted =
      law::AddUnits(calendar, day, units, counted_in, rolls);
  if (counted.day.year() > 2199) {
    return absl::OutOfRangeError("the count ends after 2199");
  }
  return counted;
}

absl::StatusOr<int> WriteDueCsv(const law::Calendar& calendar,
                                std::string_view csv, bool rolls,
                                std::ostream& out) {
  ASSIGN_OR_RETURN(const Csv table, ReadCsv(csv));
  for (const char* column : {"start_date", "length", "unit"}) {
    if (!table.Column(column).has_value()) {
      return absl::InvalidArgumentError(
          absl::StrCat("the file has no column ", column));
    }
  }
  std::vector<std::string> heading = table.heading;
  heading.insert(heading.end(), {"due_date", "status"});
  out << CsvLine(heading) << '\n';
  int broken = 0;
  for (const Csv::Row& row : table.rows) {
    std::vector<std::string> cells = row.cells;
    absl::StatusOr<law::Counted> due =
        cells.size() == table.heading.size()
            ? DueOf(calendar, table.Cell(row, "start_date"),
                    table.Cell(row, "length"), table.Cell(row, "unit"), rolls)
            : absl::InvalidArgumentError(
                  absl::StrCat("the row has ", cells.size(),
                               " cells, the heading ", table.heading.size()));
    cells.resize(table.heading.size());
    if (due.ok()) {
      cells.push_back(FormatDay(due->day));
      cells.push_back(due->provisional ? "provisional" : "ok");
    } else {
      ++broken;
      cells.push_back("");
      cells.push_back(absl::StrCat("error: ", due.status().message()));
    }
    out << CsvLine(cells) << '\n';
  }
  return broken;
}

absl::StatusOr<law::Calendar> CalendarFromCsv(std::string_view csv) {
  ASSIGN_OR_RETURN(const Csv table, ReadCsv(csv));
  for (const char* column : {"date", "kind"}) {
    if (!table.Column(column).has_value()) {
      return absl::InvalidArgumentError(
          absl::StrCat("the calendar has no column ", column));
    }
  }
  std::map<absl::CivilDay, law::NoticeDay> days;
  for (const Csv::Row& row : table.rows) {
    const auto day = ParseDay(Stripped(table.Cell(row, "date")));
    if (!day.ok()) {
      return BadLine(row.line, std::string(day.status().message()));
    }
    const auto kind = KindOf(Stripped(table.Cell(row, "kind")), *day);
    if (!kind.ok()) {
      return BadLine(row.line, std::string(kind.status().message()));
    }
    days[*day] = law::NoticeDay{*day, *kind, table.Cell(row, "name")};
  }
  if (days.empty()) return law::Calendar();
  // One notice for each year of the file, issued on its first day. A year's
  // last days of the year before (2006-12-30) go with the first notice.
  const absl::CivilDay last = days.rbegin()->first;
  int first_year = days.begin()->first.year();
  if (days.begin()->first.month() == 12 && first_year < last.year()) {
    ++first_year;
  }
  std::map<int, law::Notice> notices;
  for (int year = first_year; year <= last.year(); ++year) {
    law::Notice& notice = notices[year];
    notice.number = absl::StrCat("CSV-", year);
    notice.title = notice.number;
    notice.issued = absl::CivilDay(year, 1, 1);
    notice.year = year;
  }
  for (auto& [day, noticed] : days) {
    const int year = std::max<int>(day.year(), first_year);
    notices[year].days.push_back(std::move(noticed));
  }
  std::vector<law::Notice> in_order;
  for (auto& [year, notice] : notices) in_order.push_back(std::move(notice));
  return law::Calendar::Build(in_order);
}

absl::StatusOr<law::Calendar> CalendarFromFolder(const std::string& folder,
                                                 const std::string& place) {
  std::vector<law::Notice> notices;
  std::vector<std::string> folders = {folder};
  if (!place.empty()) folders.push_back(folder + "/local/" + place);
  for (const std::string& from : folders) {
    ASSIGN_OR_RETURN(const std::string notices_csv,
                     ReadFile(from + "/notices.csv"));
    ASSIGN_OR_RETURN(const std::string days_csv, ReadFile(from + "/days.csv"));
    ASSIGN_OR_RETURN(std::vector<law::Notice> read,
                     law::ReadNotices(notices_csv, days_csv));
    for (law::Notice& notice : read) notices.push_back(std::move(notice));
  }
  // Where two order the same day, the one issued later counts; a place's own
  // stays after the country's of the same day.
  std::stable_sort(notices.begin(), notices.end(),
                   [](const law::Notice& a, const law::Notice& b) {
                     return a.issued < b.issued;
                   });
  return law::Calendar::Build(notices);
}

absl::StatusOr<law::Rulebook> RulebookFromFolder(const std::string& folder) {
  std::error_code error;
  std::vector<std::string> paths;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
    if (entry.path().extension() == ".textproto") {
      paths.push_back(entry.path().string());
    }
  }
  if (error || paths.empty()) {
    return absl::NotFoundError("no rulebook in the folder " + folder);
  }
  std::sort(paths.begin(), paths.end());
  std::vector<std::string> texts;
  for (const std::string& path : paths) {
    ASSIGN_OR_RETURN(std::string text, ReadFile(path));
    texts.push_back(std::move(text));
  }
  return law::Rulebook::Parse(texts);
}

}  // namespace gongkai::cli
