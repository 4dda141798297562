// SPDX-License-Identifier: Apache-2.0
// A quarter lived day by day: the lists and counts of open duties as they were
// read on each evening are those that are read later as of that day. Acts are
// late, or recorded days after they were done, so that the two would differ if
// anything but what was recorded by then counted. GONGKAI_SEED repeats a run.
#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gongkai/v1/report_service.grpc.pb.h"
#include "gtest/gtest.h"
#include "services/base/dates.h"
#include "services/base/ids.h"
#include "tests/bench/decade.h"
#include "tests/bench/dice.h"
#include "tests/support/test_service.h"

namespace gongkai {
namespace {

using bench::DecadeAgency;
using bench::kCity;
using bench::PlannedAct;
using bench::PlannedLife;
using test::TestService;

// New Year, the Spring Festival and the Qingming Festival lie in it.
constexpr absl::CivilDay kFirst(2025, 1, 2);
constexpr absl::CivilDay kLast(2025, 4, 8);
// On these an agency's own calendar and its levels change.
constexpr absl::CivilDay kNotice(2025, 2, 19);
constexpr absl::CivilDay kLevels(2025, 3, 4);

absl::Time At(absl::CivilDay day, int hour) {
  return absl::FromCivil(absl::CivilSecond(day), absl::UTCTimeZone()) +
         absl::Hours(hour - 8);
}

absl::Time Soon() { return absl::Now() + absl::Seconds(30); }

uint64_t Seed() {
  const char* text = std::getenv("GONGKAI_SEED");
  return text == nullptr ? std::random_device{}()
                         : std::strtoull(text, nullptr, 10);
}

// One case of the office: what is still to be recorded of it, by day.
struct OnItsWay {
  std::string name;
  std::string agency;
  std::vector<std::pair<absl::CivilDay, PlannedAct>> acts;
  size_t next = 0;
};

class Quarter : public ::testing::Test {
 protected:
  Quarter()
      : seed_(Seed()),
        dice_(seed_),
        service_(Options()),
        stub_(v1::ReportService::NewStub(service_.channel())) {
    std::cout << "seed " << seed_ << "\n";
    bench::BulkOffice::Options options;
    options.source = std::getenv("GONGKAI_SOURCE_DIR");
    options.request_key = std::string(32, 'k');
    // Only for calendar and rules.
    office_ = bench::BulkOffice::Open(options, At(kFirst, 9)).value();
    planner_ = std::make_unique<bench::LifePlanner>(seed_, office_->calendar(),
                                                    office_->rules());
    SetTerms(kCity, "");
    SetTerms(DecadeAgency(1), kCity);
    SetTerms(DecadeAgency(2), kCity);
  }

  static TestService::Options Options() {
    TestService::Options options;
    options.now = At(kFirst, 9);
    return options;
  }

  void SetTerms(const std::string& agency, const std::string& superior,
                int warning_days = 0) {
    v1::AgencyTerms terms;
    terms.set_warning_days(warning_days);
    terms.set_name("某某委员会");
    terms.set_review_organ("市人民政府");
    terms.set_court("铁路运输法院");
    terms.set_superior(superior);
    const auth::Caller keeper = {
        "keeper", "keeper", {v1::ROLE_SECURITY_ADMIN}, agency, "dev"};
    ASSERT_TRUE(service_.service()
                    .performer()
                    .SetAgencyTerms(keeper, agency, terms, Soon())
                    .ok());
  }

  // A day off more and one less, and every case brought to it.
  void LoadNotice() {
    const std::string agency = DecadeAgency(1);
    v1::LoadNoticeRequest request;
    request.set_agency(agency);
    request.set_request_id(NewUuid(absl::Now()));
    v1::CalendarNotice& notice = *request.mutable_notice();
    notice.set_number("本市通知1号");
    notice.set_issued_date(FormatDay(kNotice));
    v1::CalendarNotice::Day& off = *notice.add_days();
    off.set_date("2025-03-12");
    off.set_kind(v1::DAY_OFF);
    off.set_name("本市放假");
    v1::CalendarNotice::Day& on = *notice.add_days();
    on.set_date("2025-02-22");
    on.set_kind(v1::MAKE_UP_WORKDAY);
    on.set_name("补班");
    auto& performer = service_.service().performer();
    const auth::Caller keeper = {
        "keeper", "keeper", {v1::ROLE_SECURITY_ADMIN}, agency, "dev"};
    const auto loaded = performer.LoadNotice(keeper, request, Soon());
    ASSERT_TRUE(loaded.ok()) << loaded.status();
    for (const OnItsWay& one : cases_) {
      if (one.agency != agency) continue;
      const auto ref = ParseCaseName(one.name);
      ASSERT_TRUE(ref.ok());
      const auto moved =
          performer.ApplyCalendar(ref->agency, ref->number, Soon());
      ASSERT_TRUE(moved.ok()) << moved.status();
      moved_ += *moved ? 1 : 0;
    }
  }

  // ---- The office ----
  void Receive(absl::CivilDay day) {
    const int n = office_->calendar().IsWorkday(day) ? 1 + dice_.Below(4) : 0;
    for (int i = 0; i < n; ++i) {
      const std::string agency = DecadeAgency(1 + dice_.Below(2));
      PlannedLife life = planner_->Plan(agency, day, ++applications_);
      life.application.set_request_id(NewUuid(absl::Now()));
      const auth::Caller handler = {
          "h1", "h1", {v1::ROLE_HANDLER}, agency, "dev"};
      const auto received = service_.service().performer().Receive(
          handler, life.application, Soon());
      ASSERT_TRUE(received.ok()) << received.status();
      Take(received->receipt().name(), agency, std::move(life));
    }
  }

  // Some hands are slow, and some write down late what they did.
  void Take(const std::string& name, const std::string& agency,
            PlannedLife life) {
    OnItsWay one{name, agency, {}};
    int slow = 0, behind = 0;
    for (PlannedAct& planned : life.acts) {
      if (dice_.In(1, 8)) slow += 1 + dice_.Below(12);
      if (dice_.In(1, 6)) behind = dice_.Below(5);
      planned.day += slow;
      absl::CivilDay recorded = planned.day + behind;
      if (!one.acts.empty()) {
        recorded = std::max(recorded, one.acts.back().first);
      }
      one.acts.emplace_back(recorded, std::move(planned));
    }
    cases_.push_back(std::move(one));
  }

  void Work(absl::CivilDay day) {
    for (OnItsWay& one : cases_) {
      while (one.next < one.acts.size() && one.acts[one.next].first <= day) {
        const PlannedAct& planned = one.acts[one.next++].second;
        v1::PerformActRequest request;
        request.set_name(one.name);
        request.set_request_id(NewUuid(absl::Now()));
        request.set_occurred_date(FormatDay(planned.day));
        *request.mutable_act() = planned.act;
        const auth::Caller caller = {planned.account,
                                     planned.account,
                                     {planned.role},
                                     one.agency,
                                     "dev"};
        const auto done =
            service_.service().performer().Perform(caller, request, Soon());
        if (done.ok()) {
          ++done_;
          continue;
        }
        // Too late for what it was: the case is left as it lies.
        ++refused_;
        one.next = one.acts.size();
      }
    }
  }

  // ---- The reader ----
  void AsHead(grpc::ClientContext& context) {
    TestService::As as;
    as.account = "head";
    as.roles = "disclosure_head";
    as.agency = kCity;
    TestService::Identify(as, context);
  }

  v1::WorkFilter Filter(const std::string& as_of) {
    v1::WorkFilter filter;
    filter.set_agency(kCity);
    filter.set_with_agencies_beneath(true);
    filter.set_as_of_date(as_of);
    return filter;
  }

  // Every page, each item a line.
  std::vector<std::string> List(const std::string& as_of, bool overdue) {
    v1::ListWorkRequest request;
    *request.mutable_filter() = Filter(as_of);
    request.mutable_filter()->set_overdue_only(overdue);
    request.set_page_size(200);
    std::vector<std::string> items;
    do {
      grpc::ClientContext context;
      AsHead(context);
      v1::ListWorkResponse response;
      const grpc::Status status = stub_->ListWork(&context, request, &response);
      EXPECT_TRUE(status.ok()) << as_of << ": " << status.error_message();
      for (const v1::WorkItem& item : response.items()) {
        items.push_back(item.ShortDebugString());
      }
      request.set_page_token(response.next_page_token());
    } while (!request.page_token().empty());
    return items;
  }

  std::vector<std::string> Count(const std::string& as_of,
                                 v1::CountWorkRequest::Grouping grouping) {
    v1::CountWorkRequest request;
    *request.mutable_filter() = Filter(as_of);
    request.set_grouping(grouping);
    grpc::ClientContext context;
    AsHead(context);
    v1::CountWorkResponse response;
    const grpc::Status status = stub_->CountWork(&context, request, &response);
    EXPECT_TRUE(status.ok()) << as_of << ": " << status.error_message();
    std::vector<std::string> groups;
    for (const v1::WorkGroup& group : response.groups()) {
      groups.push_back(group.ShortDebugString());
    }
    return groups;
  }

  // What is read of one day.
  struct Evening {
    std::vector<std::string> overdue, all, departments, officers;
  };
  Evening Read(const std::string& as_of) {
    return {List(as_of, true), List(as_of, false),
            Count(as_of, v1::CountWorkRequest::BY_DEPARTMENT),
            Count(as_of, v1::CountWorkRequest::BY_OFFICER)};
  }

  const uint64_t seed_;
  bench::Dice dice_;
  TestService service_;
  std::unique_ptr<v1::ReportService::Stub> stub_;
  std::unique_ptr<bench::BulkOffice> office_;
  std::unique_ptr<bench::LifePlanner> planner_;
  std::vector<OnItsWay> cases_;
  uint64_t applications_ = 0;
  int done_ = 0;
  int refused_ = 0;
  int moved_ = 0;
};

TEST_F(Quarter, EachEveningIsReadAgainAsItWas) {
  std::map<absl::CivilDay, Evening> evenings;
  size_t longest = 0;
  for (absl::CivilDay day = kFirst; day <= kLast; ++day) {
    service_.clock().Set(At(day, 10));
    if (day == kNotice) LoadNotice();
    if (day == kLevels) SetTerms(DecadeAgency(2), kCity, 6);
    Receive(day);
    Work(day);
    service_.clock().Set(At(day, 22));
    evenings[day] = Read("");
    longest = std::max(longest, evenings[day].overdue.size());
    if (HasFatalFailure()) return;
  }
  std::cout << cases_.size() << " cases, " << done_ << " acts, " << refused_
            << " refused, " << moved_ << " cases moved by a notice, " << longest
            << " overdue at most, " << evenings[kLast].all.size()
            << " duties at the end\n";
  // A quarter in which little is late proves little.
  EXPECT_GT(cases_.size(), 80u);
  EXPECT_GT(longest, 6u);
  EXPECT_GT(moved_, 0);
  EXPECT_LT(refused_ * 5, done_);
  service_.clock().Set(At(kLast + 40, 10));
  for (const auto& [day, evening] : evenings) {
    SCOPED_TRACE(FormatDay(day));
    const Evening again = Read(FormatDay(day));
    EXPECT_THAT(again.overdue, ::testing::ElementsAreArray(evening.overdue));
    EXPECT_THAT(again.all, ::testing::ElementsAreArray(evening.all));
    EXPECT_THAT(again.departments,
                ::testing::ElementsAreArray(evening.departments));
    EXPECT_THAT(again.officers, ::testing::ElementsAreArray(evening.officers));
    if (HasFailure()) return;
  }
}

}  // namespace
}  // namespace gongkai
