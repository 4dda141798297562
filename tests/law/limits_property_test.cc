// SPDX-License-Identifier: Apache-2.0
// What holds for every case: recounted by another method over many invented
// histories. Seeds are fixed: a failure repeats.
#include <algorithm>
#include <map>
#include <random>
#include <set>
#include <tuple>

#include "tests/law/law_fixture.h"

namespace gongkai::law {
namespace {

constexpr int kCases = 3000;

// The working days of 2006 to 2027 as a plain list, read from the file alone:
// no code of the calendar is used.
const std::vector<absl::CivilDay>& Workdays() {
  static const auto* const days = [] {
    std::map<absl::CivilDay, bool> works;
    for (absl::CivilDay d(2006, 1, 1); d.year() < 2028; ++d) {
      works[d] = absl::GetWeekday(d) != absl::Weekday::saturday &&
                 absl::GetWeekday(d) != absl::Weekday::sunday;
    }
    for (auto& row : ReadVectors("ops/calendar/days.csv")) {
      works[D(row["date"])] = row["kind"] == "work";
    }
    auto* list = new std::vector<absl::CivilDay>;
    for (const auto& [day, work] : works) {
      if (work) list->push_back(day);
    }
    return list;
  }();
  return *days;
}

// The `n`th working day after `start` that is not among `out`.
absl::CivilDay Recount(absl::CivilDay start, int n,
                       const std::set<absl::CivilDay>& out) {
  auto it = std::upper_bound(Workdays().begin(), Workdays().end(), start);
  for (;; ++it) {
    if (out.count(*it) == 0 && --n == 0) return *it;
  }
}

class Dice {
 public:
  explicit Dice(uint32_t seed) : engine_(seed) {}
  // A number from `low` to `high`, both possible.
  int Between(int low, int high) {
    return low + static_cast<int>(engine_() % (high - low + 1));
  }
  bool Chance(int percent) { return Between(1, 100) <= percent; }
  absl::CivilDay Day() { return absl::CivilDay(2008, 5, 1) + Between(0, 6700); }

 private:
  std::mt19937 engine_;
};

MaybeDay Maybe(Dice& dice, absl::CivilDay day, int percent) {
  return dice.Chance(percent) ? MaybeDay(day) : std::nullopt;
}

Consultation RandomLetter(Dice& dice, absl::CivilDay received) {
  Consultation letter;
  letter.kind = static_cast<v1::ConsultationKind>(dice.Between(1, 3));
  letter.sent = received + dice.Between(0, 45);
  letter.served = Maybe(dice, letter.sent + dice.Between(0, 5), 85);
  if (letter.served) {
    letter.answered = Maybe(dice, *letter.served + dice.Between(0, 40), 70);
  }
  return letter;
}

// A history such as the acts allow, up to the reply.
Facts RandomFacts(Dice& dice) {
  Facts facts;
  facts.channel = static_cast<v1::Channel>(dice.Between(1, 6));
  facts.arrived = facts.received = facts.registered = dice.Day();
  const absl::CivilDay received = *facts.received;
  if (dice.Chance(30)) {
    Correction correction;
    correction.notified = received + dice.Between(0, 7);
    correction.served = Maybe(dice, correction.notified + 2, 80);
    correction.length = dice.Between(5, 15);
    correction.overridden = dice.Chance(10);
    correction.received =
        Maybe(dice, correction.notified + dice.Between(2, 20), 80);
    facts.correction = correction;
  }
  const absl::CivilDay base = facts.correction && facts.correction->received
                                  ? *facts.correction->received
                                  : received;
  for (int n = dice.Between(0, 3); n > 0; --n) {
    facts.consultations.push_back(RandomLetter(dice, base));
  }
  if (dice.Chance(15) && received >= D("2021-01-01")) {
    Fee fee;
    fee.notified = base + dice.Between(0, 15);
    fee.served = fee.notified + 1;
    fee.paid = Maybe(dice, fee.notified + dice.Between(1, 25), 80);
    facts.fee = fee;
  }
  if (dice.Chance(25)) {
    facts.extension =
        Extension{base + dice.Between(0, 20), dice.Between(1, 20)};
  }
  if (dice.Chance(60)) {
    ReplySent reply;
    reply.carrier = static_cast<v1::Carrier>(dice.Between(1, 6));
    reply.dispatched = base + dice.Between(0, 90);
    reply.served = Maybe(dice, reply.dispatched + dice.Between(0, 6), 80);
    facts.reply = reply;
  }
  return facts;
}

void LeaveOut(std::set<absl::CivilDay>& out, absl::CivilDay first,
              absl::CivilDay last) {
  for (absl::CivilDay day = first; day <= last; ++day) out.insert(day);
}

// The last day of T5 by sets of days, written from the text of the law.
MaybeDay ExpectedDue(const Facts& f) {
  const bool old = *f.received < D("2019-05-15");
  const absl::CivilDay never(2027, 12, 31);
  absl::CivilDay start = *f.received;
  std::set<absl::CivilDay> out;
  if (f.correction && !f.correction->overridden) {
    LeaveOut(out, f.correction->notified + 1,
             f.correction->received.value_or(never));
    if (f.correction->received && !old) start = *f.correction->received;
  }
  if (f.fee) {
    LeaveOut(out, f.fee->notified + 1, f.fee->paid.value_or(never));
    if (f.fee->paid && *f.fee->paid >= start) start = *f.fee->paid;
  }
  for (const Consultation& c : f.consultations) {
    if (!c.served || (old && c.kind != v1::THIRD_PARTY)) continue;
    absl::CivilDay last = c.answered.value_or(never);
    if (!old && c.kind != v1::OTHER_AGENCY) {
      last = std::min(last, Recount(*c.served, 15, {}));
    }
    LeaveOut(out, c.sent + 1, last);
  }
  int length = old ? 15 : 20;
  if (f.extension && f.extension->notified >= start) {
    length += f.extension->working_days;
  }
  // Days without end reach past every day a count can need.
  const auto left = std::count_if(
      Workdays().begin(), Workdays().end(),
      [&](absl::CivilDay day) { return day > start && out.count(day) == 0; });
  if (left < length) return std::nullopt;
  return Recount(start, length, out);
}

TEST(Property, WorkingDaysAgreeWithAPlainList) {
  Dice dice(1);
  for (int i = 0; i < kCases; ++i) {
    const absl::CivilDay start = dice.Day();
    const int n = dice.Between(1, 60);
    const absl::CivilDay end = National().AddWorkdays(start, n).day;
    ASSERT_EQ(end, Recount(start, n, {})) << FormatDay(start) << " + " << n;
    ASSERT_EQ(National().WorkdaysBetween(start, end), n);
    ASSERT_EQ(National().WorkdaysBetween(end, start), -n);
  }
}

TEST(Property, EveryDayOfTwentyYearsAgreesWithAPlainList) {
  const std::set<absl::CivilDay> work(Workdays().begin(), Workdays().end());
  for (absl::CivilDay day(2007, 1, 1); day.year() < 2027; ++day) {
    ASSERT_EQ(National().IsWorkday(day), work.count(day) == 1)
        << FormatDay(day);
    ASSERT_FALSE(National().Info(day).provisional) << FormatDay(day);
  }
}

TEST(Property, TheReplyLimitAgreesWithARecountBySets) {
  Dice dice(2);
  int suspended = 0;
  for (int i = 0; i < kCases; ++i) {
    const Facts facts = RandomFacts(dice);
    const Limit reply = Get(facts, "2027-12-31", v1::REPLY);
    ASSERT_EQ(reply.due, ExpectedDue(facts))
        << "case " << i << " received " << FormatDay(*facts.received);
    suspended += reply.due ? 0 : 1;
  }
  // The invented cases cover both.
  EXPECT_GT(suspended, 100);
  EXPECT_LT(suspended, kCases / 2);
}

TEST(Property, TheLedgerCountsToTheLastDay) {
  Dice dice(3);
  for (int i = 0; i < kCases; ++i) {
    Facts facts = RandomFacts(dice);
    facts.reply.reset();
    const Limit reply = Get(facts, "2008-01-01", v1::REPLY);
    if (!reply.due) continue;
    const auto lines = Explain(facts, "2008-01-01", v1::REPLY);
    ASSERT_FALSE(lines.empty());
    ASSERT_EQ(lines.front().day, *facts.received);
    ASSERT_EQ(lines.back().day, *reply.due);
    ASSERT_EQ(lines.back().note, DayNote::kLast);
    ASSERT_EQ(lines.back().count, reply.length) << "case " << i;
    int last = 0;
    for (const LedgerLine& line : lines) {
      if (line.day <= reply.start || line.count == 0) continue;
      ASSERT_EQ(line.count, ++last);
      ASSERT_TRUE(National().IsWorkday(line.day));
    }
    for (size_t k = 1; k < lines.size(); ++k) {
      ASSERT_EQ(lines[k].day, lines[k - 1].day + 1);
      if (lines[k].note == DayNote::kExcluded) {
        ASSERT_FALSE(lines[k].reason.empty());
        ASSERT_FALSE(lines[k].article.empty());
      }
    }
  }
}

TEST(Property, AnotherConsultationNeverBringsTheLastDayForward) {
  Dice dice(4);
  for (int i = 0; i < kCases; ++i) {
    Facts facts = RandomFacts(dice);
    const MaybeDay before = Get(facts, "2008-01-01", v1::REPLY).due;
    facts.consultations.push_back(
        RandomLetter(dice, Get(facts, "2008-01-01", v1::REPLY).start));
    const MaybeDay after = Get(facts, "2008-01-01", v1::REPLY).due;
    if (!before) {
      ASSERT_FALSE(after) << "case " << i;
    } else if (after) {
      ASSERT_GE(*after, *before) << "case " << i;
    }
  }
}

auto Key(const Limit& l) {
  return std::make_tuple(l.kind, l.ordinal, l.state, l.start, l.due, l.ended,
                         l.late_by, l.length, l.provisional, l.whose);
}

TEST(Property, EqualArgumentsGiveEqualLimitsInOrder) {
  Dice dice(5);
  for (int i = 0; i < kCases; ++i) {
    const Facts facts = RandomFacts(dice);
    const absl::CivilDay as_of = *facts.received + dice.Between(0, 200);
    const auto one = DeriveLimits(facts, Rules(), National(), {}, as_of);
    const auto two = DeriveLimits(facts, Rules(), National(), {}, as_of);
    ASSERT_EQ(one.size(), two.size());
    for (size_t k = 0; k < one.size(); ++k) {
      ASSERT_EQ(Key(one[k]), Key(two[k]));
      if (k == 0) continue;
      ASSERT_LT(std::make_pair(one[k - 1].kind, one[k - 1].ordinal),
                std::make_pair(one[k].kind, one[k].ordinal));
    }
  }
}

TEST(Property, EveryLimitIsWholeAndTheDayOfAskingDoesNotMoveIt) {
  Dice dice(6);
  for (int i = 0; i < kCases; ++i) {
    const Facts facts = RandomFacts(dice);
    const absl::CivilDay as_of = *facts.received + dice.Between(0, 200);
    for (const Limit& limit :
         DeriveLimits(facts, Rules(), National(), {}, as_of)) {
      const std::string name = v1::LimitKind_Name(limit.kind);
      ASSERT_FALSE(limit.article.empty()) << name;
      ASSERT_FALSE(limit.rule_set.empty()) << name;
      ASSERT_NE(limit.whose, v1::WHOSE_UNSPECIFIED) << name;
      ASSERT_NE(limit.state, v1::LIMIT_STATE_UNSPECIFIED) << name;
      ASSERT_EQ(limit.live(), !limit.ended) << name;
      ASSERT_EQ(limit.late_by > 0,
                limit.state == v1::MISSED || limit.state == v1::MET_LATE)
          << name << " case " << i;
      if (limit.state == v1::MISSED) {
        ASSERT_GT(as_of, *limit.due) << name;
      }
      if (limit.unit == v1::WORKING_DAYS && limit.due) {
        ASSERT_TRUE(limit.length == 0 || National().IsWorkday(*limit.due))
            << name;
      }
      const Limit later =
          Get(facts, FormatDay(as_of + 30), limit.kind, limit.ordinal);
      ASSERT_EQ(later.due, limit.due) << name;
    }
  }
}

TEST(Property, EveryLimitCanBeExplained) {
  Dice dice(7);
  for (int i = 0; i < kCases / 10; ++i) {
    const Facts facts = RandomFacts(dice);
    const absl::CivilDay as_of = *facts.received + dice.Between(0, 200);
    for (const Limit& limit :
         DeriveLimits(facts, Rules(), National(), {}, as_of)) {
      const auto lines = ExplainLimit(facts, Rules(), National(), {}, as_of,
                                      limit.kind, limit.ordinal);
      ASSERT_FALSE(lines.empty()) << v1::LimitKind_Name(limit.kind);
      const bool shows_due =
          std::any_of(lines.begin(), lines.end(), [&](const LedgerLine& line) {
            return limit.due && line.day == *limit.due;
          });
      const bool cut_short =
          limit.state == v1::VOID && limit.due && *limit.ended < *limit.due;
      ASSERT_EQ(shows_due, limit.due && !cut_short)
          << v1::LimitKind_Name(limit.kind) << " case " << i;
    }
  }
  EXPECT_TRUE(
      Explain(Received("2024-06-03"), "2024-06-04", v1::APPEAL).empty());
}

}  // namespace
}  // namespace gongkai::law
