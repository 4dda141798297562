// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_ACT_RECONCILE_NUMBERS_H_
#define GONGKAI_SERVICES_ACT_RECONCILE_NUMBERS_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "services/act/finding.h"
#include "storage/scan.h"

namespace gongkai::act {

// The serial numbers of cases, held against the counters that gave them.
class NumberBook {
 public:
  NumberBook(storage::Scan& scan, const Findings& findings);

  // Whether a number of the agency's own form was not given by its counter:
  // then it must have come with an imported case.
  bool IsBeyond(std::string_view agency, std::string_view number) const;

  // Tells of numbers that no case has, and of those that two have.
  void Check() const;

 private:
  using Year = std::pair<std::string, int64_t>;  // agency, year

  // The year and serial number in a number of the form that `agency` gives.
  static std::optional<std::pair<Year, int64_t>> Read(std::string_view agency,
                                                      std::string_view number);
  int64_t LastOf(const Year& year) const;
  void TellMissing(const Year& year, int64_t from, int64_t to) const;

  storage::Scan& scan_;
  const Findings& findings_;
  std::map<Year, int64_t> last_;
};

}  // namespace gongkai::act

#endif  // GONGKAI_SERVICES_ACT_RECONCILE_NUMBERS_H_
