// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_TESTS_BENCH_DICE_H_
#define GONGKAI_TESTS_BENCH_DICE_H_

#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

namespace gongkai::bench {

// Chance by a seed, the same on every machine (SplitMix64).
class Dice {
 public:
  explicit Dice(uint64_t seed) : state_(seed) {}
  // Of its own for each agency and number.
  Dice(uint64_t seed, std::string_view agency, uint64_t n) : state_(seed) {
    for (const char c : agency) {
      state_ = (state_ ^ static_cast<unsigned char>(c)) * 0x100000001b3;
    }
    state_ ^= n * 0x9e3779b97f4a7c15;
    Next();
  }

  uint64_t Next() {
    uint64_t z = (state_ += 0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
  }
  // 0 to n - 1; n is above 0.
  int Below(int n) {
    return static_cast<int>(Next() % static_cast<uint64_t>(n));
  }
  // True in `some` of `all`.
  bool In(int some, int all) { return Below(all) < some; }
  // One of them, by their shares.
  template <typename T>
  T Of(const std::vector<std::pair<T, int>>& shares) {
    int sum = 0;
    for (const auto& [value, share] : shares) sum += share;
    int at = Below(sum);
    for (const auto& [value, share] : shares) {
      if ((at -= share) < 0) return value;
    }
    return shares.front().first;
  }

 private:
  uint64_t state_;
};

}  // namespace gongkai::bench

#endif  // GONGKAI_TESTS_BENCH_DICE_H_
