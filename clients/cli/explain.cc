// SPDX-License-Identifier: Apache-2.0
#include "clients/cli/explain.h"

#include <algorithm>
#include <array>

#include "absl/strings/str_cat.h"
#include "clients/cli/fields.h"
#include "clients/cli/print.h"
#include "services/base/dates.h"

namespace gongkai::cli {
namespace {

struct NoteWord {
  std::string_view note;
  std::string_view zh;
  std::string_view en;
};

// What the service calls a line of the ledger, and how it is read out.
constexpr std::array kNotes = {
    NoteWord{"trigger", "起算（不计入）", "day 0, not counted"},
    NoteWord{"counted", "计入", "counted"},
    NoteWord{"rest", "休息", "rest"},
    NoteWord{"excluded", "扣除", "left out"},
    NoteWord{"restart", "重新起算（不计入）", "day 0 of a new count"},
    NoteWord{"extended", "延长期", "extension"},
    NoteWord{"last", "届满", "last day"},
    NoteWord{"rolled", "顺延", "moved on"},
    NoteWord{"done", "完成", "done"},
    NoteWord{"late", "逾期", "late"},
};

std::string NoteText(const std::string& note, Locale locale) {
  const auto it =
      std::find_if(kNotes.begin(), kNotes.end(),
                   [&](const NoteWord& word) { return word.note == note; });
  return it == kNotes.end() ? note : Say(locale, it->zh, it->en);
}

std::string WeekdayText(absl::CivilDay day, Locale locale) {
  static constexpr std::array<std::string_view, 7> kZh = {
      "周一", "周二", "周三", "周四", "周五", "周六", "周日"};
  static constexpr std::array<std::string_view, 7> kEn = {
      "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
  const int index = static_cast<int>(absl::GetWeekday(day));
  return Say(locale, kZh[index], kEn[index]);
}

}  // namespace

absl::StatusOr<v1::GetCaseResponse> ReadCase(
    Connection* connection, const Identity& identity,
    const v1::GetCaseRequest& request) {
  return connection->Call<v1::GetCaseResponse>(
      identity,
      [&](grpc::ClientContext* context, v1::GetCaseResponse* response) {
        return connection->cases().GetCase(context, request, response);
      });
}

absl::StatusOr<v1::ExplainTimeLimitResponse> ReadLedger(
    Connection* connection, const Identity& identity,
    const v1::ExplainTimeLimitRequest& request) {
  return connection->Call<v1::ExplainTimeLimitResponse>(
      identity, [&](grpc::ClientContext* context,
                    v1::ExplainTimeLimitResponse* response) {
        return connection->cases().ExplainTimeLimit(context, request, response);
      });
}

void PrintLedger(const Run& run, const v1::ExplainTimeLimitResponse& ledger) {
  const Locale locale = run.settings.locale;
  Table limit = LimitTable(locale);
  AddLimit(ledger.limit(), locale, &limit);
  limit.Print(run.out);
  run.out << '\n';
  Table days({run.Say("日期", "date"), run.Say("星期", "day"),
              run.Say("第几日", "no."), run.Say("记为", "as"),
              run.Say("说明", "why"), run.Say("依据", "article")});
  for (const v1::LedgerLine& line : ledger.ledger()) {
    days.Add(
        {line.date(), WeekdayText(DayOf(line.date()), locale),
         line.count() > 0 ? absl::StrCat(line.count()) : "",
         NoteText(line.note(), locale),
         absl::StrCat(line.reason(), line.provisional()
                                         ? run.Say("（暂定）", " (provisional)")
                                         : ""),
         line.article()});
  }
  days.Print(run.out);
}

}  // namespace gongkai::cli
