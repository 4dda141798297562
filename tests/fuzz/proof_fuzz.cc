// SPDX-License-Identifier: Apache-2.0
// Proofs from anywhere: no crash, and what is not the proof does not hold.
#include <string>
#include <vector>

#include "services/audit/merkle.h"
#include "tests/fuzz/fuzz.h"

namespace gongkai::fuzz {
namespace {

using audit::Hashes;
using audit::Suite;

constexpr int64_t kLeaves = 40;
constexpr Suite kSuite = Suite::kSha256Ed25519;

// A tree of a few leaves, small enough for one tile.
const std::string& Leaves() {
  static const auto* const leaves = [] {
    auto* made = new std::string;
    for (int64_t i = 0; i < kLeaves; ++i) {
      *made += audit::LeafHashOf(kSuite, std::to_string(i));
    }
    return made;
  }();
  return *leaves;
}

absl::StatusOr<std::string> ReadTile(int, int64_t, int) { return Leaves(); }

std::string LeafAt(int64_t index) {
  return Leaves().substr(static_cast<size_t>(index) * 32, 32);
}

Hashes TakeHashes(Bytes& bytes) {
  Hashes hashes;
  for (int n = bytes.Byte() % 70; n > 0; --n) {
    hashes.emplace_back(bytes.Text(32));
  }
  return hashes;
}

// Numbers, roots and proofs as they come.
void FuzzRaw(Bytes bytes) {
  const auto suite = bytes.Byte() % 2 == 0 ? kSuite : Suite::kSm3Sm2;
  const auto a = static_cast<int64_t>(bytes.Number());
  const auto b = static_cast<int64_t>(bytes.Number());
  const std::string first(bytes.Text(32));
  const std::string second(bytes.Text(32));
  const Hashes proof = TakeHashes(bytes);
  RequireExpected(audit::CheckInclusion(suite, a, b, first, proof, second));
  RequireExpected(audit::CheckConsistency(suite, a, first, b, second, proof));
}

// Changes one thing in a proof; false when nothing changed.
bool Spoil(Bytes& bytes, Hashes& proof) {
  const uint8_t how = bytes.Byte();
  const size_t at = proof.empty() ? 0 : bytes.Byte() % proof.size();
  if (how % 3 == 0 || proof.empty()) {
    proof.insert(proof.begin() + static_cast<int64_t>(at),
                 std::string(32, 'x'));
  } else if (how % 3 == 1) {
    proof.erase(proof.begin() + static_cast<int64_t>(at));
  } else {
    const auto change = static_cast<char>(bytes.Byte());
    proof[at][bytes.Byte() % 32] ^= change;
    return change != 0;
  }
  return true;
}

// Proofs made by the tree, then spoiled.
void FuzzSpoiled(Bytes bytes) {
  const int64_t size = 1 + bytes.Byte() % kLeaves;
  const int64_t index = bytes.Byte() % size;
  const std::string root = audit::RootAt(kSuite, size, ReadTile).value();
  Hashes proof = audit::ProveInclusion(kSuite, index, size, ReadTile).value();
  const auto inclusion = [&] {
    return audit::CheckInclusion(kSuite, index, size, LeafAt(index), proof,
                                 root);
  };
  Require(inclusion().ok(), "a proof of the tree");
  if (Spoil(bytes, proof)) Require(!inclusion().ok(), "a spoiled proof");

  const int64_t old_size = index + 1;
  const std::string old_root =
      audit::RootAt(kSuite, old_size, ReadTile).value();
  Hashes growth =
      audit::ProveConsistency(kSuite, old_size, size, ReadTile).value();
  const auto consistency = [&] {
    return audit::CheckConsistency(kSuite, old_size, old_root, size, root,
                                   growth);
  };
  Require(consistency().ok(), "a proof of growth");
  if (Spoil(bytes, growth)) Require(!consistency().ok(), "a spoiled growth");
}

GONGKAI_FUZZ(proof) {
  FuzzRaw(Bytes(input));
  FuzzSpoiled(Bytes(input));
}

}  // namespace
}  // namespace gongkai::fuzz
