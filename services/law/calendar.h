// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_LAW_CALENDAR_H_
#define GONGKAI_SERVICES_LAW_CALENDAR_H_

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "gongkai/v1/types.pb.h"

namespace gongkai::law {

// One day that departs from the plain week, as a notice orders it.
struct NoticeDay {
  absl::CivilDay day;
  // DAY_OFF or MAKE_UP_WORKDAY; WORKDAY or WEEKEND when a later notice puts a
  // day back to what the plain week makes of it.
  v1::DayKind kind = v1::DAY_KIND_UNSPECIFIED;
  // Name of the holiday, in Chinese.
  std::string name;
};

// A notice that orders days off and make-up workdays (节假日安排通知): of the
// State Council for the whole country, or of a place for itself.
struct Notice {
  // Document number, `国办发明电〔2019〕16号`.
  std::string number;
  std::string title;
  absl::CivilDay issued;
  // The year whose arrangement the notice publishes; 0 for one that only
  // changes days (it publishes no year).
  int year = 0;
  // Where it was found.
  std::string source;
  std::vector<NoticeDay> days;
};

// One day as the calendar knows it.
struct DayInfo {
  v1::DayKind kind = v1::DAY_KIND_UNSPECIFIED;
  // Name of the holiday; empty on plain days.
  std::string_view name;
  // Number of the notice; empty on plain days.
  std::string_view notice;
  // No notice has published the year of this day: the plain week is assumed.
  bool provisional = false;
};

// The end of a count.
struct Counted {
  absl::CivilDay day;
  // The count crossed into a year that no notice has published.
  bool provisional = false;
};

// The working-day calendar (工作日历): the plain week and what the notices made
// of it. Immutable; copies share their days. Thread-safe.
class Calendar {
 public:
  // Builds the calendar from notices in the order of their loading: a later
  // one overrides an earlier one day by day. INVALID_ARGUMENT names the notice
  // that has no number, no issue date, a day twice, or a day more than 400
  // days from its issue.
  static absl::StatusOr<Calendar> Build(const std::vector<Notice>& notices);

  // The plain week alone: every day is provisional.
  Calendar();

  // The calendar as it was published at the end of `day`: only notices issued
  // on or before it.
  absl::StatusOr<Calendar> AsPublishedOn(absl::CivilDay day) const;

  DayInfo Info(absl::CivilDay day) const;
  bool IsWorkday(absl::CivilDay day) const;

  // Whether a notice has published the arrangement of `year`.
  bool IsPublished(int year) const;
  // Last year of the unbroken run of published years; 0 when there is none.
  int LastPublishedYear() const;

  // The `n`th working day after `start`, which is not counted (CPL 85). n >= 0;
  // n = 0 gives `start`.
  Counted AddWorkdays(absl::CivilDay start, int n) const;

  // Number of working days in (from, to]; negative when to < from.
  int WorkdaysBetween(absl::CivilDay from, absl::CivilDay to) const;

  // `day` itself or the first working day after it.
  Counted RollForward(absl::CivilDay day) const;

  const std::vector<Notice>& notices() const;

 private:
  struct Data;
  explicit Calendar(std::shared_ptr<const Data> data);
  std::shared_ptr<const Data> data_;
};

// `start` plus `length` units by the rule of the unit: the start day is not
// counted; months and years end on the same date of the month, or its last day
// (民法典 202, CPL 85).
// A last day off rolls forward when `rolls`; working-day counts never end on
// one.
Counted AddUnits(const Calendar& calendar, absl::CivilDay start, int length,
                 v1::LimitUnit unit, bool rolls);

// Reads notices from the project's CSV files: `notices` with columns
// calendar_year,notice,title,issued,url and `days` with columns
// date,kind,name,notice (kind off, work, plain). INVALID_ARGUMENT names the
// file's line.
absl::StatusOr<std::vector<Notice>> ReadNotices(std::string_view notices_csv,
                                                std::string_view days_csv);

}  // namespace gongkai::law

#endif  // GONGKAI_SERVICES_LAW_CALENDAR_H_
