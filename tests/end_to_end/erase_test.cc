// SPDX-License-Identifier: Apache-2.0
// Personal text destroyed at the command line by two persons; destroyed again
// in a restored backup from the list that is kept beside it; and what is left
// of it in the files of the database before and after the steps of the runbook.
#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/act/whole.h"
#include "tests/end_to_end/house.h"
#include "tests/end_to_end/process.h"
#include "tests/support/temp_postgres.h"

namespace gongkai::test {
namespace {

using nlohmann::json;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

// Latin letters, so that the bytes on the disk are those of the text.
constexpr char kMark[] = "WUTONGLI-7319-ZHENGSHOU";

class EraseTest : public ::testing::Test {
 protected:
  std::string Receive(const std::string& content) {
    return json::parse(
        house_.MustCli({"case", "receive", "--date", "2024-03-04",
                        "--applicant-name", "赵甲一（虚构）", "--content",
                        content, "--output", "json"}))["receipt"]["number"];
  }
  std::string Withdrawn(const std::string& content) {
    const std::string number = Receive(content);
    house_.MustCli({"case", "withdraw", number, "--date", "2024-03-05",
                    "--note", "书面撤回"});
    return number;
  }
  // Proposed by one, decided by another.
  void Erase(const std::string& number) {
    house_.MustCli({"audit", "erase", number, "--basis", "ordered",
                    "--document", "某删〔2024〕1号", "--as", "archivist"});
    house_.MustCli({"audit", "erase", number, "--proposal", "3", "--as",
                    "disclosure_head"});
  }

  // An account of one and the same person, opened, given a role by two
  // administrators and signed in at the command line.
  void Open(const std::string& account, const std::string& role) {
    const std::string base = house_.folder() + "/" + account;
    WriteSecret(base + ".number", "11010519491231002X");
    WriteSecret(base + ".password", "Zwei-Konten-eine-Person");
    house_.MustCli({"account", "open", account, "--identity-number-file",
                    base + ".number", "--code-out", base + ".code", "--as",
                    "security_admin"});
    const json proposed = json::parse(
        house_.MustCli({"account", "propose", account, "--role", role, "--as",
                        "security_admin", "--output", "json"}));
    if (proposed.contains("proposed")) {
      house_.MustCli({"account", "confirm", account, "--proposal",
                      proposed["proposed"][0]["proposal"], "--as",
                      "audit_admin"});
    }
    house_.MustCli({"set-up", "--as", account, "--code-file", base + ".code",
                    "--password-file", base + ".password", "--totp-out",
                    base + ".totp", "--recovery-out", base + ".recovery"});
    std::string code =
        house_.MustCli({"totp", "--secret-file", base + ".totp"});
    code.pop_back();
    house_.MustCli({"sign-in", "--as", account, "--password-file",
                    base + ".password", "--second-factor", code});
  }
  static void WriteSecret(const std::string& path, const std::string& text) {
    WriteText(path, text);
    std::filesystem::permissions(path, std::filesystem::perms::owner_read |
                                           std::filesystem::perms::owner_write);
  }

  Finished Server(const std::vector<std::string>& arguments) {
    std::vector<std::string> all = {house_.Program("gongkai-server"), "audit"};
    all.insert(all.end(), arguments.begin(), arguments.end());
    Process process(all, {});
    Finished finished;
    finished.exit = process.Wait();
    finished.out = process.out();
    finished.err = process.err();
    return finished;
  }
  // Keeps what `audit erasures` says beside the backup.
  std::string ListOfErasures() {
    const Finished listed =
        Server({"erasures", "--database",
                house_.postgres().Auditor(house_.database())});
    EXPECT_EQ(listed.exit, 0) << listed.err;
    const std::string file = house_.folder() + "/erasures.jsonl";
    WriteText(file, listed.out);
    return file;
  }
  // A copy of the database as it is now, as a backup would bring it back.
  std::string Backup() {
    EXPECT_EQ(house_.StopServer(), 0);
    const std::string name = absl::StrCat(house_.database(), "_restored");
    house_.postgres().Run(
        house_.postgres().Superuser("postgres"),
        absl::StrCat("CREATE DATABASE ", name, " TEMPLATE ", house_.database(),
                     " OWNER gongkai_owner"));
    house_.StartServer();
    return name;
  }
  std::string AskIn(const std::string& database, const std::string& sql) {
    return house_.postgres().Run(house_.postgres().Superuser(database), sql);
  }

  // Files under `folder` of the cluster that hold the mark.
  std::vector<std::string> FilesWithMark(const std::string& folder) {
    std::vector<std::string> found;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(
             house_.Ask("SHOW data_directory") + "/" + folder)) {
      if (!entry.is_regular_file()) continue;
      std::ifstream in(entry.path(), std::ios::binary);
      const std::string bytes((std::istreambuf_iterator<char>(in)), {});
      if (bytes.find(kMark) != std::string::npos) {
        found.push_back(entry.path().filename().string());
      }
    }
    return found;
  }
  std::string FolderOfDatabase() {
    return absl::StrCat("base/",
                        house_.Ask("SELECT oid FROM pg_database "
                                   "WHERE datname = current_database()"));
  }

  House house_{{.durable = true}};
};

TEST_F(EraseTest, TwoPersonsAtTheCommandLine) {
  const std::string number = Withdrawn("申请公开某路段整治方案。");
  EXPECT_EQ(house_.Cli({"audit", "erase", number}).exit, 2);
  EXPECT_EQ(house_
                .Cli({"audit", "erase", number, "--basis", "ordered",
                      "--document", "某删〔2024〕1号", "--proposal", "3"})
                .exit,
            2);
  EXPECT_EQ(house_
                .Cli({"audit", "erase", number, "--basis", "curiosity",
                      "--document", "某删〔2024〕1号"})
                .exit,
            3);
  // Two accounts of one person, known by the number of the identity card.
  Open("dang", "archivist");
  Open("zhang", "disclosure_head");
  EXPECT_THAT(house_.MustCli({"audit", "erase", number, "--basis", "ordered",
                              "--document", "某删〔2024〕1号", "--as", "dang"}),
              HasSubstr("版本 3"));
  const Finished same = house_.Cli(
      {"audit", "erase", number, "--proposal", "3", "--as", "zhang"});
  EXPECT_EQ(same.exit, 5);
  EXPECT_THAT(same.err, HasSubstr("提议人不得自行决定删除"));
  house_.MustCli(
      {"audit", "erase", number, "--proposal", "3", "--as", "disclosure_head"});
  EXPECT_THAT(house_.MustCli({"case", "show", number, "--history"}),
              AllOf(HasSubstr("[已清除]"), HasSubstr("有权机关责令删除"),
                    Not(HasSubstr("赵甲一")), Not(HasSubstr("整治方案"))));
  EXPECT_THAT(house_.MustCli({"case", "search", "整治方案"}),
              Not(HasSubstr(number)));
}

TEST_F(EraseTest, ARestoredBackupForgetsAgainWhatTheListNames) {
  const std::string erased = Withdrawn("申请公开某路段整治方案。");
  const std::string kept = Withdrawn("申请公开某桥维护方案。");
  const std::string restored = Backup();
  Erase(erased);
  const std::string list = ListOfErasures();
  EXPECT_THAT(ReadText(list), AllOf(HasSubstr(erased), Not(HasSubstr(kept)),
                                    Not(HasSubstr("整治"))));

  const std::string owner = house_.postgres().Owner(restored);
  const Finished replayed =
      Server({"replay-erasures", "--database", owner, list});
  EXPECT_EQ(replayed.exit, 0) << replayed.err;
  EXPECT_THAT(replayed.out, AllOf(HasSubstr(erased), HasSubstr("2 texts")));
  EXPECT_EQ(AskIn(restored, "SELECT string_agg(content, '') FROM case_text"),
            "申请公开某桥维护方案。");
  EXPECT_EQ(AskIn(restored,
                  "SELECT count(*) FROM private_part "
                  "WHERE payload IS NULL AND salt IS NULL"),
            "2");
  // Once more changes nothing.
  const Finished again = Server({"replay-erasures", "--database", owner, list});
  EXPECT_EQ(again.exit, 0);
  EXPECT_THAT(again.out, HasSubstr("0 texts"));
  // The event of the erasure is not in this backup: the check says so, until
  // two persons record it anew.
  const Finished checked =
      Server({"fsck", "--database", house_.postgres().Auditor(restored)});
  EXPECT_EQ(checked.exit, 1) << checked.out;
  EXPECT_THAT(checked.out, HasSubstr(erased));
}

TEST_F(EraseTest, WithoutTheRoleOrTheListNothingIsDone) {
  const auto& postgres = house_.postgres();
  const std::string service = postgres.Service(house_.database());
  EXPECT_EQ(Server({"erasures", "--database", service}).exit, 2);
  const std::string file = house_.folder() + "/broken.jsonl";
  WriteText(file, "{\"agency\":\"SHGXW\"}\n");
  const std::string owner = postgres.Owner(house_.database());
  const Finished broken =
      Server({"replay-erasures", "--database", owner, file});
  EXPECT_EQ(broken.exit, 2);
  EXPECT_THAT(broken.err, HasSubstr("line 1"));
  EXPECT_EQ(
      Server({"replay-erasures", "--database", owner, file + ".none"}).exit, 2);
  const std::string number = Withdrawn("申请公开某路段整治方案。");
  Erase(number);
  EXPECT_EQ(
      Server({"replay-erasures", "--database", service, ListOfErasures()}).exit,
      2);
}

TEST_F(EraseTest, AForkIsNotStatedOfALogThatGoesOn) {
  const Finished stated = house_.Cli(
      {"audit", "fork", "state", "--outside-size", "5", "--outside-root",
       std::string(64, 'a'), "--document", "某报〔2024〕1号"});
  EXPECT_EQ(stated.exit, 5);
  EXPECT_THAT(stated.err, HasSubstr("日志分叉与所述不符"));
  EXPECT_EQ(house_.Cli({"audit", "fork", "confirm", "1"}).exit, 5);
  EXPECT_EQ(house_.Cli({"audit", "fork", "confirm", "one"}).exit, 3);
  EXPECT_EQ(
      house_.Cli({"audit", "fork", "confirm", "1", "--as", "handler"}).exit, 7);
}

// What ops/runbook.md says of the disk, held to be so.
TEST_F(EraseTest, TheFilesHoldTheTextUntilTheTablesAreWrittenAnew) {
  const std::string number = Withdrawn(kMark);
  // The statistics of the planner sample the texts too.
  house_.Ask("ANALYZE");
  house_.Ask("CHECKPOINT");
  EXPECT_FALSE(FilesWithMark(FolderOfDatabase()).empty());
  Erase(number);
  house_.Ask("VACUUM");
  house_.Ask("CHECKPOINT");
  EXPECT_FALSE(FilesWithMark(FolderOfDatabase()).empty())
      << "VACUUM alone does it: the runbook asks too much";
  house_.Ask("VACUUM (FULL, ANALYZE) private_part, case_text, request");
  house_.Ask("VACUUM FULL pg_statistic");
  house_.Ask("CHECKPOINT");
  EXPECT_THAT(FilesWithMark(FolderOfDatabase()), ::testing::IsEmpty());
  // The write-ahead log is another matter: it goes by its own age.
  EXPECT_FALSE(FilesWithMark("pg_wal").empty());
}

}  // namespace
}  // namespace gongkai::test
