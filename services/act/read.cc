// SPDX-License-Identifier: Apache-2.0
#include "services/act/read.h"

#include <algorithm>

#include "services/act/history.h"
#include "services/act/marks.h"
#include "services/act/read_case.h"
#include "services/auth/mask.h"
#include "services/auth/matrix.h"
#include "services/base/dates.h"
#include "services/base/ids.h"
#include "services/base/refusal.h"
#include "services/base/status_macros.h"
#include "services/casework/decide.h"
#include "services/casework/view.h"

namespace gongkai::act {
namespace {

std::optional<absl::CivilDay> MaybeDay(const std::string& text) {
  if (text.empty()) return std::nullopt;
  return DayOf(text);
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

absl::StatusOr<ReadCase> Reader::OpenFor(const auth::Caller& caller,
                                         std::string_view method,
                                         const CaseRef& ref, bool with_private,
                                         auth::Access access,
                                         absl::Time deadline) {
  RETURN_IF_ERROR(recorder_.Admit(caller, method, ref.agency, ref.number,
                                  access, deadline));
  ASSIGN_OR_RETURN(ReadCase read, OpenForReading(store_, registry_, ref,
                                                 with_private, deadline));
  RETURN_IF_ERROR(recorder_.AdmitTo(caller, method, ref, MarksOf(read.c),
                                    access, deadline));
  return read;
}

absl::StatusOr<v1::GetCaseResponse> Reader::GetCase(
    const auth::Caller& caller, const v1::GetCaseRequest& request,
    absl::Time deadline) {
  ASSIGN_OR_RETURN(const CaseRef ref, ParseCaseName(request.name()));
  ASSIGN_OR_RETURN(
      const ReadCase read,
      OpenFor(caller, "GetCase", ref, true, auth::Access::kReadCase, deadline));
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
  ASSIGN_OR_RETURN(const ReadCase read,
                   OpenFor(caller, "ListLawfulActs", ref, false,
                           auth::Access::kReadCase, deadline));
  const absl::CivilDay today = ShanghaiDay(clock_.Now());
  const absl::CivilDay day = MaybeDay(request.on_date()).value_or(today);
  casework::Capacities held;
  for (const v1::Capacity c : auth::CapacitiesOn(caller, MarksOf(read.c))) {
    held.insert(c);
  }
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

absl::StatusOr<v1::ExplainTimeLimitResponse> Reader::ExplainTimeLimit(
    const auth::Caller& caller, const v1::ExplainTimeLimitRequest& request,
    absl::Time deadline) {
  ASSIGN_OR_RETURN(const CaseRef ref, ParseCaseName(request.name()));
  ASSIGN_OR_RETURN(const ReadCase read,
                   OpenFor(caller, "ExplainTimeLimit", ref, false,
                           auth::Access::kReadCase, deadline));
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

absl::StatusOr<v1::GetProgressResponse> Reader::GetProgress(
    const auth::Caller& caller, const v1::GetProgressRequest& request,
    absl::Time deadline) {
  ASSIGN_OR_RETURN(const CaseRef ref, ParseCaseName(request.name()));
  ASSIGN_OR_RETURN(const ReadCase read,
                   OpenFor(caller, "GetProgress", ref, false,
                           auth::Access::kReadProgress, deadline));
  const auto day = [](law::MaybeDay d) { return d ? FormatDay(*d) : ""; };
  v1::GetProgressResponse response;
  response.set_number(read.c.number);
  response.set_phase(read.c.phase);
  response.set_receipt_date(day(read.c.facts.received));
  if (read.c.facts.reply) {
    response.set_dispatched_date(FormatDay(read.c.facts.reply->dispatched));
  }
  const auto limits =
      read.LimitsOn(registry_.rules(), ShanghaiDay(clock_.Now()));
  const law::Limit* reply = law::FindLimit(limits, v1::REPLY);
  if (reply == nullptr) return response;
  response.set_reply_due_date(day(reply->due));
  response.set_reply_state(reply->state);
  return response;
}

}  // namespace gongkai::act
