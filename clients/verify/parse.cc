// SPDX-License-Identifier: Apache-2.0
#include "clients/verify/parse.h"

#include <CLI/CLI.hpp>
#include <deque>
#include <string>
#include <vector>

namespace gongkai::verify {
namespace {

// Where the library leaves what it read.
struct Slot {
  std::string name;
  CLI::Option* option = nullptr;
  std::string value;
  std::vector<std::string> values;  // of one that may be repeated
};

struct Word {
  const Verb* verb = nullptr;
  CLI::App* app = nullptr;
  std::deque<Slot> slots;
};

void AddOption(const Option& option, const std::string& name, Locale locale,
               Word& word) {
  Slot& slot = word.slots.emplace_back();
  slot.name = option.name;
  const std::string help = cli::Say(locale, option.zh, option.en);
  if (option.repeated) {
    slot.option = word.app->add_option(name, slot.values, help);
    // One value each time, or a list would swallow what follows it.
    slot.option->allow_extra_args(false);
  } else {
    slot.option = word.app->add_option(name, slot.value, help);
  }
  slot.option->type_name("");
  if (option.required) slot.option->required();
}

// The library's own number for help is 0 and for every wrong line above 100;
// -1 stands for a line that was read.
int Read(CLI::App* app, int argc, const char* const* argv) {
  CLI11_PARSE(*app, argc, argv);
  return -1;
}

}  // namespace

Parsed ParseCommandLine(const std::vector<Verb>& verbs, Locale locale, int argc,
                        const char* const* argv) {
  CLI::App app(cli::Say(locale, "不信任任何人的核对工具：无网络，无数据库",
                        "Checks records without trust, network or database"),
               "gongkai-verify");
  app.require_subcommand(1);
  app.fallthrough();
  app.set_help_flag("-h,--help", cli::Say(locale, "帮助", "help"));
  std::string language;
  app.add_option("--lang", language,
                 cli::Say(locale, "语言：zh 或 en", "language: zh or en"))
      ->type_name("");
  // Understood before the verb too.
  std::string suite;
  CLI::Option* suite_option =
      app.add_option("--suite", suite)->type_name("")->group("");
  std::deque<Word> words;
  for (const Verb& verb : verbs) {
    Word& word = words.emplace_back();
    word.verb = &verb;
    word.app =
        app.add_subcommand(verb.name, cli::Say(locale, verb.zh, verb.en));
    for (const Option& option : verb.positionals) {
      AddOption(option, option.name, locale, word);
    }
    for (const Option& option : verb.flags) {
      AddOption(option, "--" + option.name, locale, word);
    }
  }
  Parsed parsed;
  if (const int result = Read(&app, argc, argv); result >= 0) {
    parsed.exit = result == 0 ? Exit::kSound : Exit::kNotChecked;
    return parsed;
  }
  if (suite_option->count() > 0) parsed.given.Add("suite", suite);
  for (const Word& word : words) {
    if (!word.app->parsed()) continue;
    parsed.verb = word.verb;
    for (const Slot& slot : word.slots) {
      if (slot.option->count() == 0) continue;
      const bool one = slot.values.empty();
      for (const std::string& value :
           one ? std::vector{slot.value} : slot.values) {
        parsed.given.Add(slot.name, value);
      }
    }
  }
  return parsed;
}

}  // namespace gongkai::verify
