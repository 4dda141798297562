// SPDX-License-Identifier: Apache-2.0
// Reports as a stream of tables, and advice to a draft.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "tests/reports/reports_house.h"

namespace gongkai {
namespace {

using test::Details;
using test::Head;
using test::Manager;
using test::Officer;
using test::Past;
using test::ReportsHouse;
using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using As = test::TestService::As;
constexpr char kAgency[] = "SHGXW";

v1::RunReportRequest Ask(v1::ReportKind kind, const std::string& from = "",
                         const std::string& to = "") {
  v1::RunReportRequest request;
  request.set_kind(kind);
  request.set_agency(kAgency);
  request.set_from_date(from);
  request.set_to_date(to);
  return request;
}

// What came of one report.
struct Report {
  grpc::Status status;
  std::vector<v1::Table> tables;
  int progress = 0;
  int64_t total = 0;
};

Report DrawUp(ReportsHouse& house, const As& as,
              const v1::RunReportRequest& request) {
  grpc::ClientContext context;
  test::TestService::Identify(as, context);
  const auto reader = house.stub().RunReport(&context, request);
  Report report;
  v1::RunReportResponse piece;
  while (reader->Read(&piece)) {
    if (piece.has_progress()) {
      EXPECT_THAT(report.tables, IsEmpty());
      ++report.progress;
      report.total = piece.progress().total();
    } else if (piece.has_table()) {
      EXPECT_THAT(piece.table().rows(), IsEmpty());
      report.tables.push_back(piece.table());
    } else {
      report.tables.back().mutable_rows()->MergeFrom(piece.rows().rows());
    }
  }
  report.status = reader->Finish();
  return report;
}

std::string CellText(const v1::Table& table, int row, const std::string& key) {
  for (int i = 0; i < table.columns_size(); ++i) {
    if (table.columns(i).key() != key) continue;
    const v1::Cell& cell = table.rows(row).cells(i);
    return cell.has_number() ? absl::StrCat(cell.number()) : cell.text();
  }
  return "no such column";
}

TEST(Run, ARegisterComesWithItsProgressAndEveryCase) {
  ReportsHouse house;
  std::vector<std::string> rows;
  for (int i = 0; i < 1300; ++i) {
    rows.push_back(Past(absl::StrCat("R", 1000 + i),
                        i % 2 ? "2022-03-01" : "2023-03-01",
                        i % 2 ? "2022-03-20" : "2023-03-18"));
  }
  house.Import(kAgency, rows);
  const Report report =
      DrawUp(house, Head(), Ask(v1::REGISTER, "2022-01-01", "2023-12-31"));
  ASSERT_TRUE(report.status.ok()) << report.status.error_message();
  ASSERT_THAT(report.tables, SizeIs(1));
  ASSERT_EQ(report.tables[0].rows_size(), 1300);
  EXPECT_GE(report.progress, 6);
  EXPECT_EQ(report.total, 1300);
  std::map<std::string, int> years;
  for (int i = 0; i < report.tables[0].rows_size(); ++i) {
    ++years[CellText(report.tables[0], i, "receipt_date")];
  }
  EXPECT_EQ(years["2022-03-01"], 650);
  EXPECT_EQ(years["2023-03-01"], 650);
  EXPECT_EQ(house.Recorded(v1::REPORTED, "RunReport"), 1);

  // Whoever goes before the end holds no worker any more.
  for (int i = 0; i < 5; ++i) {
    grpc::ClientContext context;
    test::TestService::Identify(Head(), context);
    const auto reader = house.stub().RunReport(
        &context, Ask(v1::REGISTER, "2022-01-01", "2023-12-31"));
    v1::RunReportResponse piece;
    ASSERT_TRUE(reader->Read(&piece));
    context.TryCancel();
    while (reader->Read(&piece)) {
    }
    EXPECT_EQ(reader->Finish().error_code(), grpc::StatusCode::CANCELLED);
  }
  EXPECT_TRUE(DrawUp(house, Head(), Ask(v1::WORKLOAD)).status.ok());
}

TEST(Run, EveryReportIsDrawnUp) {
  ReportsHouse house;
  const std::string words = "申请公开某路某号地块的征收补偿方案全文";
  house.SetDay("2024-01-08");
  for (int i = 0; i < 3; ++i) {
    house.Reply(house.Receive(words), "outcome: DISCLOSED");
  }
  house.Import(kAgency,
               {Past("A1", "2023-03-01", "2023-03-20",
                     R"(outcome: REFUSED grounds: BUSINESS_SECRET
               dockets { kind: ADMINISTRATIVE_REVIEW opened_date: "2023-04-20"
                 decided_date: "2023-06-01" result: REVOKED rectified: true }
               dockets { kind: LAWSUIT opened_date: "2023-12-20" })"),
                Past("A2", "2023-05-04", "2023-05-20",
                     R"(outcome: DISCLOSED fee_basis: BY_ITEM fee_fen: 10000
               fee_notice_date: "2023-05-10" fee_paid_date: "2023-05-12")")});
  house.SetDay("2024-03-20");
  for (int kind = v1::WORKLOAD; kind <= v1::ReportKind_MAX; ++kind) {
    const auto asked = static_cast<v1::ReportKind>(kind);
    const Report report =
        DrawUp(house, Head(), Ask(asked, "2023-01-01", "2024-03-20"));
    EXPECT_TRUE(report.status.ok())
        << v1::ReportKind_Name(asked) << report.status.error_message();
    EXPECT_FALSE(report.tables.empty()) << v1::ReportKind_Name(asked);
    EXPECT_GE(report.progress, 1);
    for (const v1::Table& table : report.tables) {
      EXPECT_FALSE(table.title().empty());
      for (const v1::Row& row : table.rows()) {
        EXPECT_EQ(row.cells_size(), table.columns_size()) << table.key();
      }
    }
  }
  const Report running = DrawUp(house, Head(), Ask(v1::RUNNING_DOCKETS));
  EXPECT_EQ(running.tables[0].rows_size(), 1);
  // One officer of a department gets what is his department's.
  const Report none = DrawUp(house, {"ma", "manager@caiwu"},
                             Ask(v1::REGISTER, "2023-01-01", "2024-03-20"));
  ASSERT_TRUE(none.status.ok());
  EXPECT_EQ(none.tables[0].rows_size(), 0);
  EXPECT_THAT(none.tables[0].notes(), Contains(HasSubstr("5")));
}

// REG 44: three applicants asked for the same and got it.
TEST(Run, WhatSeveralAskedForIsACandidateForPublication) {
  ReportsHouse house;
  std::vector<std::string> rows;
  for (const char* name : {"甲", "乙", "丙"}) {
    rows.push_back(Past(absl::StrCat("C", rows.size()), "2023-06-01",
                        "2023-06-20",
                        absl::StrCat("outcome: DISCLOSED applicant { name: \"",
                                     name, "\" } content: \"某路规划条件\"")));
  }
  house.Import(kAgency, rows);
  const Report report =
      DrawUp(house, Head(), Ask(v1::CONVERSION, "2023-01-01", "2023-12-31"));
  ASSERT_TRUE(report.status.ok()) << report.status.error_message();
  ASSERT_EQ(report.tables[0].rows_size(), 1);
  const v1::Table& table = report.tables[0];
  std::map<std::string, std::string> row;
  for (int i = 0; i < table.columns_size(); ++i) {
    row[table.columns(i).key()] = table.rows(0).cells(i).text();
  }
  EXPECT_EQ(row["cases"], "C0 C1 C2");
  EXPECT_EQ(row["first_disclosed_date"], "2023-06-20");
  // Twenty working days on: without Dragon Boat, with the Sunday worked for it.
  EXPECT_EQ(row["publish_by_date"], "2023-07-19");
}

TEST(Run, WhatCannotBeAskedIsSaid) {
  ReportsHouse house;
  const auto told = [&](const v1::RunReportRequest& request,
                        const As& as = Head()) {
    const auto details = Details(DrawUp(house, as, request).status);
    return details.reason + " " +
           (details.field.empty() ? details.metadata.count("field") > 0
                                        ? details.metadata.at("field")
                                        : ""
                                  : details.field);
  };
  EXPECT_EQ(told(Ask(v1::REGISTER)), "FIELD_INVALID from_date");
  EXPECT_EQ(told(Ask(v1::REGISTER, "2024-01-01")), "FIELD_INVALID to_date");
  EXPECT_EQ(told(Ask(v1::REGISTER, "2024-01-01", "2023-12-31")),
            "FIELD_INVALID to_date");
  EXPECT_EQ(told(Ask(v1::REGISTER, "2024-01-01", "2024-12-31")),
            "DATE_IN_FUTURE to_date");
  EXPECT_EQ(told(Ask(v1::REGISTER, "2024-02-30", "2024-03-01")),
            "FIELD_INVALID from_date");
  v1::RunReportRequest request = Ask(v1::REGISTER, "2024-01-01", "2024-02-01");
  request.set_grouping(v1::RunReportRequest::BY_GROUND);
  EXPECT_EQ(told(request), "FIELD_INVALID grouping");
  EXPECT_EQ(told(Ask(v1::REPORT_KIND_UNSPECIFIED)), "FIELD_INVALID kind");
  EXPECT_EQ(told(Ask(v1::WORKLOAD), Head("BJGXW")), "CAPACITY_MISSING ");
  EXPECT_EQ(told(Ask(v1::WORKLOAD), Officer()), "METHOD_NOT_ALLOWED ");
}

// A reader who takes nothing holds a worker no longer than his deadline.
TEST(Run, WhoDoesNotReadHoldsNoWorker) {
  ReportsHouse house;
  std::vector<std::string> rows;
  for (int i = 0; i < 3000; ++i) {
    rows.push_back(Past(absl::StrCat("R", 10000 + i), "2022-03-01",
                        "2022-03-20",
                        "outcome: DISCLOSED officer: \"li\" department: "
                        "\"fagui-department-with-a-long-name\""));
  }
  house.Import(kAgency, rows);
  std::vector<std::unique_ptr<grpc::ClientContext>> contexts;
  std::vector<std::unique_ptr<grpc::ClientReader<v1::RunReportResponse>>> idle;
  const absl::Time begun = absl::Now();
  for (int i = 0; i < 2; ++i) {
    auto& context = *contexts.emplace_back(new grpc::ClientContext);
    test::TestService::Identify(Head(), context);
    context.set_deadline(absl::ToChronoTime(begun + absl::Seconds(2)));
    idle.push_back(house.stub().RunReport(
        &context, Ask(v1::REGISTER, "2022-01-01", "2022-12-31")));
  }
  // Both workers of reports are with them; the third waits and then is served.
  EXPECT_TRUE(DrawUp(house, Head(), Ask(v1::WORKLOAD)).status.ok());
  EXPECT_LT(absl::Now() - begun, absl::Seconds(4));
  for (const auto& reader : idle) {
    v1::RunReportResponse piece;
    while (reader->Read(&piece)) {
    }
    reader->Finish();
  }
}

TEST(Advice, LikeCasesAndWhatWasCorrectedAreShownToADraft) {
  ReportsHouse house;
  const std::string words = "申请公开某路某号地块的征收补偿方案全文";
  house.SetDay("2024-01-08");
  const std::string first = house.Receive(words);
  house.Reply(first, "outcome: REFUSED grounds: INTERNAL_AFFAIRS");
  const std::string second = house.Receive(words + "及附件");
  house.Reply(second, "outcome: DISCLOSED");
  house.SetDay("2024-02-20");
  house.Must(first, "legal_reviewer",
             R"(open_remedy { kind: ADMINISTRATIVE_REVIEW organ: "市政府" })");
  house.Must(first, "legal_reviewer", "answer_remedy { docket: 1 }");
  house.SetDay("2024-03-10");
  house.Must(first, "legal_reviewer",
             "decide_remedy { docket: 1 result: REVOKED }");
  house.SetDay("2024-03-20");
  const std::string now = house.Receive(words);
  v1::AdviseDraftRequest request;
  request.set_name(now);
  request.set_outcome(v1::REFUSED);
  request.add_grounds(v1::INTERNAL_AFFAIRS);
  v1::AdviseDraftResponse advice;
  ASSERT_TRUE(house
                  .Call(&v1::ReportService::Stub::AdviseDraft, Officer(),
                        request, &advice)
                  .ok());
  ASSERT_EQ(advice.precedents_size(), 2) << advice.DebugString();
  EXPECT_EQ(advice.precedents(0).name(), first);
  EXPECT_EQ(advice.precedents(0).stood(), v1::STOOD_CORRECTED);
  EXPECT_EQ(advice.precedents(1).outcome(), v1::DISCLOSED);
  EXPECT_EQ(advice.answered_otherwise(), 1);
  ASSERT_EQ(advice.warnings_size(), 1) << advice.DebugString();
  EXPECT_EQ(advice.warnings(0).name(), first);
  EXPECT_EQ(advice.warnings(0).ground(), v1::INTERNAL_AFFAIRS);
  EXPECT_EQ(advice.warnings(0).result(), v1::REVOKED);
  EXPECT_EQ(house.Recorded(v1::REPORTED, "AdviseDraft"), 1);
  // What is restricted to others is no precedent and no warning.
  house.Must(
      first, "disclosure_head",
      R"(restrict { accounts: ["zhou", "sun"] reason: "涉及本机关人员" })",
      "zhou");
  ASSERT_TRUE(house
                  .Call(&v1::ReportService::Stub::AdviseDraft, Officer(),
                        request, &advice)
                  .ok());
  EXPECT_EQ(advice.precedents_size(), 1);
  EXPECT_EQ(advice.warnings_size(), 0);
  request.set_name("agencies/SHGXW/cases/SHGXW-2024-09999");
  EXPECT_EQ(Details(house.Call(&v1::ReportService::Stub::AdviseDraft, Officer(),
                               request, &advice))
                .reason,
            "NO_SUCH_CASE");
}

}  // namespace
}  // namespace gongkai
