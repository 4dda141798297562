// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_ACT_RECONCILE_CASE_H_
#define GONGKAI_SERVICES_ACT_RECONCILE_CASE_H_

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "services/act/finding.h"
#include "services/act/persons.h"
#include "services/act/reconcile_numbers.h"
#include "services/act/registry.h"
#include "services/casework/case.h"
#include "storage/scan.h"

namespace gongkai::act {

// Everything that is stored of one stream, in order.
struct StreamRows {
  std::string agency;
  std::optional<storage::StreamRow> row;
  std::vector<storage::StoredEvent> events;
  std::vector<storage::LimitRow> limits;
  std::vector<storage::CaseText> texts;
  std::vector<storage::RequestRow> requests;
  // There are private parts that were not opened: the events lack them.
  bool sealed = false;
};

// Holds a stream against its events. The findings told name no place: their
// taker knows it.
class CaseCheck {
 public:
  CaseCheck(Registry& registry, const std::string& request_key,
            BlindIndex blind_index, const NumberBook& numbers)
      : registry_(registry),
        request_key_(request_key),
        blind_index_(std::move(blind_index)),
        numbers_(numbers) {}

  // An agency's own stream, which comes before its cases: its terms by time.
  void LearnTerms(const std::string& agency, const StreamRows& rows,
                  const std::vector<casework::PastEvent>& past);

  void Check(const StreamRows& rows,
             const std::vector<casework::PastEvent>& past,
             const Findings& tell) const;
  // A stream that is no case has none of a case's rows.
  void CheckOther(const StreamRows& rows, const Findings& tell) const;

 private:
  // Terms of an agency since a moment.
  struct Since {
    absl::Time time;
    v1::AgencyTerms terms;
  };
  // Those that were in force at one of the events, the newest first.
  std::vector<v1::AgencyTerms> TermsDuring(const StreamRows& rows) const;
  void CheckRow(const StreamRows& rows, const casework::Case& c,
                const Findings& tell) const;
  void CheckNumber(const StreamRows& rows,
                   const std::vector<casework::PastEvent>& past,
                   const casework::Case& c, const Findings& tell) const;
  void CheckLimits(const StreamRows& rows, casework::Case c,
                   const Findings& tell) const;
  void CheckText(const StreamRows& rows,
                 const std::vector<casework::PastEvent>& past,
                 const Findings& tell) const;

  Registry& registry_;
  const std::string request_key_;
  const BlindIndex blind_index_;
  const NumberBook& numbers_;
  std::map<std::string, std::vector<Since>> terms_;
};

}  // namespace gongkai::act

#endif  // GONGKAI_SERVICES_ACT_RECONCILE_CASE_H_
