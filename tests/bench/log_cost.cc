// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/log_cost.h"

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <memory>
#include <thread>
#include <vector>

#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "services/base/status_macros.h"
#include "storage/postgres/postgres_store.h"

namespace gongkai::bench {
namespace {

constexpr absl::Duration kSampling = absl::Milliseconds(100);

// The first callers act, the others read; only the acts are counted.
class Beside : public Workload {
 public:
  Beside(Workload& acts, Workload& reads, int actors)
      : acts_(acts), reads_(reads), actors_(actors) {}

  Outgoing Next(int caller) override {
    return caller < actors_ ? acts_.Next(caller)
                            : reads_.Next(caller - actors_);
  }
  void Done(int caller, bool ok) override {
    if (caller >= actors_) return reads_.Done(caller - actors_, ok);
    acts_.Done(caller, ok);
    if (ok) ++done_;
  }
  int64_t Take() { return std::exchange(done_, 0); }

 private:
  Workload& acts_;
  Workload& reads_;
  const int actors_;
  int64_t done_ = 0;
};

// One of the two services under load.
class Side {
 public:
  Side(const LogSetup& setup, const std::string& address, pid_t server,
       const std::string& codes)
      : setup_(setup),
        client_(address, {server, setup.postmaster}, codes),
        supply_{0, setup.contents.supply, setup.contents.supply_year},
        acts_(Acts(supply_)),
        reads_(Histories(setup.contents)),
        beside_(*acts_, *reads_, setup.callers) {}

  absl::Status Act() {
    ASSIGN_OR_RETURN(Run run, Checked(client_.Measure(*acts_, setup_.callers,
                                                      setup_.window)));
    rates.push_back(run.rate());
    cpu.push_back(1000 *
                  (run.used.client + run.used.server + run.used.database) /
                  static_cast<double>(std::max<int64_t>(1, run.calls)));
    return absl::OkStatus();
  }

  absl::Status ActBesideReaders() {
    beside_.Take();
    const absl::Time begun = absl::Now();
    ASSIGN_OR_RETURN(
        const Run run,
        Checked(client_.Measure(beside_, setup_.callers + setup_.readers,
                                setup_.window)));
    rates_beside.push_back(static_cast<double>(beside_.Take()) /
                           absl::ToDoubleSeconds(absl::Now() - begun));
    return absl::OkStatus();
  }

  std::vector<double> rates, rates_beside, cpu;

 private:
  absl::StatusOr<Run> Checked(Run run) const {
    if (run.errors > 0) return absl::InternalError(run.first_error);
    if (supply_.next > supply_.size) {
      return absl::ResourceExhaustedError("there are no more cases to act on");
    }
    return run;
  }

  const LogSetup& setup_;
  LoadClient client_;
  Supply supply_;
  std::unique_ptr<Workload> acts_;
  std::unique_ptr<Workload> reads_;
  Beside beside_;
};

// Looks how old the oldest entry is that no anchored checkpoint holds.
class Anchoring {
 public:
  explicit Anchoring(const std::string& dsn)
      : store_(dsn, 1), thread_([this] { Run(); }) {}
  ~Anchoring() { Stop(); }

  std::vector<double> Stop() {
    stopping_ = true;
    if (thread_.joinable()) thread_.join();
    return ages_;
  }

 private:
  void Run() {
    while (!stopping_) {
      const auto health = store_.Health(absl::Now() + absl::Seconds(5));
      // What was filled before is not what is measured.
      if (health.ok() && health->unanchored_since.has_value() &&
          *health->unanchored_since >= begun_) {
        ages_.push_back(
            absl::ToDoubleSeconds(absl::Now() - *health->unanchored_since));
      }
      absl::SleepFor(kSampling);
    }
  }

  storage::PostgresStore store_;
  const absl::Time begun_ = absl::Now();
  std::atomic<bool> stopping_ = false;
  std::vector<double> ages_;
  std::thread thread_;
};

Middle Ratios(const std::vector<double>& with,
              const std::vector<double>& without) {
  std::vector<double> ratios;
  for (size_t i = 0; i < with.size() && i < without.size(); ++i) {
    if (without[i] > 0) ratios.push_back(with[i] / without[i]);
  }
  return MiddleOf(std::move(ratios));
}

}  // namespace

absl::StatusOr<LogCost> MeasureLogCost(const LogSetup& setup) {
  Side with(setup, setup.with_address, setup.with_server, setup.with_codes);
  Side without(setup, setup.without_address, setup.without_server,
               setup.without_codes);
  Side unrecorded(setup, setup.unrecorded_address, setup.unrecorded_server,
                  setup.unrecorded_codes);
  Anchoring anchoring(setup.with_database);
  for (int round = 0; round < setup.rounds; ++round) {
    std::fprintf(stderr, "   round %d of %d\n", round + 1, setup.rounds);
    const bool with_first = round % 2 == 0;
    RETURN_IF_ERROR((with_first ? with : without).Act());
    RETURN_IF_ERROR((with_first ? without : with).Act());
    RETURN_IF_ERROR((with_first ? with : unrecorded).ActBesideReaders());
    RETURN_IF_ERROR((with_first ? unrecorded : with).ActBesideReaders());
  }
  LogCost cost;
  const std::vector<double> ages = anchoring.Stop();
  cost.acts = Ratios(with.rates, without.rates);
  cost.acts_beside_reads = Ratios(with.rates_beside, unrecorded.rates_beside);
  cost.with_rate = MiddleOf(with.rates).median;
  cost.without_rate = MiddleOf(without.rates).median;
  cost.with_cpu = MiddleOf(with.cpu).median;
  cost.without_cpu = MiddleOf(without.cpu).median;
  cost.longest_anchoring =
      ages.empty() ? 0 : *std::max_element(ages.begin(), ages.end());
  cost.usual_anchoring = Quantile(ages, 0.5);
  return cost;
}

std::string LogCostText(const LogSetup& setup, const LogCost& cost) {
  const auto line = [](const char* what, const Middle& ratio, double bar) {
    return absl::StrFormat("%-46s %.2f [%.2f-%.2f] >=%.2f %s\n", what,
                           ratio.median, ratio.low, ratio.high, bar,
                           ratio.median >= bar ? "ok" : "MISSED");
  };
  std::string text =
      absl::StrFormat("%d rounds by turns, %d callers; medians with interval\n",
                      setup.rounds, setup.callers);
  text += line("acts, of those without log and sequencer", cost.acts, 0.85);
  text += line("acts beside recorded reads, of unrecorded ones",
               cost.acts_beside_reads, 0.90);
  text += absl::StrFormat(
      "acts a second with the log %.0f, without %.0f; processor ms per act "
      "%.3f and %.3f\n",
      cost.with_rate, cost.without_rate, cost.with_cpu, cost.without_cpu);
  text += absl::StrFormat(
      "from act to anchored checkpoint: longest %.1f s, median age %.1f s "
      "<10 s %s\n",
      cost.longest_anchoring, cost.usual_anchoring,
      cost.longest_anchoring < 10 ? "ok" : "MISSED");
  return text;
}

}  // namespace gongkai::bench
