// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_REPORT_DOCKETS_H_
#define GONGKAI_SERVICES_REPORT_DOCKETS_H_

#include <optional>
#include <vector>

#include "absl/time/civil_time.h"
#include "gongkai/v1/types.pb.h"
#include "services/casework/case.h"
#include "services/law/facts.h"

// Reviews and lawsuits as they are counted (FMT table 4; 国办公开办函〔2016〕
// 201号).
namespace gongkai::report {

// The groups and cells of table 4, by number.
inline constexpr int kReviewGroup = 1;
inline constexpr int kDirectSuitGroup = 2;
inline constexpr int kSuitAfterReviewGroup = 3;
inline constexpr int kUpheldCell = 1;
inline constexpr int kCorrectedCell = 2;
inline constexpr int kOtherCell = 3;
inline constexpr int kPendingCell = 4;

// The day the agency learned of the docket: of the copy, else of acceptance or
// application.
law::MaybeDay OpenedDay(const law::Docket& docket);

// The day the agency learned how it ended, by which it is counted: a decision
// dated in December that comes in January belongs to the year in which it came,
// or it would be missing in both. Empty while pending.
law::MaybeDay ConcludedDay(const law::Docket& docket);

// The cell of a result of one instance; pending when unspecified. A dismissed
// claim is upheld (reading A33).
int CellOf(v1::RemedyResult result);

// A review, or a lawsuit with its appeal, which are one (reading A32).
struct Remedy {
  int docket = 0;  // 1-based, of the review or the first instance
  int appeal = 0;  // 1-based docket of the second instance; 0 without one
  v1::RemedyKind kind = v1::REMEDY_KIND_UNSPECIFIED;
  int group = 0;  // 0 of a complaint
};

// The remedies of a case by docket; complaints among them.
std::vector<Remedy> RemediesOf(const casework::Case& c);

// How a remedy stood at the end of `day`.
struct RemedyState {
  bool opened = false;
  // The result of the last instance decided; of an appeal that upheld or was
  // withdrawn, that of the first instance, which it left standing. Unspecified
  // while pending.
  v1::RemedyResult result = v1::REMEDY_RESULT_UNSPECIFIED;
  // When the agency learned of that result; empty while pending.
  law::MaybeDay concluded;
  // The docket whose result it is, 1-based; 0 while pending.
  int decisive = 0;
};
// Later than every day of a case: how things stand at last.
inline constexpr absl::CivilDay kEver(9999, 12, 31);

RemedyState StateOf(const casework::Case& c, const Remedy& remedy,
                    absl::CivilDay day);

// Whether it was recorded that the remedy led to something put right.
bool IsRectified(const casework::Case& c, const Remedy& remedy);

// A remedy's place in table 4.
struct DocketCell {
  int docket = 0;
  int group = 0;
  int cell = 0;

  auto operator<=>(const DocketCell&) const = default;
};

// The reviews and lawsuits of the case that were under way in `year`, by how
// they stood at its end. Complaints are not counted.
std::vector<DocketCell> RemedyCells(const casework::Case& c, int year);

}  // namespace gongkai::report

#endif  // GONGKAI_SERVICES_REPORT_DOCKETS_H_
