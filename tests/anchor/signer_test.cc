// SPDX-License-Identifier: Apache-2.0
// The signer signs only what contains all that it signed, and carries it out.
#include "services/jobs/signer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <memory>

#include "services/audit/encoding.h"
#include "services/jobs/contained.h"
#include "tests/anchor/log_house.h"

namespace gongkai::jobs {
namespace {

using test::KeyPair;
using test::LogHouse;
using test::Soon;
using ::testing::HasSubstr;
using ::testing::SizeIs;

// The memory in this process; `broken` fails as a disk does, before or after
// the note is there.
struct TestMemory : SignerMemory {
  absl::StatusOr<std::string> Read() override { return note; }
  absl::Status Write(const std::string& next) override {
    if (broken) return absl::UnavailableError("the disk is gone");
    note = next;
    ++written;
    return absl::OkStatus();
  }
  std::string note;
  bool broken = false;
  int written = 0;
};

struct TestPlace : AnchorPlace {
  storage::AnchorKind kind() const override {
    return storage::AnchorKind::kFolder;
  }
  const std::string& name() const override { return place; }
  absl::StatusOr<std::string> Put(const Outgoing& checkpoint,
                                  absl::Time) override {
    if (away) return absl::UnavailableError("away");
    if (last_size > 0) {
      const auto proof = checkpoint.prove(last_size);
      if (!proof.ok()) return proof.status();
      proofs.push_back(*proof);
    }
    last_size = checkpoint.head.size;
    notes.push_back(checkpoint.note);
    return checkpoint.note + extra;
  }
  std::string place = "anchors";
  std::string extra;
  bool away = false;
  int64_t last_size = 0;
  std::vector<std::string> notes;
  std::vector<audit::Hashes> proofs;
};

class SignerTest : public ::testing::TestWithParam<audit::Suite> {
 protected:
  Signer MakeSigner(const std::vector<const KeyPair*>& keys,
                    Signer::Options options = {LogHouse::kOrigin}) {
    std::vector<Signer::Key> signing;
    for (const KeyPair* key : keys) signing.push_back({key->Again(), key->as});
    return Signer(house_.signer(), house_.signer(), house_.signer(), memory_,
                  std::move(signing), std::move(options));
  }
  audit::SignedCheckpoint Stored() {
    const auto stored = house_.service().NewestCheckpoint(0, Soon());
    EXPECT_TRUE(stored.ok() && stored->has_value());
    return audit::OpenCheckpoint((*stored)->note, {key_.as, next_key_.as})
        .value();
  }

  LogHouse house_{GetParam()};
  KeyPair key_{GetParam(), LogHouse::kOrigin, audit::KeyUse::kSign};
  KeyPair next_key_{GetParam(), LogHouse::kOrigin, audit::KeyUse::kSign};
  TestMemory memory_;
};

INSTANTIATE_TEST_SUITE_P(Suites, SignerTest,
                         ::testing::Values(audit::Suite::kSha256Ed25519,
                                           audit::Suite::kSm3Sm2),
                         [](const auto& suite) {
                           return suite.param == audit::Suite::kSm3Sm2
                                      ? "Sm3Sm2"
                                      : "Sha256Ed25519";
                         });

TEST_P(SignerTest, SignsWhatGrewAndNothingElse) {
  Signer signer = MakeSigner({&key_});
  EXPECT_EQ(signer.Sign(Soon()).value(), false);  // nothing is there
  for (const int n : {1, 255, 1, 700}) {
    const storage::TreeHead head = house_.Grow(n);
    EXPECT_EQ(signer.Sign(Soon()).value(), true);
    EXPECT_EQ(signer.Sign(Soon()).value(), false);
    EXPECT_EQ(signer.signed_head(), head);
    EXPECT_EQ(Stored().checkpoint.size, head.size);
    EXPECT_EQ(Stored().checkpoint.root, head.root);
    EXPECT_EQ(Stored().checkpoint.origin, LogHouse::kOrigin);
  }
  EXPECT_EQ(memory_.written, 4);
}

TEST_P(SignerTest, RefusesASmallerTree) {
  house_.Grow(10);
  const std::string copy = house_.Copy();
  house_.Grow(5);
  Signer signer = MakeSigner({&key_});
  ASSERT_TRUE(signer.Sign(Soon()).ok());
  const std::string last = memory_.note;
  house_.PutBack(copy);
  Signer again = MakeSigner({&key_});
  for (Signer* one : {&signer, &again}) {
    const auto refused = one->Sign(Soon());
    EXPECT_TRUE(absl::IsFailedPrecondition(refused.status()));
    EXPECT_THAT(std::string(refused.status().message()),
                HasSubstr("the tree has 10 entries and does not contain the "
                          "checkpoint of 15"));
  }
  EXPECT_EQ(memory_.note, last);
}

TEST_P(SignerTest, RefusesAnotherRootOfTheSameSizeAndALongerTreeOnIt) {
  house_.Grow(10);
  const std::string copy = house_.Copy();
  house_.Grow(5);
  Signer signer = MakeSigner({&key_});
  ASSERT_TRUE(signer.Sign(Soon()).ok());
  house_.PutBack(copy);
  for (const int n : {5, 5}) {  // to 15 and 20, with other entries
    house_.Grow(n);
    const auto refused = signer.Sign(Soon());
    EXPECT_TRUE(absl::IsFailedPrecondition(refused.status()));
    EXPECT_THAT(std::string(refused.status().message()),
                HasSubstr("Nothing is signed"));
  }
  EXPECT_EQ(memory_.written, 1);
}

TEST_P(SignerTest, RefusesARootThatTheTilesDoNotGive) {
  house_.Grow(10);
  house_.AsSuperuser("UPDATE log SET root = sha256('x') WHERE log_id = 1");
  const auto refused = MakeSigner({&key_}).Sign(Soon());
  EXPECT_TRUE(absl::IsFailedPrecondition(refused.status()));
  EXPECT_EQ(memory_.note, "");
}

TEST_P(SignerTest, GivesUpExactlyTheCheckpointThatItIsTold) {
  house_.Grow(10);
  const std::string copy = house_.Copy();
  const storage::TreeHead lost = house_.Grow(5);
  ASSERT_TRUE(MakeSigner({&key_}).Sign(Soon()).ok());
  house_.PutBack(copy);
  Signer::Options other{LogHouse::kOrigin};
  other.given_up_root = std::string(64, 'a');
  EXPECT_FALSE(MakeSigner({&key_}, other).Sign(Soon()).ok());
  Signer::Options right{LogHouse::kOrigin};
  right.given_up_root = audit::ToHex(lost.root);
  Signer signer = MakeSigner({&key_}, right);
  EXPECT_EQ(signer.Sign(Soon()).value(), true);
  EXPECT_EQ(signer.signed_head()->size, 10);
  // It stands in the unit file still: it has no effect on the next.
  const std::string second = house_.Copy();
  house_.Grow(3);
  EXPECT_EQ(signer.Sign(Soon()).value(), true);
  house_.PutBack(second);
  EXPECT_TRUE(absl::IsFailedPrecondition(signer.Sign(Soon()).status()));
}

TEST_P(SignerTest, GoesOnFromItsMemoryAfterARestart) {
  house_.Grow(3);
  ASSERT_TRUE(MakeSigner({&key_}).Sign(Soon()).ok());
  const std::string note = memory_.note;
  Signer again = MakeSigner({&key_});
  EXPECT_EQ(again.Sign(Soon()).value(), false);
  EXPECT_EQ(memory_.note, note);
  // Out goes what was signed before.
  TestPlace place;
  EXPECT_TRUE(again.Carry(place, Soon()).ok());
  EXPECT_EQ(place.notes, std::vector<std::string>{note});
}

TEST_P(SignerTest, StoresWhatADeadSignerHadWrittenDown) {
  const storage::TreeHead head = house_.Grow(3);
  audit::Note note;
  note.text =
      audit::Checkpoint{LogHouse::kOrigin, head.size, head.root}.ToText();
  ASSERT_TRUE(audit::SignNote(key_.Again(), key_.as, absl::Now(), note).ok());
  memory_.note = note.ToText();
  EXPECT_EQ(MakeSigner({&key_}).Sign(Soon()).value(), false);
  EXPECT_EQ(Stored().note.ToText(), memory_.note);
}

TEST_P(SignerTest, PublishesNothingThatItCouldNotWriteDown) {
  house_.Grow(3);
  Signer signer = MakeSigner({&key_});
  memory_.broken = true;
  EXPECT_FALSE(signer.Sign(Soon()).ok());
  EXPECT_FALSE(house_.service().NewestCheckpoint(0, Soon())->has_value());
  EXPECT_FALSE(signer.signed_head().has_value());
  memory_.broken = false;
  EXPECT_EQ(signer.Sign(Soon()).value(), true);
}

TEST_P(SignerTest, AnEmptyMemoryIsNoExcuse) {
  house_.Grow(10);
  const std::string copy = house_.Copy();
  const storage::TreeHead outside = house_.Grow(5);
  house_.PutBack(copy);
  Signer::Options options{LogHouse::kOrigin};
  options.outside = {outside};
  EXPECT_TRUE(absl::IsFailedPrecondition(
      MakeSigner({&key_}, options).Sign(Soon()).status()));
}

TEST_P(SignerTest, ADamagedMemoryIsNotPassedOver) {
  house_.Grow(3);
  ASSERT_TRUE(MakeSigner({&key_}).Sign(Soon()).ok());
  const std::string whole = memory_.note;
  for (const std::string& damaged :
       {whole.substr(0, 20), whole.substr(0, whole.size() - 5),
        std::string("x"), "y" + whole}) {
    memory_.note = damaged;
    EXPECT_TRUE(
        absl::IsFailedPrecondition(MakeSigner({&key_}).Sign(Soon()).status()));
    EXPECT_EQ(memory_.note, damaged);
  }
}

TEST_P(SignerTest, WhileKeysChangeBothSign) {
  house_.Grow(3);
  ASSERT_TRUE(MakeSigner({&key_}).Sign(Soon()).ok());
  // The new key alone does not know what was signed.
  EXPECT_TRUE(absl::IsFailedPrecondition(
      MakeSigner({&next_key_}).Sign(Soon()).status()));
  // Both sign the same tree at once, without an entry more.
  Signer both = MakeSigner({&key_, &next_key_});
  EXPECT_EQ(both.Sign(Soon()).value(), true);
  EXPECT_EQ(both.Sign(Soon()).value(), false);
  house_.Grow(1);
  EXPECT_EQ(both.Sign(Soon()).value(), true);
  EXPECT_THAT(Stored().signatures, SizeIs(2));
  Signer next = MakeSigner({&next_key_});
  EXPECT_EQ(next.Sign(Soon()).value(), false);
  house_.Grow(1);
  EXPECT_EQ(next.Sign(Soon()).value(), true);
  EXPECT_THAT(Stored().signatures, SizeIs(1));
}

TEST_P(SignerTest, NeverMixesSuitesOrLogs) {
  house_.Grow(3);
  const audit::Suite other = GetParam() == audit::Suite::kSm3Sm2
                                 ? audit::Suite::kSha256Ed25519
                                 : audit::Suite::kSm3Sm2;
  KeyPair foreign(other, LogHouse::kOrigin, audit::KeyUse::kSign);
  const auto mixed = MakeSigner({&foreign}).Sign(Soon());
  EXPECT_TRUE(absl::IsFailedPrecondition(mixed.status()));
  EXPECT_THAT(std::string(mixed.status().message()), HasSubstr("never mixed"));
  EXPECT_TRUE(absl::IsFailedPrecondition(
      MakeSigner({&key_}, {"another.log"}).Sign(Soon()).status()));
}

TEST_P(SignerTest, CarriesOnceAndAfterAFailureAgain) {
  const storage::TreeHead first = house_.Grow(3);
  Signer signer = MakeSigner({&key_});
  TestPlace place, away;
  away.place = "far";
  away.away = true;
  EXPECT_TRUE(signer.Carry(place, Soon()).ok());  // nothing is signed
  ASSERT_TRUE(signer.Sign(Soon()).ok());
  EXPECT_TRUE(signer.Carry(place, Soon()).ok());
  EXPECT_FALSE(signer.Carry(away, Soon()).ok());
  EXPECT_TRUE(signer.Carry(place, Soon()).ok());
  EXPECT_THAT(place.notes, SizeIs(1));
  house_.Grow(300);
  ASSERT_TRUE(signer.Sign(Soon()).ok());
  EXPECT_TRUE(signer.Carry(place, Soon()).ok());
  ASSERT_THAT(place.proofs, SizeIs(1));
  EXPECT_TRUE(audit::CheckConsistency(GetParam(), first.size, first.root, 303,
                                      house_.Head().root, place.proofs[0])
                  .ok());
  away.away = false;
  EXPECT_TRUE(signer.Carry(away, Soon()).ok());
  const auto anchors = house_.service().AnchorsOf(303, Soon());
  ASSERT_TRUE(anchors.ok());
  EXPECT_THAT(*anchors, SizeIs(2));
  const auto health = house_.service().Health(Soon());
  EXPECT_EQ(health->anchored_size, 303);
  EXPECT_FALSE(health->unanchored_since.has_value());
}

}  // namespace
}  // namespace gongkai::jobs
