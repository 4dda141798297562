// SPDX-License-Identifier: Apache-2.0
// Terms of agencies: set, and changed with what they were before (参数变更).
#include <set>

#include "absl/strings/str_cat.h"
#include "services/act/history.h"
#include "services/act/perform.h"
#include "services/act/perform_impl.h"
#include "services/act/terms_of.h"
#include "services/audit/record.h"
#include "services/auth/matrix.h"
#include "services/base/ids.h"
#include "services/base/refusal.h"
#include "services/base/status_macros.h"
#include "services/report/reminding.h"

namespace gongkai::act {
namespace {

absl::Status CheckTerms(const v1::AgencyTerms& terms) {
  std::set<int> outcomes;
  for (const v1::RetentionRow& row : terms.retention_table()) {
    if (!outcomes.insert(row.outcome()).second) {
      return RefuseField("terms.retention_table", "each outcome once",
                         v1::Outcome_Name(row.outcome()));
    }
  }
  return report::CheckReminderTerms(terms);
}

// The event that makes the terms of a stream what is asked for; absent when
// they are that already.
absl::StatusOr<std::optional<v1::Event>> DecideTerms(
    const storage::History& history, const v1::AgencyTerms& terms) {
  RETURN_IF_ERROR(CheckTerms(terms));
  ASSIGN_OR_RETURN(const std::vector<casework::PastEvent> past,
                   Unseal(history.events));
  const std::optional<v1::AgencyTerms> known = LastTerms(past);
  std::optional<v1::Event> event(std::in_place);
  if (!known) {
    *event->mutable_agency_terms_set() = terms;
    return event;
  }
  if (known->SerializeAsString() == terms.SerializeAsString()) {
    return std::optional<v1::Event>();
  }
  v1::AgencyTermsChange& change = *event->mutable_agency_terms_changed();
  *change.mutable_before() = *known;
  *change.mutable_after() = terms;
  return event;
}

}  // namespace

const v1::AgencyTerms* TermsIn(const v1::Event& event) {
  if (event.has_agency_terms_set()) return &event.agency_terms_set();
  if (event.has_agency_terms_changed()) {
    return &event.agency_terms_changed().after();
  }
  return nullptr;
}

std::optional<v1::AgencyTerms> LastTerms(
    const std::vector<casework::PastEvent>& past) {
  std::optional<v1::AgencyTerms> last;
  for (const casework::PastEvent& one : past) {
    const v1::AgencyTerms* terms = TermsIn(one.event);
    if (terms != nullptr) last = *terms;
  }
  return last;
}

absl::Status Performer::SetAgencyTerms(const auth::Caller& caller,
                                       std::string_view agency,
                                       const v1::AgencyTerms& terms,
                                       absl::Time deadline) {
  if (caller.agency != "*" && caller.agency != agency) {
    return Refuse(v1::CAPACITY_MISSING);
  }
  StreamAct act;
  act.caller = &caller;
  act.agency = std::string(agency);
  act.kind = storage::StreamKind::kAgency;
  act.request_id = NewUuid(impl_->clock.Now());
  act.mac = audit::ShortMac(impl_->options.request_key, act.request_id);
  act.actor = ActorOf(caller, v1::RULE_KEEPER);
  act.decide = [&](const storage::History& history) {
    return DecideTerms(history, terms);
  };
  return impl_->Record(act, deadline).status();
}

absl::StatusOr<v1::AgencyTermsResponse> Performer::SetAgencyTerms(
    const auth::Caller& caller, const v1::SetAgencyTermsRequest& request,
    absl::Time deadline) {
  const std::string& agency = request.agency();
  absl::Status status =
      auth::MayAccess(caller, agency, auth::Access::kKeepTerms);
  v1::AgencyTermsResponse response;
  if (status.ok()) {
    StreamAct act;
    act.caller = &caller;
    act.agency = agency;
    act.kind = storage::StreamKind::kAgency;
    act.request_id = request.request_id();
    act.mac = impl_->MacOf(caller, request);
    act.actor = ActorOf(caller, v1::RULE_KEEPER);
    act.decide = [&](const storage::History& history)
        -> absl::StatusOr<std::optional<v1::Event>> {
      // An agency begins on the machine itself, with its first administrators.
      if (history.version == 0) return Refuse(v1::NO_SUCH_AGENCY);
      ASSIGN_OR_RETURN(auto event, DecideTerms(history, request.terms()));
      if (!event) return Refuse(v1::TERMS_UNCHANGED);
      return event;
    };
    const auto streamed = impl_->Record(act, deadline);
    status = streamed.status();
    if (streamed.ok()) {
      *response.mutable_terms() = request.terms();
      response.set_version(streamed->seq);
      return response;
    }
  }
  return impl_->recorder.Refused(
      caller, RefusalFor("SetAgencyTerms", agency, status), deadline);
}

}  // namespace gongkai::act
