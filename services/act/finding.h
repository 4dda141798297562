// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_ACT_FINDING_H_
#define GONGKAI_SERVICES_ACT_FINDING_H_

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace gongkai::act {

// What is wrong with a database, in one place.
struct Finding {
  std::string agency;  // empty: of the log as a whole
  // `case SHGXW-2024-00001`, `stream …`, `access record …`; with an agency and
  // nothing here, of the agency.
  std::string place;
  int64_t seq = 0;     // the record; 0: of the whole place
  std::string defect;  // the sentence, without personal data

  // `SHGXW, case SHGXW-2024-00001, record 3: the record was altered: …`
  std::string ToText() const;
};

// Takes findings one by one; there may be as many as there are rows.
using Findings = std::function<void(const Finding&)>;

// Told from time to time how far a check has come, of `total` of `what`.
using Progress =
    std::function<void(std::string_view what, int64_t done, int64_t total)>;

}  // namespace gongkai::act

#endif  // GONGKAI_SERVICES_ACT_FINDING_H_
