// SPDX-License-Identifier: Apache-2.0
#include "tests/support/temp_postgres.h"

#include <fcntl.h>
#include <pwd.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <pqxx/pqxx>

#include "storage/postgres/migrate.h"

namespace gongkai::test {
namespace {

constexpr char kPrograms[] = "/usr/lib/postgresql/15/bin/";
constexpr char kTemplate[] = "gongkai_template";

[[noreturn]] void Die(const std::string& what) {
  std::cerr << "temporary PostgreSQL: " << what << std::endl;
  std::_Exit(1);
}

// Runs a program of PostgreSQL as an unprivileged user, output to `log`, and
// returns its exit status.
int Execute(std::vector<std::string> arguments, const std::string& log) {
  arguments[0] = kPrograms + arguments[0];
  if (geteuid() == 0) {
    arguments.insert(arguments.begin(), {"runuser", "-u", "postgres", "--"});
  }
  std::vector<char*> argv;
  for (std::string& argument : arguments) argv.push_back(argument.data());
  argv.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addchdir_np(&actions, "/");
  posix_spawn_file_actions_addopen(&actions, 1, log.c_str(),
                                   O_WRONLY | O_CREAT | O_APPEND, 0644);
  posix_spawn_file_actions_adddup2(&actions, 1, 2);
  pid_t pid = 0;
  const int error =
      posix_spawnp(&pid, argv[0], &actions, nullptr, argv.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (error != 0) Die("cannot run " + arguments[0]);
  int status = 0;
  while (waitpid(pid, &status, 0) < 0) {
    if (errno != EINTR) Die("lost " + arguments[0]);
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

std::string Contents(const std::string& path) {
  std::ifstream file(path);
  return std::string(std::istreambuf_iterator<char>(file), {});
}

}  // namespace

TempPostgres::TempPostgres() : TempPostgres(Options{}) {}

TempPostgres::TempPostgres(const Options& options) {
  char path[] = "/var/tmp/gongkai-test-XXXXXX";
  if (mkdtemp(path) == nullptr) Die("no directory under /var/tmp");
  home_ = path;
  if (geteuid() == 0) {
    const passwd* user = getpwnam("postgres");
    if (user == nullptr || chown(path, user->pw_uid, user->pw_gid) != 0) {
      Die("no user postgres");
    }
  }
  std::vector<std::string> initdb = {
      "initdb",    "-N",           "-D", home_ + "/data", "-U",
      "superuser", "--auth=trust", "-E", "UTF8",          "--locale=C.UTF-8"};
  if (options.checksums) initdb.push_back("--data-checksums");
  Control(initdb);
  {
    std::ofstream conf(home_ + "/data/postgresql.conf", std::ios::app);
    conf << "listen_addresses = ''\n"
         << "unix_socket_directories = '" << home_ << "'\n"
         << "max_connections = " << options.max_connections << "\n"
         << "shared_buffers = 64MB\ntimezone = 'UTC'\nlog_timezone = 'UTC'\n";
    if (!options.fsync) {
      conf << "fsync = off\nsynchronous_commit = off\n"
           << "full_page_writes = off\n";
    }
    for (const std::string& line : options.settings) conf << line << "\n";
  }
  Start();
  for (const char* role :
       {"gongkai_owner", "gongkai_service", "gongkai_auditor", "gongkai_signer",
        "gongkai_report"}) {
    Run(Superuser("postgres"), "CREATE ROLE " + std::string(role) + " LOGIN");
  }
}

TempPostgres::~TempPostgres() {
  if (running_) {
    Execute({"pg_ctl", "stop", "-w", "-s", "-m", "immediate", "-D",
             home_ + "/data"},
            home_ + ".out");
  }
  std::error_code ignored;
  std::filesystem::remove_all(home_, ignored);
  std::filesystem::remove(home_ + ".out", ignored);
}

TempPostgres& TempPostgres::Shared() {
  static TempPostgres shared;
  return shared;
}

void TempPostgres::Control(const std::vector<std::string>& arguments) const {
  const std::string out = home_ + ".out";
  if (Execute(arguments, out) != 0) {
    Die(arguments[0] + " failed\n" + Contents(out) + Contents(home_ + "/log"));
  }
}

void TempPostgres::Start() {
  Control({"pg_ctl", "start", "-w", "-s", "-D", home_ + "/data", "-l",
           home_ + "/log"});
  running_ = true;
}

void TempPostgres::Stop(std::string_view mode) {
  Control({"pg_ctl", "stop", "-w", "-s", "-m", std::string(mode), "-D",
           home_ + "/data"});
  running_ = false;
}

std::string TempPostgres::EmptyDatabase() {
  const std::string name = "test_" + std::to_string(++databases_);
  Run(Superuser("postgres"),
      "CREATE DATABASE " + name + " OWNER gongkai_owner");
  return name;
}

std::string TempPostgres::NewDatabase() {
  const std::string super = Superuser("postgres");
  if (!has_template_) {
    Run(super,
        std::string("CREATE DATABASE ") + kTemplate + " OWNER gongkai_owner");
    const auto applied =
        storage::Migrate(Owner(kTemplate), storage::BuiltInMigrations());
    if (!applied.ok()) Die(applied.status().ToString());
    has_template_ = true;
  }
  const std::string name = "test_" + std::to_string(++databases_);
  Run(super,
      "CREATE DATABASE " + name + " OWNER gongkai_owner TEMPLATE " + kTemplate);
  return name;
}

std::string TempPostgres::Dsn(std::string_view user,
                              std::string_view database) const {
  return "host=" + home_ + " dbname=" + std::string(database) +
         " user=" + std::string(user);
}

std::string TempPostgres::Owner(std::string_view database) const {
  return Dsn("gongkai_owner", database);
}
std::string TempPostgres::Service(std::string_view database) const {
  return Dsn("gongkai_service", database);
}
std::string TempPostgres::Auditor(std::string_view database) const {
  return Dsn("gongkai_auditor", database);
}

std::string TempPostgres::Signer(std::string_view database) const {
  return Dsn("gongkai_signer", database);
}
std::string TempPostgres::Report(std::string_view database) const {
  return Dsn("gongkai_report", database);
}
std::string TempPostgres::Superuser(std::string_view database) const {
  return Dsn("superuser", database);
}

std::string TempPostgres::Run(std::string_view dsn,
                              std::string_view sql) const {
  try {
    pqxx::connection connection{std::string(dsn)};
    pqxx::nontransaction tx(connection);
    const pqxx::result rows = tx.exec(std::string(sql));
    return rows.empty() ? "" : rows[0][0].c_str();
  } catch (const std::exception& error) {
    Die(std::string(sql) + ": " + error.what());
  }
}

std::string TempPostgres::Error(std::string_view dsn,
                                std::string_view sql) const {
  try {
    pqxx::connection connection{std::string(dsn)};
    pqxx::nontransaction tx(connection);
    tx.exec(std::string(sql));
  } catch (const std::exception& error) {
    return error.what();
  }
  return "";
}

void TempPostgres::TerminateBackends(std::string_view database) const {
  Run(Superuser("postgres"),
      "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
      "WHERE datname = '" +
          std::string(database) + "'");
}

}  // namespace gongkai::test
