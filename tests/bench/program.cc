// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/program.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "services/base/status_macros.h"

extern char** environ;

namespace gongkai::bench {
namespace {

std::string ReadAll(const std::string& path) {
  std::ifstream in(path);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

}  // namespace

absl::StatusOr<pid_t> StartProgram(const std::vector<std::string>& arguments,
                                   const std::string& output) {
  std::vector<char*> argv;
  for (const std::string& a : arguments) {
    argv.push_back(const_cast<char*>(a.c_str()));
  }
  argv.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 1, output.c_str(),
                                   O_WRONLY | O_CREAT | O_TRUNC, 0600);
  posix_spawn_file_actions_adddup2(&actions, 1, 2);
  pid_t pid = 0;
  const int failed =
      posix_spawn(&pid, argv[0], &actions, nullptr, argv.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (failed == 0) return pid;
  return absl::NotFoundError(absl::StrCat("cannot run ", arguments[0]));
}

absl::Status AwaitProgram(pid_t pid, const std::string& output) {
  int status = 0;
  waitpid(pid, &status, 0);
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return absl::OkStatus();
  return absl::InternalError(
      absl::StrCat("a program failed: ", ReadAll(output)));
}

absl::StatusOr<std::string> RunProgram(
    const std::vector<std::string>& arguments, const std::string& output) {
  ASSIGN_OR_RETURN(const pid_t pid, StartProgram(arguments, output));
  RETURN_IF_ERROR(AwaitProgram(pid, output));
  return ReadAll(output);
}

}  // namespace gongkai::bench
