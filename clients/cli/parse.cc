// SPDX-License-Identifier: Apache-2.0
#include "clients/cli/parse.h"

#include <CLI/CLI.hpp>
#include <deque>
#include <memory>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace gongkai::cli {
namespace {

// Where the library leaves what it read.
struct Slot {
  const Flag* flag = nullptr;
  CLI::Option* option = nullptr;
  bool present = false;
  std::string value;
  std::vector<std::string> values;
};

struct Node {
  const Command* command = nullptr;
  CLI::App* app = nullptr;
  std::deque<Slot> slots;
};

std::string HelpOf(const Flag& flag) {
  if (flag.choices.empty()) return flag.help;
  return absl::StrCat(flag.help, flag.help.empty() ? "" : "  ", "{",
                      absl::StrJoin(flag.choices, ","), "}");
}

void AddFlag(Node* node, const Flag& flag, const std::string& name) {
  Slot& slot = node->slots.emplace_back();
  slot.flag = &flag;
  const std::string help = HelpOf(flag);
  switch (flag.takes) {
    case Takes::kNothing:
      slot.option = node->app->add_flag(name, slot.present, help);
      break;
    case Takes::kValue:
      slot.option = node->app->add_option(name, slot.value, help);
      break;
    case Takes::kValues:
      slot.option = node->app->add_option(name, slot.values, help);
      // One value each time, or a list would swallow what follows it.
      if (name.starts_with("--")) slot.option->allow_extra_args(false);
      break;
  }
  if (flag.required) slot.option->required();
  if (!flag.env.empty()) slot.option->envname(flag.env);
  if (flag.takes != Takes::kNothing) slot.option->type_name("");
}

std::string FirstLine(const std::string& text) {
  return text.substr(0, text.find('\n'));
}

void Build(const Command& command, CLI::App* app, std::deque<Node>* nodes) {
  Node& node = nodes->emplace_back();
  node.command = &command;
  node.app = app;
  app->fallthrough();
  app->set_help_flag("-h,--help", "?  help");
  // A list of commands shows the first line of each, its own page all.
  const size_t line = command.help.find('\n');
  if (line != std::string::npos) app->footer(command.help.substr(line + 1));
  for (const Flag& flag : command.positionals) AddFlag(&node, flag, flag.name);
  for (const Flag& flag : command.flags) {
    AddFlag(&node, flag, "--" + flag.name);
  }
  for (const Command& child : command.commands) {
    Build(child, app->add_subcommand(child.name, FirstLine(child.help)), nodes);
  }
  if (!command.run) app->require_subcommand(1);
}

void Collect(const Node& node, Arguments* args) {
  for (const Slot& slot : node.slots) {
    if (slot.option->count() == 0) continue;
    switch (slot.flag->takes) {
      case Takes::kNothing:
        if (slot.present) args->Add(slot.flag->name, "true");
        break;
      case Takes::kValue:
        args->Add(slot.flag->name, slot.value);
        break;
      case Takes::kValues:
        for (const std::string& value : slot.values) {
          args->Add(slot.flag->name, value);
        }
        break;
    }
  }
}

// The library's own number for help is 0 and for every wrong line above 100;
// -1 stands for a line that was read.
int Read(CLI::App* app, int argc, const char* const* argv) {
  CLI11_PARSE(*app, argc, argv);
  return -1;
}

}  // namespace

Parsed ParseCommandLine(const Command& root, const std::vector<Flag>& global,
                        int argc, const char* const* argv) {
  CLI::App app(root.help, root.name);
  std::deque<Node> nodes;
  Build(root, &app, &nodes);
  for (const Flag& flag : global) {
    AddFlag(&nodes.front(), flag, "--" + flag.name);
  }
  Parsed parsed;
  const int result = Read(&app, argc, argv);
  if (result >= 0) {
    parsed.exit = result == 0 ? ExitCode::kOk : ExitCode::kUsage;
    return parsed;
  }
  for (const Node& node : nodes) {
    if (!node.app->parsed() && node.command != &root) continue;
    Collect(node, &parsed.args);
    if (node.command->run) parsed.command = node.command;
  }
  return parsed;
}

}  // namespace gongkai::cli
