// SPDX-License-Identifier: Apache-2.0
// Where sessions are kept, and how the line to the service is protected.
#include "clients/cli/keyring.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "clients/cli/credentials.h"
#include "clients/cli/sessions.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace gongkai::cli {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

mode_t ModeOf(const std::string& path) {
  struct stat found {};
  EXPECT_EQ(lstat(path.c_str(), &found), 0) << path;
  return found.st_mode & 0777;
}

class KeyringTest : public testing::Test {
 protected:
  void SetUp() override {
    char path[] = "/tmp/gongkai-keyring-XXXXXX";
    ASSERT_NE(mkdtemp(path), nullptr);
    home_ = path;
  }
  void TearDown() override { std::filesystem::remove_all(home_); }

  std::string folder() const { return home_ + "/share/gongkai"; }
  Keyring keyring() const { return Keyring(folder()); }
  static Session Of(const std::string& agency, const std::string& account,
                    int signed_in = 1) {
    return {.server = "127.0.0.1:7070",
            .agency = agency,
            .account = account,
            .access_token = "gka_" + account,
            .refresh_token = "gkr_" + account,
            .access_until = absl::FromUnixSeconds(1700000000),
            .idle_until = absl::FromUnixSeconds(1700001000),
            .until = absl::FromUnixSeconds(1700002000),
            .signed_in = absl::FromUnixSeconds(signed_in)};
  }
  // The one file of a session.
  std::string File() const {
    for (const auto& entry : std::filesystem::directory_iterator(folder())) {
      if (entry.path().extension() == ".session") return entry.path();
    }
    return "";
  }

  std::string home_;
};

TEST_F(KeyringTest, KeepsASessionForItsOwnerAlone) {
  ASSERT_TRUE(keyring().Put(Of("SHGXW", "handler")).ok());
  EXPECT_EQ(ModeOf(folder()), 0700u);
  EXPECT_EQ(ModeOf(File()), 0600u);
  const auto found = keyring().Find("127.0.0.1:7070", "SHGXW", "handler");
  ASSERT_TRUE(found.ok()) << found.status();
  EXPECT_EQ(found->access_token, "gka_handler");
  EXPECT_EQ(found->refresh_token, "gkr_handler");
  EXPECT_EQ(found->until, absl::FromUnixSeconds(1700002000));
  EXPECT_EQ(found->signed_in, absl::FromUnixSeconds(1));
}

TEST_F(KeyringTest, OneFilePerServerAgencyAndAccount) {
  ASSERT_TRUE(keyring().Put(Of("SHGXW", "handler", 1)).ok());
  ASSERT_TRUE(keyring().Put(Of("COURT", "handler", 3)).ok());
  ASSERT_TRUE(keyring().Put(Of("SHGXW", "signer", 2)).ok());
  Session elsewhere = Of("SHGXW", "handler");
  elsewhere.server = "unix:/a/long/path/with/slashes";
  ASSERT_TRUE(keyring().Put(elsewhere).ok());
  const auto all = keyring().List("127.0.0.1:7070");
  ASSERT_TRUE(all.ok());
  std::vector<std::string> names;
  for (const Session& one : *all) names.push_back(one.agency + one.account);
  EXPECT_THAT(names,
              ElementsAre("COURThandler", "SHGXWsigner", "SHGXWhandler"));
  EXPECT_EQ(keyring().List(elsewhere.server)->size(), 1u);
}

TEST_F(KeyringTest, WithoutAFolderThereIsNoSession) {
  EXPECT_EQ(keyring().List("x")->size(), 0u);
  EXPECT_TRUE(absl::IsNotFound(keyring().Find("x", "A", "b").status()));
  EXPECT_FALSE(std::filesystem::exists(folder()));
}

TEST_F(KeyringTest, WhatIsRemovedIsGone) {
  ASSERT_TRUE(keyring().Put(Of("SHGXW", "handler")).ok());
  ASSERT_TRUE(keyring().Remove(Of("SHGXW", "handler")).ok());
  ASSERT_TRUE(keyring().Remove(Of("SHGXW", "handler")).ok());
  EXPECT_EQ(keyring().List("127.0.0.1:7070")->size(), 0u);
}

TEST_F(KeyringTest, AFolderThatOthersMayEnterIsRefused) {
  ASSERT_TRUE(keyring().Put(Of("SHGXW", "handler")).ok());
  chmod(folder().c_str(), 0750);
  const auto list = keyring().List("127.0.0.1:7070");
  EXPECT_TRUE(absl::IsFailedPrecondition(list.status()));
  EXPECT_THAT(std::string(list.status().message()), HasSubstr(folder()));
  EXPECT_TRUE(absl::IsFailedPrecondition(keyring().Put(Of("A", "b"))));
}

TEST_F(KeyringTest, AFileThatOthersMayReadIsRefused) {
  ASSERT_TRUE(keyring().Put(Of("SHGXW", "handler")).ok());
  chmod(File().c_str(), 0640);
  EXPECT_TRUE(absl::IsFailedPrecondition(
      keyring().Find("127.0.0.1:7070", "SHGXW", "handler").status()));
}

TEST_F(KeyringTest, AFolderOrFileOfSomebodyElseIsRefused) {
  if (geteuid() != 0) GTEST_SKIP() << "only root can give a file away";
  ASSERT_TRUE(keyring().Put(Of("SHGXW", "handler")).ok());
  ASSERT_EQ(chown(File().c_str(), 1, 1), 0);
  EXPECT_TRUE(
      absl::IsFailedPrecondition(keyring().List("127.0.0.1:7070").status()));
  ASSERT_EQ(chown(File().c_str(), 0, 0), 0);
  ASSERT_EQ(chown(folder().c_str(), 1, 1), 0);
  EXPECT_TRUE(
      absl::IsFailedPrecondition(keyring().List("127.0.0.1:7070").status()));
}

TEST_F(KeyringTest, LinksAreNotFollowed) {
  ASSERT_TRUE(keyring().Put(Of("SHGXW", "handler")).ok());
  const std::string file = File();
  std::filesystem::rename(file, home_ + "/moved");
  std::filesystem::create_symlink(home_ + "/moved", file);
  EXPECT_FALSE(keyring().List("127.0.0.1:7070").ok());
}

TEST_F(KeyringTest, ABrokenFileIsNamed) {
  ASSERT_TRUE(keyring().Put(Of("SHGXW", "handler")).ok());
  const std::string file = File();
  std::ofstream(file) << "{\"account\": 7}";
  const auto list = keyring().List("127.0.0.1:7070");
  EXPECT_TRUE(absl::IsFailedPrecondition(list.status()));
  EXPECT_THAT(std::string(list.status().message()), HasSubstr(file));
}

TEST_F(KeyringTest, OneCommandAtATimeHoldsASession) {
  const Session session = Of("SHGXW", "handler");
  ASSERT_TRUE(keyring().Put(session).ok());
  {
    const auto held = keyring().Hold(session, absl::ZeroDuration());
    ASSERT_TRUE(held.ok());
    EXPECT_FALSE(keyring().Hold(session, absl::Milliseconds(50)).ok());
    EXPECT_TRUE(
        keyring().Hold(Of("SHGXW", "signer"), absl::ZeroDuration()).ok());
  }
  EXPECT_TRUE(keyring().Hold(session, absl::ZeroDuration()).ok());
}

TEST_F(KeyringTest, SecretsAreWrittenOnceForTheirOwner) {
  const std::string path = home_ + "/secret";
  ASSERT_TRUE(WriteSecretFile(path, "geheim").ok());
  EXPECT_EQ(ModeOf(path), 0600u);
  EXPECT_EQ(*ReadSecretFile(path), "geheim");
  EXPECT_TRUE(absl::IsAlreadyExists(WriteSecretFile(path, "anders")));
  chmod(path.c_str(), 0604);
  EXPECT_TRUE(absl::IsFailedPrecondition(ReadSecretFile(path).status()));
}

TEST(Loopback, IsThisMachineAndNothingElse) {
  for (const char* address :
       {"127.0.0.1:7070", "127.8.9.10:1", "localhost:7070", "[::1]:7070",
        "unix:/run/gongkai", "ipv4:127.0.0.1:7070", "dns:localhost:7070"}) {
    EXPECT_TRUE(IsLoopback(address)) << address;
  }
  for (const char* address :
       {"10.0.0.1:7070", "127.0.0.1.example.cn:7070", "127.example.cn:7070",
        "localhost.example.cn:7070", "[::]:7070", "0.0.0.0:7070", "gongkai",
        "ipv4:127.0.0.1:7070,10.0.0.1:7070", "dns://10.0.0.1/localhost:7070",
        "127.0.0:7070", "127.0.0.256:7070"}) {
    EXPECT_FALSE(IsLoopback(address)) << address;
  }
}

TEST(Credentials, WithoutTlsOnlyOnThisMachineAndOnlyWhenAsked) {
  Settings settings;
  settings.insecure_loopback = true;
  EXPECT_TRUE(CredentialsFor(settings, "127.0.0.1:7070").ok());
  const auto far = CredentialsFor(settings, "gongkai.example.cn:7070");
  EXPECT_EQ(ExitCodeOf(far.status()), ExitCode::kUsage);
  settings.insecure_loopback = false;
  EXPECT_TRUE(CredentialsFor(settings, "gongkai.example.cn:7070").ok());
  settings.ca = "/nowhere/ca.crt";
  EXPECT_TRUE(absl::IsNotFound(
      CredentialsFor(settings, "gongkai.example.cn:7070").status()));
}

TEST(Credentials, ACertificateNeedsItsKey) {
  Settings settings;
  settings.cert = "/nowhere/portal.crt";
  EXPECT_EQ(ExitCodeOf(CredentialsFor(settings, "a:1").status()),
            ExitCode::kUsage);
}

}  // namespace
}  // namespace gongkai::cli
