// SPDX-License-Identifier: Apache-2.0
#include "services/act/rows.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "services/act/history.h"
#include "services/audit/record.h"
#include "services/base/dates.h"
#include "services/base/ids.h"
#include "services/base/redact.h"
#include "services/base/status_macros.h"
#include "services/base/text.h"
#include "services/casework/view.h"
#include "services/law/numbers.h"
#include "services/report/result.h"

namespace gongkai::act {
namespace {

// Who applies, and who for him.
void AddPersons(const v1::Person& applicant, const v1::Person& agent,
                std::string_view key, const BlindIndex& index,
                storage::CaseText& text) {
  text.applicant_name = WithoutNumbers(applicant.name());
  // Many earlier registers keep no names: those without one are not one
  // applicant.
  const bool named =
      !applicant.name().empty() || !applicant.identity_number().empty();
  text.applicant_key = named ? ApplicantKey(applicant, key) : "";
  text.person_keys = PersonKeysOf({&applicant, &agent}, index);
}

// Two texts are the same when their words are, in order: blanks, punctuation
// and width do not tell applications apart.
std::string ContentKey(const std::string& content, std::string_view key) {
  std::string canonical = "content";
  for (const std::string& word : Bigrams(content)) {
    absl::StrAppend(&canonical, "\n", word);
  }
  return audit::ShortMac(key, canonical);
}

}  // namespace

storage::CaseRow RowOf(const casework::Case& c, absl::Time recorded_time,
                       const law::Rulebook& rules) {
  storage::CaseRow row;
  row.phase = c.phase;
  row.outcome = c.outcome;
  row.applicant_kind = c.applicant_kind;
  row.officer = c.officer;
  row.department = c.department;
  row.received = c.facts.received;
  if (c.done()) row.done_time = recorded_time;
  row.calendar_version = c.calendar_version;
  row.labels = c.labels;
  row.restricted_to = c.restricted_to;
  if (row.received) row.finished = report::FinishedDay(c);
  row.return_row = report::ResultRow(c, rules);
  row.counted = report::IsCounted(c);
  row.remedies = std::any_of(
      c.facts.dockets.begin(), c.facts.dockets.end(),
      [](const law::Docket& docket) { return docket.kind != v1::COMPLAINT; });
  row.fees = c.facts.fee.has_value();
  return row;
}

absl::StatusOr<storage::CaseRow> RowOf(const std::string& agency,
                                       const storage::History& history,
                                       const law::Rulebook& rules) {
  if (history.events.empty()) {
    return absl::DataLossError("there is a row and no record of it");
  }
  ASSIGN_OR_RETURN(const std::vector<casework::PastEvent> past,
                   Unseal(history.events));
  return RowOf(casework::Fold(agency, past),
               history.events.back().recorded_time, rules);
}

std::vector<storage::LimitRow> LimitRowsOf(
    const std::vector<law::Limit>& limits) {
  const law::Limit* first = casework::FirstDue(limits);
  std::vector<storage::LimitRow> rows;
  for (const law::Limit& limit : limits) {
    if (!limit.live()) continue;
    storage::LimitRow row;
    row.kind = limit.kind;
    row.ordinal = limit.ordinal;
    row.whose = limit.whose;
    // A row outlives the day it was written on: whether the day has passed is
    // for the reader to say.
    row.state = limit.state == v1::SUSPENDED ? v1::SUSPENDED : v1::RUNNING;
    row.start = limit.start;
    row.due = limit.due;
    row.provisional = limit.provisional;
    row.first = &limit == first;
    rows.push_back(row);
  }
  return rows;
}

std::string ApplicantKey(const v1::Person& applicant, std::string_view key) {
  const std::string number = law::NormalizeNumber(applicant.identity_number());
  const std::string who =
      number.empty() ? absl::StrCat("name\n", ToNfc(applicant.name()), "\n",
                                    law::NormalizeNumber(applicant.telephone()))
                     : absl::StrCat("number\n", number);
  return audit::ShortMac(key, who);
}

storage::CaseText TextOf(const std::vector<casework::PastEvent>& history,
                         std::string_view key, const BlindIndex& index) {
  storage::CaseText text;
  const bool erased = std::any_of(history.begin(), history.end(),
                                  [](const casework::PastEvent& past) {
                                    return past.event.erased().words();
                                  });
  for (const casework::PastEvent& past : casework::WithMends(history)) {
    if (past.event.has_received()) {
      const v1::Application& a = past.event.received();
      text.arrived = DayOf(past.event.occurred_date());
      AddPersons(a.applicant(), a.agent(), key, index, text);
      text.content = WithoutNumbers(a.content());
    } else if (past.event.has_case_imported()) {
      const v1::PastCase& imported = past.event.case_imported();
      text.arrived = DayOf(imported.receipt_date());
      AddPersons(imported.applicant(), {}, key, index, text);
      text.content = WithoutNumbers(imported.content());
    } else if (past.event.has_correction_accepted() &&
               !past.event.correction_accepted().content().empty()) {
      text.content = WithoutNumbers(past.event.correction_accepted().content());
    }
  }
  if (erased) return {text.arrived, "", "", {}, "", ""};
  text.words = Bigrams(absl::StrCat(text.applicant_name, "\n", text.content));
  // An earlier register that keeps no words does not ask the same everywhere.
  if (!text.content.empty()) text.content_key = ContentKey(text.content, key);
  return text;
}

v1::SimilarCase SimilarOf(std::string_view agency,
                          const storage::FoundSimilar& found) {
  v1::SimilarCase similar;
  similar.set_name(CaseName(agency, found.found.number));
  similar.set_number(found.found.number);
  if (found.found.row.received) {
    similar.set_receipt_date(FormatDay(*found.found.row.received));
  }
  similar.set_phase(static_cast<v1::Phase>(found.found.row.phase));
  similar.set_outcome(static_cast<v1::Outcome>(found.found.row.outcome));
  similar.set_score(found.score);
  similar.set_same_applicant(found.same_applicant);
  similar.set_content(found.content);
  return similar;
}

bool SameRows(const std::vector<storage::LimitRow>& a,
              const std::vector<storage::LimitRow>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const storage::LimitRow& x, const storage::LimitRow& y) {
                      return x.kind == y.kind && x.ordinal == y.ordinal &&
                             x.whose == y.whose && x.state == y.state &&
                             x.start == y.start && x.due == y.due &&
                             x.provisional == y.provisional &&
                             x.first == y.first;
                    });
}

}  // namespace gongkai::act
