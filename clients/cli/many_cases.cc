// SPDX-License-Identifier: Apache-2.0
// `case list`, `search`, `similar` and `watch`: many cases.
#include <vector>

#include "absl/strings/str_cat.h"
#include "clients/cli/commands.h"
#include "clients/cli/connect.h"
#include "clients/cli/fields.h"
#include "clients/cli/print.h"
#include "clients/cli/receive.h"
#include "clients/cli/reports.h"
#include "services/base/dates.h"
#include "services/base/status_macros.h"

namespace gongkai::cli {
namespace {

// Sets a date field from a flag when the flag is there.
absl::Status SetDay(const Run& run, const std::string& flag,
                    std::string* field) {
  if (!run.args.Has(flag)) return absl::OkStatus();
  ASSIGN_OR_RETURN(const absl::CivilDay day, run.args.Day(flag, Today()));
  *field = FormatDay(day);
  return absl::OkStatus();
}

absl::StatusOr<v1::ListCasesRequest> ListRequest(const Run& run) {
  const Arguments& args = run.args;
  v1::ListCasesRequest request;
  ASSIGN_OR_RETURN(*request.mutable_agency(), NeedAgency(run.settings));
  for (const std::string& phase : args.All("phase")) {
    RETURN_IF_ERROR(SetField(&request, "phases", phase));
  }
  if (args.Has("outcome")) {
    RETURN_IF_ERROR(SetField(&request, "outcome", args.Get("outcome")));
  }
  if (args.Has("applicant-kind")) {
    RETURN_IF_ERROR(
        SetField(&request, "applicant_kind", args.Get("applicant-kind")));
  }
  // The overdue alone: those whose last day was yesterday or before.
  if (args.Has("overdue")) request.set_due_by_date(FormatDay(Today() - 1));
  RETURN_IF_ERROR(SetDay(run, "due-by", request.mutable_due_by_date()));
  RETURN_IF_ERROR(
      SetDay(run, "received-from", request.mutable_received_from_date()));
  RETURN_IF_ERROR(
      SetDay(run, "received-to", request.mutable_received_to_date()));
  request.set_officer(args.Get("officer"));
  request.set_department(args.Get("department"));
  request.set_open_only(args.Has("open"));
  RETURN_IF_ERROR(SetField(&request, "order", args.Get("order", "due")));
  ASSIGN_OR_RETURN(const int size, args.Int("page-size", 0, 1, 200));
  request.set_page_size(size);
  request.set_page_token(args.Get("page-token"));
  return request;
}

void PrintSummaries(const Run& run, const v1::ListCasesResponse& list) {
  const Locale locale = run.settings.locale;
  Table table({run.Say("案号", "number"), run.Say("阶段", "phase"),
               run.Say("收到", "received"), run.Say("经办人", "officer"),
               run.Say("最近期限", "next limit"), run.Say("状态", "state"),
               run.Say("届满", "last day"),
               run.Say("剩余工作日", "working days left"),
               run.Say("答复", "outcome")});
  for (const v1::CaseSummary& c : list.cases()) {
    const bool dated = !c.next_due_date().empty();
    table.Add(
        {c.number(), TermOf(c.phase(), locale), c.receipt_date(), c.officer(),
         c.next_limit() == v1::LIMIT_KIND_UNSPECIFIED
             ? ""
             : TermOf(c.next_limit(), locale),
         TermOf(c.next_state(), locale),
         absl::StrCat(
             c.next_due_date(),
             c.provisional() ? run.Say("（暂定）", " (provisional)") : ""),
         dated ? absl::StrCat(c.working_days_left()) : "",
         TermOf(c.outcome(), locale)});
  }
  table.Print(run.out);
}

absl::StatusOr<ExitCode> List(const Run& run) {
  ASSIGN_OR_RETURN(v1::ListCasesRequest request, ListRequest(run));
  Connection connection(run.settings, "handler");
  v1::ListCasesResponse list;
  for (;;) {
    ASSIGN_OR_RETURN(
        const v1::ListCasesResponse page,
        connection.Call<v1::ListCasesResponse>(
            {},
            [&](grpc::ClientContext* context, v1::ListCasesResponse* response) {
              return connection.cases().ListCases(context, request, response);
            }));
    list.mutable_cases()->MergeFrom(page.cases());
    list.set_next_page_token(page.next_page_token());
    if (!run.args.Has("all") || page.next_page_token().empty()) break;
    request.set_page_token(page.next_page_token());
  }
  if (run.settings.output == Output::kJson) {
    PrintJson(run.out, list);
    return ExitCode::kOk;
  }
  PrintSummaries(run, list);
  if (!list.next_page_token().empty()) {
    run.out << run.Say("还有：--page-token ", "more: --page-token ")
            << list.next_page_token() << '\n';
  }
  return ExitCode::kOk;
}

absl::StatusOr<ExitCode> Search(const Run& run) {
  v1::SearchCasesRequest request;
  ASSIGN_OR_RETURN(*request.mutable_agency(), NeedAgency(run.settings));
  request.set_phrase(run.args.Get("PHRASE"));
  request.set_identity_number(run.args.Get("identity-number"));
  request.set_telephone(run.args.Get("telephone"));
  ASSIGN_OR_RETURN(const int size, run.args.Int("page-size", 0, 1, 200));
  request.set_page_size(size);
  request.set_page_token(run.args.Get("page-token"));
  Connection connection(run.settings, "handler");
  ASSIGN_OR_RETURN(
      const v1::SearchCasesResponse found,
      connection.Call<v1::SearchCasesResponse>(
          {},
          [&](grpc::ClientContext* context, v1::SearchCasesResponse* response) {
            return connection.cases().SearchCases(context, request, response);
          }));
  if (run.settings.output == Output::kJson) {
    PrintJson(run.out, found);
    return ExitCode::kOk;
  }
  Table table({run.Say("案号", "number"), run.Say("阶段", "phase"),
               run.Say("收到", "received"), run.Say("申请人", "applicant"),
               run.Say("摘录", "excerpt")});
  for (const auto& hit : found.hits()) {
    table.Add({hit.summary().number(),
               TermOf(hit.summary().phase(), run.settings.locale),
               hit.summary().receipt_date(), hit.applicant_name(),
               hit.excerpt()});
  }
  table.Print(run.out);
  if (!found.next_page_token().empty()) {
    run.out << run.Say("还有：--page-token ", "more: --page-token ")
            << found.next_page_token() << '\n';
  }
  return ExitCode::kOk;
}

absl::StatusOr<ExitCode> Similar(const Run& run) {
  v1::ListSimilarCasesRequest request;
  ASSIGN_OR_RETURN(*request.mutable_name(),
                   CaseNameOf(run.args.Get("NUMBER"), run.settings.agency));
  ASSIGN_OR_RETURN(const int most, run.args.Int("most", 0, 1, 50));
  request.set_limit(most);
  Connection connection(run.settings, "handler");
  ASSIGN_OR_RETURN(const v1::ListSimilarCasesResponse response,
                   connection.Call<v1::ListSimilarCasesResponse>(
                       {.agency = AgencyOf(request.name())},
                       [&](grpc::ClientContext* context,
                           v1::ListSimilarCasesResponse* answer) {
                         return connection.cases().ListSimilarCases(
                             context, request, answer);
                       }));
  if (run.settings.output == Output::kJson) {
    PrintJson(run.out, response);
  } else {
    PrintSimilar(run, response.similar());
  }
  return ExitCode::kOk;
}

absl::StatusOr<ExitCode> Watch(const Run& run) {
  v1::WatchCasesRequest request;
  if (run.args.Has("NUMBER")) {
    ASSIGN_OR_RETURN(*request.mutable_name(),
                     CaseNameOf(run.args.Get("NUMBER"), run.settings.agency));
    request.set_agency(AgencyOf(request.name()));
  } else {
    ASSIGN_OR_RETURN(*request.mutable_agency(), NeedAgency(run.settings));
  }
  ASSIGN_OR_RETURN(const int after, run.args.Int("after", 0, 0, 2147483647));
  request.set_after_log_index(after);
  ASSIGN_OR_RETURN(const int most, run.args.Int("most", 0, 1, 2147483647));
  Connection connection(run.settings, "handler");
  grpc::ClientContext context;
  std::string token;
  RETURN_IF_ERROR(
      connection.Begin(&context, {.agency = request.agency()}, &token));
  const auto stream = connection.cases().WatchCases(&context, request);
  v1::WatchCasesResponse change;
  int seen = 0;
  while ((most == 0 || seen < most) && stream->Read(&change)) {
    ++seen;
    if (run.settings.output == Output::kJson) {
      PrintJson(run.out, change);
    } else {
      run.out << Padded(absl::StrCat(change.log_index()), 8)
              << change.occurred_date() << "  " << change.name() << "  v"
              << change.version() << "  " << change.event() << '\n';
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

Flag PageSize(Locale locale) {
  return {
      .name = "page-size",
      .help = Say(locale, "每页件数，至多 200", "cases a page, at most 200")};
}

Flag PageToken(Locale locale) {
  return {.name = "page-token",
          .help = Say(locale, "从该页继续", "go on with this page")};
}

Command ListCommand(Locale locale) {
  const auto say = [&](std::string_view zh, std::string_view en) {
    return Say(locale, zh, en);
  };
  return {
      .name = "list",
      .help = say("案件列表，本机关最近届满者在前",
                  "Cases, the agency's nearest limit first"),
      .flags =
          {{.name = "phase",
            .help = say("阶段，可多次", "phase, may be given again"),
            .takes = Takes::kValues,
            .choices = ChoicesOf(*v1::Phase_descriptor())},
           {.name = "overdue",
            .help = say("只列已逾期", "only the overdue"),
            .takes = Takes::kNothing},
           {.name = "due-by",
            .help = say("只列该日及以前届满", "only those due by this day")},
           {.name = "open",
            .help = say("只列未办结", "only those not closed"),
            .takes = Takes::kNothing},
           {.name = "officer", .help = say("经办人", "officer")},
           {.name = "department", .help = say("承办部门", "department")},
           {.name = "received-from",
            .help = say("收到之日起", "received on or after")},
           {.name = "received-to",
            .help = say("收到之日止", "received on or before")},
           {.name = "outcome",
            .help = say("答复类型", "outcome"),
            .choices = ChoicesOf(*v1::Outcome_descriptor())},
           {.name = "applicant-kind",
            .help = say("申请人类别", "kind of applicant"),
            .choices = ChoicesOf(*v1::ApplicantKind_descriptor())},
           {.name = "order",
            .help = say("次序，默认 due；无期限者只在其他次序中列出",
                        "order, due by default; cases without a limit are in "
                        "the others only"),
            .choices = ChoicesOf(*v1::ListCasesRequest::Order_descriptor())},
           {.name = "all",
            .help = say("全部各页", "every page"),
            .takes = Takes::kNothing},
           PageSize(locale),
           PageToken(locale)},
      .run = List};
}

}  // namespace

void PrintSimilar(
    const Run& run,
    const google::protobuf::RepeatedPtrField<v1::SimilarCase>& similar) {
  if (similar.empty()) return;
  run.out << run.Say("相似申请（仅供参考，由人判断）",
                     "like applications (for a person to judge)")
          << '\n';
  Table table({run.Say("案号", "number"), run.Say("相似度", "score"),
               run.Say("同一申请人", "same applicant"),
               run.Say("收到", "received"), run.Say("阶段", "phase"),
               run.Say("答复", "outcome"), run.Say("内容", "content")});
  for (const v1::SimilarCase& c : similar) {
    // Hundredths, without the locale's and the library's opinions on floats.
    const int hundredths = static_cast<int>(c.score() * 100 + 0.5);
    table.Add({c.number(), absl::StrCat(hundredths, "%"),
               c.same_applicant() ? run.Say("是", "yes") : "", c.receipt_date(),
               TermOf(c.phase(), run.settings.locale),
               TermOf(c.outcome(), run.settings.locale), c.content()});
  }
  table.Print(run.out, 60);
}

std::vector<Command> ManyCasesCommands(Locale locale) {
  const auto say = [&](std::string_view zh, std::string_view en) {
    return Say(locale, zh, en);
  };
  return {
      ListCommand(locale),
      {.name = "search",
       .help = say("在内容与申请人中查找词语，或按证件号码、电话查找",
                   "Cases whose content or applicant contains a phrase, or of "
                   "a person by number"),
       .flags = {{.name = "identity-number",
                  .help = say("申请人或代理人的证件号码，代替词语",
                              "number of the applicant's or agent's document, "
                              "instead of a phrase")},
                 {.name = "telephone",
                  .help = say("申请人或代理人的电话，代替词语",
                              "telephone of the applicant or agent, instead of "
                              "a phrase")},
                 PageSize(locale),
                 PageToken(locale)},
       .positionals = {{.name = "PHRASE", .help = say("词语", "phrase")}},
       .run = Search},
      {.name = "similar",
       .help = say("相似的申请", "Cases like a given one"),
       .flags = {{.name = "most",
                  .help = say("至多件数，默认 10", "at most, 10 by default")}},
       .positionals = {{.name = "NUMBER",
                        .help = say("案号", "number of the case"),
                        .required = true}},
       .run = Similar},
      {.name = "watch",
       .help = say("随时显示变化，Ctrl-C 结束",
                   "Every change as it happens, until Ctrl-C"),
       .flags = {{.name = "after",
                  .help = say("从日志该处之后", "after this place in the log")},
                 {.name = "most",
                  .help = say("显示几条后结束", "end after so many")}},
       .positionals = {{.name = "NUMBER",
                        .help = say("只看此案", "only this case")}},
       .run = Watch}};
}

Command CaseCommand(Locale locale) {
  Command command;
  command.name = "case";
  command.help =
      Say(locale, "案件：收到、办理、查阅", "Cases: receive, handle, read");
  command.commands.push_back(ReceiveCommand(locale));
  command.commands.push_back(AdviseCommand(locale));
  for (auto* group : {&OneCaseCommands, &ManyCasesCommands, &ActVerbs}) {
    for (Command& child : (*group)(locale)) {
      command.commands.push_back(std::move(child));
    }
  }
  return command;
}

}  // namespace gongkai::cli
