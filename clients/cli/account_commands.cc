// SPDX-License-Identifier: Apache-2.0
// `account`: the administrators' verbs, on the port of administration.
#include <algorithm>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "clients/cli/account_print.h"
#include "clients/cli/commands.h"
#include "clients/cli/connect.h"
#include "clients/cli/fields.h"
#include "clients/cli/print.h"
#include "clients/cli/prompt.h"
#include "gongkai/v1/admin_service.grpc.pb.h"
#include "services/auth/tokens.h"
#include "services/base/dates.h"
#include "services/base/ids.h"
#include "services/base/status_macros.h"

namespace gongkai::cli {
namespace {

using Admin = v1::AdminService::Stub;

// Agency, account and request of whatever request has them.
template <typename Request>
absl::Status Name(const Run& run, Request* request) {
  ASSIGN_OR_RETURN(*request->mutable_agency(), NeedAgency(run.settings));
  request->set_account(run.args.Get("ACCOUNT"));
  request->set_request_id(run.args.Get("request-id", NewUuid(absl::Now())));
  return absl::OkStatus();
}

template <typename Response, typename Request>
absl::StatusOr<Response> Send(
    const Run& run,
    grpc::Status (Admin::*method)(grpc::ClientContext*, const Request&,
                                  Response*),
    const Request& request) {
  Connection connection(run.settings, "security_admin",
                        Connection::Port::kAdmin);
  const auto admin = v1::AdminService::NewStub(connection.channel());
  return connection.Call<Response>(
      {}, [&](grpc::ClientContext* context, Response* response) {
        return (admin.get()->*method)(context, request, response);
      });
}

// The usual answer of a change: the account as it stands.
template <typename Request>
absl::StatusOr<ExitCode> Change(
    const Run& run,
    grpc::Status (Admin::*method)(grpc::ClientContext*, const Request&,
                                  v1::AccountResponse*),
    const Request& request) {
  ASSIGN_OR_RETURN(const v1::AccountResponse response,
                   Send(run, method, request));
  PrintAccount(run, response.account());
  return ExitCode::kOk;
}

// Shown once: into a file of its own, or on the screen.
template <typename Response>
absl::Status ShowCode(const Run& run, const Response& response) {
  if (response.set_up_code().empty()) return absl::OkStatus();
  if (run.args.Has("code-out")) {
    return WriteSecretFile(run.args.Get("code-out"), response.set_up_code());
  }
  run.out << run.Say("启用码  ", "set-up code  ") << response.set_up_code()
          << run.Say("  有效至 ", "  until ")
          << ShanghaiMinute(response.set_up_until_time()) << '\n';
  return absl::OkStatus();
}

absl::StatusOr<ExitCode> Open(const Run& run) {
  v1::OpenAccountRequest request;
  RETURN_IF_ERROR(Name(run, &request));
  RETURN_IF_ERROR(SetField(&request, "kind", run.args.Get("kind", "staff")));
  request.set_display_name(run.args.Get("display-name"));
  if (request.kind() == v1::STAFF || run.args.Has("identity-number-file")) {
    ASSIGN_OR_RETURN(*request.mutable_identity_number(),
                     SecretOf(run, "identity-number-file",
                              run.Say("本人证件号码", "identity number")));
  }
  ASSIGN_OR_RETURN(const v1::OpenAccountResponse response,
                   Send(run, &Admin::OpenAccount, request));
  if (run.settings.output == Output::kJson && !run.args.Has("code-out")) {
    PrintJson(run.out, response);
    return ExitCode::kOk;
  }
  PrintAccount(run, response.account());
  RETURN_IF_ERROR(ShowCode(run, response));
  return ExitCode::kOk;
}

absl::StatusOr<ExitCode> Reset(const Run& run) {
  v1::ResetAccountRequest request;
  RETURN_IF_ERROR(Name(run, &request));
  ASSIGN_OR_RETURN(const v1::ResetAccountResponse response,
                   Send(run, &Admin::ResetAccount, request));
  if (run.settings.output == Output::kJson && !run.args.Has("code-out")) {
    PrintJson(run.out, response);
    return ExitCode::kOk;
  }
  RETURN_IF_ERROR(ShowCode(run, response));
  return ExitCode::kOk;
}

absl::StatusOr<ExitCode> SetState(const Run& run, bool active) {
  v1::SetAccountStateRequest request;
  RETURN_IF_ERROR(Name(run, &request));
  request.set_active(active);
  request.set_reason(run.args.Get("reason"));
  return Change(run, &Admin::SetAccountState, request);
}

absl::StatusOr<ExitCode> EndSessions(const Run& run) {
  v1::EndSessionsRequest request;
  ASSIGN_OR_RETURN(*request.mutable_agency(), NeedAgency(run.settings));
  request.set_account(run.args.Get("ACCOUNT"));
  ASSIGN_OR_RETURN(const v1::EndSessionsResponse response,
                   Send(run, &Admin::EndSessions, request));
  run.out << run.Say("已结束会话 ", "sessions ended: ") << response.ended()
          << '\n';
  return ExitCode::kOk;
}

absl::StatusOr<ExitCode> Grant(
    const Run& run, grpc::Status (Admin::*method)(grpc::ClientContext*,
                                                  const v1::GrantRoleRequest&,
                                                  v1::AccountResponse*)) {
  v1::GrantRoleRequest request;
  RETURN_IF_ERROR(Name(run, &request));
  RETURN_IF_ERROR(
      SetField(request.mutable_grant(), "role", run.args.Get("role")));
  request.mutable_grant()->set_department(run.args.Get("department"));
  return Change(run, method, request);
}

absl::StatusOr<ExitCode> Decide(const Run& run, bool confirmed) {
  v1::DecideGrantRequest request;
  RETURN_IF_ERROR(Name(run, &request));
  RETURN_IF_ERROR(SetField(&request, "proposal", run.args.Get("proposal")));
  request.set_confirmed(confirmed);
  return Change(run, &Admin::DecideGrant, request);
}

// SHA-256 of the DER form of the first certificate of a PEM file.
absl::StatusOr<std::string> FingerprintOf(const std::string& path) {
  static constexpr std::string_view kBegin = "-----BEGIN CERTIFICATE-----";
  static constexpr std::string_view kEnd = "-----END CERTIFICATE-----";
  ASSIGN_OR_RETURN(const std::string pem, ReadFile(path));
  const size_t begin = pem.find(kBegin);
  const size_t end = pem.find(kEnd);
  std::string der;
  if (begin == std::string::npos || end == std::string::npos || end < begin ||
      !absl::Base64Unescape(
          pem.substr(begin + kBegin.size(), end - begin - kBegin.size()),
          &der)) {
    return absl::InvalidArgumentError(path + " holds no certificate in PEM");
  }
  return absl::BytesToHexString(auth::TokenDigest(der));
}

absl::StatusOr<ExitCode> Certificate(const Run& run, bool add) {
  v1::CertificateRequest request;
  RETURN_IF_ERROR(Name(run, &request));
  if (run.args.Has("file") == run.args.Has("fingerprint")) {
    return UsageError(run.Say("--file 与 --fingerprint 择一",
                              "one of --file and --fingerprint"));
  }
  if (run.args.Has("file")) {
    ASSIGN_OR_RETURN(*request.mutable_fingerprint(),
                     FingerprintOf(run.args.Get("file")));
  } else {
    request.set_fingerprint(absl::AsciiStrToLower(run.args.Get("fingerprint")));
  }
  return Change(run, add ? &Admin::AddCertificate : &Admin::RevokeCertificate,
                request);
}

absl::StatusOr<ExitCode> Link(const Run& run) {
  v1::LinkSubjectRequest request;
  RETURN_IF_ERROR(Name(run, &request));
  if (run.args.Has("end") == run.args.Has("subject")) {
    return UsageError(
        run.Say("--subject 与 --end 择一", "one of --subject and --end"));
  }
  request.set_subject(run.args.Get("subject"));
  return Change(run, &Admin::LinkSubject, request);
}

absl::StatusOr<ExitCode> SetDelegation(const Run& run) {
  v1::SetDelegationRequest request;
  ASSIGN_OR_RETURN(*request.mutable_agency(), NeedAgency(run.settings));
  request.set_request_id(run.args.Get("request-id", NewUuid(absl::Now())));
  request.set_deputy(run.args.Get("ACCOUNT"));
  v1::Delegation* delegation = request.mutable_delegation();
  delegation->set_principal(run.args.Get("for"));
  ASSIGN_OR_RETURN(const absl::CivilDay from, run.args.Day("from", Today()));
  ASSIGN_OR_RETURN(const absl::CivilDay to, run.args.Day("until", from));
  delegation->set_from_date(FormatDay(from));
  delegation->set_to_date(FormatDay(to));
  for (const std::string& role : run.args.All("role")) {
    RETURN_IF_ERROR(SetField(delegation, "roles", role));
  }
  return Change(run, &Admin::SetDelegation, request);
}

absl::StatusOr<ExitCode> List(const Run& run) {
  v1::ListAccountsRequest request;
  ASSIGN_OR_RETURN(*request.mutable_agency(), NeedAgency(run.settings));
  ASSIGN_OR_RETURN(const int size, run.args.Int("page-size", 200, 1, 200));
  request.set_page_size(size);
  request.set_after(run.args.Get("after"));
  ASSIGN_OR_RETURN(const v1::ListAccountsResponse response,
                   Send(run, &Admin::ListAccounts, request));
  PrintAccounts(run, response);
  return ExitCode::kOk;
}

absl::StatusOr<ExitCode> Show(const Run& run) {
  v1::GetAccountRequest request;
  ASSIGN_OR_RETURN(*request.mutable_agency(), NeedAgency(run.settings));
  request.set_account(run.args.Get("ACCOUNT"));
  request.set_with_history(run.args.Has("history"));
  ASSIGN_OR_RETURN(const v1::GetAccountResponse response,
                   Send(run, &Admin::GetAccount, request));
  if (run.settings.output == Output::kJson) {
    PrintJson(run.out, response);
    return ExitCode::kOk;
  }
  PrintAccount(run, response.account());
  if (request.with_history()) PrintAccountHistory(run, response);
  return ExitCode::kOk;
}

// Makes the verbs, each with the account as its argument.
class Verbs {
 public:
  explicit Verbs(Locale locale) : locale_(locale) {}

  void Add(std::string name, std::string_view zh, std::string_view en,
           std::vector<Flag> flags,
           std::function<absl::StatusOr<ExitCode>(const Run&)> run,
           bool with_account = true) {
    Command verb{.name = std::move(name),
                 .help = Say(locale_, zh, en),
                 .flags = std::move(flags)};
    if (with_account) {
      verb.positionals = {{.name = "ACCOUNT",
                           .help = Say(locale_, "账号", "account"),
                           .required = true}};
    }
    verb.run = std::move(run);
    all_.push_back(std::move(verb));
  }
  Flag Value(std::string name, std::string_view zh, std::string_view en,
             bool required = false) const {
    return {.name = std::move(name),
            .help = Say(locale_, zh, en),
            .required = required};
  }
  Flag File(std::string name, std::string_view zh, std::string_view en) const {
    Flag flag = Value(std::move(name), zh, en);
    flag.file = true;
    return flag;
  }
  Flag Bare(std::string name, std::string_view zh, std::string_view en) const {
    Flag flag = Value(std::move(name), zh, en);
    flag.takes = Takes::kNothing;
    return flag;
  }
  Flag Id() const {
    return Value("request-id", "请求编号", "identifier of the request");
  }
  Flag Reason() const { return Value("reason", "理由", "why", true); }
  Flag Proposal() const {
    return Value("proposal", "提议的序号", "number of the proposal", true);
  }
  Flag CodeOut() const {
    return File("code-out", "启用码存入此新文件，不显示",
                "keep the set-up code in this new file, do not show it");
  }
  Flag Role(bool many = false) const {
    Flag flag = Value("role", "角色", "role", !many);
    flag.choices = ChoicesOf(*v1::Role_descriptor());
    if (many) flag.takes = Takes::kValues;
    return flag;
  }
  Flag Department() const {
    return Value("department", "只限该部门的案件",
                 "only for cases of this department");
  }
  std::vector<Command> Take() { return std::move(all_); }

 private:
  const Locale locale_;
  std::vector<Command> all_;
};

void AddLifeVerbs(Verbs* verbs) {
  Flag kind = verbs->Value("kind", "类别，默认人员", "kind, staff by default");
  kind.choices = ChoicesOf(*v1::AccountKind_descriptor());
  verbs->Add("open", "开立账号，给出一次性启用码",
             "Opens an account and gives a one-time set-up code",
             {kind, verbs->Value("display-name", "姓名", "name of the holder"),
              verbs->File("identity-number-file",
                          "本人证件号码文件，- 标准输入，默认询问；只存摘要",
                          "file of the holder's identity number, - for input, "
                          "asked for by default; kept as a keyed digest"),
              verbs->CodeOut(), verbs->Id()},
             Open);
  verbs->Add("reset", "重置：原有凭证与会话一律失效，给出新启用码",
             "Ends every means of proof and session; a new set-up code",
             {verbs->CodeOut(), verbs->Id()}, Reset);
  verbs->Add("close", "停用，会话立即失效",
             "Closes it for use; its sessions end at once",
             {verbs->Reason(), verbs->Id()},
             [](const Run& run) { return SetState(run, false); });
  verbs->Add("reopen", "重新启用", "Opens it for use again",
             {verbs->Reason(), verbs->Id()},
             [](const Run& run) { return SetState(run, true); });
  verbs->Add("end-sessions", "立即结束其全部会话",
             "Ends every session of it at once", {}, EndSessions);
  verbs->Add("list", "本机关的账号", "The accounts of the agency",
             {verbs->Value("page-size", "每页个数，至多 200",
                           "accounts a page, at most 200"),
              verbs->Value("after", "从该账号之后", "go on after this one")},
             List, false);
  verbs->Add("show", "一个账号", "One account",
             {verbs->Bare("history", "并列其全部变更",
                          "also everything that was done to it")},
             Show);
}

void AddGrantVerbs(Verbs* verbs) {
  verbs->Add("grant", "授予无须第二人确认的角色",
             "Gives a role that needs no second person",
             {verbs->Role(), verbs->Department(), verbs->Id()},
             [](const Run& run) { return Grant(run, &Admin::GrantRole); });
  verbs->Add("propose", "提议授予角色，由另一人确认",
             "Proposes a role, for another person to confirm",
             {verbs->Role(), verbs->Department(), verbs->Id()},
             [](const Run& run) { return Grant(run, &Admin::ProposeGrant); });
  verbs->Add("confirm", "确认他人的提议", "Confirms another's proposal",
             {verbs->Proposal(), verbs->Id()},
             [](const Run& run) { return Decide(run, true); });
  verbs->Add("decline", "不同意他人的提议", "Declines another's proposal",
             {verbs->Proposal(), verbs->Id()},
             [](const Run& run) { return Decide(run, false); });
  verbs->Add("withdraw", "撤销角色，立即生效", "Takes a role away, at once",
             {verbs->Role(), verbs->Department(), verbs->Id()},
             [](const Run& run) { return Grant(run, &Admin::WithdrawGrant); });
  verbs->Add(
      "delegate", "令该账号代理另一账号若干日",
      "Makes the account deputise for another for some days",
      {verbs->Value("for", "被代理的账号", "the principal", true),
       verbs->Value("from", "起，默认今天", "first day, today by default"),
       verbs->Value("until", "止，含当日", "last day, inclusive", true),
       verbs->Role(true), verbs->Id()},
      SetDelegation);
}

void AddProofVerbs(Verbs* verbs) {
  const std::vector<Flag> certificate = {
      verbs->File("file", "证书文件（PEM）", "file of the certificate (PEM)"),
      verbs->Value("fingerprint", "证书的 SHA-256，十六进制",
                   "SHA-256 of the certificate, hexadecimal"),
      verbs->Id()};
  verbs->Add("add-certificate", "登记服务账号的证书",
             "Registers a certificate of a service account", certificate,
             [](const Run& run) { return Certificate(run, true); });
  verbs->Add("revoke-certificate", "吊销，立即生效", "Revokes it, at once",
             certificate,
             [](const Run& run) { return Certificate(run, false); });
  verbs->Add("link", "关联统一身份的主体，或解除",
             "Makes it known under a subject of the identity provider",
             {verbs->Value("subject", "令牌中的 sub", "`sub` of its tokens"),
              verbs->Bare("end", "解除关联", "end the link"), verbs->Id()},
             Link);
}

}  // namespace

Command AccountCommand(Locale locale) {
  Verbs verbs(locale);
  AddLifeVerbs(&verbs);
  AddGrantVerbs(&verbs);
  AddProofVerbs(&verbs);
  return {.name = "account",
          .help = Say(locale, "管理 --agency 的账号（管理端口）",
                      "Keeps the accounts of --agency (port of "
                      "administration)"),
          .commands = verbs.Take()};
}

}  // namespace gongkai::cli
