// SPDX-License-Identifier: Apache-2.0
// January 2020 as it happened: the notice of the 26th moves open cases, each
// once, with both dates kept.

#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/base/dates.h"
#include "tests/support/test_service.h"

namespace gongkai {
namespace {

using test::Details;
using test::TestService;

absl::Time NoonOf(int year, int month, int day) {
  return absl::FromCivil(absl::CivilSecond(year, month, day, 4, 0, 0),
                         absl::UTCTimeZone());
}

// The arrangement of 2020 as first published, and the extension of the Spring
// Festival.
v1::CalendarNotice Published() {
  v1::CalendarNotice notice;
  notice.set_number("国办发明电〔2019〕16号");
  notice.set_issued_date("2019-11-21");
  notice.set_year(2020);
  const auto add = [&notice](const char* date, v1::DayKind kind) {
    auto* day = notice.add_days();
    day->set_date(date);
    day->set_kind(kind);
    day->set_name("春节");
  };
  add("2020-01-19", v1::MAKE_UP_WORKDAY);
  for (const char* off :
       {"2020-01-24", "2020-01-25", "2020-01-26", "2020-01-27", "2020-01-28",
        "2020-01-29", "2020-01-30"}) {
    add(off, v1::DAY_OFF);
  }
  add("2020-02-01", v1::MAKE_UP_WORKDAY);
  return notice;
}

v1::CalendarNotice Extended() {
  v1::CalendarNotice notice;
  notice.set_number("国办发明电〔2020〕1号");
  notice.set_issued_date("2020-01-26");
  for (const char* off : {"2020-01-31", "2020-02-01", "2020-02-02"}) {
    auto* day = notice.add_days();
    day->set_date(off);
    day->set_kind(v1::DAY_OFF);
    day->set_name("春节");
  }
  return notice;
}

TestService::As Keeper() {
  TestService::As keeper;
  keeper.account = "keeper";
  keeper.roles = "security_admin";
  return keeper;
}

grpc::Status Load(TestService& service, const v1::CalendarNotice& notice,
                  v1::LoadNoticeResponse* response) {
  grpc::ClientContext context;
  TestService::Identify(Keeper(), context);
  v1::LoadNoticeRequest request;
  request.set_request_id(service.NewRequestId());
  *request.mutable_notice() = notice;
  return service.calendars().LoadNotice(&context, request, response);
}

v1::CalendarProgress Progress(TestService& service) {
  grpc::ClientContext context;
  TestService::Identify({}, context);
  v1::GetCalendarProgressRequest request;
  request.set_agency(TestService::kAgency);
  v1::GetCalendarProgressResponse response;
  EXPECT_TRUE(service.calendars()
                  .GetCalendarProgress(&context, request, &response)
                  .ok());
  return response.progress();
}

bool AwaitDone(TestService& service, const std::string& version) {
  const absl::Time end = absl::Now() + absl::Seconds(60);
  while (absl::Now() < end) {
    const v1::CalendarProgress progress = Progress(service);
    // `{national}+{local}`: the version given out by loading is the national
    // stream's own.
    if (progress.done() && progress.calendar_version().substr(
                               0, progress.calendar_version().find('+')) ==
                               version.substr(0, version.find('+'))) {
      return true;
    }
  }
  return false;
}

std::string ReplyDue(const v1::Case& c) {
  for (const v1::Limit& limit : c.limits()) {
    if (limit.kind() == v1::REPLY) return limit.due_date();
  }
  return "";
}

TestService::Options January(int day) {
  TestService::Options options;
  options.now = NoonOf(2020, 1, day);
  options.calendar = false;
  return options;
}

TEST(CalendarJob, ALoadedNoticeMovesEveryOpenCaseOnceAndKeepsBothDates) {
  TestService service(January(8));
  v1::LoadNoticeResponse loaded;
  ASSERT_TRUE(Load(service, Published(), &loaded).ok());
  ASSERT_TRUE(AwaitDone(service, loaded.calendar_version()));
  std::vector<std::string> names;
  for (int i = 0; i < 7; ++i) {
    names.push_back(service.Receive("申请公开。").receipt().name());
  }
  const std::string before = ReplyDue(service.Get(names[0]));
  service.clock().Set(NoonOf(2020, 1, 27));

  ASSERT_TRUE(Load(service, Extended(), &loaded).ok());
  EXPECT_FALSE(loaded.already_loaded());
  ASSERT_TRUE(AwaitDone(service, loaded.calendar_version()));
  const v1::CalendarProgress progress = Progress(service);
  EXPECT_EQ(progress.looked_at(), 7);
  EXPECT_EQ(progress.total(), 7);
  EXPECT_EQ(progress.moved(), 7);
  for (const std::string& name : names) {
    grpc::ClientContext context;
    TestService::Identify({}, context);
    v1::GetCaseRequest request;
    request.set_name(name);
    request.set_with_history(true);
    v1::GetCaseResponse response;
    ASSERT_TRUE(service.cases().GetCase(&context, request, &response).ok());
    ASSERT_EQ(response.history_size(), 2) << name;
    const auto& event = response.history(1).event();
    ASSERT_TRUE(event.has_calendar_applied());
    EXPECT_EQ(response.history(1).actor().capacity(), v1::CLOCK);
    bool reply = false;
    for (const auto& move : event.calendar_applied().moves()) {
      if (move.kind() != v1::REPLY) continue;
      reply = true;
      EXPECT_EQ(move.old_date(), before);
      EXPECT_EQ(move.new_date(), ReplyDue(response.case_()));
      EXPECT_LT(move.old_date(), move.new_date());
    }
    EXPECT_TRUE(reply);
  }
}

TEST(CalendarJob, LoadingTheSameNoticeAgainChangesNothing) {
  TestService service(January(27));
  v1::LoadNoticeResponse loaded;
  ASSERT_TRUE(Load(service, Published(), &loaded).ok());
  const std::string name = service.Receive("申请公开。").receipt().name();
  ASSERT_TRUE(Load(service, Published(), &loaded).ok());
  EXPECT_TRUE(loaded.already_loaded());
  ASSERT_TRUE(AwaitDone(service, loaded.calendar_version()));
  EXPECT_EQ(service.Get(name).version(), 1);
  v1::CalendarNotice other = Published();
  other.mutable_days()->RemoveLast();
  const grpc::Status status = Load(service, other, &loaded);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::ALREADY_EXISTS);
  EXPECT_EQ(Details(status).reason, "NOTICE_EXISTS");
}

TEST(CalendarJob, APreviewNamesTheCasesAndChangesNothing) {
  TestService service(January(8));
  v1::LoadNoticeResponse loaded;
  ASSERT_TRUE(Load(service, Published(), &loaded).ok());
  const std::string name = service.Receive("申请公开。").receipt().name();
  grpc::ClientContext context;
  TestService::Identify(Keeper(), context);
  v1::PreviewNoticeRequest request;
  *request.mutable_notice() = Extended();
  v1::PreviewNoticeResponse response;
  const grpc::Status status =
      service.calendars().PreviewNotice(&context, request, &response);
  ASSERT_TRUE(status.ok()) << status.error_message();
  EXPECT_EQ(response.looked_at(), 1);
  ASSERT_EQ(response.cases_size(), 1);
  EXPECT_EQ(response.cases(0).name(), name);
  EXPECT_EQ(service.Get(name).version(), 1);
}

TEST(CalendarJob, OnlyWhoKeepsTheRulesLoadsANotice) {
  TestService service(January(8));
  grpc::ClientContext context;
  TestService::Identify({}, context);
  v1::LoadNoticeRequest request;
  request.set_request_id(service.NewRequestId());
  *request.mutable_notice() = Published();
  v1::LoadNoticeResponse response;
  EXPECT_EQ(
      service.calendars().LoadNotice(&context, request, &response).error_code(),
      grpc::StatusCode::PERMISSION_DENIED);
}

}  // namespace
}  // namespace gongkai
