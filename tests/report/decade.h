// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_TESTS_REPORT_DECADE_H_
#define GONGKAI_TESTS_REPORT_DECADE_H_

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "services/casework/case.h"
#include "services/report/editions.h"
#include "tests/casework/life.h"

namespace gongkai::report {

inline constexpr int kFirstYear = 2019;
inline constexpr int kLastYear = 2025;

// Random histories of several years and agencies; equal seeds, equal cases.
class Decade {
 public:
  explicit Decade(uint64_t seed) : random_(seed) {}

  int Below(int n) {
    return static_cast<int>(random_() % static_cast<uint64_t>(n));
  }
  bool OneIn(int n) { return Below(n) == 0; }

  // `count` cases of agencies A to D: answered soon, late, years later or
  // never, withdrawn, reopened, with reviews, suits, appeals, complaints.
  std::vector<casework::Case> Cases(int count);

  // The same case as somebody corrected its record: another kind of applicant,
  // outcome, day of sending, or docket.
  void Change(casework::Case& c);

  // A life through lawful acts from a receipt in `year`.
  casework::Life LifeFrom(int year);

 private:
  casework::Case NewCase(int i);
  void Answer(casework::Case& c);
  void AddRemedies(casework::Case& c);
  void Try(casework::Life& life, v1::Capacity capacity, absl::CivilDay day,
           const std::string& act);

  std::mt19937_64 random_;
};

// The return of a year over cases of one agency, and its list.
v1::AnnualReturn DrawUp(const std::string& agency,
                        const std::vector<casework::Case>& cases, int year);
std::vector<Listed> ListOf(const std::string& agency,
                           const std::vector<casework::Case>& cases, int year);

}  // namespace gongkai::report

#endif  // GONGKAI_TESTS_REPORT_DECADE_H_
