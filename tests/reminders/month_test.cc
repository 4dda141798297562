// SPDX-License-Identifier: Apache-2.0
// Weeks of an office around National Day, with the job of reminding killed,
// started anew, run twice at once and left out for days: what lies in the
// inboxes at the end is what the rules say, each once.

#include <algorithm>
#include <map>
#include <random>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/base/dates.h"
#include "services/base/ids.h"
#include "tests/reminders/office.h"
#include "tests/reminders/worker.h"

namespace gongkai::test {
namespace {

// The days off and at work of the autumn of 2024 (国办发明电〔2023〕7号), as a
// clerk would write them down.
bool IsWorkday(absl::CivilDay day) {
  static const auto* const off = new std::set<std::string>{
      "2024-09-15", "2024-09-16", "2024-09-17", "2024-10-01", "2024-10-02",
      "2024-10-03", "2024-10-04", "2024-10-05", "2024-10-06", "2024-10-07"};
  static const auto* const work =
      new std::set<std::string>{"2024-09-14", "2024-09-29", "2024-10-12"};
  if (off->contains(FormatDay(day))) return false;
  if (work->contains(FormatDay(day))) return true;
  const absl::Weekday weekday = absl::GetWeekday(day);
  return weekday != absl::Weekday::saturday && weekday != absl::Weekday::sunday;
}

// Working days after `from` up to `to`; negative the other way round.
int Between(absl::CivilDay from, absl::CivilDay to) {
  int days = 0;
  for (absl::CivilDay d = std::min(from, to) + 1; d <= std::max(from, to);
       ++d) {
    if (IsWorkday(d)) ++days;
  }
  return to < from ? -days : days;
}

// A rule of `days` has had its moment for `due` on the working day `today`.
bool HasCome(int days, absl::CivilDay due, absl::CivilDay today) {
  const int between = Between(today, due);
  if (days >= 0) return between <= days;
  // After the last day: so many working days must have begun.
  return today > due && -between >= -days;
}

// Who gets it, what, by which rule.
using Said = std::tuple<std::string, std::string, int, int, std::string, int>;
// Overdue, red, yellow.
using Counts = std::tuple<int64_t, int64_t, int64_t>;
using Digest = std::pair<std::string, std::string>;

struct Rule {
  int days;
  v1::ReminderTo to;
  std::vector<v1::LimitKind> kinds;
};

const std::vector<Rule>& Rules() {
  static const auto* const rules = new std::vector<Rule>{
      {3, v1::TO_OFFICER, {}},
      {1, v1::TO_MANAGERS, {v1::REPLY}},
      {0, v1::TO_MANAGERS, {}},
      {-1, v1::TO_DISCLOSURE_HEAD, {}},
      {-4, v1::TO_MANAGERS, {v1::REGISTRATION, v1::REPLY}},
  };
  return *rules;
}

// Department A has a manager; B has none, so that its cases go to the one of
// the whole agency.
class Month : public ::testing::Test {
 protected:
  Month() : office_(Hour(absl::CivilDay(2024, 9, 2), 8)) {
    office_.Open("li", {{v1::ROLE_HANDLER, ""}});
    office_.Open("wang", {{v1::ROLE_HANDLER, ""}});
    office_.Open("leaves", {{v1::ROLE_HANDLER, ""}});
    office_.Open("ma", {{v1::ROLE_MANAGER, "A"}});
    office_.Open("mg", {{v1::ROLE_MANAGER, ""}});
    office_.Open("head", {{v1::ROLE_DISCLOSURE_HEAD, ""}});
    office_.Open("signer", {{v1::ROLE_SIGNER, ""}});
    v1::AgencyTerms terms = office_.Terms();
    for (const Rule& rule : Rules()) {
      v1::ReminderRule& one = *terms.add_reminder_rules();
      one.set_days(rule.days);
      one.set_to(rule.to);
      for (const v1::LimitKind kind : rule.kinds) one.add_kinds(kind);
    }
    office_.SetTerms(terms);
    workers_ = std::make_unique<Workers>(office_.service().database());
  }

  size_t Random(size_t below) { return random_() % below; }
  bool Chance(int percent) {
    return Random(100) < static_cast<size_t>(percent);
  }
  std::string Anybody() {
    static const char* const kPeople[] = {"li", "wang", "leaves"};
    return kPeople[Random(3)];
  }

  void WorkOn(absl::CivilDay day) {
    office_.clock().Set(Hour(day, 8));
    for (size_t n = 1 + Random(2); n > 0; --n) {
      cases_.push_back(office_.Receive());
      if (Chance(70)) Assign(cases_.back());
    }
    if (Chance(40)) Assign(cases_[Random(cases_.size())]);
    if (Chance(30)) {
      const std::string name = cases_[Random(cases_.size())];
      if (withdrawn_.insert(name).second) office_.Withdraw(name);
    }
    if (Chance(15)) Restrict();
    if (day == absl::CivilDay(2024, 9, 25)) {
      office_.SetActive("leaves", false);
      left_ = true;
    }
  }
  void Assign(const std::string& name) {
    static const char* const kDepartments[] = {"A", "B", ""};
    if (withdrawn_.contains(name) || restricted_.contains(name)) return;
    office_.Assign(name, Anybody(), kDepartments[Random(3)]);
  }
  // To the head and one officer: nobody else hears of it.
  void Restrict() {
    const std::string name = cases_[Random(cases_.size())];
    if (withdrawn_.contains(name) || !restricted_.insert(name).second) return;
    office_.Restrict(name, {"head", "li"});
  }

  bool MaySee(const std::string& name, const std::string& account) const {
    return !restricted_.contains(name) || account == "head" || account == "li";
  }
  std::vector<std::string> Managers(const v1::Case& c) const {
    const std::string manager = c.department() == "A" ? "ma" : "mg";
    // Where those of the department may not see it the agency's get it, who
    // may not either.
    return MaySee(c.name(), manager) ? std::vector<std::string>{manager}
                                     : std::vector<std::string>{};
  }
  std::vector<std::string> Receivers(v1::ReminderTo to,
                                     const v1::Case& c) const {
    if (to == v1::TO_DISCLOSURE_HEAD) return {"head"};
    const std::string& officer = c.officer();
    const bool there = !officer.empty() && !(officer == "leaves" && left_) &&
                       MaySee(c.name(), officer);
    if (to == v1::TO_OFFICER && there) return {officer};
    return Managers(c);
  }

  // What the rules say for the state of this day.
  void Expect(absl::CivilDay today) {
    std::map<std::string, Counts> counts = {
        {"ma", {}}, {"mg", {}}, {"head", {}}};
    for (const std::string& name : cases_) {
      const v1::Case c = office_.Get(name);
      for (const v1::Limit& limit : c.limits()) {
        const bool live =
            limit.state() == v1::RUNNING || limit.state() == v1::MISSED;
        if (limit.whose() != v1::AGENCY_DUTY || !live) continue;
        if (limit.due_date().empty()) continue;
        ExpectLimit(c, limit, today);
        Count(c, limit, today, counts);
      }
    }
    for (const auto& [account, one] : counts) {
      digests_.emplace(Digest(account, FormatDay(today)), one);
    }
  }
  void ExpectLimit(const v1::Case& c, const v1::Limit& limit,
                   absl::CivilDay today) {
    for (const Rule& rule : Rules()) {
      const auto& kinds = rule.kinds;
      if (!kinds.empty() &&
          std::find(kinds.begin(), kinds.end(), limit.kind()) == kinds.end()) {
        continue;
      }
      if (!HasCome(rule.days, DayOf(limit.due_date()), today)) continue;
      for (const std::string& account : Receivers(rule.to, c)) {
        said_.insert({account, c.number(), limit.kind(), limit.ordinal(),
                      limit.due_date(), rule.days});
      }
    }
  }
  void Count(const v1::Case& c, const v1::Limit& limit, absl::CivilDay today,
             std::map<std::string, Counts>& counts) {
    if (limit.kind() == v1::ARCHIVE_TRANSFER) return;
    const absl::CivilDay due = DayOf(limit.due_date());
    for (auto& [account, one] : counts) {
      if (account == "ma" && c.department() != "A") continue;
      if (!MaySee(c.name(), account)) continue;
      auto& [overdue, red, yellow] = one;
      if (due < today) {
        ++overdue;
      } else if (Between(today, due) <= 1) {
        ++red;
      } else if (Between(today, due) <= 3) {
        ++yellow;
      }
    }
  }

  // Runs the job, killed as often as it is hit, until it got through.
  void RunOn(absl::CivilDay day, int hour) {
    while (Chance(55)) {
      const int run = workers_->Begin(Hour(day, hour, 31));
      if (Chance(70)) {
        if (!workers_->AwaitPut(run, 1 + static_cast<int>(Random(5)))) break;
      } else {
        absl::SleepFor(absl::Milliseconds(Random(40)));
      }
      if (workers_->Kill(run)) ++killed_;
    }
    const int last = workers_->Begin(Hour(day, hour, 31));
    // Two servers at once.
    const int other = Chance(30) ? workers_->Begin(Hour(day, hour, 32)) : 0;
    workers_->AwaitDone(last);
    if (other != 0) workers_->AwaitDone(other);
  }

  std::mt19937 random_{20241008};
  Office office_;
  std::unique_ptr<Workers> workers_;
  std::vector<std::string> cases_;
  std::set<std::string> withdrawn_;
  std::set<std::string> restricted_;
  bool left_ = false;
  int killed_ = 0;
  std::set<Said> said_;
  std::map<Digest, Counts> digests_;
};

TEST_F(Month, EveryReminderOnceWhateverHappensToTheJob) {
  for (absl::CivilDay day(2024, 9, 2); day <= absl::CivilDay(2024, 10, 25);
       ++day) {
    SCOPED_TRACE(FormatDay(day));
    if (!IsWorkday(day)) {
      const size_t before = office_.Inboxes().size();
      workers_->AwaitDone(workers_->Begin(Hour(day, 12)));
      EXPECT_EQ(office_.Inboxes().size(), before) << "on a day of rest";
      continue;
    }
    WorkOn(day);
    // Days on which no server runs, two of them in a row.
    const bool down = day == absl::CivilDay(2024, 9, 19) ||
                      day == absl::CivilDay(2024, 9, 20) ||
                      day == absl::CivilDay(2024, 9, 30);
    if (down) continue;
    Expect(day);
    RunOn(day, 8);
    if (!Chance(25)) continue;
    // What is recorded during the day is seen during the day.
    office_.clock().Set(Hour(day, 14));
    Assign(cases_[Random(cases_.size())]);
    office_.AwaitLog();
    Expect(day);
    RunOn(day, 14);
  }
  std::set<Said> said;
  std::map<Digest, Counts> digests;
  std::set<std::string> ids;
  int64_t place = 0;
  for (const storage::InboxEntry& entry : office_.Inboxes()) {
    EXPECT_GT(entry.place, place);
    place = entry.place;
    EXPECT_TRUE(ids.insert(entry.id).second);
    const absl::CivilDay made = ShanghaiDay(entry.made_time);
    EXPECT_TRUE(IsWorkday(made));
    EXPECT_TRUE(IsWorkday(entry.remind_date));
    EXPECT_LE(entry.remind_date, made);
    if (entry.kind == v1::REMIND_DIGEST) {
      const Digest digest(entry.account, FormatDay(entry.remind_date));
      EXPECT_TRUE(
          digests
              .emplace(digest, Counts(entry.overdue, entry.red, entry.yellow))
              .second)
          << digest.first << " " << digest.second;
      continue;
    }
    EXPECT_EQ(entry.left, Between(made, *entry.due));
    EXPECT_TRUE(
        said.insert({entry.account, entry.number, entry.limit_kind,
                     entry.ordinal, FormatDay(*entry.due), entry.rule_days})
            .second)
        << "twice: " << entry.account << " " << entry.number;
  }
  EXPECT_EQ(said, said_);
  EXPECT_EQ(digests, digests_);
  EXPECT_GE(killed_, 20);
  EXPECT_GT(said.size(), 150u);
  RecordProperty("killed", killed_);
  std::cout << "killed " << killed_ << " times; " << said.size()
            << " reminders, " << digests.size() << " digests, each once\n";
}

}  // namespace
}  // namespace gongkai::test
