// SPDX-License-Identifier: Apache-2.0
// Every target on its seeds and on mutations of them, the same in every run.
#include "tests/fuzz/fuzz.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

namespace gongkai::fuzz {
namespace {

constexpr int kMutations = 20000;
constexpr size_t kMostBytes = 8192;

std::vector<std::string> SeedsOf(const std::string& target) {
  const char* sources = std::getenv("GONGKAI_SOURCE_DIR");
  const std::filesystem::path folder =
      std::filesystem::path(sources == nullptr ? "." : sources) /
      "tests/fuzz/corpus" / target;
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  std::vector<std::string> seeds;
  for (const auto& file : files) {
    std::ifstream in(file, std::ios::binary);
    seeds.emplace_back(std::istreambuf_iterator<char>(in),
                       std::istreambuf_iterator<char>());
  }
  return seeds;
}

// Changes texts in the ways that find most: bits, bytes, pieces cut, doubled,
// moved in from another seed.
class Mutator {
 public:
  Mutator(std::vector<std::string> seeds, uint64_t seed)
      : seeds_(std::move(seeds)), random_(seed) {}

  std::string Next() {
    std::string text = Seed();
    for (size_t n = 1 + Below(4); n > 0; --n) Change(text);
    text.resize(std::min(text.size(), kMostBytes));
    return text;
  }

 private:
  size_t Below(size_t n) { return n == 0 ? 0 : random_() % n; }
  const std::string& Seed() { return seeds_[Below(seeds_.size())]; }

  void Change(std::string& text) {
    static constexpr char kTelling[] = {'\0', '\1',   '\n',   '\r',
                                        ' ',  '+',    '=',    '0',
                                        '9',  '\x7f', '\x80', '\xff'};
    const size_t at = Below(text.size() + 1);
    const size_t length = Below(1 + Below(40));
    switch (Below(8)) {
      case 0:
        if (at < text.size()) text[at] ^= static_cast<char>(1 << Below(8));
        break;
      case 1:
        if (at < text.size()) text[at] = static_cast<char>(random_());
        break;
      case 2:
        if (at < text.size()) text[at] = kTelling[Below(sizeof kTelling)];
        break;
      case 3:
        text.insert(at, 1, kTelling[Below(sizeof kTelling)]);
        break;
      case 4:
        text.erase(at, length);
        break;
      case 5:
        text.insert(at, text.substr(Below(text.size() + 1), length));
        break;
      case 6: {
        const std::string& other = Seed();
        text.insert(at, other.substr(Below(other.size() + 1), length));
        break;
      }
      default: {
        const std::string& other = Seed();
        text = text.substr(0, at) + other.substr(Below(other.size() + 1));
      }
    }
  }

  std::vector<std::string> seeds_;
  std::mt19937_64 random_;
};

class Fuzz : public testing::TestWithParam<std::string> {};

std::vector<std::string> Names() {
  std::vector<std::string> names;
  for (const auto& [name, target] : Targets()) names.push_back(name);
  return names;
}

TEST_P(Fuzz, SeedsAndMutationsHold) {
  const Target target = Targets().at(GetParam());
  const std::vector<std::string> seeds = SeedsOf(GetParam());
  ASSERT_FALSE(seeds.empty());
  RunOne(target, "");
  for (const std::string& seed : seeds) RunOne(target, seed);
  Mutator mutator(seeds, 20240301);
  for (int i = 0; i < kMutations; ++i) RunOne(target, mutator.Next());
}

INSTANTIATE_TEST_SUITE_P(Targets, Fuzz, testing::ValuesIn(Names()),
                         [](const auto& name) { return name.param; });

}  // namespace
}  // namespace gongkai::fuzz
