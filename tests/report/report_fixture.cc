// SPDX-License-Identifier: Apache-2.0
#include "tests/report/report_fixture.h"

#include <google/protobuf/text_format.h>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"

namespace gongkai::report {
namespace {

std::string TextOf(const v1::Cell& cell) {
  switch (cell.value_case()) {
    case v1::Cell::kText:
      return cell.text();
    case v1::Cell::kNumber:
      return absl::StrCat(cell.number());
    case v1::Cell::kDecimal:
      return absl::StrFormat("%.4f", cell.decimal());
    default:
      return "-";
  }
}

bool Fits(v1::ColumnType type, const v1::Cell& cell) {
  if (cell.value_case() == v1::Cell::VALUE_NOT_SET) return true;
  switch (type) {
    case v1::TEXT_COLUMN:
      return cell.has_text() && !cell.text().empty();
    case v1::DATE_COLUMN:
      return cell.has_text() && ParseDay(cell.text()).ok();
    case v1::NUMBER_COLUMN:
    case v1::MONEY_COLUMN:
      return cell.has_number();
    case v1::SHARE_COLUMN:
      return cell.has_decimal() && cell.decimal() >= 0 && cell.decimal() <= 1;
    case v1::DECIMAL_COLUMN:
      return cell.has_decimal();
    default:
      return false;
  }
}

}  // namespace

casework::Case OpenCase(std::string_view number, std::string_view received) {
  casework::Case c;
  c.agency = "TEST";
  c.number = std::string(number);
  c.version = 1;
  c.applicant_kind = v1::NATURAL_PERSON;
  c.phase = v1::HANDLING;
  c.facts.channel = v1::IN_PERSON;
  c.facts.arrived = D(received);
  c.facts.received = D(received);
  c.facts.registered = D(received);
  c.officer = "li";
  c.department = "d1";
  return c;
}

casework::Case Answered(std::string_view number, std::string_view received,
                        std::string_view finished, v1::Outcome outcome,
                        const std::vector<v1::Ground>& grounds) {
  casework::Case c = OpenCase(number, received);
  c.outcome = outcome;
  c.grounds = grounds;
  c.phase = v1::SERVED;
  c.signed_day = D(finished);
  law::ReplySent reply;
  reply.carrier = v1::POST_EMS;
  reply.dispatched = D(finished);
  reply.served = D(finished);
  c.facts.reply = reply;
  return c;
}

int AddDocket(casework::Case& c, v1::RemedyKind kind, std::string_view opened,
              std::string_view decided, v1::RemedyResult result, int instance) {
  law::Docket docket;
  docket.kind = kind;
  docket.instance = instance;
  docket.copy_received = D(opened);
  if (!decided.empty()) {
    docket.decided = D(decided);
    docket.decision_received = D(decided);
    docket.result = result;
  }
  if (instance == 2) {
    docket.accepted = D(opened);
    c.facts.dockets.back().appealed = D(opened);
  }
  c.facts.dockets.push_back(docket);
  c.docket_rectified.push_back(false);
  c.docket_numbers.push_back("");
  return static_cast<int>(c.facts.dockets.size());
}

FoldedCase FoldedOf(const casework::Case& c, std::string_view today,
                    const std::vector<casework::PastEvent>& past) {
  FoldedCase folded;
  folded.agency = c.agency;
  folded.c = c;
  folded.past = past;
  folded.rules = &casework::TheRulebook();
  folded.calendar = &casework::TheCalendar();
  folded.limits =
      law::DeriveLimits(c.facts, *folded.rules, *folded.calendar, {}, D(today));
  return folded;
}

FoldedCase FoldedOf(const casework::Life& life, std::string_view today) {
  return FoldedOf(life.c(), today, life.history());
}

std::string CellText(const v1::Table& table, int row, std::string_view column) {
  if (row >= table.rows_size()) return "no such row";
  for (int i = 0; i < table.columns_size(); ++i) {
    if (table.columns(i).key() == column) {
      return TextOf(table.rows(row).cells(i));
    }
  }
  return "no such column";
}

std::string RowText(const v1::Table& table, int row) {
  if (row >= table.rows_size()) return "no such row";
  return absl::StrJoin(table.rows(row).cells(), "|",
                       [](std::string* out, const v1::Cell& cell) {
                         out->append(TextOf(cell));
                       });
}

void ExpectSound(const v1::Table& table) {
  EXPECT_FALSE(table.key().empty());
  EXPECT_FALSE(table.title().empty()) << table.key();
  for (const v1::Column& column : table.columns()) {
    EXPECT_FALSE(column.key().empty()) << table.key();
    EXPECT_FALSE(column.heading().empty()) << column.key();
  }
  for (const v1::Row& row : table.rows()) {
    ASSERT_EQ(row.cells_size(), table.columns_size()) << table.key();
    for (int i = 0; i < row.cells_size(); ++i) {
      EXPECT_TRUE(Fits(table.columns(i).type(), row.cells(i)))
          << table.key() << "." << table.columns(i).key() << ": "
          << row.cells(i).ShortDebugString();
    }
  }
}

v1::RunReportRequest RequestOf(const std::string& text) {
  v1::RunReportRequest request;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &request))
      << text;
  return request;
}

std::vector<v1::Table> TablesOf(v1::ReportKind kind, const std::string& request,
                                const std::vector<FoldedCase>& cases,
                                std::string_view today, Locale locale) {
  auto fold = NewFold(kind, RequestOf(request), D(today), locale);
  EXPECT_NE(fold, nullptr);
  if (fold == nullptr) return {};
  for (const FoldedCase& folded : cases) fold->Add(folded);
  auto tables = fold->Tables();
  for (const v1::Table& table : tables) ExpectSound(table);
  return tables;
}

}  // namespace gongkai::report
