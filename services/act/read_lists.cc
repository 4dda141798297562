// SPDX-License-Identifier: Apache-2.0
// Lists, searches and likeness: rows that the caller may not see are not there.
#include <algorithm>

#include "absl/strings/str_cat.h"
#include "services/act/marks.h"
#include "services/act/pages.h"
#include "services/act/read.h"
#include "services/act/read_case.h"
#include "services/act/rows.h"
#include "services/auth/matrix.h"
#include "services/base/dates.h"
#include "services/base/ids.h"
#include "services/base/refusal.h"
#include "services/base/status_macros.h"
#include "services/base/text.h"

namespace gongkai::act {
namespace {

constexpr int kUsualPage = 50;
constexpr int kUsualSimilar = 10;
// Like cases looked at beyond those asked for, in place of what is not shown.
constexpr int kMoreSimilar = 20;

size_t PageSize(int asked) {
  return static_cast<size_t>(asked == 0 ? kUsualPage : asked);
}

v1::CaseSummary SummaryOf(const storage::FoundCase& found,
                          std::string_view agency,
                          const law::Calendar& calendar, absl::CivilDay today) {
  v1::CaseSummary summary;
  summary.set_name(CaseName(agency, found.number));
  summary.set_number(found.number);
  summary.set_version(found.version);
  summary.set_phase(static_cast<v1::Phase>(found.row.phase));
  if (found.row.received) {
    summary.set_receipt_date(FormatDay(*found.row.received));
  }
  summary.set_officer(found.row.officer);
  summary.set_department(found.row.department);
  summary.set_outcome(static_cast<v1::Outcome>(found.row.outcome));
  summary.set_applicant_kind(
      static_cast<v1::ApplicantKind>(found.row.applicant_kind));
  if (!found.next || !found.next->due) return summary;
  const storage::LimitRow& next = *found.next;
  summary.set_next_limit(static_cast<v1::LimitKind>(next.kind));
  summary.set_next_ordinal(next.ordinal);
  summary.set_next_state(
      *next.due < today ? v1::MISSED : static_cast<v1::LimitState>(next.state));
  summary.set_next_due_date(FormatDay(*next.due));
  summary.set_provisional(next.provisional);
  summary.set_working_days_left(calendar.WorkdaysBetween(today, *next.due));
  return summary;
}

std::optional<absl::CivilDay> MaybeDay(const std::string& text) {
  if (text.empty()) return std::nullopt;
  return DayOf(text);
}

storage::CaseQuery QueryOf(const v1::ListCasesRequest& request) {
  storage::CaseQuery query;
  query.agency = request.agency();
  for (const int phase : request.phases()) query.phases.push_back(phase);
  query.officer = request.officer();
  query.department = request.department();
  query.due_by = MaybeDay(request.due_by_date());
  query.received_from = MaybeDay(request.received_from_date());
  query.received_to = MaybeDay(request.received_to_date());
  query.outcome = request.outcome();
  query.applicant_kind = request.applicant_kind();
  query.open_only = request.open_only();
  switch (request.order()) {
    case v1::ListCasesRequest::DUE:
      query.order = storage::CaseQuery::Order::kDue;
      break;
    case v1::ListCasesRequest::RECEIVED_FIRST:
      query.order = storage::CaseQuery::Order::kReceivedFirst;
      break;
    default:
      query.order = storage::CaseQuery::Order::kNewest;
  }
  return query;
}

// The words by which the phrase index finds `phrase`: its pairs. Latin runs
// and single characters may be parts of longer words, which the index holds
// whole; they are left to the literal comparison.
std::vector<std::string> IndexWords(const std::string& phrase) {
  std::vector<std::string> words;
  for (std::string& word : Bigrams(phrase)) {
    if (static_cast<unsigned char>(word[0]) >= 0x80 && CodePoints(word) == 2) {
      words.push_back(std::move(word));
    }
  }
  return words;
}

// By one thing at a time: a phrase or a number of a person.
absl::Status CheckAskedFor(const v1::SearchCasesRequest& request) {
  const int given = (request.phrase().empty() ? 0 : 1) +
                    (request.identity_number().empty() ? 0 : 1) +
                    (request.telephone().empty() ? 0 : 1);
  if (given == 1) return absl::OkStatus();
  const char* field = given == 0                    ? "phrase"
                      : request.telephone().empty() ? "identity_number"
                                                    : "telephone";
  return RefuseField(
      field, "one of phrase, identity_number and telephone, and no other",
      given == 0 ? "none" : absl::StrCat(given));
}

}  // namespace

absl::StatusOr<v1::ListCasesResponse> Reader::ListCases(
    const auth::Caller& caller, const v1::ListCasesRequest& request,
    absl::Time deadline) {
  constexpr auth::Access kList = auth::Access::kListCases;
  RETURN_IF_ERROR(recorder_.Admit(caller, "ListCases", request.agency(), "",
                                  kList, deadline));
  v1::ListCasesRequest asked = request;
  asked.clear_page_token();
  asked.clear_page_size();
  const std::string bound = "list\n" + asked.SerializeAsString();
  ASSIGN_OR_RETURN(const Place place,
                   ReadToken(token_key_, bound, request.page_token()));
  ASSIGN_OR_RETURN(const auto terms,
                   registry_.Recent(request.agency(), clock_.Now(), deadline));
  v1::ListCasesResponse response;
  storage::CaseQuery query = QueryOf(request);
  const auto departments = auth::DepartmentsFor(caller, kList);
  if (departments.size() == 1) {
    if (query.department.empty()) query.department = departments[0];
    if (query.department != departments[0]) return response;
  }
  const auto fetch = [&](const Place& after, int limit) {
    query.after_key = after.key;
    query.after_stream = after.stream;
    query.limit = limit;
    return index_.List(query, deadline);
  };
  ASSIGN_OR_RETURN(const auto page,
                   TakePage<storage::FoundCase>(
                       place, PageSize(request.page_size()), fetch,
                       [](const storage::FoundCase& one) {
                         return Place{one.key, one.stream};
                       },
                       [&caller](const storage::FoundCase& one) {
                         return IsShownTo(caller, one.row, kList);
                       }));
  const absl::CivilDay today = ShanghaiDay(clock_.Now());
  for (const storage::FoundCase& one : page.rows) {
    *response.add_cases() =
        SummaryOf(one, request.agency(), terms->calendar, today);
  }
  if (page.more) {
    response.set_next_page_token(MakeToken(token_key_, bound, page.end));
  }
  return response;
}

absl::StatusOr<std::vector<storage::FoundText>> Reader::Find(
    const v1::SearchCasesRequest& request, int limit,
    const std::string& after_stream, absl::Time deadline) {
  if (!request.phrase().empty()) {
    return index_.Search(request.agency(), request.phrase(),
                         IndexWords(request.phrase()), limit, after_stream,
                         deadline);
  }
  const bool identity = !request.identity_number().empty();
  const auto key =
      PersonKeyOf(identity ? storage::PersonKeyKind::kIdentityNumber
                           : storage::PersonKeyKind::kTelephone,
                  identity ? request.identity_number() : request.telephone(),
                  personal_.blind_index);
  if (!key) {
    return RefuseField(identity ? "identity_number" : "telephone",
                       "a number with letters or digits");
  }
  return index_.FindByPerson(request.agency(), *key, limit, after_stream,
                             deadline);
}

absl::StatusOr<v1::SearchCasesResponse> Reader::SearchCases(
    const auth::Caller& caller, const v1::SearchCasesRequest& request,
    absl::Time deadline) {
  constexpr auth::Access kSearch = auth::Access::kSearch;
  RETURN_IF_ERROR(recorder_.Admit(caller, "SearchCases", request.agency(), "",
                                  kSearch, deadline));
  RETURN_IF_ERROR(CheckAskedFor(request));
  const std::string bound =
      absl::StrCat("search\n", request.agency(), "\n", request.phrase(), "\n",
                   request.identity_number(), "\n", request.telephone());
  ASSIGN_OR_RETURN(const Place place,
                   ReadToken(token_key_, bound, request.page_token()));
  ASSIGN_OR_RETURN(const auto terms,
                   registry_.Recent(request.agency(), clock_.Now(), deadline));
  ASSIGN_OR_RETURN(const auto page,
                   TakePage<storage::FoundText>(
                       place, PageSize(request.page_size()),
                       [&](const Place& after, int limit) {
                         return Find(request, limit, after.stream, deadline);
                       },
                       [](const storage::FoundText& one) {
                         return Place{"", one.found.stream};
                       },
                       [&caller](const storage::FoundText& one) {
                         return IsShownTo(caller, one.found.row, kSearch);
                       }));
  v1::SearchCasesResponse response;
  v1::Access access;
  access.set_kind(v1::SEARCHED);
  access.set_method("SearchCases");
  const absl::CivilDay today = ShanghaiDay(clock_.Now());
  for (const storage::FoundText& one : page.rows) {
    auto& hit = *response.add_hits();
    *hit.mutable_summary() =
        SummaryOf(one.found, request.agency(), terms->calendar, today);
    hit.set_applicant_name(one.applicant_name);
    hit.set_excerpt(one.excerpt);
    access.add_cases(one.found.number);
  }
  if (page.more) {
    response.set_next_page_token(MakeToken(token_key_, bound, page.end));
  }
  RETURN_IF_ERROR(recorder_.Record(caller, request.agency(), access, deadline));
  return response;
}

absl::StatusOr<v1::ListSimilarCasesResponse> Reader::ListSimilarCases(
    const auth::Caller& caller, const v1::ListSimilarCasesRequest& request,
    absl::Time deadline) {
  constexpr auth::Access kSearch = auth::Access::kSearch;
  ASSIGN_OR_RETURN(const CaseRef ref, ParseCaseName(request.name()));
  ASSIGN_OR_RETURN(const ReadCase read, OpenFor(caller, "ListSimilarCases", ref,
                                                false, kSearch, deadline));
  const int limit = request.limit() == 0 ? kUsualSimilar : request.limit();
  ASSIGN_OR_RETURN(const std::vector<storage::FoundSimilar> found,
                   index_.Similar(ref.agency, read.history.stream,
                                  limit + kMoreSimilar, deadline));
  v1::ListSimilarCasesResponse response;
  v1::Access access;
  access.set_kind(v1::SEARCHED);
  access.set_method("ListSimilarCases");
  for (const storage::FoundSimilar& one : found) {
    if (response.similar_size() == limit) break;
    if (!IsShownTo(caller, one.found.row, kSearch)) continue;
    *response.add_similar() = SimilarOf(ref.agency, one);
    access.add_cases(one.found.number);
  }
  RETURN_IF_ERROR(recorder_.Record(caller, ref.agency, access, deadline));
  return response;
}

}  // namespace gongkai::act
