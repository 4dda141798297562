// SPDX-License-Identifier: Apache-2.0
#include "services/act/read.h"

#include <algorithm>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "services/act/history.h"
#include "services/act/read_case.h"
#include "services/act/rows.h"
#include "services/audit/record.h"
#include "services/auth/mask.h"
#include "services/auth/matrix.h"
#include "services/base/dates.h"
#include "services/base/ids.h"
#include "services/base/refusal.h"
#include "services/base/status_macros.h"
#include "services/base/text.h"
#include "services/casework/decide.h"
#include "services/casework/view.h"

namespace gongkai::act {
namespace {

constexpr int kUsualPage = 50;
constexpr int kUsualSimilar = 10;
constexpr size_t kMacBytes = 16;

int PageSize(int asked) { return asked == 0 ? kUsualPage : asked; }

// Where a page ended: the order key and the stream of its last row.
struct Place {
  std::string key;
  std::string stream;
};

// A page token is the place under a digest that binds it to its query.
std::string MakeToken(const std::string& mac_key, const std::string& query,
                      const Place& place) {
  const std::string body = absl::StrCat(place.key, "\n", place.stream);
  return absl::WebSafeBase64Escape(
      absl::StrCat(audit::ShortMac(mac_key, query + "\n" + body), body));
}

absl::StatusOr<Place> ReadToken(const std::string& mac_key,
                                const std::string& query,
                                const std::string& token) {
  if (token.empty()) return Place{};
  std::string raw;
  const bool read = absl::WebSafeBase64Unescape(token, &raw);
  const size_t newline = raw.rfind('\n');
  if (read && raw.size() > kMacBytes && newline != std::string::npos &&
      newline >= kMacBytes) {
    const std::string body = raw.substr(kMacBytes);
    if (audit::ShortMac(mac_key, query + "\n" + body) ==
        raw.substr(0, kMacBytes)) {
      return Place{raw.substr(kMacBytes, newline - kMacBytes),
                   raw.substr(newline + 1)};
    }
  }
  return Refuse(v1::PAGE_TOKEN_FOREIGN);
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

storage::CaseQuery QueryOf(const v1::ListCasesRequest& request,
                           const Place& place) {
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
  query.limit = PageSize(request.page_size()) + 1;
  query.after_key = place.key;
  query.after_stream = place.stream;
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

Reader::Reader(storage::Store& store, storage::Index& index,
               storage::JobBook& jobs, Registry& registry,
               AccessRecorder& recorder, Clock& clock, std::string token_key,
               Personal personal)
    : store_(store),
      index_(index),
      jobs_(jobs),
      registry_(registry),
      recorder_(recorder),
      clock_(clock),
      token_key_(std::move(token_key)),
      personal_(std::move(personal)) {}

absl::StatusOr<v1::GetCaseResponse> Reader::GetCase(
    const auth::Caller& caller, const v1::GetCaseRequest& request,
    absl::Time deadline) {
  ASSIGN_OR_RETURN(const CaseRef ref, ParseCaseName(request.name()));
  RETURN_IF_ERROR(recorder_.Admit(caller, "GetCase", ref.agency, ref.number,
                                  auth::Access::kReadCase, deadline));
  ASSIGN_OR_RETURN(const ReadCase read,
                   OpenForReading(store_, registry_, ref, true, deadline));
  RETURN_IF_ERROR(AdmitReveal(recorder_, caller, "GetCase", ref, read.c,
                              request.purpose(), deadline));
  const absl::CivilDay as_of =
      MaybeDay(request.as_of_date()).value_or(ShanghaiDay(clock_.Now()));
  v1::GetCaseResponse response;
  *response.mutable_case_() = casework::ViewOf(
      read.c, read.past, read.LimitsOn(registry_.rules(), as_of),
      registry_.rules(), read.calendar, as_of);
  response.mutable_case_()->set_name(CaseName(ref.agency, ref.number));
  if (request.with_history()) {
    ASSIGN_OR_RETURN(auto events, UnsealForReader(read.history.events));
    for (v1::RecordedEvent& event : events) {
      *response.add_history() = std::move(event);
    }
  }
  const bool whole = request.purpose() != v1::PURPOSE_UNSPECIFIED;
  response.mutable_case_()->set_masked(!whole);
  if (!whole) auth::MaskPersonal(response);
  v1::Access access;
  access.set_kind(v1::READ_CASE);
  access.set_method("GetCase");
  access.add_cases(ref.number);
  access.set_version(read.c.version);
  access.set_purpose(request.purpose());
  RETURN_IF_ERROR(recorder_.Record(caller, ref.agency, access, deadline));
  if (whole && personal_.reveals != nullptr) {
    personal_.reveals->Note(caller, ref.agency, ref.number, clock_.Now());
  }
  return response;
}

absl::StatusOr<v1::ListLawfulActsResponse> Reader::ListLawfulActs(
    const auth::Caller& caller, const v1::ListLawfulActsRequest& request,
    absl::Time deadline) {
  ASSIGN_OR_RETURN(const CaseRef ref, ParseCaseName(request.name()));
  RETURN_IF_ERROR(recorder_.Admit(caller, "ListLawfulActs", ref.agency,
                                  ref.number, auth::Access::kReadCase,
                                  deadline));
  ASSIGN_OR_RETURN(const ReadCase read,
                   OpenForReading(store_, registry_, ref, false, deadline));
  const absl::CivilDay today = ShanghaiDay(clock_.Now());
  const absl::CivilDay day = MaybeDay(request.on_date()).value_or(today);
  casework::Capacities held;
  for (const v1::Capacity c : auth::CapacitiesOf(caller)) held.insert(c);
  const auto limits = read.LimitsOn(registry_.rules(), day);
  v1::ListLawfulActsResponse response;
  for (const casework::Rule& rule : casework::Statute()) {
    v1::Act act;
    const auto* field =
        v1::Act::descriptor()->FindFieldByNumber(static_cast<int>(rule.act));
    act.GetReflection()->MutableMessage(&act, field);
    v1::Actor actor;
    actor.set_account(caller.account);
    actor.set_person(caller.person);
    actor.set_capacity(
        casework::CapacityToUse(act, held).value_or(v1::CAPACITY_UNSPECIFIED));
    const casework::Matter matter{read.c,
                                  read.past,
                                  act,
                                  actor,
                                  day,
                                  today,
                                  registry_.rules(),
                                  read.calendar,
                                  read.terms->terms,
                                  limits};
    *response.add_acts() = casework::JudgeOpenness(rule, matter, held);
  }
  return response;
}

absl::StatusOr<v1::ListCasesResponse> Reader::ListCases(
    const auth::Caller& caller, const v1::ListCasesRequest& request,
    absl::Time deadline) {
  RETURN_IF_ERROR(recorder_.Admit(caller, "ListCases", request.agency(), "",
                                  auth::Access::kListCases, deadline));
  v1::ListCasesRequest asked = request;
  asked.clear_page_token();
  asked.clear_page_size();
  const std::string query = "list\n" + asked.SerializeAsString();
  ASSIGN_OR_RETURN(const Place place,
                   ReadToken(token_key_, query, request.page_token()));
  ASSIGN_OR_RETURN(const auto terms,
                   registry_.Recent(request.agency(), clock_.Now(), deadline));
  ASSIGN_OR_RETURN(std::vector<storage::FoundCase> found,
                   index_.List(QueryOf(request, place), deadline));
  const size_t size = static_cast<size_t>(PageSize(request.page_size()));
  const bool more = found.size() > size;
  if (more) found.resize(size);
  v1::ListCasesResponse response;
  const absl::CivilDay today = ShanghaiDay(clock_.Now());
  for (const storage::FoundCase& one : found) {
    *response.add_cases() =
        SummaryOf(one, request.agency(), terms->calendar, today);
  }
  if (more) {
    response.set_next_page_token(
        MakeToken(token_key_, query, {found.back().key, found.back().stream}));
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
  RETURN_IF_ERROR(recorder_.Admit(caller, "SearchCases", request.agency(), "",
                                  auth::Access::kSearch, deadline));
  RETURN_IF_ERROR(CheckAskedFor(request));
  const std::string query =
      absl::StrCat("search\n", request.agency(), "\n", request.phrase(), "\n",
                   request.identity_number(), "\n", request.telephone());
  ASSIGN_OR_RETURN(const Place place,
                   ReadToken(token_key_, query, request.page_token()));
  ASSIGN_OR_RETURN(const auto terms,
                   registry_.Recent(request.agency(), clock_.Now(), deadline));
  const size_t size = static_cast<size_t>(PageSize(request.page_size()));
  ASSIGN_OR_RETURN(
      std::vector<storage::FoundText> found,
      Find(request, static_cast<int>(size) + 1, place.stream, deadline));
  const bool more = found.size() > size;
  if (more) found.resize(size);
  v1::SearchCasesResponse response;
  v1::Access access;
  access.set_kind(v1::SEARCHED);
  access.set_method("SearchCases");
  const absl::CivilDay today = ShanghaiDay(clock_.Now());
  for (const storage::FoundText& one : found) {
    auto& hit = *response.add_hits();
    *hit.mutable_summary() =
        SummaryOf(one.found, request.agency(), terms->calendar, today);
    hit.set_applicant_name(one.applicant_name);
    hit.set_excerpt(one.excerpt);
    access.add_cases(one.found.number);
  }
  if (more) {
    response.set_next_page_token(
        MakeToken(token_key_, query, {"", found.back().found.stream}));
  }
  RETURN_IF_ERROR(recorder_.Record(caller, request.agency(), access, deadline));
  return response;
}

absl::StatusOr<v1::ListSimilarCasesResponse> Reader::ListSimilarCases(
    const auth::Caller& caller, const v1::ListSimilarCasesRequest& request,
    absl::Time deadline) {
  ASSIGN_OR_RETURN(const CaseRef ref, ParseCaseName(request.name()));
  RETURN_IF_ERROR(recorder_.Admit(caller, "ListSimilarCases", ref.agency,
                                  ref.number, auth::Access::kSearch, deadline));
  ASSIGN_OR_RETURN(const storage::History history,
                   store_.Load(ref.agency, ref.number, "", false, deadline));
  if (history.stream.empty()) return Refuse(v1::NO_SUCH_CASE);
  const int limit = request.limit() == 0 ? kUsualSimilar : request.limit();
  ASSIGN_OR_RETURN(const std::vector<storage::FoundSimilar> found,
                   index_.Similar(ref.agency, history.stream, limit, deadline));
  v1::ListSimilarCasesResponse response;
  v1::Access access;
  access.set_kind(v1::SEARCHED);
  access.set_method("ListSimilarCases");
  for (const storage::FoundSimilar& one : found) {
    *response.add_similar() = SimilarOf(ref.agency, one);
    access.add_cases(one.found.number);
  }
  RETURN_IF_ERROR(recorder_.Record(caller, ref.agency, access, deadline));
  return response;
}

absl::StatusOr<v1::ExplainTimeLimitResponse> Reader::ExplainTimeLimit(
    const auth::Caller& caller, const v1::ExplainTimeLimitRequest& request,
    absl::Time deadline) {
  ASSIGN_OR_RETURN(const CaseRef ref, ParseCaseName(request.name()));
  RETURN_IF_ERROR(recorder_.Admit(caller, "ExplainTimeLimit", ref.agency,
                                  ref.number, auth::Access::kReadCase,
                                  deadline));
  ASSIGN_OR_RETURN(const ReadCase read,
                   OpenForReading(store_, registry_, ref, false, deadline));
  const absl::CivilDay as_of =
      MaybeDay(request.as_of_date()).value_or(ShanghaiDay(clock_.Now()));
  const v1::LimitKind kind =
      request.kind() == v1::LIMIT_KIND_UNSPECIFIED ? v1::REPLY : request.kind();
  const int ordinal = std::max(1, request.ordinal());
  const auto limits = read.LimitsOn(registry_.rules(), as_of);
  const law::Limit* limit = law::FindLimit(limits, kind, ordinal);
  if (limit == nullptr) {
    return RefuseField("kind", "a limit that the case has",
                       v1::LimitKind_Name(kind));
  }
  v1::ExplainTimeLimitResponse response;
  *response.mutable_limit() =
      casework::ViewOfLimit(*limit, read.calendar, as_of);
  for (const law::LedgerLine& line :
       law::ExplainLimit(read.c.facts, registry_.rules(), read.calendar,
                         read.terms->terms, as_of, kind, ordinal)) {
    *response.add_ledger() = casework::ViewOfLine(line);
  }
  return response;
}

}  // namespace gongkai::act
