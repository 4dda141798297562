// SPDX-License-Identifier: Apache-2.0
// `completion bash`: a static script made from the tree of commands.
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "clients/cli/commands.h"

namespace gongkai::cli {
namespace {

// One `case` branch of the script: the words that may follow a path of
// commands, and what may follow its flags.
void AddBranches(const Command& command, const std::string& path,
                 const std::vector<Flag>& global, std::string* script) {
  std::vector<std::string> words;
  for (const Command& child : command.commands) words.push_back(child.name);
  std::vector<std::string> values;
  std::vector<std::string> files;
  for (const auto* flags : {&command.flags, &global}) {
    for (const Flag& flag : *flags) {
      words.push_back("--" + flag.name);
      if (!flag.choices.empty()) {
        values.push_back(absl::StrCat("      --", flag.name, ") words='",
                                      absl::StrJoin(flag.choices, " "),
                                      "' ;;\n"));
      } else if (flag.file) {
        files.push_back("--" + flag.name);
      } else if (flag.takes != Takes::kNothing) {
        values.push_back(
            absl::StrCat("      --", flag.name, ") words='' ;;\n"));
      }
    }
  }
  const bool takes_files =
      !command.positionals.empty() && command.positionals[0].file;
  absl::StrAppend(script, "    '", path, "')\n      words='",
                  absl::StrJoin(words, " "), "'\n");
  if (takes_files) absl::StrAppend(script, "      files=1\n");
  absl::StrAppend(script, "      case $before in\n", absl::StrJoin(values, ""));
  if (!files.empty()) {
    absl::StrAppend(script, "      ", absl::StrJoin(files, "|"),
                    ") words=''; files=1 ;;\n");
  }
  absl::StrAppend(script, "      esac ;;\n");
  for (const Command& child : command.commands) {
    AddBranches(child, absl::StrCat(path, path.empty() ? "" : " ", child.name),
                global, script);
  }
}

// Every path of commands, as the keys of the script's table.
void AddPaths(const Command& command, const std::string& path,
              std::vector<std::string>* paths) {
  for (const Command& child : command.commands) {
    const std::string full =
        absl::StrCat(path, path.empty() ? "" : " ", child.name);
    paths->push_back(full);
    AddPaths(child, full, paths);
  }
}

absl::StatusOr<ExitCode> Bash(const Run& run) {
  run.out << BashCompletion(Tree(run.settings.locale),
                            GlobalFlags(run.settings.locale));
  return ExitCode::kOk;
}

}  // namespace

std::string BashCompletion(const Command& tree,
                           const std::vector<Flag>& global) {
  std::vector<std::string> paths;
  AddPaths(tree, "", &paths);
  std::string script = absl::StrCat(
      "# bash completion for ", tree.name, "\n_", tree.name, "() {\n",
      "  local current=${COMP_WORDS[COMP_CWORD]}\n"
      "  local before=${COMP_WORDS[COMP_CWORD-1]}\n"
      "  local path='' words='' files='' word\n"
      "  for word in \"${COMP_WORDS[@]:1:COMP_CWORD-1}\"; do\n"
      "    case \"${path:+$path }$word\" in\n    '",
      absl::StrJoin(paths, "'|'"),
      "') path=\"${path:+$path }$word\" ;;\n    esac\n  done\n"
      "  case $path in\n");
  AddBranches(tree, "", global, &script);
  absl::StrAppend(
      &script,
      "  esac\n"
      "  mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$current\")\n"
      "  if [[ $files ]]; then\n"
      "    mapfile -t -O \"${#COMPREPLY[@]}\" COMPREPLY "
      "< <(compgen -f -- \"$current\")\n"
      "  fi\n}\ncomplete -o filenames -F _",
      tree.name, " ", tree.name, "\n");
  return script;
}

Command CompletionCommand(Locale locale) {
  Command command;
  command.name = "completion";
  command.help =
      Say(locale, "命令补全：source <(gongkai completion bash)",
          "Completion of the shell: source <(gongkai completion bash)");
  command.commands = {{.name = "bash",
                       .help = Say(locale, "用于 bash", "for bash"),
                       .run = Bash}};
  return command;
}

}  // namespace gongkai::cli
