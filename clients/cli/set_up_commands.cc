// SPDX-License-Identifier: Apache-2.0
// `set-up`: the first use of an account, or after its means of proof were
// reset. `totp`: an authenticator for scripts and tests.
#include <sys/stat.h>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/clock.h"
#include "clients/cli/account_print.h"
#include "clients/cli/commands.h"
#include "clients/cli/connect.h"
#include "clients/cli/print.h"
#include "clients/cli/prompt.h"
#include "gongkai/v1/account_service.grpc.pb.h"
#include "services/auth/tokens.h"
#include "services/auth/totp.h"
#include "services/base/status_macros.h"

namespace gongkai::cli {
namespace {

absl::StatusOr<std::string> KeyOf(const Run& run, const std::string& secret) {
  const auto key = auth::FromBase32(secret);
  if (key.has_value()) return *key;
  return absl::InvalidArgumentError(
      run.Say("不是动态口令密钥（base32）", "not a secret in base32"));
}

absl::StatusOr<ExitCode> Totp(const Run& run) {
  ASSIGN_OR_RETURN(const std::string secret,
                   ReadSecretFile(run.args.Get("secret-file")));
  ASSIGN_OR_RETURN(const std::string key, KeyOf(run, secret));
  run.out << auth::TotpDigits(key, auth::TotpStep(absl::Now())) << '\n';
  return ExitCode::kOk;
}

// A set-up with the service.
class SettingUp {
 public:
  explicit SettingUp(const Run& run)
      : run_(run),
        connection_(run.settings, ""),
        accounts_(v1::AccountService::NewStub(connection_.channel())) {}

  absl::StatusOr<v1::SetUpResponse> Begin() {
    ASSIGN_OR_RETURN(const OwnName name, OwnNameOf(run_));
    request_.set_agency(name.agency);
    request_.set_account(name.account);
    ASSIGN_OR_RETURN(
        *request_.mutable_code(),
        SecretOf(run_, "code-file", run_.Say("启用码", "set-up code")));
    ASSIGN_OR_RETURN(
        *request_.mutable_password(),
        NewSecretOf(run_, "password-file", run_.Say("新口令", "new password")));
    return connection_.CallUnknown<v1::SetUpResponse>(
        [&](grpc::ClientContext* context, v1::SetUpResponse* response) {
          return accounts_->SetUp(context, request_, response);
        });
  }

  absl::StatusOr<v1::ConfirmSetUpResponse> Confirm(const std::string& totp) {
    v1::ConfirmSetUpRequest request;
    request.set_agency(request_.agency());
    request.set_account(request_.account());
    request.set_code(request_.code());
    request.set_totp(totp);
    return connection_.CallUnknown<v1::ConfirmSetUpResponse>(
        [&](grpc::ClientContext* context, v1::ConfirmSetUpResponse* response) {
          return accounts_->ConfirmSetUp(context, request, response);
        });
  }

  // With the code of the half minute before, which leaves the present one for
  // signing in at once: each serves once. The present one when that is over.
  absl::StatusOr<v1::ConfirmSetUpResponse> ConfirmBy(const std::string& key) {
    const int64_t step = auth::TotpStep(absl::Now());
    auto confirmed = Confirm(auth::TotpDigits(key, step - 1));
    if (absl::IsUnauthenticated(confirmed.status()) &&
        auth::TotpStep(absl::Now()) != step) {
      confirmed = Confirm(auth::TotpDigits(key, step));
    }
    return confirmed;
  }

  std::string name() const {
    return request_.agency() + "/" + request_.account();
  }

 private:
  const Run& run_;
  Connection connection_;
  std::unique_ptr<v1::AccountService::Stub> accounts_;
  v1::SetUpRequest request_;
};

absl::Status MustBeNew(const Run& run, const std::string& flag) {
  struct stat found {};
  const std::string path = run.args.Get(flag);
  if (path.empty() || lstat(path.c_str(), &found) != 0) return absl::OkStatus();
  return UsageError(
      absl::StrCat("--", flag, ": ", path,
                   run.Say(" 已存在；密钥不予覆盖",
                           " exists; secrets are not overwritten")));
}

absl::StatusOr<v1::ConfirmSetUpResponse> ConfirmAsAsked(
    const Run& run, SettingUp* setting, const v1::SetUpResponse& begun) {
  if (run.args.Has("totp-out")) {
    ASSIGN_OR_RETURN(const std::string key, KeyOf(run, begun.totp_secret()));
    // Kept first: an account whose second factor is lost is of no use.
    const std::string path = run.args.Get("totp-out");
    RETURN_IF_ERROR(WriteSecretFile(path, begun.totp_secret()));
    auto confirmed = setting->ConfirmBy(key);
    if (!confirmed.ok()) std::remove(path.c_str());
    return confirmed;
  }
  run.out << run.Say("动态口令密钥  ", "secret of the second factor  ")
          << begun.totp_secret() << '\n'
          << run.Say("认证器地址    ", "for an authenticator         ")
          << begun.totp_uri() << '\n'
          << std::flush;
  ASSIGN_OR_RETURN(
      const std::string typed,
      AskSecret(run, run.Say("认证器显示的六位数", "its first six digits"),
                "totp-out"));
  return setting->Confirm(typed);
}

absl::StatusOr<ExitCode> SetUp(const Run& run) {
  RETURN_IF_ERROR(MustBeNew(run, "totp-out"));
  RETURN_IF_ERROR(MustBeNew(run, "recovery-out"));
  SettingUp setting(run);
  ASSIGN_OR_RETURN(const v1::SetUpResponse begun, setting.Begin());
  ASSIGN_OR_RETURN(const v1::ConfirmSetUpResponse confirmed,
                   ConfirmAsAsked(run, &setting, begun));
  const std::string codes = absl::StrJoin(confirmed.recovery_codes(), "\n");
  if (run.args.Has("recovery-out")) {
    RETURN_IF_ERROR(WriteSecretFile(run.args.Get("recovery-out"), codes));
  } else {
    run.out << run.Say("恢复码，各用一次，请妥善保管：\n",
                       "recovery codes, each serves once; keep them safe:\n")
            << codes << '\n';
  }
  run.out << run.Say("已启用 ", "set up: ") << setting.name() << '\n';
  return ExitCode::kOk;
}

}  // namespace

Command SetUpCommand(Locale locale) {
  const auto say = [&](std::string_view zh, std::string_view en) {
    return Say(locale, zh, en);
  };
  return {
      .name = "set-up",
      .help = say("启用 --agency 的 --account：凭启用码设口令与动态口令",
                  "First use of --account of --agency: the set-up code for a "
                  "password and a second factor"),
      .flags = {{.name = "code-file",
                 .help = say("启用码所在文件，- 为标准输入；不写则询问",
                             "file of the set-up code, - for standard input; "
                             "asked for without it"),
                 .file = true},
                {.name = "password-file",
                 .help = say("新口令所在文件；不写则询问",
                             "file of the new password; asked for without it"),
                 .file = true},
                {.name = "totp-out",
                 .help = say("动态口令密钥存入此新文件并自行确认",
                             "keep the second factor's secret in this new file "
                             "and confirm by it"),
                 .file = true},
                {.name = "recovery-out",
                 .help = say("恢复码存入此新文件",
                             "keep the recovery codes in this new file"),
                 .file = true}},
      .run = SetUp};
}

Command TotpCommand(Locale locale) {
  return {.name = "totp",
          .help = Say(locale, "由密钥文件得现在的动态口令，供脚本与测试用",
                      "The present six digits of a secret, for scripts and "
                      "tests"),
          .flags = {{.name = "secret-file",
                     .help = Say(locale, "set-up --totp-out 所存文件",
                                 "the file of set-up --totp-out"),
                     .required = true,
                     .file = true}},
          .run = Totp};
}

}  // namespace gongkai::cli
