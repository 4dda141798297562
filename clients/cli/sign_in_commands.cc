// SPDX-License-Identifier: Apache-2.0
// `sign-in`, `sign-out`, `whoami`, `password`: one's own session.
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "clients/cli/account_print.h"
#include "clients/cli/commands.h"
#include "clients/cli/connect.h"
#include "clients/cli/fields.h"
#include "clients/cli/print.h"
#include "clients/cli/prompt.h"
#include "gongkai/v1/account_service.grpc.pb.h"
#include "services/base/status_macros.h"

namespace gongkai::cli {
namespace {

using Accounts = v1::AccountService::Stub;

absl::StatusOr<v1::SignInResponse> WithPassword(const Run& run,
                                                Connection* connection,
                                                Accounts* accounts) {
  v1::SignInRequest request;
  ASSIGN_OR_RETURN(const OwnName name, OwnNameOf(run));
  request.set_agency(name.agency);
  request.set_account(name.account);
  ASSIGN_OR_RETURN(*request.mutable_password(),
                   SecretOf(run, "password-file", run.Say("口令", "password")));
  *request.mutable_second_factor() = run.args.Get("second-factor");
  if (!run.args.Has("second-factor")) {
    ASSIGN_OR_RETURN(
        *request.mutable_second_factor(),
        AskSecret(run, run.Say("动态口令或恢复码", "second factor"),
                  "second-factor"));
  }
  return connection->CallUnknown<v1::SignInResponse>(
      [&](grpc::ClientContext* context, v1::SignInResponse* response) {
        return accounts->SignIn(context, request, response);
      });
}

absl::StatusOr<v1::SignInResponse> WithProvider(const Run& run,
                                                Connection* connection,
                                                Accounts* accounts) {
  v1::SignInWithProviderRequest request;
  ASSIGN_OR_RETURN(*request.mutable_agency(), NeedAgency(run.settings));
  ASSIGN_OR_RETURN(*request.mutable_token(),
                   ReadSecretFile(run.args.Get("provider-token")));
  return connection->CallUnknown<v1::SignInResponse>(
      [&](grpc::ClientContext* context, v1::SignInResponse* response) {
        return accounts->SignInWithProvider(context, request, response);
      });
}

absl::StatusOr<ExitCode> SignIn(const Run& run) {
  Connection connection(run.settings, "");
  const auto accounts = v1::AccountService::NewStub(connection.channel());
  ASSIGN_OR_RETURN(const v1::SignInResponse response,
                   run.args.Has("provider-token")
                       ? WithProvider(run, &connection, accounts.get())
                       : WithPassword(run, &connection, accounts.get()));
  ASSIGN_OR_RETURN(const Session session,
                   connection.sessions().Keep(response, absl::Now()));
  run.out << run.Say("已登录 ", "signed in: ") << session.agency << '/'
          << session.account << run.Say("，至 ", ", until ")
          << ShanghaiMinute(session.until) << run.Say("；", "; ")
          << run.Say("闲置 ", "ends after ") << response.idle_expires_s() / 60
          << run.Say(" 分钟后结束\n", " idle minutes\n");
  if (response.must_change_password()) {
    run.out << run.Say("口令已过期，请先更换：gongkai password\n",
                       "the password is over; set another one: "
                       "gongkai password\n");
  }
  return ExitCode::kOk;
}

absl::Status EndOne(Connection* connection, Accounts* accounts,
                    const Session& session) {
  const auto ended = connection->Call<v1::SignOutResponse>(
      {.account = session.agency + "/" + session.account},
      [&](grpc::ClientContext* context, v1::SignOutResponse* response) {
        return accounts->SignOut(context, {}, response);
      });
  // Over already: what was asked for.
  if (!ended.ok() && !absl::IsUnauthenticated(ended.status())) {
    return ended.status();
  }
  return connection->sessions().keyring().Remove(session);
}

absl::StatusOr<ExitCode> SignOut(const Run& run) {
  Connection connection(run.settings, "");
  const auto accounts = v1::AccountService::NewStub(connection.channel());
  std::vector<Session> sessions;
  if (run.args.Has("all")) {
    ASSIGN_OR_RETURN(sessions,
                     connection.sessions().keyring().List(run.settings.server));
  } else {
    ASSIGN_OR_RETURN(const Session session, connection.sessions().Choose({}));
    sessions.push_back(session);
  }
  for (const Session& session : sessions) {
    RETURN_IF_ERROR(EndOne(&connection, accounts.get(), session));
    run.out << run.Say("已退出 ", "signed out: ") << session.agency << '/'
            << session.account << '\n';
  }
  return ExitCode::kOk;
}

absl::StatusOr<ExitCode> WhoAmI(const Run& run) {
  Connection connection(run.settings, "");
  const auto accounts = v1::AccountService::NewStub(connection.channel());
  ASSIGN_OR_RETURN(
      const v1::WhoAmIResponse who,
      connection.Call<v1::WhoAmIResponse>(
          {}, [&](grpc::ClientContext* context, v1::WhoAmIResponse* response) {
            return accounts->WhoAmI(context, {}, response);
          }));
  if (run.settings.output == Output::kJson) {
    PrintJson(run.out, who);
  } else {
    PrintWhoAmI(run, who);
  }
  return ExitCode::kOk;
}

absl::StatusOr<ExitCode> Password(const Run& run) {
  v1::ChangePasswordRequest request;
  ASSIGN_OR_RETURN(
      *request.mutable_old_password(),
      SecretOf(run, "password-file", run.Say("现口令", "present password")));
  ASSIGN_OR_RETURN(
      *request.mutable_new_password(),
      NewSecretOf(run, "new-password-file", run.Say("新口令", "new password")));
  Connection connection(run.settings, "");
  const auto accounts = v1::AccountService::NewStub(connection.channel());
  RETURN_IF_ERROR(connection
                      .Call<v1::ChangePasswordResponse>(
                          {},
                          [&](grpc::ClientContext* context,
                              v1::ChangePasswordResponse* response) {
                            return accounts->ChangePassword(context, request,
                                                            response);
                          })
                      .status());
  run.out << run.Say("口令已更换，该账号的其他会话已结束\n",
                     "the password is set; other sessions have ended\n");
  return ExitCode::kOk;
}

}  // namespace

std::vector<Command> SessionCommands(Locale locale) {
  const auto say = [&](std::string_view zh, std::string_view en) {
    return Say(locale, zh, en);
  };
  const Flag password{.name = "password-file",
                      .help = say("口令所在文件，- 为标准输入；不写则询问",
                                  "file of the password, - for standard input; "
                                  "asked for without it"),
                      .file = true};
  return {
      {.name = "sign-in",
       .help = say("登录 --agency 的 --account：口令加动态口令；会话存入钥匙串",
                   "Signs --account of --agency in, by password and second "
                   "factor; the session is kept in the keyring"),
       .flags = {password,
                 {.name = "second-factor",
                  .help = say("六位动态口令或恢复码；不写则询问",
                              "six digits or a recovery code; asked for "
                              "without it")},
                 {.name = "provider-token",
                  .help = say("统一身份令牌所在文件，代替口令",
                              "file of the identity provider's token, instead "
                              "of a password"),
                  .file = true}},
       .run = SignIn},
      {.name = "sign-out",
       .help = say("退出登录，各服务器上立即失效",
                   "Ends the session, on all servers at once"),
       .flags = {{.name = "all",
                  .help = say("该服务的所有会话",
                              "every session with this service"),
                  .takes = Takes::kNothing}},
       .run = SignOut},
      {.name = "whoami",
       .help = say("我是谁：账号、角色、代理与会话",
                   "Who one is: account, roles, delegations, session"),
       .run = WhoAmI},
      {.name = "password",
       .help = say("更换口令，其他会话随之结束",
                   "Sets another password, which ends all other sessions"),
       .flags = {password,
                 {.name = "new-password-file",
                  .help = say("新口令所在文件", "file of the new password"),
                  .file = true}},
       .run = Password}};
}

}  // namespace gongkai::cli
