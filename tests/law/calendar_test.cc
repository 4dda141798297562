// SPDX-License-Identifier: Apache-2.0
// The working-day calendar: what the notices say, what they said when, and
// what is assumed where they say nothing.
#include "services/law/calendar.h"

#include "tests/law/law_fixture.h"

namespace gongkai::law {
namespace {

using ::testing::HasSubstr;

Calendar AsOf(std::string_view day) {
  auto calendar = National().AsPublishedOn(D(day));
  EXPECT_TRUE(calendar.ok()) << calendar.status();
  return *calendar;
}

TEST(Calendar, PublishesEveryYearFrom2007To2026) {
  for (int year = 2007; year <= 2026; ++year) {
    EXPECT_TRUE(National().IsPublished(year)) << year;
  }
  EXPECT_EQ(National().LastPublishedYear(), 2026);
  EXPECT_FALSE(National().IsPublished(2027));
  EXPECT_EQ(National().notices().size(), 23u);
}

TEST(Calendar, ALaterNoticeChangesADayAndTheEarlierStateIsRemembered) {
  for (auto& row : ReadVectors("tests/vectors/superseded.csv")) {
    const absl::CivilDay day = D(row["date"]);
    const Calendar before = AsOf(FormatDay(D(row["changed_on"]) - 1));
    const Calendar after = AsOf(row["changed_on"]);
    EXPECT_EQ(before.IsWorkday(day), row["earlier"] == "work") << row["date"];
    EXPECT_EQ(after.IsWorkday(day), row["final"] == "work") << row["date"];
    EXPECT_EQ(after.Info(day).notice, row["changing_notice"]) << row["date"];
    EXPECT_EQ(National().IsWorkday(day), row["final"] == "work");
  }
}

TEST(Calendar, WhereOtherTablesDisagreeTheNoticeIsFollowed) {
  for (auto& row : ReadVectors("tests/vectors/differences.csv")) {
    EXPECT_EQ(National().IsWorkday(D(row["date"])), row["official"] == "work")
        << row["date"] << " against " << row["wrong_elsewhere"];
  }
}

TEST(Calendar, SpringFestivalOf2020BeforeAndAfterItsExtension) {
  const Calendar before = AsOf("2020-01-25");
  EXPECT_EQ(before.Info(D("2020-02-01")).kind, v1::MAKE_UP_WORKDAY);
  EXPECT_EQ(before.Info(D("2020-01-31")).kind, v1::WORKDAY);
  const Calendar after = AsOf("2020-01-26");
  EXPECT_EQ(after.Info(D("2020-02-01")).kind, v1::DAY_OFF);
  EXPECT_EQ(after.Info(D("2020-01-31")).name, "春节");
  // The changing notice publishes no year of its own.
  EXPECT_TRUE(before.IsPublished(2020));
}

TEST(Calendar, LabourDayOf2019WasOneDayAtFirst) {
  const Calendar before = AsOf("2019-03-21");
  EXPECT_EQ(before.Info(D("2019-05-01")).kind, v1::DAY_OFF);
  EXPECT_TRUE(before.IsWorkday(D("2019-05-02")));
  EXPECT_EQ(before.AddWorkdays(D("2019-04-30"), 1).day, D("2019-05-02"));
  EXPECT_EQ(National().AddWorkdays(D("2019-04-30"), 1).day, D("2019-05-05"));
}

TEST(Calendar, NamesTheHolidayAndItsNotice) {
  const DayInfo info = National().Info(D("2022-10-08"));
  EXPECT_EQ(info.kind, v1::MAKE_UP_WORKDAY);
  EXPECT_EQ(info.name, "国庆节");
  EXPECT_EQ(info.notice, "国办发明电〔2021〕11号");
  EXPECT_FALSE(info.provisional);
  EXPECT_EQ(National().Info(D("2022-10-15")).kind, v1::WEEKEND);
  EXPECT_EQ(National().Info(D("2022-10-14")).kind, v1::WORKDAY);
}

TEST(Calendar, BeyondTheLastPublishedYearTheCountIsProvisional) {
  EXPECT_FALSE(National().AddWorkdays(D("2026-12-01"), 10).provisional);
  EXPECT_TRUE(National().AddWorkdays(D("2026-12-30"), 5).provisional);
  EXPECT_TRUE(National().Info(D("2027-01-01")).provisional);
  // Counted on the plain week, which never ends later than the true calendar.
  EXPECT_EQ(National().AddWorkdays(D("2026-12-31"), 1).day, D("2027-01-01"));
  EXPECT_TRUE(AsOf("2019-11-20").AddWorkdays(D("2019-12-31"), 1).provisional);
  EXPECT_FALSE(AsOf("2019-11-21").AddWorkdays(D("2019-12-31"), 1).provisional);
}

TEST(Calendar, WithoutNoticesIsThePlainWeek) {
  const Calendar plain;
  EXPECT_EQ(plain.LastPublishedYear(), 0);
  EXPECT_TRUE(plain.IsWorkday(D("2022-10-03")));
  EXPECT_TRUE(plain.Info(D("2022-10-03")).provisional);
  EXPECT_EQ(plain.AddWorkdays(D("2022-09-30"), 20).day, D("2022-10-28"));
}

TEST(Calendar, AddingNoWorkdaysStaysWhereItIs) {
  EXPECT_EQ(National().AddWorkdays(D("2022-10-01"), 0).day, D("2022-10-01"));
}

TEST(Calendar, RollsADayOffToTheNextWorkday) {
  EXPECT_EQ(National().RollForward(D("2022-10-01")).day, D("2022-10-08"));
  EXPECT_EQ(National().RollForward(D("2022-09-30")).day, D("2022-09-30"));
}

TEST(Calendar, CountsBackwardsToo) {
  EXPECT_EQ(National().WorkdaysBetween(D("2022-09-30"), D("2022-11-02")), 20);
  EXPECT_EQ(National().WorkdaysBetween(D("2022-11-02"), D("2022-09-30")), -20);
  EXPECT_EQ(National().WorkdaysBetween(D("2022-10-01"), D("2022-10-01")), 0);
}

TEST(AddUnits, MonthsEndOnTheSameDateOrTheLastOfTheMonth) {
  const Calendar& c = National();
  EXPECT_EQ(AddUnits(c, D("2023-08-31"), 6, v1::MONTHS, false).day,
            D("2024-02-29"));
  EXPECT_EQ(AddUnits(c, D("2022-08-31"), 6, v1::MONTHS, false).day,
            D("2023-02-28"));
  EXPECT_EQ(AddUnits(c, D("2024-02-29"), 1, v1::YEARS, false).day,
            D("2025-02-28"));
  EXPECT_EQ(AddUnits(c, D("2022-11-30"), 3, v1::MONTHS, false).day,
            D("2023-02-28"));
}

TEST(AddUnits, ALastDayOffRollsOnlyWhereTheLawSaysSo) {
  const Calendar& c = National();
  // 60 days from 2024-08-02 end on 2024-10-01, National Day.
  EXPECT_EQ(AddUnits(c, D("2024-08-02"), 60, v1::CALENDAR_DAYS, false).day,
            D("2024-10-01"));
  EXPECT_EQ(AddUnits(c, D("2024-08-02"), 60, v1::CALENDAR_DAYS, true).day,
            D("2024-10-08"));
  // A worked Sunday is no day off.
  EXPECT_EQ(AddUnits(c, D("2024-09-14"), 15, v1::CALENDAR_DAYS, true).day,
            D("2024-09-29"));
}

TEST(AddUnits, RollingIntoAnUnpublishedYearIsProvisional) {
  EXPECT_TRUE(AddUnits(National(), D("2026-11-02"), 61, v1::CALENDAR_DAYS, true)
                  .provisional);
  EXPECT_FALSE(
      AddUnits(National(), D("2026-11-02"), 61, v1::CALENDAR_DAYS, false)
          .provisional);
}

Notice OneDay(std::string_view day, v1::DayKind kind) {
  Notice notice;
  notice.number = "沪府办发〔2099〕1号";
  notice.issued = D("2024-01-02");
  notice.days = {{D(day), kind, "测试"}};
  return notice;
}

TEST(CalendarBuild, RefusesANoticeThatCannotBe) {
  const auto refused = [](const Notice& notice) {
    const auto built = Calendar::Build({notice});
    EXPECT_FALSE(built.ok());
    return std::string(built.status().message());
  };
  Notice notice = OneDay("2024-03-04", v1::DAY_OFF);
  EXPECT_TRUE(Calendar::Build({notice}).ok());
  notice.number.clear();
  EXPECT_THAT(refused(notice), HasSubstr("no number"));
  notice = OneDay("2024-03-04", v1::DAY_OFF);
  notice.issued = absl::CivilDay();
  EXPECT_THAT(refused(notice), HasSubstr("no issue date"));
  notice = OneDay("2024-03-04", v1::DAY_OFF);
  notice.days.push_back(notice.days[0]);
  EXPECT_THAT(refused(notice), HasSubstr("twice"));
  EXPECT_THAT(refused(OneDay("2026-03-04", v1::DAY_OFF)), HasSubstr("400"));
  EXPECT_THAT(refused(OneDay("2024-03-04", v1::MAKE_UP_WORKDAY)),
              HasSubstr("cannot be"));
  EXPECT_THAT(refused(OneDay("2024-03-04", v1::DAY_KIND_UNSPECIFIED)),
              HasSubstr("does not say"));
}

TEST(CalendarBuild, APlaceAddsItsOwnDaysToTheNationalOnes) {
  const auto local =
      ReadNotices(ReadProjectFile("ops/calendar/local/shanghai/notices.csv"),
                  ReadProjectFile("ops/calendar/local/shanghai/days.csv"));
  ASSERT_TRUE(local.ok()) << local.status();
  std::vector<Notice> all = National().notices();
  all.insert(all.end(), local->begin(), local->end());
  const auto shanghai = Calendar::Build(all);
  ASSERT_TRUE(shanghai.ok()) << shanghai.status();
  EXPECT_TRUE(National().IsWorkday(D("2010-05-04")));
  EXPECT_FALSE(shanghai->IsWorkday(D("2010-05-04")));
  EXPECT_EQ(shanghai->Info(D("2010-05-04")).notice, "沪府办发〔2010〕11号");
  EXPECT_EQ(National().AddWorkdays(D("2010-04-29"), 1).day, D("2010-04-30"));
  EXPECT_EQ(shanghai->AddWorkdays(D("2010-04-29"), 1).day, D("2010-05-05"));
  EXPECT_EQ(shanghai->LastPublishedYear(), 2026);
}

TEST(CalendarBuild, EveryLocalFileIsReadable) {
  for (const std::string place : {"beijing", "hangzhou", "liangshan"}) {
    const std::string folder = "ops/calendar/local/" + place;
    const auto local = ReadNotices(ReadProjectFile(folder + "/notices.csv"),
                                   ReadProjectFile(folder + "/days.csv"));
    ASSERT_TRUE(local.ok()) << local.status();
    EXPECT_TRUE(Calendar::Build(*local).ok()) << place;
    for (const Notice& notice : *local) EXPECT_EQ(notice.year, 0);
  }
}

constexpr char kNotices[] =
    "calendar_year,notice,title,issued,url\n"
    "2024,甲,\"标题，有\"\"引号\"\"\",2023-10-25,https://example.org\n";

TEST(ReadNotices, ReadsQuotedCellsAndTheThreeKinds) {
  const auto notices = ReadNotices(kNotices,
                                   "date,kind,name,notice\n"
                                   "2024-10-01,off,国庆节,甲\r\n"
                                   "2024-10-12,work,国庆节,甲\n"
                                   "2024-10-05,plain,国庆节,甲\n"
                                   "2024-10-09,plain,国庆节,甲\n");
  ASSERT_TRUE(notices.ok()) << notices.status();
  ASSERT_EQ(notices->size(), 1u);
  EXPECT_EQ((*notices)[0].title, "标题，有\"引号\"");
  EXPECT_EQ((*notices)[0].year, 2024);
  std::vector<v1::DayKind> kinds;
  for (const NoticeDay& day : (*notices)[0].days) kinds.push_back(day.kind);
  EXPECT_THAT(kinds, ::testing::ElementsAre(v1::DAY_OFF, v1::MAKE_UP_WORKDAY,
                                            v1::WEEKEND, v1::WORKDAY));
}

TEST(ReadNotices, NamesTheBrokenLine) {
  const auto error = [](const std::string& notices, const std::string& days) {
    const auto read = ReadNotices(notices, days);
    EXPECT_FALSE(read.ok());
    return std::string(read.status().message());
  };
  const std::string head = "date,kind,name,notice\n";
  EXPECT_THAT(error(kNotices, head + "2024-10-01,off,国庆节,甲\n"
                                     "2024-02-30,off,春节,甲\n"),
              HasSubstr("days, line 3"));
  EXPECT_THAT(error(kNotices, head + "2024-10-01,holiday,国庆节,甲\n"),
              HasSubstr("off, work or plain"));
  EXPECT_THAT(error(kNotices, head + "2024-10-01,off,国庆节,乙\n"),
              HasSubstr("no such notice"));
  EXPECT_THAT(error(kNotices, head + "2024-10-01,off\n"),
              HasSubstr("days, line 2"));
  EXPECT_THAT(error(kNotices, "date,kind\n"), HasSubstr("column name"));
  EXPECT_THAT(error("", head), HasSubstr("notices, line 1"));
  EXPECT_THAT(error(std::string(kNotices) + "2024,甲,再,2023-10-26,x\n", head),
              HasSubstr("notices, line 3"));
  EXPECT_THAT(error(std::string(kNotices) + "24,乙,再,2023-10-26,x\n", head),
              HasSubstr("not a year"));
  EXPECT_THAT(error(kNotices, head + "\"2024-10-01,off\n"),
              HasSubstr("not closed"));
}

}  // namespace
}  // namespace gongkai::law
