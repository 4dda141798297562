// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/report_cost.h"

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <functional>
#include <pqxx/pqxx>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_replace.h"
#include "absl/time/clock.h"
#include "services/base/status_macros.h"
#include "tests/bench/decade.h"
#include "tests/bench/report_house.h"

namespace gongkai::bench {
namespace {

constexpr char kToday[] = "2025-12-31";
constexpr char kThen[] = "2024-06-28";
constexpr int kYear = 2024;
// Acts must keep this share of their rate beside reports.
constexpr double kActBar = 0.9;
// Cases that are acted on, and the agencies they lie in.
constexpr int kActCases = 4000;
constexpr int kActAgencies = 20;

// What is measured. Floors are what reads the same rows and nothing else, with
// :agencies in the place of the agencies.
struct Question {
  std::string name;
  std::function<absl::StatusOr<int64_t>(ReportHouse&)> ask;
  std::string floor;
  bool city = false;
  double bar = 0;
};

// The page of the soonest last days, and the events that its lines are told by.
constexpr char kPageFloor[] = R"sql(
  SELECT e.seq, e.record FROM (
    SELECT DISTINCT p.agency_id, p.stream_id FROM (
      SELECT l.agency_id, l.stream_id, l.due
      FROM unnest(:agencies::text[]) AS a (agency) CROSS JOIN LATERAL (
        SELECT * FROM case_limit
        WHERE agency_id = a.agency AND whose = 1 AND kind <> 29
          AND coalesce(due, 'infinity'::date) < ':today'
        ORDER BY coalesce(due, 'infinity'::date), stream_id, kind, ordinal
        LIMIT 50) AS l
      ORDER BY l.due, l.agency_id LIMIT 50) AS p) AS c
  JOIN event e USING (agency_id, stream_id))sql";
constexpr char kCountFloor[] = R"sql(
  SELECT s.agency_id, s.department, l.due, count(*)
  FROM case_limit l JOIN stream s USING (agency_id, stream_id)
  WHERE l.agency_id = ANY (:agencies::text[]) AND l.whose = 1 AND l.kind <> 29
  GROUP BY 1, 2, 3)sql";
constexpr char kReturnFloor[] = R"sql(
  SELECT agency_id, return_row, applicant_kind, count(*) FROM stream
  WHERE agency_id = ANY (:agencies::text[]) AND kind = 1 AND counted
    AND received_date <= ':year-12-31'
    AND (finished_date IS NULL OR finished_date >= ':year-01-01')
  GROUP BY 1, 2, 3)sql";
constexpr char kThenFloor[] = R"sql(
  SELECT e.seq, e.record FROM stream s JOIN event e USING (agency_id, stream_id)
  WHERE s.agency_id = ANY (:agencies::text[]) AND s.kind = 1
    AND s.opened_time < ':then'::date + 1
    AND (s.done_time IS NULL OR s.done_time >= ':then'::date + 1)
    AND e.recorded_time < ':then'::date + 1)sql";

std::vector<Question> Questions() {
  const std::string one = DecadeAgency(1);
  return {
      {"overdue page of an agency",
       [=](ReportHouse& house) { return house.Overdue(one, false); },
       kPageFloor, false, 50},
      {"overdue page of the city",
       [](ReportHouse& house) { return house.Overdue(kCity, true); },
       kPageFloor, true, 300},
      {"counts of an agency",
       [=](ReportHouse& house) { return house.Count(one, false); }, kCountFloor,
       false, 0},
      {"counts of the city",
       [](ReportHouse& house) { return house.Count(kCity, true); }, kCountFloor,
       true, 0},
      {"annual return of an agency",
       [=](ReportHouse& house) { return house.Return(one, false, kYear); },
       kReturnFloor, false, 1000},
      {"annual return of the city",
       [](ReportHouse& house) { return house.Return(kCity, true, kYear); },
       kReturnFloor, true, 10'000},
      {"overdue as of a day, an agency",
       [=](ReportHouse& house) { return house.Overdue(one, false, kThen); },
       kThenFloor, false, 3000},
  };
}

std::string AgencyArray(const ReportSetup& setup, bool city) {
  if (!city) return absl::StrCat("'{", DecadeAgency(1), "}'");
  std::string array = absl::StrCat("'{", kCity, ",", kDistrict);
  for (int i = 1; i <= setup.agencies; ++i) {
    absl::StrAppend(&array, ",", DecadeAgency(i));
  }
  return array + "}'";
}

double Milliseconds(absl::Duration took) {
  return absl::ToDoubleMilliseconds(took);
}

// Runs `call` once to warm and then so often, less often when it is slow.
Middle Time(int times, const std::function<void()>& call) {
  call();
  std::vector<double> took;
  const absl::Time enough = absl::Now() + absl::Seconds(20);
  for (int i = 0; i < times && (i < 3 || absl::Now() < enough); ++i) {
    const absl::Time begun = absl::Now();
    call();
    took.push_back(Milliseconds(absl::Now() - begun));
  }
  return MiddleOf(std::move(took));
}

absl::StatusOr<ReportCost> Measure(const ReportSetup& setup,
                                   const Question& question, ReportHouse& house,
                                   pqxx::connection& direct) {
  ReportCost cost;
  cost.name = question.name;
  cost.bar = question.bar;
  ASSIGN_OR_RETURN(cost.rows, question.ask(house));
  absl::Status failed;
  cost.ours =
      Time(setup.times, [&] { failed.Update(question.ask(house).status()); });
  RETURN_IF_ERROR(failed);
  const std::string sql = absl::StrReplaceAll(
      question.floor, {{":agencies", AgencyArray(setup, question.city)},
                       {":today", kToday},
                       {":then", kThen},
                       {":year", std::to_string(kYear)}});
  cost.floor = Time(setup.times, [&] {
    pqxx::nontransaction tx(direct);
    tx.exec(sql);
  });
  return cost;
}

int64_t CountOf(pqxx::connection& direct, const char* sql) {
  pqxx::nontransaction tx(direct);
  return tx.exec1(sql)[0].as<int64_t>();
}

absl::StatusOr<DatabaseCosts> MeasureDatabase(const ReportSetup& setup,
                                              const std::string& database) {
  std::fprintf(stderr, "   %s\n", database.c_str());
  ASSIGN_OR_RETURN(const auto house, ReportHouse::Start(setup, database));
  pqxx::connection direct(
      absl::StrCat(setup.host, " dbname=", database, " user=superuser"));
  DatabaseCosts costs;
  costs.database = database;
  costs.cases = CountOf(direct, "SELECT count(*) FROM stream WHERE kind = 1");
  costs.events = CountOf(direct, "SELECT count(*) FROM event");
  for (const Question& question : Questions()) {
    ASSIGN_OR_RETURN(ReportCost cost, Measure(setup, question, *house, direct));
    costs.reports.push_back(std::move(cost));
  }
  return costs;
}

// Asks for one report after the other until it is told to stop.
class Reader {
 public:
  Reader(ReportHouse& house, double pause)
      : thread_([this, &house, pause] {
          const std::vector<Question> questions = Questions();
          for (size_t i = 0; !stopped_; ++i) {
            if (questions[i % questions.size()].ask(house).ok()) ++reports_;
            absl::SleepFor(absl::Seconds(pause));
          }
        }) {}
  // How many it got.
  int64_t Stop() {
    stopped_ = true;
    thread_.join();
    return reports_;
  }

 private:
  std::atomic<bool> stopped_{false};
  std::atomic<int64_t> reports_{0};
  std::thread thread_;
};

absl::Status MeasureActs(const ReportSetup& setup, ReportCosts& costs) {
  ASSIGN_OR_RETURN(const auto house,
                   ReportHouse::Start(setup, setup.databases.back()));
  // Enough that no two callers meet at one case.
  std::vector<std::string> names;
  for (int i = 1; i <= std::min(kActAgencies, setup.agencies); ++i) {
    for (std::string& name :
         house->Receive(DecadeAgency(i), kActCases / kActAgencies)) {
      names.push_back(std::move(name));
    }
  }
  if (names.empty()) return absl::InternalError("no case to act on");
  std::vector<double> alone, ratios;
  // The first round warms.
  for (int round = 0; round <= setup.rounds; ++round) {
    double with = 0, without = 0;
    for (const bool beside : {round % 2 == 0, round % 2 != 0}) {
      if (!beside) {
        without = house->Act(names, setup.callers, setup.seconds);
        continue;
      }
      Reader reader(*house, setup.pause);
      with = house->Act(names, setup.callers, setup.seconds);
      const int64_t reports = reader.Stop();
      if (round > 0) costs.reports += reports;
    }
    if (round == 0 || without <= 0) continue;
    alone.push_back(without);
    ratios.push_back(with / without);
  }
  costs.acts = MiddleOf(std::move(ratios));
  costs.act_rate = MiddleOf(std::move(alone)).median;
  return absl::OkStatus();
}

std::string Lines(const DatabaseCosts& costs) {
  std::string text =
      absl::StrFormat("\n%d cases, %d events\n", costs.cases, costs.events);
  absl::StrAppendFormat(&text, "%-32s %10s %26s %26s %7s %9s\n", "report",
                        "rows", "ms", "floor ms", "of it", "bar ms");
  for (const ReportCost& r : costs.reports) {
    const auto middle = [](const Middle& m) {
      return absl::StrFormat("%.1f [%.1f-%.1f]", m.median, m.low, m.high);
    };
    absl::StrAppendFormat(
        &text, "%-32s %10d %26s %26s %7.1f %9s\n", r.name, r.rows,
        middle(r.ours), middle(r.floor),
        r.floor.median > 0 ? r.ours.median / r.floor.median : 0,
        r.bar == 0 ? ""
                   : absl::StrFormat("%.0f %s", r.bar,
                                     r.ours.median < r.bar ? "ok" : "MISSED"));
  }
  return text;
}

// From the smallest database to the largest: how cost and rows grew.
std::string Growth(const ReportCosts& costs) {
  const DatabaseCosts& first = costs.databases.front();
  const DatabaseCosts& last = costs.databases.back();
  std::string text = absl::StrFormat(
      "\nfrom %d cases to %d: cost and rows of the answer, times\n",
      first.cases, last.cases);
  for (size_t i = 0; i < first.reports.size(); ++i) {
    const ReportCost& a = first.reports[i];
    const ReportCost& b = last.reports[i];
    absl::StrAppendFormat(&text, "%-32s cost %6.1f, rows %6.1f\n", a.name,
                          b.ours.median / a.ours.median,
                          a.rows == 0 ? 0
                                      : static_cast<double>(b.rows) /
                                            static_cast<double>(a.rows));
  }
  return text;
}

}  // namespace

absl::StatusOr<ReportCosts> MeasureReportCosts(const ReportSetup& setup) {
  ReportCosts costs;
  for (const std::string& database : setup.databases) {
    ASSIGN_OR_RETURN(DatabaseCosts one, MeasureDatabase(setup, database));
    costs.databases.push_back(std::move(one));
  }
  if (setup.rounds > 0) RETURN_IF_ERROR(MeasureActs(setup, costs));
  return costs;
}

std::string ReportCostText(const ReportSetup& setup, const ReportCosts& costs) {
  std::string text;
  for (const DatabaseCosts& one : costs.databases) text += Lines(one);
  if (costs.databases.size() > 1) text += Growth(costs);
  if (setup.rounds == 0) return text;
  absl::StrAppendFormat(
      &text,
      "\nacts by %d callers beside a client of reports, of acts alone: %.3f "
      "[%.3f-%.3f] >=%.2f %s\n(%d rounds by turns; alone %.0f/s; %d reports, "
      "one every %.1f s and its own time)\n",
      setup.callers, costs.acts.median, costs.acts.low, costs.acts.high,
      kActBar, costs.acts.median >= kActBar ? "ok" : "MISSED", setup.rounds,
      costs.act_rate, costs.reports, setup.pause);
  return text;
}

}  // namespace gongkai::bench
