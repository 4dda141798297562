// SPDX-License-Identifier: Apache-2.0
// The operator's verbs: first accounts, and a way back in.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include "absl/strings/str_split.h"
#include "services/server/account_words.h"
#include "tests/accounts/account_house.h"
#include "tests/support/temp_postgres.h"
#include "tests/support/test_vault.h"

namespace gongkai::test {
namespace {

namespace fs = std::filesystem;

constexpr const char* kAgency = TestService::kAgency;

class FirstAccounts : public ::testing::Test {
 protected:
  FirstAccounts() {
    std::string path = fs::temp_directory_path() / "gongkai-init-XXXXXX";
    folder_ = mkdtemp(path.data());
  }
  ~FirstAccounts() override { fs::remove_all(folder_); }

  // Runs the verb; its exit code, and what it wrote.
  int Run(const std::string& line) {
    const char* bin = std::getenv("GONGKAI_BIN_DIR");
    const std::string dsn =
        TempPostgres::Shared().Service(house_.test().database());
    const std::string command =
        std::string(bin == nullptr ? "bin" : bin) + "/gongkai-server account " +
        line + " --database '" + dsn + "' --vault '" + TestVaultFile() +
        "' --rulebook '" + std::string(std::getenv("GONGKAI_SOURCE_DIR")) +
        "/ops/rulebook' >'" + folder_ + "/out' 2>'" + folder_ + "/err'";
    const int status = std::system(command.c_str());
    return WEXITSTATUS(status);
  }
  std::string Read(const std::string& name) {
    std::ifstream in(folder_ + "/" + name);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  void Write(const std::string& name, const std::string& text) {
    std::ofstream(folder_ + "/" + name) << text;
  }
  std::string folder_;
  AccountHouse house_;
};

TEST_F(FirstAccounts, GiveAnAgencyItsAdministrators) {
  ASSERT_EQ(Run("init --agency SHGXW --account sec=security_admin "
                "--account aud=audit_admin --account sys=system_admin "
                "--account li=handler,archivist@yi"),
            0)
      << Read("err");
  std::map<std::string, std::string> codes;
  for (absl::string_view row :
       absl::StrSplit(Read("out"), '\n', absl::SkipEmpty())) {
    const std::vector<std::string> cells = absl::StrSplit(row, ' ');
    ASSERT_EQ(cells.size(), 3u) << row;
    codes[cells[0]] = cells[1];
  }
  ASSERT_EQ(codes.size(), 4u);
  Person sec{"sec"};
  ASSERT_EQ(ReasonOf(house_.SetUp(sec, codes["sec"])), "OK");
  ASSERT_EQ(ReasonOf(house_.SignIn(sec)), "OK");
  std::vector<v1::RecordedEvent> history;
  const v1::Account li = house_.Account(sec, "li", &history);
  ASSERT_EQ(li.grants_size(), 2);
  EXPECT_EQ(li.grants(0).department(), "yi");
  EXPECT_EQ(history[0].actor().capacity(), v1::OPERATOR);
  EXPECT_EQ(house_.Ask("SELECT count(DISTINCT person) FROM account"), "4");
  // Once there is a security administrator, accounts are opened by him.
  EXPECT_NE(Run("init --agency SHGXW --account wang=handler"), 0);
  EXPECT_THAT(Read("err"), testing::HasSubstr("security administrator"));
}

TEST_F(FirstAccounts, MayBeRunAgainAsLongAsThereIsNoKeeper) {
  ASSERT_EQ(Run("init --agency SHGXW --account aud=audit_admin"), 0)
      << Read("err");
  const std::string first = Read("out");
  ASSERT_EQ(Run("init --agency SHGXW --account aud=audit_admin "
                "--account sec=security_admin --json"),
            0)
      << Read("err");
  EXPECT_THAT(Read("out"), testing::HasSubstr("\"account\":\"sec\""));
  // The code of the first run is void.
  const std::vector<std::string> cells = absl::StrSplit(first, ' ');
  Person aud{"aud"};
  EXPECT_EQ(ReasonOf(house_.SetUp(aud, cells[1])), "SET_UP_REFUSED");
}

TEST_F(FirstAccounts, CodesGoToFilesOfTheirOwn) {
  ASSERT_EQ(Run("init --agency CN --account sec=security_admin --codes '" +
                folder_ + "'"),
            0)
      << Read("err");
  EXPECT_THAT(Read("out"), testing::HasSubstr("sec written "));
  struct stat is {};
  ASSERT_EQ(stat((folder_ + "/sec.code").c_str(), &is), 0);
  EXPECT_EQ(is.st_mode & 0777, 0600u);
  Person sec{"sec", "CN"};
  ASSERT_EQ(ReasonOf(house_.SetUp(sec, Read("sec.code").substr(0, 29))), "OK");
  EXPECT_EQ(ReasonOf(house_.SignIn(sec)), "OK");
}

TEST_F(FirstAccounts, BelongToKnownPersonsWhenTheOperatorSaysWho) {
  const std::string number = "310101199001010012";
  Write("wrong", "310101199001010013\n");
  Write("number", number + "\n");
  const std::string line =
      "init --agency SHGXW --account sec=security_admin "
      "--account aud=audit_admin --identity sec='" +
      folder_;
  EXPECT_NE(Run(line + "/wrong'"), 0);
  EXPECT_THAT(Read("err"), testing::HasSubstr("check digit"));
  EXPECT_THAT(Read("err"), testing::Not(testing::HasSubstr("3101")));
  ASSERT_EQ(Run(line + "/number'"), 0) << Read("err");
  // Said once, of those alone who are not known.
  EXPECT_THAT(Read("err"), testing::StartsWith("aud: whose account"));
  EXPECT_THAT(Read("err"), testing::Not(testing::HasSubstr("3101")));
  std::map<std::string, std::string> codes;
  for (absl::string_view row :
       absl::StrSplit(Read("out"), '\n', absl::SkipEmpty())) {
    const std::vector<std::string> cells = absl::StrSplit(row, ' ');
    codes[cells[0]] = cells[1];
  }
  Person sec{"sec"};
  ASSERT_EQ(ReasonOf(house_.SetUp(sec, codes["sec"])), "OK");
  ASSERT_EQ(ReasonOf(house_.SignIn(sec)), "OK");
  // He is known again.
  EXPECT_EQ(ReasonOf(house_.Open(sec, "li", nullptr, number)), "OWN_ACCOUNT");
  EXPECT_EQ(ReasonOf(house_.Open(sec, "li", nullptr)), "OK");
}

TEST_F(FirstAccounts, WhoseAnAccountIsDoesNotChange) {
  Write("number", "310101199001010012");
  ASSERT_EQ(Run("init --agency SHGXW --account aud=audit_admin"), 0);
  EXPECT_NE(Run("init --agency SHGXW --account aud=audit_admin --identity "
                "aud='" +
                folder_ + "/number'"),
            0);
  EXPECT_THAT(Read("err"), testing::HasSubstr("does not change"));
}

TEST_F(FirstAccounts, CodesAreNotWrittenIntoWhatStandsThere) {
  Write("trap", "nothing");
  fs::create_symlink(folder_ + "/trap", folder_ + "/sec.code.new");
  Write("aud.code.new", "of somebody who reads it");
  fs::permissions(folder_ + "/aud.code.new", fs::perms(0666));
  const std::ifstream open_before(folder_ + "/aud.code.new");
  ASSERT_EQ(Run("init --agency CN --account sec=security_admin --account "
                "aud=audit_admin --codes '" +
                folder_ + "'"),
            0)
      << Read("err");
  EXPECT_EQ(Read("trap"), "nothing");
  std::stringstream seen;
  seen << open_before.rdbuf();
  EXPECT_EQ(seen.str(), "of somebody who reads it");
  for (const char* name : {"/sec.code", "/aud.code"}) {
    EXPECT_EQ(fs::symlink_status(folder_ + name).permissions(),
              fs::perms(0600));
    EXPECT_TRUE(fs::is_regular_file(fs::symlink_status(folder_ + name)));
    EXPECT_FALSE(fs::exists(fs::symlink_status(folder_ + name + ".new")));
  }
}

TEST_F(FirstAccounts, WhatDoesNotFitIsSaid) {
  for (const auto& [line, word] : std::map<std::string, std::string>{
           {"init --agency SHGXW --account sec", "NAME=ROLE"},
           {"init --agency SHGXW --account sec=boss", "names of roles"},
           {"init --agency SHGXW --account 张=handler", "2 to 32"},
           {"init --agency SHGXW --account "
            "x1=security_admin,audit_admin",
            "alone"},
           {"init --agency SHGXW --service p1=system_admin", "alone"},
           {"init --agency SHGXW --service p1=handler", "portal alone"},
           {"init --agency SHGXW --account a1=handler --identity b1=x",
            "of one of --account"},
           {"init --agency SHGXW --account a1=handler --identity a1=/no/file",
            "a file that can be read"},
           {"init --agency SHGXW", "--account"},
           {"init --agency nowhere --account a1=handler", "upper-case"},
           {"init --agency ZZZZ --account a1=handler", "agency"},
           {"reset --agency SHGXW --account nobody", "no such account"},
       }) {
    EXPECT_NE(Run(line), 0) << line;
    EXPECT_THAT(Read("err"), testing::HasSubstr(word)) << line;
  }
  EXPECT_EQ(house_.Ask("SELECT count(*) FROM account"), "0");
}

TEST_F(FirstAccounts, AResetIsTheWayBackIn) {
  Person sec = house_.Staff("sec", {v1::ROLE_SECURITY_ADMIN});
  ASSERT_EQ(Run("reset --agency SHGXW --account sec"), 0) << Read("err");
  EXPECT_EQ(ReasonOf(house_.CanCall(sec)), "SESSION_OVER");
  const std::vector<std::string> cells = absl::StrSplit(Read("out"), ' ');
  sec.password = "Mohn-Kran9Tal";
  ASSERT_EQ(ReasonOf(house_.SetUp(sec, cells[1])), "OK");
  ASSERT_EQ(ReasonOf(house_.SignIn(sec)), "OK");
  std::vector<v1::RecordedEvent> history;
  house_.Account(sec, "sec", &history);
  const auto reset = std::find_if(
      history.begin(), history.end(), [](const v1::RecordedEvent& event) {
        return event.event().credential_changed().kind() == v1::SET_UP_CODE;
      });
  ASSERT_NE(reset, history.end());
  EXPECT_EQ(reset->actor().account(), "operator");
}

TEST(FirstAccountWords, AreRead) {
  const auto first = server::ReadFirstAccount(
      kAgency, "Li=handler,secrecy_reviewer@yi", v1::STAFF);
  ASSERT_TRUE(first.ok());
  EXPECT_EQ(first->name, "li");
  ASSERT_EQ(first->grants.size(), 2u);
  EXPECT_EQ(first->grants[1].role(), v1::ROLE_SECRECY_REVIEWER);
  EXPECT_EQ(first->grants[1].department(), "yi");
  EXPECT_FALSE(server::FingerprintOfPem("no certificate").ok());
}

}  // namespace
}  // namespace gongkai::test
