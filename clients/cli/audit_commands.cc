// SPDX-License-Identifier: Apache-2.0
// `audit`: a case as of a past moment with those who saw it, and the state of
// the log.
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "clients/cli/acts.h"
#include "clients/cli/case_print.h"
#include "clients/cli/commands.h"
#include "clients/cli/connect.h"
#include "clients/cli/fields.h"
#include "clients/cli/print.h"
#include "services/base/dates.h"
#include "services/base/refusal.h"
#include "services/base/status_macros.h"
#include "services/casework/statute.h"

namespace gongkai::cli {
namespace {

// The moment of `--as-of`: an instant, or the end of a day in Shanghai; empty,
// which is now, when absent or today.
absl::StatusOr<std::string> Moment(const Run& run) {
  const std::string text = run.args.Get("as-of");
  if (const auto instant = ParseInstant(text); instant.ok()) {
    return FormatInstant(*instant);
  }
  const auto day = run.args.Day("as-of", Today());
  if (!day.ok()) {
    return UsageError(run.Say(
        "--as-of：请写日期 2024-02-29 或时刻 2024-02-29T08:00:00Z",
        "--as-of: a day as 2024-02-29 or an instant as 2024-02-29T08:00:00Z"));
  }
  if (*day == Today()) return std::string();
  const absl::Time next =
      absl::FromCivil(*day + 1, absl::FixedTimeZone(8 * 60 * 60));
  return FormatInstant(next - absl::Microseconds(1));
}

// What was read or refused, in a few words.
std::string DetailOf(const v1::Access& access, const Run& run) {
  const Locale locale = run.settings.locale;
  std::vector<std::string> words;
  v1::Act named;
  if (!access.act().empty() && SetAct(&named, access.act())) {
    words.emplace_back(
        casework::ActTerm(named.act_case(), locale == Locale::kEn));
  } else {
    words.push_back(access.method());
  }
  if (access.version() > 0) {
    words.push_back(
        absl::StrCat(run.Say("版本 ", "version "), access.version()));
  }
  if (access.cases_size() > 1) {
    words.push_back(absl::StrCat(access.cases_size(),
                                 run.Say(" 个案件一并显示", " cases shown")));
  }
  if (access.purpose() != v1::PURPOSE_UNSPECIFIED) {
    words.push_back(TermOf(access.purpose(), locale));
  }
  v1::Reason reason = v1::REASON_UNSPECIFIED;
  if (v1::Reason_Parse(access.reason(), &reason) &&
      reason != v1::REASON_UNSPECIFIED) {
    const v1::Refused& rule = RuleOf(reason);
    words.push_back(run.Say(rule.zh(), rule.en()));
  }
  return absl::StrJoin(words, run.Say("，", ", "));
}

void PrintAccesses(const Run& run, const v1::GetCaseTrailResponse& trail) {
  const Locale locale = run.settings.locale;
  run.out << '\n' << run.Say("查阅与拒绝", "who saw it or was refused") << '\n';
  if (trail.accesses_size() == 0) {
    run.out << run.Say("无", "nobody") << '\n';
    return;
  }
  Table table({run.Say("记录时间", "recorded"), run.Say("种类", "kind"),
               run.Say("账号", "account"), run.Say("人员", "person"),
               run.Say("身份", "capacity"), run.Say("登录", "sign-in"),
               run.Say("内容", "detail")});
  for (const v1::CaseAccess& one : trail.accesses()) {
    table.Add({one.recorded_time().substr(0, 19),
               TermOf(one.access().kind(), locale), one.actor().account(),
               one.actor().person(), TermOf(one.actor().capacity(), locale),
               one.actor().sign_in(), DetailOf(one.access(), run)});
  }
  table.Print(run.out, 100);
}

absl::StatusOr<ExitCode> History(const Run& run) {
  v1::GetCaseTrailRequest request;
  ASSIGN_OR_RETURN(*request.mutable_name(),
                   CaseNameOf(run.args.Get("NUMBER"), run.settings.agency));
  ASSIGN_OR_RETURN(*request.mutable_as_of_time(), Moment(run));
  RETURN_IF_ERROR(SetPurpose(run, &request));
  Connection connection(run.settings, "legal_auditor");
  ASSIGN_OR_RETURN(
      const v1::GetCaseTrailResponse trail,
      connection.Call<v1::GetCaseTrailResponse>(
          {.agency = AgencyOf(request.name())},
          [&](grpc::ClientContext* context, v1::GetCaseTrailResponse* answer) {
            return connection.audits().GetCaseTrail(context, request, answer);
          }));
  if (run.settings.output == Output::kJson) {
    PrintJson(run.out, trail);
    return ExitCode::kOk;
  }
  if (!request.as_of_time().empty()) {
    run.out << run.Say("截至 ", "as of ") << request.as_of_time() << '\n';
  }
  PrintCase(run, trail.case_());
  PrintHistory(run, trail.history());
  PrintAccesses(run, trail);
  return ExitCode::kOk;
}

void PrintState(const Run& run, const v1::GetLogStateResponse& state) {
  const auto or_none = [&](const std::string& text) {
    return text.empty() ? run.Say("无", "none") : text;
  };
  Table table({run.Say("日志", "log"), state.origin()});
  table.Add({run.Say("密码套件", "suite"), state.suite()});
  table.Add({run.Say("条目", "entries"), absl::StrCat(state.size())});
  table.Add({run.Say("根", "root"), state.root()});
  table.Add({run.Say("已签名", "signed"), absl::StrCat(state.signed_size())});
  table.Add({run.Say("已留存于外部", "anchored"),
             absl::StrCat(state.anchored_size())});
  table.Add(
      {run.Say("留存时间", "anchored at"), or_none(state.anchored_time())});
  table.Add({run.Say("最早未留存者已等候（秒）", "oldest unanchored waits (s)"),
             absl::StrFormat("%.1f", state.unanchored_seconds())});
  table.Print(run.out);
  if (!state.checkpoint().empty()) {
    run.out << '\n'
            << run.Say("最新检查点", "newest checkpoint") << '\n'
            << state.checkpoint();
  }
  if (!state.forked()) return;
  run.out << '\n'
          << run.Say("日志分叉：外部检查点不在本库日志之内，排序已停止",
                     "FORKED: an outside checkpoint is not contained in this "
                     "log; sequencing stands still")
          << "\n  " << Summary(state.fork(), run.settings.locale) << '\n';
}

absl::StatusOr<ExitCode> State(const Run& run) {
  const v1::GetLogStateRequest request;
  Connection connection(run.settings, "legal_auditor");
  ASSIGN_OR_RETURN(
      const v1::GetLogStateResponse state,
      connection.Call<v1::GetLogStateResponse>(
          {},
          [&](grpc::ClientContext* context, v1::GetLogStateResponse* answer) {
            return connection.audits().GetLogState(context, request, answer);
          }));
  if (run.settings.output == Output::kJson) {
    PrintJson(run.out, state);
  } else {
    PrintState(run, state);
  }
  return state.forked() ? ExitCode::kCheckFailed : ExitCode::kOk;
}

}  // namespace

Command AuditCommand(Locale locale) {
  const auto say = [&](std::string_view zh, std::string_view en) {
    return Say(locale, zh, en);
  };
  Command command;
  command.name = "audit";
  command.help = say("审计：案件的过往与查阅者，日志的状态",
                     "The proof: a case in the past and who saw it, the log");
  command.commands = {
      AuditExportCommand(locale),
      AuditEraseCommand(locale),
      AuditForkCommand(locale),
      {.name = "history",
       .help = say("案件在过去某一时刻的样子、其案卷与查阅记录",
                   "A case as of a past moment, its history, and who saw it"),
       .flags = {{.name = "as-of",
                  .help = say("时刻 2024-02-29T08:00:00Z，或某日终了",
                              "an instant 2024-02-29T08:00:00Z, or the end of "
                              "a day")},
                 PurposeFlag(locale)},
       .positionals = {{.name = "NUMBER",
                        .help = say("案号", "number of the case"),
                        .required = true}},
       .run = History},
      {.name = "state",
       .help = say("日志的状态：签名与外部留存到哪里；分叉时退出码为 1",
                   "The log: how far it is signed and anchored; exit 1 when "
                   "it is forked"),
       .run = State}};
  return command;
}

}  // namespace gongkai::cli
