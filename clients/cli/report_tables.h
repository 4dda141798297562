// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_CLIENTS_CLI_REPORT_TABLES_H_
#define GONGKAI_CLIENTS_CLI_REPORT_TABLES_H_

#include "clients/cli/locale.h"
#include "gongkai/v1/report.pb.h"
#include "gongkai/v1/report_service.pb.h"

namespace gongkai::cli {

// Answers of the service as tables, for a terminal, a sheet or a file. Keys of
// tables and columns are never translated.

// `work`: open duties.
v1::Table WorkTable(const v1::ListWorkResponse& list, Locale locale);
// `groups`: how many stand at each level.
v1::Table GroupTable(const v1::CountWorkResponse& counts, Locale locale);
// `cases`: behind a cell of the annual return.
v1::Table ReturnCaseTable(const v1::ListReturnCasesResponse& list,
                          Locale locale);
// `violations`: identities that do not hold.
v1::Table ViolationTable(const v1::GetReturnResponse& response, Locale locale);
// `differences`: between two editions.
v1::Table DifferenceTable(
    const google::protobuf::RepeatedPtrField<v1::ReturnDifference>& differences,
    Locale locale);
// `precedents` and `warnings`: advice on a draft.
v1::Table PrecedentTable(const v1::AdviseDraftResponse& advice, Locale locale);
v1::Table WarningTable(const v1::AdviseDraftResponse& advice, Locale locale);

// A cell of the return as people name it: `r7:c1`, of table 4 `g2:c3`.
std::string CellName(int table, int row, int column);

}  // namespace gongkai::cli

#endif  // GONGKAI_CLIENTS_CLI_REPORT_TABLES_H_
