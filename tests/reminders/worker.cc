// SPDX-License-Identifier: Apache-2.0
#include "tests/reminders/worker.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "gtest/gtest.h"
#include "services/act/receivers.h"
#include "services/act/registry.h"
#include "services/base/clock.h"
#include "services/jobs/reminders.h"
#include "services/server/config.h"
#include "storage/postgres/postgres_reports.h"
#include "storage/postgres/postgres_store.h"
#include "tests/support/temp_postgres.h"
#include "tests/support/test_vault.h"

namespace gongkai::test {
namespace {

constexpr absl::Duration kPatience = absl::Seconds(60);

std::string Variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

// One write, so that lines of several processes do not mix.
void Say(const std::string& line) {
  const std::string text = line + "\n";
  if (write(STDOUT_FILENO, text.data(), text.size()) < 0) _exit(3);
}

// One life of the job, until it has got through all agencies.
[[noreturn]] void Live(int run, absl::Time now, const law::Rulebook& rules) {
  storage::PostgresStore store(Variable("GONGKAI_WORKER_DATABASE"), 4);
  storage::PostgresReports reports(Variable("GONGKAI_WORKER_REPORTS"));
  act::Registry registry(store, rules);
  act::Receivers receivers(store, store);
  ManualClock clock(now);
  int puts = 0;
  jobs::Reminders::Options options;
  options.page = 3;
  options.rest = absl::Milliseconds(5);
  jobs::Reminders job(
      {registry, store, store, store, reports, store, receivers, clock,
       [run, &puts] {
         Say(absl::StrCat("put ", run, " ", ++puts, "."));
         // Time to be killed between two steps.
         absl::SleepFor(absl::Milliseconds(2));
       }},
      options);
  while (job.last_pass() == absl::InfinitePast()) {
    absl::SleepFor(absl::Milliseconds(1));
  }
  Say(absl::StrCat("done ", run, "."));
  _exit(0);
}

}  // namespace

Workers::Workers(const std::string& database) {
  std::string folder = "/tmp/gongkai-workers-XXXXXX";
  if (mkdtemp(folder.data()) == nullptr) std::abort();
  folder_ = folder;
  const std::string pipe = folder_ + "/commands";
  if (mkfifo(pipe.c_str(), 0600) != 0) std::abort();
  const TempPostgres& postgres = TempPostgres::Shared();
  process_ = std::make_unique<Process>(
      std::vector<std::string>{
          std::filesystem::read_symlink("/proc/self/exe").string(),
          "--gtest_filter=Worker.DISABLED_Lives",
          "--gtest_also_run_disabled_tests"},
      std::vector<std::string>{
          "GONGKAI_WORKER_PIPE=" + pipe,
          "GONGKAI_WORKER_DATABASE=" + postgres.Service(database),
          "GONGKAI_WORKER_REPORTS=" + postgres.Report(database)});
  // For reading too: it opens though the other side has not, or has failed.
  commands_ = open(pipe.c_str(), O_RDWR | O_CLOEXEC);
}

Workers::~Workers() {
  close(commands_);
  process_.reset();
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

int Workers::Begin(absl::Time now) {
  const std::string line =
      absl::StrCat(++runs_, " ", absl::ToUnixSeconds(now), "\n");
  if (write(commands_, line.data(), line.size()) < 0) std::abort();
  return runs_;
}

bool Workers::IsDone(int run) const {
  return process_->out().find(absl::StrCat("done ", run, ".")) !=
         std::string::npos;
}

bool Workers::AwaitPut(int run, int nth) {
  const std::string put = absl::StrCat("put ", run, " ", nth, ".");
  const absl::Time end = absl::Now() + kPatience;
  while (absl::Now() < end) {
    if (process_->out().find(put) != std::string::npos) return true;
    if (IsDone(run)) return false;
    absl::SleepFor(absl::Microseconds(200));
  }
  ADD_FAILURE() << process_->out() << process_->err();
  return false;
}

bool Workers::Kill(int run) {
  const std::string begun = absl::StrCat("pid ", run, " ");
  EXPECT_TRUE(process_->WaitFor(begun, kPatience));
  const std::string out = process_->out();
  const pid_t pid = std::stoi(out.substr(out.find(begun) + begun.size()));
  const bool was_done = IsDone(run);
  // The process that forked it has not looked at its end, so that the number is
  // nobody else's.
  kill(pid, SIGKILL);
  return !was_done && !IsDone(run);
}

void Workers::AwaitDone(int run) {
  EXPECT_TRUE(process_->WaitFor(absl::StrCat("done ", run, "."), kPatience))
      << process_->out() << process_->err();
}

// Run by Workers alone.
TEST(Worker, DISABLED_Lives) {
  const std::string source = Variable("GONGKAI_SOURCE_DIR");
  const auto rules = server::ReadRulebook(
      source.empty() ? "" : absl::StrCat(source, "/ops/rulebook"));
  ASSERT_TRUE(rules.ok()) << rules.status();
  std::ifstream commands(Variable("GONGKAI_WORKER_PIPE"));
  std::string line;
  while (std::getline(commands, line)) {
    std::istringstream words(line);
    int run = 0;
    int64_t seconds = 0;
    words >> run >> seconds;
    const pid_t pid = fork();
    ASSERT_GE(pid, 0);
    // None outlives the test that began it.
    if (pid == 0) prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (pid == 0) Live(run, absl::FromUnixSeconds(seconds), *rules);
    Say(absl::StrCat("pid ", run, " ", pid, " "));
  }
}

}  // namespace gongkai::test
