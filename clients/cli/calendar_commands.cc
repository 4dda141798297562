// SPDX-License-Identifier: Apache-2.0
// `calendar show`, `load` and `progress`: the service's working days.
#include <algorithm>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "clients/cli/acts.h"
#include "clients/cli/commands.h"
#include "clients/cli/connect.h"
#include "clients/cli/fields.h"
#include "clients/cli/print.h"
#include "services/base/dates.h"
#include "services/base/ids.h"
#include "services/base/status_macros.h"
#include "services/law/calendar.h"

namespace gongkai::cli {
namespace {

absl::StatusOr<ExitCode> Show(const Run& run) {
  v1::ListDaysRequest request;
  request.set_agency(run.settings.agency);
  ASSIGN_OR_RETURN(const absl::CivilDay from, run.args.Day("from", Today()));
  ASSIGN_OR_RETURN(const absl::CivilDay to, run.args.Day("to", from + 30));
  request.set_from_date(FormatDay(from));
  request.set_to_date(FormatDay(to));
  if (run.args.Has("as-published-on")) {
    ASSIGN_OR_RETURN(const absl::CivilDay published,
                     run.args.Day("as-published-on", Today()));
    request.set_as_published_on_date(FormatDay(published));
  }
  Connection connection(run.settings, "handler");
  ASSIGN_OR_RETURN(
      const v1::ListDaysResponse days,
      connection.Call<v1::ListDaysResponse>(
          {},
          [&](grpc::ClientContext* context, v1::ListDaysResponse* response) {
            return connection.calendars().ListDays(context, request, response);
          }));
  if (run.settings.output == Output::kJson) {
    PrintJson(run.out, days);
    return ExitCode::kOk;
  }
  const Locale locale = run.settings.locale;
  Table table({run.Say("日期", "date"), run.Say("性质", "kind"),
               run.Say("节日", "holiday"), run.Say("通知", "notice"),
               run.Say("暂定", "provisional")});
  int workdays = 0;
  for (const v1::CalendarDay& day : days.days()) {
    if (day.kind() == v1::WORKDAY || day.kind() == v1::MAKE_UP_WORKDAY) {
      ++workdays;
    }
    table.Add({day.date(), TermOf(day.kind(), locale), day.name(), day.notice(),
               day.provisional() ? run.Say("是", "yes") : ""});
  }
  table.Print(run.out);
  run.out << run.Say("工作日 ", "working days ") << workdays
          << run.Say("，日历 ", ", calendar ") << days.calendar_version()
          << run.Say("，已公布至 ", ", published to ")
          << days.last_published_year() << '\n';
  return ExitCode::kOk;
}

// The form of a CODE field: an address too long for it, or with other letters,
// is left out rather than cut.
std::string SourceCode(std::string source) {
  for (const std::string_view scheme : {"https://", "http://", "www."}) {
    if (source.starts_with(scheme)) source.erase(0, scheme.size());
  }
  const bool fits =
      source.size() <= 64 &&
      std::all_of(source.begin(), source.end(), [](unsigned char c) {
        return std::isalnum(c) != 0 ||
               std::string_view("._:/+-").find(static_cast<char>(c)) !=
                   std::string_view::npos;
      });
  return fits ? source : "";
}

v1::CalendarNotice ToProto(const law::Notice& notice) {
  v1::CalendarNotice proto;
  proto.set_number(notice.number);
  proto.set_title(notice.title);
  proto.set_issued_date(FormatDay(notice.issued));
  proto.set_year(notice.year);
  proto.set_source(SourceCode(notice.source));
  for (const law::NoticeDay& day : notice.days) {
    v1::CalendarNotice::Day* added = proto.add_days();
    added->set_date(FormatDay(day.day));
    added->set_kind(day.kind);
    added->set_name(day.name);
  }
  return proto;
}

// The notices that the flags ask for, in the order of their issue.
absl::StatusOr<std::vector<law::Notice>> WantedNotices(const Run& run) {
  const std::string folder = run.settings.calendar_dir;
  ASSIGN_OR_RETURN(const std::string notices_csv,
                   ReadFile(run.args.Get("notices", folder + "/notices.csv")));
  ASSIGN_OR_RETURN(const std::string days_csv,
                   ReadFile(run.args.Get("days", folder + "/days.csv")));
  ASSIGN_OR_RETURN(std::vector<law::Notice> notices,
                   law::ReadNotices(notices_csv, days_csv));
  ASSIGN_OR_RETURN(const absl::CivilDay until,
                   run.args.Day("issued-until", absl::CivilDay(2199, 12, 31)));
  const std::string only = run.args.Get("only");
  std::erase_if(notices, [&](const law::Notice& notice) {
    return notice.issued > until || (!only.empty() && notice.number != only);
  });
  if (!only.empty() && notices.empty()) {
    return absl::NotFoundError("no such notice in the file: " + only);
  }
  std::stable_sort(notices.begin(), notices.end(),
                   [](const law::Notice& a, const law::Notice& b) {
                     return a.issued < b.issued;
                   });
  return notices;
}

// What the notice does to the case today.
std::string StandingOf(const Run& run, const v1::CaseMove& moved) {
  if (moved.becomes_overdue()) return run.Say("将逾期", "becomes overdue");
  if (moved.no_longer_overdue()) {
    return run.Say("不再逾期", "no longer overdue");
  }
  return "";
}

absl::Status Preview(const Run& run, Connection* connection,
                     const std::string& agency, const law::Notice& notice) {
  v1::PreviewNoticeRequest request;
  request.set_agency(agency);
  *request.mutable_notice() = ToProto(notice);
  ASSIGN_OR_RETURN(const v1::PreviewNoticeResponse preview,
                   connection->Call<v1::PreviewNoticeResponse>(
                       {}, [&](grpc::ClientContext* context,
                               v1::PreviewNoticeResponse* response) {
                         return connection->calendars().PreviewNotice(
                             context, request, response);
                       }));
  if (run.settings.output == Output::kJson) {
    PrintJson(run.out, preview);
    return absl::OkStatus();
  }
  run.out << notice.number << run.Say("：将变动 ", ": would move ")
          << preview.moved() << run.Say(" 件（共查 ", " of ")
          << preview.looked_at() << run.Say(" 件）", " cases")
          << run.Say("，今日起逾期 ", "; overdue today ")
          << preview.become_overdue()
          << run.Say(" 件，不再逾期 ", ", no longer overdue ")
          << preview.no_longer_overdue() << run.Say(" 件", "") << '\n';
  Table table({run.Say("案件", "case"), run.Say("期限", "limit"),
               run.Say("原届满", "was"), run.Say("新届满", "becomes"),
               run.Say("今日", "today"), run.Say("经办人", "officer"),
               run.Say("承办部门", "department")});
  for (const v1::CaseMove& moved : preview.cases()) {
    for (const v1::CalendarChange::Move& move : moved.moves()) {
      table.Add({moved.name(), TermOf(move.kind(), run.settings.locale),
                 move.old_date(), move.new_date(), StandingOf(run, moved),
                 moved.officer(), moved.department()});
    }
  }
  if (!table.empty()) table.Print(run.out);
  return absl::OkStatus();
}

absl::Status Load(const Run& run, Connection* connection,
                  const std::string& agency, const law::Notice& notice) {
  v1::LoadNoticeRequest request;
  request.set_agency(agency);
  // The same notice asks for the same thing whenever it is loaded.
  request.set_request_id(
      UuidFrom(absl::StrCat("notice\n", agency, "\n", notice.number)));
  *request.mutable_notice() = ToProto(notice);
  const auto send = [&] {
    return connection->Call<v1::LoadNoticeResponse>(
        {},
        [&](grpc::ClientContext* context, v1::LoadNoticeResponse* response) {
          return connection->calendars().LoadNotice(context, request, response);
        });
  };
  auto answer = send();
  // Another administrator loaded it: the service knows it by its number too.
  if (DetailsOf(answer.status()).reason == "REQUEST_ID_REUSED") {
    request.set_request_id(NewUuid(absl::Now()));
    answer = send();
  }
  ASSIGN_OR_RETURN(const v1::LoadNoticeResponse loaded, answer);
  if (run.settings.output == Output::kJson) {
    PrintJson(run.out, loaded);
  } else {
    run.out << FormatDay(notice.issued) << "  " << Padded(notice.number, 30)
            << "  "
            << (loaded.already_loaded()
                    ? run.Say("此前已载入", "loaded before")
                    : run.Say("已载入，日历 ", "loaded, calendar ") +
                          loaded.calendar_version())
            << '\n';
  }
  return absl::OkStatus();
}

absl::StatusOr<ExitCode> LoadAll(const Run& run) {
  ASSIGN_OR_RETURN(const std::vector<law::Notice> notices, WantedNotices(run));
  // Whoever handles cases is shown which move; a keeper of calendars, how many.
  const bool preview = run.args.Has("preview");
  Connection connection(run.settings,
                        preview ? "handler" : UsualRole(v1::RULE_KEEPER));
  const std::string agency = run.args.Get("local");
  for (const law::Notice& notice : notices) {
    const absl::Status status = preview
                                    ? Preview(run, &connection, agency, notice)
                                    : Load(run, &connection, agency, notice);
    if (!status.ok()) {
      run.err << notice.number << '\n';
      return status;
    }
  }
  return ExitCode::kOk;
}

absl::StatusOr<ExitCode> Progress(const Run& run) {
  v1::GetCalendarProgressRequest request;
  ASSIGN_OR_RETURN(*request.mutable_agency(), NeedAgency(run.settings));
  Connection connection(run.settings, "handler");
  ASSIGN_OR_RETURN(const v1::GetCalendarProgressResponse response,
                   connection.Call<v1::GetCalendarProgressResponse>(
                       {}, [&](grpc::ClientContext* context,
                               v1::GetCalendarProgressResponse* answer) {
                         return connection.calendars().GetCalendarProgress(
                             context, request, answer);
                       }));
  if (run.settings.output == Output::kJson) {
    PrintJson(run.out, response);
    return ExitCode::kOk;
  }
  const v1::CalendarProgress& progress = response.progress();
  run.out << run.Say("日历 ", "calendar ") << progress.calendar_version()
          << run.Say("：已查 ", ": looked at ") << progress.looked_at() << '/'
          << progress.total() << run.Say("，变动 ", ", moved ")
          << progress.moved()
          << (progress.done() ? run.Say("，完成", ", done")
                              : run.Say("，进行中", ", under way"))
          << '\n';
  return ExitCode::kOk;
}

}  // namespace

Command CalendarCommand(Locale locale) {
  const auto say = [&](std::string_view zh, std::string_view en) {
    return Say(locale, zh, en);
  };
  Command command;
  command.name = "calendar";
  command.help = say("工作日历", "The working-day calendar");
  command.commands = {
      {.name = "show",
       .help = say("一段时间的日历", "The days of a period"),
       .flags = {{.name = "from",
                  .help = say("起，默认今天", "first day, today by default")},
                 {.name = "to",
                  .help = say("止，默认 30 天后",
                              "last day, 30 days later by default")},
                 {.name = "as-published-on",
                  .help = say("按该日已公布者", "as published on this day")}},
       .run = Show},
      {.name = "load",
       .help = say("按发布先后载入节假日通知；再次载入不改变什么",
                   "Loads holiday notices in the order of their issue; a "
                   "second time changes nothing"),
       .flags = {{.name = "notices",
                  .help = say("通知文件", "file of notices"),
                  .file = true},
                 {.name = "days",
                  .help = say("日期文件", "file of days"),
                  .file = true},
                 {.name = "only",
                  .help = say("只此文号", "only the notice of this number")},
                 {.name = "issued-until",
                  .help = say("只至该日发布者", "only those issued until")},
                 {.name = "local",
                  .help = say("作为该机关自己的日历",
                              "as the own days of this agency")},
                 {.name = "preview",
                  .help = say("只看多少案件会变动；可查案件者另见案号",
                              "only show how many cases would move, and to "
                              "whoever lists cases which"),
                  .takes = Takes::kNothing}},
       .run = LoadAll},
      {.name = "progress",
       .help = say("日历变更的进度", "How far a changed calendar has come"),
       .run = Progress}};
  return command;
}

}  // namespace gongkai::cli
