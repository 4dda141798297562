// SPDX-License-Identifier: Apache-2.0
// The ledger of a limit in one sentence.
#include <map>
#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "services/base/dates.h"
#include "services/report/words.h"
#include "services/report/work.h"

namespace gongkai::report {
namespace {

using law::DayNote;
using law::LedgerLine;

// The reasons of ledgers are Chinese; what a reader of English is told.
std::string ReasonText(const std::string& reason, Locale locale) {
  if (locale == Locale::kChinese) return reason;
  static const auto& english =
      *new std::map<std::string, std::string_view, std::less<>>{
          {"征求第三方意见", "consulting a third party"},
          {"征求共同制作机关意见", "consulting a co-maker"},
          {"征求其他机关意见", "consulting another agency"},
          {"等待补正", "awaiting correction"},
          {"等待缴费", "awaiting payment"},
          {"收到补正后的申请，期限重新计算",
           "counted afresh from the corrected application"},
          {"申请人完成缴费，期限重新计算", "counted afresh from the payment"},
      };
  const auto found = english.find(reason);
  return found == english.end() ? reason : std::string(found->second);
}

bool IsWorkday(const LedgerLine& line) {
  return line.kind == v1::WORKDAY || line.kind == v1::MAKE_UP_WORKDAY;
}

// What a ledger comes to.
struct Account {
  absl::CivilDay first;  // day 0 of the first count
  const LedgerLine* restart = nullptr;
  const LedgerLine* rolled = nullptr;
  const LedgerLine* last = nullptr;
  int extended = 0;  // units added by the extension
  bool deferred = false;
  // Working days left out, by reason, in the order in which they began.
  std::vector<std::pair<std::string, int>> excluded;
};

void Exclude(const std::string& reason, Account& account) {
  for (auto& [known, days] : account.excluded) {
    if (known == reason) {
      ++days;
      return;
    }
  }
  account.excluded.emplace_back(reason, 1);
}

Account AccountOf(const law::Limit& limit,
                  const std::vector<LedgerLine>& ledger) {
  Account account;
  account.first = ledger.front().day;
  for (const LedgerLine& line : ledger) {
    switch (line.note) {
      case DayNote::kRestart:
        account.restart = &line;
        // What was left out before counts no more.
        account.excluded.clear();
        break;
      case DayNote::kExcluded:
        Exclude(line.reason, account);
        break;
      case DayNote::kExtended:
        account.extended = limit.length - (line.count - 1);
        break;
      case DayNote::kLast:
        account.last = &line;
        account.deferred = line.reason == "延迟答复的最后一日";
        break;
      case DayNote::kRolled:
        account.rolled = &line;
        break;
      default:
        break;
    }
  }
  return account;
}

// Says the account clause by clause.
class Sentence {
 public:
  Sentence(const law::Limit& limit, const std::vector<LedgerLine>& ledger,
           Locale locale)
      : limit_(limit),
        ledger_(ledger),
        locale_(locale),
        account_(AccountOf(limit, ledger)) {}

  std::string Text() {
    SayStart();
    SayExcluded();
    SayExtension();
    SayEnd();
    SayLate();
    if (limit_.provisional) {
      Add("跨放假安排未公布的年份，暂定",
          "provisional: crosses a year without a published calendar");
    }
    return Join(clauses_, locale_);
  }

 private:
  void Add(std::string_view zh, std::string_view en) {
    clauses_.push_back(Say(locale_, zh, en));
  }
  std::string Day(absl::CivilDay day) const {
    return ShortDay(day, account_.first, locale_);
  }

  // The day on which the count would have ended with nothing left out and
  // nothing added. Empty when the ledger does not reach it.
  law::MaybeDay PlainEnd() const {
    if (account_.rolled != nullptr) return account_.rolled->day;
    if (limit_.unit != v1::WORKING_DAYS) return limit_.due;
    int counted = 0;
    for (const LedgerLine& line : ledger_) {
      if (line.day <= limit_.start || !IsWorkday(line)) continue;
      if (++counted == FirstLength()) return line.day;
    }
    return limit_.length == 0 ? limit_.due : std::nullopt;
  }

  int FirstLength() const { return limit_.length - account_.extended; }

  // `2024-02-26收到，第20个工作日为3月25日`
  void SayStart() {
    const bool reply = limit_.kind == v1::REPLY;
    const std::string first = FormatDay(account_.first);
    std::string zh = first + (reply ? "收到" : "起算");
    std::string en = (reply ? "received " : "counted from ") + first;
    if (account_.restart != nullptr) {
      const std::string day = Day(account_.restart->day);
      absl::StrAppend(&zh, "，", day,
                      ReasonText(account_.restart->reason, Locale::kChinese));
      absl::StrAppend(&en, ", ",
                      ReasonText(account_.restart->reason, Locale::kEnglish),
                      " on ", day);
    }
    if (!account_.deferred) {
      const auto [count_zh, count_en] = CountText();
      absl::StrAppend(&zh, "，", count_zh);
      absl::StrAppend(&en, ", ", count_en);
    }
    Add(zh, en);
  }

  std::pair<std::string, std::string> CountText() const {
    const int length = FirstLength();
    const law::MaybeDay end = PlainEnd();
    if (!end) {
      return {"期限" + Span(length, limit_.unit, Locale::kChinese),
              Span(length, limit_.unit, Locale::kEnglish)};
    }
    if (length == 0) return {"应于当日办理", "to be done that day"};
    const std::string day = Day(*end);
    const std::string zh = Span(length, limit_.unit, Locale::kChinese);
    switch (limit_.unit) {
      case v1::MONTHS:
      case v1::YEARS:
        return {absl::StrCat("满", zh, "为", day),
                absl::StrCat(Span(length, limit_.unit, Locale::kEnglish),
                             " end on ", day)};
      case v1::WORKING_DAYS:
        return {absl::StrCat("第", zh, "为", day),
                absl::StrCat("working day ", length, " is ", day)};
      default:
        return {absl::StrCat("第", zh, "为", day),
                absl::StrCat("day ", length, " is ", day)};
    }
  }

  void SayExcluded() {
    if (account_.deferred) return;
    for (const auto& [reason, days] : account_.excluded) {
      Add(absl::StrCat("扣除", reason,
                       Span(days, v1::WORKING_DAYS, Locale::kChinese)),
          absl::StrCat(Span(days, v1::WORKING_DAYS, Locale::kEnglish),
                       " left out for ", ReasonText(reason, Locale::kEnglish)));
    }
  }

  void SayExtension() {
    if (account_.extended == 0 || account_.deferred) return;
    Add(absl::StrCat("延长",
                     Span(account_.extended, limit_.unit, Locale::kChinese)),
        absl::StrCat("extended by ",
                     Span(account_.extended, limit_.unit, Locale::kEnglish)));
  }

  // The last day, where it is not the plain end of the count.
  void SayEnd() {
    if (account_.deferred) {
      Add("延迟答复至" + Day(*limit_.due), "deferred to " + Day(*limit_.due));
      return;
    }
    if (!limit_.due) {
      Add("中止计算，期满日未定", "suspended, no last day yet");
      return;
    }
    if (PlainEnd() == limit_.due) return;
    if (account_.rolled != nullptr) {
      Add("逢休息日顺延至" + Day(*limit_.due),
          "a day off, moved on to " + Day(*limit_.due));
    } else {
      Add("期满日为" + Day(*limit_.due), "last day " + Day(*limit_.due));
    }
  }

  void SayLate() {
    if (limit_.late_by <= 0) return;
    const v1::LimitUnit unit =
        limit_.unit == v1::WORKING_DAYS ? v1::WORKING_DAYS : v1::CALENDAR_DAYS;
    Add("已逾期" + Span(limit_.late_by, unit, Locale::kChinese),
        Span(limit_.late_by, unit, Locale::kEnglish) + " late");
  }

  const law::Limit& limit_;
  const std::vector<LedgerLine>& ledger_;
  Locale locale_;
  Account account_;
  std::vector<std::string> clauses_;
};

}  // namespace

std::string Why(const law::Limit& limit,
                const std::vector<law::LedgerLine>& ledger, Locale locale) {
  if (ledger.empty()) return "";
  return Sentence(limit, ledger, locale).Text();
}

}  // namespace gongkai::report
