// SPDX-License-Identifier: Apache-2.0
// The offline counting of days, and the scripts of data/ as far as they can be
// read without a service.

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <sstream>
#include <string>
#include <vector>

#include "clients/cli/csv.h"
#include "clients/cli/due.h"
#include "clients/cli/fields.h"
#include "clients/cli/script_line.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/base/dates.h"

namespace gongkai::cli {
namespace {

using testing::HasSubstr;

std::string Root() {
  const char* root = std::getenv("GONGKAI_SOURCE_DIR");
  return root == nullptr ? "." : root;
}

law::Calendar BuiltIn() {
  auto calendar = CalendarFromFolder(Root() + "/ops/calendar", "");
  EXPECT_TRUE(calendar.ok()) << calendar.status();
  return *std::move(calendar);
}

std::string Due(const law::Calendar& calendar, const std::string& start,
                const std::string& length, const std::string& unit,
                bool rolls = true) {
  const auto due = DueOf(calendar, start, length, unit, rolls);
  return due.ok() ? FormatDay(due->day) : due.status().ToString();
}

TEST(Due, DecidedCasesAreCountedAsTheCourtsCounted) {
  const law::Calendar calendar = BuiltIn();
  EXPECT_EQ(Due(calendar, "2022-09-30", "20", "WD"), "2022-11-02");
  EXPECT_EQ(Due(calendar, "2011-06-01", "15", "WD"), "2011-06-23");
  EXPECT_EQ(Due(calendar, "2025-02-20", "20", "WD"), "2025-03-20");
  EXPECT_EQ(Due(calendar, "2013-12-13", "30", "WD"), "2014-01-26");
}

TEST(Due, DaysAndMonthsRollOverRestDaysUnlessTold) {
  const law::Calendar calendar = BuiltIn();
  // 2024-10-01 to 07 are off.
  EXPECT_EQ(Due(calendar, "2024-09-16", "15", "CD"), "2024-10-08");
  EXPECT_EQ(Due(calendar, "2024-09-16", "15", "CD", false), "2024-10-01");
  EXPECT_EQ(Due(calendar, "2024-01-31", "1", "M"), "2024-02-29");
  EXPECT_EQ(Due(calendar, "2024-04-04", "6", "m"), "2024-10-08");
}

TEST(Due, ABrokenRowIsNamedAndTheOthersAreKept) {
  std::ostringstream out;
  const auto broken = WriteDueCsv(BuiltIn(),
                                  "note,start_date,length,unit\n"
                                  "\"a,b\",2022-09-30,20,WD\n"
                                  "x,2024-02-30,20,WD\n"
                                  "y,2026-12-20,20,WD\n"
                                  "z,2024-05-01,15,YY\n"
                                  "short,2024-05-01\n"
                                  "n,2024-05-01,-1,WD\n",
                                  true, out);
  ASSERT_TRUE(broken.ok()) << broken.status();
  EXPECT_EQ(*broken, 4);
  const auto written = ReadCsv(out.str());
  ASSERT_TRUE(written.ok());
  ASSERT_EQ(written->rows.size(), 6);
  std::vector<std::string> statuses;
  for (const Csv::Row& row : written->rows) {
    statuses.push_back(written->Cell(row, "status").substr(0, 6));
  }
  EXPECT_THAT(statuses, testing::ElementsAre("ok", "error:", "provis",
                                             "error:", "error:", "error:"));
  EXPECT_EQ(written->Cell(written->rows[0], "due_date"), "2022-11-02");
  EXPECT_EQ(written->Cell(written->rows[0], "note"), "a,b");
  EXPECT_EQ(written->Cell(written->rows[1], "due_date"), "");
}

TEST(Due, AFileWithoutItsColumnsIsRefused) {
  std::ostringstream out;
  const auto broken = WriteDueCsv(BuiltIn(), "start,length\n", true, out);
  EXPECT_THAT(std::string(broken.status().message()), HasSubstr("start_date"));
}

TEST(CalendarFile, ReplacesTheBuiltInCalendar) {
  const auto calendar = CalendarFromCsv(
      "date,kind,name\n2024-03-05,off,own\n2024-03-09,work,own\n");
  ASSERT_TRUE(calendar.ok()) << calendar.status();
  EXPECT_FALSE(calendar->IsWorkday(absl::CivilDay(2024, 3, 5)));
  EXPECT_TRUE(calendar->IsWorkday(absl::CivilDay(2024, 3, 9)));
  // The built-in holiday is not there any more.
  EXPECT_TRUE(calendar->IsWorkday(absl::CivilDay(2024, 10, 1)));
  EXPECT_TRUE(calendar->IsPublished(2024));
  EXPECT_FALSE(calendar->IsPublished(2025));
}

TEST(CalendarFile, OfTheProjectGivesTheProjectsCalendar) {
  const auto text = ReadFile(Root() + "/ops/calendar/days.csv");
  ASSERT_TRUE(text.ok());
  const auto calendar = CalendarFromCsv(*text);
  ASSERT_TRUE(calendar.ok()) << calendar.status();
  const law::Calendar built_in = BuiltIn();
  for (absl::CivilDay day(2007, 1, 1); day <= absl::CivilDay(2026, 12, 31);
       ++day) {
    ASSERT_EQ(calendar->IsWorkday(day), built_in.IsWorkday(day))
        << FormatDay(day);
  }
}

TEST(CalendarFile, AWrongLineIsNamed) {
  const auto kind =
      CalendarFromCsv("date,kind\n2024-03-05,off\n2024-03-06,maybe\n");
  EXPECT_THAT(std::string(kind.status().message()), HasSubstr("line 3"));
  const auto date = CalendarFromCsv("date,kind\n2024-02-30,off\n");
  EXPECT_THAT(std::string(date.status().message()), HasSubstr("line 2"));
}

// Every script of a folder, in the order of names.
std::vector<std::string> ScriptsOf(const std::string& folder) {
  std::vector<std::string> paths;
  for (const auto& entry :
       std::filesystem::directory_iterator(Root() + "/data/" + folder)) {
    if (entry.path().extension() == ".jsonl") {
      paths.push_back(entry.path().string());
    }
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

TEST(Stories, EachCanBeReadAndIsChecked) {
  const std::vector<std::string> stories = ScriptsOf("stories");
  const std::vector<std::string> decided = ScriptsOf("court_cases");
  EXPECT_GE(stories.size(), 6);
  EXPECT_EQ(decided.size(), 20);
  for (const auto* paths : {&stories, &decided}) {
    for (const std::string& path : *paths) {
      const auto text = ReadFile(path);
      ASSERT_TRUE(text.ok());
      const auto steps = ReadScript(path, *text);
      ASSERT_TRUE(steps.ok()) << steps.status();
      const auto has = [&](Step::Kind kind) {
        return std::any_of(steps->begin(), steps->end(),
                           [&](const Step& s) { return s.kind == kind; });
      };
      EXPECT_TRUE(has(Step::Kind::kCheck)) << path;
      // A decided case is shown with its ledger.
      EXPECT_TRUE(paths == &stories || has(Step::Kind::kExplain)) << path;
    }
  }
}

}  // namespace
}  // namespace gongkai::cli
