// SPDX-License-Identifier: Apache-2.0
// Whose turn it is to hash a password, and whose attempts are counted together.
#include <gtest/gtest.h>

#include <thread>

#include "absl/time/clock.h"
#include "services/act/credentials.h"
#include "services/act/hash_turn.h"
#include "services/base/refusal.h"
#include "tests/support/test_vault.h"

namespace gongkai::act {
namespace {

absl::Time Soon() { return absl::Now() + absl::Seconds(20); }

TEST(HashTurns, OneWorksFewWaitOthersComeAgain) {
  HashTurns turns(1);
  auto first = turns.Take(Soon());
  ASSERT_TRUE(first.ok());
  absl::Status second = absl::UnknownError("");
  std::thread waiting([&] { second = turns.Take(Soon()).status(); });
  while (turns.waiting() == 0) absl::SleepFor(absl::Milliseconds(1));
  const absl::Time begun = absl::Now();
  const absl::Status third = turns.Take(Soon()).status();
  EXPECT_LT(absl::Now() - begun, absl::Seconds(5));
  const auto refusal = RefusalOf(third);
  ASSERT_TRUE(refusal.has_value()) << third;
  EXPECT_EQ(refusal->reason(), v1::TOO_BUSY);
  EXPECT_GT(refusal->retry_ms(), 0);
  first->reset();
  waiting.join();
  EXPECT_TRUE(second.ok());
  EXPECT_TRUE(turns.Take(Soon()).ok());
}

TEST(HashTurns, DoNotOutliveTheDeadline) {
  HashTurns turns(4);
  const auto first = turns.Take(Soon());
  EXPECT_TRUE(absl::IsDeadlineExceeded(
      turns.Take(absl::Now() + absl::Milliseconds(20)).status()));
  EXPECT_EQ(turns.waiting(), 0);
}

// Whoever has one address of IPv6 has a network of them: each would be a fresh
// start.
TEST(Attempts, OneNetworkOfIpv6IsOneSource) {
  const auto key = [](std::string_view source) {
    return SourceAttemptKey(test::TestVault(), source);
  };
  EXPECT_EQ(key("2001:db8:1:2::3"), key("2001:db8:1:2:4:5:6:7"));
  EXPECT_NE(key("2001:db8:1:2::3"), key("2001:db8:1:3::3"));
  EXPECT_NE(key("10.0.0.1"), key("10.0.0.2"));
}

}  // namespace
}  // namespace gongkai::act
