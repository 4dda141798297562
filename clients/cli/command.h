// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_CLIENTS_CLI_COMMAND_H_
#define GONGKAI_CLIENTS_CLI_COMMAND_H_

#include <functional>
#include <iosfwd>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "clients/cli/exit_codes.h"
#include "clients/cli/locale.h"

namespace gongkai::cli {

// The subcommand tree as data: the parser, the help, the completion script and
// the tests all read the same one.

// What a flag takes.
enum class Takes {
  kNothing,  // present or not
  kValue,    // one value, at most once
  kValues,   // one value each time it is given
};

// A flag, or a positional argument.
struct Flag {
  // Without hyphens: `period-days`. Positionals are named as in the usage
  // line: `NUMBER`.
  std::string name = {};
  std::string help = {};
  Takes takes = Takes::kValue;
  // Words offered by completion; others are judged by the command.
  std::vector<std::string> choices = {};
  bool required = false;
  // Completion offers files.
  bool file = false;
  // Environment variable that gives the value when the flag is absent.
  std::string env = {};
};

// What was given on the command line, by name of flag.
class Arguments {
 public:
  void Add(const std::string& name, std::string value) {
    values_[name].push_back(std::move(value));
  }

  bool Has(const std::string& name) const { return values_.contains(name); }
  // The value, or `otherwise` when there is none.
  std::string Get(const std::string& name, std::string_view otherwise) const;
  std::string Get(const std::string& name) const { return Get(name, ""); }
  // Every value, in order.
  std::vector<std::string> All(const std::string& name) const;

  // The value as a number from `least` to `most`, or `otherwise` when absent.
  // A usage error names the flag.
  absl::StatusOr<int> Int(const std::string& name, int otherwise, int least,
                          int most) const;
  // The value as a day, or `otherwise` when absent. `today` and `yesterday`
  // are words for days in Shanghai. A usage error names the flag.
  absl::StatusOr<absl::CivilDay> Day(const std::string& name,
                                     absl::CivilDay otherwise) const;

 private:
  std::map<std::string, std::vector<std::string>> values_;
};

// Today in Shanghai.
absl::CivilDay Today();

// INVALID_ARGUMENT that ends the program with ExitCode::kUsage.
absl::Status UsageError(std::string_view what);

// How a table or a message is printed: for people, for programs, and by
// reports as a file for a spreadsheet or a picture too.
enum class Output { kTable, kJson, kCsv, kXlsx, kSvg };

// What every command knows: the flags of the program itself.
struct Settings {
  std::string server;
  std::string admin_server;
  // As whom: `handler`, `CN/secadmin`, or kUsual; empty is whoever signed in
  // last.
  std::string account;
  // The principal, when deputising.
  std::string on_behalf_of;
  std::string agency;
  // Files in PEM: the authorities that the service is held against (the
  // system's when empty), and the client certificate of a service account.
  std::string ca;
  std::string cert;
  std::string key;
  // No TLS, on this machine alone.
  bool insecure_loopback = false;
  // Folder of the sessions.
  std::string keyring;
  Locale locale = Locale::kZh;
  Output output = Output::kTable;
  int timeout_seconds = 30;
  // Folders of the calendar and of the rulebook, for offline commands.
  std::string calendar_dir;
  std::string rulebook_dir;
};

// One run of a command.
struct Run {
  const Settings& settings;
  const Arguments& args;
  std::ostream& out;
  // Progress and warnings; errors are returned.
  std::ostream& err;
  bool err_is_terminal = false;

  std::string Say(std::string_view zh, std::string_view en) const {
    return cli::Say(settings.locale, zh, en);
  }
};

// One word of the tree.
struct Command {
  std::string name = {};
  // First line: what it does. Further lines: detail, articles.
  std::string help = {};
  std::vector<Flag> flags = {};
  std::vector<Flag> positionals = {};
  std::vector<Command> commands = {};
  // Its output may be csv, xlsx and svg as well.
  bool files = false;
  // Null for a command that only groups others.
  std::function<absl::StatusOr<ExitCode>(const Run&)> run = {};
};

// The flags of the program itself, understood after every command.
std::vector<Flag> GlobalFlags(Locale locale);

// Reads them. `executable` is the path of the program, from which the folders
// of data are found. A usage error names the flag.
absl::StatusOr<Settings> ReadSettings(const Arguments& args, Locale locale,
                                      const std::string& executable);

}  // namespace gongkai::cli

#endif  // GONGKAI_CLIENTS_CLI_COMMAND_H_
