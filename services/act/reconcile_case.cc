// SPDX-License-Identifier: Apache-2.0
#include "services/act/reconcile_case.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/clock.h"
#include "services/act/rows.h"
#include "services/act/terms_of.h"
#include "services/base/dates.h"
#include "services/law/limits.h"

namespace gongkai::act {
namespace {

constexpr absl::Duration kPatience = absl::Seconds(60);

void Tell(const Findings& tell, const std::string& defect) {
  tell({"", "", 0, defect});
}

std::string DayOrDash(const std::optional<absl::CivilDay>& day) {
  return day ? FormatDay(*day) : "-";
}

// `REPLY 1, 2024-03-20 to 2024-04-18, running, first`, by numbers of the
// contract's enums.
std::string LimitsText(const std::vector<storage::LimitRow>& rows) {
  if (rows.empty()) return "none";
  return absl::StrJoin(
      rows, "; ", [](std::string* out, const storage::LimitRow& row) {
        absl::StrAppend(
            out, v1::LimitKind_Name(static_cast<v1::LimitKind>(row.kind)), " ",
            row.ordinal, " of ",
            v1::Whose_Name(static_cast<v1::Whose>(row.whose)), ", ",
            FormatDay(row.start), " to ", DayOrDash(row.due), ", ",
            v1::LimitState_Name(static_cast<v1::LimitState>(row.state)),
            row.provisional ? ", provisional" : "", row.first ? ", first" : "");
      });
}

std::vector<storage::LimitRow> Sorted(std::vector<storage::LimitRow> rows) {
  std::sort(rows.begin(), rows.end(), [](const auto& a, const auto& b) {
    return std::pair(a.kind, a.ordinal) < std::pair(b.kind, b.ordinal);
  });
  return rows;
}

// SameRows looks at as many as the first has.
bool Same(const std::vector<storage::LimitRow>& a,
          const std::vector<storage::LimitRow>& b) {
  return a.size() == b.size() && SameRows(a, b);
}

// What the annual return counts a case by.
void AddReturnColumns(const storage::CaseRow& has, const storage::CaseRow& is,
                      std::vector<const char*>& columns) {
  if (has.finished != is.finished) columns.push_back("finished_date");
  if (has.return_row != is.return_row) columns.push_back("return_row");
  if (has.counted != is.counted) columns.push_back("counted");
  if (has.remedies != is.remedies) columns.push_back("remedies");
  if (has.fees != is.fees) columns.push_back("fees");
}

bool SamePersons(const storage::CaseText& a, storage::CaseText b) {
  std::sort(b.person_keys.begin(), b.person_keys.end(),
            [](const auto& x, const auto& y) {
              return std::tie(x.kind, x.digest) < std::tie(y.kind, y.digest);
            });
  return a.person_keys == b.person_keys;
}

}  // namespace

void CaseCheck::LearnTerms(const std::string& agency, const StreamRows& rows,
                           const std::vector<casework::PastEvent>& past) {
  std::vector<Since>& terms = terms_[agency];
  terms.clear();
  for (size_t i = 0; i < past.size() && i < rows.events.size(); ++i) {
    const v1::AgencyTerms* set = TermsIn(past[i].event);
    if (set != nullptr) terms.push_back({rows.events[i].recorded_time, *set});
  }
}

std::vector<v1::AgencyTerms> CaseCheck::TermsDuring(
    const StreamRows& rows) const {
  const auto known = terms_.find(rows.agency);
  if (known == terms_.end() || known->second.empty()) return {};
  const std::vector<Since>& terms = known->second;
  const absl::Time first = rows.events.front().recorded_time;
  const absl::Time last = rows.events.back().recorded_time;
  std::vector<v1::AgencyTerms> during;
  for (size_t i = terms.size(); i-- > 0;) {
    if (i > 0 && terms[i].time > last) continue;
    during.push_back(terms[i].terms);
    if (terms[i].time <= first) break;
  }
  return during;
}

void CaseCheck::Check(const StreamRows& rows,
                      const std::vector<casework::PastEvent>& past,
                      const Findings& tell) const {
  const casework::Case c = casework::Fold(rows.agency, past);
  CheckNumber(rows, past, c, tell);
  CheckRow(rows, c, tell);
  CheckLimits(rows, c, tell);
  CheckText(rows, past, tell);
}

void CaseCheck::CheckNumber(const StreamRows& rows,
                            const std::vector<casework::PastEvent>& past,
                            const casework::Case& c,
                            const Findings& tell) const {
  if (rows.row->number != c.number) {
    Tell(tell, absl::StrCat("its first record gives it the number ", c.number));
  }
  const v1::Event& first = past.front().event;
  const bool imported =
      first.has_case_imported() ||
      (first.has_received() && !first.received().imported_number().empty());
  if (!imported && numbers_.IsBeyond(rows.agency, c.number)) {
    Tell(tell, "its number was never given by the counter of the year");
  }
}

void CaseCheck::CheckRow(const StreamRows& rows, const casework::Case& c,
                         const Findings& tell) const {
  const storage::CaseRow& has = rows.row->row;
  const storage::CaseRow is =
      RowOf(c, rows.events.back().recorded_time, registry_.rules());
  std::vector<const char*> columns;
  if (has.phase != is.phase) columns.push_back("phase");
  if (has.outcome != is.outcome) columns.push_back("outcome");
  if (has.applicant_kind != is.applicant_kind) {
    columns.push_back("applicant_kind");
  }
  if (has.officer != is.officer) columns.push_back("officer");
  if (has.department != is.department) columns.push_back("department");
  if (has.received != is.received) columns.push_back("received_date");
  if (has.done_time != is.done_time) columns.push_back("done_time");
  if (has.calendar_version != is.calendar_version) {
    columns.push_back("calendar_version");
  }
  if (has.labels != is.labels) columns.push_back("labels");
  if (has.restricted_to != is.restricted_to) {
    columns.push_back("restricted_to");
  }
  if (rows.row->row_version > 0) AddReturnColumns(has, is, columns);
  if (columns.empty()) return;
  Tell(tell, absl::StrCat("its row does not follow from its records: ",
                          absl::StrJoin(columns, ", ")));
}

void CaseCheck::CheckLimits(const StreamRows& rows, casework::Case c,
                            const Findings& tell) const {
  const std::vector<v1::AgencyTerms> during = TermsDuring(rows);
  if (during.empty()) {
    return Tell(tell,
                "its agency has no terms, so its limits follow from "
                "nothing");
  }
  const auto calendar = registry_.CalendarAt(rows.agency, c.calendar_version,
                                             absl::Now() + kPatience);
  if (!calendar.ok()) {
    return Tell(tell, absl::StrCat("the calendar that its last record names "
                                   "cannot be read: ",
                                   calendar.status().message()));
  }
  c.facts.county_agency = during.front().county();
  if (const absl::Status holds = casework::CheckInvariants(c); !holds.ok()) {
    Tell(tell, std::string(holds.message()));
  }
  const absl::CivilDay day = ShanghaiDay(rows.events.back().recorded_time);
  const std::vector<storage::LimitRow> stored = Sorted(rows.limits);
  std::string derived;
  // An event that moves no limit leaves the rows as they were, also when the
  // agency changed its terms before it: any terms since the receipt may stand.
  for (const v1::AgencyTerms& terms : during) {
    c.facts.county_agency = terms.county();
    const std::vector<storage::LimitRow> follow =
        Sorted(LimitRowsOf(law::DeriveLimits(c.facts, registry_.rules(),
                                             *calendar, ToLaw(terms), day)));
    if (Same(stored, follow)) return;
    if (derived.empty()) derived = LimitsText(follow);
  }
  Tell(tell, absl::StrCat("its limits are stored as [", LimitsText(stored),
                          "] and follow from its records as [", derived, "]"));
}

void CaseCheck::CheckText(const StreamRows& rows,
                          const std::vector<casework::PastEvent>& past,
                          const Findings& tell) const {
  if (rows.texts.size() != 1) {
    return Tell(tell, rows.texts.empty()
                          ? "the words that it is searched by are missing"
                          : "the words that it is searched by are there twice");
  }
  const storage::CaseText& has = rows.texts.front();
  if (rows.sealed) return;
  storage::CaseText is = TextOf(past, request_key_, blind_index_);
  std::sort(is.words.begin(), is.words.end());
  std::vector<const char*> columns;
  if (has.arrived != is.arrived) columns.push_back("arrived");
  if (has.applicant_name != is.applicant_name) {
    columns.push_back("applicant_name");
  }
  if (has.content != is.content) columns.push_back("content");
  if (has.words != is.words) columns.push_back("grams");
  if (blind_index_ != nullptr && !SamePersons(has, is)) {
    columns.push_back("persons");
  }
  if (!request_key_.empty()) {
    if (has.applicant_key != is.applicant_key) {
      columns.push_back("applicant_key");
    }
    if (has.content_key != is.content_key) columns.push_back("content_key");
  }
  if (columns.empty()) return;
  Tell(tell,
       absl::StrCat("the words that it is searched by do not follow from its "
                    "records: ",
                    absl::StrJoin(columns, ", ")));
}

void CaseCheck::CheckOther(const StreamRows& rows, const Findings& tell) const {
  const storage::CaseRow& has = rows.row->row;
  const storage::CaseRow none;
  std::vector<const char*> counted;
  AddReturnColumns(has, none, counted);
  if (!rows.row->number.empty() || has.phase != none.phase ||
      has.outcome != none.outcome ||
      has.applicant_kind != none.applicant_kind || !has.officer.empty() ||
      !has.department.empty() || has.received || has.done_time ||
      !has.calendar_version.empty() || !has.labels.empty() ||
      !has.restricted_to.empty() || !counted.empty()) {
    Tell(tell, "it is no case, and its row is a case's");
  }
  if (!rows.limits.empty()) Tell(tell, "it is no case, and there are limits");
  if (!rows.texts.empty()) Tell(tell, "it is no case, and there are words");
}

}  // namespace gongkai::act
