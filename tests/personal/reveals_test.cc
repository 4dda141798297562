// SPDX-License-Identifier: Apache-2.0
// An account that has many cases shown whole within an hour is told of.
#include "services/act/reveals.h"

#include <gtest/gtest.h>

#include <string>

namespace gongkai::act {
namespace {

const auth::Caller kOfficer{"officer", "p1", {}, "SHKW", "password"};
const auth::Caller kOther{"other", "p2", {}, "SHKW", "password"};

TEST(RevealWatchTest, TellsOnceWhenTheLimitIsPassed) {
  RevealWatch watch(3);
  absl::Time now = absl::UnixEpoch() + absl::Hours(1000);
  testing::internal::CaptureStderr();
  for (int i = 0; i < 3; ++i) {
    watch.Note(kOfficer, "SHKW", "SHKW-2024-" + std::to_string(i), now);
    watch.Note(kOther, "SHKW", "SHKW-2024-0", now);
    now += absl::Minutes(1);
  }
  EXPECT_EQ(watch.OverLimit(now), 0);
  watch.Note(kOfficer, "SHKW", "SHKW-2024-77", now);
  watch.Note(kOfficer, "SHKW", "SHKW-2024-78", now);
  const std::string log = testing::internal::GetCapturedStderr();
  EXPECT_EQ(watch.OverLimit(now), 1);
  const size_t line = log.find("many cases shown whole");
  ASSERT_NE(line, std::string::npos);
  EXPECT_EQ(log.find("many cases", line + 1), std::string::npos);
  EXPECT_NE(log.find("officer"), std::string::npos);
  EXPECT_EQ(log.find("SHKW-2024"), std::string::npos);
  // An hour later all of it is forgotten.
  EXPECT_EQ(watch.OverLimit(now + absl::Hours(1)), 0);
}

TEST(RevealWatchTest, TheSameCaseCountsOnce) {
  RevealWatch watch(2);
  const absl::Time now = absl::UnixEpoch();
  for (int i = 0; i < 50; ++i) watch.Note(kOfficer, "SHKW", "A", now);
  EXPECT_EQ(watch.OverLimit(now), 0);
  watch.Note(kOfficer, "SHKX", "A", now);
  EXPECT_EQ(watch.OverLimit(now), 0);
  watch.Note(kOfficer, "SHKW", "B", now);
  EXPECT_EQ(watch.OverLimit(now), 1);
}

TEST(RevealWatchTest, TheWindowSlides) {
  RevealWatch watch(2);
  absl::Time now = absl::UnixEpoch();
  for (int i = 0; i < 20; ++i) {
    watch.Note(kOfficer, "SHKW", std::to_string(i), now);
    EXPECT_EQ(watch.OverLimit(now), 0) << i;
    now += absl::Minutes(31);
  }
}

TEST(RevealWatchTest, ZeroWatchesNothing) {
  RevealWatch watch(0);
  watch.Note(kOfficer, "SHKW", "A", absl::UnixEpoch());
  EXPECT_EQ(watch.OverLimit(absl::UnixEpoch()), 0);
}

}  // namespace
}  // namespace gongkai::act
