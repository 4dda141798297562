// SPDX-License-Identifier: Apache-2.0
#include "tests/end_to_end/process.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <iostream>

namespace gongkai::test {
namespace {

[[noreturn]] void Die(const std::string& what) {
  std::cerr << "process: " << what << std::endl;
  std::_Exit(1);
}

std::vector<char*> Pointers(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  for (std::string& text : texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

// In the child, between fork and exec: only what is safe there. Signals are
// taken as a shell would give them.
[[noreturn]] void Become(int out, int err, char** argv, char** envp) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  dup2(out, STDOUT_FILENO);
  dup2(err, STDERR_FILENO);
  execve(argv[0], argv, envp);
  _exit(127);
}

}  // namespace

Process::Process(std::vector<std::string> arguments,
                 const std::vector<std::string>& environment) {
  std::vector<std::string> variables;
  for (char** one = environ; *one != nullptr; ++one) variables.push_back(*one);
  // The first of a name counts.
  variables.insert(variables.begin(), environment.begin(), environment.end());
  const std::vector<char*> argv = Pointers(arguments);
  const std::vector<char*> envp = Pointers(variables);
  std::array<int, 2> out{};
  std::array<int, 2> err{};
  if (pipe2(out.data(), O_CLOEXEC) != 0 || pipe2(err.data(), O_CLOEXEC) != 0) {
    Die("no pipe");
  }
  pid_ = fork();
  if (pid_ < 0) Die("cannot start " + arguments[0]);
  if (pid_ == 0) {
    Become(out[1], err[1], const_cast<char**>(argv.data()),
           const_cast<char**>(envp.data()));
  }
  close(out[1]);
  close(err[1]);
  readers_[0] = std::thread([this, from = out[0]] { Collect(from, out_); });
  readers_[1] = std::thread([this, from = err[0]] { Collect(from, err_); });
}

Process::~Process() {
  if (exit_ < 0) {
    Signal(SIGKILL);
    Wait();
  }
}

void Process::Collect(int from, std::string& into) {
  std::array<char, 4096> buffer{};
  for (;;) {
    const ssize_t n = read(from, buffer.data(), buffer.size());
    if (n < 0 && errno == EINTR) continue;
    absl::MutexLock lock(&mutex_);
    if (n <= 0) {
      --open_;
      break;
    }
    into.append(buffer.data(), static_cast<size_t>(n));
  }
  close(from);
}

void Process::Signal(int signal) const { kill(pid_, signal); }

int Process::Wait() {
  if (exit_ >= 0) return exit_;
  int status = 0;
  while (waitpid(pid_, &status, 0) < 0) {
    if (errno != EINTR) Die("lost a child");
  }
  for (std::thread& reader : readers_) reader.join();
  exit_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return exit_;
}

bool Process::WaitFor(std::string_view text, absl::Duration time) {
  const auto written = [this, text]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return open_ == 0 || out_.find(text) != std::string::npos ||
           err_.find(text) != std::string::npos;
  };
  absl::MutexLock lock(&mutex_);
  mutex_.AwaitWithTimeout(absl::Condition(&written), time);
  return out_.find(text) != std::string::npos ||
         err_.find(text) != std::string::npos;
}

std::string Process::out() const {
  absl::MutexLock lock(&mutex_);
  return out_;
}

std::string Process::err() const {
  absl::MutexLock lock(&mutex_);
  return err_;
}

Finished RunProgram(std::vector<std::string> arguments,
                    const std::vector<std::string>& environment) {
  Process process(std::move(arguments), environment);
  Finished finished;
  finished.exit = process.Wait();
  finished.out = process.out();
  finished.err = process.err();
  return finished;
}

}  // namespace gongkai::test
