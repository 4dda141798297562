// SPDX-License-Identifier: Apache-2.0
// On which days rules of reminding work, and what an agency may set.

#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/base/dates.h"
#include "services/base/refusal.h"
#include "services/report/reminding.h"

namespace gongkai::report {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::string ReadText(const std::string& name) {
  const char* dir = std::getenv("GONGKAI_SOURCE_DIR");
  std::ifstream in(std::string(dir == nullptr ? "." : dir) + "/ops/calendar/" +
                   name);
  return {std::istreambuf_iterator<char>(in), {}};
}

const law::Calendar& National() {
  static const auto* const calendar = [] {
    const auto notices =
        law::ReadNotices(ReadText("notices.csv"), ReadText("days.csv"));
    return new law::Calendar(*law::Calendar::Build(*notices));
  }();
  return *calendar;
}

// As it was known before the festival of 2020 was made longer.
law::Calendar BeforeTheExtension() {
  return *National().AsPublishedOn(absl::CivilDay(2020, 1, 20));
}

struct DayCase {
  const char* why;
  const char* due;
  int days;
  const char* remind;
};

// Counted by hand from the notices of the State Council.
constexpr DayCase kDays[] = {
    {"a plain week", "2024-03-22", 0, "2024-03-22"},
    {"a plain week", "2024-03-22", 3, "2024-03-19"},
    {"a plain week", "2024-03-22", -1, "2024-03-25"},
    {"over a weekend", "2024-03-19", 3, "2024-03-14"},
    {"over a weekend", "2024-03-15", -1, "2024-03-18"},
    {"a last day on Saturday is reminded of on Friday", "2024-03-23", 0,
     "2024-03-22"},
    {"a last day on Sunday, one before", "2024-03-24", 1, "2024-03-21"},
    {"a last day on Sunday, one after", "2024-03-24", -1, "2024-03-25"},
    {"National Day 2024: the 8th follows the 30th of September", "2024-10-08",
     1, "2024-09-30"},
    {"and before it the make-up Sunday", "2024-10-08", 2, "2024-09-29"},
    {"the make-up Sunday is after Friday the 27th", "2024-10-08", 3,
     "2024-09-27"},
    {"the make-up Saturday after it", "2024-10-11", -1, "2024-10-12"},
    {"and Monday next", "2024-10-11", -2, "2024-10-14"},
    {"a last day within the festival", "2024-10-03", 0, "2024-09-30"},
    {"a last day within the festival, one after", "2024-10-03", -1,
     "2024-10-08"},
    {"Spring Festival 2020 as it was made longer", "2020-02-03", 1,
     "2020-01-23"},
    {"the make-up Sunday before it", "2020-02-03", 4, "2020-01-20"},
    {"the make-up Sunday before it", "2020-02-03", 5, "2020-01-19"},
    {"none on the Saturday that was taken back", "2020-01-23", -1,
     "2020-02-03"},
};

TEST(RemindDay, IsAWorkingDayCountedByTheNotices) {
  for (const DayCase& one : kDays) {
    const absl::CivilDay day = RemindDay(National(), DayOf(one.due), one.days);
    EXPECT_EQ(FormatDay(day), one.remind)
        << one.why << ": " << one.due << " " << one.days;
    EXPECT_TRUE(National().IsWorkday(day)) << one.why;
  }
}

TEST(RemindDay, MovesWithTheCalendar) {
  const law::Calendar before = BeforeTheExtension();
  EXPECT_EQ(RemindDay(before, absl::CivilDay(2020, 2, 3), 1),
            absl::CivilDay(2020, 2, 1));
  EXPECT_EQ(RemindDay(before, absl::CivilDay(2020, 2, 3), 3),
            absl::CivilDay(2020, 1, 23));
  EXPECT_EQ(RemindDay(before, absl::CivilDay(2020, 1, 23), -1),
            absl::CivilDay(2020, 1, 31));
}

TEST(RemindDay, IsSoManyWorkingDaysAwayForEveryDayOfFiveYears) {
  for (absl::CivilDay due(2019, 1, 1); due < absl::CivilDay(2024, 1, 1);
       ++due) {
    for (const int days : {-7, -1, 0, 1, 3, 20}) {
      const absl::CivilDay day = RemindDay(National(), due, days);
      ASSERT_TRUE(National().IsWorkday(day));
      // Counted one by one, not as the calendar counts.
      int between = 0;
      for (absl::CivilDay d = std::min(day, due) + 1; d <= std::max(day, due);
           ++d) {
        if (National().IsWorkday(d)) ++between;
      }
      ASSERT_EQ(between, std::abs(days)) << FormatDay(due) << " " << days;
      ASSERT_EQ(days<0, day> due);
    }
  }
}

TEST(Horizon, IsTheLastDayThatARuleReaches) {
  const std::vector<v1::ReminderRule> rules = ReminderRulesOf({});
  for (absl::CivilDay today(2024, 9, 1); today < absl::CivilDay(2024, 11, 1);
       ++today) {
    if (!National().IsWorkday(today)) continue;
    const absl::CivilDay last = RemindHorizon(rules, National(), today);
    EXPECT_LE(RemindDay(National(), last, 3), today) << FormatDay(today);
    EXPECT_GT(RemindDay(National(), last + 1, 3), today) << FormatDay(today);
  }
}

v1::ReminderRule Rule(int days, v1::ReminderTo to,
                      std::vector<v1::LimitKind> kinds = {}) {
  v1::ReminderRule rule;
  rule.set_days(days);
  rule.set_to(to);
  for (const v1::LimitKind kind : kinds) rule.add_kinds(kind);
  return rule;
}

TEST(Rules, TheUsualThreeClimbFromTheOfficerToTheHead) {
  const auto rules = ReminderRulesOf({});
  const absl::CivilDay due(2024, 3, 22);
  const auto on = [&](absl::CivilDay today) {
    std::vector<int> to;
    for (const auto& rule :
         RulesDue(rules, v1::REPLY, National(), due, today)) {
      to.push_back(rule.to());
    }
    return to;
  };
  EXPECT_THAT(on(absl::CivilDay(2024, 3, 18)), IsEmpty());
  EXPECT_THAT(on(absl::CivilDay(2024, 3, 19)), ElementsAre(v1::TO_OFFICER));
  EXPECT_THAT(on(absl::CivilDay(2024, 3, 21)), ElementsAre(v1::TO_OFFICER));
  EXPECT_THAT(on(absl::CivilDay(2024, 3, 22)),
              ElementsAre(v1::TO_OFFICER, v1::TO_MANAGERS));
  EXPECT_THAT(on(absl::CivilDay(2024, 3, 24)),
              ElementsAre(v1::TO_OFFICER, v1::TO_MANAGERS));
  EXPECT_THAT(
      on(absl::CivilDay(2024, 3, 25)),
      ElementsAre(v1::TO_OFFICER, v1::TO_MANAGERS, v1::TO_DISCLOSURE_HEAD));
}

TEST(Rules, MayBeAboutSomeLimitsAlone) {
  const auto rule = Rule(0, v1::TO_MANAGERS, {v1::REPLY, v1::FEE_NOTICE});
  EXPECT_TRUE(IsAbout(rule, v1::REPLY));
  EXPECT_FALSE(IsAbout(rule, v1::REGISTRATION));
  EXPECT_TRUE(IsAbout(Rule(0, v1::TO_MANAGERS), v1::REGISTRATION));
}

absl::Time At(const char* shanghai) {
  absl::Time time;
  std::string error;
  EXPECT_TRUE(absl::ParseTime("%Y-%m-%d %H:%M:%S", shanghai,
                              absl::FixedTimeZone(8 * 60 * 60), &time, &error))
      << error;
  return time;
}

TEST(ReminderTime, IsFromTheAgencysHourOnOnWorkingDays) {
  v1::AgencyTerms terms;
  const auto is = [&](const char* when) {
    return IsReminderTime(National(), terms, At(when));
  };
  EXPECT_FALSE(is("2024-03-20 08:29:59"));
  EXPECT_TRUE(is("2024-03-20 08:30:00"));
  EXPECT_TRUE(is("2024-03-20 23:59:59"));
  EXPECT_FALSE(is("2024-03-21 00:00:00"));
  EXPECT_FALSE(is("2024-03-23 12:00:00"));  // Saturday
  EXPECT_TRUE(is("2024-09-29 12:00:00"));   // make-up Sunday
  EXPECT_FALSE(is("2024-10-02 12:00:00"));  // a Wednesday of the festival
  EXPECT_FALSE(is("2020-02-01 12:00:00"));  // make-up day taken back
  terms.set_reminder_time("00:00");
  EXPECT_TRUE(is("2024-03-21 00:00:00"));
  terms.set_reminder_time("17:45");
  EXPECT_FALSE(is("2024-03-20 17:44:59"));
  EXPECT_TRUE(is("2024-03-20 17:45:00"));
}

std::string FieldRefused(const v1::AgencyTerms& terms) {
  const absl::Status status = CheckReminderTerms(terms);
  const auto refusal = RefusalOf(status);
  if (!refusal) return status.ok() ? "" : "no refusal";
  EXPECT_EQ(refusal->reason(), v1::FIELD_INVALID);
  return refusal->field();
}

TEST(ReminderTerms, ATimeOfDayIsTwoDigitsAColonAndTwo) {
  for (const char* good : {"", "00:00", "08:30", "23:59"}) {
    v1::AgencyTerms terms;
    terms.set_reminder_time(good);
    EXPECT_EQ(FieldRefused(terms), "") << good;
  }
  for (const char* bad : {"8:30", "24:00", "08:60", "08-30", "0830", "08:3o",
                          "-1:30", "08:30:00", "上午"}) {
    v1::AgencyTerms terms;
    terms.set_reminder_time(bad);
    EXPECT_EQ(FieldRefused(terms), "terms.reminder_time") << bad;
  }
}

TEST(ReminderTerms, ADomainIsLabelsBetweenDots) {
  for (const char* good :
       {"", "gxw.sh.gov.cn", "localhost", "a-b.c1", "XN--FIQS8S"}) {
    v1::AgencyTerms terms;
    terms.set_mail_domain(good);
    EXPECT_EQ(FieldRefused(terms), "") << good;
  }
  for (const std::string& bad :
       {std::string("."), std::string("a..b"), std::string(".a"),
        std::string("a."), std::string("-a.b"), std::string("a-.b"),
        std::string("a b"), std::string("a@b"), std::string("a/b"),
        std::string("a:25"), std::string("a_b"), std::string("a\r\nb"),
        std::string(64, 'a')}) {
    v1::AgencyTerms terms;
    terms.set_mail_domain(bad);
    EXPECT_EQ(FieldRefused(terms), "terms.mail_domain") << bad;
  }
}

TEST(ReminderTerms, UrgentIsNotFurtherOffThanNear) {
  v1::AgencyTerms terms;
  terms.set_urgent_days(3);
  EXPECT_EQ(FieldRefused(terms), "");  // near is 3 when nothing is said
  terms.set_urgent_days(4);
  EXPECT_EQ(FieldRefused(terms), "terms.urgent_days");
  terms.set_warning_days(4);
  EXPECT_EQ(FieldRefused(terms), "");
}

TEST(ReminderTerms, ALimitIsNamedOnceForTheSameDaysAndReceivers) {
  const auto refused = [](std::vector<v1::ReminderRule> rules) {
    v1::AgencyTerms terms;
    for (const auto& rule : rules) *terms.add_reminder_rules() = rule;
    return FieldRefused(terms);
  };
  const char* const kField = "terms.reminder_rules";
  EXPECT_EQ(refused({Rule(3, v1::TO_OFFICER), Rule(3, v1::TO_MANAGERS),
                     Rule(0, v1::TO_OFFICER)}),
            "");
  EXPECT_EQ(refused({Rule(3, v1::TO_OFFICER, {v1::REPLY}),
                     Rule(3, v1::TO_OFFICER, {v1::REGISTRATION})}),
            "");
  EXPECT_EQ(refused({Rule(3, v1::TO_OFFICER), Rule(3, v1::TO_OFFICER)}),
            kField);
  EXPECT_EQ(
      refused({Rule(3, v1::TO_OFFICER), Rule(3, v1::TO_OFFICER, {v1::REPLY})}),
      kField);
  EXPECT_EQ(
      refused({Rule(3, v1::TO_OFFICER, {v1::REPLY}), Rule(3, v1::TO_OFFICER)}),
      kField);
  EXPECT_EQ(refused({Rule(3, v1::TO_OFFICER, {v1::REPLY, v1::REPLY})}), kField);
}

}  // namespace
}  // namespace gongkai::report
