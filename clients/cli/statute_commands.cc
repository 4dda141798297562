// SPDX-License-Identifier: Apache-2.0
// `statute`: the law without a service, for reading it and for checking the
// counting of days against any other source.
#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "clients/cli/acts.h"
#include "clients/cli/commands.h"
#include "clients/cli/due.h"
#include "clients/cli/fields.h"
#include "clients/cli/print.h"
#include "services/base/dates.h"
#include "services/base/status_macros.h"
#include "services/casework/statute.h"
#include "services/law/fees.h"

namespace gongkai::cli {
namespace {

using Json = nlohmann::ordered_json;

// The calendar that the flags ask for.
absl::StatusOr<law::Calendar> CalendarOf(const Run& run) {
  law::Calendar calendar;
  if (run.args.Has("calendar")) {
    ASSIGN_OR_RETURN(const std::string csv, ReadFile(run.args.Get("calendar")));
    ASSIGN_OR_RETURN(calendar, CalendarFromCsv(csv));
  } else {
    ASSIGN_OR_RETURN(calendar, CalendarFromFolder(run.settings.calendar_dir,
                                                  run.args.Get("place")));
  }
  if (!run.args.Has("as-published-on")) return calendar;
  ASSIGN_OR_RETURN(const absl::CivilDay day,
                   run.args.Day("as-published-on", Today()));
  return calendar.AsPublishedOn(day);
}

// A table, or the same as a JSON list of objects keyed by `keys`.
void PrintRows(const Run& run, const std::vector<std::string>& keys,
               const std::vector<std::string>& heading,
               const std::vector<std::vector<std::string>>& rows) {
  if (run.settings.output == Output::kJson) {
    Json list = Json::array();
    for (const auto& row : rows) {
      Json object = Json::object();
      for (size_t i = 0; i < keys.size(); ++i) object[keys[i]] = row[i];
      list.push_back(std::move(object));
    }
    run.out << list.dump(2) << '\n';
    return;
  }
  Table table(heading);
  for (const auto& row : rows) table.Add(row);
  table.Print(run.out);
}

absl::StatusOr<ExitCode> Workdays(const Run& run) {
  ASSIGN_OR_RETURN(const absl::CivilDay from, run.args.Day("FROM", Today()));
  ASSIGN_OR_RETURN(const absl::CivilDay to, run.args.Day("TO", Today()));
  ASSIGN_OR_RETURN(const law::Calendar calendar, CalendarOf(run));
  const int count = calendar.WorkdaysBetween(from, to);
  bool provisional = false;
  for (int year = from.year(); year <= to.year(); ++year) {
    provisional |= !calendar.IsPublished(year);
  }
  if (run.settings.output == Output::kJson) {
    run.out << Json{{"from", FormatDay(from)},
                    {"to", FormatDay(to)},
                    {"workdays", count},
                    {"provisional", provisional}}
                   .dump(2)
            << '\n';
  } else {
    run.out << count
            << run.Say(" 个工作日（首日不计，末日计入）",
                       " working days (the first day left out, the last one "
                       "counted)")
            << (provisional ? run.Say("，暂定", ", provisional") : "") << '\n';
  }
  return ExitCode::kOk;
}

absl::StatusOr<ExitCode> Due(const Run& run) {
  ASSIGN_OR_RETURN(const law::Calendar calendar, CalendarOf(run));
  const bool rolls = !run.args.Has("no-roll");
  if (run.args.Has("csv")) {
    ASSIGN_OR_RETURN(const std::string csv, ReadFile(run.args.Get("csv")));
    ASSIGN_OR_RETURN(const int broken,
                     WriteDueCsv(calendar, csv, rolls, run.out));
    if (broken == 0) return ExitCode::kOk;
    run.err << broken << run.Say(" 行有误\n", " rows are broken\n");
    return ExitCode::kBadData;
  }
  for (const char* flag : {"start", "length"}) {
    if (!run.args.Has(flag)) {
      return UsageError(absl::StrCat(
          "--", flag,
          run.Say("：请给出，或用 --csv", ": is needed, or --csv")));
    }
  }
  ASSIGN_OR_RETURN(
      const law::Counted due,
      DueOf(calendar, run.args.Get("start"), run.args.Get("length"),
            run.args.Get("unit", "WD"), rolls));
  if (run.settings.output == Output::kJson) {
    run.out << Json{{"due_date", FormatDay(due.day)},
                    {"status", due.provisional ? "provisional" : "ok"}}
                   .dump(2)
            << '\n';
  } else {
    run.out << FormatDay(due.day)
            << (due.provisional ? run.Say("  暂定", "  provisional") : "")
            << '\n';
  }
  return ExitCode::kOk;
}

std::string Names(const std::vector<casework::Guard>& guards) {
  std::vector<std::string> names;
  for (const casework::Guard& guard : guards) names.emplace_back(guard.name);
  return absl::StrJoin(names, " ");
}

// Terms of the capacities, in the order of the contract.
std::string Held(const casework::Capacities& capacities, Locale locale) {
  std::vector<std::string> names;
  for (int i = 0; i <= v1::Capacity_MAX; ++i) {
    const auto capacity = static_cast<v1::Capacity>(i);
    if (capacities.contains(capacity)) {
      names.push_back(TermOf(capacity, locale));
    }
  }
  return absl::StrJoin(names, Say(locale, "、", ", "));
}

absl::StatusOr<ExitCode> Acts(const Run& run) {
  const Locale locale = run.settings.locale;
  std::vector<std::vector<std::string>> rows;
  for (const casework::Rule& rule : casework::Statute()) {
    rows.push_back(
        {std::string(rule.name),
         std::string(casework::ActTerm(rule.act, locale == Locale::kEn)),
         PhasesText(rule, locale), Held(rule.capacities, locale),
         Names(rule.on_case), Names(rule.on_content),
         rule.limit == v1::LIMIT_KIND_UNSPECIFIED ? ""
                                                  : TermOf(rule.limit, locale),
         std::string(rule.article)});
  }
  PrintRows(run,
            {"act", "term", "phases", "capacities", "conditions_on_case",
             "conditions_on_content", "limit", "article"},
            {run.Say("行为", "act"), run.Say("名称", "term"),
             run.Say("阶段", "phases"), run.Say("履职身份", "capacities"),
             run.Say("对案件的条件", "conditions on the case"),
             run.Say("对内容的条件", "conditions on the content"),
             run.Say("期限", "limit"), run.Say("依据", "article")},
            rows);
  return ExitCode::kOk;
}

std::string LengthText(const v1::LimitRule& rule, Locale locale) {
  const std::string unit = TermOf(rule.unit(), locale);
  const char* gap = locale == Locale::kEn ? " " : "";
  if (rule.length() == 0 && rule.max_length() > 0) {
    return absl::StrCat(rule.min_length(), "–", rule.max_length(), gap, unit);
  }
  std::string text = absl::StrCat(rule.length(), gap, unit);
  if (rule.simplified_length() > 0) {
    absl::StrAppend(&text, Say(locale, "（简易 ", " (simplified "),
                    rule.simplified_length(), Say(locale, "）", ")"));
  }
  if (rule.alternative_length() > 0) {
    absl::StrAppend(&text, " / ", rule.alternative_length());
  }
  return text;
}

absl::StatusOr<ExitCode> Rules(const Run& run) {
  ASSIGN_OR_RETURN(const law::Rulebook rules,
                   RulebookFromFolder(run.settings.rulebook_dir));
  ASSIGN_OR_RETURN(const absl::CivilDay on, run.args.Day("on", Today()));
  const bool all = !run.args.Has("on");
  const Locale locale = run.settings.locale;
  std::vector<std::vector<std::string>> rows;
  for (const v1::RuleSet& set : rules.sets()) {
    const bool in_force =
        DayOf(set.effective_from()) <= on &&
        (set.effective_until().empty() || on <= DayOf(set.effective_until()));
    if (!all && !in_force) continue;
    for (const v1::LimitRule& rule : set.limits()) {
      rows.push_back({set.id(), set.effective_from(), set.effective_until(),
                      TermOf(rule.kind(), locale), LengthText(rule, locale),
                      TermOf(rule.whose(), locale),
                      rule.rolls() ? run.Say("是", "yes") : "", rule.article(),
                      rule.on_expiry()});
    }
  }
  PrintRows(
      run,
      {"set", "from", "until", "limit", "length", "whose", "rolls", "article",
       "on_expiry"},
      {run.Say("规则", "set"), run.Say("施行", "from"), run.Say("至", "until"),
       run.Say("期限", "limit"), run.Say("长度", "length"),
       run.Say("义务人", "whose"), run.Say("顺延", "rolls"),
       run.Say("依据", "article"), run.Say("逾期后果", "on expiry")},
      rows);
  return ExitCode::kOk;
}

// `11` or `11-30`.
absl::StatusOr<std::pair<int, int>> ReadRanks(const std::string& text) {
  const std::vector<std::string> parts = absl::StrSplit(text, '-');
  std::pair<int, int> ranks;
  if (parts.size() > 2 || !absl::SimpleAtoi(parts.front(), &ranks.first) ||
      !absl::SimpleAtoi(parts.back(), &ranks.second) || ranks.first < 1 ||
      ranks.second < ranks.first || ranks.second > 100000) {
    return UsageError("--ranks: two numbers as 11-30, not '" + text + "'");
  }
  return ranks;
}

absl::StatusOr<int64_t> FeeOf(const Run& run, const law::Rulebook& rules,
                              absl::CivilDay day) {
  if (run.args.Has("pages")) {
    ASSIGN_OR_RETURN(const int pages, run.args.Int("pages", 0, 0, 1000000));
    return law::PageFee(rules, day, pages);
  }
  std::pair<int, int> ranks;
  if (run.args.Has("ranks")) {
    ASSIGN_OR_RETURN(ranks, ReadRanks(run.args.Get("ranks")));
  } else if (run.args.Has("items")) {
    ASSIGN_OR_RETURN(const int items, run.args.Int("items", 1, 1, 100000));
    ranks = {1, items};
  } else {
    return UsageError(run.Say("请给出 --items、--ranks 或 --pages",
                              "one of --items, --ranks and --pages is needed"));
  }
  return law::ItemFees(rules, day, ranks.first, ranks.second);
}

absl::StatusOr<ExitCode> Fee(const Run& run) {
  ASSIGN_OR_RETURN(const law::Rulebook rules,
                   RulebookFromFolder(run.settings.rulebook_dir));
  ASSIGN_OR_RETURN(const absl::CivilDay day, run.args.Day("on", Today()));
  ASSIGN_OR_RETURN(const int64_t fen, FeeOf(run, rules, day));
  if (run.settings.output == Output::kJson) {
    run.out << Json{{"amount_fen", fen}}.dump(2) << '\n';
  } else {
    run.out << absl::StrFormat("%d.%02d", fen / 100, fen % 100)
            << run.Say(" 元（FEE）", " yuan (FEE)") << '\n';
  }
  return ExitCode::kOk;
}

std::vector<Flag> CalendarFlags(Locale locale) {
  const auto say = [&](std::string_view zh, std::string_view en) {
    return Say(locale, zh, en);
  };
  return {{.name = "calendar",
           .help = say("以此文件（列 date,kind）代替内置日历",
                       "this file (columns date,kind) instead of the built-in "
                       "calendar"),
           .file = true},
          {.name = "place",
           .help = say("加上该地自己的日期，如 shanghai",
                       "with the own days of this place, as shanghai")},
          {.name = "as-published-on",
           .help = say("按该日已公布者", "as published on this day")}};
}

Command DueCommand(Locale locale) {
  const auto say = [&](std::string_view zh, std::string_view en) {
    return Say(locale, zh, en);
  };
  Command due{
      .name = "due",
      .help =
          say("期限届满之日：首日不计，末日遇休息日顺延（CPL 85；民法典 201）",
              "The last day of a limit: the first day is not counted, a "
              "last day off moves on (CPL 85; 民法典 201)"),
      .flags = {{.name = "start", .help = say("起算之日", "day 0")},
                {.name = "length", .help = say("长度", "length")},
                {.name = "unit",
                 .help = say("单位，默认 WD：工作日、日、月",
                             "unit, WD by default: working days, days, "
                             "months"),
                 .choices = {"WD", "CD", "M"}},
                {.name = "csv",
                 .help = say("文件，列 start_date,length,unit；加上 "
                             "due_date,status",
                             "file with the columns start_date,length,unit; "
                             "due_date,status are added"),
                 .file = true},
                {.name = "no-roll",
                 .help = say("末日遇休息日不顺延",
                             "a last day off stays the last day"),
                 .takes = Takes::kNothing}},
      .run = Due};
  for (Flag& flag : CalendarFlags(locale)) due.flags.push_back(std::move(flag));
  return due;
}

}  // namespace

Command StatuteCommand(Locale locale) {
  const auto say = [&](std::string_view zh, std::string_view en) {
    return Say(locale, zh, en);
  };
  const Flag on{.name = "on", .help = say("在该日", "on this day")};
  Command command;
  command.name = "statute";
  command.help = say("法规：计日、行为表、规则、收费（离线）",
                     "The law: counting days, acts, rules, fees (offline)");
  command.commands = {
      {.name = "workdays",
       .help = say("两日之间的工作日数", "Working days between two days"),
       .flags = CalendarFlags(locale),
       .positionals =
           {{.name = "FROM", .help = say("起", "first day"), .required = true},
            {.name = "TO", .help = say("止", "last day"), .required = true}},
       .run = Workdays},
      DueCommand(locale),
      {.name = "acts",
       .help = say("行为表：何时、由谁、在何条件下、依何条",
                   "The table of acts: when, by whom, if what, by which "
                   "article"),
       .run = Acts},
      {.name = "rules",
       .help = say("期限规则及其条文", "The limits with their articles"),
       .flags = {on},
       .run = Rules},
      {.name = "fee",
       .help = say("信息处理费（国办函〔2020〕109号）",
                   "The information-processing fee (FEE)"),
       .flags = {{.name = "items",
                  .help = say("当月件数", "items of the month")},
                 {.name = "ranks",
                  .help = say("当月第几件至第几件，如 11-30",
                              "from which to which of the month, as 11-30")},
                 {.name = "pages", .help = say("页数", "pages")},
                 on},
       .run = Fee}};
  return command;
}

}  // namespace gongkai::cli
