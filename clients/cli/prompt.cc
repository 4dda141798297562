// SPDX-License-Identifier: Apache-2.0
#include "clients/cli/prompt.h"

#include <fcntl.h>
#include <termios.h>
#include <unistd.h>

#include "absl/strings/str_cat.h"
#include "clients/cli/keyring.h"
#include "services/base/dates.h"
#include "services/base/status_macros.h"

namespace gongkai::cli {
namespace {

constexpr size_t kMostLetters = 4096;

// The terminal of this process, without echo while it lives.
class Quiet {
 public:
  Quiet() : terminal_(open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY)) {
    if (terminal_ < 0 || tcgetattr(terminal_, &before_) != 0) return;
    termios quiet = before_;
    quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    quiet.c_lflag |= ECHONL;
    ready_ = tcsetattr(terminal_, TCSAFLUSH, &quiet) == 0;
  }
  ~Quiet() {
    if (ready_) tcsetattr(terminal_, TCSAFLUSH, &before_);
    if (terminal_ >= 0) close(terminal_);
  }
  Quiet(const Quiet&) = delete;
  Quiet& operator=(const Quiet&) = delete;

  bool ready() const { return ready_; }
  void Write(std::string_view text) const {
    while (!text.empty()) {
      const ssize_t n = write(terminal_, text.data(), text.size());
      if (n <= 0) return;
      text.remove_prefix(static_cast<size_t>(n));
    }
  }
  std::string ReadLine() const {
    std::string line;
    char c = 0;
    while (line.size() < kMostLetters && read(terminal_, &c, 1) == 1 &&
           c != '\n') {
      line += c;
    }
    return line;
  }

 private:
  const int terminal_;
  termios before_{};
  bool ready_ = false;
};

}  // namespace

absl::StatusOr<std::string> AskSecret(const Run& run, std::string_view question,
                                      std::string_view flag) {
  const Quiet terminal;
  if (!terminal.ready()) {
    return UsageError(absl::StrCat(
        run.Say("没有终端可供输入，请用 --", "no terminal to ask on: give --"),
        ToAbsl(flag)));
  }
  terminal.Write(absl::StrCat(ToAbsl(question), run.Say("：", ": ")));
  return terminal.ReadLine();
}

absl::StatusOr<std::string> SecretOf(const Run& run, const std::string& flag,
                                     std::string_view question) {
  if (run.args.Has(flag)) return ReadSecretFile(run.args.Get(flag));
  return AskSecret(run, question, flag);
}

absl::StatusOr<std::string> NewSecretOf(const Run& run, const std::string& flag,
                                        std::string_view question) {
  if (run.args.Has(flag)) return ReadSecretFile(run.args.Get(flag));
  ASSIGN_OR_RETURN(const std::string first, AskSecret(run, question, flag));
  ASSIGN_OR_RETURN(
      const std::string second,
      AskSecret(run, std::string(question) + run.Say("（再次）", " (again)"),
                flag));
  if (first == second) return first;
  return absl::InvalidArgumentError(run.Say("两次输入不同", "the two differ"));
}

}  // namespace gongkai::cli
