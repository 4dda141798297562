// SPDX-License-Identifier: Apache-2.0
// `agency terms`: what an agency has set for itself. `delegate`: one's own
// roles, lent to a colleague.
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "clients/cli/account_print.h"
#include "clients/cli/commands.h"
#include "clients/cli/connect.h"
#include "clients/cli/fields.h"
#include "gongkai/v1/account_service.grpc.pb.h"
#include "gongkai/v1/admin_service.grpc.pb.h"
#include "services/base/dates.h"
#include "services/base/ids.h"
#include "services/base/status_macros.h"

namespace gongkai::cli {
namespace {

// `DISCLOSED:TEN_YEARS` to a row.
absl::Status AddRetention(const std::string& text, v1::AgencyTerms* terms) {
  const size_t colon = text.find(':');
  if (colon == std::string::npos) {
    return UsageError("retention_table: OUTCOME:RETENTION, not '" + text + "'");
  }
  v1::RetentionRow* row = terms->add_retention_table();
  RETURN_IF_ERROR(SetField(row, "outcome", text.substr(0, colon)));
  return SetField(row, "retention", text.substr(colon + 1));
}

// `3:to_officer` or `0:to_managers:reply,extension` to a rule of reminding.
absl::Status AddReminderRule(const std::string& text, v1::AgencyTerms* terms) {
  const std::vector<std::string> parts = absl::StrSplit(text, ':');
  if (parts.size() != 2 && parts.size() != 3) {
    return UsageError("reminder_rules: DAYS:TO[:LIMITS], not '" + text + "'");
  }
  v1::ReminderRule* rule = terms->add_reminder_rules();
  RETURN_IF_ERROR(SetField(rule, "days", parts[0]));
  RETURN_IF_ERROR(SetField(rule, "to", parts[1]));
  return parts.size() == 2 ? absl::OkStatus()
                           : SetField(rule, "kinds", parts[2]);
}

// `--set KEY=VALUE` for each; rows of the table of retention replace it whole,
// and so do rules of reminding.
absl::Status Apply(const std::vector<std::string>& settings,
                   v1::AgencyTerms* terms) {
  bool cleared = false;
  bool rules_cleared = false;
  for (const std::string& setting : settings) {
    const size_t equals = setting.find('=');
    if (equals == std::string::npos) {
      return UsageError("--set: KEY=VALUE, not '" + setting + "'");
    }
    const std::string key = setting.substr(0, equals);
    const std::string value = setting.substr(equals + 1);
    if (key == "retention_table") {
      if (!cleared) terms->clear_retention_table();
      cleared = true;
      if (value.empty()) continue;
      RETURN_IF_ERROR(AddRetention(value, terms));
      continue;
    }
    if (key == "reminder_rules") {
      if (!rules_cleared) terms->clear_reminder_rules();
      rules_cleared = true;
      if (value.empty()) continue;
      RETURN_IF_ERROR(AddReminderRule(value, terms));
      continue;
    }
    const absl::Status set = SetField(terms, key, value);
    if (!set.ok()) return UsageError("--set " + std::string(set.message()));
  }
  return absl::OkStatus();
}

absl::StatusOr<ExitCode> Terms(const Run& run) {
  v1::GetAgencyTermsRequest request;
  ASSIGN_OR_RETURN(*request.mutable_agency(), NeedAgency(run.settings));
  Connection connection(run.settings, "security_admin",
                        Connection::Port::kAdmin);
  const auto admin = v1::AdminService::NewStub(connection.channel());
  ASSIGN_OR_RETURN(v1::AgencyTermsResponse terms,
                   connection.Call<v1::AgencyTermsResponse>(
                       {}, [&](grpc::ClientContext* context,
                               v1::AgencyTermsResponse* answer) {
                         return admin->GetAgencyTerms(context, request, answer);
                       }));
  if (run.args.Has("set")) {
    v1::SetAgencyTermsRequest change;
    change.set_agency(request.agency());
    change.set_request_id(run.args.Get("request-id", NewUuid(absl::Now())));
    *change.mutable_terms() = terms.terms();
    RETURN_IF_ERROR(Apply(run.args.All("set"), change.mutable_terms()));
    ASSIGN_OR_RETURN(terms, connection.Call<v1::AgencyTermsResponse>(
                                {}, [&](grpc::ClientContext* context,
                                        v1::AgencyTermsResponse* answer) {
                                  return admin->SetAgencyTerms(context, change,
                                                               answer);
                                }));
  }
  PrintTerms(run, terms);
  return ExitCode::kOk;
}

absl::StatusOr<ExitCode> EndDelegation(const Run& run, Connection* connection,
                                       v1::AccountService::Stub* accounts) {
  v1::EndDelegationRequest request;
  request.set_request_id(run.args.Get("request-id", NewUuid(absl::Now())));
  request.set_deputy(run.args.Get("to"));
  RETURN_IF_ERROR(SetField(&request, "seq", run.args.Get("end")));
  RETURN_IF_ERROR(connection
                      ->Call<v1::EndDelegationResponse>(
                          {},
                          [&](grpc::ClientContext* context,
                              v1::EndDelegationResponse* response) {
                            return accounts->EndDelegation(context, request,
                                                           response);
                          })
                      .status());
  run.out << run.Say("代理已终止\n", "the delegation has ended\n");
  return ExitCode::kOk;
}

absl::StatusOr<ExitCode> Delegate(const Run& run) {
  Connection connection(run.settings, "");
  const auto accounts = v1::AccountService::NewStub(connection.channel());
  if (run.args.Has("end")) {
    return EndDelegation(run, &connection, accounts.get());
  }
  v1::DelegateRequest request;
  request.set_request_id(run.args.Get("request-id", NewUuid(absl::Now())));
  request.set_deputy(run.args.Get("to"));
  ASSIGN_OR_RETURN(const absl::CivilDay from, run.args.Day("from", Today()));
  ASSIGN_OR_RETURN(const absl::CivilDay to, run.args.Day("until", from));
  request.set_from_date(FormatDay(from));
  request.set_to_date(FormatDay(to));
  for (const std::string& role : run.args.All("role")) {
    RETURN_IF_ERROR(SetField(&request, "roles", role));
  }
  ASSIGN_OR_RETURN(
      const v1::DelegateResponse response,
      connection.Call<v1::DelegateResponse>(
          {}, [&](grpc::ClientContext* context, v1::DelegateResponse* answer) {
            return accounts->Delegate(context, request, answer);
          }));
  run.out << run.Say("代理已设立，编号 ", "delegated, no. ") << response.seq()
          << run.Say("；提前终止：gongkai delegate --to ",
                     "; to end it early: gongkai delegate --to ")
          << request.deputy() << " --end " << response.seq() << '\n';
  return ExitCode::kOk;
}

}  // namespace

Command AgencyCommand(Locale locale) {
  const auto say = [&](std::string_view zh, std::string_view en) {
    return Say(locale, zh, en);
  };
  return {
      .name = "agency",
      .help = say("机关（管理端口）", "Agencies (port of administration)"),
      .commands = {
          {.name = "terms",
           .help = say("机关参数：补正期限、预警、催办、保管期限\n"
                       "--set reminder_rules=3:to_officer --set "
                       "reminder_rules=0:to_managers:reply --set "
                       "reminder_time=08:30",
                       "The agency's terms: correction, warning, reminders, "
                       "retention\n"
                       "--set correction_days=15 --set "
                       "retention_table=DISCLOSED:TEN_YEARS\n"
                       "--set reminder_rules=3:to_officer --set "
                       "reminder_rules=0:to_managers:reply --set "
                       "reminder_time=08:30"),
           .flags = {{.name = "set",
                      .help = say("改为，可多次：KEY=VALUE",
                                  "change, may be given again: KEY=VALUE"),
                      .takes = Takes::kValues},
                     {.name = "request-id",
                      .help = say("请求编号", "identifier of the request")}},
           .run = Terms}}};
}

Command DelegateCommand(Locale locale) {
  const auto say = [&](std::string_view zh, std::string_view en) {
    return Say(locale, zh, en);
  };
  return {
      .name = "delegate",
      .help = say("外出期间将本人角色交同事代理",
                  "Lends one's roles to a colleague for days of absence"),
      .flags = {{.name = "to",
                 .help = say("代理人的账号", "account of the deputy"),
                 .required = true},
                {.name = "from",
                 .help = say("起，默认今天", "first day, today by default")},
                {.name = "until",
                 .help = say("止，含当日，默认同起日",
                             "last day, inclusive; the first by default")},
                {.name = "role",
                 .help = say("交出的角色，默认全部",
                             "a role that is lent, all by default"),
                 .takes = Takes::kValues,
                 .choices = ChoicesOf(*v1::Role_descriptor())},
                {.name = "end",
                 .help = say("提前终止此编号的代理",
                             "end the delegation of this number instead")},
                {.name = "request-id",
                 .help = say("请求编号", "identifier of the request")}},
      .run = Delegate};
}

}  // namespace gongkai::cli
