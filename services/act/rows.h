// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_ACT_ROWS_H_
#define GONGKAI_SERVICES_ACT_ROWS_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "gongkai/v1/case.pb.h"
#include "gongkai/v1/person.pb.h"
#include "services/act/persons.h"
#include "services/casework/case.h"
#include "services/law/limits.h"
#include "services/law/rulebook.h"
#include "storage/store.h"

// The rows that a case is searched by, made from the fold and nothing else.
namespace gongkai::act {

// `rules` say in which row of the annual return the result is counted.
storage::CaseRow RowOf(const casework::Case& c, absl::Time recorded_time,
                       const law::Rulebook& rules);

// The row that the events of a whole history make, with or without their
// private parts. DATA_LOSS when there are none or one cannot be read.
absl::StatusOr<storage::CaseRow> RowOf(const std::string& agency,
                                       const storage::History& history,
                                       const law::Rulebook& rules);

// The live limits, the agency's first one marked.
std::vector<storage::LimitRow> LimitRowsOf(
    const std::vector<law::Limit>& limits);

// The words of the case, without the numbers by which people are found
// (WithoutNumbers), and the digests by which `index` finds them. `history` must
// have its private parts.
storage::CaseText TextOf(const std::vector<casework::PastEvent>& history,
                         std::string_view key, const BlindIndex& index = {});

// Keyed digest of who applies: the identity number, else name and telephone.
std::string ApplicantKey(const v1::Person& applicant, std::string_view key);

// A like case for a reader.
v1::SimilarCase SimilarOf(std::string_view agency,
                          const storage::FoundSimilar& found);

bool SameRows(const std::vector<storage::LimitRow>& a,
              const std::vector<storage::LimitRow>& b);

}  // namespace gongkai::act

#endif  // GONGKAI_SERVICES_ACT_ROWS_H_
