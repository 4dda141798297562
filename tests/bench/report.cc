// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/report.h"

#include <map>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "nlohmann/json.hpp"

namespace gongkai::bench {
namespace {

// Bars that are not a ratio of one line.
constexpr double kMostP99 = 3;
constexpr double kMostGrowth = 1.5;
constexpr double kMostBytes = 12'000;

Middle RateOf(const std::vector<Run>& runs) {
  std::vector<double> rates;
  for (const Run& run : runs) rates.push_back(run.rate());
  return MiddleOf(std::move(rates));
}

// Of the rounds, each with its own neighbour.
Middle RatioOf(const std::vector<Run>& runs, const std::vector<Run>& base) {
  std::vector<double> ratios;
  for (size_t i = 0; i < runs.size() && i < base.size(); ++i) {
    if (base[i].rate() > 0) ratios.push_back(runs[i].rate() / base[i].rate());
  }
  return MiddleOf(std::move(ratios));
}

// Milliseconds, over all rounds together.
double LatencyMs(const std::vector<Run>& runs, double q) {
  std::vector<double> all;
  for (const Run& run : runs) {
    all.insert(all.end(), run.latencies_us.begin(), run.latencies_us.end());
  }
  return Quantile(std::move(all), q) / 1000;
}

// Processor milliseconds per call.
Usage PerCall(const std::vector<Run>& runs) {
  Usage used;
  double calls = 0;
  for (const Run& run : runs) {
    used.client += run.used.client;
    used.server += run.used.server;
    used.database += run.used.database;
    calls += static_cast<double>(run.calls);
  }
  if (calls == 0) return {};
  return {1000 * used.client / calls, 1000 * used.server / calls,
          1000 * used.database / calls};
}

// The share of the processor time that the load itself took.
double ShareOf(const Usage& u) {
  const double all = u.client + u.server + u.database;
  return all > 0 ? u.client / all : 0;
}

const char* Verdict(bool reached) { return reached ? "ok" : "MISSED"; }

// A bar that is not a ratio of one line, and how it came out.
struct Bar {
  std::string name;
  double value = 0;
  double most = 0;
};

std::vector<Bar> OtherBars(const Results& results) {
  std::vector<Bar> bars;
  std::map<int, std::vector<const Measure*>> overdue;
  for (const Measure& m : results.measures) {
    if (m.kind == "acts" && m.callers == 16) {
      const double plain = LatencyMs(m.plain_runs, 0.99);
      bars.push_back({"p99 of acts at 16 callers, of plain's",
                      plain > 0 ? LatencyMs(m.service_runs, 0.99) / plain : 0,
                      kMostP99});
    }
    if (m.kind == "overdue") overdue[m.callers].push_back(&m);
  }
  for (const auto& [callers, sizes] : overdue) {
    if (callers == 1 || sizes.size() < 2) continue;
    const Measure& small = *sizes.front();
    const Measure& large = *sizes.back();
    bars.push_back({absl::StrCat("overdue page from ", small.variant, " to ",
                                 large.variant, ", ", callers, " callers"),
                    RatioOf(small.service_runs, large.service_runs).median,
                    kMostGrowth});
  }
  if (results.cases_weighed > 0) {
    bars.push_back({"bytes of database per case of six acts",
                    results.bytes_per_case, kMostBytes});
  }
  return bars;
}

std::string RatioCell(const Middle& ratio, const std::optional<double>& bar) {
  std::string cell =
      absl::StrFormat("%.2f [%.2f-%.2f]", ratio.median, ratio.low, ratio.high);
  if (bar) {
    absl::StrAppendFormat(&cell, " >=%.2f %s", *bar,
                          Verdict(ratio.median >= *bar));
  }
  return cell;
}

double SumOf(const Usage& u) { return u.client + u.server + u.database; }

// One line of the table.
std::string Line(const Measure& m) {
  const Usage cpu = PerCall(m.service_runs);
  return absl::StrFormat(
      "%-22s %3d %7.0f %7.0f %7.0f  %-30s %-30s %7.2f %7.2f %8.2f  %-14s "
      "%5.2f %5.2f %4.0f%%\n",
      m.variant.empty() ? m.kind : absl::StrCat(m.kind, ", ", m.variant),
      m.callers, RateOf(m.service_runs).median, RateOf(m.plain_runs).median,
      RateOf(m.same_runs).median,
      RatioCell(RatioOf(m.service_runs, m.plain_runs), m.plain_bar),
      RatioCell(RatioOf(m.service_runs, m.same_runs), m.same_bar),
      LatencyMs(m.service_runs, 0.5), LatencyMs(m.service_runs, 0.99),
      LatencyMs(m.plain_runs, 0.99),
      absl::StrFormat("%.2f/%.2f/%.2f", cpu.client, cpu.server, cpu.database),
      SumOf(PerCall(m.plain_runs)), SumOf(PerCall(m.same_runs)),
      100 * ShareOf(cpu));
}

nlohmann::json JsonOf(const std::vector<Run>& runs) {
  const Usage cpu = PerCall(runs);
  const Middle rate = RateOf(runs);
  nlohmann::json rounds = nlohmann::json::array();
  for (const Run& run : runs) rounds.push_back(run.rate());
  return {{"per_second", rate.median},       {"rounds", rounds},
          {"p50_ms", LatencyMs(runs, 0.5)},  {"p99_ms", LatencyMs(runs, 0.99)},
          {"client_cpu_ms", cpu.client},     {"server_cpu_ms", cpu.server},
          {"database_cpu_ms", cpu.database}, {"client_share", ShareOf(cpu)}};
}

nlohmann::json JsonOf(const Middle& ratio, const std::optional<double>& bar) {
  nlohmann::json json = {
      {"median", ratio.median}, {"low", ratio.low}, {"high", ratio.high}};
  if (bar) {
    json["bar"] = *bar;
    json["reached"] = ratio.median >= *bar;
  }
  return json;
}

}  // namespace

std::string Table(const Setup& setup, const Results& results) {
  std::string out = absl::StrFormat(
      "%d rounds of %g s, after %g s each to warm up; ratios are medians of "
      "the rounds [interval].\n"
      "CPU is processor milliseconds per call of ours (load client/server/"
      "database), of plain and of\nsame (pgbench and database together); "
      "share is the load client's of ours.\n\n",
      setup.rounds, absl::ToDoubleSeconds(setup.window.length),
      absl::ToDoubleSeconds(setup.window.warm));
  absl::StrAppendFormat(
      &out,
      "%-22s %3s %7s %7s %7s  %-30s %-30s %7s %7s %8s  %-14s %5s %5s %5s\n",
      "calls", "by", "ours/s", "plain/s", "same/s", "of plain", "of same",
      "p50 ms", "p99 ms", "plain99", "cpu ours", "plain", "same", "share");
  for (const Measure& m : results.measures) out += Line(m);
  out += "\n";
  for (const Bar& bar : OtherBars(results)) {
    absl::StrAppendFormat(&out, "%-52s %9.2f  <%g %s\n", bar.name, bar.value,
                          bar.most, Verdict(bar.value <= bar.most));
  }
  return out;
}

std::string Json(const Setup& setup, const Results& results) {
  nlohmann::json measures = nlohmann::json::array();
  for (const Measure& m : results.measures) {
    measures.push_back(
        {{"kind", m.kind},
         {"variant", m.variant},
         {"callers", m.callers},
         {"service", JsonOf(m.service_runs)},
         {"plain", JsonOf(m.plain_runs)},
         {"same", JsonOf(m.same_runs)},
         {"of_plain",
          JsonOf(RatioOf(m.service_runs, m.plain_runs), m.plain_bar)},
         {"of_same",
          JsonOf(RatioOf(m.service_runs, m.same_runs), m.same_bar)}});
  }
  nlohmann::json bars = nlohmann::json::array();
  for (const Bar& bar : OtherBars(results)) {
    bars.push_back({{"name", bar.name},
                    {"value", bar.value},
                    {"most", bar.most},
                    {"reached", bar.value <= bar.most}});
  }
  const nlohmann::json json = {
      {"rounds", setup.rounds},
      {"seconds", absl::ToDoubleSeconds(setup.window.length)},
      {"open_cases", setup.contents.open},
      {"histories", setup.contents.histories},
      {"searched_cases", setup.contents.searched()},
      {"measures", measures},
      {"bars", bars}};
  return json.dump() + "\n";
}

}  // namespace gongkai::bench
