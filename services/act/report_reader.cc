// SPDX-License-Identifier: Apache-2.0
#include "services/act/report_reader.h"

#include <algorithm>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "services/act/pages.h"
#include "services/base/dates.h"
#include "services/base/ids.h"
#include "services/base/refusal.h"
#include "services/base/status_macros.h"
#include "services/report/annual.h"
#include "services/report/editions.h"

namespace gongkai::act {
namespace {

constexpr int kUsualPage = 50;

size_t PageSize(int asked) {
  return static_cast<size_t>(asked == 0 ? kUsualPage : asked);
}

// What binds a token to its query: all of it but where the page begins.
template <typename Request>
std::string Bound(std::string_view method, Request request) {
  request.clear_page_token();
  request.clear_page_size();
  return absl::StrCat(ToAbsl(method), "\n", request.SerializeAsString());
}

// A place in a worklist as the key of a token: the group may hold anything.
std::string KeyText(const WorkKey& key) {
  return absl::StrCat(key.due ? FormatDay(*key.due) : "", "|", key.agency, "|",
                      key.kind, "|", key.ordinal, "|", key.group);
}

std::optional<WorkKey> ReadKey(const Place& place) {
  const std::vector<std::string> parts =
      absl::StrSplit(place.key, absl::MaxSplits('|', 4));
  WorkKey key;
  if (parts.size() != 5 || !absl::SimpleAtoi(parts[2], &key.kind) ||
      !absl::SimpleAtoi(parts[3], &key.ordinal)) {
    return std::nullopt;
  }
  if (!parts[0].empty()) key.due = DayOf(parts[0]);
  key.agency = parts[1];
  key.stream = place.stream;
  key.group = parts[4];
  return key;
}

// What belongs to one agency is not asked of many.
absl::Status CheckAlone(int edition, bool beneath) {
  if (edition == 0 || !beneath) return absl::OkStatus();
  return RefuseField("with_agencies_beneath",
                     "false: editions are filed by one agency", "true");
}

absl::Status CheckCell(const v1::ListReturnCasesRequest& request) {
  if (request.table() == 3) return absl::OkStatus();
  if (request.row() > report::kRemedyGroups) {
    return RefuseField("row", "1 to 3 in table 4", absl::StrCat(request.row()));
  }
  if (request.column() > report::kRemedyCells) {
    return RefuseField("column", "1 to 5 in table 4",
                       absl::StrCat(request.column()));
  }
  return absl::OkStatus();
}

}  // namespace

ReportReader::ReportReader(const Parts& parts)
    : parts_(parts),
      scope_(parts.index, parts.registry, parts.recorder, parts.clock),
      work_(parts.store, parts.book, parts.registry, parts.clock),
      returns_(parts.store, parts.book, parts.registry, parts.clock) {}

absl::StatusOr<absl::CivilDay> ReportReader::AsOf(
    const v1::WorkFilter& filter) const {
  const absl::CivilDay today = work_.Today();
  if (filter.as_of_date().empty()) return today;
  const absl::CivilDay day = DayOf(filter.as_of_date());
  if (day <= today) return day;
  v1::Refusal refusal;
  refusal.set_reason(v1::DATE_IN_FUTURE);
  refusal.set_field("filter.as_of_date");
  refusal.set_got(filter.as_of_date());
  return Refuse(refusal);
}

absl::StatusOr<ReportReach> ReportReader::ReachWork(
    const auth::Caller& caller, std::string_view method,
    const v1::WorkFilter& filter, absl::Time deadline) {
  ReportScope::Ask ask;
  ask.method = method;
  ask.agency = filter.agency();
  ask.beneath = filter.with_agencies_beneath();
  return scope_.Reach(caller, ask, deadline);
}

absl::StatusOr<v1::ListWorkResponse> ReportReader::ListWork(
    const auth::Caller& caller, const v1::ListWorkRequest& request,
    Locale locale, absl::Time deadline) {
  const v1::WorkFilter& filter = request.filter();
  ASSIGN_OR_RETURN(const ReportReach reach,
                   ReachWork(caller, "ListWork", filter, deadline));
  ASSIGN_OR_RETURN(const absl::CivilDay as_of, AsOf(filter));
  // Of "now" a token means the day on which the first page was given.
  const std::string bound =
      absl::StrCat(Bound("ListWork", request), "\n", FormatDay(as_of));
  ASSIGN_OR_RETURN(const Place place,
                   ReadToken(parts_.token_key, bound, request.page_token()));
  ASSIGN_OR_RETURN(const WorkLists::Page page,
                   work_.List({caller, reach, filter, as_of, locale, deadline},
                              request.order(), ReadKey(place),
                              PageSize(request.page_size())));
  v1::ListWorkResponse response;
  response.set_as_of_date(FormatDay(as_of));
  for (const WorkLists::Listed& one : page.items) {
    *response.add_items() = one.item;
  }
  if (page.more) {
    response.set_next_page_token(MakeToken(
        parts_.token_key, bound, {KeyText(page.end), page.end.stream}));
  }
  if (filter.with_agencies_beneath() || as_of < work_.Today()) {
    RETURN_IF_ERROR(
        scope_.Record(caller, "ListWork", filter.agency(), deadline));
  }
  return response;
}

absl::StatusOr<v1::CountWorkResponse> ReportReader::CountWork(
    const auth::Caller& caller, const v1::CountWorkRequest& request,
    absl::Time deadline) {
  const v1::WorkFilter& filter = request.filter();
  ASSIGN_OR_RETURN(const ReportReach reach,
                   ReachWork(caller, "CountWork", filter, deadline));
  ASSIGN_OR_RETURN(const absl::CivilDay as_of, AsOf(filter));
  ASSIGN_OR_RETURN(
      const std::vector<v1::WorkGroup> groups,
      work_.Count({caller, reach, filter, as_of, Locale::kChinese, deadline},
                  request.grouping()));
  v1::CountWorkResponse response;
  response.set_as_of_date(FormatDay(as_of));
  for (const v1::WorkGroup& group : groups) *response.add_groups() = group;
  if (filter.with_agencies_beneath() || as_of < work_.Today()) {
    RETURN_IF_ERROR(
        scope_.Record(caller, "CountWork", filter.agency(), deadline));
  }
  return response;
}

absl::StatusOr<v1::GetReturnResponse> ReportReader::GetReturn(
    const auth::Caller& caller, const v1::GetReturnRequest& request,
    absl::Time deadline) {
  ASSIGN_OR_RETURN(const ReportReach reach,
                   scope_.Reach(caller,
                                {"GetReturn", request.agency(),
                                 request.with_agencies_beneath(),
                                 auth::Access::kReport, true},
                                deadline));
  RETURN_IF_ERROR(
      CheckAlone(request.edition(), request.with_agencies_beneath()));
  RETURN_IF_ERROR(returns_.CheckYear(request.year()));
  v1::GetReturnResponse response;
  ASSIGN_OR_RETURN(
      std::vector<storage::FiledReturn> editions,
      returns_.Editions(request.agency(), request.year(), false, deadline));
  response.set_editions(static_cast<int>(editions.size()));
  if (request.edition() == 0) {
    ASSIGN_OR_RETURN(DrawnReturn drawn,
                     returns_.Draw(request.agency(), reach.agencies,
                                   request.year(), deadline));
    *response.mutable_annual_return() = std::move(drawn.annual_return);
    for (v1::ReturnViolation& one : drawn.violations) {
      *response.add_violations() = std::move(one);
    }
  } else {
    ASSIGN_OR_RETURN(
        const storage::FiledReturn filed,
        Returns::EditionOf(std::move(editions), request.edition()));
    if (!response.mutable_annual_return()->ParseFromString(filed.document)) {
      return absl::DataLossError("a filed return cannot be read");
    }
    response.set_filed_bytes(filed.document);
    response.set_filed_time(FormatInstant(filed.filed_time));
    response.set_filed_by(filed.filed_by);
    for (v1::ReturnViolation& one : report::Check(response.annual_return())) {
      *response.add_violations() = std::move(one);
    }
  }
  for (v1::ReturnViolation& one : *response.mutable_violations()) {
    if (one.cases().empty()) continue;
    RETURN_IF_ERROR(returns_.HideNames(caller, reach.access, one.agency(),
                                       request.year(), {one.mutable_cases()},
                                       deadline));
  }
  RETURN_IF_ERROR(
      scope_.Record(caller, "GetReturn", request.agency(), deadline));
  return response;
}

// One page of the cases behind a cell.
struct ReportReader::CellPage {
  size_t size = 0;
  // Agency, number and docket of the last of the page before.
  std::tuple<std::string, std::string, int> after;
  std::vector<CellCase> cases;
  bool more = false;
};

absl::Status ReportReader::TakeCell(const v1::ListReturnCasesRequest& request,
                                    const ReportReach& reach, CellPage& page,
                                    absl::Time deadline) {
  std::optional<storage::FiledReturn> edition;
  if (request.edition() != 0) {
    ASSIGN_OR_RETURN(
        std::vector<storage::FiledReturn> editions,
        returns_.Editions(request.agency(), request.year(), true, deadline));
    ASSIGN_OR_RETURN(
        edition, Returns::EditionOf(std::move(editions), request.edition()));
  }
  const Returns::Cell cell = {request.table(), request.row(), request.column()};
  ASSIGN_OR_RETURN(
      const std::vector<std::string> agencies,
      returns_.AgenciesWith(reach.agencies, request.year(), cell, deadline));
  for (const std::string& agency : agencies) {
    if (agency < std::get<0>(page.after)) continue;
    ASSIGN_OR_RETURN(std::vector<CellCase> cases,
                     returns_.CasesIn(agency, request.year(), cell,
                                      edition ? &*edition : nullptr, deadline));
    for (CellCase& one : cases) {
      const auto place =
          std::make_tuple(agency, one.number, one.shown.docket());
      if (place <= page.after) continue;
      page.more = page.cases.size() == page.size;
      if (page.more) return absl::OkStatus();
      page.after = place;
      page.cases.push_back(std::move(one));
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<v1::ListReturnCasesResponse> ReportReader::ListReturnCases(
    const auth::Caller& caller, const v1::ListReturnCasesRequest& request,
    absl::Time deadline) {
  ASSIGN_OR_RETURN(const ReportReach reach,
                   scope_.Reach(caller,
                                {"ListReturnCases", request.agency(),
                                 request.with_agencies_beneath(),
                                 auth::Access::kReport, true},
                                deadline));
  RETURN_IF_ERROR(
      CheckAlone(request.edition(), request.with_agencies_beneath()));
  RETURN_IF_ERROR(CheckCell(request));
  RETURN_IF_ERROR(returns_.CheckYear(request.year()));
  const std::string bound = Bound("ListReturnCases", request);
  ASSIGN_OR_RETURN(const Place place,
                   ReadToken(parts_.token_key, bound, request.page_token()));
  CellPage page;
  page.size = PageSize(request.page_size());
  const std::vector<std::string> parts = absl::StrSplit(place.key, '|');
  if (parts.size() == 2) {
    int docket = 0;
    if (!absl::SimpleAtoi(parts[1], &docket)) docket = 0;
    page.after = {parts[0], place.stream, docket};
  }
  RETURN_IF_ERROR(TakeCell(request, reach, page, deadline));
  v1::ListReturnCasesResponse response;
  for (CellCase& one : page.cases) {
    if (auth::MaySee(caller, one.marks, reach.access).ok()) {
      *response.add_cases() = std::move(one.shown);
    } else {
      response.set_hidden(response.hidden() + 1);
    }
  }
  if (page.more) {
    const auto& [agency, number, docket] = page.after;
    response.set_next_page_token(MakeToken(
        parts_.token_key, bound, {absl::StrCat(agency, "|", docket), number}));
  }
  RETURN_IF_ERROR(
      scope_.Record(caller, "ListReturnCases", request.agency(), deadline));
  return response;
}

absl::StatusOr<v1::CompareReturnsResponse> ReportReader::CompareReturns(
    const auth::Caller& caller, const v1::CompareReturnsRequest& request,
    absl::Time deadline) {
  const std::string& agency = request.agency();
  ASSIGN_OR_RETURN(const ReportReach reach,
                   scope_.Reach(caller,
                                {"CompareReturns", agency, false,
                                 auth::Access::kReport, true},
                                deadline));
  RETURN_IF_ERROR(returns_.CheckYear(request.year()));
  ASSIGN_OR_RETURN(const std::vector<storage::FiledReturn> editions,
                   returns_.Editions(agency, request.year(), true, deadline));
  const auto filed = [&editions](int edition) -> absl::StatusOr<DrawnReturn> {
    ASSIGN_OR_RETURN(const storage::FiledReturn one,
                     Returns::EditionOf(editions, edition));
    DrawnReturn drawn;
    if (!drawn.annual_return.ParseFromString(one.document)) {
      return absl::DataLossError("a filed return cannot be read");
    }
    ASSIGN_OR_RETURN(drawn.list, report::ReadList(one.cases));
    return drawn;
  };
  ASSIGN_OR_RETURN(const DrawnReturn before,
                   filed(request.before() == 0 ? -1 : request.before()));
  absl::StatusOr<DrawnReturn> after =
      request.after() == 0
          ? returns_.DrawWithList(agency, request.year(), deadline)
          : filed(request.after());
  if (!after.ok()) return after.status();
  v1::CompareReturnsResponse response;
  Returns::Names names;
  for (v1::ReturnDifference& one :
       report::Compare(before.annual_return, before.list, after->annual_return,
                       after->list, agency)) {
    v1::ReturnDifference& added = *response.add_differences();
    added = std::move(one);
    names.push_back(added.mutable_came());
    names.push_back(added.mutable_went());
  }
  RETURN_IF_ERROR(returns_.HideNames(caller, reach.access, agency,
                                     request.year(), names, deadline));
  RETURN_IF_ERROR(scope_.Record(caller, "CompareReturns", agency, deadline));
  return response;
}

}  // namespace gongkai::act
