// SPDX-License-Identifier: Apache-2.0
// `audit erase` and `audit fork`: what takes two persons, one to propose or
// state it and another to decide or confirm it.
#include <vector>

#include "absl/time/clock.h"
#include "clients/cli/acts.h"
#include "clients/cli/commands.h"
#include "clients/cli/connect.h"
#include "clients/cli/fields.h"
#include "clients/cli/print.h"
#include "services/base/dates.h"
#include "services/base/ids.h"
#include "services/base/status_macros.h"

namespace gongkai::cli {
namespace {

constexpr char kForkRole[] = "audit_admin";

// The act of `audit erase`: a proposal, or with --proposal its decision.
absl::Status FillErasure(const Run& run, v1::Act* act) {
  const bool proposes = run.args.Has("basis") || run.args.Has("document") ||
                        run.args.Has("event");
  if (run.args.Has("proposal") == proposes) {
    return UsageError(run.Say(
        "提议：--basis 与 --document；决定他人的提议：--proposal",
        "to propose: --basis and --document; to decide what another proposed: "
        "--proposal"));
  }
  if (!proposes) {
    return SetField(act->mutable_erase(), "proposal", run.args.Get("proposal"));
  }
  v1::ErasureProposal* proposal = act->mutable_propose_erasure();
  RETURN_IF_ERROR(SetField(proposal, "basis", run.args.Get("basis")));
  RETURN_IF_ERROR(
      SetField(proposal, "document_number", run.args.Get("document")));
  for (const std::string& event : run.args.All("event")) {
    RETURN_IF_ERROR(SetField(proposal, "events", event));
  }
  return absl::OkStatus();
}

absl::StatusOr<ExitCode> Erase(const Run& run) {
  v1::PerformActRequest request;
  RETURN_IF_ERROR(FillErasure(run, request.mutable_act()));
  ASSIGN_OR_RETURN(*request.mutable_name(),
                   CaseNameOf(run.args.Get("NUMBER"), run.settings.agency));
  ASSIGN_OR_RETURN(const absl::CivilDay day, run.args.Day("date", Today()));
  request.set_occurred_date(FormatDay(day));
  request.set_request_id(run.args.Get("request-id", NewUuid(absl::Now())));
  Connection connection(run.settings, UsualRole(request.act().act_case()));
  ASSIGN_OR_RETURN(
      const v1::PerformActResponse response,
      Perform(&connection, {.agency = AgencyOf(request.name())}, request));
  PrintReceipt(run, response.receipt());
  return ExitCode::kOk;
}

void PrintFork(const Run& run, const v1::ForkResponse& response) {
  if (run.settings.output == Output::kJson) {
    PrintJson(run.out, response);
    return;
  }
  if (response.confirmed()) {
    run.out << run.Say("分叉已由两人确认，日志可以继续",
                       "two persons have recorded the fork: the log may go on")
            << '\n';
    return;
  }
  run.out << run.Say("已陈述分叉，编号 ", "the fork is stated, number ")
          << response.seq()
          << run.Say("；须由另一人确认：gongkai audit fork confirm ",
                     "; another person confirms it: gongkai audit fork "
                     "confirm ")
          << response.seq() << '\n';
}

// Who states a fork names the outside checkpoint as it was kept outside; the
// tree is the one that the service stands at.
absl::StatusOr<ExitCode> State(const Run& run) {
  v1::StateForkRequest request;
  request.set_request_id(run.args.Get("request-id", NewUuid(absl::Now())));
  v1::LogFork* fork = request.mutable_fork();
  RETURN_IF_ERROR(SetField(fork, "outside_size", run.args.Get("outside-size")));
  RETURN_IF_ERROR(SetField(fork, "outside_root", run.args.Get("outside-root")));
  RETURN_IF_ERROR(SetField(fork, "document_number", run.args.Get("document")));
  Connection connection(run.settings, kForkRole);
  ASSIGN_OR_RETURN(
      const v1::GetLogStateResponse state,
      connection.Call<v1::GetLogStateResponse>(
          {},
          [&](grpc::ClientContext* context, v1::GetLogStateResponse* answer) {
            return connection.audits().GetLogState(context, {}, answer);
          }));
  fork->set_tree_size(state.forked() ? state.fork().tree_size() : state.size());
  fork->set_tree_root(state.forked() ? state.fork().tree_root() : state.root());
  ASSIGN_OR_RETURN(
      const v1::ForkResponse response,
      connection.Call<v1::ForkResponse>(
          {}, [&](grpc::ClientContext* context, v1::ForkResponse* answer) {
            return connection.audits().StateFork(context, request, answer);
          }));
  PrintFork(run, response);
  return ExitCode::kOk;
}

absl::StatusOr<ExitCode> Confirm(const Run& run) {
  v1::ConfirmForkRequest request;
  request.set_request_id(run.args.Get("request-id", NewUuid(absl::Now())));
  RETURN_IF_ERROR(SetField(&request, "statement", run.args.Get("STATEMENT")));
  Connection connection(run.settings, kForkRole);
  ASSIGN_OR_RETURN(
      const v1::ForkResponse response,
      connection.Call<v1::ForkResponse>(
          {}, [&](grpc::ClientContext* context, v1::ForkResponse* answer) {
            return connection.audits().ConfirmFork(context, request, answer);
          }));
  PrintFork(run, response);
  return ExitCode::kOk;
}

Flag RequestIdFlag(Locale locale) {
  return {.name = "request-id",
          .help = Say(locale, "请求编号，重发时用同一编号",
                      "identifier of the request; the same when sent again")};
}

}  // namespace

Command AuditEraseCommand(Locale locale) {
  const auto say = [&](std::string_view zh, std::string_view en) {
    return Say(locale, zh, en);
  };
  return {.name = "erase",
          .help = say("删除案件的个人信息：一人提议，另一人以 --proposal 决定"
                      "（PIPL 47）",
                      "Destroy personal text of a case: one person proposes, "
                      "another decides with --proposal (PIPL 47)"),
          .flags = {{.name = "basis",
                     .help = say("依据", "legal basis"),
                     .choices = ChoicesOf(*v1::ErasureBasis_descriptor())},
                    {.name = "document",
                     .help = say("据以删除的文号",
                                 "number of the document that orders it")},
                    {.name = "event",
                     .help = say("只删除这些记录，默认全部",
                                 "only these records; all by default"),
                     .takes = Takes::kValues},
                    {.name = "proposal",
                     .help = say("决定该编号的提议",
                                 "decides the proposal of this number")},
                    {.name = "date",
                     .help = say("发生之日，默认今天",
                                 "day on which it happened, today by default")},
                    RequestIdFlag(locale)},
          .positionals = {{.name = "NUMBER",
                           .help = say("案号", "number of the case"),
                           .required = true}},
          .run = Erase};
}

Command AuditForkCommand(Locale locale) {
  const auto say = [&](std::string_view zh, std::string_view en) {
    return Say(locale, zh, en);
  };
  Command command;
  command.name = "fork";
  command.help = say("恢复备份之后：两人确认日志分叉，日志方可继续",
                     "After a restore: two persons record the fork, and the "
                     "log goes on");
  command.commands = {
      {.name = "state",
       .help = say("陈述：本库日志不含外部留存的检查点",
                   "State that the log lacks a checkpoint kept outside"),
       .flags = {{.name = "outside-size",
                  .help = say("外部检查点的条目数",
                              "size of the checkpoint kept outside"),
                  .required = true},
                 {.name = "outside-root",
                  .help =
                      say("外部检查点的根，十六进制", "its root, hexadecimal"),
                  .required = true},
                 {.name = "document",
                  .help = say("情况报告的文号", "number of the report"),
                  .required = true},
                 RequestIdFlag(locale)},
       .run = State},
      {.name = "confirm",
       .help = say("确认他人的陈述", "Confirm the statement of another person"),
       .flags = {RequestIdFlag(locale)},
       .positionals = {{.name = "STATEMENT",
                        .help = say("陈述的编号", "number of the statement"),
                        .required = true}},
       .run = Confirm}};
  return command;
}

}  // namespace gongkai::cli
