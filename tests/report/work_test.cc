// SPDX-License-Identifier: Apache-2.0
// Open duties, their levels, and the ledger in one sentence.
#include "services/report/work.h"

#include "services/law/lapsing.h"
#include "tests/report/report_fixture.h"

namespace gongkai::report {
namespace {

using casework::TheCalendar;

v1::AgencyTerms TermsOf(int warning, int urgent) {
  v1::AgencyTerms terms;
  terms.set_warning_days(warning);
  terms.set_urgent_days(urgent);
  return terms;
}

TEST(LevelsOf, ZerosTakeTheUsualDays) {
  EXPECT_EQ(LevelsOf(TermsOf(0, 0)).warning, 3);
  EXPECT_EQ(LevelsOf(TermsOf(0, 0)).urgent, 1);
  EXPECT_EQ(LevelsOf(TermsOf(10, 5)).warning, 10);
  EXPECT_EQ(LevelsOf(TermsOf(10, 5)).urgent, 5);
  // Urgent is never earlier than near.
  EXPECT_EQ(LevelsOf(TermsOf(2, 5)).urgent, 2);
}

v1::Level LevelOn(std::string_view as_of, std::string_view due) {
  return LevelOf(D(due), D(as_of), TheCalendar(), Levels());
}

TEST(LevelOf, CountsWorkingDaysToTheLastDay) {
  // 2024-03-25 is a Monday.
  EXPECT_EQ(LevelOn("2024-03-19", "2024-03-25"), v1::LEVEL_GREEN);
  EXPECT_EQ(LevelOn("2024-03-20", "2024-03-25"), v1::LEVEL_YELLOW);
  EXPECT_EQ(LevelOn("2024-03-21", "2024-03-25"), v1::LEVEL_YELLOW);
  EXPECT_EQ(LevelOn("2024-03-22", "2024-03-25"), v1::LEVEL_RED);
  EXPECT_EQ(LevelOn("2024-03-24", "2024-03-25"), v1::LEVEL_RED);
  EXPECT_EQ(LevelOn("2024-03-25", "2024-03-25"), v1::LEVEL_RED);
  EXPECT_EQ(LevelOn("2024-03-26", "2024-03-25"), v1::LEVEL_OVERDUE);
  // A day off after the last day is late already.
  EXPECT_EQ(LevelOn("2024-03-30", "2024-03-29"), v1::LEVEL_OVERDUE);
  EXPECT_EQ(LevelOf(std::nullopt, D("2024-03-19"), TheCalendar(), Levels()),
            v1::LEVEL_UNSPECIFIED);
}

std::vector<v1::WorkItem> ItemsOf(const casework::Life& life,
                                  std::string_view as_of,
                                  Locale locale = Locale::kChinese) {
  const WorkCase work{life.c(), casework::TheRulebook(), TheCalendar(),
                      life.terms, Levels()};
  return WorkItems(work, D(as_of), locale);
}

v1::WorkItem ItemOf(const casework::Life& life, std::string_view as_of,
                    v1::LimitKind kind, Locale locale = Locale::kChinese) {
  for (const v1::WorkItem& item : ItemsOf(life, as_of, locale)) {
    if (item.limit() == kind) return item;
  }
  return {};
}

TEST(WorkItems, AreTheAgencysOwnOpenDuties) {
  const casework::Life life = casework::InHand("2024-02-26");
  const auto items = ItemsOf(life, "2024-02-27");
  // T3, the right to ask for a correction, and T5.
  ASSERT_EQ(items.size(), 2u);
  EXPECT_EQ(items[0].limit(), v1::CORRECTION_NOTICE);
  const v1::WorkItem& reply = items[1];
  EXPECT_EQ(reply.limit(), v1::REPLY);
  EXPECT_EQ(reply.name(), "agencies/TEST/cases/TEST-2024-00001");
  EXPECT_EQ(reply.number(), "TEST-2024-00001");
  EXPECT_EQ(reply.agency(), "TEST");
  EXPECT_EQ(reply.phase(), v1::HANDLING);
  EXPECT_EQ(reply.officer(), "li");
  EXPECT_EQ(reply.receipt_date(), "2024-02-26");
  EXPECT_EQ(reply.applicant_kind(), v1::NATURAL_PERSON);
  EXPECT_EQ(reply.state(), v1::RUNNING);
  EXPECT_EQ(reply.start_date(), "2024-02-26");
  EXPECT_EQ(reply.due_date(), "2024-03-25");
  EXPECT_EQ(reply.left(), 19);
  EXPECT_EQ(reply.unit(), v1::WORKING_DAYS);
  EXPECT_EQ(reply.level(), v1::LEVEL_GREEN);
  EXPECT_FALSE(reply.article().empty());
  EXPECT_EQ(reply.version(), 2);
  // T3 lapses with its day and is nobody's backlog.
  EXPECT_EQ(ItemsOf(life, "2024-03-20").size(), 1u);
}

TEST(WorkItems, AreLateByTheLawsOwnFigure) {
  const casework::Life life = casework::InHand("2024-02-26");
  v1::WorkItem item = ItemOf(life, "2024-03-25", v1::REPLY);
  EXPECT_EQ(item.left(), 0);
  EXPECT_EQ(item.level(), v1::LEVEL_RED);
  item = ItemOf(life, "2024-03-28", v1::REPLY);
  EXPECT_EQ(item.left(), -3);
  EXPECT_EQ(item.state(), v1::MISSED);
  EXPECT_EQ(item.level(), v1::LEVEL_OVERDUE);
  // Last day Friday 2024-03-22: late on the Saturday, though no working day
  // passed.
  const casework::Life friday = casework::InHand("2024-02-23");
  EXPECT_EQ(ItemOf(friday, "2024-03-22", v1::REPLY).left(), 0);
  EXPECT_EQ(ItemOf(friday, "2024-03-23", v1::REPLY).left(), -1);
}

TEST(WorkItems, OfADoneCaseAreNone) {
  casework::Life life = casework::ServedOn("2024-03-01");
  life.Close("2024-03-04");
  EXPECT_TRUE(ItemsOf(life, "2024-03-05").empty());
}

// The transfer to the archives is a duty of its own, years away.
TEST(WorkItems, OfAnArchivedCaseHoldTheTransfer) {
  casework::Life life = casework::ServedOn("2024-03-01");
  life.Close("2024-03-04");
  ASSERT_TRUE(life.Do(v1::ARCHIVIST, "dang", "2024-03-05",
                      "archive { retention: THIRTY_YEARS }")
                  .ok());
  const auto items = ItemsOf(life, "2024-03-06");
  ASSERT_EQ(items.size(), 1u);
  EXPECT_EQ(items[0].limit(), v1::ARCHIVE_TRANSFER);
  EXPECT_EQ(items[0].why(), "2024-03-05起算，满20年为2044-03-05");
}

std::string WhyOf(const casework::Life& life, std::string_view as_of,
                  v1::LimitKind kind = v1::REPLY,
                  Locale locale = Locale::kChinese) {
  return ItemOf(life, as_of, kind, locale).why();
}

// REG 33(2).
TEST(Why, OfAPlainReplyLimit) {
  const casework::Life life = casework::InHand("2024-02-26");
  EXPECT_EQ(WhyOf(life, "2024-03-01"), "2024-02-26收到，第20个工作日为3月25日");
  EXPECT_EQ(WhyOf(life, "2024-03-01", v1::REPLY, Locale::kEnglish),
            "received 2024-02-26, working day 20 is 2024-03-25");
  EXPECT_EQ(WhyOf(life, "2024-03-28"),
            "2024-02-26收到，第20个工作日为3月25日；已逾期3个工作日");
  EXPECT_EQ(WhyOf(life, "2024-03-26", v1::REPLY, Locale::kEnglish),
            "received 2024-02-26, working day 20 is 2024-03-25; 1 working day "
            "late");
}

// REG 32, 33(2), 33(3).
TEST(Why, TellsWhatWasLeftOutAndAdded) {
  casework::Life life = casework::InHand("2024-02-26");
  ASSERT_TRUE(life.Handle("2024-03-01", R"(consult { kind: THIRD_PARTY
      addressee: "丙" question: "问" interest: BUSINESS_SECRET
      served_at_once: true })")
                  .ok());
  EXPECT_EQ(
      WhyOf(life, "2024-03-05"),
      "2024-02-26收到，第20个工作日为3月25日；扣除征求第三方意见15个工作日"
      "；期满日为4月16日");
  ASSERT_TRUE(life.Handle("2024-03-13",
                          "record_opinion { consultation: 1 opinion: AGREES }")
                  .ok());
  EXPECT_EQ(
      WhyOf(life, "2024-03-14"),
      "2024-02-26收到，第20个工作日为3月25日；扣除征求第三方意见8个工作日；"
      "期满日为4月7日");
  ASSERT_TRUE(life.Handle("2024-03-14",
                          R"(request_extension { working_days: 20
                                                 reason: "多" })")
                  .ok());
  ASSERT_TRUE(life.Head("2024-03-14",
                        R"(decide_extension { approved: true
                                              notice_date: "2024-03-14" })")
                  .ok());
  EXPECT_EQ(
      WhyOf(life, "2024-03-15"),
      "2024-02-26收到，第20个工作日为3月25日；扣除征求第三方意见8个工作日；"
      "延长20个工作日；期满日为5月7日");
  EXPECT_EQ(WhyOf(life, "2024-03-15", v1::REPLY, Locale::kEnglish),
            "received 2024-02-26, working day 20 is 2024-03-25; 8 working days "
            "left out for consulting a third party; extended by 20 working "
            "days; last day 2024-05-07");
}

// REG 11: nobody knows when another agency answers.
TEST(Why, OfALimitThatStands) {
  casework::Life life = casework::InHand("2024-02-26");
  ASSERT_TRUE(life.Handle("2024-03-01", R"(consult { kind: OTHER_AGENCY
      addressee: "丁" question: "问" served_at_once: true })")
                  .ok());
  const v1::WorkItem item = ItemOf(life, "2024-03-06", v1::REPLY);
  EXPECT_EQ(item.state(), v1::SUSPENDED);
  EXPECT_EQ(item.due_date(), "");
  EXPECT_EQ(item.left(), 0);
  EXPECT_EQ(item.level(), v1::LEVEL_UNSPECIFIED);
  EXPECT_EQ(
      item.why(),
      "2024-02-26收到，期限20个工作日；扣除征求其他机关意见3个工作日；中止"
      "计算，期满日未定");
}

// REG 30: counted afresh.
TEST(Why, OfALimitThatStartedAfresh) {
  casework::Life life = casework::InHand("2024-02-26");
  ASSERT_TRUE(life.Handle("2024-02-28", R"(require_correction { items: "项"
                                           served_at_once: true })")
                  .ok());
  ASSERT_TRUE(
      life.Handle("2024-03-05", "accept_correction { channel: IN_PERSON }")
          .ok());
  EXPECT_EQ(
      WhyOf(life, "2024-03-06"),
      "2024-02-26收到，3月5日收到补正后的申请，期限重新计算，第20个工作日为"
      "4月2日");
  EXPECT_EQ(WhyOf(life, "2024-03-06", v1::REPLY, Locale::kEnglish),
            "received 2024-02-26, counted afresh from the corrected "
            "application on 2024-03-05, working day 20 is 2024-04-02");
}

// ALL 67: fifteen days that end on 04-04, a holiday, go on to Sunday 04-07,
// which is worked (ALL-I 48).
TEST(Why, OfALimitThatMovedOn) {
  casework::Life life = casework::ServedOn("2024-03-01");
  ASSERT_TRUE(life.Litigate("2024-03-20",
                            R"(open_remedy { kind: LAWSUIT organ: "某法院" })")
                  .ok());
  EXPECT_EQ(WhyOf(life, "2024-03-21", v1::DEFENCE),
            "2024-03-20起算，第15日为4月4日；逢休息日顺延至4月7日");
  EXPECT_EQ(WhyOf(life, "2024-04-09", v1::DEFENCE, Locale::kEnglish),
            "counted from 2024-03-20, day 15 is 2024-04-04; a day off, moved "
            "on to 2024-04-07; 2 days late");
  EXPECT_EQ(ItemOf(life, "2024-04-09", v1::DEFENCE).left(), -2);
}

// REG 35: the day was set, not counted.
TEST(Why, OfADeferredReply) {
  casework::Life life = casework::InHand("2024-02-26");
  ASSERT_TRUE(life.Handle("2024-02-28", R"(ask_reasons { facts: "多"
      period_days: 5 served_at_once: true })")
                  .ok());
  ASSERT_TRUE(life.Handle("2024-03-04", R"(accept_reasons { note: "可"
      verdict: REASONABLE })")
                  .ok());
  ASSERT_TRUE(life.Handle("2024-03-05", R"(defer_reply { reason: "多"
      until_date: "2024-05-30" })")
                  .ok());
  EXPECT_EQ(WhyOf(life, "2024-03-06"), "2024-02-26收到；延迟答复至5月30日");
  EXPECT_EQ(WhyOf(life, "2024-06-03", v1::REPLY, Locale::kEnglish),
            "received 2024-02-26; deferred to 2024-05-30; 2 working days late");
}

// REG 31(2): the day itself.
TEST(Why, OfTheConfirmationOfALetter) {
  casework::Life life;
  ASSERT_TRUE(life.Handle("2024-03-01", R"(receive { channel: MAIL_ORDINARY
      applicant_kind: RESEARCH applicant { name: "甲" } content: "文" })")
                  .ok());
  EXPECT_EQ(WhyOf(life, "2024-03-01", v1::MAIL_CONFIRMATION),
            "2024-03-01起算，应于当日办理");
  const v1::WorkItem item = ItemOf(life, "2024-03-02", v1::MAIL_CONFIRMATION);
  EXPECT_EQ(item.level(), v1::LEVEL_OVERDUE);
  EXPECT_LT(item.left(), 0);
}

// A limit that crosses a year whose days off nobody has published yet.
TEST(Why, TellsThatADayIsProvisional) {
  const int year = TheCalendar().LastPublishedYear();
  casework::Life life;
  life.today = absl::CivilDay(year, 12, 31);
  life.Receive(FormatDay(absl::CivilDay(year, 12, 20)));
  const std::string as_of = FormatDay(absl::CivilDay(year, 12, 28));
  EXPECT_TRUE(ItemOf(life, as_of, v1::REPLY).provisional());
  EXPECT_THAT(WhyOf(life, as_of),
              ::testing::EndsWith("；跨放假安排未公布的年份，暂定"));
  // A day of another year is written with it.
  EXPECT_THAT(
      WhyOf(life, as_of),
      ::testing::HasSubstr("第20个工作日为" + std::to_string(year + 1)));
}

TEST(Why, OfNoLedgerIsEmpty) {
  EXPECT_EQ(Why(law::Limit(), {}, Locale::kChinese), "");
}

// DeriveLimits and LapsesWithItsDay agree: no limit that lapses is ever missed.
TEST(WorkItems, NeverHoldALapsedLimitAsMissed) {
  casework::Life life = casework::ServedOn("2024-03-01");
  ASSERT_TRUE(life.Litigate("2024-03-20",
                            R"(open_remedy { kind: LAWSUIT organ: "某法院" })")
                  .ok());
  ASSERT_TRUE(
      life.Litigate("2024-04-20", "decide_remedy { docket: 1 result: REVOKED }")
          .ok());
  // T26 is the agency's own here.
  EXPECT_EQ(ItemOf(life, "2024-04-21", v1::APPEAL).due_date(), "2024-05-06");
  EXPECT_EQ(ItemOf(life, "2024-06-01", v1::APPEAL).due_date(), "");
  for (const law::Limit& limit : life.Limits(D("2026-11-01"))) {
    EXPECT_FALSE(law::LapsesWithItsDay(limit.kind) &&
                 limit.state == v1::MISSED);
  }
}

}  // namespace
}  // namespace gongkai::report
