// SPDX-License-Identifier: Apache-2.0
// Signing in, and what becomes of the tokens, against a service that looks at
// them.
#include "clients/cli/sessions.h"

#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>
#include <vector>

#include "absl/time/clock.h"
#include "clients/cli/account_print.h"
#include "clients/cli/commands.h"
#include "clients/cli/connect.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/auth/totp.h"
#include "tests/cli/fake_accounts.h"

namespace gongkai::cli {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::Pair;

class SessionsTest : public testing::Test {
 protected:
  SessionsTest() : folder_(NewFolder()), service_(folder_) {
    settings_.server = service_.address();
    settings_.admin_server = service_.address();
    settings_.agency = "SHGXW";
    settings_.account = "handler";
    settings_.insecure_loopback = true;
    settings_.keyring = folder_ + "/keyring";
    settings_.timeout_seconds = 10;
    settings_.locale = Locale::kEn;
    WriteOwn("password", FakeAccounts::kPassword);
    WriteOwn("secret", FakeAccounts::kSecret);
    WriteOwn("code", "ABCD-EFGH\n");
  }
  ~SessionsTest() override { std::filesystem::remove_all(folder_); }

  static std::string NewFolder() {
    char path[] = "/tmp/gongkai-sessions-XXXXXX";
    return mkdtemp(path);
  }
  std::string Path(const std::string& name) const {
    return folder_ + "/" + name;
  }
  void WriteOwn(const std::string& name, const std::string& text) const {
    std::ofstream(Path(name)) << text;
    chmod(Path(name).c_str(), 0600);
  }

  // Runs the command of the tree's first level; what it printed is in out_.
  absl::StatusOr<ExitCode> Do(
      const std::string& name,
      const std::vector<std::pair<std::string, std::string>>& flags = {}) {
    Arguments args;
    for (const auto& [flag, value] : flags) args.Add(flag, value);
    std::ostringstream out;
    std::ostringstream err;
    const Command tree = Tree(settings_.locale);
    for (const Command& command : tree.commands) {
      if (command.name != name) continue;
      auto exit = command.run(cli::Run{settings_, args, out, err});
      out_ = out.str();
      return exit;
    }
    return absl::NotFoundError(name);
  }
  absl::StatusOr<ExitCode> SignIn(const std::string& account) {
    settings_.account = account;
    return Do(
        "sign-in",
        {{"password-file", Path("password")},
         {"second-factor",
          auth::TotpDigits(FakeAccounts::kKey, auth::TotpStep(absl::Now()))}});
  }

  const std::string folder_;
  FakeAccounts service_;
  Settings settings_;
  std::string out_;
};

TEST_F(SessionsTest, ASignInIsKeptAndCarriedByCalls) {
  ASSERT_TRUE(SignIn("handler").ok());
  EXPECT_THAT(out_, HasSubstr("signed in: SHGXW/handler"));
  settings_.on_behalf_of = "zhang";
  ASSERT_TRUE(Do("whoami").ok());
  EXPECT_THAT(
      out_, AllOf(HasSubstr("SHGXW/handler"), HasSubstr("handling officer (2)"),
                  HasSubstr("2024-03-20 12:00"),
                  HasSubstr("#9  for zhang  2024-03-20 to 2024-03-22")));
  EXPECT_THAT(service_.metadata(),
              testing::IsSupersetOf({Pair("authorization", "Bearer gka_1"),
                                     Pair("x-gongkai-on-behalf-of", "zhang"),
                                     Pair("accept-language", "en")}));
  // The word of the caller for who he is, is of the past.
  for (const auto& [key, value] : service_.metadata()) {
    EXPECT_THAT(key, Not(testing::StartsWith("x-gongkai-account")));
  }
  EXPECT_EQ(service_.refreshed(), 0);
}

TEST_F(SessionsTest, TheSameInChinese) {
  ASSERT_TRUE(SignIn("handler").ok());
  settings_.locale = Locale::kZh;
  ASSERT_TRUE(Do("whoami").ok());
  EXPECT_THAT(out_, AllOf(HasSubstr("账号            SHGXW/handler\n"),
                          HasSubstr("角色            经办人（2）\n"),
                          HasSubstr("代理            #9  代理 zhang")));
}

TEST_F(SessionsTest, AWrongPasswordKeepsNothing) {
  WriteOwn("password", "wrong");
  const auto exit = SignIn("handler");
  EXPECT_EQ(ExitCodeOf(exit.status()), ExitCode::kNotAllowed);
  EXPECT_FALSE(std::filesystem::exists(settings_.keyring));
  const auto who = Do("whoami");
  EXPECT_EQ(ExitCodeOf(who.status()), ExitCode::kNotAllowed);
  EXPECT_THAT(std::string(who.status().message()),
              HasSubstr("gongkai sign-in --account handler"));
}

TEST_F(SessionsTest, AnAccessTokenNearItsEndIsRenewed) {
  service_.SetAccessLife(5);
  ASSERT_TRUE(SignIn("handler").ok());
  service_.SetAccessLife(600);
  ASSERT_TRUE(Do("whoami").ok());
  EXPECT_EQ(service_.refreshed(), 1);
  ASSERT_TRUE(Do("whoami").ok());
  EXPECT_EQ(service_.refreshed(), 1);
}

TEST_F(SessionsTest, ATokenTakenBackIsRenewedOnce) {
  ASSERT_TRUE(SignIn("handler").ok());
  service_.TakeBackAccess();
  ASSERT_TRUE(Do("whoami").ok());
  EXPECT_EQ(service_.refreshed(), 1);
}

TEST_F(SessionsTest, CommandsAtOnceDoNotReplayARefreshToken) {
  service_.SetAccessLife(5);
  ASSERT_TRUE(SignIn("handler").ok());
  service_.SetAccessLife(600);
  std::vector<std::thread> commands;
  std::atomic<int> good = 0;
  for (int i = 0; i < 8; ++i) {
    commands.emplace_back([&] {
      Sessions sessions(
          settings_, grpc::CreateChannel(service_.address(),
                                         grpc::InsecureChannelCredentials()));
      if (sessions.Token({}).ok()) ++good;
    });
  }
  for (std::thread& one : commands) one.join();
  EXPECT_EQ(good, 8);
  EXPECT_EQ(service_.refreshed(), 1);
  EXPECT_EQ(service_.replayed(), 0);
}

TEST_F(SessionsTest, ASessionThatIsOverIsForgotten) {
  ASSERT_TRUE(SignIn("handler").ok());
  service_.EndAll();
  const auto exit = Do("whoami");
  EXPECT_EQ(DetailsOf(exit.status()).reason, "SESSION_OVER");
  EXPECT_EQ(Keyring(settings_.keyring).List(settings_.server)->size(), 0u);
}

TEST_F(SessionsTest, SigningOutForgetsEvenWhatIsOver) {
  ASSERT_TRUE(SignIn("handler").ok());
  ASSERT_TRUE(SignIn("signer").ok());
  settings_.account = "handler";
  ASSERT_TRUE(Do("sign-out").ok());
  EXPECT_EQ(Keyring(settings_.keyring).List(settings_.server)->size(), 1u);
  service_.EndAll();
  ASSERT_TRUE(Do("sign-out", {{"all", "true"}}).ok());
  EXPECT_EQ(Keyring(settings_.keyring).List(settings_.server)->size(), 0u);
}

TEST_F(SessionsTest, WhoActs) {
  ASSERT_TRUE(SignIn("handler").ok());
  ASSERT_TRUE(SignIn("signer").ok());
  settings_.agency = "CN";
  ASSERT_TRUE(SignIn("secadmin").ok());
  settings_.agency = "SHGXW";
  settings_.account = "";
  Sessions sessions(settings_,
                    grpc::CreateChannel(service_.address(),
                                        grpc::InsecureChannelCredentials()));
  const auto who = [&](const Identity& identity) {
    const auto session = sessions.Choose(identity);
    return session.ok() ? session->agency + "/" + session->account
                        : std::string("nobody");
  };
  // The last one signed in of the agency goes before a later one of another.
  EXPECT_EQ(who({}), "SHGXW/signer");
  EXPECT_EQ(who({.agency = "COURT"}), "CN/secadmin");
  EXPECT_EQ(who({.account = "handler"}), "SHGXW/handler");
  EXPECT_EQ(who({.account = "CN/secadmin"}), "CN/secadmin");
  EXPECT_EQ(who({.account = "SHGXW/secadmin"}), "nobody");
  EXPECT_EQ(who({.account = "archivist"}), "nobody");
  EXPECT_THAT(
      std::string(sessions.Choose({.account = "archivist"}).status().message()),
      HasSubstr("gongkai sign-in --account archivist"));
  // Lines of a script that name nobody.
  EXPECT_EQ(who({.usual = "handler", .prefer_usual = true}), "SHGXW/handler");
  EXPECT_EQ(who({.usual = "archivist", .prefer_usual = true}), "SHGXW/signer");
  settings_.account = std::string(kUsual);
  EXPECT_EQ(who({.usual = "handler"}), "SHGXW/handler");
  EXPECT_EQ(who({.usual = "archivist"}), "nobody");
}

TEST_F(SessionsTest, ASetUpByFilesConfirmsItselfAndIsReadyToSignIn) {
  ASSERT_TRUE(Do("set-up", {{"code-file", Path("code")},
                            {"password-file", Path("password")},
                            {"totp-out", Path("totp")},
                            {"recovery-out", Path("recovery")}})
                  .ok());
  EXPECT_EQ(out_, "set up: SHGXW/handler\n");
  EXPECT_EQ(*ReadSecretFile(Path("totp")), FakeAccounts::kSecret);
  EXPECT_EQ(*ReadSecretFile(Path("recovery")), "AAAA-BBBB\nCCCC-DDDD");
  ASSERT_TRUE(Do("totp", {{"secret-file", Path("totp")}}).ok());
  out_.pop_back();
  const std::string code = out_;
  ASSERT_TRUE(Do("sign-in",
                 {{"password-file", Path("password")}, {"second-factor", code}})
                  .ok());
  // A secret is never written over.
  const auto again = Do("set-up", {{"code-file", Path("code")},
                                   {"password-file", Path("password")},
                                   {"totp-out", Path("totp")}});
  EXPECT_EQ(ExitCodeOf(again.status()), ExitCode::kUsage);
}

TEST_F(SessionsTest, AWrongSetUpCodeLeavesNoFile) {
  WriteOwn("code", "WRONG");
  const auto exit = Do("set-up", {{"code-file", Path("code")},
                                  {"password-file", Path("password")},
                                  {"totp-out", Path("totp")}});
  EXPECT_EQ(DetailsOf(exit.status()).reason, "SET_UP_REFUSED");
  EXPECT_FALSE(std::filesystem::exists(Path("totp")));
}

TEST_F(SessionsTest, APasswordIsNeverAnArgument) {
  const Command tree = Tree(Locale::kEn);
  for (const Command& command : tree.commands) {
    for (const Flag& flag : command.flags) {
      EXPECT_NE(flag.name, "password") << command.name;
    }
  }
}

TEST(AccountPrint, AccountsOnALineEach) {
  Settings settings;
  settings.locale = Locale::kZh;
  v1::ListAccountsResponse response;
  v1::Account* one = response.add_accounts();
  one->set_account("handler");
  one->set_kind(v1::STAFF);
  one->set_active(true);
  one->set_set_up(true);
  one->add_grants()->set_role(v1::ROLE_HANDLER);
  one->set_last_sign_in_time("2024-03-20T04:00:00.5Z");
  v1::Account* other = response.add_accounts();
  other->set_account("qian");
  other->set_kind(v1::STAFF);
  other->set_display_name("钱某");
  other->set_active(true);
  v1::PendingGrant* pending = other->add_proposed();
  pending->set_proposal(3);
  pending->mutable_grant()->set_role(v1::ROLE_SIGNER);
  Arguments args;
  std::ostringstream out;
  std::ostringstream err;
  PrintAccounts(cli::Run{settings, args, out, err}, response);
  EXPECT_EQ(out.str(),
            "账号     类别  姓名  状态    上次登录          角色    待确认\n"
            "handler  人员        启用    2024-03-20 12:00  经办人\n"
            "qian     人员  钱某  待启用                            #3 "
            "签发人\n");
}

}  // namespace
}  // namespace gongkai::cli
