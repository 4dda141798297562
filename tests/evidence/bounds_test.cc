// SPDX-License-Identifier: Apache-2.0
// Bundles meant to exhaust who reads them; the commands of the README; speed.
#include <filesystem>
#include <iostream>
#include <nlohmann/json.hpp>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/end_to_end/main_line.h"
#include "tests/evidence/bundle_copy.h"
#include "tests/evidence/evidence_house.h"

namespace gongkai::test {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class BoundedBundle : public ::testing::Test {
 protected:
  EvidenceHouse& home() { return EvidenceHouse::Of("sha256-ed25519"); }

  // The verifier, allowed 200 MB of address space and 60 seconds.
  Finished VerifyBounded(const std::string& bundle) {
    return RunProgram(
        {"/bin/bash", "-c",
         "ulimit -v 200000 && exec timeout 60 \"$0\" verify --vkey \"$1\" "
         "\"$2\"",
         home().house().Program("gongkai-verify"), home().vkey(), bundle},
        {"LC_ALL=C"});
  }

  // What `name` filled by `fill` ends with; the checkpoint is good.
  void Expect(int exit, const std::string& sentence, const std::string& name,
              const std::function<void(const std::string& path)>& fill) {
    const BundleCopy copy(home().erased(), home().NewFolder());
    fill(copy.Path(name));
    const Finished finished = VerifyBounded(copy.folder());
    EXPECT_EQ(finished.exit, exit) << finished.out << finished.err;
    EXPECT_THAT(finished.out, HasSubstr(sentence));
    EXPECT_EQ(finished.err, "");
    std::filesystem::remove_all(copy.folder());
  }
};

TEST_F(BoundedBundle, TenGigabytesOfNothing) {
  for (const char* name : {"events.jsonl", "checkpoint", "witness/01.note"}) {
    Expect(2, "bytes", name, [](const std::string& path) {
      std::filesystem::resize_file(path, uintmax_t{10} << 30);
    });
  }
  Expect(1, "history.txt is not what the records say", "history.txt",
         [](const std::string& path) {
           std::filesystem::resize_file(path, uintmax_t{10} << 30);
         });
}

TEST_F(BoundedBundle, ALineWithoutEnd) {
  Expect(2, "line 1 of events.jsonl is malformed", "events.jsonl",
         [](const std::string& path) {
           WriteText(path, "{\"seq\":1,\"index\":0,\"record\":\"" +
                               std::string(100 << 20, 'A'));
         });
}

TEST_F(BoundedBundle, AMillionBrackets) {
  Expect(2, "line 1 of events.jsonl is malformed", "events.jsonl",
         [](const std::string& path) {
           WriteText(path, std::string(1000000, '[') + "\n");
         });
}

TEST_F(BoundedBundle, AMillionEventsAndAsManyFindings) {
  Expect(1, "and 1999902 more", "events.jsonl", [](const std::string& path) {
    std::string text;
    for (int i = 1; i <= 1000000; ++i) {
      absl::StrAppend(&text, "{\"seq\":", i, ",\"index\":", i,
                      ",\"record\":\"\",\"proof\":[]}\n");
    }
    WriteText(path, text);
  });
}

TEST_F(BoundedBundle, ALineOfSixteenMegabytes) {
  Expect(1, "record 1", "events.jsonl", [](const std::string& path) {
    WriteText(path, "{\"seq\":1,\"index\":0,\"record\":\"" +
                        std::string(12 << 20, 'A') + "\",\"proof\":[]}\n");
  });
}

// Written once for people: the lines run as they stand there.
class Readme : public ::testing::TestWithParam<const char*> {
 protected:
  EvidenceHouse& home() { return EvidenceHouse::Of(GetParam()); }

  // The block after the mark.
  static std::string Block(const std::string& mark) {
    const std::string text =
        ReadText(SourceDir() + "/clients/verify/README.md");
    const size_t at = text.find("<!-- run: " + mark + " -->\n```");
    EXPECT_NE(at, std::string::npos) << mark;
    const size_t from = text.find('\n', text.find("```", at)) + 1;
    return text.substr(from, text.find("```\n", from) - from);
  }
  Finished RunIn(const std::string& folder, const std::string& script) {
    return RunProgram(
        {"/bin/bash", "-ec", "cd \"$1\"; eval \"$0\"", script, folder},
        {"KEY=" + home().vkey(), "LC_ALL=C.UTF-8"});
  }
};

TEST_P(Readme, ItsCommandsCheckTheSignature) {
  const std::string script = Block(GetParam());
  const Finished sound = RunIn(home().erased(), script);
  EXPECT_EQ(sound.exit, 0) << sound.out << sound.err;
  EXPECT_THAT(sound.out, HasSubstr("Signature Verified Successfully"));
  const BundleCopy copy(home().erased(), home().NewFolder());
  copy.Replace("checkpoint", "gov.example.cn/gongkai\n", "gov.example.cn/x\n");
  EXPECT_NE(RunIn(copy.folder(), script).exit, 0);
}

TEST_P(Readme, TheOneInTheBundleHasThemToo) {
  const std::string text = ReadText(home().erased() + "/README.txt");
  const size_t from = text.find("  sed '/^$/");
  ASSERT_NE(from, std::string::npos);
  const size_t to = text.find("\n\n", from);
  const Finished sound = RunIn(home().erased(), text.substr(from, to - from));
  EXPECT_EQ(sound.exit, 0) << sound.out << sound.err;
}

TEST_P(Readme, ItsFewLinesOfPythonCheckTheRecords) {
  std::string script = Block("python");
  if (std::string(GetParam()) == "sm3-sm2") {
    script = absl::StrReplaceAll(script, {{"sha256", "sm3"}});
    if (RunProgram({"/usr/bin/env", "python3", "-c",
                    "import hashlib; hashlib.new('sm3')"},
                   {})
            .exit != 0) {
      GTEST_SKIP() << "this Python has no SM3";
    }
  }
  const auto run = [&](const std::string& folder) {
    return RunIn(folder, "python3 -c '" + script + "'").out;
  };
  const std::string sound = run(home().erased());
  EXPECT_THAT(sound, HasSubstr("14 in the log"));
  EXPECT_THAT(sound, Not(HasSubstr("NOT")));
  EXPECT_THAT(sound, Not(HasSubstr("BROKEN")));
  EXPECT_THAT(sound, Not(HasSubstr("ALTERED")));
  const BundleCopy copy(home().erased(), home().NewFolder());
  copy.Event(1, [](auto& event) { event.payload += "x"; });
  copy.Record(9, [](auto& record) { record.actor.set_account("x"); });
  EXPECT_THAT(run(copy.folder()),
              AllOf(HasSubstr("1 in the log  TEXT ALTERED"),
                    HasSubstr("9 NOT IN THE LOG"),
                    HasSubstr("10 in the log CHAIN BROKEN")));
}

INSTANTIATE_TEST_SUITE_P(Suites, Readme,
                         ::testing::Values("sha256-ed25519", "sm3-sm2"),
                         [](const auto& suite) {
                           return std::string(suite.param) == "sm3-sm2"
                                      ? "Sm"
                                      : "Sha256";
                         });

TEST(LargeBundle, OfAThousandEventsIsVerifiedInNoTime) {
  EvidenceHouse& home = EvidenceHouse::Of("sha256-ed25519");
  const auto stub = home.house().NewStub();
  v1::Receipt receipt;
  ASSERT_TRUE(Call(home.house(), *stub, "handler",
                   NewApplication("多次沟通的案件"), &receipt)
                  .ok());
  v1::Act act;
  act.mutable_log_contact()->set_note("电话未接");
  for (int i = 1; i < 1000; ++i) {
    ASSERT_TRUE(Call(home.house(), *stub, "handler",
                     NewAct(receipt.name(), act), &receipt)
                    .ok());
  }
  const std::string bundle = home.Export(receipt.number(), "thousand");
  const absl::Time start = absl::Now();
  const Finished finished = home.Verify(bundle);
  const absl::Duration took = absl::Now() - start;
  EXPECT_EQ(finished.exit, 0) << finished.out << finished.err;
  EXPECT_THAT(finished.out, HasSubstr("1000 records"));
  std::cout << "1000 events verified in " << took << "\n";
  EXPECT_EQ(home.VerifyPy(bundle).exit, 0);
}

}  // namespace
}  // namespace gongkai::test
