// SPDX-License-Identifier: Apache-2.0
// An import is taken in as a whole or not at all: every bad row is named, and
// nothing of it is kept.
#include <gmock/gmock.h>
#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include <map>

#include "absl/strings/str_cat.h"
#include "tests/act/whole.h"
#include "tests/imports/import_house.h"

namespace gongkai {
namespace {

using test::ImportHouse;
using test::TestService;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;

v1::PastCase Row(const std::string& number, const std::string& fields = "") {
  v1::PastCase past;
  past.set_number(number);
  past.set_applicant_kind(v1::NATURAL_PERSON);
  past.set_receipt_date("2024-03-01");
  v1::PastCase more;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(fields, &more))
      << fields;
  past.MergeFrom(more);
  return past;
}

// By row: the reason and the field that is blamed.
std::map<int64_t, std::string> Failures(
    const v1::ImportCasesResponse& response) {
  std::map<int64_t, std::string> failures;
  for (const auto& failure : response.failures()) {
    EXPECT_FALSE(failure.message().empty());
    failures[failure.row()] =
        absl::StrCat(failure.reason(), " of ", failure.field());
  }
  return failures;
}

class Refused : public testing::Test {
 protected:
  ImportHouse house_;
};

TEST_F(Refused, EveryBadRowIsNamedAndNothingIsKept) {
  house_.Bring(house_.Head(), {Row("OLD-1")});
  const std::string before = house_.Kept();
  std::vector<v1::PastCase> rows = {
      Row("NEW-1"),
      // Of wrong form.
      Row("NEW-2", R"(receipt_date: "2024-02-30")"),
      Row("新-3"),
      Row("NEW-4", R"(applicant { name: "赵\n甲" })"),
      // Against the rules.
      Row("NEW-5", R"(receipt_date: "2025-03-04")"),
      Row("NEW-6", R"(finished_date: "2024-02-29" outcome: DISCLOSED)"),
      Row("NEW-7", R"(finished_date: "2024-03-29" outcome: REFUSED)"),
      Row("new-8"),
      // Twice in the import, and in the register.
      Row("NEW-1"),
      Row("OLD-1"),
      Row("NEW-11"),
  };
  const auto wanted =
      ElementsAre(Pair(1, "FIELD_INVALID of past_case.receipt_date"),
                  Pair(2, "FIELD_INVALID of past_case.number"),
                  Pair(3, "FIELD_INVALID of past_case.applicant.name"),
                  Pair(4, "DATE_IN_FUTURE of past_case.receipt_date"),
                  Pair(5, "PAST_DATES_MISFIT of past_case.finished_date"),
                  Pair(6, "GROUND_MISFIT of past_case.grounds"),
                  Pair(7, "FIELD_INVALID of past_case.number"),
                  Pair(8, "NUMBER_TAKEN of past_case.number"),
                  Pair(9, "NUMBER_TAKEN of past_case.number"));
  const auto response = house_.Bring(house_.Head(), rows);
  EXPECT_THAT(Failures(response), wanted);
  EXPECT_EQ(response.imported(), 0);
  EXPECT_EQ(house_.Kept(), before);
  // The same is told when it is only looked at.
  auto head = house_.Head();
  head.set_dry_run(true);
  EXPECT_THAT(Failures(house_.Bring(head, rows)), wanted);
  EXPECT_EQ(house_.Kept(), before);
  // A taken number alone stops all the others too.
  EXPECT_THAT(Failures(house_.Bring(house_.Head(), {Row("N-1"), Row("OLD-1")})),
              ElementsAre(Pair(1, "NUMBER_TAKEN of past_case.number")));
  EXPECT_EQ(house_.Kept(), before);
  // It is recorded that imports were refused, once for each.
  EXPECT_EQ(house_.Recorded(v1::ACT_REFUSED, "ImportCases"), 3);
}

TEST_F(Refused, TotalsThatDoNotAddUpNameTheirCells) {
  auto head = house_.Head();
  auto& totals = *head.add_totals();
  totals.set_year(2024);
  totals.mutable_cells()->Resize(175, 0);
  const auto set = [&](int row, int column, int figure) {
    totals.set_cells((row - 1) * 7 + column - 1, figure);
  };
  for (const int column : {1, 7}) {
    set(1, column, 2);
    set(3, column, 1);
    set(24, column, 1);
    set(25, column, 1);
  }
  const std::vector<v1::PastCase> rows = {
      Row("A-1", R"(finished_date: "2024-03-20" outcome: DISCLOSED)"),
      Row("A-2")};
  const std::string before = house_.Kept();
  // One of them was partly disclosed, says the return.
  set(3, 1, 0);
  set(4, 1, 1);
  const auto response = house_.Bring(head, rows);
  EXPECT_EQ(house_.Kept(), before);
  EXPECT_EQ(response.imported(), 0);
  std::vector<std::string> told;
  for (const auto& one : response.unbalanced()) {
    told.push_back(absl::StrCat(one.identity(), " r", one.row(), " c",
                                one.column(), " ", one.is(), "/",
                                one.should_be()));
  }
  // Against the rows, and against its own total of the column.
  EXPECT_THAT(told, testing::IsSupersetOf({
                        std::string("declared:2024 r3 c1 1/0"),
                        std::string("declared:2024 r4 c1 0/1"),
                    }));
  EXPECT_THAT(told, testing::Contains(HasSubstr("columns:2024 r3 c7")));
  // As it was, all of it is taken in.
  set(3, 1, 1);
  set(4, 1, 0);
  const auto done = house_.Bring(head, rows);
  EXPECT_EQ(done.imported(), 2) << done.DebugString();
}

TEST_F(Refused, WhatIsNoImportEndsTheCall) {
  const auto told = [&](const std::vector<v1::ImportCasesRequest>& pieces) {
    v1::ImportCasesResponse response;
    const auto details = test::Details(house_.Send(pieces, &response));
    return absl::StrCat(details.reason, " of ", details.field);
  };
  const std::string before = house_.Kept();
  const auto head = house_.Head();
  auto pieces = ImportHouse::Pieces(head, {Row("A-1")});
  EXPECT_EQ(told({}), "FIELD_INVALID of head");
  EXPECT_EQ(told({pieces[1]}), "FIELD_INVALID of head");
  EXPECT_EQ(told({pieces[0]}), "FIELD_INVALID of past_case");
  EXPECT_EQ(told({pieces[0], pieces[1], pieces[0]}), "FIELD_INVALID of head");
  EXPECT_EQ(told({pieces[0], pieces[1], {}}), "FIELD_INVALID of past_case");
  auto both = pieces[0];
  *both.mutable_past_case() = Row("A-1");
  EXPECT_EQ(told({both}), "FIELD_INVALID of past_case");
  auto bad = pieces;
  bad[0].mutable_head()->set_request_id("no id");
  EXPECT_EQ(told(bad), "FIELD_INVALID of head.request_id");
  bad = pieces;
  bad[0].mutable_head()->add_totals()->set_year(2024);
  EXPECT_EQ(told(bad), "FIELD_INVALID of head.totals[0].cells");
  bad = pieces;
  bad[0].mutable_head()->set_agency("NOBODY");
  EXPECT_EQ(told(bad), "CAPACITY_MISSING of ");
  EXPECT_EQ(house_.Kept(), before);
}

TEST_F(Refused, WhoHasNoRoleForItBringsNothing) {
  const std::string before = house_.Kept();
  const auto pieces = ImportHouse::Pieces(house_.Head(), {Row("A-1")});
  for (const char* role : {"handler", "manager", "portal", "legal_auditor"}) {
    v1::ImportCasesResponse response;
    EXPECT_EQ(
        test::Details(house_.Send(pieces, &response, {"wang", role})).reason,
        "METHOD_NOT_ALLOWED")
        << role;
  }
  // Of another agency, or of one department alone.
  for (const TestService::As& as :
       {TestService::As{"wang", "disclosure_head", "BJGXW"},
        TestService::As{"wang", "disclosure_head@fagui"}}) {
    v1::ImportCasesResponse response;
    EXPECT_EQ(test::Details(house_.Send(pieces, &response, as)).reason,
              "CAPACITY_MISSING")
        << as.roles;
  }
  EXPECT_EQ(house_.Kept(), before);
}

TEST_F(Refused, TheSameAgainDoesNothing) {
  const auto head = house_.Head();
  const std::vector<v1::PastCase> rows = {
      Row("A-1", R"(applicant { name: "赵甲一" } content: "某文件")"),
      Row("A-2", R"(finished_date: "2024-03-20" outcome: DISCLOSED)")};
  EXPECT_EQ(house_.Bring(head, rows).imported(), 2);
  const std::string before = house_.Kept();
  const auto again = house_.Bring(head, rows);
  EXPECT_TRUE(again.repeated());
  EXPECT_EQ(again.imported(), 0);
  EXPECT_EQ(again.failures_size(), 0);
  // Other rows under the same id are not the same.
  v1::ImportCasesResponse response;
  EXPECT_EQ(test::Details(
                house_.Send(ImportHouse::Pieces(head, {rows[0]}), &response))
                .reason,
            "REQUEST_ID_REUSED");
  EXPECT_EQ(house_.Kept(), before);
  const test::Whole whole = test::ReadWhole(test::TempPostgres::Shared(),
                                            house_.service().database());
  EXPECT_TRUE(whole.faults.empty()) << test::FaultsOf(whole);
  EXPECT_EQ(whole.cases, 2);
}

// An open case of an earlier register is a case like any other.
TEST_F(Refused, AnOpenOneGoesOnToTheArchive) {
  house_.SetDay("2024-04-10");
  EXPECT_EQ(
      house_
          .Bring(house_.Head(), {Row("OLD-7", R"(corrected_date: "2024-03-15"
                              extension_days: 10
                              extension_notice_date: "2024-04-08"
                              applicant { name: "赵甲一" }
                              content: "某文件")")})
          .imported(),
      1);
  const std::string name = "agencies/SHGXW/cases/OLD-7";
  const v1::Case open = house_.service().Get(name);
  EXPECT_EQ(open.phase(), v1::RECEIVED);
  EXPECT_EQ(open.content(), "某文件");
  std::string due;
  for (const v1::Limit& limit : open.limits()) {
    if (limit.kind() == v1::REPLY) due = limit.due_date();
  }
  // Twenty and ten working days from the corrected application.
  EXPECT_EQ(due, "2024-04-28");
  house_.Reply(name, "outcome: DISCLOSED");
  house_.Must(name, "handler", "record_service { outcome: DELIVERED }");
  house_.Must(name, "handler", "close {}");
  house_.Must(name, "legal_reviewer",
              R"(open_remedy { kind: ADMINISTRATIVE_REVIEW organ: "市政府" })");
  house_.Must(name, "legal_reviewer",
              "decide_remedy { docket: 1 result: REVOKED }");
  // Reopened, its text goes into the sub-case.
  house_.Must(name, "disclosure_head",
              R"(reopen { docket: 1 reason: "重作" })");
  EXPECT_EQ(house_.service().Get(name + "-R1").content(), "某文件");
  house_.Must(name, "archivist", "archive { retention: TEN_YEARS }");
  EXPECT_EQ(house_.service().Get(name).phase(), v1::ARCHIVED);
  // Nobody brings one case by itself.
  EXPECT_EQ(test::Details(house_.Act(name, "disclosure_head",
                                     R"(import_case { number: "A-1"
                                        applicant_kind: RESEARCH
                                        receipt_date: "2024-03-01" })"))
                .reason,
            "ACT_MISSING");
  const test::Whole whole = test::ReadWhole(test::TempPostgres::Shared(),
                                            house_.service().database());
  EXPECT_TRUE(whole.faults.empty()) << test::FaultsOf(whole);
}

}  // namespace
}  // namespace gongkai
