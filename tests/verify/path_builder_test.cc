// SPDX-License-Identifier: Apache-2.0
#include "clients/verify/path_builder.h"

#include <gtest/gtest.h>

#include <bit>

#include "tests/audit/trees.h"

namespace gongkai::verify {
namespace {

TEST(PathBuilder, GivesTheProofsOfTheDefinitionInOnePass) {
  constexpr int64_t kLeaves = 70;
  const audit::Suite suite = audit::Suite::kSha256Ed25519;
  const audit::Hashes leaves = test::SomeLeaves(suite, kLeaves);
  test::SlowTree slow(suite, leaves);
  for (int64_t mark = 0; mark < kLeaves; ++mark) {
    PathBuilder inclusion(suite);
    PathBuilder growth(suite);
    std::string ending;
    for (int64_t n = 1; n <= kLeaves; ++n) {
      if (n - 1 == mark) inclusion.FollowNextLeaf();
      inclusion.Add(leaves[static_cast<size_t>(n - 1)]);
      growth.Add(leaves[static_cast<size_t>(n - 1)]);
      if (n - 1 == mark) ending = growth.FollowLastSubtree();
      if (n <= mark) continue;
      ASSERT_EQ(inclusion.Path(), slow.Path(mark, 0, n)) << mark << " of " << n;
      audit::Hashes proof = growth.Path();
      const bool whole = std::has_single_bit(static_cast<uint64_t>(mark + 1));
      if (!whole) proof.insert(proof.begin(), ending);
      if (n == mark + 1) continue;  // of one size: the proof is empty
      ASSERT_EQ(proof, slow.SubProof(mark + 1, 0, n, true))
          << mark + 1 << " to " << n;
    }
    EXPECT_EQ(inclusion.size(), kLeaves);
  }
}

}  // namespace
}  // namespace gongkai::verify
