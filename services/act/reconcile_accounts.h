// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_ACT_RECONCILE_ACCOUNTS_H_
#define GONGKAI_SERVICES_ACT_RECONCILE_ACCOUNTS_H_

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "services/act/finding.h"
#include "services/casework/case.h"
#include "storage/scan.h"

namespace gongkai::act {

// Holds the rows of accounts against the events of their streams. Holds all
// rows of accounts: they are as many as the people who work here.
class AccountCheck {
 public:
  explicit AccountCheck(storage::Scan& scan);

  // The stream of an account. The findings told name no place: their taker
  // knows it.
  void Check(const std::string& agency, const std::string& stream,
             const std::vector<casework::PastEvent>& past,
             const Findings& tell);
  // After all streams: rows that no stream was of.
  void CheckLeft(const Findings& tell) const;

 private:
  // By agency and stream.
  std::map<std::pair<std::string, std::string>,
           std::vector<storage::AccountRow>>
      rows_;
};

}  // namespace gongkai::act

#endif  // GONGKAI_SERVICES_ACT_RECONCILE_ACCOUNTS_H_
