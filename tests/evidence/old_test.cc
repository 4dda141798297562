// SPDX-License-Identifier: Apache-2.0
// A bundle against checkpoints that somebody kept, and against another log.
#include <filesystem>
#include <string>

#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/audit/encoding.h"
#include "services/audit/merkle.h"
#include "services/audit/note.h"
#include "services/document/history_text.h"
#include "tests/evidence/bundle_copy.h"
#include "tests/evidence/evidence_house.h"

namespace gongkai::test {
namespace {

class OldCheckpoint : public ::testing::TestWithParam<const char*> {
 protected:
  EvidenceHouse& home() { return EvidenceHouse::Of(GetParam()); }

  void ExpectBoth(int exit, const std::string& bundle,
                  const std::vector<std::string>& more) {
    const Finished one = home().Verify(bundle, more);
    EXPECT_EQ(one.exit, exit) << one.out << one.err;
    const Finished two = home().VerifyPy(bundle, more);
    EXPECT_EQ(two.exit, exit) << two.out << two.err;
  }

  static audit::Checkpoint Opened(const std::string& file) {
    return audit::ParseCheckpoint(audit::ParseNote(ReadText(file))->text)
        .value();
  }
  audit::Checkpoint Early() { return Opened(home().early()); }
  audit::Checkpoint Now() { return Opened(home().erased() + "/checkpoint"); }

  // A file with the checkpoint, signed by the log or another in its name.
  std::string Signed(const audit::Checkpoint& checkpoint, bool by_other) {
    const audit::SigningKey key =
        audit::SigningKey::FromPem(by_other ? home().other_key()
                                            : home().log_key())
            .value();
    audit::Note note{checkpoint.ToText(), {}};
    const auto as =
        audit::VerifierKeyOf(key, House::kOrigin, audit::KeyUse::kSign);
    EXPECT_TRUE(audit::SignNote(key, *as, absl::Now(), note).ok());
    const std::string file = home().NewFolder() + "/old";
    WriteText(file, note.ToText());
    return file;
  }

  BundleCopy Copy() { return BundleCopy(home().erased(), home().NewFolder()); }
  std::string ProofName() {
    return absl::StrCat("consistency/",
                        audit::ConsistencyFile(Early().size, Now().size));
  }
};

TEST_P(OldCheckpoint, IsTheBeginningOfTheLog) {
  ExpectBoth(0, home().erased(), {"--old", home().early()});
  ExpectBoth(0, home().erased(), {"--old", home().erased() + "/checkpoint"});
}

TEST_P(OldCheckpoint, OfAnotherHistoryIsFound) {
  audit::Checkpoint forged = Early();
  forged.root[5] ^= 1;
  ExpectBoth(1, home().erased(), {"--old", Signed(forged, false)});
  forged = Now();
  forged.root[5] ^= 1;
  ExpectBoth(1, home().erased(), {"--old", Signed(forged, false)});
}

TEST_P(OldCheckpoint, WithoutProofOrKnownKeyIsNotChecked) {
  audit::Checkpoint other = Early();
  ++other.size;
  ExpectBoth(2, home().erased(), {"--old", Signed(other, false)});
  other.size = Now().size + 1;
  ExpectBoth(2, home().erased(), {"--old", Signed(other, false)});
  EXPECT_THAT(
      home().Verify(home().erased(), {"--old", Signed(other, false)}).out,
      ::testing::HasSubstr("older than the old one"));
  ExpectBoth(2, home().erased(), {"--old", Signed(Early(), true)});
  other = Early();
  other.origin = "another.example.cn";
  ExpectBoth(2, home().erased(), {"--old", Signed(other, false)});
  ExpectBoth(2, home().erased(), {"--old", home().erased() + "/none"});
  ExpectBoth(2, home().erased(), {"--old", home().erased() + "/README.txt"});
  const BundleCopy copy = Copy();
  copy.Remove("consistency");
  ExpectBoth(2, copy.folder(), {"--old", home().early()});
  ExpectBoth(0, copy.folder(), {});
}

TEST_P(OldCheckpoint, WithASpoiledProofIsFound) {
  const std::string name = ProofName();
  const std::string good = ReadText(home().erased() + "/" + name);
  const BundleCopy copy = Copy();
  const std::string first = good.substr(0, 45);
  copy.Write(name, first + good);
  ExpectBoth(1, copy.folder(), {"--old", home().early()});
  copy.Write(name, good.substr(45));
  ExpectBoth(1, copy.folder(), {"--old", home().early()});
  std::string spoiled = good;
  spoiled[3] = spoiled[3] == 'A' ? 'B' : 'A';
  copy.Write(name, spoiled);
  ExpectBoth(1, copy.folder(), {"--old", home().early()});
  for (const std::string& text : {good.substr(0, good.size() - 1), good + "\n",
                                  "x" + good, std::string(100000, 'A')}) {
    copy.Write(name, text);
    ExpectBoth(2, copy.folder(), {"--old", home().early()});
  }
  copy.Remove(name);
  std::filesystem::create_symlink(home().erased() + "/" + name,
                                  copy.Path(name));
  ExpectBoth(2, copy.folder(), {"--old", home().early()});
}

// The office writes its log anew and signs it: the bundle alone cannot tell,
// who kept a checkpoint or asks for a witness can.
TEST_P(OldCheckpoint, FindsALogThatWasWrittenAnew) {
  const BundleCopy copy = Copy();
  copy.Remove("witness");
  const audit::Suite suite = audit::SuiteNamed(home().suite()).value();
  audit::RootBuilder tree(suite);
  copy.Lines([&](std::vector<std::string>& lines) {
    lines.resize(1);
    auto event = audit::ParseBundleLine(lines[0]).value();
    event.index = 0;
    event.proof.clear();
    tree.Add(audit::LeafHashOf(suite, event.record));
    lines[0] = audit::ToBundleLine(event);
    lines[0].pop_back();
    const auto opened = audit::OpenEvent(event).value();
    document::History text(document::Form::kText);
    document::History page(document::Form::kHtml);
    const std::string events[] = {text.Add(opened), page.Add(opened)};
    copy.Write("history.txt", events[0] + text.Finish());
    copy.Write("history.html", events[1] + page.Finish());
  });
  const audit::Checkpoint forged{House::kOrigin, 1, tree.Root()};
  copy.Write("checkpoint", ReadText(Signed(forged, true)));
  ExpectBoth(2, copy.folder(), {"--min-witnesses", "0"});
  copy.Write("checkpoint", ReadText(Signed(forged, false)));
  ExpectBoth(0, copy.folder(), {"--min-witnesses", "0"});
  ExpectBoth(2, copy.folder(), {});
  ExpectBoth(2, copy.folder(),
             {"--min-witnesses", "0", "--old", home().early()});
  copy.Write(
      absl::StrCat("consistency/", audit::ConsistencyFile(1, Early().size)),
      audit::ToProofFile({std::string(32, 'x'), std::string(32, 'y')}));
  ExpectBoth(1, copy.folder(),
             {"--min-witnesses", "0", "--old", home().early()});
}

INSTANTIATE_TEST_SUITE_P(Suites, OldCheckpoint,
                         ::testing::Values("sha256-ed25519", "sm3-sm2"),
                         [](const auto& suite) {
                           return std::string(suite.param) == "sm3-sm2"
                                      ? "Sm"
                                      : "Sha256";
                         });

}  // namespace
}  // namespace gongkai::test
