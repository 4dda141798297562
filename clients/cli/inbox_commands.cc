// SPDX-License-Identifier: Apache-2.0
// `inbox`: what became due for oneself, as a list and as it comes.
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "clients/cli/commands.h"
#include "clients/cli/connect.h"
#include "clients/cli/fields.h"
#include "clients/cli/print.h"
#include "gongkai/v1/report_service.grpc.pb.h"
#include "services/base/ids.h"
#include "services/base/status_macros.h"

namespace gongkai::cli {
namespace {

std::string NumberIn(const v1::Reminder& reminder) {
  const auto ref = ParseCaseName(reminder.name());
  return ref.ok() ? ref->number : reminder.name();
}

// What it is about, in a line.
std::string About(const v1::Reminder& reminder, Locale locale) {
  if (reminder.kind() == v1::REMIND_DIGEST) {
    return absl::StrCat(Say(locale, "逾期 ", "overdue "), reminder.overdue(),
                        Say(locale, "，红 ", ", red "), reminder.red(),
                        Say(locale, "，黄 ", ", yellow "), reminder.yellow());
  }
  std::string text = TermOf(reminder.limit(), locale);
  if (reminder.ordinal() > 1) absl::StrAppend(&text, " ", reminder.ordinal());
  return text;
}

std::string LeftText(const v1::Reminder& reminder, Locale locale) {
  if (reminder.kind() == v1::REMIND_DIGEST) return "";
  if (reminder.left() >= 0) return absl::StrCat(reminder.left());
  return absl::StrCat(Say(locale, "逾期 ", "late "), -reminder.left());
}

std::vector<std::string> CellsOf(const v1::Reminder& reminder, Locale locale) {
  return {reminder.read_time().empty() ? "*" : "",
          reminder.remind_date(),
          TermOf(reminder.kind(), locale),
          NumberIn(reminder),
          reminder.due_date(),
          LeftText(reminder, locale),
          About(reminder, locale),
          reminder.id()};
}

absl::StatusOr<ExitCode> List(const Run& run) {
  v1::ListRemindersRequest request;
  request.set_unread_only(run.args.Has("unread"));
  ASSIGN_OR_RETURN(const int size, run.args.Int("page-size", 0, 1, 200));
  request.set_page_size(size);
  request.set_page_token(run.args.Get("page-token"));
  Connection connection(run.settings, "");
  const auto reports = v1::ReportService::NewStub(connection.channel());
  v1::ListRemindersResponse list;
  while (true) {
    ASSIGN_OR_RETURN(const v1::ListRemindersResponse page,
                     connection.Call<v1::ListRemindersResponse>(
                         {}, [&](grpc::ClientContext* context,
                                 v1::ListRemindersResponse* answer) {
                           return reports->ListReminders(context, request,
                                                         answer);
                         }));
    list.mutable_reminders()->MergeFrom(page.reminders());
    list.set_next_page_token(page.next_page_token());
    list.set_unread(page.unread());
    if (!run.args.Has("all") || page.next_page_token().empty()) break;
    request.set_page_token(page.next_page_token());
  }
  if (run.settings.output == Output::kJson) {
    PrintJson(run.out, list);
    return ExitCode::kOk;
  }
  Table table({"", run.Say("日期", "day"), run.Say("类别", "kind"),
               run.Say("编号", "number"), run.Say("最后一日", "last day"),
               run.Say("剩余工作日", "left"), run.Say("事项", "about"), "id"});
  for (const v1::Reminder& reminder : list.reminders()) {
    table.Add(CellsOf(reminder, run.settings.locale));
  }
  if (!table.empty()) table.Print(run.out);
  run.out << run.Say("未读 ", "unread ") << list.unread() << '\n';
  if (!list.next_page_token().empty()) {
    run.out << run.Say("还有：--page-token ", "more: --page-token ")
            << list.next_page_token() << '\n';
  }
  return ExitCode::kOk;
}

absl::StatusOr<ExitCode> MarkRead(const Run& run) {
  v1::MarkRemindersRequest request;
  const std::vector<std::string> ids = run.args.All("ID");
  if (ids.empty() == !run.args.Has("all")) {
    return UsageError("inbox read: identifiers of reminders, or --all");
  }
  for (const std::string& id : ids) request.add_ids(id);
  Connection connection(run.settings, "");
  const auto reports = v1::ReportService::NewStub(connection.channel());
  ASSIGN_OR_RETURN(
      const v1::MarkRemindersResponse response,
      connection.Call<v1::MarkRemindersResponse>(
          {},
          [&](grpc::ClientContext* context, v1::MarkRemindersResponse* answer) {
            return reports->MarkReminders(context, request, answer);
          }));
  if (run.settings.output == Output::kJson) {
    PrintJson(run.out, response);
  } else {
    run.out << run.Say("标记已读 ", "marked as read: ") << response.marked()
            << '\n';
  }
  return ExitCode::kOk;
}

absl::StatusOr<ExitCode> Watch(const Run& run) {
  v1::WatchRemindersRequest request;
  int64_t after = 0;
  if (run.args.Has("after") &&
      (!absl::SimpleAtoi(run.args.Get("after"), &after) || after < 0)) {
    return UsageError("--after: a place as `inbox watch` printed it, not '" +
                      run.args.Get("after") + "'");
  }
  request.set_after_place(after);
  ASSIGN_OR_RETURN(const int most, run.args.Int("most", 0, 1, 2147483647));
  Connection connection(run.settings, "");
  grpc::ClientContext context;
  std::string token;
  RETURN_IF_ERROR(connection.Begin(&context, {}, &token));
  const auto reports = v1::ReportService::NewStub(connection.channel());
  const auto stream = reports->WatchReminders(&context, request);
  v1::WatchRemindersResponse response;
  int seen = 0;
  while ((most == 0 || seen < most) && stream->Read(&response)) {
    ++seen;
    const v1::Reminder& one = response.reminder();
    if (run.settings.output == Output::kJson) {
      PrintJson(run.out, response);
    } else {
      run.out << Padded(absl::StrCat(one.place()), 8) << one.remind_date()
              << "  " << TermOf(one.kind(), run.settings.locale) << "  "
              << NumberIn(one) << "  " << one.due_date() << "  "
              << LeftText(one, run.settings.locale) << "  "
              << About(one, run.settings.locale) << '\n';
    }
    run.out << std::flush;
  }
  if (most > 0 && seen == most) {
    context.TryCancel();
    return ExitCode::kOk;
  }
  RETURN_IF_ERROR(FromGrpc(stream->Finish()));
  return ExitCode::kOk;
}

}  // namespace

Command InboxCommand(Locale locale) {
  const auto say = [&](std::string_view zh, std::string_view en) {
    return Say(locale, zh, en);
  };
  return {
      .name = "inbox",
      .help = say("本人的催办与每日汇总", "One's own reminders and digests"),
      .commands = {
          {.name = "list",
           .help = say("最新在前，* 为未读", "newest first, * is unread"),
           .flags = {{.name = "unread",
                      .help = say("仅未读", "only the unread"),
                      .takes = Takes::kNothing},
                     {.name = "all",
                      .help = say("全部各页", "every page"),
                      .takes = Takes::kNothing},
                     {.name = "page-size",
                      .help = say("每页条数，至多 200",
                                  "reminders a page, at most 200")},
                     {.name = "page-token",
                      .help = say("从该页继续", "go on with this page")}},
           .run = List},
          {.name = "read",
           .help = say("标记已读", "marks as read"),
           .flags = {{.name = "all",
                      .help = say("全部", "all of them"),
                      .takes = Takes::kNothing}},
           .positionals = {{.name = "ID",
                            .help = say("编号", "identifiers"),
                            .takes = Takes::kValues}},
           .run = MarkRead},
          {.name = "watch",
           .help = say("随到随报", "prints reminders as they come"),
           .flags = {{.name = "after",
                      .help = say("从此位置之后起，默认自现在起",
                                  "after this place; from now on by default")},
                     {.name = "most",
                      .help = say("满此条数即止", "end after so many")}},
           .run = Watch}}};
}

}  // namespace gongkai::cli
