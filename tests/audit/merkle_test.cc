// SPDX-License-Identifier: Apache-2.0
// The tree: published roots, every proof of small trees against the definition
// of RFC 6962, and every way in which a proof may be wrong.
#include "services/audit/merkle.h"

#include <gtest/gtest.h>

#include <limits>
#include <random>
#include <string>

#include "services/audit/encoding.h"
#include "tests/audit/trees.h"

namespace gongkai::audit {
namespace {

using absl::StatusCode;
using test::SlowTree;
using test::SomeLeaves;
using test::TileStore;

constexpr Suite kEd = Suite::kSha256Ed25519;
constexpr Suite kSm = Suite::kSm3Sm2;
constexpr int64_t kMost = std::numeric_limits<int64_t>::max();

std::string RootOf(Suite suite, const Hashes& leaves) {
  RootBuilder tree(suite);
  for (const std::string& leaf : leaves) tree.Add(leaf);
  EXPECT_EQ(tree.size(), static_cast<int64_t>(leaves.size()));
  return tree.Root();
}

TEST(Tree, OfTheStandardLeavesHasThePublishedRoots) {
  const char* leaves[] = {"",
                          "00",
                          "10",
                          "2021",
                          "3031",
                          "40414243",
                          "5051525354555657",
                          "606162636465666768696a6b6c6d6e6f"};
  const char* roots[] = {
      "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
      "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
      "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
      "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
      "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
      "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
      "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
      "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
      "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"};
  RootBuilder tree(kEd);
  EXPECT_EQ(ToHex(tree.Root()), roots[0]);
  for (int i = 0; i < 8; ++i) {
    tree.Add(LeafHashOf(kEd, FromHex(leaves[i]).value()));
    EXPECT_EQ(ToHex(tree.Root()), roots[i + 1]) << i + 1;
  }
}

TEST(Tree, WithoutLeavesHasTheDigestOfNothing) {
  EXPECT_EQ(ToHex(EmptyRoot(kEd)),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(ToHex(EmptyRoot(kSm)),
            "1ab21d8355cfa17f8e61194831e81a8f22bec8c728fefb747ed035eb5082aa2b");
  const TileStore none;
  EXPECT_EQ(RootAt(kEd, 0, none.Reader()).value(), EmptyRoot(kEd));
}

// A node cannot be shown as a leaf: the second preimage that the prefixes are
// there for.
TEST(Tree, LeavesAndNodesHaveDomainsOfTheirOwn) {
  const std::string left(32, 'l');
  const std::string right(32, 'r');
  EXPECT_NE(LeafHashOf(kEd, left + right), NodeHash(kEd, left, right));
  EXPECT_NE(LeafHashOf(kEd, '\x01' + left + right), NodeHash(kEd, left, right));
  EXPECT_EQ(NodeHash(kEd, left, right), Digest(kEd, {"\x01", left, right}));
  EXPECT_NE(NodeHash(kEd, left, right), NodeHash(kEd, right, left));
}

class TreesOfSuite : public testing::TestWithParam<Suite> {};
INSTANTIATE_TEST_SUITE_P(Suites, TreesOfSuite, testing::Values(kEd, kSm));

TEST_P(TreesOfSuite, EveryProofOfSmallTreesIsThatOfTheDefinition) {
  const Suite suite = GetParam();
  const int64_t most = suite == kEd ? 130 : 40;
  const Hashes leaves = SomeLeaves(suite, most);
  SlowTree slow(suite, leaves);
  TileStore store;
  for (int64_t n = 1; n <= most; ++n) {
    const std::string leaf = leaves[static_cast<size_t>(n - 1)];
    ASSERT_TRUE(store.Extend(suite, n - 1, {leaf}).ok());
    const ReadTile read = store.Reader();
    const std::string root = slow.Root(0, n);
    ASSERT_EQ(RootAt(suite, n, read).value(), root) << n;
    ASSERT_EQ(RootOf(suite, {leaves.begin(), leaves.begin() + n}), root) << n;
    for (int64_t i = 0; i < n; ++i) {
      const Hashes proof = ProveInclusion(suite, i, n, read).value();
      ASSERT_EQ(proof, slow.Path(i, 0, n)) << i << " of " << n;
      ASSERT_TRUE(CheckInclusion(suite, i, n, leaves[static_cast<size_t>(i)],
                                 proof, root)
                      .ok());
    }
    for (int64_t m = 1; m <= n; ++m) {
      const Hashes proof = ProveConsistency(suite, m, n, read).value();
      ASSERT_EQ(proof, slow.SubProof(m, 0, n, true)) << m << " to " << n;
      ASSERT_TRUE(
          CheckConsistency(suite, m, slow.Root(0, m), n, root, proof).ok())
          << m << " to " << n;
    }
  }
}

// Where tiles and levels of tiles begin; grown in batches of every length.
TEST(Tiles, AroundTheirEdgesGiveTheProofsOfTheDefinition) {
  const int64_t most = 65536 + 300;
  const Hashes leaves = SomeLeaves(kEd, most);
  SlowTree slow(kEd, leaves);
  TileStore store;
  std::mt19937_64 random(11);
  for (int64_t size = 0; size < most;) {
    const auto batch = std::min<int64_t>(
        1 + static_cast<int64_t>(random() % (size < 2000 ? 300 : 9000)),
        most - size);
    ASSERT_TRUE(
        store
            .Extend(kEd, size,
                    {leaves.begin() + size, leaves.begin() + size + batch})
            .ok());
    size += batch;
  }
  EXPECT_EQ((store.tiles[{0, 255}].size()), 256u * 32);
  EXPECT_EQ((store.tiles[{1, 0}].size()), 256u * 32);
  EXPECT_EQ((store.tiles[{1, 1}].size()), 1u * 32);
  EXPECT_EQ((store.tiles[{2, 0}].size()), 1u * 32);
  const ReadTile read = store.Reader();
  const int64_t sizes[] = {255,   256,   257,   511,   512,   513,
                           767,   1000,  65279, 65280, 65281, 65535,
                           65536, 65537, 65792, 65800, most};
  for (const int64_t n : sizes) {
    ASSERT_EQ(RootAt(kEd, n, read).value(), slow.Root(0, n)) << n;
    for (const int64_t i :
         {int64_t{0}, int64_t{1}, int64_t{254}, n / 2, n - 2, n - 1}) {
      ASSERT_EQ(ProveInclusion(kEd, i, n, read).value(), slow.Path(i, 0, n))
          << i << " of " << n;
    }
    for (const int64_t m : sizes) {
      if (m > n) continue;
      ASSERT_EQ(ProveConsistency(kEd, m, n, read).value(),
                slow.SubProof(m, 0, n, true))
          << m << " to " << n;
    }
  }
}

TEST(Tiles, OnlyThoseThatChangeAreGivenAndWhole) {
  const Hashes leaves = SomeLeaves(kEd, 600);
  TileStore store;
  ASSERT_TRUE(
      store.Extend(kEd, 0, {leaves.begin(), leaves.begin() + 300}).ok());
  int reads = 0;
  const ReadTile counting = [&](int level, int64_t index, int width) {
    ++reads;
    EXPECT_LE(width, 255);
    return store.Reader()(level, index, width);
  };
  const auto changed =
      ExtendTiles(kEd, 300, {leaves.begin() + 300, leaves.end()}, counting);
  ASSERT_TRUE(changed.ok());
  ASSERT_EQ(changed->size(), 3u);  // 0/1 fills up, 0/2 begins, 1/0 grows
  EXPECT_EQ((*changed)[0].index, 1);
  EXPECT_EQ((*changed)[0].hashes.size(), 256u * 32);
  EXPECT_EQ((*changed)[1].index, 2);
  EXPECT_EQ((*changed)[1].hashes.size(), 88u * 32);
  EXPECT_EQ((*changed)[2].level, 1);
  EXPECT_EQ((*changed)[2].hashes.size(), 2u * 32);
  EXPECT_EQ(reads, 2);
  EXPECT_TRUE(ExtendTiles(kEd, 300, {}, counting).value().empty());
}

TEST(Tiles, ThatAreTooShortOrUnevenAreDataLossWithTheirName) {
  const Hashes leaves = SomeLeaves(kEd, 300);
  TileStore store;
  ASSERT_TRUE(store.Extend(kEd, 0, leaves).ok());
  for (const size_t size :
       {0u, 32u * 43, 32u * 44 - 1, 32u * 44 + 1, 32u * 257}) {
    TileStore bad = store;
    bad.tiles[{0, 1}].resize(size, 'x');
    const auto root = RootAt(kEd, 300, bad.Reader());
    EXPECT_EQ(root.status().code(), StatusCode::kDataLoss) << size;
    EXPECT_NE(root.status().message().find("tile 1 of level 0"),
              std::string::npos);
    EXPECT_EQ(ExtendTiles(kEd, 300, leaves, bad.Reader()).status().code(),
              StatusCode::kDataLoss);
  }
  // More than is asked for does no harm: an older tree is read from tiles that
  // have grown since.
  EXPECT_EQ(RootAt(kEd, 270, store.Reader()).value(),
            RootOf(kEd, {leaves.begin(), leaves.begin() + 270}));
}

TEST(Tiles, AnErrorOfReadingIsPassedOn) {
  const ReadTile broken = [](int, int64_t, int) -> absl::StatusOr<std::string> {
    return absl::UnavailableError("away");
  };
  EXPECT_EQ(RootAt(kEd, 5, broken).status().code(), StatusCode::kUnavailable);
  EXPECT_EQ(ProveInclusion(kEd, 1, 5, broken).status().code(),
            StatusCode::kUnavailable);
  EXPECT_EQ(ProveConsistency(kEd, 1, 5, broken).status().code(),
            StatusCode::kUnavailable);
  EXPECT_EQ(ExtendTiles(kEd, 5, {std::string(32, 'x')}, broken).status().code(),
            StatusCode::kUnavailable);
}

TEST(Tiles, SizesAndIndexesThatCannotBeAreRefused) {
  const TileStore store;
  const ReadTile read = store.Reader();
  EXPECT_EQ(RootAt(kEd, -1, read).status().code(),
            StatusCode::kInvalidArgument);
  const std::pair<int64_t, int64_t> table[] = {
      {0, 0}, {5, 5}, {6, 5}, {-1, 5}, {kMost, kMost}};
  for (const auto& [index, size] : table) {
    EXPECT_EQ(ProveInclusion(kEd, index, size, read).status().code(),
              StatusCode::kInvalidArgument);
  }
  const std::pair<int64_t, int64_t> sizes[] = {
      {0, 5}, {6, 5}, {-1, 5}, {0, 0}, {-5, -4}};
  for (const auto& [old_size, size] : sizes) {
    EXPECT_EQ(ProveConsistency(kEd, old_size, size, read).status().code(),
              StatusCode::kInvalidArgument);
  }
  EXPECT_EQ(ExtendTiles(kEd, -1, {}, read).status().code(),
            StatusCode::kInvalidArgument);
  EXPECT_EQ(
      ExtendTiles(kEd, kMost, {std::string(32, 'x')}, read).status().code(),
      StatusCode::kInvalidArgument);
  for (const size_t size : {0u, 31u, 33u}) {
    EXPECT_EQ(
        ExtendTiles(kEd, 0, {std::string(size, 'x')}, read).status().code(),
        StatusCode::kInvalidArgument);
  }
}

// The largest tree there can be, with the same hash wherever one is asked for:
// no shift and no sum overflows.
TEST(Tiles, OfTheLargestTreeGiveProofs) {
  const ReadTile same = [](int, int64_t index,
                           int width) -> absl::StatusOr<std::string> {
    EXPECT_GE(index, 0);
    EXPECT_GT(width, 0);
    return std::string(static_cast<size_t>(width) * 32, 'x');
  };
  const std::string root = RootAt(kEd, kMost, same).value();
  EXPECT_EQ(root.size(), 32u);
  EXPECT_EQ(ProveInclusion(kEd, 0, kMost, same)->size(), 63u);
  EXPECT_EQ(ProveInclusion(kEd, kMost - 1, kMost, same)->size(), 62u);
  EXPECT_TRUE(ProveConsistency(kEd, kMost, kMost, same)->empty());
  const auto grown = ExtendTiles(kEd, kMost - 1, {std::string(32, 'x')}, same);
  ASSERT_TRUE(grown.ok());
  EXPECT_EQ(grown->size(), 1u);
}

// A tree whose first leaf has 63 siblings on its way.
TEST(Proofs, OfSixtyThreeHashesHoldAndOfMoreDoNot) {
  Hashes proof;
  const std::string leaf = LeafHashOf(kEd, "");
  std::string root = leaf;
  for (int i = 0; i < 63; ++i) {
    proof.push_back(Digest(kEd, {std::string(1, static_cast<char>(i))}));
    root = NodeHash(kEd, root, proof.back());
  }
  EXPECT_TRUE(CheckInclusion(kEd, 0, kMost, leaf, proof, root).ok());
  EXPECT_TRUE(
      CheckInclusion(kEd, 0, (int64_t{1} << 62) + 1, leaf, proof, root).ok());
  proof.push_back(leaf);
  root = NodeHash(kEd, root, leaf);
  for (const int64_t size : {int64_t{1}, int64_t{1} << 62, kMost}) {
    EXPECT_EQ(CheckInclusion(kEd, 0, size, leaf, proof, root).code(),
              StatusCode::kDataLoss);
  }
  proof.resize(100000, leaf);
  EXPECT_EQ(CheckInclusion(kEd, 0, kMost, leaf, proof, root).code(),
            StatusCode::kDataLoss);
  EXPECT_EQ(CheckConsistency(kEd, 5, root, kMost, root, proof).code(),
            StatusCode::kDataLoss);
}

// Every defect of one proof, in turn; `check` says whether what it is given
// holds.
template <typename Check>
void ExpectOnlyItself(const Hashes& proof, const Check& check) {
  EXPECT_TRUE(check(proof).ok());
  for (size_t i = 0; i < proof.size(); ++i) {
    Hashes bad = proof;
    bad[i][i % 32] = static_cast<char>(bad[i][i % 32] ^ 1);
    EXPECT_EQ(check(bad).code(), StatusCode::kDataLoss) << "altered " << i;
    bad = proof;
    bad.erase(bad.begin() + static_cast<int64_t>(i));
    EXPECT_EQ(check(bad).code(), StatusCode::kDataLoss) << "without " << i;
    for (const size_t size : {0u, 31u, 33u, 64u}) {
      bad = proof;
      bad[i].resize(size);
      EXPECT_EQ(check(bad).code(), StatusCode::kInvalidArgument);
    }
    if (i > 0) {
      bad = proof;
      std::swap(bad[i], bad[i - 1]);
      EXPECT_EQ(check(bad).code(), StatusCode::kDataLoss);
    }
  }
  Hashes longer = proof;
  longer.push_back(std::string(32, 'x'));
  EXPECT_EQ(check(longer).code(), StatusCode::kDataLoss);
  longer = proof;
  longer.insert(longer.begin(), std::string(32, 'x'));
  EXPECT_EQ(check(longer).code(), StatusCode::kDataLoss);
}

TEST(Proofs, ThatAreAlteredInAnyPlaceDoNotHold) {
  const Hashes leaves = SomeLeaves(kEd, 37);
  SlowTree slow(kEd, leaves);
  for (const int64_t n : {1, 2, 3, 7, 8, 9, 16, 21, 37}) {
    const std::string root = slow.Root(0, n);
    for (int64_t i = 0; i < n; ++i) {
      const std::string& leaf = leaves[static_cast<size_t>(i)];
      const Hashes path = slow.Path(i, 0, n);
      ExpectOnlyItself(path, [&](const Hashes& proof) {
        return CheckInclusion(kEd, i, n, leaf, proof, root);
      });
      // At another place, with another leaf, against another root.
      for (int64_t j = 0; j < n; ++j) {
        if (j == i) continue;
        EXPECT_EQ(CheckInclusion(kEd, j, n, leaf, path, root).code(),
                  StatusCode::kDataLoss);
        EXPECT_EQ(CheckInclusion(kEd, i, n, leaves[static_cast<size_t>(j)],
                                 path, root)
                      .code(),
                  StatusCode::kDataLoss);
      }
      EXPECT_EQ(
          CheckInclusion(kEd, i, n, leaf, path, std::string(32, 'x')).code(),
          StatusCode::kDataLoss);
    }
    for (int64_t m = 1; m <= n; ++m) {
      const std::string old_root = slow.Root(0, m);
      ExpectOnlyItself(slow.SubProof(m, 0, n, true), [&](const Hashes& proof) {
        return CheckConsistency(kEd, m, old_root, n, root, proof);
      });
      const Hashes proof = slow.SubProof(m, 0, n, true);
      EXPECT_EQ(
          CheckConsistency(kEd, m, std::string(32, 'x'), n, root, proof).code(),
          StatusCode::kDataLoss);
      EXPECT_EQ(
          CheckConsistency(kEd, m, old_root, n, std::string(32, 'x'), proof)
              .code(),
          StatusCode::kDataLoss);
    }
  }
}

TEST(Proofs, AboutWhatCannotBeAreNotChecked) {
  const std::string hash(32, 'x');
  const std::pair<int64_t, int64_t> places[] = {
      {0, 0}, {1, 1}, {8, 8}, {9, 8}, {-1, 8}, {0, -1}, {kMost, kMost}};
  for (const auto& [index, size] : places) {
    EXPECT_EQ(CheckInclusion(kEd, index, size, hash, {}, hash).code(),
              StatusCode::kInvalidArgument)
        << index << " of " << size;
  }
  const std::pair<int64_t, int64_t> sizes[] = {
      {0, 0}, {0, 8}, {9, 8}, {-1, 8}, {1, -1}};
  for (const auto& [old_size, size] : sizes) {
    EXPECT_EQ(CheckConsistency(kEd, old_size, hash, size, hash, {}).code(),
              StatusCode::kInvalidArgument)
        << old_size << " to " << size;
  }
  for (const size_t bytes : {0u, 31u, 33u, 64u}) {
    const std::string bad(bytes, 'x');
    EXPECT_EQ(CheckInclusion(kEd, 0, 1, bad, {}, hash).code(),
              StatusCode::kInvalidArgument);
    EXPECT_EQ(CheckInclusion(kEd, 0, 1, hash, {}, bad).code(),
              StatusCode::kInvalidArgument);
    EXPECT_EQ(CheckInclusion(kEd, 0, 2, hash, {bad}, hash).code(),
              StatusCode::kInvalidArgument);
    EXPECT_EQ(CheckConsistency(kEd, 1, bad, 1, hash, {}).code(),
              StatusCode::kInvalidArgument);
    EXPECT_EQ(CheckConsistency(kEd, 1, hash, 1, bad, {}).code(),
              StatusCode::kInvalidArgument);
    EXPECT_EQ(CheckConsistency(kEd, 1, hash, 2, hash, {bad}).code(),
              StatusCode::kInvalidArgument);
  }
}

// Two trees of one size with different roots: the split view.
TEST(Proofs, OfOneSizeHoldForOneRootAlone) {
  const std::string a(32, 'a');
  const std::string b(32, 'b');
  EXPECT_TRUE(CheckConsistency(kEd, 5, a, 5, a, {}).ok());
  EXPECT_EQ(CheckConsistency(kEd, 5, a, 5, b, {}).code(),
            StatusCode::kDataLoss);
  EXPECT_EQ(CheckConsistency(kEd, 5, a, 5, a, {a}).code(),
            StatusCode::kDataLoss);
}

}  // namespace
}  // namespace gongkai::audit
