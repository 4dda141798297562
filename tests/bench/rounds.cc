// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/rounds.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "services/base/dates.h"
#include "services/base/status_macros.h"
#include "services/base/text.h"
#include "tests/bench/lives.h"
#include "tests/bench/program.h"
#include "tests/bench/words.h"

namespace gongkai::bench {
namespace {

// Cases weighed for the bytes of a case.
constexpr int64_t kWeighed = 4000;
// The rows of bench_case that plain acts work on.
constexpr int64_t kPlainCases = 100'000;

bool Wanted(const Setup& setup, const std::string& kind) {
  return setup.only.empty() || std::find(setup.only.begin(), setup.only.end(),
                                         kind) != setup.only.end();
}

// `{a,b,…}` of the phrases, and of the questions that the service makes of
// their words.
std::string PhraseArray(const std::vector<std::string>& phrases, bool words) {
  std::string array = "{";
  for (const std::string& phrase : phrases) {
    if (array.size() > 1) array += ",";
    if (!words) {
      array += phrase;
      continue;
    }
    std::string question;
    for (const std::string& word : Bigrams(phrase)) {
      absl::StrAppend(&question, question.empty() ? "" : " & ", "'", word, "'");
    }
    absl::StrAppend(&array, "\"", question, "\"");
  }
  return array + "}";
}

// What the measures share while they run.
struct Shared {
  Supply service_supply;
  Supply same_supply;
  uint64_t applications = 60'000'000;
};

class Measures {
 public:
  Measures(const Setup& setup, Shared& shared)
      : setup_(setup), shared_(shared) {}

  std::vector<Measure> All() {
    for (const int callers : setup_.callers) AddActs(callers);
    for (const int agencies : {1, kManyAgencies}) {
      for (const int callers : setup_.callers) AddReceipts(agencies, callers);
    }
    for (const int callers : setup_.callers) AddHistories(callers);
    for (const int64_t cases : setup_.contents.open) {
      for (const int callers : setup_.callers) AddOverdue(cases, callers);
    }
    for (const int callers : setup_.callers) {
      AddSearch("2 characters", TwoCharacterPhrases(), callers);
    }
    for (const int callers : setup_.callers) {
      AddSearch("4 characters", FourCharacterPhrases(), callers);
    }
    return std::move(all_);
  }

 private:
  using Variables = std::map<std::string, std::string>;

  Pgbench::Job Plain(const std::string& name, Variables variables) const {
    return {absl::StrCat(setup_.scripts, "/plain_", name, ".sql"),
            setup_.copy_database, "superuser", std::move(variables)};
  }
  // Under the service's role, with its policies.
  Pgbench::Job Same(const std::string& path, Variables variables) const {
    return {path, setup_.copy_database, "gongkai_service",
            std::move(variables)};
  }
  std::string Own(const std::string& name) const {
    return absl::StrCat(setup_.scripts, "/same_", name, ".sql");
  }
  std::string Made(const std::string& name) const {
    return absl::StrCat(setup_.folder, "/same_", name, ".sql");
  }
  Pgbench::Job PlainAct() const {
    return Plain("act", {{"cases", absl::StrCat(kPlainCases)},
                         {"body", std::string(600, 'x')}});
  }
  // The bars of the issue are for 16 and 64 callers.
  static std::optional<double> Bar(int callers, double at16, double at64) {
    if (callers == 16) return at16;
    if (callers == 64) return at64;
    return std::nullopt;
  }

  Measure& Add(const std::string& kind, const std::string& variant,
               int callers) {
    static Measure unwanted;
    Measure measure;
    measure.kind = kind;
    measure.variant = variant;
    measure.callers = callers;
    if (!Wanted(setup_, kind)) return unwanted = measure;
    all_.push_back(std::move(measure));
    return all_.back();
  }

  void AddActs(int callers) {
    Measure& m = Add("acts", "", callers);
    m.workload = Acts(shared_.service_supply);
    m.plain = PlainAct();
    m.same = Same(Made("act"), {{"ready", "0"}, {"done", "0"}});
    m.plain_bar = Bar(callers, 0.8, 1.0);
    m.same_bar = Bar(callers, 0.45, 0.6);
  }

  void AddReceipts(int agencies, int callers) {
    Measure& m =
        Add("receipts",
            agencies == 1 ? "1 agency" : absl::StrCat(agencies, " agencies"),
            callers);
    m.workload = Receipts(agencies, shared_.applications);
    m.plain = PlainAct();
    m.same = Same(Made("receipt"),
                  {{"ready", "0"},
                   {"agencies", absl::StrCat(agencies)},
                   {"year", absl::StrCat(ShanghaiDay(absl::Now()).year())}});
    m.plain_bar = Bar(callers, 0.5, 0.5);
  }

  void AddHistories(int callers) {
    const std::string cases = absl::StrCat(setup_.contents.histories);
    Measure& m = Add("histories", "", callers);
    m.workload = Histories(setup_.contents);
    m.plain = Plain("history", {{"cases", cases}});
    m.same = Same(Own("history"),
                  {{"cases", cases},
                   {"year", absl::StrCat(setup_.contents.history_year)}});
    m.plain_bar = Bar(callers, 0.35, 0.35);
  }

  void AddOverdue(int64_t cases, int callers) {
    const std::string agency = OpenAgency(cases);
    Measure& m = Add("overdue", absl::StrCat(cases, " open"), callers);
    m.workload = Overdue(agency);
    m.plain = Plain("overdue", {{"agency", agency}});
    // The copy need not hold the largest agency: nothing here changes a row.
    m.same = Same(Own("overdue"), {{"agency", agency}});
    m.same.database = setup_.service_database;
    m.plain_bar = Bar(callers, 0.25, 0.25);
  }

  void AddSearch(const std::string& variant,
                 const std::vector<std::string>& phrases, int callers) {
    const std::string agency = OpenAgency(setup_.contents.searched());
    const std::string texts = PhraseArray(phrases, false);
    const std::string words = PhraseArray(phrases, true);
    Measure& m = Add("search", variant, callers);
    m.workload = Searches(agency, phrases);
    m.plain = Plain("search", {{"phrases", texts}, {"words", words}});
    m.same = Same(Own("search"),
                  {{"agency", agency}, {"phrases", texts}, {"words", words}});
    m.plain_bar = Bar(callers, 0.5, 0.5);
  }

  const Setup& setup_;
  Shared& shared_;
  std::vector<Measure> all_;
};

absl::Status WriteScripts(const Setup& setup) {
  ASSIGN_OR_RETURN(const SameScripts scripts, MakeSameScripts(setup.office));
  std::ofstream act(setup.folder + "/same_act.sql");
  act << scripts.act;
  std::ofstream receipt(setup.folder + "/same_receipt.sql");
  receipt << scripts.receipt;
  act.close();
  receipt.close();
  if (!act.fail() && !receipt.fail()) return absl::OkStatus();
  return absl::UnavailableError("cannot write to " + setup.folder);
}

Pgbench::Options PgbenchOf(const Setup& setup) {
  return {setup.pg_bin + "/pgbench",
          setup.host,
          setup.folder,
          {0, setup.processes.postmaster}};
}

Shared Begin(const Setup& setup) {
  Shared shared;
  shared.service_supply = {0, setup.contents.supply,
                           setup.contents.supply_year};
  shared.same_supply = shared.service_supply;
  return shared;
}

// One number of the service's database.
absl::StatusOr<int64_t> Ask(const Setup& setup, const std::string& sql) {
  ASSIGN_OR_RETURN(
      const std::string text,
      RunProgram({setup.pg_bin + "/psql", "-qAtX", "-d",
                  absl::StrCat(setup.host, " user=superuser dbname=",
                               setup.service_database),
                  "-c", sql},
                 setup.folder + "/psql.out"));
  int64_t number = 0;
  if (absl::SimpleAtoi(std::string(absl::StripAsciiWhitespace(text)),
                       &number)) {
    return number;
  }
  return absl::InternalError("psql answered: " + text);
}

// Carries cases of six acts through the service and weighs the database before
// and after, when every event has its place in the log.
absl::Status Weigh(const Setup& setup, LoadClient& client, Results& results) {
  const std::string size =
      absl::StrCat("SELECT pg_database_size('", setup.service_database, "')");
  ASSIGN_OR_RETURN(const int64_t before, Ask(setup, size));
  const auto workload =
      SixActs(kWeighed, results.cases_weighed, setup.contents);
  for (int i = 0; i < 600 && results.cases_weighed < kWeighed; ++i) {
    const Run run = client.Measure(
        *workload, 16, {absl::ZeroDuration(), absl::Milliseconds(200)});
    if (run.errors > 0) return absl::InternalError(run.first_error);
  }
  for (int i = 0; i < 300; ++i) {
    ASSIGN_OR_RETURN(const int64_t queued,
                     Ask(setup, "SELECT count(*) FROM log_queue"));
    if (queued == 0) break;
    absl::SleepFor(absl::Milliseconds(200));
  }
  ASSIGN_OR_RETURN(const int64_t after, Ask(setup, size));
  results.bytes_per_case =
      static_cast<double>(after - before) /
      static_cast<double>(std::max<int64_t>(1, results.cases_weighed));
  return absl::OkStatus();
}

class Rounds {
 public:
  Rounds(const Setup& setup, LoadClient& client, Shared& shared)
      : setup_(setup),
        client_(client),
        shared_(shared),
        pgbench_(PgbenchOf(setup)) {}

  // The three legs of one measure, beginning with leg `first`.
  absl::Status Once(Measure& m, int first) {
    for (int i = 0; i < 3; ++i) {
      switch ((first + i) % 3) {
        case 0:
          RETURN_IF_ERROR(Service(m));
          break;
        case 1:
          RETURN_IF_ERROR(Plain(m));
          break;
        default:
          RETURN_IF_ERROR(Same(m));
      }
    }
    return absl::OkStatus();
  }

 private:
  absl::Status Service(Measure& m) {
    Run run = client_.Measure(*m.workload, m.callers, setup_.window);
    const std::string what = absl::StrCat(m.kind, " ", m.variant);
    if (run.errors > 0) {
      return absl::InternalError(
          absl::StrCat(what, ": ", run.errors,
                       " calls failed, the first: ", run.first_error));
    }
    const Supply& supply = shared_.service_supply;
    if (supply.next > supply.size) return SupplyEnded();
    m.service_runs.push_back(std::move(run));
    return absl::OkStatus();
  }

  absl::Status Plain(Measure& m) {
    ASSIGN_OR_RETURN(Run run,
                     pgbench_.Measure(m.plain, m.callers, setup_.window));
    m.plain_runs.push_back(std::move(run));
    return absl::OkStatus();
  }

  absl::Status Same(Measure& m) {
    Pgbench::Job job = m.same;
    Supply& supply = shared_.same_supply;
    if (m.kind == "acts") job.variables["from"] = absl::StrCat(supply.next);
    ASSIGN_OR_RETURN(Run run, pgbench_.Measure(job, m.callers, setup_.window));
    if (m.kind == "acts") {
      const auto steps = static_cast<int64_t>(Life().size());
      supply.next += m.callers * (run.most_by_one / steps + 2);
      if (supply.next > supply.size) return SupplyEnded();
    }
    m.same_runs.push_back(std::move(run));
    return absl::OkStatus();
  }

  static absl::Status SupplyEnded() {
    return absl::ResourceExhaustedError(
        "there are no more cases to act on: fill with a larger --supply");
  }

  const Setup& setup_;
  LoadClient& client_;
  Shared& shared_;
  const Pgbench pgbench_;
};

}  // namespace

absl::StatusOr<Results> RunRounds(const Setup& setup) {
  RETURN_IF_ERROR(WriteScripts(setup));
  LoadClient client(setup.address, setup.processes, setup.codes);
  RETURN_IF_ERROR(CheckAnswers(client, setup.contents));
  Results results;
  if (Wanted(setup, "bytes")) {
    std::fprintf(stderr, "   weighing cases of six acts\n");
    RETURN_IF_ERROR(Weigh(setup, client, results));
  }
  Shared shared = Begin(setup);
  results.measures = Measures(setup, shared).All();
  Rounds rounds(setup, client, shared);
  for (int round = 0; round < setup.rounds; ++round) {
    std::fprintf(stderr, "   round %d of %d\n", round + 1, setup.rounds);
    for (Measure& m : results.measures) {
      RETURN_IF_ERROR(rounds.Once(m, round % 3));
    }
  }
  return results;
}

absl::StatusOr<Run> RunActs(const Setup& setup, int callers,
                            absl::Duration length) {
  LoadClient client(setup.address, setup.processes, setup.codes);
  Shared shared = Begin(setup);
  const auto workload = Acts(shared.service_supply);
  Run run = client.Measure(*workload, callers, {absl::Seconds(1), length});
  if (run.errors > 0) return absl::InternalError(run.first_error);
  return run;
}

absl::StatusOr<std::vector<std::pair<std::string, double>>> TimeStatements(
    const Setup& setup, int callers) {
  RETURN_IF_ERROR(WriteScripts(setup));
  const Pgbench::Job job = {setup.folder + "/same_act.sql",
                            setup.copy_database,
                            "gongkai_service",
                            {{"ready", "0"}, {"done", "0"}, {"from", "0"}}};
  return Pgbench(PgbenchOf(setup)).PerCommand(job, callers, setup.window);
}

}  // namespace gongkai::bench
