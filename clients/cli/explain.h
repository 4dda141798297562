// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_CLIENTS_CLI_EXPLAIN_H_
#define GONGKAI_CLIENTS_CLI_EXPLAIN_H_

#include "clients/cli/connect.h"

namespace gongkai::cli {

// Reads one case.
absl::StatusOr<v1::GetCaseResponse> ReadCase(Connection* connection,
                                             const Identity& identity,
                                             const v1::GetCaseRequest& request);

// Reads one limit with its ledger.
absl::StatusOr<v1::ExplainTimeLimitResponse> ReadLedger(
    Connection* connection, const Identity& identity,
    const v1::ExplainTimeLimitRequest& request);

// Prints the limit and its ledger, one day a line. Runs of days that are
// alike but for the date (a holiday week) are kept: each is a day of somebody's
// waiting.
void PrintLedger(const Run& run, const v1::ExplainTimeLimitResponse& ledger);

}  // namespace gongkai::cli

#endif  // GONGKAI_CLIENTS_CLI_EXPLAIN_H_
