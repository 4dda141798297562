// SPDX-License-Identifier: Apache-2.0
// gongkai: the command line of the service.
#include <unistd.h>

#include <cstdlib>
#include <iostream>
#include <string>
#include <string_view>

#include "clients/cli/commands.h"
#include "clients/cli/parse.h"
#include "clients/cli/print.h"

namespace gongkai::cli {
namespace {

// The language is needed before the line is read: the help is in it.
Locale LocaleFor(int argc, const char* const* argv) {
  for (int i = 1; i < argc; ++i) {
    const std::string_view word = argv[i];
    if (word == "--lang" && i + 1 < argc) return LocaleOf(argv[i + 1]);
    if (word.starts_with("--lang=")) return LocaleOf(word.substr(7));
  }
  for (const char* name : {"LC_ALL", "LC_MESSAGES", "LANG"}) {
    const char* value = std::getenv(name);
    if (value != nullptr && *value != '\0') return LocaleOf(value);
  }
  return Locale::kZh;
}

ExitCode Main(int argc, const char* const* argv) {
  const Locale locale = LocaleFor(argc, argv);
  const Command tree = Tree(locale);
  const std::vector<Flag> global = GlobalFlags(locale);
  const Parsed parsed = ParseCommandLine(tree, global, argc, argv);
  if (parsed.command == nullptr) return parsed.exit;
  const auto settings = ReadSettings(parsed.args, locale, "/proc/self/exe");
  if (!settings.ok()) {
    PrintError(std::cerr, settings.status(), locale);
    return ExitCode::kUsage;
  }
  if (settings->output > Output::kJson && !parsed.command->files) {
    PrintError(std::cerr,
               UsageError(Say(locale, "--output：此命令只有 table 与 json",
                              "--output: this command knows table and json")),
               locale);
    return ExitCode::kUsage;
  }
  const Run run{*settings, parsed.args, std::cout, std::cerr,
                isatty(STDERR_FILENO) != 0};
  const absl::StatusOr<ExitCode> exit = parsed.command->run(run);
  std::cout.flush();
  if (!exit.ok()) {
    PrintError(std::cerr, exit.status(), locale);
    return ExitCodeOf(exit.status());
  }
  // A full disk or a closed pipe must not look like success.
  return std::cout.good() ? *exit : ExitCode::kOther;
}

}  // namespace
}  // namespace gongkai::cli

int main(int argc, char** argv) {
  // The library reports every refused connection; the program says it once.
  setenv("GRPC_VERBOSITY", "NONE", 0);
  return static_cast<int>(gongkai::cli::Main(argc, argv));
}
