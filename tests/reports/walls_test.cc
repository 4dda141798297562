// SPDX-License-Identifier: Apache-2.0
// Departments, labels and restrictions in lists over many cases, what is
// counted but not shown, and what is recorded.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "services/report/annual.h"
#include "tests/reports/reports_house.h"

namespace gongkai {
namespace {

using test::Head;
using test::Manager;
using test::Officer;
using test::ReportsHouse;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;
using testing::UnorderedElementsAre;
using As = test::TestService::As;
constexpr char kAgency[] = "SHGXW";

std::string Register(const std::string& department) {
  return absl::StrCat("register { officer: \"li\" department: \"", department,
                      "\" }");
}

// Four cases: of one department, of another, labelled, restricted.
class ReportWalls : public ::testing::Test {
 protected:
  void SetUp() override {
    house_.SetDay("2023-11-01");
    for (const char* department : {"fagui", "caiwu", "caiwu", "caiwu"}) {
      names_.push_back(house_.Receive());
      house_.Must(names_.back(), "handler", Register(department));
    }
    house_.Must(names_[2], "handler",
                "set_labels { labels: LABEL_BUSINESS_SECRET }");
    house_.Must(
        names_[3], "disclosure_head",
        R"(restrict { accounts: ["zhou", "sun"] reason: "涉及本机关人员" })",
        "zhou");
    house_.SetDay("2024-03-20");
  }

  std::vector<std::string> Shown(const As& as, const std::string& as_of = "",
                                 const std::string& department = "") {
    v1::ListWorkRequest request;
    request.set_page_size(1);
    request.mutable_filter()->set_as_of_date(as_of);
    request.mutable_filter()->set_department(department);
    request.mutable_filter()->add_limits(v1::REPLY);
    std::vector<std::string> names;
    for (const auto& item : house_.Work(as, request)) {
      names.push_back(item.name());
    }
    return names;
  }
  int64_t Counted(const As& as, const std::string& as_of = "") {
    v1::CountWorkRequest request;
    request.mutable_filter()->set_agency(kAgency);
    request.mutable_filter()->set_as_of_date(as_of);
    request.mutable_filter()->add_limits(v1::REPLY);
    int64_t all = 0;
    for (const auto& group : house_.Count(as, request)) {
      all += group.overdue() + group.red() + group.yellow() + group.green() +
             group.suspended();
    }
    return all;
  }

  ReportsHouse house_;
  std::vector<std::string> names_;
};

TEST_F(ReportWalls, NobodyIsShownACaseThatHeMayNotSee) {
  const As of_caiwu = {"chen", "handler@caiwu"};
  for (const char* as_of : {"", "2024-03-19", "2023-11-01"}) {
    EXPECT_THAT(Shown(Head(), as_of), SizeIs(4)) << as_of;
    EXPECT_THAT(Shown(Officer(), as_of),
                UnorderedElementsAre(names_[0], names_[1], names_[2]));
    EXPECT_THAT(Shown(Manager(), as_of),
                UnorderedElementsAre(names_[0], names_[1]));
    EXPECT_THAT(Shown(of_caiwu, as_of),
                UnorderedElementsAre(names_[1], names_[2]));
    EXPECT_THAT(Shown(of_caiwu, as_of, "fagui"), IsEmpty());
    EXPECT_EQ(Counted(Head(), as_of), 4);
    EXPECT_EQ(Counted(Officer(), as_of), 3);
    EXPECT_EQ(Counted(Manager(), as_of), 2);
    EXPECT_EQ(Counted(of_caiwu, as_of), 2);
  }
  // A worklist of today is as a list of cases; one of the past is recorded.
  EXPECT_EQ(house_.Recorded(v1::REPORTED, "CountWork"), 8);
}

TEST_F(ReportWalls, FiguresCountEveryCaseAndListsHideThoseNotToBeSeen) {
  v1::ListReturnCasesRequest request;
  request.set_agency(kAgency);
  request.set_year(2023);
  request.set_table(3);
  request.set_row(25);
  request.set_column(7);
  request.set_page_size(3);
  EXPECT_EQ(report::CellAt(
                house_.Return(Manager(), kAgency, 2023).annual_return(), 25, 7),
            4);
  auto cell = house_.CasesOf(Manager(), request);
  EXPECT_THAT(cell.cases, SizeIs(2));
  EXPECT_EQ(cell.hidden, 2);
  cell = house_.CasesOf({"wu", "legal_reviewer"}, request);
  EXPECT_THAT(cell.cases, SizeIs(3));
  EXPECT_EQ(cell.hidden, 1);
  cell = house_.CasesOf(Head(), request);
  EXPECT_THAT(cell.cases, SizeIs(4));
  EXPECT_EQ(cell.hidden, 0);
}

TEST_F(ReportWalls, WhoSeesAgenciesBeneathSeesTheirCasesByTheSameWalls) {
  house_.SetTerms("XJGXW", kAgency);
  const std::string theirs = house_.Receive("申请公开某表。", "XJGXW");
  v1::ListWorkRequest request;
  request.mutable_filter()->set_agency(kAgency);
  request.mutable_filter()->set_with_agencies_beneath(true);
  std::vector<std::string> names;
  for (const auto& item : house_.Work(Manager(), request)) {
    names.push_back(item.name());
  }
  EXPECT_TRUE(std::count(names.begin(), names.end(), theirs) > 0);
  EXPECT_EQ(std::count(names.begin(), names.end(), names_[3]), 0);
  EXPECT_EQ(house_.Recorded(v1::REPORTED, "ListWork"), 1);
}

}  // namespace
}  // namespace gongkai
