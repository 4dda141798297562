// SPDX-License-Identifier: Apache-2.0
// The anchor folder: written once, and its newest checkpoint found among
// whatever else lies there.
#include "services/server/anchor_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "tests/anchor/log_house.h"

namespace gongkai::server {
namespace {

using test::KeyPair;
using test::ReadWhole;
using test::Soon;
using test::TempFolder;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr char kOrigin[] = "gov.example.cn/test";
constexpr char kTen[] = "00000000000000000010.note";

class AnchorFolderTest : public ::testing::Test {
 protected:
  jobs::Outgoing Checkpoint(int64_t size, char root = 'r') {
    audit::Note note;
    note.text =
        audit::Checkpoint{kOrigin, size, std::string(32, root)}.ToText();
    EXPECT_TRUE(audit::SignNote(key_.Again(), key_.as, absl::Now(), note).ok());
    return {{size, std::string(32, root)}, note.ToText(), nullptr};
  }
  void Write(const std::string& name, const std::string& text) {
    std::ofstream(path_ + "/" + name, std::ios::binary) << text;
  }
  absl::StatusOr<std::vector<FoundAnchor>> Find(
      Newest newest = Newest::kLargest) {
    return NewestAnchors(path_, kOrigin, {key_.as}, newest);
  }

  TempFolder home_;
  std::string path_ = home_.Make("anchors");
  KeyPair key_{audit::Suite::kSha256Ed25519, kOrigin, audit::KeyUse::kSign};
  AnchorFolder folder_{path_, {key_.as}};
};

TEST_F(AnchorFolderTest, WritesEachCheckpointOnceForReadingOnly) {
  const jobs::Outgoing ten = Checkpoint(10);
  EXPECT_EQ(folder_.Put(ten, Soon()).value(), ten.note);
  EXPECT_EQ(ReadWhole(path_ + "/" + kTen), ten.note);
  struct stat about;
  ASSERT_EQ(stat((path_ + "/" + kTen).c_str(), &about), 0);
  EXPECT_EQ(about.st_mode & 0222, 0u);
  EXPECT_TRUE(folder_.Put(ten, Soon()).ok());
  EXPECT_TRUE(folder_.Put(Checkpoint(11), Soon()).ok());
  EXPECT_THAT(home_.Names("anchors"),
              ElementsAre(kTen, "00000000000000000011.note"));
}

TEST_F(AnchorFolderTest, WritesBesideATornFile) {
  const jobs::Outgoing ten = Checkpoint(10);
  Write(kTen, ten.note.substr(0, ten.note.size() / 2));
  Write("00000000000000000010.1.note", "");
  EXPECT_EQ(folder_.Put(ten, Soon()).value(), ten.note);
  EXPECT_THAT(home_.Names("anchors"),
              ElementsAre("00000000000000000010.1.note",
                          "00000000000000000010.2.note", kTen));
  EXPECT_EQ(ReadWhole(path_ + "/00000000000000000010.2.note"), ten.note);
  ASSERT_THAT(*Find(), SizeIs(1));
  EXPECT_EQ((*Find())[0].file, "00000000000000000010.2.note");
  // And does not do so again.
  EXPECT_TRUE(folder_.Put(ten, Soon()).ok());
  EXPECT_THAT(home_.Names("anchors"), SizeIs(3));
}

TEST_F(AnchorFolderTest, TwoRootsOfOneSizeBothStand) {
  EXPECT_TRUE(folder_.Put(Checkpoint(10, 'a'), Soon()).ok());
  EXPECT_TRUE(folder_.Put(Checkpoint(10, 'b'), Soon()).ok());
  EXPECT_THAT(*Find(), SizeIs(2));
}

TEST_F(AnchorFolderTest, AFolderThatIsAwayIsAnError) {
  AnchorFolder away(path_ + "/none", {key_.as});
  EXPECT_FALSE(away.Put(Checkpoint(10), Soon()).ok());
  const auto found =
      NewestAnchors(path_ + "/none", kOrigin, {key_.as}, Newest::kLargest);
  EXPECT_TRUE(absl::IsFailedPrecondition(found.status()));
}

TEST_F(AnchorFolderTest, FindsTheNewestAmongWhatElseLiesThere) {
  EXPECT_THAT(*Find(), IsEmpty());
  ASSERT_TRUE(folder_.Put(Checkpoint(10), Soon()).ok());
  ASSERT_TRUE(folder_.Put(Checkpoint(9), Soon()).ok());
  Write("00000000000000000011.note", "torn");
  // A name that claims more than is signed.
  Write("00000000000000000099.note", Checkpoint(8).note);
  Write("99999999999999999999.note", Checkpoint(8).note);
  Write("10.note", Checkpoint(10).note);
  Write("readme.txt", "x");
  Write("00000000000000000012.note", std::string(1 << 20, 'x'));
  ASSERT_EQ(
      symlink("/etc/passwd", (path_ + "/00000000000000000013.note").c_str()),
      0);
  ASSERT_EQ(mkfifo((path_ + "/00000000000000000014.note").c_str(), 0600), 0);
  ASSERT_EQ(mkdir((path_ + "/00000000000000000015.note").c_str(), 0700), 0);
  // Signed by another key under the name of the log.
  KeyPair other(audit::Suite::kSha256Ed25519, kOrigin, audit::KeyUse::kSign);
  audit::Note forged;
  forged.text = audit::Checkpoint{kOrigin, 16, std::string(32, 'f')}.ToText();
  ASSERT_TRUE(
      audit::SignNote(other.Again(), other.as, absl::Now(), forged).ok());
  Write("00000000000000000016.note", forged.ToText());
  const auto found = Find();
  ASSERT_TRUE(found.ok()) << found.status();
  ASSERT_THAT(*found, SizeIs(1));
  EXPECT_EQ((*found)[0].open.checkpoint.size, 10);
}

TEST_F(AnchorFolderTest, ManyFalseNamesDoNotHideTheNewest) {
  ASSERT_TRUE(folder_.Put(Checkpoint(10), Soon()).ok());
  for (int i = 0; i < 3000; ++i) {
    Write(
        std::to_string(1'000'000'000'000'000'000 + i).insert(0, "0") + ".note",
        "x");
  }
  const auto found = Find();
  ASSERT_TRUE(found.ok()) << found.status();
  ASSERT_THAT(*found, SizeIs(1));
  EXPECT_EQ((*found)[0].open.checkpoint.size, 10);
}

TEST_F(AnchorFolderTest, CheckpointsOfWhichNoneIsByAKnownKeyAreAnError) {
  ASSERT_TRUE(folder_.Put(Checkpoint(10), Soon()).ok());
  KeyPair other(audit::Suite::kSha256Ed25519, kOrigin, audit::KeyUse::kSign);
  const auto found =
      NewestAnchors(path_, kOrigin, {other.as}, Newest::kLargest);
  EXPECT_TRUE(absl::IsFailedPrecondition(found.status()));
  EXPECT_THAT(std::string(found.status().message()), HasSubstr("known key"));
}

TEST_F(AnchorFolderTest, TheOneWrittenLastNeedNotBeTheLargest) {
  ASSERT_TRUE(folder_.Put(Checkpoint(20), Soon()).ok());
  std::filesystem::last_write_time(
      path_ + "/00000000000000000020.note",
      std::filesystem::file_time_type::clock::now() - std::chrono::hours(1));
  ASSERT_TRUE(folder_.Put(Checkpoint(10), Soon()).ok());
  Write("00000000000000000030.note", "torn");
  EXPECT_EQ((*Find())[0].open.checkpoint.size, 20);
  EXPECT_EQ((*Find(Newest::kWrittenLast))[0].open.checkpoint.size, 10);
}

}  // namespace
}  // namespace gongkai::server
