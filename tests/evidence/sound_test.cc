// SPDX-License-Identifier: Apache-2.0
// Bundles as the shipped programs write them, for both suites.
#include <filesystem>
#include <iostream>
#include <string>

#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/evidence/evidence_house.h"

namespace gongkai::test {
namespace {

using ::testing::HasSubstr;

class SoundBundle : public ::testing::TestWithParam<const char*> {
 protected:
  EvidenceHouse& home() { return EvidenceHouse::Of(GetParam()); }

  void ExpectBoth(int exit, const std::string& bundle,
                  const std::vector<std::string>& more = {}) {
    const Finished one = home().Verify(bundle, more);
    EXPECT_EQ(one.exit, exit) << one.out << one.err;
    const Finished two = home().VerifyPy(bundle, more);
    EXPECT_EQ(two.exit, exit) << two.out << two.err;
  }
};

TEST_P(SoundBundle, IsSoundToBothVerifiers) {
  ExpectBoth(0, home().whole());
  ExpectBoth(0, home().whole(), {"--old", home().early()});
  const Finished told = home().Verify(home().whole());
  EXPECT_THAT(told.out, HasSubstr("SOUND"));
  EXPECT_THAT(told.out, HasSubstr("12 records"));
  EXPECT_THAT(told.out, HasSubstr(home().number()));
  EXPECT_THAT(told.out, HasSubstr("after record 12"));
  EXPECT_EQ(told.err, "");
}

TEST_P(SoundBundle, WithErasedOrWithheldTextSaysSoAndIsSound) {
  ExpectBoth(0, home().erased(), {"--old", home().early()});
  EXPECT_THAT(home().Verify(home().erased()).out,
              HasSubstr("private parts that were erased: 1"));
  ExpectBoth(0, home().bare(), {"--old", home().early()});
  EXPECT_THAT(home().Verify(home().bare()).out,
              HasSubstr("private parts that were withheld"));
  EXPECT_EQ(ReadText(home().bare() + "/events.jsonl").find("private"),
            std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(Suites, SoundBundle,
                         ::testing::Values("sha256-ed25519", "sm3-sm2"),
                         [](const auto& suite) {
                           return std::string(suite.param) == "sm3-sm2"
                                      ? "Sm"
                                      : "Sha256";
                         });

}  // namespace
}  // namespace gongkai::test
