// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_CLIENTS_CLI_REPORTS_H_
#define GONGKAI_CLIENTS_CLI_REPORTS_H_

#include <string>
#include <vector>

#include "clients/cli/command.h"

namespace gongkai::cli {

// The account that usually draws up reports.
inline constexpr char kReporter[] = "disclosure_head";

// `report annual`: the annual return, its cells, its filing.
Command AnnualCommand(Locale locale);
// `report workload`, `remedies`, `register` …: one verb per kind of report.
std::vector<Command> RunReportCommands(Locale locale);
// `report import`: the cases of an earlier register.
Command ReportImportCommand(Locale locale);
// `case advise`: like cases, and what was corrected before.
Command AdviseCommand(Locale locale);

Flag BeneathFlag(Locale locale);

// Shows on the error output what of an earlier draft of this kind was
// corrected, after a reply was drafted. Whatever goes wrong with it is passed
// over: the act stands.
void WarnOfCorrections(const Run& run, const std::string& case_name);

}  // namespace gongkai::cli

#endif  // GONGKAI_CLIENTS_CLI_REPORTS_H_
