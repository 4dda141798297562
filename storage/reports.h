// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_STORAGE_REPORTS_H_
#define GONGKAI_STORAGE_REPORTS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "storage/rows.h"

namespace gongkai::storage {

// A case by its place.
struct CasePlace {
  std::string agency;
  std::string stream;
  std::string number;
};

// Which live limits of agencies a list or a count is about. Absent and empty
// fields ask nothing.
struct WorkQuery {
  std::vector<std::string> agencies;  // at least one
  int whose = 0;                      // v1::Whose
  // v1::LimitKind; none is every kind but ARCHIVE_TRANSFER, which stands in
  // lists only when it is asked for.
  std::vector<int> kinds;
  std::string department;
  std::string officer;
  std::vector<int> phases;
  std::optional<absl::CivilDay> due_by;
  // Limits of these kinds fall away with their last day: none whose last day is
  // before `today` is given.
  std::vector<int> lapsing;
  absl::CivilDay today;
};

// A live limit with its case.
struct WorkRow {
  CasePlace place;
  int64_t version = 0;
  CaseRow row;
  LimitRow limit;
};

// How many live limits of one group end on one day.
struct WorkCount {
  std::string agency;
  std::string department;
  std::string officer;
  std::optional<absl::CivilDay> due;  // none while suspended
  std::vector<std::string> restricted_to;
  std::vector<int> labels;
  int64_t count = 0;
};

// A case as the annual return counts it.
struct ReturnRow {
  CasePlace place;
  CaseRow row;
};

// How many cases of an agency stand alike.
struct ReturnCount {
  enum What { kReceived, kFinished, kOpenAtEnd } what = kReceived;
  std::string agency;
  int applicant_kind = 0;
  int return_row = 0;  // of kFinished
  int64_t count = 0;
};

// The events of one case up to a moment, without their private parts.
struct PastCaseEvents {
  CasePlace place;
  std::vector<StoredEvent> events;
};

// A return as it was filed (ReturnFiling).
struct FiledReturn {
  std::string agency;
  int year = 0;
  int edition = 0;
  int64_t seq = 0;       // of its event in the agency's stream
  std::string document;  // serialized v1::AnnualReturn, as filed
  std::string cases;     // its list of cases, as report/ writes it
  absl::Time filed_time;
  std::string filed_by;  // account
};

// Groups of cases of an agency that ask the same words.
struct SameWords {
  std::string agency;
  std::string stream;
  std::string number;
  std::string content_key;    // 16 bytes: equal for equal words; empty: unknown
  std::string applicant_key;  // 16 bytes: equal for one applicant; likewise
  absl::CivilDay arrived;
};

// What reports read: all cases of agencies, under a role of its own that reads
// and never writes, and that sees every agency it is asked for. Nothing of a
// person is given. It may be served by a replica. Thread-safe. Errors as in
// store.h.
class ReportBook {
 public:
  virtual ~ReportBook() = default;

  // Live limits by (due, agency, stream, kind, ordinal), those without a last
  // day at the end, after the last of the page before.
  struct WorkPlace {
    std::optional<absl::CivilDay> due;
    std::string agency;
    std::string stream;
    int kind = 0;
    int ordinal = 0;
  };
  virtual absl::StatusOr<std::vector<WorkRow>> ListWork(
      const WorkQuery& query, const std::optional<WorkPlace>& after, int limit,
      absl::Time deadline) = 0;
  virtual absl::StatusOr<std::vector<WorkCount>> CountWork(
      const WorkQuery& query, absl::Time deadline) = 0;

  // Cases that may have had a live limit of the agency at `then`: a superset,
  // by agency and stream.
  virtual absl::StatusOr<std::vector<CasePlace>> OpenThen(
      const std::vector<std::string>& agencies, absl::Time then,
      absl::Time deadline) = 0;
  // The events recorded until `until` of cases, in the order of the places; a
  // case without any is left out. At most 1,000 places.
  virtual absl::StatusOr<std::vector<PastCaseEvents>> Histories(
      const std::vector<CasePlace>& places, absl::Time until,
      absl::Time deadline) = 0;

  // The counts of the return of `year`, without sub-cases.
  virtual absl::StatusOr<std::vector<ReturnCount>> CountReturn(
      const std::vector<std::string>& agencies, int year,
      absl::Time deadline) = 0;
  // Every case that is counted in the return of `year`: received by its end and
  // not finished before its beginning. By agency and number, after `after`.
  virtual absl::StatusOr<std::vector<ReturnRow>> ReturnCases(
      const std::vector<std::string>& agencies, int year,
      const std::optional<CasePlace>& after, int limit,
      absl::Time deadline) = 0;
  // Cases with a review or lawsuit, or with a fee, that were received (or,
  // where that is not known, recorded) by `to` and were not done before `from`.
  virtual absl::StatusOr<std::vector<CasePlace>> CasesWith(
      const std::vector<std::string>& agencies, bool remedies, bool fees,
      absl::CivilDay from, absl::CivilDay to, absl::Time deadline) = 0;
  // Cases received (or finished) from `from` to `to`, sub-cases too, in the
  // order of agency, that day and stream.
  virtual absl::StatusOr<std::vector<ReturnRow>> CasesOf(
      const std::vector<std::string>& agencies, bool finished,
      absl::CivilDay from, absl::CivilDay to, absl::Time deadline) = 0;

  // Cases that arrived from `from` to `to`, with the digests of who asked what:
  // only those whose words at least `words` cases share, or whose applicant has
  // at least `applicant` of them; 0 does not ask. Those of erased cases are not
  // among them.
  virtual absl::StatusOr<std::vector<SameWords>> SharedWords(
      const std::vector<std::string>& agencies, absl::CivilDay from,
      absl::CivilDay to, int words, int applicant, absl::Time deadline) = 0;

  // The editions of a year, first to last, by agency; lists only when `whole`.
  // Year 0 is every year.
  virtual absl::StatusOr<std::vector<FiledReturn>> FiledReturns(
      const std::vector<std::string>& agencies, int year, bool whole,
      absl::Time deadline) = 0;
};

}  // namespace gongkai::storage

#endif  // GONGKAI_STORAGE_REPORTS_H_
