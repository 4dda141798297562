// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_TESTS_BENCH_WORDS_H_
#define GONGKAI_TESTS_BENCH_WORDS_H_

#include <cstdint>
#include <string>
#include <vector>

// Made-up applications in plausible Chinese, the same for the same number, so
// that a phrase has as many hits in every run.
namespace gongkai::bench {

// What application `n` asks for, 40 to 120 characters.
std::string ContentOf(uint64_t n);

// Name of the applicant of application `n`; no two numbers below ten million
// have the same name.
std::string ApplicantOf(uint64_t n);

// Phrases of two and of four characters that stand in one of some fifty to
// some few hundred contents.
const std::vector<std::string>& TwoCharacterPhrases();
const std::vector<std::string>& FourCharacterPhrases();

}  // namespace gongkai::bench

#endif  // GONGKAI_TESTS_BENCH_WORDS_H_
