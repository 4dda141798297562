// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_format.h"
#include "services/law/limit_maker.h"
#include "services/law/limits.h"
#include "services/law/reply_clock.h"

namespace gongkai::law {
namespace {

// The start day is not counted (CPL 85; 民法典 201).
constexpr char kStartArticle[] = "CPL 85";
// A ledger is read by people: eleven years of days are more than any limit
// counted by days has, and `as_of` is the caller's.
constexpr int kMaxDays = 4000;

// A line that says what the calendar makes of the day.
LedgerLine PlainLine(const Calendar& calendar, absl::CivilDay day) {
  const DayInfo info = calendar.Info(day);
  LedgerLine line;
  line.day = day;
  line.kind = info.kind;
  line.provisional = info.provisional;
  line.article = std::string(info.notice);
  switch (info.kind) {
    case v1::WEEKEND:
      line.reason = "周末";
      break;
    case v1::DAY_OFF:
      line.reason = std::string(info.name) + "放假";
      break;
    case v1::MAKE_UP_WORKDAY:
      line.reason = std::string(info.name) + "调休上班";
      break;
    default:
      break;
  }
  return line;
}

void Say(LedgerLine& line, DayNote note, std::string reason,
         std::string article) {
  line.note = note;
  line.reason = std::move(reason);
  line.article = std::move(article);
}

// The last day that the ledger shows.
absl::CivilDay LedgerEnd(const Limit& limit, absl::CivilDay first,
                         absl::CivilDay as_of) {
  absl::CivilDay end = limit.due.value_or(first);
  if (limit.state == v1::VOID && limit.ended) {
    end = *limit.ended;
  } else if (limit.ended) {
    end = std::max(end, *limit.ended);
  } else {
    end = std::max(end, as_of);
  }
  return std::clamp(end, first, first + kMaxDays);
}

void SayLate(LedgerLine& line, const Limit& limit, const Calendar& calendar) {
  line.count = LateBy(calendar, limit.unit, *limit.due, line.day);
  Say(line, DayNote::kLate,
      absl::StrFormat("逾期第%d%s", line.count,
                      limit.unit == v1::WORKING_DAYS ? "个工作日" : "日"),
      limit.article);
}

void SayDone(LedgerLine& line, const Limit& limit) {
  if (limit.state == v1::VOID) {
    Say(line, DayNote::kDone, "不再计算", limit.article);
  } else {
    Say(line, DayNote::kDone,
        limit.state == v1::MET_LATE ? "办理完成，已逾期" : "办理完成",
        limit.article);
  }
}

// Counts the days of the reply limit one by one.
class ReplyLedger {
 public:
  ReplyLedger(const ReplyClock& clock, const Limit& limit,
              const Calendar& calendar)
      : clock_(clock), limit_(limit), calendar_(calendar) {}

  std::vector<LedgerLine> Lines(absl::CivilDay as_of) {
    std::vector<LedgerLine> lines;
    const absl::CivilDay end = LedgerEnd(limit_, clock_.received, as_of);
    for (absl::CivilDay day = clock_.received; day <= end; ++day) {
      lines.push_back(Line(day));
    }
    return lines;
  }

 private:
  LedgerLine Line(absl::CivilDay day) {
    LedgerLine line = PlainLine(calendar_, day);
    if (day == clock_.received) {
      Say(line, DayNote::kTrigger, "收到申请之日，不计入", kStartArticle);
    } else if (day == clock_.start) {
      count_ = 0;
      Say(line, DayNote::kRestart, clock_.restart_reason,
          clock_.restart_article);
    } else if (IsLate(day)) {
      if (calendar_.IsWorkday(day)) {
        SayLate(line, limit_, calendar_);
      } else {
        line.note = DayNote::kRest;
      }
    } else {
      Count(line);
    }
    if (limit_.ended && day == *limit_.ended) SayDone(line, limit_);
    return line;
  }

  bool IsLate(absl::CivilDay day) const {
    return limit_.due && day > *limit_.due;
  }

  void Count(LedgerLine& line) {
    const bool workday = calendar_.IsWorkday(line.day);
    const Pause* pause = clock_.deferred ? nullptr : clock_.PauseOn(line.day);
    if (!workday) {
      line.note = DayNote::kRest;
    } else if (pause != nullptr) {
      Say(line, DayNote::kExcluded, pause->reason, pause->article);
    } else {
      line.count = ++count_;
      line.note = DayNote::kCounted;
      if (line.day > clock_.start && count_ == clock_.first_length + 1 &&
          clock_.length > clock_.first_length) {
        Say(line, DayNote::kExtended, "延长期限首日", clock_.rule->article());
      }
    }
    if (limit_.due && line.day == *limit_.due) {
      Say(line, DayNote::kLast,
          clock_.deferred ? "延迟答复的最后一日" : "期限最后一日",
          limit_.article);
    }
  }

  const ReplyClock& clock_;
  const Limit& limit_;
  const Calendar& calendar_;
  int count_ = 0;
};

// Counts the days of any other limit: without pauses or restarts.
class PlainLedger {
 public:
  PlainLedger(const Limit& limit, const Calendar& calendar)
      : limit_(limit), calendar_(calendar), nominal_(limit.due) {
    // The day on which the count ended before it moved on.
    if (limit.unit != v1::WORKING_DAYS && limit.due) {
      const absl::CivilDay unrolled =
          AddUnits(calendar, limit.start, limit.length, limit.unit, false).day;
      if (unrolled < *limit.due) nominal_ = unrolled;
    }
  }

  std::vector<LedgerLine> Lines(absl::CivilDay as_of) {
    std::vector<LedgerLine> lines;
    if (limit_.unit == v1::YEARS) return Landmarks();
    const absl::CivilDay end = LedgerEnd(limit_, limit_.start, as_of);
    for (absl::CivilDay day = limit_.start; day <= end; ++day) {
      lines.push_back(Line(day));
    }
    return lines;
  }

 private:
  // Of a limit of years only the days that matter.
  std::vector<LedgerLine> Landmarks() {
    std::vector<LedgerLine> lines = {Line(limit_.start)};
    if (limit_.due) lines.push_back(Line(*limit_.due));
    return lines;
  }

  LedgerLine Line(absl::CivilDay day) {
    LedgerLine line = PlainLine(calendar_, day);
    const bool by_workdays = limit_.unit == v1::WORKING_DAYS;
    const bool rests = by_workdays && !calendar_.IsWorkday(day);
    if (day == limit_.start) {
      Say(line, DayNote::kTrigger, "起算事由发生之日，不计入", kStartArticle);
    } else if (limit_.due && day > *limit_.due) {
      if (rests) {
        line.note = DayNote::kRest;
      } else {
        SayLate(line, limit_, calendar_);
      }
    } else if (nominal_ && day > *nominal_ && day < *limit_.due) {
      line.note = DayNote::kRest;
    } else if (rests) {
      line.note = DayNote::kRest;
    } else if (!nominal_ || day <= *nominal_) {
      line.count = ++count_;
    } else {
      line.count = count_;
    }
    SayLandmark(line);
    return line;
  }

  void SayLandmark(LedgerLine& line) {
    if (limit_.due && line.day == *limit_.due) {
      Say(line, DayNote::kLast, "期限最后一日", limit_.article);
    } else if (nominal_ && line.day == *nominal_) {
      line.count = 0;
      Say(line, DayNote::kRolled, line.reason + "，顺延至其后第一个工作日",
          kStartArticle);
    }
    if (limit_.ended && line.day == *limit_.ended) SayDone(line, limit_);
  }

  const Limit& limit_;
  const Calendar& calendar_;
  MaybeDay nominal_;
  int count_ = 0;
};

}  // namespace

std::vector<LedgerLine> ExplainLimit(const Facts& facts, const Rulebook& rules,
                                     const Calendar& calendar,
                                     const AgencyTerms& terms,
                                     absl::CivilDay as_of, v1::LimitKind kind,
                                     int ordinal) {
  const std::vector<Limit> limits =
      DeriveLimits(facts, rules, calendar, terms, as_of);
  const Limit* limit = FindLimit(limits, kind, ordinal);
  if (limit == nullptr) return {};
  std::optional<ReplyClock> clock;
  if (kind == v1::REPLY) {
    clock = BuildReplyClock(facts, rules, calendar);
  } else if (kind == v1::EXTENSION || kind == v1::FEE_NOTICE) {
    clock = ReplyClockBefore(kind, facts, rules, calendar);
  }
  if (clock) return ReplyLedger(*clock, *limit, calendar).Lines(as_of);
  return PlainLedger(*limit, calendar).Lines(as_of);
}

}  // namespace gongkai::law
