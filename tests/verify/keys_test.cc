// SPDX-License-Identifier: Apache-2.0
// check-note, keygen, vkey, rotate, algorithms.
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "services/audit/note.h"
#include "tests/verify/tools.h"

namespace gongkai::test {
namespace {

constexpr char kExampleKey[] =
    "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
constexpr char kExampleNote[] =
    "This is an example message.\n"
    "\n"
    "— example.com/foo "
    "Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXm"
    "RKuwHjG1Yu72IneyaQM=\n";

std::string Slurp(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(in), {});
}

class Keys : public Tools {
 protected:
  // Makes a key and returns its verifier key.
  std::string Keygen(const std::string& file,
                     std::vector<std::string> more = {}) {
    more.insert(more.begin(),
                {"keygen", "--name", "log.example/1", "--out", Path(file)});
    return Print(more);
  }
};

TEST_F(Keys, APublishedNoteIsCheckedWithItsKeyAsTextOrInAFile) {
  const std::string note = Write("note", kExampleNote);
  const std::string expected = absl::StrCat("signed ", kExampleKey);
  EXPECT_EQ(Print({"check-note", note, "--vkey", kExampleKey}), expected);
  EXPECT_EQ(Print({"check-note", note, "--vkey", Write("k", kExampleKey)}),
            expected);
  EXPECT_EQ(Print({"check-note", note, "--vkey",
                   Write("k", absl::StrCat(kExampleKey, "\n"))}),
            expected);
  EXPECT_EQ(RunOn(note, {"check-note", "-", "--vkey", kExampleKey}).out,
            expected + "\n");
}

TEST_F(Keys, ANoteWhoseKnownSignatureFailsExits1AndAnUnknownOne2) {
  const std::string altered =
      absl::StrReplaceAll(kExampleNote, {{"message", "massage"}});
  const Finished bad =
      Run({"check-note", Write("n", altered), "--vkey", kExampleKey});
  EXPECT_EQ(bad.exit, 1);
  EXPECT_EQ(bad.out, "");
  EXPECT_NE(bad.err.find("example.com/foo+530d903a"), std::string::npos);
  const std::string stranger = Keygen("k");
  EXPECT_EQ(
      Run({"check-note", Write("n", kExampleNote), "--vkey", stranger}).exit,
      2);
  EXPECT_EQ(Run({"check-note", Write("n", kExampleNote), "--vkey", stranger,
                 "--vkey", kExampleKey})
                .exit,
            0);
  EXPECT_EQ(Run({"check-note", Write("n", altered), "--vkey", stranger,
                 "--vkey", kExampleKey})
                .exit,
            1);
}

TEST_F(Keys, WhatIsNoNoteOrNoKeyExits2WithASentence) {
  const std::string note = kExampleNote;
  std::string seventeen = "text\n\n";
  for (int i = 0; i < 17; ++i) seventeen += "— n AAAAAAA=\n";
  for (const std::string& bad :
       {std::string(), std::string("text\n"),
        absl::StrReplaceAll(note, {{"\n", "\r\n"}}), "\x01" + note, note + "x",
        note.substr(0, note.size() - 1), seventeen, std::string("\xff") + note,
        absl::StrReplaceAll(note, {{"aQM=", "aQN="}})}) {
    const Finished run =
        Run({"check-note", Write("n", bad), "--vkey", kExampleKey});
    EXPECT_EQ(run.exit, 2) << bad;
    EXPECT_EQ(run.err.find("check-note: "), 0u) << run.err;
  }
  const std::string good = Write("n", note);
  for (const std::string& key :
       {std::string(), std::string("nothing"), Write("k", ""), Write("k", note),
        std::string(kExampleKey) + "x",
        absl::StrReplaceAll(kExampleKey, {{"530d", "530e"}})}) {
    EXPECT_EQ(Run({"check-note", good, "--vkey", key}).exit, 2) << key;
  }
  EXPECT_EQ(Run({"check-note", good}).exit, 2);
  EXPECT_EQ(Run({"check-note", Path("none"), "--vkey", kExampleKey}).exit, 2);
}

TEST_F(Keys, ANoteOfManyGigabytesIsRefusedBeforeItIsRead) {
  const Finished run = Shell(absl::StrCat(
      "truncate -s 20G ", Path("n"), "; ulimit -v 100000; exec \"$V\" ",
      "check-note ", Path("n"), " --vkey ", kExampleKey));
  EXPECT_EQ(run.exit, 2);
  EXPECT_NE(run.err.find("more than 1048576 bytes"), std::string::npos);
}

TEST_F(Keys, ACheckpointSaysWhatItIsAboutAndWhoSawItWhen) {
  const std::string vkey = Keygen("log.key");
  const std::string witness =
      Print({"keygen", "--name", "witness.example/w", "--use", "cosign",
             "--out", Path("w.key")});
  audit::Note note{
      audit::Checkpoint{"log.example/1", 12, std::string(32, '\xab')}.ToText(),
      {}};
  const auto sign = [&](const char* file, const std::string& as) {
    const auto key = audit::SigningKey::FromPem(Slurp(Path(file)));
    ASSERT_TRUE(audit::SignNote(*key, audit::ParseVerifierKey(as).value(),
                                absl::FromUnixSeconds(1679315147), note)
                    .ok());
  };
  sign("log.key", vkey);
  sign("w.key", witness);
  std::string root;
  for (int i = 0; i < 32; ++i) root += "ab";
  EXPECT_EQ(Print({"check-note", Write("n", note.ToText()), "--vkey", vkey,
                   "--vkey", witness}),
            absl::StrCat("signed ", vkey, "\ncosigned ", witness,
                         " 2023-03-20T12:25:47Z\norigin log.example/1\n"
                         "size 12\nroot ",
                         root));
}

TEST_F(Keys, AKeyFileIsItsOwnersAloneAndNeverWrittenOver) {
  for (const char* suite : {"sha256-ed25519", "sm3-sm2"}) {
    const std::string file = absl::StrCat(suite, ".key");
    const std::string vkey = Keygen(file, {"--suite", suite});
    struct stat status {};
    ASSERT_EQ(stat(Path(file).c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777, 0600u);
    EXPECT_EQ(Print({"vkey", Path(file), "--name", "log.example/1"}), vkey);
    EXPECT_NE(Print({"vkey", Path(file), "--name", "log.example/1", "--use",
                     "cosign"}),
              vkey);
    const std::string before = Slurp(Path(file));
    const Finished again = Run({"keygen", "--suite", suite, "--name",
                                "log.example/1", "--out", Path(file)});
    EXPECT_EQ(again.exit, 2);
    EXPECT_EQ(again.out, "");
    EXPECT_EQ(Slurp(Path(file)), before);
  }
  // Not through a link either.
  std::filesystem::create_symlink(Path("elsewhere"), Path("link"));
  EXPECT_EQ(Run({"keygen", "--name", "n", "--out", Path("link")}).exit, 2);
  EXPECT_FALSE(std::filesystem::exists(Path("elsewhere")));
}

TEST_F(Keys, WithoutAPrintedVerifierKeyThereIsNoKeyFile) {
  const Finished run = Shell(
      absl::StrCat("\"$V\" keygen --name n --out ", Path("k"), " >/dev/full"));
  EXPECT_EQ(run.exit, 2);
  EXPECT_FALSE(std::filesystem::exists(Path("k")));
  for (const std::vector<std::string>& more :
       std::vector<std::vector<std::string>>{{"--name", "a b"},
                                             {"--name", "a+b"},
                                             {"--name", ""},
                                             {"--name", "n", "--use", "both"},
                                             {"--name", "n", "--suite", "x"},
                                             {}}) {
    std::vector<std::string> arguments = {"keygen", "--out", Path("k")};
    arguments.insert(arguments.end(), more.begin(), more.end());
    EXPECT_EQ(Run(arguments).exit, 2);
    EXPECT_FALSE(std::filesystem::exists(Path("k")));
  }
}

TEST_F(Keys, OfOpensslAreTaken) {
  const Finished made = Shell(absl::StrCat(
      "openssl genpkey -algorithm ED25519 -out ", Path("e"),
      " && openssl genpkey -algorithm SM2 -out ", Path("s"),
      " && openssl genpkey -algorithm RSA -out ", Path("r"), " 2>", Path("x")));
  ASSERT_EQ(made.exit, 0) << made.err;
  EXPECT_EQ(Run({"vkey", Path("e"), "--name", "n"}).exit, 0);
  EXPECT_EQ(Run({"vkey", Path("s"), "--name", "n"}).exit, 0);
  EXPECT_EQ(Run({"vkey", Path("r"), "--name", "n"}).exit, 2);
  EXPECT_EQ(Run({"vkey", Write("t", "text"), "--name", "n"}).exit, 2);
}

TEST_F(Keys, AChangeOfKeyIsSignedByTheOldAndTheNew) {
  for (const char* suite : {"sha256-ed25519", "sm3-sm2"}) {
    const std::string old_file = absl::StrCat("old-", suite);
    const std::string new_file = absl::StrCat("new-", suite);
    const std::string old_key = Keygen(old_file, {"--suite", suite});
    const std::string note = Print({"rotate", "--key", Path(old_file), "--name",
                                    "log.example/1", "--out", Path(new_file)}) +
                             "\n";
    const std::string new_key =
        Print({"vkey", Path(new_file), "--name", "log.example/1"});
    EXPECT_NE(new_key, old_key);
    EXPECT_TRUE(note.starts_with(
        absl::StrCat("gongkai key rotation/v1\nlog.example/1\n", old_key, "\n",
                     new_key, "\n\n")))
        << note;
    const std::string file = Write("note", note);
    for (const std::string& key : {old_key, new_key}) {
      EXPECT_EQ(Print({"check-note", file, "--vkey", key}), "signed " + key);
    }
    const std::string forged =
        absl::StrReplaceAll(note, {{new_key + "\n", old_key + "\n"}});
    EXPECT_EQ(
        Run({"check-note", Write("note", forged), "--vkey", old_key}).exit, 1);
    // The old key stays as it was, and a file in the way is left alone.
    EXPECT_EQ(Print({"vkey", Path(old_file), "--name", "log.example/1"}),
              old_key);
    EXPECT_EQ(Run({"rotate", "--key", Path(old_file), "--name", "log.example/1",
                   "--out", Path(new_file)})
                  .exit,
              2);
  }
}

TEST_F(Keys, OfAWitnessAreChangedWithCosignatures) {
  const std::string old_key = Keygen("old", {"--use", "cosign"});
  const std::string note =
      Print({"rotate", "--key", Path("old"), "--name", "log.example/1", "--use",
             "cosign", "--out", Path("new")});
  const std::string out =
      Print({"check-note", Write("note", note + "\n"), "--vkey", old_key});
  EXPECT_TRUE(out.starts_with("cosigned " + old_key + " 20")) << out;
}

TEST_F(Keys, AlgorithmsOfASuiteAreListed) {
  const std::string sm = Print({"algorithms", "--suite", "sm3-sm2"});
  EXPECT_NE(sm.find("\tSM3\tGB/T 32905\t"), std::string::npos);
  EXPECT_NE(sm.find("HMAC-SHA-256"), std::string::npos);
  EXPECT_EQ(sm.find("Ed25519"), std::string::npos);
  const std::string all = Print({"algorithms"});
  EXPECT_NE(all.find("Ed25519"), std::string::npos);
  EXPECT_NE(all.find(sm), std::string::npos);
  for (const absl::string_view line : absl::StrSplit(all, '\n')) {
    EXPECT_EQ(std::count(line.begin(), line.end(), '\t'), 4) << line;
  }
  EXPECT_EQ(Run({"algorithms", "--suite", "x"}).exit, 2);
}

// The places that the inventory names are files of this house.
TEST_F(Keys, AlgorithmsAreWhereTheInventorySaysTheyAre) {
  const std::string all = Print({"algorithms"});
  for (const absl::string_view line : absl::StrSplit(all, '\n')) {
    const std::vector<std::string> fields = absl::StrSplit(line, '\t');
    EXPECT_TRUE(std::filesystem::exists(
        absl::StrCat(std::getenv("GONGKAI_SOURCE_DIR"), "/", fields[4])))
        << line;
  }
}

}  // namespace
}  // namespace gongkai::test
