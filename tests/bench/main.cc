// SPDX-License-Identifier: Apache-2.0
// gongkai-bench: fills databases and measures the service beside pgbench.
// ops/bench drives it.
#include <cstdio>
#include <string>

#include "CLI/CLI.hpp"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "services/base/status_macros.h"
#include "services/server/config.h"
#include "services/server/vault_file.h"
#include "services/vault/secret.h"
#include "services/vault/vault.h"
#include "storage/postgres/postgres_store.h"
#include "tests/bench/decade.h"
#include "tests/bench/fill.h"
#include "tests/bench/lives.h"
#include "tests/bench/log_cost.h"
#include "tests/bench/report.h"
#include "tests/bench/rounds.h"

namespace gongkai::bench {
namespace {

struct Flags {
  std::string source = ".";
  std::string key_file;
  std::string vault_file;
  std::string contents_file;
  Contents contents;
  int64_t more = 0;
  int64_t log_size = 0;
  double seconds = 2;
  double warm = 0.5;
  bool json = false;
  int act_callers = 16;
  Setup setup;
  LogSetup log;
  Decade decade;
};

absl::StatusOr<BulkOffice::Options> OfficeOf(const Flags& flags) {
  BulkOffice::Options options;
  options.source = flags.source;
  if (!flags.vault_file.empty()) {
    ASSIGN_OR_RETURN(std::string keys, server::ReadVaultText(flags.vault_file));
    auto vault = vault::Vault::Parse(keys);
    vault::Wipe(keys);
    ASSIGN_OR_RETURN(options.vault, std::move(vault));
  }
  ASSIGN_OR_RETURN(options.request_key, server::ReadKey(flags.key_file));
  return options;
}

absl::Status Fill(Flags& flags) {
  ASSIGN_OR_RETURN(BulkOffice::Options options, OfficeOf(flags));
  options.out = stdout;
  RETURN_IF_ERROR(FillMain(options, flags.contents));
  return SaveContents(flags.contents, flags.contents_file);
}

absl::Status Add(const Flags& flags) {
  ASSIGN_OR_RETURN(BulkOffice::Options options, OfficeOf(flags));
  options.out = stdout;
  RETURN_IF_ERROR(FillMore(options, flags.more, flags.log_size));
  ASSIGN_OR_RETURN(Contents contents, ReadContents(flags.contents_file));
  contents.open.push_back(flags.more);
  return SaveContents(contents, flags.contents_file);
}

absl::Status FillTenYears(const Flags& flags) {
  ASSIGN_OR_RETURN(BulkOffice::Options options, OfficeOf(flags));
  options.out = stdout;
  const absl::Time begun = absl::Now();
  ASSIGN_OR_RETURN(const DecadeFilled filled,
                   FillDecade(options, flags.decade));
  std::fprintf(stderr, "   %lld cases, %lld events in %.0f s\n",
               static_cast<long long>(filled.cases),
               static_cast<long long>(filled.events),
               absl::ToDoubleSeconds(absl::Now() - begun));
  return absl::OkStatus();
}

absl::StatusOr<Setup> SetupOf(const Flags& flags) {
  Setup setup = flags.setup;
  ASSIGN_OR_RETURN(setup.office, OfficeOf(flags));
  ASSIGN_OR_RETURN(setup.contents, ReadContents(flags.contents_file));
  setup.window = {absl::Seconds(flags.warm), absl::Seconds(flags.seconds)};
  return setup;
}

absl::Status RunAll(const Flags& flags) {
  ASSIGN_OR_RETURN(const Setup setup, SetupOf(flags));
  ASSIGN_OR_RETURN(const Results results, RunRounds(setup));
  std::fputs(
      (flags.json ? Json(setup, results) : Table(setup, results)).c_str(),
      stdout);
  return absl::OkStatus();
}

absl::Status LoadActs(const Flags& flags) {
  ASSIGN_OR_RETURN(const Setup setup, SetupOf(flags));
  ASSIGN_OR_RETURN(const Run run, RunActs(setup, flags.act_callers,
                                          absl::Seconds(flags.seconds)));
  const double calls = static_cast<double>(run.calls);
  std::printf(
      "acts by %d callers: %.0f/s, p50 %.2f ms, p99 %.2f ms\n"
      "processor ms per act: load client %.3f, server %.3f, database %.3f\n",
      flags.act_callers, run.rate(), Quantile(run.latencies_us, 0.5) / 1000,
      Quantile(run.latencies_us, 0.99) / 1000, 1000 * run.used.client / calls,
      1000 * run.used.server / calls, 1000 * run.used.database / calls);
  return absl::OkStatus();
}

absl::Status Statements(const Flags& flags) {
  ASSIGN_OR_RETURN(const Setup setup, SetupOf(flags));
  ASSIGN_OR_RETURN(const auto commands,
                   TimeStatements(setup, flags.act_callers));
  std::printf("statements of an act by pgbench, %d callers, ms:\n",
              flags.act_callers);
  for (const auto& [text, took] : commands) {
    std::printf("%8.3f  %.70s\n", took, text.c_str());
  }
  return absl::OkStatus();
}

// The path of an act with a store in memory: what it costs besides wire and
// database.
absl::Status Path(const Flags& flags) {
  ASSIGN_OR_RETURN(const BulkOffice::Options options, OfficeOf(flags));
  const absl::CivilDay day(2026, 3, 2);
  constexpr int kCases = 2000;
  ASSIGN_OR_RETURN(
      const auto office,
      BulkOffice::Open(options, absl::FromCivil(absl::CivilSecond(day),
                                                absl::UTCTimeZone())));
  RETURN_IF_ERROR(office->AddAgency(kHistoryAgency));
  const absl::Time before = absl::Now();
  ASSIGN_OR_RETURN(const auto numbers,
                   office->Receive(kHistoryAgency, day, 1, kCases));
  const absl::Time received = absl::Now();
  for (const std::string& number : numbers) {
    for (size_t i = 0; i < Life().size(); ++i) {
      RETURN_IF_ERROR(office->Act(kHistoryAgency, number, i, day + 1));
    }
  }
  const absl::Time acted = absl::Now();
  std::printf(
      "the path in memory: %.1f us per receipt, %.1f us per act (load, fold, "
      "decide, seal, rows)\n",
      absl::ToDoubleMicroseconds(received - before) / kCases,
      absl::ToDoubleMicroseconds(acted - received) /
          static_cast<double>(numbers.size() * Life().size()));
  return absl::OkStatus();
}

// Each on a line: they need accounts.
absl::Status PrintAgencies(const Flags& flags) {
  ASSIGN_OR_RETURN(const Contents contents, ReadContents(flags.contents_file));
  std::printf("%s\n%s\n", kOneAgency, kHistoryAgency);
  for (int i = 1; i <= kManyAgencies; ++i) {
    std::printf("%s\n", ManyAgency(i).c_str());
  }
  for (const int64_t cases : contents.open) {
    std::printf("%s\n", OpenAgency(cases).c_str());
  }
  return absl::OkStatus();
}

// Takes what a fill has placed into the tree.
absl::Status Sequence(const std::string& dsn) {
  storage::PostgresStore store(dsn, 1);
  for (;;) {
    ASSIGN_OR_RETURN(
        const storage::Sequenced done,
        store.Sequence(1000, nullptr, absl::Now() + absl::Seconds(60)));
    if (!done.more && done.placed == 0) return absl::OkStatus();
  }
}

absl::Status RunLogCost(Flags& flags) {
  LogSetup& setup = flags.log;
  ASSIGN_OR_RETURN(setup.contents, ReadContents(flags.contents_file));
  setup.window = {absl::Seconds(flags.warm), absl::Seconds(flags.seconds)};
  ASSIGN_OR_RETURN(const LogCost cost, MeasureLogCost(setup));
  std::fputs(LogCostText(setup, cost).c_str(), stdout);
  return absl::OkStatus();
}

void AddLog(CLI::App& app, Flags& flags, absl::Status& status) {
  CLI::App& log = *app.add_subcommand("log", "What the log costs an act");
  LogSetup& s = flags.log;
  log.add_option("--contents", flags.contents_file, "Written by fill")
      ->required();
  log.add_option("--with", s.with_address, "Service with the log")->required();
  log.add_option("--without", s.without_address, "Service without")->required();
  log.add_option("--unrecorded", s.unrecorded_address,
                 "Service whose reads leave no record")
      ->required();
  log.add_option("--with-codes", s.with_codes, "Folder of its set-up codes")
      ->required();
  log.add_option("--without-codes", s.without_codes)->required();
  log.add_option("--unrecorded-codes", s.unrecorded_codes)->required();
  log.add_option("--unrecorded-pid", s.unrecorded_server)->required();
  log.add_option("--with-pid", s.with_server)->required();
  log.add_option("--without-pid", s.without_server)->required();
  log.add_option("--postmaster-pid", s.postmaster)->required();
  log.add_option("--database", s.with_database, "With the log, as the auditor")
      ->required();
  log.add_option("--rounds", s.rounds)->check(CLI::Range(1, 1000));
  log.add_option("--act-callers", s.callers)->check(CLI::Range(1, 1000));
  log.add_option("--readers", s.readers)->check(CLI::Range(1, 1000));
  log.add_option("--seconds", flags.seconds)->check(CLI::Range(0.2, 600.0));
  log.add_option("--warm", flags.warm)->check(CLI::Range(0.0, 60.0));
  log.callback([&] { status = RunLogCost(flags); });
}

void AddOffice(CLI::App& verb, Flags& flags) {
  verb.add_option("--source", flags.source, "Folder of the project");
  verb.add_option("--request-key", flags.key_file, "Key of the service")
      ->required();
  verb.add_option("--vault", flags.vault_file,
                  "Keys of the service: without them nothing is sealed");
}

void AddSetup(CLI::App& verb, Flags& flags) {
  AddOffice(verb, flags);
  Setup& s = flags.setup;
  verb.add_option("--contents", flags.contents_file, "Written by fill")
      ->required();
  verb.add_option("--address", s.address, "Of the service")->required();
  verb.add_option("--codes", s.codes, "Folder of its set-up codes")->required();
  verb.add_option("--server-pid", s.processes.server)->required();
  verb.add_option("--postmaster-pid", s.processes.postmaster)->required();
  verb.add_option("--host", s.host, "host=… of the cluster")->required();
  verb.add_option("--pg-bin", s.pg_bin, "Folder of psql and pgbench")
      ->required();
  verb.add_option("--scripts", s.scripts, "Folder of the scripts")->required();
  verb.add_option("--folder", s.folder, "For passing files")->required();
  verb.add_option("--database", s.service_database)->required();
  verb.add_option("--copy", s.copy_database)->required();
  verb.add_option("--rounds", s.rounds)->check(CLI::Range(1, 1000));
  verb.add_option("--seconds", flags.seconds)->check(CLI::Range(0.2, 600.0));
  verb.add_option("--warm", flags.warm)->check(CLI::Range(0.0, 60.0));
  verb.add_option("--callers", s.callers)->delimiter(',');
  verb.add_option("--only", s.only,
                  "acts, receipts, histories, overdue, search, bytes")
      ->delimiter(',');
}

int Main(int argc, char** argv) {
  Flags flags;
  absl::Status status;
  CLI::App app("Fills databases and measures the service beside pgbench");
  app.require_subcommand(1);

  CLI::App& fill = *app.add_subcommand("fill", "Write a script that fills");
  AddOffice(fill, flags);
  fill.add_option("--contents", flags.contents_file)->required();
  fill.add_option("--open", flags.contents.open, "Sizes of the agencies")
      ->delimiter(',')
      ->required();
  fill.add_option("--histories", flags.contents.histories)->required();
  fill.add_option("--supply", flags.contents.supply)->required();
  fill.callback([&] { status = Fill(flags); });

  CLI::App& add = *app.add_subcommand("add", "Write a script that adds");
  AddOffice(add, flags);
  add.add_option("--contents", flags.contents_file)->required();
  add.add_option("--cases", flags.more)->required();
  add.add_option("--log-size", flags.log_size)->required();
  add.callback([&] { status = Add(flags); });

  CLI::App& decade = *app.add_subcommand(
      "decade", "Write a script that fills with a city's ten years");
  AddOffice(decade, flags);
  decade.add_option("--cases", flags.decade.cases)
      ->check(CLI::Range(1, 10'000'000));
  decade.add_option("--agencies", flags.decade.agencies)
      ->check(CLI::Range(1, 999));
  decade.add_option("--seed", flags.decade.seed);
  decade
      .add_option_function<int>(
          "--service-from",
          [&flags](int year) {
            flags.decade.service_from = absl::CivilDay(year, 1, 1);
          },
          "What came before that year is taken in from an earlier register")
      ->check(CLI::Range(2016, 2025));
  decade.callback([&] { status = FillTenYears(flags); });

  CLI::App& run = *app.add_subcommand("run", "Measure");
  AddSetup(run, flags);
  run.add_flag("--json", flags.json, "One object instead of a table");
  run.callback([&] { status = RunAll(flags); });

  CLI::App& acts = *app.add_subcommand("acts", "Acts alone, for a profile");
  AddSetup(acts, flags);
  acts.add_option("--act-callers", flags.act_callers);
  acts.callback([&] { status = LoadActs(flags); });

  CLI::App& statements =
      *app.add_subcommand("statements", "Time of each statement of an act");
  AddSetup(statements, flags);
  statements.add_option("--act-callers", flags.act_callers);
  statements.callback([&] { status = Statements(flags); });

  CLI::App& path = *app.add_subcommand("path", "Time of the path in memory");
  AddOffice(path, flags);
  path.callback([&] { status = Path(flags); });

  AddLog(app, flags, status);

  CLI::App& agencies = *app.add_subcommand("agencies", "Those that are called");
  agencies.add_option("--contents", flags.contents_file)->required();
  agencies.callback([&] { status = PrintAgencies(flags); });

  CLI::App& sequence = *app.add_subcommand("sequence", "Build the log's tree");
  sequence.add_option("--database", flags.log.with_database, "As the service")
      ->required();
  sequence.callback([&] { status = Sequence(flags.log.with_database); });

  CLI11_PARSE(app, argc, argv);
  if (status.ok()) return 0;
  std::fprintf(stderr, "gongkai-bench: %s\n", status.ToString().c_str());
  return 1;
}

}  // namespace
}  // namespace gongkai::bench

int main(int argc, char** argv) { return gongkai::bench::Main(argc, argv); }
