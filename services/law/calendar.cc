// SPDX-License-Identifier: Apache-2.0
#include "services/law/calendar.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "absl/strings/str_format.h"

namespace gongkai::law {
namespace {

// A notice is never about days further away than this from its issue: a typing
// error in a year is caught.
constexpr int kMaxDaysFromIssue = 400;

bool IsWeekendByWeek(absl::CivilDay day) {
  const absl::Weekday weekday = absl::GetWeekday(day);
  return weekday == absl::Weekday::saturday || weekday == absl::Weekday::sunday;
}

bool Works(v1::DayKind kind) {
  return kind == v1::WORKDAY || kind == v1::MAKE_UP_WORKDAY;
}

// Weekdays Monday to Friday in the days up to and including `day`, counted
// from a fixed Monday; differences of it count any span in constant time.
int64_t WeekdaysThrough(absl::CivilDay day) {
  static constexpr absl::CivilDay kMonday(1900, 1, 1);
  const int64_t days = day - kMonday + 1;
  int64_t weeks = days / 7;
  int64_t rest = days % 7;
  if (rest < 0) {
    rest += 7;
    --weeks;
  }
  return weeks * 5 + std::min<int64_t>(rest, 5);
}

absl::Status CheckNotice(const Notice& notice) {
  if (notice.number.empty()) {
    return absl::InvalidArgumentError("a notice has no number");
  }
  if (notice.issued == absl::CivilDay()) {
    return absl::InvalidArgumentError(
        absl::StrFormat("notice %s has no issue date", notice.number));
  }
  std::set<absl::CivilDay> seen;
  for (const NoticeDay& day : notice.days) {
    const std::string text = absl::StrFormat("%04d-%02d-%02d", day.day.year(),
                                             day.day.month(), day.day.day());
    if (!seen.insert(day.day).second) {
      return absl::InvalidArgumentError(
          absl::StrFormat("notice %s orders %s twice", notice.number, text));
    }
    if (std::abs(day.day - notice.issued) > kMaxDaysFromIssue) {
      return absl::InvalidArgumentError(absl::StrFormat(
          "notice %s orders %s, more than %d days from its issue",
          notice.number, text, kMaxDaysFromIssue));
    }
    if (day.kind == v1::DAY_KIND_UNSPECIFIED) {
      return absl::InvalidArgumentError(absl::StrFormat(
          "notice %s does not say what %s is", notice.number, text));
    }
    if (IsWeekendByWeek(day.day)
            ? day.kind == v1::WORKDAY
            : day.kind == v1::WEEKEND || day.kind == v1::MAKE_UP_WORKDAY) {
      return absl::InvalidArgumentError(absl::StrFormat(
          "notice %s calls %s what its day of the week cannot be",
          notice.number, text));
    }
  }
  return absl::OkStatus();
}

}  // namespace

// What the notices made of the days between the first and the last they name.
struct Calendar::Data {
  struct Entry {
    v1::DayKind kind = v1::DAY_KIND_UNSPECIFIED;  // unspecified: plain week
    int notice = -1;
    int day = -1;
    // Working days more or fewer than the plain week, from `first` to here.
    int change = 0;
  };

  std::vector<Notice> notices;
  std::set<int> years;
  absl::CivilDay first;
  std::vector<Entry> entries;

  const Entry* Find(absl::CivilDay day) const {
    const absl::civil_diff_t at = day - first;
    if (at < 0 || at >= static_cast<absl::civil_diff_t>(entries.size())) {
      return nullptr;
    }
    const Entry& entry = entries[at];
    return entry.notice < 0 ? nullptr : &entry;
  }

  // Sum of the changes up to and including `day`.
  int ChangeThrough(absl::CivilDay day) const {
    if (entries.empty() || day < first) return 0;
    const size_t at = std::min<size_t>(day - first, entries.size() - 1);
    return entries[at].change;
  }
};

Calendar::Calendar() : data_(std::make_shared<Data>()) {}

Calendar::Calendar(std::shared_ptr<const Data> data) : data_(std::move(data)) {}

absl::StatusOr<Calendar> Calendar::Build(const std::vector<Notice>& notices) {
  auto data = std::make_shared<Data>();
  data->notices = notices;
  absl::CivilDay first = absl::CivilDay::max();
  absl::CivilDay last = absl::CivilDay::min();
  for (const Notice& notice : notices) {
    const absl::Status status = CheckNotice(notice);
    if (!status.ok()) return status;
    if (notice.year != 0) data->years.insert(notice.year);
    for (const NoticeDay& day : notice.days) {
      first = std::min(first, day.day);
      last = std::max(last, day.day);
    }
  }
  if (first > last) return Calendar(std::move(data));

  data->first = first;
  data->entries.resize(last - first + 1);
  for (size_t n = 0; n < notices.size(); ++n) {
    for (size_t d = 0; d < notices[n].days.size(); ++d) {
      const NoticeDay& day = notices[n].days[d];
      Data::Entry& entry = data->entries[day.day - first];
      entry.kind = day.kind;
      entry.notice = static_cast<int>(n);
      entry.day = static_cast<int>(d);
    }
  }
  int change = 0;
  for (size_t i = 0; i < data->entries.size(); ++i) {
    Data::Entry& entry = data->entries[i];
    if (entry.notice >= 0) {
      const bool plain = !IsWeekendByWeek(first + static_cast<int>(i));
      change += static_cast<int>(Works(entry.kind)) - static_cast<int>(plain);
    }
    entry.change = change;
  }
  return Calendar(std::move(data));
}

absl::StatusOr<Calendar> Calendar::AsPublishedOn(absl::CivilDay day) const {
  std::vector<Notice> published;
  for (const Notice& notice : data_->notices) {
    if (notice.issued <= day) published.push_back(notice);
  }
  return Build(published);
}

DayInfo Calendar::Info(absl::CivilDay day) const {
  DayInfo info;
  info.provisional = !IsPublished(static_cast<int>(day.year()));
  if (const Data::Entry* entry = data_->Find(day)) {
    const Notice& notice = data_->notices[entry->notice];
    info.kind = entry->kind;
    info.name = notice.days[entry->day].name;
    info.notice = notice.number;
    // A notice has spoken about this very day.
    info.provisional = false;
    return info;
  }
  info.kind = IsWeekendByWeek(day) ? v1::WEEKEND : v1::WORKDAY;
  return info;
}

bool Calendar::IsWorkday(absl::CivilDay day) const {
  const Data::Entry* entry = data_->Find(day);
  return entry != nullptr ? Works(entry->kind) : !IsWeekendByWeek(day);
}

bool Calendar::IsPublished(int year) const {
  return data_->years.count(year) != 0;
}

int Calendar::LastPublishedYear() const {
  if (data_->years.empty()) return 0;
  int year = *data_->years.begin();
  while (IsPublished(year + 1)) ++year;
  return year;
}

Counted Calendar::AddWorkdays(absl::CivilDay start, int n) const {
  Counted counted{start, false};
  while (n > 0) {
    ++counted.day;
    counted.provisional |= Info(counted.day).provisional;
    if (IsWorkday(counted.day)) --n;
  }
  return counted;
}

int Calendar::WorkdaysBetween(absl::CivilDay from, absl::CivilDay to) const {
  return static_cast<int>(WeekdaysThrough(to) - WeekdaysThrough(from)) +
         data_->ChangeThrough(to) - data_->ChangeThrough(from);
}

Counted Calendar::RollForward(absl::CivilDay day) const {
  Counted counted{day, Info(day).provisional};
  while (!IsWorkday(counted.day)) {
    ++counted.day;
    counted.provisional |= Info(counted.day).provisional;
  }
  return counted;
}

const std::vector<Notice>& Calendar::notices() const { return data_->notices; }

namespace {

// The same date `months` later, or the last day of that month.
absl::CivilDay SameDate(absl::CivilDay start, int months) {
  const absl::CivilMonth month = absl::CivilMonth(start) + months;
  const absl::CivilDay last = absl::CivilDay(month + 1) - 1;
  return absl::CivilDay(month) + std::min(start.day(), last.day()) - 1;
}

}  // namespace

Counted AddUnits(const Calendar& calendar, absl::CivilDay start, int length,
                 v1::LimitUnit unit, bool rolls) {
  if (unit == v1::WORKING_DAYS) return calendar.AddWorkdays(start, length);
  absl::CivilDay end = start;
  if (unit == v1::MONTHS) {
    end = SameDate(start, length);
  } else if (unit == v1::YEARS) {
    end = SameDate(start, length * 12);
  } else {
    end = start + length;
  }
  // Without rolling no notice can move the day.
  return rolls ? calendar.RollForward(end) : Counted{end, false};
}

}  // namespace gongkai::law
