// SPDX-License-Identifier: Apache-2.0
// Filing the annual return: refused, accepted, reproduced byte for byte,
// restated with what differs.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "absl/strings/str_cat.h"
#include "services/base/digest.h"
#include "services/report/annual.h"
#include "tests/act/whole.h"
#include "tests/reports/reports_house.h"
#include "tests/support/temp_postgres.h"

namespace gongkai {
namespace {

using report::CellAt;
using test::Details;
using test::Head;
using test::Officer;
using test::Past;
using test::ReportsHouse;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;
constexpr char kAgency[] = "SHGXW";

class Filing : public ::testing::Test {
 protected:
  std::string Digest(int year) {
    return house_.Return(Head(), kAgency, year).annual_return().digest();
  }
  std::string Reason(int year, const std::string& digest,
                     const std::string& reason = "") {
    v1::FileReturnResponse response;
    return Details(house_.File(kAgency, year, digest, reason, &response))
        .reason;
  }
  v1::FileReturnResponse MustFile(int year, const std::string& reason = "") {
    v1::FileReturnResponse response;
    const grpc::Status status =
        house_.File(kAgency, year, Digest(year), reason, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return response;
  }

  ReportsHouse house_;
};

TEST_F(Filing, WhatIsFiledStaysAsItIsAndIsRestatedWithWhatDiffers) {
  house_.Import(kAgency, {Past("A1", "2022-03-01", "2022-03-20"),
                          Past("A2", "2022-12-20", "2023-01-10"),
                          Past("A3", "2022-12-28"),
                          Past("A4", "2023-05-05", "2023-05-09")});
  const v1::FileReturnResponse first = MustFile(2022);
  EXPECT_EQ(first.annual_return().edition(), 1);
  EXPECT_THAT(first.differences(), IsEmpty());
  EXPECT_EQ(CellAt(first.annual_return(), 25, 7), 2);
  const auto filed = house_.Return(Head(), kAgency, 2022, false, 1);
  EXPECT_EQ(filed.editions(), 1);
  EXPECT_EQ(filed.filed_by(), "zhou");
  EXPECT_EQ(filed.filed_bytes(), first.annual_return().SerializeAsString());
  EXPECT_EQ(Reason(2022, Digest(2022)), "FIELD_INVALID");
  EXPECT_EQ(Reason(2022, Digest(2022), "核对"), "RETURN_UNCHANGED");

  // One more case of that year turns up.
  const std::string before = Digest(2022);
  house_.Import(kAgency, {Past("A5", "2022-06-01", "2022-06-30")});
  EXPECT_EQ(Reason(2022, before, "漏报一件"), "RETURN_CHANGED");
  v1::CompareReturnsRequest compare;
  compare.set_agency(kAgency);
  compare.set_year(2022);
  v1::CompareReturnsResponse compared;
  ASSERT_TRUE(house_
                  .Call(&v1::ReportService::Stub::CompareReturns, Head(),
                        compare, &compared)
                  .ok());
  const v1::FileReturnResponse second = MustFile(2022, "漏报一件");
  EXPECT_EQ(second.annual_return().edition(), 2);
  ASSERT_EQ(second.differences_size(), compared.differences_size());
  // r1, r3 and r24, each in its column and the total.
  ASSERT_THAT(second.differences(), SizeIs(6));
  for (const auto& one : second.differences()) {
    EXPECT_EQ(one.after() - one.before(), 1) << one.DebugString();
    EXPECT_THAT(one.came(), ElementsAre("agencies/SHGXW/cases/A5"));
    EXPECT_THAT(one.went(), IsEmpty());
  }
  // The first edition is what it was, to the byte.
  const auto again = house_.Return(Head(), kAgency, 2022, false, 1);
  EXPECT_EQ(again.filed_bytes(), filed.filed_bytes());
  EXPECT_EQ(again.editions(), 2);
  EXPECT_EQ(
      house_.Return(Head(), kAgency, 2022, false, -1).annual_return().edition(),
      2);
  v1::ListReturnCasesRequest cell;
  cell.set_agency(kAgency);
  cell.set_year(2022);
  cell.set_edition(1);
  cell.set_table(3);
  cell.set_row(1);
  cell.set_column(7);
  EXPECT_THAT(house_.CasesOf(Head(), cell).cases, SizeIs(3));
  cell.set_edition(2);
  EXPECT_THAT(house_.CasesOf(Head(), cell).cases, SizeIs(4));
  // Everything proves itself, what lies beside the events too.
  const auto whole = test::ReadWhole(test::TempPostgres::Shared(),
                                     house_.service().database());
  EXPECT_THAT(whole.faults, IsEmpty()) << test::FaultsOf(whole);
}

TEST_F(Filing, TheNextYearBeginsWithWhatWasFiled) {
  house_.Import(kAgency, {Past("A0", "2021-12-01", "2021-12-05"),
                          Past("A1", "2022-12-01", "2023-01-05"),
                          Past("A2", "2022-12-20", "2023-01-10")});
  // The first that is filed here may be of any year; then none is left out.
  MustFile(2021);
  EXPECT_EQ(Reason(2023, Digest(2023)), "RETURN_TOO_EARLY");
  EXPECT_EQ(Reason(2024, "00"), "RETURN_TOO_EARLY");
  MustFile(2022);
  auto next = house_.Return(Head(), kAgency, 2023);
  EXPECT_TRUE(next.annual_return().carried_from_filed());
  EXPECT_EQ(CellAt(next.annual_return(), 2, 7), 2);
  EXPECT_THAT(next.violations(), IsEmpty());

  // A case that ended before the year was out is found after the filing: the
  // next year does not balance, and says which case it is.
  house_.Import(kAgency, {Past("A3", "2022-12-02", "2023-02-01")});
  next = house_.Return(Head(), kAgency, 2023);
  EXPECT_EQ(CellAt(next.annual_return(), 2, 7), 2);
  ASSERT_FALSE(next.violations().empty());
  bool named = false;
  for (const auto& one : next.violations()) {
    EXPECT_EQ(one.agency(), kAgency);
    if (one.identity() != "carried_over") continue;
    for (const auto& name : one.cases()) {
      named = named || name == "agencies/SHGXW/cases/A3";
    }
  }
  EXPECT_TRUE(named);
  EXPECT_EQ(Reason(2023, next.annual_return().digest()), "RETURN_UNBALANCED");
  // The cases behind r2 are those that were filed.
  v1::ListReturnCasesRequest cell;
  cell.set_agency(kAgency);
  cell.set_year(2023);
  cell.set_table(3);
  cell.set_row(2);
  cell.set_column(1);
  EXPECT_THAT(house_.CasesOf(Head(), cell).cases, SizeIs(2));

  MustFile(2022, "补报一件");
  next = house_.Return(Head(), kAgency, 2023);
  EXPECT_EQ(CellAt(next.annual_return(), 2, 7), 3);
  EXPECT_THAT(next.violations(), IsEmpty());
  MustFile(2023);
}

TEST_F(Filing, TheSameRequestFilesOnceAndTheFirstReturnNeedsNoneBefore) {
  // Carried over from a year whose return was filed elsewhere.
  house_.Import(kAgency, {Past("A0", "2021-12-20", "2022-01-10"),
                          Past("A1", "2022-03-01", "2022-03-20")});
  const std::string id = house_.service().NewRequestId();
  const std::string digest = Digest(2022);
  v1::FileReturnResponse first;
  v1::FileReturnResponse again;
  ASSERT_TRUE(house_.File(kAgency, 2022, digest, "", &first, id).ok());
  ASSERT_TRUE(house_.File(kAgency, 2022, digest, "", &again, id).ok());
  EXPECT_EQ(first.SerializeAsString(), again.SerializeAsString());
  EXPECT_EQ(house_.Return(Head(), kAgency, 2022).editions(), 1);
  v1::FileReturnResponse other;
  EXPECT_EQ(Details(house_.File(kAgency, 2022, "00", "", &other, id)).reason,
            "REQUEST_ID_REUSED");
}

// Several look at the same figures and file them at once: one does.
TEST_F(Filing, OfSeveralAtOnceOneFiles) {
  house_.Import(kAgency, {Past("A1", "2022-03-01", "2022-03-20")});
  const std::string digest = Digest(2022);
  std::vector<std::string> reasons(4);
  std::vector<std::thread> clerks;
  for (std::string& reason : reasons) {
    clerks.emplace_back([&] {
      v1::FileReturnResponse response;
      reason =
          Details(house_.File(kAgency, 2022, digest, "核对", &response)).reason;
    });
  }
  for (std::thread& clerk : clerks) clerk.join();
  EXPECT_THAT(reasons, testing::UnorderedElementsAre("", "RETURN_UNCHANGED",
                                                     "RETURN_UNCHANGED",
                                                     "RETURN_UNCHANGED"));
  EXPECT_EQ(house_.Return(Head(), kAgency, 2022).editions(), 1);
}

TEST_F(Filing, OnlyWhoMayFilesAndRefusalsAreRecorded) {
  house_.Import(kAgency, {Past("A1", "2022-03-01", "2022-03-20")});
  v1::FileReturnRequest request;
  request.set_agency(kAgency);
  request.set_year(2022);
  request.set_digest("00");
  request.set_request_id(house_.service().NewRequestId());
  const auto reason = [&](const test::TestService::As& as) {
    v1::FileReturnResponse response;
    return Details(house_.Call(&v1::ReportService::Stub::FileReturn, as,
                               request, &response))
        .reason;
  };
  EXPECT_EQ(reason({"ma", "manager"}), "METHOD_NOT_ALLOWED");
  EXPECT_EQ(reason({"zhou", "disclosure_head@fagui"}), "CAPACITY_MISSING");
  EXPECT_EQ(reason(Head("BJGXW")), "CAPACITY_MISSING");
  EXPECT_EQ(reason(Head()), "RETURN_CHANGED");
  EXPECT_EQ(house_.Recorded(v1::ACT_REFUSED, "FileReturn"), 3);
}

}  // namespace
}  // namespace gongkai
