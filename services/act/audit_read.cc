// SPDX-License-Identifier: Apache-2.0
#include "services/act/audit_read.h"

#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "services/act/history.h"
#include "services/act/marks.h"
#include "services/act/terms_of.h"
#include "services/audit/record.h"
#include "services/audit/suite.h"
#include "services/auth/mask.h"
#include "services/base/dates.h"
#include "services/base/ids.h"
#include "services/base/refusal.h"
#include "services/base/status_macros.h"
#include "services/casework/view.h"

namespace gongkai::act {
namespace {

constexpr int kMostAccesses = 1000;

absl::StatusOr<absl::Time> MomentOf(const v1::GetCaseTrailRequest& request,
                                    absl::Time now) {
  if (request.as_of_time().empty()) return now;
  const auto moment = ParseInstant(request.as_of_time());
  if (!moment.ok() || *moment > now) {
    return RefuseField("as_of_time",
                       "an instant of the past as 2024-02-29T08:00:00Z");
  }
  return *moment;
}

absl::StatusOr<v1::CaseAccess> ReadAccess(std::string_view bytes) {
  ASSIGN_OR_RETURN(const audit::Record record, audit::Decode(bytes));
  v1::Event event;
  if (!event.ParseFromString(record.public_body) || !event.has_accessed()) {
    return absl::DataLossError("a record of access cannot be read");
  }
  v1::CaseAccess access;
  access.set_recorded_time(FormatInstant(record.recorded_time));
  *access.mutable_actor() = record.actor;
  *access.mutable_access() = event.accessed();
  return access;
}

}  // namespace

absl::StatusOr<v1::AgencyTerms> AuditReader::TermsUntil(std::string_view agency,
                                                        absl::Time until,
                                                        absl::Time deadline) {
  ASSIGN_OR_RETURN(
      storage::History history,
      from_.store.LoadStream(
          agency, storage::WellKnownStream(storage::StreamKind::kAgency), "",
          false, deadline));
  KeepUntil(until, history);
  ASSIGN_OR_RETURN(const auto past, Unseal(history.events));
  const std::optional<v1::AgencyTerms> terms = LastTerms(past);
  if (!terms) return Refuse(v1::NO_SUCH_AGENCY);
  return *terms;
}

absl::StatusOr<v1::GetCaseTrailResponse> AuditReader::GetCaseTrail(
    const auth::Caller& caller, const v1::GetCaseTrailRequest& request,
    absl::Time deadline) {
  ASSIGN_OR_RETURN(const CaseRef ref, ParseCaseName(request.name()));
  RETURN_IF_ERROR(from_.recorder.Admit(caller, "GetCaseTrail", ref.agency,
                                       ref.number, auth::Access::kReadTrail,
                                       deadline));
  ASSIGN_OR_RETURN(const absl::Time until,
                   MomentOf(request, from_.clock.Now()));
  ASSIGN_OR_RETURN(
      storage::History history,
      from_.store.Load(ref.agency, ref.number, "", true, deadline));
  if (history.events.empty()) return Refuse(v1::NO_SUCH_CASE);
  ASSIGN_OR_RETURN(auto past, Unseal(history.events));
  // Who may see it is decided by how the case stands now.
  const casework::Case present = casework::Fold(ref.agency, past);
  RETURN_IF_ERROR(from_.recorder.AdmitTo(caller, "GetCaseTrail", ref,
                                         MarksOf(present),
                                         auth::Access::kReadTrail, deadline));
  RETURN_IF_ERROR(AdmitReveal(from_.recorder, caller, "GetCaseTrail", ref,
                              present, request.purpose(), deadline));
  KeepUntil(until, history);
  if (history.events.empty()) return Refuse(v1::NO_SUCH_CASE);
  past.resize(history.events.size());
  casework::Case c = casework::Fold(ref.agency, past);
  ASSIGN_OR_RETURN(const v1::AgencyTerms terms,
                   TermsUntil(ref.agency, until, deadline));
  c.facts.county_agency = terms.county();
  ASSIGN_OR_RETURN(
      const law::Calendar calendar,
      from_.registry.CalendarAt(ref.agency, c.calendar_version, deadline));
  const absl::CivilDay as_of = ShanghaiDay(until);
  const law::Rulebook& rules = from_.registry.rules();
  v1::GetCaseTrailResponse response;
  *response.mutable_case_() = casework::ViewOf(
      c, past, law::DeriveLimits(c.facts, rules, calendar, ToLaw(terms), as_of),
      rules, calendar, as_of);
  response.mutable_case_()->set_name(CaseName(ref.agency, ref.number));
  ASSIGN_OR_RETURN(auto events, UnsealForReader(history.events));
  for (v1::RecordedEvent& event : events) {
    *response.add_history() = std::move(event);
  }
  ASSIGN_OR_RETURN(const auto accesses,
                   from_.accesses.AccessesOf(ref.agency, ref.number, until,
                                             kMostAccesses, deadline));
  for (const std::string& record : accesses) {
    ASSIGN_OR_RETURN(*response.add_accesses(), ReadAccess(record));
  }

  const bool whole = request.purpose() != v1::PURPOSE_UNSPECIFIED;
  response.mutable_case_()->set_masked(!whole);
  if (!whole) auth::MaskPersonal(response);

  v1::Access access;
  access.set_kind(v1::READ_TRAIL);
  access.set_method("GetCaseTrail");
  access.add_cases(ref.number);
  access.set_version(c.version);
  access.set_purpose(request.purpose());
  RETURN_IF_ERROR(from_.recorder.Record(caller, ref.agency, access, deadline));
  if (whole && from_.reveals != nullptr) {
    from_.reveals->Note(caller, ref.agency, ref.number, from_.clock.Now());
  }
  return response;
}

absl::StatusOr<v1::GetLogStateResponse> AuditReader::GetLogState(
    const auth::Caller& caller, const v1::GetLogStateRequest&,
    absl::Time deadline) {
  RETURN_IF_ERROR(from_.recorder.Admit(caller, "GetLogState", "", "",
                                       auth::Access::kReadLog, deadline));
  ASSIGN_OR_RETURN(const storage::LogIdentity log,
                   from_.registry.Log(deadline));
  ASSIGN_OR_RETURN(const audit::Suite suite, audit::SuiteNumbered(log.suite));
  ASSIGN_OR_RETURN(const storage::TreeHead head, from_.log.Head(deadline));
  ASSIGN_OR_RETURN(const storage::LogHealth health,
                   from_.proofs.Health(deadline));
  ASSIGN_OR_RETURN(const auto checkpoint,
                   from_.proofs.NewestCheckpoint(0, deadline));
  v1::GetLogStateResponse response;
  response.set_origin(log.origin);
  response.set_suite(std::string(audit::SuiteName(suite)));
  response.set_size(head.size);
  response.set_root(absl::BytesToHexString(head.root));
  if (checkpoint) response.set_checkpoint(checkpoint->note);
  response.set_signed_size(health.signed_size);
  response.set_anchored_size(health.anchored_size);
  if (health.anchored_time) {
    response.set_anchored_time(FormatInstant(*health.anchored_time));
  }
  if (health.unanchored_since) {
    response.set_unanchored_seconds(std::max(
        0.0,
        absl::ToDoubleSeconds(from_.clock.Now() - *health.unanchored_since)));
  }
  if (from_.fork) {
    if (const auto fork = from_.fork(); fork.has_value()) {
      response.set_forked(true);
      *response.mutable_fork() = *fork;
    }
  }
  return response;
}

}  // namespace gongkai::act
