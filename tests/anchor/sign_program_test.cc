// SPDX-License-Identifier: Apache-2.0
// `gongkai-server audit sign` and `audit anchors` as they ship: exit codes,
// places that are away, and the end by SIGTERM.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>

#include <filesystem>

#include "absl/strings/str_cat.h"
#include "services/audit/encoding.h"
#include "tests/anchor/log_house.h"
#include "tests/end_to_end/process.h"

namespace gongkai::test {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class SignProgramTest : public ::testing::TestWithParam<audit::Suite> {
 protected:
  SignProgramTest() {
    home_.Make("anchors");
    home_.Make("more");
    WriteSecret(Path("log.key"), log_.pem);
    WriteSecret(Path("log.vkey"), log_.as.ToText() + "\n");
  }

  std::string Path(const std::string& name) const {
    return home_.path() + "/" + name;
  }
  std::vector<std::string> Line(const std::vector<std::string>& more) const {
    std::vector<std::string> line = {ProgramPath("gongkai-server"),
                                     "audit",
                                     "sign",
                                     "--database",
                                     house_.SignerDsn(),
                                     "--key",
                                     Path("log.key"),
                                     "--state",
                                     Path("state"),
                                     "--anchor",
                                     Path("anchors")};
    line.insert(line.end(), more.begin(), more.end());
    return line;
  }
  Finished Once(std::vector<std::string> more = {}) const {
    more.push_back("--once");
    return RunProgram(Line(more), {});
  }
  Finished Anchors(const std::vector<std::string>& more) const {
    std::vector<std::string> line = {ProgramPath("gongkai-server"), "audit",
                                     "anchors"};
    line.insert(line.end(), more.begin(), more.end());
    return RunProgram(line, {});
  }
  bool AwaitNames(const std::string& folder, size_t n) const {
    for (int i = 0; i < 1000 && home_.Names(folder).size() < n; ++i) {
      absl::SleepFor(absl::Milliseconds(20));
    }
    return home_.Names(folder).size() >= n;
  }

  LogHouse house_{GetParam()};
  TempFolder home_;
  KeyPair log_{GetParam(), LogHouse::kOrigin, audit::KeyUse::kSign};
};

INSTANTIATE_TEST_SUITE_P(Suites, SignProgramTest,
                         ::testing::Values(audit::Suite::kSha256Ed25519,
                                           audit::Suite::kSm3Sm2),
                         [](const auto& suite) {
                           return suite.param == audit::Suite::kSm3Sm2
                                      ? "Sm3Sm2"
                                      : "Sha256Ed25519";
                         });

TEST_P(SignProgramTest, TakesTheNameOfTheLogAndEndsWithZero) {
  const storage::TreeHead head = house_.Grow(3);
  for (const char* says : {"signed size 3", "already signed: size 3"}) {
    const Finished finished = Once();
    EXPECT_EQ(finished.exit, 0) << finished.err;
    EXPECT_THAT(finished.out, HasSubstr(says));
    EXPECT_THAT(finished.out, HasSubstr(audit::ToHex(head.root)));
  }
  EXPECT_THAT(home_.Names("anchors"), SizeIs(1));
  struct stat about;
  ASSERT_EQ(stat(Path("state").c_str(), &about), 0);
  EXPECT_EQ(about.st_mode & 0777, 0600u);
}

TEST_P(SignProgramTest, RefusesWithOneAndARestoreNeedsItsOperator) {
  house_.Grow(3);
  const std::string copy = house_.Copy();
  const storage::TreeHead lost = house_.Grow(2);
  ASSERT_EQ(Once().exit, 0);
  house_.PutBack(copy);
  const Finished refused = Once();
  EXPECT_EQ(refused.exit, 1);
  const std::string root = audit::ToHex(lost.root);
  EXPECT_THAT(refused.err, HasSubstr("--accept-fork " + root));
  EXPECT_EQ(Once({"--accept-fork", std::string(64, '0')}).exit, 1);
  EXPECT_EQ(Once({"--accept-fork", "abc"}).exit, 2);
  EXPECT_EQ(Once({"--accept-fork", root}).exit, 0);
  EXPECT_EQ(Once().exit, 0);
  EXPECT_THAT(home_.Names("anchors"), SizeIs(2));
}

TEST_P(SignProgramTest, ALostMemoryIsNoWayRoundTheFolder) {
  house_.Grow(3);
  const std::string copy = house_.Copy();
  house_.Grow(2);
  ASSERT_EQ(Once().exit, 0);
  house_.PutBack(copy);
  std::filesystem::remove(Path("state"));
  EXPECT_EQ(Once().exit, 1);
}

TEST_P(SignProgramTest, KeepsToItsKeyAndItsState) {
  house_.Grow(1);
  chmod(Path("log.key").c_str(), 0644);
  const Finished open = Once();
  EXPECT_EQ(open.exit, 1);
  EXPECT_THAT(open.err, HasSubstr("0600"));
  chmod(Path("log.key").c_str(), 0600);
  EXPECT_EQ(Once({"--every", "soon"}).exit, 2);
  EXPECT_EQ(Once({"--witness", "nobody"}).exit, 2);
  EXPECT_EQ(Once({"--name", "another.log"}).exit, 1);
  EXPECT_EQ(Once({"--key", Path("none")}).exit, 2);
  EXPECT_THAT(home_.Names("anchors"), IsEmpty());
  Process signer(Line({"--every", "100ms", "--anchor-every", "100ms"}), {});
  EXPECT_TRUE(AwaitNames("anchors", 1));
  const Finished second = Once();
  EXPECT_EQ(second.exit, 1);
  EXPECT_THAT(second.err, HasSubstr("another process is at work here"));
  signer.Signal(SIGTERM);
  EXPECT_EQ(signer.Wait(), 0);
}

TEST_P(SignProgramTest, APlaceThatIsAwayKeepsNoOther) {
  house_.Grow(1);
  // Without a memory the folders are asked, so they must be there.
  EXPECT_EQ(Once({"--anchor", Path("gone")}).exit, 1);
  ASSERT_EQ(Once().exit, 0);
  // Nobody listens there; the folder is not there.
  const std::vector<std::string> away = {
      "--witness",
      absl::StrCat(
          "http://127.0.0.1:1,",
          KeyPair(GetParam(), "w", audit::KeyUse::kCosign).as.ToText()),
      "--anchor",
      Path("gone"),
      "--anchor",
      Path("more")};
  const Finished once = Once(away);
  EXPECT_EQ(once.exit, 2);
  EXPECT_THAT(once.err, HasSubstr("does not answer"));
  EXPECT_THAT(once.err, HasSubstr("gone"));
  EXPECT_THAT(home_.Names("more"), SizeIs(1));
  std::vector<std::string> line = Line(away);
  for (const char* word : {"--every", "100ms", "--anchor-every", "100ms"}) {
    line.push_back(word);
  }
  Process signer(line, {});
  house_.Grow(1);
  EXPECT_TRUE(AwaitNames("anchors", 2));
  EXPECT_TRUE(AwaitNames("more", 2));
  // It says so once, and goes on when the place is back.
  EXPECT_TRUE(signer.WaitFor("/gone", absl::Seconds(20)));
  home_.Make("gone");
  EXPECT_TRUE(AwaitNames("gone", 1));
  signer.Signal(SIGTERM);
  EXPECT_EQ(signer.Wait(), 0) << signer.err();
}

TEST_P(SignProgramTest, ADatabaseThatIsAwayIsWaitedFor) {
  house_.Grow(1);
  std::vector<std::string> line = Line({"--every", "100ms"});
  line[4] = "host=" + home_.path() + " dbname=none user=none";
  Process signer(line, {});
  EXPECT_TRUE(signer.WaitFor("STORE_AWAY", absl::Seconds(30)));
  signer.Signal(SIGTERM);
  EXPECT_EQ(signer.Wait(), 0);
  line.push_back("--once");
  EXPECT_EQ(RunProgram(line, {}).exit, 2);
}

TEST_P(SignProgramTest, ShowsTheNewestAnchorAndItsAge) {
  const std::vector<std::string> words = {"--dir", Path("anchors"), "--vkey",
                                          Path("log.vkey")};
  const auto with = [&](const std::string& age) {
    std::vector<std::string> all = words;
    all.insert(all.end(), {"--max-age", age});
    return Anchors(all);
  };
  EXPECT_EQ(Anchors(words).exit, 1);  // there is none
  const storage::TreeHead head = house_.Grow(3);
  ASSERT_EQ(Once().exit, 0);
  const Finished shown = with("1h");
  EXPECT_EQ(shown.exit, 0) << shown.err;
  EXPECT_THAT(shown.out, HasSubstr("size 3, root " + audit::ToHex(head.root)));
  const std::string file = Path("anchors/00000000000000000003.note");
  std::filesystem::last_write_time(
      file,
      std::filesystem::file_time_type::clock::now() - std::chrono::hours(2));
  EXPECT_EQ(with("1h").exit, 1);
  EXPECT_EQ(with("3h").exit, 0);
  EXPECT_EQ(with("long").exit, 2);
  EXPECT_EQ(Anchors({"--dir", Path("anchors"), "--vkey", "x"}).exit, 2);
  EXPECT_EQ(Anchors({"--dir", Path("none"), "--vkey", Path("log.vkey")}).exit,
            1);
}

}  // namespace
}  // namespace gongkai::test
