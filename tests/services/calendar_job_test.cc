// SPDX-License-Identifier: Apache-2.0
// January 2020 as it happened: the notice of the 26th moves open cases, each
// once, with both dates kept.

#include "services/jobs/calendar_job.h"

#include <memory>
#include <string>
#include <vector>

#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/act/progress.h"
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
  // Of the installation: the national calendar is kept there.
  keeper.agency = "CN";
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

// Seven open cases, a notice that moves them, and no job at work.
class Stopped {
 public:
  Stopped() : service_(January(8)) {
    v1::LoadNoticeResponse loaded;
    EXPECT_TRUE(Load(service_, Published(), &loaded).ok());
    EXPECT_TRUE(AwaitDone(service_, loaded.calendar_version()));
    for (int i = 0; i < 7; ++i) service_.Receive("申请公开。");
    service_.clock().Set(NoonOf(2020, 1, 27));
    server().Drain(absl::Seconds(20));
    v1::LoadNoticeRequest request;
    request.set_request_id(service_.NewRequestId());
    *request.mutable_notice() = Extended();
    const auth::Caller keeper{
        "keeper", "keeper", {v1::ROLE_SECURITY_ADMIN}, "*", "dev"};
    EXPECT_TRUE(server().performer().LoadNotice(keeper, request, Soon()).ok());
    const auto terms = server().registry().Newest(TestService::kAgency, Soon());
    EXPECT_TRUE(terms.ok());
    version_ = (*terms)->calendar_version;
    const auto open =
        server().store().OpenCases(TestService::kAgency, "", "", 100, Soon());
    EXPECT_TRUE(open.ok());
    cases_ = *open;
  }

  static absl::Time Soon() { return absl::Now() + absl::Seconds(30); }
  server::Service& server() { return service_.service(); }
  const std::string& version() const { return version_; }
  const std::vector<storage::Index::OpenCase>& cases() const { return cases_; }

  std::unique_ptr<jobs::CalendarJob> NewJob() {
    jobs::CalendarJob::Options options;
    options.batch = 2;
    return std::make_unique<jobs::CalendarJob>(
        server().performer(), server().registry(), server().store(),
        server().store(), options);
  }
  v1::CalendarProgress Progress() {
    const auto text = server().store().JobState(
        act::ProgressKey(TestService::kAgency), Soon());
    EXPECT_TRUE(text.ok());
    return act::ReadProgress(*text);
  }
  bool AwaitWorkedOff() {
    const absl::Time end = Soon();
    while (absl::Now() < end) {
      const v1::CalendarProgress progress = Progress();
      if (progress.done() && progress.calendar_version() == version_) {
        return true;
      }
    }
    return false;
  }
  int64_t VersionOf(const storage::Index::OpenCase& open) {
    const auto history = server().store().Load(TestService::kAgency,
                                               open.number, "", false, Soon());
    EXPECT_TRUE(history.ok());
    return history->version;
  }

 private:
  TestService service_;
  std::string version_;
  std::vector<storage::Index::OpenCase> cases_;
};

TEST(CalendarJob, GoesOnWhereItWasStopped) {
  Stopped stopped;
  ASSERT_EQ(stopped.cases().size(), 7u);
  v1::CalendarProgress kept;
  kept.set_calendar_version(stopped.version());
  kept.set_looked_at(3);
  kept.set_moved(3);
  kept.set_total(7);
  ASSERT_TRUE(stopped.server()
                  .store()
                  .SetJobState("calendar_cursor/SHGXW",
                               stopped.cases()[2].stream + " " +
                                   act::WriteProgress(kept),
                               Stopped::Soon())
                  .ok());
  const auto job = stopped.NewJob();
  ASSERT_TRUE(stopped.AwaitWorkedOff());
  EXPECT_EQ(stopped.Progress().looked_at(), 7);
  EXPECT_EQ(stopped.Progress().moved(), 7);
  // The three before the place were not looked at again.
  for (size_t i = 0; i < 7; ++i) {
    EXPECT_EQ(stopped.VersionOf(stopped.cases()[i]), i < 3 ? 1 : 2) << i;
  }
}

TEST(CalendarJob, TwoServersMoveNothingTwice) {
  Stopped stopped;
  const auto one = stopped.NewJob();
  const auto two = stopped.NewJob();
  ASSERT_TRUE(stopped.AwaitWorkedOff());
  one->Stop();
  two->Stop();
  for (const auto& open : stopped.cases()) {
    EXPECT_EQ(stopped.VersionOf(open), 2) << open.number;
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

TEST(CalendarJob, APreviewNamesCasesToWhoeverListsThemAndChangesNothing) {
  TestService service(January(8));
  v1::LoadNoticeResponse loaded;
  ASSERT_TRUE(Load(service, Published(), &loaded).ok());
  const std::string name = service.Receive("申请公开。").receipt().name();
  const auto preview = [&](const TestService::As& as) {
    grpc::ClientContext context;
    TestService::Identify(as, context);
    v1::PreviewNoticeRequest request;
    *request.mutable_notice() = Extended();
    v1::PreviewNoticeResponse response;
    const grpc::Status status =
        service.calendars().PreviewNotice(&context, request, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    EXPECT_EQ(response.looked_at(), 1);
    EXPECT_EQ(response.moved(), 1);
    return response;
  };
  // Who keeps calendars never learns which cases there are.
  EXPECT_EQ(preview(Keeper()).cases_size(), 0);
  const v1::PreviewNoticeResponse named = preview({});
  ASSERT_EQ(named.cases_size(), 1);
  EXPECT_EQ(named.cases(0).name(), name);
  ASSERT_GT(named.cases(0).moves_size(), 0);
  EXPECT_LT(named.cases(0).moves(0).old_date(),
            named.cases(0).moves(0).new_date());
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
