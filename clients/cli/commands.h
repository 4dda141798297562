// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_CLIENTS_CLI_COMMANDS_H_
#define GONGKAI_CLIENTS_CLI_COMMANDS_H_

#include <string>

#include "clients/cli/command.h"

namespace gongkai::cli {

// The whole tree, its help in the reader's language.
Command Tree(Locale locale);

// `case`: one verb for each act of the contract, made by reflection, and the
// ways to read cases.
Command CaseCommand(Locale locale);
// The verbs of the acts: `require-correction NUMBER --items …`. Left out are
// `receive`, which has no case yet, and `apply_calendar`, which only the
// service's clock does.
std::vector<Command> ActVerbs(Locale locale);
// `case receive`: one application by flags, or many from a CSV file.
Command ReceiveCommand(Locale locale);
// `case show`, `acts`, `explain`: one case.
std::vector<Command> OneCaseCommands(Locale locale);
// `case list`, `search`, `similar`, `watch`: many.
std::vector<Command> ManyCasesCommands(Locale locale);

// `report`: what is due and late, the annual return, figures.
Command ReportCommand(Locale locale);

// `calendar show`, `load`, `progress`.
Command CalendarCommand(Locale locale);

// `audit history`, `state`: what proves a case, and who saw it.
Command AuditCommand(Locale locale);
// `audit export`: the evidence of a case in a folder.
Command AuditExportCommand(Locale locale);
// `audit erase`, `audit fork`: what takes two persons.
Command AuditEraseCommand(Locale locale);
Command AuditForkCommand(Locale locale);

// `statute`: the law without a service.
Command StatuteCommand(Locale locale);

// `roles`: the permission matrix. `health`: whether the service serves.
Command RolesCommand(Locale locale);
Command HealthCommand(Locale locale);

// `sign-in`, `sign-out`, `whoami`, `password`: one's own session.
std::vector<Command> SessionCommands(Locale locale);
// `set-up`: the first use of an account. `totp`: the present six digits.
Command SetUpCommand(Locale locale);
Command TotpCommand(Locale locale);
// `delegate`: one's roles, lent to a colleague.
Command DelegateCommand(Locale locale);
// `account`, `agency`: administration.
Command AccountCommand(Locale locale);
Command AgencyCommand(Locale locale);

// `inbox list`, `read`, `watch`: one's own reminders.
Command InboxCommand(Locale locale);

// `script FILE…`: acts and checks from JSON lines.
Command ScriptCommand(Locale locale);

// `completion bash`: prints a completion script of the tree.
Command CompletionCommand(Locale locale);
// The script, for the shell function that completes `tree.name`.
std::string BashCompletion(const Command& tree,
                           const std::vector<Flag>& global);

}  // namespace gongkai::cli

#endif  // GONGKAI_CLIENTS_CLI_COMMANDS_H_
