// SPDX-License-Identifier: Apache-2.0
// Who becomes overdue if a notice is loaded: the notice of January 2020.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/act/registry.h"
#include "services/base/dates.h"
#include "services/law/calendar.h"
#include "tests/reports/reports_house.h"

namespace gongkai {
namespace {

using test::Head;
using test::Officer;
using test::ReportsHouse;
using test::TestService;

v1::CalendarNotice Notice(const std::string& number, const std::string& issued,
                          int year) {
  v1::CalendarNotice notice;
  notice.set_number(number);
  notice.set_title("通知");
  notice.set_issued_date(issued);
  notice.set_year(year);
  notice.set_source("gov.cn");
  return notice;
}

void Add(v1::CalendarNotice& notice, const std::string& from,
         const std::string& to, v1::DayKind kind) {
  for (absl::CivilDay day = DayOf(from); day <= DayOf(to); ++day) {
    auto* one = notice.add_days();
    one->set_date(FormatDay(day));
    one->set_kind(kind);
    one->set_name("春节");
  }
}

// As ordered in 2019 (国办发明电〔2019〕16号), for the first quarter of 2020.
v1::CalendarNotice OfTheYear() {
  v1::CalendarNotice notice =
      Notice("国办发明电〔2019〕16号", "2019-11-21", 2020);
  Add(notice, "2020-01-01", "2020-01-01", v1::DAY_OFF);
  Add(notice, "2020-01-19", "2020-01-19", v1::MAKE_UP_WORKDAY);
  Add(notice, "2020-01-24", "2020-01-30", v1::DAY_OFF);
  Add(notice, "2020-02-01", "2020-02-01", v1::MAKE_UP_WORKDAY);
  return notice;
}

// 国办发明电〔2020〕1号: the holiday goes on to 2 February.
v1::CalendarNotice OfJanuary() {
  v1::CalendarNotice notice = Notice("国办发明电〔2020〕1号", "2020-01-26", 0);
  Add(notice, "2020-01-31", "2020-02-02", v1::DAY_OFF);
  return notice;
}

class Preview : public ::testing::Test {
 protected:
  static TestService::Options At(const std::string& day) {
    TestService::Options options;
    options.now = absl::FromCivil(DayOf(day), absl::FixedTimeZone(8 * 3600)) +
                  absl::Hours(12);
    options.calendar = false;
    return options;
  }
  Preview() : house_(At("2020-01-02")) {}

  void Load(const v1::CalendarNotice& notice) {
    v1::LoadNoticeRequest request;
    request.set_request_id(house_.service().NewRequestId());
    *request.mutable_notice() = notice;
    v1::LoadNoticeResponse response;
    grpc::ClientContext context;
    TestService::Identify({"guan", "security_admin", "CN"}, context);
    const grpc::Status status =
        house_.service().calendars().LoadNotice(&context, request, &response);
    ASSERT_TRUE(status.ok()) << status.error_message();
  }
  v1::PreviewNoticeResponse Look(const v1::CalendarNotice& notice,
                                 const TestService::As& as) {
    v1::PreviewNoticeRequest request;
    *request.mutable_notice() = notice;
    v1::PreviewNoticeResponse response;
    grpc::ClientContext context;
    TestService::Identify(as, context);
    const grpc::Status status = house_.service().calendars().PreviewNotice(
        &context, request, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return response;
  }

  ReportsHouse house_;
};

TEST_F(Preview, TheNoticeOfJanuary2020SaysWhoIsNoLongerOverdue) {
  Load(OfTheYear());
  // Twenty working days from 2 January end on 4 February by the first
  // arrangement, on 6 February with the longer holiday.
  const std::string name = house_.Receive();
  house_.Must(name, "handler",
              R"(register { officer: "li" department: "fagui" })");
  v1::ListWorkRequest work;
  work.mutable_filter()->add_limits(v1::REPLY);
  ASSERT_EQ(house_.Work(Officer(), work).size(), 1u);
  const std::string due = house_.Work(Officer(), work)[0].due_date();
  EXPECT_EQ(due, "2020-02-04");
  house_.SetDay("2020-02-05");
  v1::PreviewNoticeResponse response = Look(OfJanuary(), Officer());
  EXPECT_EQ(response.moved(), 1);
  EXPECT_EQ(response.no_longer_overdue(), 1);
  EXPECT_EQ(response.become_overdue(), 0);
  ASSERT_EQ(response.cases_size(), 1);
  EXPECT_TRUE(response.cases(0).no_longer_overdue());
  EXPECT_FALSE(response.cases(0).becomes_overdue());
  EXPECT_EQ(response.cases(0).officer(), "li");
  EXPECT_EQ(response.cases(0).department(), "fagui");

  // It is loaded; then who would be overdue if it were taken back.
  Load(OfJanuary());
  house_.SetDay("2020-02-06");
  ASSERT_TRUE(house_.service()
                  .service()
                  .performer()
                  .ApplyCalendar("SHGXW", name.substr(name.rfind('/') + 1),
                                 absl::Now() + absl::Seconds(10))
                  .ok());
  EXPECT_EQ(house_.Work(Officer(), work)[0].due_date(), "2020-02-06");
  v1::CalendarNotice back = Notice("更正通知", "2020-02-06", 0);
  Add(back, "2020-01-31", "2020-01-31", v1::WORKDAY);
  Add(back, "2020-02-01", "2020-02-01", v1::MAKE_UP_WORKDAY);
  response = Look(back, Head());
  EXPECT_EQ(response.become_overdue(), 1);
  ASSERT_EQ(response.cases_size(), 1);
  EXPECT_TRUE(response.cases(0).becomes_overdue());
  // Who keeps calendars is told how many, and none by name.
  response = Look(back, {"guan", "security_admin", "CN"});
  EXPECT_EQ(response.become_overdue(), 1);
  EXPECT_EQ(response.cases_size(), 0);
}

}  // namespace
}  // namespace gongkai
