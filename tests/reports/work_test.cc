// SPDX-License-Identifier: Apache-2.0
// Worklists: what is shown now is what is shown of now later, whatever happens
// in between.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <iostream>
#include <map>
#include <random>

#include "absl/strings/str_cat.h"
#include "services/base/dates.h"
#include "tests/reports/reports_house.h"

namespace gongkai {
namespace {

using test::Details;
using test::Head;
using test::Manager;
using test::Officer;
using test::Past;
using test::ReportsHouse;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;
constexpr char kAgency[] = "SHGXW";

// Every duty; the simulation looks at all of them, other tests at replies.
v1::ListWorkRequest AskAll(
    const std::string& as_of = "",
    v1::ListWorkRequest::Order order = v1::ListWorkRequest::DUE_FIRST,
    int page_size = 200) {
  v1::ListWorkRequest request;
  request.mutable_filter()->set_agency(kAgency);
  request.mutable_filter()->set_as_of_date(as_of);
  request.set_order(order);
  request.set_page_size(page_size);
  return request;
}

v1::ListWorkRequest Ask(
    const std::string& as_of = "",
    v1::ListWorkRequest::Order order = v1::ListWorkRequest::DUE_FIRST,
    int page_size = 200) {
  v1::ListWorkRequest request = AskAll(as_of, order, page_size);
  request.mutable_filter()->add_limits(v1::REPLY);
  return request;
}

std::vector<std::string> Texts(const std::vector<v1::WorkItem>& items) {
  std::vector<std::string> texts;
  for (const auto& item : items) texts.push_back(item.ShortDebugString());
  return texts;
}

std::vector<std::string> Texts(const std::vector<v1::WorkGroup>& groups) {
  std::vector<std::string> texts;
  for (const auto& group : groups) texts.push_back(group.ShortDebugString());
  return texts;
}

// An office at work: every act that moves a limit, by chance.
class Office {
 public:
  explicit Office(uint64_t seed) : random_(seed) {}

  void Day(ReportsHouse& house) {
    for (int i = 0; i < 3; ++i) {
      cases_.push_back(house.Receive("申请公开某年预算。"));
    }
    for (int i = 0; i < 14; ++i) {
      done_ += Step(house, cases_[random_() % cases_.size()]) ? 1 : 0;
    }
  }
  int done() const { return done_; }

 private:
  bool Step(ReportsHouse& house, const std::string& name) {
    static const std::vector<std::pair<const char*, const char*>> acts = {
        {"handler", R"(register { officer: "li" department: "fagui" })"},
        {"handler", R"(register { officer: "wang" department: "caiwu" })"},
        {"handler", R"(assign { officer: "chen" department: "caiwu" })"},
        {"handler",
         R"(require_correction { items: "请写明" served_at_once: true })"},
        {"handler", R"(require_correction { items: "请写明" })"},
        {"handler", R"(accept_correction { channel: IN_PERSON })"},
        {"handler", R"(consult { kind: THIRD_PARTY addressee: "某公司"
                         interest: BUSINESS_SECRET question: "是否同意"
                         served_at_once: true })"},
        {"handler", R"(consult { kind: OTHER_AGENCY addressee: "某局"
                         question: "是否同意" })"},
        {"handler", R"(record_opinion { consultation: 1 opinion: AGREES })"},
        {"handler", R"(request_extension { working_days: 20 reason: "量大" })"},
        {"disclosure_head",
         R"(decide_extension { approved: true notice_date: "TODAY" })"},
        {"handler", R"(withdraw { note: "申请人撤回" })"},
        {"handler", "close {}"},
        {"legal_reviewer",
         R"(open_remedy { kind: ADMINISTRATIVE_REVIEW organ: "市政府" })"},
        {"legal_reviewer", "answer_remedy { docket: 1 }"},
        {"disclosure_head",
         R"(mend_record { event_seq: 1 field: "occurred_date"
            value: "2024-03-19" reason: "登记有误" })"},
    };
    const auto& [role, text] = acts[random_() % acts.size()];
    std::string act = text;
    const size_t today = act.find("TODAY");
    if (today != std::string::npos) {
      act.replace(today, 5,
                  FormatDay(ShanghaiDay(house.service().clock().Now())));
    }
    const bool handler = std::string(role) == "handler";
    return house.Act(name, role, act, handler ? "li" : "zhou").ok();
  }

  std::mt19937_64 random_;
  std::vector<std::string> cases_;
  int done_ = 0;
};

// What was on the screens in the evening of one day.
struct Evening {
  std::vector<std::string> due;
  std::vector<std::string> by_officer;
  std::vector<std::string> overdue;
  std::vector<std::string> counts;
};

Evening Look(ReportsHouse& house, const std::string& as_of) {
  Evening evening;
  evening.due = Texts(house.Work(Officer(), AskAll(as_of)));
  evening.by_officer = Texts(
      house.Work(Officer(), AskAll(as_of, v1::ListWorkRequest::BY_OFFICER, 7)));
  v1::ListWorkRequest overdue = AskAll(as_of);
  overdue.mutable_filter()->set_overdue_only(true);
  overdue.mutable_filter()->set_department("caiwu");
  evening.overdue = Texts(house.Work(Officer(), overdue));
  v1::CountWorkRequest count;
  *count.mutable_filter() = AskAll(as_of).filter();
  count.set_grouping(v1::CountWorkRequest::BY_OFFICER);
  evening.counts = Texts(house.Count(Officer(), count));
  return evening;
}

TEST(Work, TheListOfAPastDayIsTheOneThatWasShownOnIt) {
  ReportsHouse house;
  house.Import(kAgency,
               {Past("2023-7", "2023-11-02"), Past("2024-8", "2024-02-20"),
                Past("2022-9", "2022-05-05", "2022-05-20")});
  const uint64_t seed = std::random_device{}();
  Office office(seed);
  std::map<std::string, Evening> shown;
  for (absl::CivilDay day(2024, 3, 20); day < absl::CivilDay(2024, 4, 28);
       day += 3) {
    house.SetDay(FormatDay(day));
    office.Day(house);
    house.SetDay(FormatDay(day), 22);
    shown[FormatDay(day)] = Look(house, "");
  }
  size_t items = 0;
  size_t overdue = 0;
  for (const auto& [day, live] : shown) {
    if (day == shown.rbegin()->first) continue;
    const Evening then = Look(house, day);
    EXPECT_EQ(then.due, live.due) << day << " seed " << seed;
    EXPECT_EQ(then.by_officer, live.by_officer) << day << " seed " << seed;
    EXPECT_EQ(then.overdue, live.overdue) << day << " seed " << seed;
    EXPECT_EQ(then.counts, live.counts) << day << " seed " << seed;
    items += then.due.size();
    overdue += then.overdue.size();
  }
  EXPECT_GT(items, 200u);
  EXPECT_GT(overdue, 0u);
  std::cout << "seed " << seed << ", " << office.done() << " acts, "
            << shown.size() << " evenings, " << items << " duties, " << overdue
            << " overdue\n";
}

TEST(Work, ADutyTellsItsLastDayWhatIsLeftAndWhy) {
  ReportsHouse house;
  house.SetDay("2024-03-20");
  const std::string name = house.Receive();
  house.Must(name, "handler",
             R"(register { officer: "li" department: "fagui" })");
  auto items = house.Work(Officer(), Ask());
  ASSERT_THAT(items, SizeIs(1));
  EXPECT_EQ(items[0].name(), name);
  EXPECT_EQ(items[0].limit(), v1::REPLY);
  EXPECT_EQ(items[0].due_date(), "2024-04-18");
  EXPECT_EQ(items[0].left(), 20);
  EXPECT_EQ(items[0].level(), v1::LEVEL_GREEN);
  EXPECT_EQ(items[0].officer(), "li");
  EXPECT_FALSE(items[0].why().empty());
  house.SetDay("2024-04-15");
  EXPECT_EQ(house.Work(Officer(), Ask())[0].level(), v1::LEVEL_YELLOW);
  house.SetDay("2024-04-18");
  EXPECT_EQ(house.Work(Officer(), Ask())[0].level(), v1::LEVEL_RED);
  house.SetDay("2024-04-22");
  items = house.Work(Officer(), Ask());
  EXPECT_EQ(items[0].level(), v1::LEVEL_OVERDUE);
  EXPECT_EQ(items[0].state(), v1::MISSED);
  EXPECT_EQ(items[0].left(), -2);
  // The agency warns earlier from now on, and later looked at what was.
  house.SetTerms(kAgency, "", 30);
  house.SetDay("2024-04-23");
  house.Receive();
  EXPECT_EQ(house.Work(Officer(), Ask()).back().level(), v1::LEVEL_YELLOW);
  EXPECT_EQ(house.Work(Officer(), Ask("2024-03-20"))[0].level(),
            v1::LEVEL_GREEN);
}

TEST(Work, AMendRecordedLaterDoesNotChangeWhatWasShownBefore) {
  ReportsHouse house;
  house.SetDay("2024-03-20");
  const std::string name = house.Receive();
  house.Must(name, "handler", R"(register { officer: "li" })");
  house.SetDay("2024-03-22");
  house.Must(name, "disclosure_head",
             R"(mend_record { event_seq: 1 field: "occurred_date"
                value: "2024-03-11" reason: "登记有误" })",
             "zhou");
  EXPECT_EQ(house.Work(Officer(), Ask())[0].due_date(), "2024-04-09");
  EXPECT_EQ(house.Work(Officer(), Ask("2024-03-21"))[0].due_date(),
            "2024-04-18");
  EXPECT_EQ(house.Work(Officer(), Ask("2024-03-22"))[0].due_date(),
            "2024-04-09");
  EXPECT_THAT(house.Work(Officer(), Ask("2024-03-19")), IsEmpty());
}

TEST(Work, PagesFiltersAndCountsAgree) {
  ReportsHouse house;
  house.SetDay("2024-03-20");
  for (int i = 0; i < 9; ++i) {
    const std::string name = house.Receive();
    house.Must(name, "handler",
               absl::StrCat("register { officer: \"o", i % 3,
                            "\" department: \"d", i % 2, "\" }"));
  }
  const auto whole = house.Work(Officer(), Ask());
  ASSERT_THAT(whole, SizeIs(9));
  EXPECT_EQ(
      Texts(house.Work(Officer(), Ask("", v1::ListWorkRequest::DUE_FIRST, 2))),
      Texts(whole));
  const auto by_department =
      house.Work(Officer(), Ask("", v1::ListWorkRequest::BY_DEPARTMENT, 2));
  ASSERT_THAT(by_department, SizeIs(9));
  EXPECT_TRUE(std::is_sorted(by_department.begin(), by_department.end(),
                             [](const auto& a, const auto& b) {
                               return a.department() < b.department();
                             }));
  v1::ListWorkRequest one = Ask();
  one.mutable_filter()->set_officer("o1");
  one.mutable_filter()->set_department("d1");
  EXPECT_THAT(house.Work(Officer(), one), SizeIs(2));
  one.mutable_filter()->set_due_by_date("2024-04-17");
  EXPECT_THAT(house.Work(Officer(), one), IsEmpty());
  v1::CountWorkRequest count;
  *count.mutable_filter() = Ask().filter();
  count.set_grouping(v1::CountWorkRequest::BY_DEPARTMENT);
  const auto groups = house.Count(Officer(), count);
  ASSERT_THAT(groups, SizeIs(2));
  EXPECT_EQ(groups[0].department(), "d0");
  EXPECT_EQ(groups[0].green(), 5);
  EXPECT_EQ(groups[1].green(), 4);
}

TEST(Work, WhatCannotBeAskedIsSaid) {
  ReportsHouse house;
  const auto reason = [&](const test::TestService::As& as,
                          const v1::ListWorkRequest& request) {
    v1::ListWorkResponse response;
    return Details(
        house.Call(&v1::ReportService::Stub::ListWork, as, request, &response));
  };
  v1::ListWorkRequest request = Ask("2024-03-21");
  EXPECT_EQ(reason(Officer(), request).reason, "DATE_IN_FUTURE");
  EXPECT_EQ(reason(Officer(), request).metadata["field"], "filter.as_of_date");
  request = Ask();
  request.mutable_filter()->set_agency("NOWHERE");
  EXPECT_EQ(reason(Officer(), request).reason, "CAPACITY_MISSING");
  EXPECT_EQ(reason({"job", "manager", "*"}, request).reason, "NO_SUCH_AGENCY");
  request = Ask();
  request.mutable_filter()->set_with_agencies_beneath(true);
  EXPECT_EQ(reason(Officer(), request).reason, "CAPACITY_MISSING");
  EXPECT_EQ(reason(Manager(), request).reason, "NO_AGENCIES_BENEATH");
  EXPECT_EQ(reason({"ma", "manager@fagui"}, request).reason,
            "CAPACITY_MISSING");
  request = Ask();
  request.set_page_token("AAAA");
  EXPECT_EQ(reason(Officer(), request).reason, "PAGE_TOKEN_FOREIGN");
  request = Ask();
  request.set_page_size(201);
  EXPECT_EQ(reason(Officer(), request).reason, "FIELD_INVALID");
}

}  // namespace
}  // namespace gongkai
