// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_TESTS_REPORT_REPORT_FIXTURE_H_
#define GONGKAI_TESTS_REPORT_REPORT_FIXTURE_H_

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "services/base/dates.h"
#include "services/report/folded.h"
#include "services/report/tables.h"
#include "tests/casework/life.h"

namespace gongkai::report {

inline absl::CivilDay D(std::string_view text) { return DayOf(text); }

// A case of agency TEST received on `received`, open.
casework::Case OpenCase(std::string_view number, std::string_view received);

// Such a case answered on `finished`.
casework::Case Answered(std::string_view number, std::string_view received,
                        std::string_view finished, v1::Outcome outcome,
                        const std::vector<v1::Ground>& grounds = {});

// Adds a docket; empty `decided` leaves it pending. Returns its ordinal.
int AddDocket(casework::Case& c, v1::RemedyKind kind, std::string_view opened,
              std::string_view decided = "",
              v1::RemedyResult result = v1::REMEDY_RESULT_UNSPECIFIED,
              int instance = 1);

// With limits as of `today`, calendar and rulebook of ops/.
FoldedCase FoldedOf(const casework::Case& c, std::string_view today,
                    const std::vector<casework::PastEvent>& past = {});
FoldedCase FoldedOf(const casework::Life& life, std::string_view today);

// The cell of `column` in a row of a table, as text: numbers as they are,
// shares with four digits, `-` when empty.
std::string CellText(const v1::Table& table, int row, std::string_view column);

// All of a row, cells separated by `|`.
std::string RowText(const v1::Table& table, int row);

// Every column of every row: `key` filled, as many cells as columns, values
// that fit the types, terms in the language asked for.
void ExpectSound(const v1::Table& table);

// The tables of `kind` over `cases`, in Chinese.
std::vector<v1::Table> TablesOf(v1::ReportKind kind, const std::string& request,
                                const std::vector<FoldedCase>& cases,
                                std::string_view today,
                                Locale locale = Locale::kChinese);

v1::RunReportRequest RequestOf(const std::string& text);

}  // namespace gongkai::report

#endif  // GONGKAI_TESTS_REPORT_REPORT_FIXTURE_H_
