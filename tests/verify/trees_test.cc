// SPDX-License-Identifier: Apache-2.0
// root, prove, check, prove-consistency, consistency.
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "services/audit/encoding.h"
#include "services/audit/merkle.h"
#include "tests/verify/tools.h"

namespace gongkai::test {
namespace {

constexpr audit::Suite kEd = audit::Suite::kSha256Ed25519;
constexpr char kRoot[] =
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328";
constexpr char kEmptyRoot[] =
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
constexpr char kEmptyLeaf[] =
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d";

std::string InBase64(const std::string& hex) {
  return audit::ToBase64(audit::FromHex(hex).value());
}

class Trees : public Tools {
 protected:
  Trees() : leaves_(Write("leaves", StandardLeaves(8))) {}

  std::string RootOf(int n) const {
    return Print({"root", Write("some", StandardLeaves(n))});
  }

  std::string leaves_;
};

TEST_F(Trees, RootIsThePublishedOne) {
  EXPECT_EQ(Print({"root", leaves_}), kRoot);
  EXPECT_EQ(RunOn(leaves_, {"root", "-"}).out, std::string(kRoot) + "\n");
  EXPECT_EQ(Print({"root", leaves_, "--suite", "sha256-ed25519"}), kRoot);
  EXPECT_EQ(Print({"root", leaves_, "--suite", "sm3-sm2"}),
            Print({"--suite", "sm3-sm2", "root", leaves_}));
  EXPECT_NE(Print({"root", leaves_, "--suite", "sm3-sm2"}), kRoot);
}

TEST_F(Trees, ALineIsALeafAndAnEmptyFileIsTheEmptyTree) {
  EXPECT_EQ(Print({"root", Write("f", "")}), kEmptyRoot);
  EXPECT_EQ(Print({"root", Write("f", "\n")}), kEmptyLeaf);
  const std::string two = Print({"root", Write("f", "\n\n")});
  EXPECT_NE(two, kEmptyLeaf);
  // The final newline ends the last line and is no further leaf.
  EXPECT_EQ(Print({"root", Write("f", "\n00")}), RootOf(2));
  EXPECT_EQ(Print({"root", Write("f", "\n00\n")}), RootOf(2));
  EXPECT_EQ(Print({"root", Write("f", "AB")}),
            Print({"root", Write("f", "ab")}));
}

TEST_F(Trees, LeavesThatAreNotHexadecimalAreNotChecked) {
  for (const std::string text :
       {"0", "00\n0\n", "0g", "00\r\n11\r\n", " 00", "00 ", "0x00", "zz\n"}) {
    const Finished run = Run({"root", Write("f", text)});
    EXPECT_EQ(run.exit, 2) << text;
    EXPECT_EQ(run.out, "");
    EXPECT_NE(run.err.find("line "), std::string::npos) << run.err;
  }
  EXPECT_EQ(Run({"root", Path("none")}).exit, 2);
  EXPECT_EQ(Run({"root", "/"}).exit, 2);
  EXPECT_EQ(Run({"root"}).exit, 2);
  EXPECT_EQ(Run({"root", leaves_, "more"}).exit, 2);
  EXPECT_EQ(Run({"root", leaves_, "--suite", "md5"}).exit, 2);
  EXPECT_EQ(Run({}).exit, 2);
  EXPECT_EQ(Run({"nonsense"}).exit, 2);
  EXPECT_EQ(Run({"--help"}).exit, 0);
}

TEST_F(Trees, EveryLeafIsProvedInEverySize) {
  for (int n = 1; n <= 8; ++n) {
    const std::string root = RootOf(n);
    for (int i = 0; i < n; ++i) {
      const std::string proof =
          Print({"prove", leaves_, std::to_string(i), std::to_string(n)});
      const Finished run =
          Run({"check", root, std::to_string(n), std::to_string(i),
               StandardLeaf(i), Write("proof", proof)});
      EXPECT_EQ(run.exit, 0) << run.err;
      EXPECT_EQ(run.out, "The proof holds: the leaf is in the tree.\n");
    }
  }
  // Published for the tree of eight: the path of leaf 0.
  EXPECT_EQ(Print({"prove", leaves_, "0"}),
            "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7\n"
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e\n"
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4");
}

TEST_F(Trees, AProofIsTakenInEverySpelling) {
  const std::string lines = Print({"prove", leaves_, "5"});
  const std::vector<std::string> hashes = absl::StrSplit(lines, '\n');
  std::string base64;
  for (const std::string& hash : hashes) {
    absl::StrAppend(&base64, base64.empty() ? "" : ",", InBase64(hash));
  }
  const auto check = [&](const std::string& proof) {
    return Run({"check", kRoot, "8", "5", "40414243", proof}).exit;
  };
  EXPECT_EQ(check(Write("p", lines)), 0);
  EXPECT_EQ(check(Write("p", lines + "\n")), 0);
  EXPECT_EQ(check(absl::StrReplaceAll(lines, {{"\n", ","}})), 0);
  EXPECT_EQ(check(base64), 0);
  EXPECT_EQ(check(Write("p", absl::StrReplaceAll(base64, {{",", "\n"}}))), 0);
  EXPECT_EQ(check(hashes[0] + "," + InBase64(hashes[1]) + "," + hashes[2]), 0);
  EXPECT_EQ(
      RunOn(Write("p", lines), {"check", kRoot, "8", "5", "40414243", "-"})
          .exit,
      0);
  EXPECT_EQ(
      Run({"check", InBase64(kRoot), "8", "5", "40414243", Write("p", lines)})
          .exit,
      0);
  // One hash alone, and none.
  EXPECT_EQ(Run({"check", RootOf(2), "2", "1", "00", kEmptyLeaf}).exit, 0);
  EXPECT_EQ(Run({"check", kEmptyLeaf, "1", "0", "", ""}).exit, 0);
  EXPECT_EQ(Run({"check", kEmptyLeaf, "1", "0", "", Write("p", "")}).exit, 0);
}

TEST_F(Trees, AnAlteredProofExits1WithASentence) {
  const std::string proof =
      absl::StrReplaceAll(Print({"prove", leaves_, "5"}), {{"\n", ","}});
  std::string altered = proof;
  altered[0] = altered[0] == '0' ? '1' : '0';
  std::string other_root = kRoot;
  other_root[63] = '9';
  std::string many = kEmptyLeaf;
  for (int i = 0; i < 200; ++i) absl::StrAppend(&many, ",", kEmptyLeaf);
  const std::vector<std::vector<std::string>> wrong = {
      {kRoot, "8", "5", "40414243", altered},
      {kRoot, "8", "5", "40414243", proof.substr(65)},
      {kRoot, "8", "5", "40414243", proof + "," + kEmptyLeaf},
      {kRoot, "8", "5", "40414243", ""},
      {kRoot, "8", "5", "40414243", many},
      {kRoot, "8", "5", "40414244", proof},
      {kRoot, "8", "5", "", proof},
      {kRoot, "8", "4", "40414243", proof},
      {kRoot, "9", "5", "40414243", proof},
      {other_root, "8", "5", "40414243", proof},
      {kRoot, "9223372036854775807", "5", "40414243", proof}};
  for (std::vector<std::string> arguments : wrong) {
    arguments.insert(arguments.begin(), "check");
    const Finished run = Run(arguments);
    EXPECT_EQ(run.exit, 1) << run.err;
    EXPECT_EQ(run.out, "");
    EXPECT_EQ(run.err.find("check: "), 0u) << run.err;
    arguments.push_back("--lang=zh");
    const Finished chinese = Run(arguments);
    EXPECT_EQ(chinese.exit, 1);
    EXPECT_NE(chinese.err, run.err);
  }
}

TEST_F(Trees, WhatCannotBeReadExits2WithASentence) {
  const std::string proof =
      absl::StrReplaceAll(Print({"prove", leaves_, "5"}), {{"\n", ","}});
  const std::string root = kRoot;
  // A last digit that leaves bits over.
  std::string loose = InBase64(root);
  loose[42] = static_cast<char>(loose[42] + 1);
  const std::vector<std::vector<std::string>> wrong = {
      {root, "8", "8", "40414243", proof},
      {root, "8", "9", "40414243", proof},
      {root, "0", "0", "40414243", ""},
      {root, "08", "5", "40414243", proof},
      {root, "8", "05", "40414243", proof},
      {root, "+8", "5", "40414243", proof},
      {root, "8", "-5", "40414243", proof},
      {root, "9223372036854775808", "5", "40414243", proof},
      {root, "8 ", "5", "40414243", proof},
      {root, "", "5", "40414243", proof},
      {root.substr(2), "8", "5", "40414243", proof},
      {root + "00", "8", "5", "40414243", proof},
      {root.substr(0, 63) + "g", "8", "5", "40414243", proof},
      {"", "8", "5", "40414243", proof},
      {loose, "8", "5", "40414243", proof},
      {root, "8", "5", "4041424", proof},
      {root, "8", "5", "404142zz", proof},
      {root, "8", "5", "40414243", proof + ","},
      {root, "8", "5", "40414243", "," + proof},
      {root, "8", "5", "40414243", proof.substr(0, 63) + "," + proof},
      {root, "8", "5", "40414243", loose + "," + proof},
      {root, "8", "5", "40414243", Path("none")},
      {root, "8", "5", "40414243", Write("short", "00\n")},
      {root, "8", "5", "40414243", Write("long", std::string(65, '0'))},
      {root, "8", "5", "40414243"}};
  for (std::vector<std::string> arguments : wrong) {
    arguments.insert(arguments.begin(), "check");
    const Finished run = Run(arguments);
    EXPECT_EQ(run.exit, 2) << absl::StrCat(arguments[2], " ", arguments[3])
                           << run.err << run.out;
    EXPECT_FALSE(run.err.empty());
  }
}

TEST_F(Trees, AProofMayBeGivenInAnyOfItsSpellings) {
  const std::string lines = Print({"prove", leaves_, "5"});
  for (const std::string& proof :
       {Write("lines", lines + "\n"), Write("blanks", "\n" + lines + "\n\n"),
        lines, absl::StrReplaceAll(lines, {{"\n", " "}}),
        absl::StrReplaceAll(lines, {{"\n", ","}})}) {
    const Finished run = Run({"check", kRoot, "8", "5", "40414243", proof});
    EXPECT_EQ(run.exit, 0) << proof << run.err;
  }
}

TEST_F(Trees, GrowthIsProvedBetweenAllSizes) {
  for (int m = 1; m <= 8; ++m) {
    for (int n = m; n <= 8; ++n) {
      const std::string proof = Print(
          {"prove-consistency", leaves_, std::to_string(m), std::to_string(n)});
      const Finished run =
          Run({"consistency", RootOf(m), std::to_string(m), RootOf(n),
               std::to_string(n), Write("proof", proof)});
      EXPECT_EQ(run.exit, 0) << m << " to " << n << run.err;
    }
  }
  EXPECT_EQ(Print({"prove-consistency", leaves_, "6"}),
            Print({"prove-consistency", leaves_, "6", "8"}));
}

TEST_F(Trees, GrowthThatIsNoneExits1AndWhatCannotBeGrowth2) {
  const std::string proof = absl::StrReplaceAll(
      Print({"prove-consistency", leaves_, "6"}), {{"\n", ","}});
  const std::string six = RootOf(6);
  const std::string root = kRoot;
  std::string altered = proof;
  altered[70] = altered[70] == '0' ? '1' : '0';
  ASSERT_EQ(Run({"consistency", six, "6", root, "8", proof}).exit, 0);
  const std::vector<std::vector<std::string>> wrong = {
      {root, "6", root, "8", proof},
      {six, "6", six, "8", proof},
      {six, "5", root, "8", proof},
      {six, "6", root, "9", proof},
      {six, "6", root, "8", altered},
      {six, "6", root, "8", ""},
      {six, "6", root, "8", proof.substr(65)},
      {six, "6", root, "6", ""},
      {six, "6", six, "6", kEmptyLeaf}};
  for (std::vector<std::string> arguments : wrong) {
    arguments.insert(arguments.begin(), "consistency");
    const Finished run = Run(arguments);
    EXPECT_EQ(run.exit, 1) << run.err;
    EXPECT_FALSE(run.err.empty());
  }
  const std::vector<std::vector<std::string>> unreadable = {
      {kEmptyRoot, "0", root, "8", ""}, {six, "8", root, "6", ""},
      {six, "06", root, "8", proof},    {six, "6", root, "1e1", proof},
      {six, "6", "abcd", "8", proof},   {six, "6", root, "8", "abcd,"}};
  for (std::vector<std::string> arguments : unreadable) {
    arguments.insert(arguments.begin(), "consistency");
    EXPECT_EQ(Run(arguments).exit, 2);
  }
}

TEST_F(Trees, WhatIsNotThereIsNotProved) {
  for (const std::vector<std::string>& arguments :
       std::vector<std::vector<std::string>>{
           {"prove", leaves_, "8"},
           {"prove", leaves_, "5", "5"},
           {"prove", leaves_, "5", "9"},
           {"prove", leaves_, "01"},
           {"prove", leaves_, "0", "0"},
           {"prove", Write("f", ""), "0"},
           {"prove-consistency", leaves_, "0"},
           {"prove-consistency", leaves_, "9"},
           {"prove-consistency", leaves_, "6", "5"},
           {"prove-consistency", leaves_, "6", "9"}}) {
    const Finished run = Run(arguments);
    EXPECT_EQ(run.exit, 2) << run.out;
    EXPECT_EQ(run.out, "");
  }
}

TEST_F(Trees, TheReasonIsInTheReadersLanguage) {
  const std::vector<std::string> words = {"check", kRoot, "8", "8", "", ""};
  const auto run = [&](std::vector<std::string> more,
                       const std::string& variable) {
    more.insert(more.begin(), words.begin(), words.end());
    more.insert(more.begin(), std::string(std::getenv("GONGKAI_BIN_DIR")) +
                                  "/gongkai-verify");
    return RunProgram(more, {variable}).err;
  };
  const std::string zh = "check: 8 个叶子的树没有序号 8\n";
  const std::string en = "check: there is no leaf 8 in a tree of 8 leaves\n";
  EXPECT_EQ(run({"--lang", "zh"}, "LC_ALL=C"), zh);
  EXPECT_EQ(run({}, "LC_ALL=zh_CN.UTF-8"), zh);
  EXPECT_EQ(run({"--lang=en"}, "LC_ALL=zh_CN.UTF-8"), en);
  EXPECT_EQ(run({}, "LC_ALL=de_DE.UTF-8"), en);
}

// The line is in the shell 10,800 times 100,000 digits.
TEST_F(Trees, AGigabyteOnStandardInputTakesLittleMemory) {
  const std::string line(100000, 'a');
  Write("line", line);
  const Finished run =
      Shell(absl::StrCat("line=$(<", Path("line"),
                         "); set +o pipefail; yes \"$line\" | head -n 10800 | ",
                         "(ulimit -v 100000; exec \"$V\" root -)"));
  EXPECT_EQ(run.exit, 0) << run.err;
  audit::RootBuilder tree(kEd);
  const std::string leaf = audit::LeafHashOf(kEd, audit::FromHex(line).value());
  for (int i = 0; i < 10800; ++i) tree.Add(leaf);
  EXPECT_EQ(run.out, audit::ToHex(tree.Root()) + "\n");
}

TEST_F(Trees, ALineOfAGigabyteIsRefusedInLittleMemory) {
  for (const char* verb : {"root", "prove"}) {
    const Finished run = Shell(absl::StrCat(
        "truncate -s 20G ", Path("sparse"), "; ulimit -v 150000; exec \"$V\" ",
        verb, " ", Path("sparse"), verb[0] == 'p' ? " 0" : ""));
    EXPECT_EQ(run.exit, 2);
    EXPECT_NE(run.err.find("line 1: a line has more than 16777216 bytes"),
              std::string::npos)
        << run.err;
  }
}

TEST_F(Trees, AFullDiskIsNoSoundAnswer) {
  const Finished run =
      Shell(absl::StrCat("\"$V\" root ", leaves_, " >/dev/full"));
  EXPECT_EQ(run.exit, 2);
  EXPECT_NE(run.err.find("could not be written"), std::string::npos);
}

}  // namespace
}  // namespace gongkai::test
