// SPDX-License-Identifier: Apache-2.0
#include "services/report/reminding.h"

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <tuple>

#include "absl/strings/str_cat.h"
#include "services/base/dates.h"
#include "services/base/refusal.h"

namespace gongkai::report {
namespace {

constexpr absl::Duration kUsualTime = absl::Minutes(8 * 60 + 30);
constexpr absl::Duration kShanghaiOffset = absl::Hours(8);
// Levels where an agency has set none.
constexpr int kUsualWarning = 3;
constexpr int kUsualUrgent = 1;
constexpr size_t kLongestDomain = 200;
constexpr size_t kLongestLabel = 63;

v1::ReminderRule Rule(int days, v1::ReminderTo to) {
  v1::ReminderRule rule;
  rule.set_days(days);
  rule.set_to(to);
  return rule;
}

int Digit(char c) { return c >= '0' && c <= '9' ? c - '0' : -1; }

// `08:30`; absent for another form or an hour that does not exist.
std::optional<absl::Duration> ReadTime(std::string_view text) {
  if (text.size() != 5 || text[2] != ':') return std::nullopt;
  for (const size_t at : {0, 1, 3, 4}) {
    if (Digit(text[at]) < 0) return std::nullopt;
  }
  const int hours = 10 * Digit(text[0]) + Digit(text[1]);
  const int minutes = 10 * Digit(text[3]) + Digit(text[4]);
  if (hours > 23 || minutes > 59) return std::nullopt;
  return absl::Hours(hours) + absl::Minutes(minutes);
}

bool IsLabel(std::string_view label) {
  if (label.empty() || label.size() > kLongestLabel || label.front() == '-' ||
      label.back() == '-') {
    return false;
  }
  return std::all_of(label.begin(), label.end(), [](char c) {
    return Digit(c) >= 0 || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           c == '-';
  });
}

bool IsDomain(std::string_view text) {
  if (text.size() > kLongestDomain) return false;
  while (true) {
    const size_t dot = text.find('.');
    if (!IsLabel(text.substr(0, dot))) return false;
    if (dot == std::string_view::npos) return true;
    text.remove_prefix(dot + 1);
  }
}

// A rule for every limit (kind 0) overlaps with one for some.
absl::Status CheckRules(const v1::AgencyTerms& terms) {
  std::set<std::tuple<int, int, int>> known;
  std::set<std::pair<int, int>> named;
  for (const v1::ReminderRule& rule : terms.reminder_rules()) {
    const std::pair<int, int> key(rule.days(), rule.to());
    bool twice = rule.kinds().empty() && named.contains(key);
    twice = twice || known.contains({rule.days(), rule.to(), 0});
    if (rule.kinds().empty()) known.insert({rule.days(), rule.to(), 0});
    for (const int kind : rule.kinds()) {
      twice = !known.insert({rule.days(), rule.to(), kind}).second || twice;
    }
    named.insert(key);
    if (twice) {
      return RefuseField(
          "terms.reminder_rules",
          "each limit once for the same days and receivers",
          absl::StrCat(rule.days(), ":", v1::ReminderTo_Name(rule.to())));
    }
  }
  return absl::OkStatus();
}

}  // namespace

std::vector<v1::ReminderRule> ReminderRulesOf(const v1::AgencyTerms& terms) {
  if (terms.reminder_rules().empty()) {
    return {Rule(3, v1::TO_OFFICER), Rule(0, v1::TO_MANAGERS),
            Rule(-1, v1::TO_DISCLOSURE_HEAD)};
  }
  return {terms.reminder_rules().begin(), terms.reminder_rules().end()};
}

bool IsAbout(const v1::ReminderRule& rule, v1::LimitKind kind) {
  return rule.kinds().empty() ||
         std::find(rule.kinds().begin(), rule.kinds().end(), kind) !=
             rule.kinds().end();
}

absl::CivilDay RemindDay(const law::Calendar& calendar, absl::CivilDay due,
                         int days) {
  if (days < 0) return calendar.AddWorkdays(due, -days).day;
  absl::CivilDay day = due;
  for (int left = days;; --day) {
    if (!calendar.IsWorkday(day)) continue;
    if (left-- == 0) return day;
  }
}

std::vector<v1::ReminderRule> RulesDue(
    const std::vector<v1::ReminderRule>& rules, v1::LimitKind kind,
    const law::Calendar& calendar, absl::CivilDay due, absl::CivilDay today) {
  std::vector<v1::ReminderRule> found;
  for (const v1::ReminderRule& rule : rules) {
    if (IsAbout(rule, kind) && RemindDay(calendar, due, rule.days()) <= today) {
      found.push_back(rule);
    }
  }
  return found;
}

absl::CivilDay LastWithin(const law::Calendar& calendar, absl::CivilDay today,
                          int days) {
  return calendar.AddWorkdays(today, days + 1).day - 1;
}

absl::CivilDay RemindHorizon(const std::vector<v1::ReminderRule>& rules,
                             const law::Calendar& calendar,
                             absl::CivilDay today) {
  int days = 0;
  for (const v1::ReminderRule& rule : rules) days = std::max(days, rule.days());
  return LastWithin(calendar, today, days);
}

absl::Duration ReminderTimeOf(const v1::AgencyTerms& terms) {
  return ReadTime(terms.reminder_time()).value_or(kUsualTime);
}

bool IsReminderTime(const law::Calendar& calendar, const v1::AgencyTerms& terms,
                    absl::Time now) {
  const absl::CivilDay today = ShanghaiDay(now);
  if (!calendar.IsWorkday(today)) return false;
  const absl::Time midnight =
      absl::FromCivil(today, absl::UTCTimeZone()) - kShanghaiOffset;
  return now - midnight >= ReminderTimeOf(terms);
}

absl::Status CheckReminderTerms(const v1::AgencyTerms& terms) {
  if (!terms.reminder_time().empty() && !ReadTime(terms.reminder_time())) {
    return RefuseField("terms.reminder_time", "a time of day as HH:MM",
                       terms.reminder_time());
  }
  if (!terms.mail_domain().empty() && !IsDomain(terms.mail_domain())) {
    return RefuseField("terms.mail_domain",
                       "a domain: letters, digits and hyphens between dots",
                       terms.mail_domain());
  }
  const int warning =
      terms.warning_days() == 0 ? kUsualWarning : terms.warning_days();
  const int urgent =
      terms.urgent_days() == 0 ? kUsualUrgent : terms.urgent_days();
  if (urgent > warning) {
    return RefuseField("terms.urgent_days",
                       absl::StrCat("not above warning_days, ", warning),
                       absl::StrCat(urgent));
  }
  return CheckRules(terms);
}

}  // namespace gongkai::report
