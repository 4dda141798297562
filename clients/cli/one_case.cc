// SPDX-License-Identifier: Apache-2.0
// `case show`, `case acts`, `case explain`, `case progress`: one case.
#include <algorithm>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "clients/cli/acts.h"
#include "clients/cli/case_print.h"
#include "clients/cli/commands.h"
#include "clients/cli/explain.h"
#include "clients/cli/fields.h"
#include "clients/cli/print.h"
#include "services/base/dates.h"
#include "services/base/refusal.h"
#include "services/base/status_macros.h"
#include "services/casework/statute.h"

namespace gongkai::cli {
namespace {

Flag NumberFlag(Locale locale) {
  return {.name = "NUMBER",
          .help = Say(locale, "案号", "number of the case"),
          .required = true};
}

// The day of a flag as the contract writes it; empty when absent.
absl::StatusOr<std::string> DayText(const Run& run, const std::string& flag) {
  if (!run.args.Has(flag)) return std::string();
  ASSIGN_OR_RETURN(const absl::CivilDay day, run.args.Day(flag, Today()));
  return FormatDay(day);
}

absl::StatusOr<ExitCode> Show(const Run& run) {
  v1::GetCaseRequest request;
  ASSIGN_OR_RETURN(*request.mutable_name(),
                   CaseNameOf(run.args.Get("NUMBER"), run.settings.agency));
  ASSIGN_OR_RETURN(*request.mutable_as_of_date(), DayText(run, "as-of"));
  request.set_with_history(run.args.Has("history"));
  RETURN_IF_ERROR(SetPurpose(run, &request));
  Connection connection(run.settings, "handler");
  ASSIGN_OR_RETURN(
      const v1::GetCaseResponse response,
      ReadCase(&connection, {.agency = AgencyOf(request.name())}, request));
  if (run.settings.output == Output::kJson) {
    PrintJson(run.out, response);
    return ExitCode::kOk;
  }
  PrintCase(run, response.case_());
  if (request.with_history()) PrintHistory(run, response.history());
  return ExitCode::kOk;
}

// Why an act is closed, in the words of the contract.
std::string ReasonText(const v1::LawfulAct& act, Locale locale) {
  if (act.reason() == v1::REASON_UNSPECIFIED) return act.message();
  const v1::Refused& rule = RuleOf(act.reason());
  return Say(locale, rule.zh(), rule.en());
}

absl::StatusOr<ExitCode> Acts(const Run& run) {
  v1::ListLawfulActsRequest request;
  ASSIGN_OR_RETURN(*request.mutable_name(),
                   CaseNameOf(run.args.Get("NUMBER"), run.settings.agency));
  ASSIGN_OR_RETURN(*request.mutable_on_date(), DayText(run, "on"));
  Connection connection(run.settings, "handler");
  ASSIGN_OR_RETURN(const v1::ListLawfulActsResponse response,
                   connection.Call<v1::ListLawfulActsResponse>(
                       {.agency = AgencyOf(request.name())},
                       [&](grpc::ClientContext* context,
                           v1::ListLawfulActsResponse* answer) {
                         return connection.cases().ListLawfulActs(
                             context, request, answer);
                       }));
  if (run.settings.output == Output::kJson) {
    PrintJson(run.out, response);
    return ExitCode::kOk;
  }
  const Locale locale = run.settings.locale;
  Table table({run.Say("行为", "act"), run.Say("名称", "term"),
               run.Say("可否", "open"), run.Say("依据", "article"),
               run.Say("条件或理由", "conditions or reason")});
  for (const v1::LawfulAct& act : response.acts()) {
    v1::Act named;
    SetAct(&named, act.act());
    if (act.openness() == v1::CLOSED_NOW && run.args.Has("open")) continue;
    table.Add({act.act(),
               std::string(
                   casework::ActTerm(named.act_case(), locale == Locale::kEn)),
               TermOf(act.openness(), locale), act.article(),
               act.openness() == v1::CLOSED_NOW
                   ? ReasonText(act, locale)
                   : absl::StrJoin(act.conditions(), ", ")});
  }
  table.Print(run.out);
  return ExitCode::kOk;
}

absl::StatusOr<ExitCode> Explain(const Run& run) {
  v1::ExplainTimeLimitRequest request;
  ASSIGN_OR_RETURN(*request.mutable_name(),
                   CaseNameOf(run.args.Get("NUMBER"), run.settings.agency));
  ASSIGN_OR_RETURN(*request.mutable_as_of_date(), DayText(run, "as-of"));
  ASSIGN_OR_RETURN(const int ordinal, run.args.Int("ordinal", 0, 0, 1000));
  request.set_ordinal(ordinal);
  if (run.args.Has("limit")) {
    RETURN_IF_ERROR(SetField(&request, "kind", run.args.Get("limit")));
  }
  Connection connection(run.settings, "handler");
  ASSIGN_OR_RETURN(
      const v1::ExplainTimeLimitResponse response,
      ReadLedger(&connection, {.agency = AgencyOf(request.name())}, request));
  if (run.settings.output == Output::kJson) {
    PrintJson(run.out, response);
  } else {
    PrintLedger(run, response);
  }
  return ExitCode::kOk;
}

absl::StatusOr<ExitCode> Progress(const Run& run) {
  v1::GetProgressRequest request;
  ASSIGN_OR_RETURN(*request.mutable_name(),
                   CaseNameOf(run.args.Get("NUMBER"), run.settings.agency));
  Connection connection(run.settings, "handler");
  ASSIGN_OR_RETURN(
      const v1::GetProgressResponse progress,
      connection.Call<v1::GetProgressResponse>(
          {.agency = AgencyOf(request.name())},
          [&](grpc::ClientContext* context, v1::GetProgressResponse* answer) {
            return connection.cases().GetProgress(context, request, answer);
          }));
  if (run.settings.output == Output::kJson) {
    PrintJson(run.out, progress);
    return ExitCode::kOk;
  }
  const Locale locale = run.settings.locale;
  Table table({run.Say("案号", "case"), run.Say("阶段", "phase"),
               run.Say("收到", "received"), run.Say("答复届满", "reply due"),
               run.Say("答复期限", "reply limit"),
               run.Say("发出", "dispatched")});
  table.Add({progress.number(), TermOf(progress.phase(), locale),
             progress.receipt_date(), progress.reply_due_date(),
             TermOf(progress.reply_state(), locale),
             progress.dispatched_date()});
  table.Print(run.out);
  return ExitCode::kOk;
}

}  // namespace

std::vector<Command> OneCaseCommands(Locale locale) {
  const auto say = [&](std::string_view zh, std::string_view en) {
    return Say(locale, zh, en);
  };
  const Flag as_of{.name = "as-of",
                   .help = say("截至某日", "as it stands on this day")};
  return {
      {.name = "show",
       .help = say("案件、期限与案卷", "A case with its limits and history"),
       .flags = {{.name = "history",
                  .help = say("并列全部事实", "also every fact"),
                  .takes = Takes::kNothing},
                 as_of,
                 PurposeFlag(locale)},
       .positionals = {NumberFlag(locale)},
       .run = Show},
      {.name = "acts",
       .help = say("现在可以实施哪些行为，不可以的为什么",
                   "Which acts are open now, and why not the others"),
       .flags = {{.name = "on",
                  .help = say("如在该日实施", "as if done on this day")},
                 {.name = "open",
                  .help = say("只列可以的", "only the open ones"),
                  .takes = Takes::kNothing}},
       .positionals = {NumberFlag(locale)},
       .run = Acts},
      {.name = "progress",
       .help = say("办理进度，不含个人信息：门户可告知申请人者",
                   "How far it has come, without personal data: what a portal "
                   "may tell the applicant"),
       .positionals = {NumberFlag(locale)},
       .run = Progress},
      {.name = "explain",
       .help = say("期限台账：逐日说明期限为何在那天届满（REG 33）",
                   "The ledger of a limit, day by day with articles (REG 33)"),
       .flags = {{.name = "limit",
                  .help = say("哪种期限，默认 reply",
                              "which limit, reply by default"),
                  .choices = ChoicesOf(*v1::LimitKind_descriptor())},
                 {.name = "ordinal",
                  .help =
                      say("第几个，默认 1", "which one of it, 1 by default")},
                 as_of},
       .positionals = {NumberFlag(locale)},
       .run = Explain}};
}

}  // namespace gongkai::cli
