// SPDX-License-Identifier: Apache-2.0
// The verbs of the outer keys, as they are shipped.
#include <sys/stat.h>

#include <string>
#include <vector>

#include "absl/strings/str_split.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/end_to_end/house.h"
#include "tests/support/temp_postgres.h"
#include "tests/support/test_vault.h"

namespace gongkai::test {
namespace {

using ::testing::AllOf;
using ::testing::ContainsRegex;
using ::testing::HasSubstr;
using ::testing::Not;

class KeysVerbs : public ::testing::Test {
 protected:
  static House& TheHouse() {
    static House* const house = [] {
      House::Options options;
      options.calendar = false;
      return new House(options);
    }();
    return *house;
  }
  static Finished Keys(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(),
                     {TheHouse().Program("gongkai-server"), "keys"});
    return RunProgram(arguments, {});
  }
  static Finished Status(const std::string& file) {
    return Keys({"status", "--database",
                 TheHouse().postgres().Service(TheHouse().database()),
                 "--vault", file});
  }
  // A file of this test's own in the folder of the house.
  static std::string Path(const std::string& name) {
    return TheHouse().folder() + "/" + name;
  }
  static void ExpectNoKeyIn(const Finished& finished) {
    EXPECT_THAT(finished.out + finished.err,
                Not(ContainsRegex("[0-9a-f]{16}")));
  }
  static mode_t ModeOf(const std::string& file) {
    struct stat is {};
    EXPECT_EQ(stat(file.c_str(), &is), 0);
    return is.st_mode & 07777;
  }
};

TEST_F(KeysVerbs, AFileIsMadeOnceForItsOwnerAlone) {
  const std::string file = Path("made");
  const Finished made =
      Keys({"generate", "--out", file, "--cipher", "sm4-ctr-hmac-sm3"});
  EXPECT_EQ(made.exit, 0) << made.err;
  ExpectNoKeyIn(made);
  EXPECT_EQ(ModeOf(file), 0600u);
  const std::string text = ReadText(file);
  EXPECT_THAT(text, AllOf(HasSubstr("cipher sm4-ctr-hmac-sm3\n"),
                          ContainsRegex("\nindex [0-9a-f]{64}\n"),
                          ContainsRegex("\nkey 1 [0-9a-f]{64}\n")));
  EXPECT_NE(Keys({"generate", "--out", file}).exit, 0);
  EXPECT_EQ(ReadText(file), text);
  EXPECT_NE(Keys({"generate", "--out", Path("x"), "--cipher", "des"}).exit, 0);
}

TEST_F(KeysVerbs, RotationAddsAKeyAndKeepsTheOthers) {
  const std::string file = Path("rotated");
  ASSERT_EQ(Keys({"generate", "--out", file}).exit, 0);
  const std::string before = ReadText(file);
  const Finished rotated = Keys({"rotate", "--file", file});
  EXPECT_EQ(rotated.exit, 0) << rotated.err;
  ExpectNoKeyIn(rotated);
  EXPECT_THAT(rotated.out, HasSubstr("key 2"));
  const std::string after = ReadText(file);
  EXPECT_EQ(after.substr(0, before.size()), before);
  EXPECT_THAT(after.substr(before.size()),
              ContainsRegex("^key 2 [0-9a-f]{64}\n$"));
  EXPECT_EQ(ModeOf(file), 0600u);
}

TEST_F(KeysVerbs, AFileOfOthersOrASpoiledOneIsRefused) {
  const std::string file = Path("open");
  ASSERT_EQ(Keys({"generate", "--out", file}).exit, 0);
  ASSERT_EQ(chmod(file.c_str(), 0644), 0);
  const Finished open = Keys({"rotate", "--file", file});
  EXPECT_NE(open.exit, 0);
  EXPECT_THAT(open.err, HasSubstr("open to others"));
  EXPECT_NE(Status(file).exit, 0);
  const Finished served = RunProgram(
      {TheHouse().Program("gongkai-server"), "serve", "--database", "host=x",
       "--listen", "unix:" + Path("s"), "--metrics", "", "--rulebook",
       SourceDir() + "/ops/rulebook", "--request-key", Path("request.key"),
       "--vault", file, "--insecure-loopback", "--admin-listen", ""},
      {});
  EXPECT_NE(served.exit, 0);
  EXPECT_THAT(served.err, HasSubstr("open to others"));
  const std::string spoiled = Path("spoiled");
  WriteText(spoiled, "cipher aes-256-gcm\nindex c0ffee\n");
  ASSERT_EQ(chmod(spoiled.c_str(), 0600), 0);
  const Finished bad = Keys({"rotate", "--file", spoiled});
  EXPECT_NE(bad.exit, 0);
  EXPECT_THAT(bad.err, AllOf(HasSubstr("line 2"), Not(HasSubstr("c0ffee"))));
}

TEST_F(KeysVerbs, StatusCountsAndTellsWhatMayGo) {
  TheHouse().MustCli({"case", "receive", "--applicant-name", "赵甲一",
                      "--content", "申请公开。"});
  const Finished now = Status(TestVaultFile());
  EXPECT_EQ(now.exit, 0) << now.err;
  EXPECT_THAT(now.out, ContainsRegex("\n1 +[1-9][0-9]* +[1-9][0-9]* +newest"));
  const std::string newer = Path("newer");
  WriteText(newer, ReadText(TestVaultFile()));
  ASSERT_EQ(chmod(newer.c_str(), 0600), 0);
  ASSERT_EQ(Keys({"rotate", "--file", newer}).exit, 0);
  EXPECT_THAT(Status(newer).out,
              AllOf(ContainsRegex("\n1 +[1-9][0-9]* +[1-9][0-9]* +in use"),
                    ContainsRegex("\n2 +0 +0 +newest")));
  // A key that the database needs and nobody has.
  std::vector<std::string> kept;
  for (const absl::string_view line : absl::StrSplit(ReadText(newer), '\n')) {
    if (line.substr(0, 6) != "key 1 ") kept.emplace_back(line);
  }
  std::string without;
  for (const std::string& line : kept) without += line + "\n";
  const std::string lacking = Path("lacking");
  WriteText(lacking, without);
  ASSERT_EQ(chmod(lacking.c_str(), 0600), 0);
  const Finished lost = Status(lacking);
  EXPECT_EQ(lost.exit, 1);
  EXPECT_THAT(lost.out, HasSubstr("NOT IN THE FILE"));
  ExpectNoKeyIn(lost);
}

}  // namespace
}  // namespace gongkai::test
