// SPDX-License-Identifier: Apache-2.0
// What earlier cases say to a draft: it informs, a person decides.
#include <map>
#include <utility>

#include "services/act/marks.h"
#include "services/act/read_case.h"
#include "services/act/report_fold.h"
#include "services/act/report_reader.h"
#include "services/base/dates.h"
#include "services/base/ids.h"
#include "services/base/status_macros.h"
#include "services/report/advice.h"
#include "services/report/result.h"

namespace gongkai::act {
namespace {

constexpr auth::Access kRead = auth::Access::kReadCase;
constexpr int kMostPrecedents = 10;
constexpr int kMostWarnings = 20;
// Like cases looked at, in place of those that are not shown or not answered.
constexpr int kLookedAt = 40;
// Since the first Regulation came into force.
constexpr absl::CivilDay kSince(2008, 5, 1);

// What the draft says, by the request or by the case itself.
struct Draft {
  v1::Outcome outcome = v1::OUTCOME_UNSPECIFIED;
  std::vector<v1::Ground> grounds;
};

Draft DraftOf(const v1::AdviseDraftRequest& request, const casework::Case& c) {
  Draft draft;
  if (request.outcome() != v1::OUTCOME_UNSPECIFIED ||
      request.grounds_size() > 0) {
    draft.outcome = request.outcome();
    for (const int ground : request.grounds()) {
      draft.grounds.push_back(static_cast<v1::Ground>(ground));
    }
  } else if (c.draft.has_value()) {
    draft = {c.draft->outcome, c.draft->grounds};
  } else {
    draft = {c.outcome, c.grounds};
  }
  return draft;
}

}  // namespace

absl::StatusOr<std::vector<v1::Precedent>> ReportReader::PrecedentsFor(
    const auth::Caller& caller, const std::string& agency,
    const std::string& stream, absl::Time deadline) {
  ASSIGN_OR_RETURN(const std::vector<storage::FoundSimilar> found,
                   parts_.index.Similar(agency, stream, kLookedAt, deadline));
  std::vector<storage::CasePlace> places;
  std::map<std::string, double> scores;
  for (const storage::FoundSimilar& one : found) {
    if (!IsShownTo(caller, one.found.row, kRead)) continue;
    places.push_back({agency, one.found.stream, one.found.number});
    scores[one.found.stream] = one.score;
  }
  ReportFolder folder(parts_.registry, parts_.clock.Now(), deadline);
  std::vector<v1::Precedent> precedents;
  RETURN_IF_ERROR(EachHistory(
      parts_.book, places, absl::InfiniteFuture(), deadline,
      [&](const storage::PastCaseEvents& past) -> absl::Status {
        if (precedents.size() == kMostPrecedents) return absl::OkStatus();
        ASSIGN_OR_RETURN(const report::FoldedCase folded, folder.Fold(past));
        if (!folded.c.facts.reply ||
            !auth::MaySee(caller, MarksOf(folded.c), kRead).ok()) {
          return absl::OkStatus();
        }
        precedents.push_back(
            report::PrecedentOf(folded, scores[past.place.stream]));
        return absl::OkStatus();
      }));
  return precedents;
}

absl::StatusOr<v1::AdviseDraftResponse> ReportReader::AdviseDraft(
    const auth::Caller& caller, const v1::AdviseDraftRequest& request,
    absl::Time deadline) {
  ASSIGN_OR_RETURN(const CaseRef ref, ParseCaseName(request.name()));
  RETURN_IF_ERROR(parts_.recorder.Admit(caller, "AdviseDraft", ref.agency,
                                        ref.number, kRead, deadline));
  ASSIGN_OR_RETURN(
      const ReadCase read,
      OpenForReading(parts_.store, parts_.registry, ref, false, deadline));
  RETURN_IF_ERROR(parts_.recorder.AdmitTo(caller, "AdviseDraft", ref,
                                          MarksOf(read.c), kRead, deadline));
  const Draft draft = DraftOf(request, read.c);
  ASSIGN_OR_RETURN(
      const std::vector<v1::Precedent> precedents,
      PrecedentsFor(caller, ref.agency, read.history.stream, deadline));

  ASSIGN_OR_RETURN(
      const std::vector<storage::CasePlace> places,
      parts_.book.CasesWith({ref.agency}, true, false, kSince,
                            ShanghaiDay(parts_.clock.Now()), deadline));
  ReportFolder folder(parts_.registry, parts_.clock.Now(), deadline);
  std::vector<report::FoldedCase> earlier;
  RETURN_IF_ERROR(EachHistory(
      parts_.book, places, absl::InfiniteFuture(), deadline,
      [&](const storage::PastCaseEvents& past) -> absl::Status {
        ASSIGN_OR_RETURN(report::FoldedCase folded, folder.Fold(past));
        if (past.place.stream != read.history.stream &&
            auth::MaySee(caller, MarksOf(folded.c), kRead).ok()) {
          earlier.push_back(std::move(folded));
        }
        return absl::OkStatus();
      }));

  v1::AdviseDraftResponse response;
  for (const v1::Precedent& one : precedents) {
    *response.add_precedents() = one;
  }
  for (v1::DraftWarning& one :
       report::WarningsOf(draft.outcome, draft.grounds, earlier)) {
    if (response.warnings_size() == kMostWarnings) break;
    *response.add_warnings() = std::move(one);
  }
  response.set_answered_otherwise(
      report::AnsweredOtherwise(draft.outcome, precedents));
  v1::Access access;
  access.set_kind(v1::REPORTED);
  access.set_method("AdviseDraft");
  access.add_cases(ref.number);
  RETURN_IF_ERROR(parts_.recorder.Record(caller, ref.agency, access, deadline));
  return response;
}

}  // namespace gongkai::act
